"""Proper names of a sentence, and the table of things that go by several names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.support.vocabulary import LANGUAGES, Vocabulary, shared
from rag.answering.support.words import Kind, Token, stem

LONGEST_ALIAS_WORDS = 6

Groups = Iterable[Mapping[str, Sequence[str]]]
"""Each group maps languages to the forms of one thing ("en": ["Commission", ...])."""


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words. `sure` is False for a single word that begins its sentence."""

    start: int
    end: int
    written: str
    sure: bool


def find_names(tokens: Sequence[Token], words: Vocabulary, taken: set[int]) -> tuple[Name, ...]:
    """Capitalised runs, months and function words at the beginning left out."""
    found: list[Name] = []
    i = 0
    while i < len(tokens):
        if not _is_capital(tokens, i, words, taken):
            i += 1
            continue
        end = i + 1
        while end < len(tokens) and _is_capital(tokens, end, words, taken):
            end += 1
        first = _begins(tokens, i)
        sure = not first or end - i > 1 or tokens[i].text[1:] != tokens[i].text[1:].lower()
        found.append(Name(i, end, " ".join(t.text for t in tokens[i:end]), sure))
        i = end
    return tuple(found)


def _begins(tokens: Sequence[Token], i: int) -> bool:
    return i == 0 or tokens[i - 1].lower in ('"', ":")


def _is_capital(tokens: Sequence[Token], i: int, words: Vocabulary, taken: set[int]) -> bool:
    token = tokens[i]
    if token.kind is not Kind.WORD or i in taken or not token.text[0].isupper():
        return False
    if len(token.text) == 1 or token.lower in words.months:
        return False
    return token.lower not in words.function or (token.text.isupper() and not _begins(tokens, i))


class Aliases:
    """Finds phrases that are known under other names, longest first."""

    def __init__(self, groups: Groups = ()) -> None:
        self._tables: dict[str, dict[tuple[str, ...], set[int]]] = {name: {} for name in LANGUAGES}
        self._longest: dict[str, dict[str, int]] = {name: {} for name in LANGUAGES}
        number = 0
        for number, forms in enumerate(shared().aliases):
            for language in LANGUAGES:
                self._add(language, forms, number)
        for offset, group in enumerate(groups, number + 1):
            for language in LANGUAGES:
                self._add(language, group.get(language, ()), offset)

    def _add(self, language: str, forms: Iterable[str], number: int) -> None:
        for form in forms:
            key = tuple(stem(word, language) for word in form.lower().replace("'s", "").split())
            if 0 < len(key) <= LONGEST_ALIAS_WORDS:
                self._tables[language].setdefault(key, set()).add(number)
                longest = self._longest[language]
                longest[key[0]] = max(longest.get(key[0], 0), len(key))

    def find(self, tokens: Sequence[Token], language: str) -> tuple[tuple[frozenset[int], int, int], ...]:
        """(group numbers, start, end) of every known phrase; inner phrases give way to outer ones."""
        table, longest = self._tables.get(language, {}), self._longest.get(language, {})
        keys = [token.key for token in tokens]
        found: list[tuple[frozenset[int], int, int]] = []
        i = 0
        while i < len(keys):
            for size in range(min(longest.get(keys[i], 0), len(keys) - i), 0, -1):
                groups = table.get(tuple(keys[i : i + size]))
                if groups and not (
                    size == 1
                    and tokens[i].lower in ("us", "who", "it", "en", "de")
                    and not tokens[i].text.isupper()
                ):
                    found.append((frozenset(groups), i, i + size))
                    i += size - 1
                    break
            i += 1
        return tuple(found)


def glossary_groups(path: Path) -> tuple[dict[str, tuple[str, ...]], ...]:
    """The groups of a glossary file (`[[term]]` tables with lists under en, nl, da)."""
    data = tomllib.loads(path.read_text("utf-8"))
    return tuple(
        {language: tuple(term.get(language, ())) for language in LANGUAGES} for term in data.get("term", ())
    )
