"""The word data of `lexicon/`, read once and arranged for look-up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rag.answering.support.words import stem

LANGUAGES = ("en", "nl", "da")

SHORTEST_DENIED = 4
"""Letters of a word that a prefix may deny."""

Phrases = Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]
"""By first word: (the words, marker kind, marker value), longest phrase first."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's words. Stems are keys of `words.stem`; everything else is lower case."""

    language: str
    function: frozenset[str]
    light: frozenset[str]
    """Stems of words so general that they count for little."""
    phrases: Phrases
    soft_negators: frozenset[str]
    negative_prefixes: tuple[str, ...]
    universal: frozenset[str]
    """Quantifiers that leave nothing out ("all", "always", "only")."""
    actors: frozenset[str]
    """Stems of those who do something, or to whom it is done."""
    until: frozenset[str]
    since: frozenset[str]
    """What may stand before a date: up to then, from then on."""
    joins: frozenset[str]
    """Words before one more thing ("and")."""
    planned: frozenset[str]
    """Words that tell what is planned, asked or possible."""
    done: frozenset[str]
    """Words that tell what is done ("has", "now")."""
    clause_openers: frozenset[str]
    departures: frozenset[str]
    arrivals: frozenset[str]
    """The words before the two ends of a movement or change ("from", "to")."""
    numbers: Mapping[str, float]
    powers: Mapping[str, int]
    fractions: Mapping[str, int]
    """"Quarter" to 4."""
    ordinals: Mapping[str, int]
    hundred: frozenset[str]
    unsure_numbers: frozenset[str]
    number_and: str
    units: Mapping[str, str]
    months: Mapping[str, int]
    unsure_months: frozenset[str]
    beside_months: frozenset[str]
    antonyms: Mapping[str, frozenset[str]]
    """Lower-case word to the lower-case words of the opposite sides."""
    small_antonyms: Mapping[str, frozenset[str]]
    """Opposed only where a statement repeats the source ("and", "or")."""
    synonyms: Mapping[str, frozenset[int]]
    """Stem to the numbers of the groups it is in."""

    def are_opposed(self, one: str, other: str) -> bool:
        """Whether two lower-case words are antonyms, or one is the other with a denying prefix."""
        return other in self.antonyms.get(one, ()) or self.is_denial(one, other) or self.is_denial(other, one)

    def is_denial(self, denied: str, word: str) -> bool:
        """Whether the first word is the second with a denying prefix ("unable", "able")."""
        return (
            len(word) >= SHORTEST_DENIED
            and denied.endswith(word)
            and denied[: -len(word)] in self.negative_prefixes
        )

    def is_negator(self, word: str) -> bool:
        return any(kind == "negation" and phrase == (word,) for phrase, kind, _ in self.phrases.get(word, ()))

    def looks_denied(self, word: str) -> bool:
        """Whether the word begins as one that denies the rest ("unpaid", "ongepast", "ukendt")."""
        plain = self.negative_prefixes[0]
        return word.startswith(plain) and len(word) > len(plain) + 4

    def are_synonyms(self, one: str, other: str) -> bool:
        return not self.synonyms.get(one, frozenset()).isdisjoint(self.synonyms.get(other, ()))


