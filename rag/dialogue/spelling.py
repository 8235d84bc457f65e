"""Mends words that are misspelt by one letter, where a question finds no answer as it was written.

A word is misspelt if it stands in no text or translation of the library and in few of the questions known,
which people misspelt too, and if one is known that differs by a letter left out, put in, changed or swapped
with its neighbour (Norvig, 2007, "How to Write a Spelling Corrector"). Unsure by nature: it is tried only
where the texts would be said to be silent, and the person sees how the question was understood.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from rag.domain.ports import EnrichedLibrary

SHORTEST = 5
"""Letters of a word that is mended: shorter ones have too many neighbours."""
FEWEST = 3
"""Times that a word must occur among the questions known, or one put in another's place at all."""
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyzæøåéëïöüè"


@dataclass(frozen=True, slots=True)
class _Words:
    by_language: dict[str, Counter[str]]
    known: frozenset[str]
    """In any language: names and borrowed words are not misspelt."""


class SpellingMender:
    """Knows the words of a library; safe to use from several threads."""

    def __init__(self, library: EnrichedLibrary) -> None:
        self._library = library
        self._words: tuple[str, _Words] = ("", _Words({}, frozenset()))

    def mended(self, question: str, language: str, fingerprint: str) -> str:
        """The question with its misspelt words put right; as it is if there are none.

        `fingerprint` names the index that is served, so that its words are read once.
        """
        read_of, words = self._words
        if read_of != fingerprint:
            words = self._read()
            self._words = fingerprint, words
        here = words.by_language.get(language, Counter())
        return _WORD.sub(lambda found: _mended(found[0], here, words.known), question)

    def _read(self) -> _Words:
        words: dict[str, Counter[str]] = defaultdict(Counter)
        asked: dict[str, Counter[str]] = defaultdict(Counter)
        for passage in (p for d in self._library.documents() for p in self._library.passages(d.id)):
            words[passage.language].update(_words(passage.full_text))
            known = self._library.enriched(passage.id)
            for translation in known[1].translations if known else ():
                words[translation.language].update(_words(f"{translation.context} {translation.text}"))
            for language, question in known[1].questions if known else ():
                asked[language].update(_words(question))
        for language, counted in asked.items():
            words[language].update({w: count for w, count in counted.items() if count >= FEWEST})
        return _Words(dict(words), frozenset().union(*words.values()))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _mended(word: str, here: Counter[str], known: frozenset[str]) -> str:
    lower = word.casefold()
    if len(lower) < SHORTEST or lower in known:
        return word
    best = max(_one_letter_off(lower), key=lambda one: here[one])
    if here[best] < FEWEST:
        return word
    return best.capitalize() if word[0].isupper() else best


def _one_letter_off(word: str) -> set[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    put_in = {a + letter + b for a, b in cuts for letter in _LETTERS}
    return left_out | swapped | changed | put_in
