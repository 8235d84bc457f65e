"""Mends words that are misspelt by one letter, where a question finds no answer as it was written.

A word is misspelt if it stands in no text or translation of the library and is rare among the questions known,
which people misspelt too, and if one is known that differs by a letter left out, put in or swapped with its
neighbour (after Norvig, 2007, "How to Write a Spelling Corrector"). Unsure by nature: it is tried only
where the texts would be said to be silent, and the person sees how the question was understood.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain.ports import EnrichedLibrary

SHORTEST, SHORT, LONGEST = 3, 4, 30
"""Letters of a word that is mended. A short one has many neighbours: it is put right only if it has no capital,
and only by a word of every day ("hvd", "mny")."""
OFTEN = 300
"""Times that a word of every day occurs."""
RARELY = 100
"""A word that is only asked, never told, is misspelt if another occurs that many times as often."""
FEWEST = 3
"""Times that a word must occur among the questions known, or one put in another's place at all."""
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyzæøåéëïöüè"


@dataclass(frozen=True, slots=True)
class _Words:
    by_language: dict[str, Counter[str]]
    told: frozenset[str]
    """In texts of any language: names and borrowed words are not misspelt."""
    asked: Counter[str]
    """In questions, in all languages together."""


class SpellingMender:
    """Knows the words of a library; safe to use from several threads."""

    def __init__(self, library: EnrichedLibrary) -> None:
        self._library = library
        self._words: tuple[str, _Words] = ("", _Words({}, frozenset(), Counter()))

    def mended(self, question: str, language: str, fingerprint: str) -> str:
        """The question with its misspelt words put right; as it is if there are none.

        `fingerprint` names the index that is served, so that its words are read once.
        """
        read_of, words = self._words
        if read_of != fingerprint:
            words = self._read()
            self._words = fingerprint, words
        here = words.by_language.get(language, Counter())
        return _WORD.sub(lambda found: _mended(found[0], here, words), question)

    def _read(self) -> _Words:
        said: dict[str, list[str]] = defaultdict(list)
        asked: dict[str, list[str]] = defaultdict(list)
        for passage in (p for d in self._library.documents() for p in self._library.passages(d.id)):
            said[passage.language].append(passage.full_text)
            known = self._library.enriched(passage.id)
            for translation in known[1].translations if known else ():
                said[translation.language] += [translation.context, translation.text]
            for language, question in known[1].questions if known else ():
                asked[language].append(question)
        words = {language: _counted(texts) for language, texts in said.items()}
        told: frozenset[str] = frozenset().union(*words.values())
        in_all: Counter[str] = Counter()
        for language, questions in asked.items():
            often = {w: count for w, count in _counted(questions).items() if count >= FEWEST}
            words.setdefault(language, Counter()).update(often)
            in_all.update(often)
        return _Words(words, told, in_all)


def _counted(texts: Sequence[str]) -> Counter[str]:
    return Counter(_WORD.findall(" ".join(texts).casefold()))


def _mended(word: str, here: Counter[str], words: _Words) -> str:
    lower = word.casefold()
    short = len(lower) <= SHORT
    if not SHORTEST <= len(lower) <= LONGEST or lower in words.told or (short and word != lower):
        return word
    best = max(_one_letter_off(lower), key=lambda one: (here[one], one))
    if here[best] < max(OFTEN if short else FEWEST, RARELY * words.asked[lower]):
        return word
    return best.capitalize() if word[0].isupper() else best


def _one_letter_off(word: str) -> set[str]:
    """With a letter left out, put in or swapped with the next, neither the first one nor at the end.

    There people change a word on purpose ("fines", "lines"; "deliver", "delivers"); and a letter changed for
    another makes too many words of words.
    """
    cuts = [(word[:i], word[i:]) for i in range(1, len(word))]
    left_out = {a + b[1:] for a, b in cuts if len(b) > 1}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    put_in = {a + letter + b for a, b in cuts for letter in _LETTERS}
    return left_out | swapped | put_in