@dataclass(frozen=True, slots=True)
class Shared:
    """What does not depend on the language."""

    currency: Mapping[str, str]
    convert: Mapping[str, tuple[str, float]]
    parts: Mapping[str, str]
    """Words that announce a numbered part of an act ("lid") to what they announce."""
    aliases: tuple[tuple[str, ...], ...]


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language; those without one get the English words for numbers and units."""
    known = language if language in LANGUAGES else "en"
    data = _load(known)
    return Vocabulary(
        language=known,
        function=frozenset(data["function"].split()),
        light=frozenset(stem(word, known) for word in data["light"].split()),
        phrases=_phrases(data),
        soft_negators=frozenset(data["soft_negators"].split()),
        negative_prefixes=tuple(data["negative_prefixes"]),
        universal=frozenset(data["universal"].split()),
        actors=frozenset(stem(word, known) for word in data["actors"].split()),
        until=frozenset(data["until"].split()),
        since=frozenset(data["since"].split()),
        joins=frozenset(data["joins"].split()),
        planned=frozenset(data["planned"].split()),
        done=frozenset(data["done"].split()),
        clause_openers=frozenset(data["clause_openers"].split()),
        departures=frozenset(data["from"].split()),
        arrivals=frozenset(data["to"].split()),
        numbers=_numbers(data["numbers"]),
        powers=data["numbers"]["powers"],
        fractions=data["numbers"]["fractions"],
        ordinals=data["numbers"]["ordinals"],
        hundred=frozenset(data["numbers"]["hundred"]),
        unsure_numbers=frozenset(data["numbers"]["unsure"]),
        number_and=data["numbers"]["and"],
        units={word: unit for unit, words in data["units"].items() for word in words},
        months={
            word: number for number, words in enumerate(data["dates"]["months"], 1) for word in words.split()
        },
        unsure_months=frozenset(data["dates"]["unsure"]),
        beside_months=frozenset(data["dates"]["beside"]),
        antonyms=_antonyms(data["words"]["antonyms"]),
        small_antonyms=_antonyms(data["words"]["small_antonyms"]),
        synonyms=_synonyms(data["words"]["synonyms"], known),
    )


@cache
def shared() -> Shared:
    data = _load("shared")
    return Shared(
        currency=data["currency"],
        convert={unit: (base, float(factor)) for unit, (base, factor) in data["convert"].items()},
        parts={word: part for part, words in data["references"].items() for word in words},
        aliases=tuple(
            tuple(form.strip() for form in group.split("|")) for group in data["aliases"]["groups"]
        ),
    )


def guess_language(words: Iterable[str]) -> str:
    """The language whose function words the text has most of; "unknown" if none stands out."""
    counted = list(words)
    scores = {
        language: sum(word in vocabulary(language).function for word in counted) for language in LANGUAGES
    }
    best = max(scores, key=lambda language: scores[language])
    ordered = sorted(scores.values(), reverse=True)
    return best if ordered[0] > ordered[1] else "unknown"


def _load(name: str) -> dict[str, Any]:
    file = resources.files("rag.answering.support.lexicon").joinpath(f"{name}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def _phrases(data: Mapping[str, Any]) -> Phrases:
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}

    def add(kind: str, value: str, phrases: Iterable[str]) -> None:
        for phrase in phrases:
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, kind, value))

    add("negation", "not", data["negators"])
    add("widening", "all", data["widening"])
    for kind, table in (
        ("modality", "modality"),
        ("quantifier", "quantifiers"),
        ("bound", "bounds"),
        ("condition", "conditions"),
    ):
        for value, phrases in data[table].items():
            add(kind, value, phrases)
    return {
        first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in found.items()
    }


def _numbers(data: Mapping[str, Any]) -> dict[str, float]:
    ones, tens, joint = data["ones"], data["tens"], data["joint"]
    found: dict[str, float] = {word: float(value) for value, word in enumerate(ones)}
    for ten, word in enumerate(tens):
        if not word:
            continue
        found[word] = ten * 10.0
        for one in range(1, 10):
            value = ten * 10.0 + one
            if joint:  # "vijfentwintig", "femogtyve"
                found[f"{ones[one]}{joint}{word}"] = value
                found[f"{ones[one]}ën{word}"] = value
            else:
                found[f"{word}-{ones[one]}"] = value
    for hundred in data["hundred"]:
        found[hundred] = 100.0
        for count in range(2, 10):
            found[f"{ones[count]}{hundred}"] = count * 100.0
    return found | {word: float(value) for word, value in data["other"].items()}


def _antonyms(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines:
        left, right = (set(side.split()) for side in line.split("|"))
        for word in left:
            found.setdefault(word, set()).update(right)
        for word in right:
            found.setdefault(word, set()).update(left)
    return {word: frozenset(others) for word, others in found.items()}


def _synonyms(lines: Iterable[str], language: str) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for word in line.split():
            found.setdefault(stem(word, language), set()).add(number)
    return {word: frozenset(groups) for word, groups in found.items()}
