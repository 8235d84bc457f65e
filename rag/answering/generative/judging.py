"""Decides on each sentence of a reply: accepted with its passages, or refused with the reason.

A sentence needs passages that were offered, that bear it out, in the reader's language. Nothing here
trusts the model: markers are claims to be checked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.generative.instructions import reads_as_instruction
from rag.answering.generative.material import LANGUAGE_NAMES, Material, Source
from rag.answering.generative.reading import Drafted
from rag.domain.answers import Support, Verdict
from rag.domain.ports import LanguageIdentifier, Verifier
from rag.domain.sentences import split_sentences

FEWEST_WORDS = 3
"""Of two letters or more; debris between markers has fewer."""
LEAST_PARTIAL_SCORE = 0.5
"""Below it a sentence in part borne out is more the model's than the texts': it is not even shown marked."""
LONGEST_SENTENCE = 600
"""Characters; the longest sentence of the built-in texts that reads as one has about as many."""
FEWEST_WORDS_TO_TELL_LANGUAGE = 5
"""Shorter sentences, full of names and numbers, are too often taken for another language."""
_ADDRESS = re.compile(r"\bhttps?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)
_MARKUP = re.compile(r"<\s*/?\s*[a-z!][^>]*>|!?\[[^\]]*\]\([^)]*\)|\bjavascript:|\bdata:\w+/", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_DIGITS = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A sentence borne out, and the numbers of the passages that do it."""

    text: str
    numbers: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Refused:
    """A sentence that may not be shown. `hopeless`: it is not worth a repair."""

    text: str
    reason: str
    hopeless: bool = False


class Judge:
    """Checks sentences against the material; safe to share between threads."""

    def __init__(self, verifier: Verifier, languages: LanguageIdentifier) -> None:
        self._verifier = verifier
        self._languages = languages

    def judged(self, sentence: Drafted, material: Material, language: str) -> Accepted | Refused:
        text = sentence.text
        if unfit := self._unfit(text, material, language):
            return unfit
        cited = [source for source in material if source.citation.number in sentence.numbers]
        if cited:
            return self._borne_out(text, cited)
        # No marker, or only invented ones: a passage that says just this may be found without it.
        for source in material:
            found = self._borne_out(text, [source])
            if isinstance(found, Accepted) and found.support is Support.FULL:
                return found
        return Refused(text, "it does not name a passage that was given and that says this")

    def _unfit(self, text: str, material: Material, language: str) -> Refused | None:
        """What disqualifies a sentence before its passages are read."""
        if reads_as_instruction(text) or _MARKUP.search(text):
            return Refused(text, "it is not about the texts", hopeless=True)
        if len(_WORD.findall(text)) < FEWEST_WORDS:
            return Refused(text, "it is not a sentence", hopeless=True)
        if len(text) > LONGEST_SENTENCE:
            return Refused(text[:LONGEST_SENTENCE], "it is too long for one sentence", hopeless=True)
        words = " ".join(part for source in material for part in source.evidence)
        if any(address.group().rstrip(".,;)") not in words for address in _ADDRESS.finditer(text)):
            return Refused(text, "it holds an address that the passages do not", hopeless=True)
        if self._is_in_another_language(text, language):
            return Refused(text, f"it is not in {LANGUAGE_NAMES.get(language, language)}")
        return None

    def _is_in_another_language(self, text: str, language: str) -> bool:
        if len(text.split()) < FEWEST_WORDS_TO_TELL_LANGUAGE:
            return False
        return self._languages.identify(text) not in (language, "unknown")

    def _borne_out(self, text: str, cited: Sequence[Source]) -> Accepted | Refused:
        alone = [source for source in cited if self._verify(text, [source]).support is Support.FULL]
        verdict = Verdict(Support.FULL, 1.0) if alone else self._verify(text, cited)
        relied_on = alone or list(cited)
        if verdict.support is Support.NONE:
            return Refused(text, "; ".join(verdict.reasons) or "the passages named do not say this")
        if verdict.support is Support.PARTIAL and verdict.score < LEAST_PARTIAL_SCORE:
            return Refused(text, "; ".join(verdict.reasons) or "the passages named say too little of this")
        if verdict.support is Support.PARTIAL and (unsaid := unsaid_numbers(text, relied_on)):
            return Refused(text, f"the passages named do not have the number {', '.join(unsaid)}")
        if not numbers_stand_together(text, relied_on):
            return Refused(text, "it joins numbers that stand in different sentences")
        return Accepted(text, _numbers_of(relied_on), verdict.support)

    def _verify(self, text: str, cited: Sequence[Source]) -> Verdict:
        return self._verifier.verify(text, [part for source in cited for part in source.evidence])


def unsaid_numbers(text: str, cited: Sequence[Source]) -> tuple[str, ...]:
    """Numbers in digits that none of the passages has, however grouped (725 000, 725.000, 725,000)."""
    said = set[str]().union(*(_numbers_in(part) for source in cited for part in source.evidence))
    return tuple(number for number in _DIGITS.findall(text) if _bare(number) not in said)


def numbers_stand_together(text: str, cited: Sequence[Source]) -> bool:
    """Whether one sentence of one passage has all the numbers of the text that the passages have at all.

    A figure of one sentence and the year of the next are two facts, and no passage joins them.
    """
    by_sentence = [
        _numbers_in(part[start:end])
        for source in cited
        for part in source.evidence
        for start, end in split_sentences(part)
    ]
    shared = _numbers_in(text) & set[str]().union(*by_sentence)
    return not shared or any(shared <= said for said in by_sentence)


def _numbers_in(text: str) -> set[str]:
    return {_bare(number) for number in _DIGITS.findall(text)}


def _bare(number: str) -> str:
    return re.sub(r"\D", "", number)


def _numbers_of(sources: Sequence[Source]) -> tuple[int, ...]:
    return tuple(source.citation.number for source in sources)
