"""Answers with the passage that stands at the place a question names, or says that there is none.

Shy: the place must have a number, and its text must be named beside it or be the only one that has such a
place and speaks of what is asked; what a place does not say itself (why it was adopted, whether it binds)
is left to the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Protocol

from rag.answering.places.asking import LAST, Asked, Mention, asked_place
from rag.answering.places.cues import cues
from rag.answering.places.naming import Card, card_of, texts_meant, texts_unnamed
from rag.answering.places.register import (
    Register,
    Shelved,
    is_last,
    last_of,
    nearest_to,
)
from rag.answering.wording import say
from rag.domain.answers import Abstention, Answer, Citation
from rag.domain.documents import Footnote
from rag.domain.passages import Passage, PassageKind, Translation
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Query

CERTAIN = 0.99
"""Confidence in a place looked up: not fitted, since the text's own label says that it is the one."""
ABSENT = 0.01
"""How likely it is that a place without a label is there after all; not fitted either."""
MOST_PASSAGES = 12
"""Of a chapter or of a list; an answer has to be read."""
NEAREST = 2
UNMISTAKABLE = ("point", "paragraph", "article", "section", "annex", "footnote", "letter")
"""Kinds of place that can be nothing else, even where their text is not named: an item may be anything."""
MOST_WORDS_BESIDE = 1
"""More than a verb ("require") beside a place whose text is not named must stand there too."""
MOST_TEXTS_UNNAMED = 2
BEGINNING = 5
_LONG_WORD = re.compile(rf"\b[^\W\d]{{{BEGINNING - 1},}}")


class Quoter(Protocol):
    def quoted(self, passages: Sequence[Passage], language: str) -> Answer | None:
        """The passages whole and in order."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The texts of one index."""

    fingerprint: str
    cards: tuple[Card, ...]
    registers: dict[str, Register]


class PlaceFinder:
    """Looks up numbered places; None for every other question."""

    def __init__(self, library: EnrichedLibrary, quoter: Quoter) -> None:
        self._library = library
        self._quoter = quoter
        self._shelf = _Shelf("", (), {})
        asked_place("point 1")  # the patterns are made now, not when somebody waits

    def looked_up(self, query: Query, fingerprint: str) -> Answer | Abstention | None:
        """What stands at the place asked for; None if the question asks for none.

        `fingerprint` names the index that is served, so that its texts are read once.
        """
        asked = asked_place(query.text)
        if asked is None or cues().beyond.search(query.text):
            return None
        cards = self._shelf_of(fingerprint).cards
        texts = texts_meant(asked, cards)
        if not texts:
            return self._of_some_text(asked, texts_unnamed(asked, cards), query)
        if len(texts) > 3:
            return None
        found = {text: self._found(text, asked) for text in texts}
        held = {text: places for text, places in found.items() if any(p for _, p in places)}
        if any(m.ordinal and m.kind == "item" for m in asked.mentions) and not _is_one(held):
            return None  # "the first measure" is a place only where there is one such list
        if held:
            return self._answer(asked, held, query.language)
        return self._missing(asked, texts[0], query) if len(texts) == 1 else None

    def _shelf_of(self, fingerprint: str) -> _Shelf:
        if self._shelf.fingerprint != fingerprint or not self._shelf.cards:
            self._shelf = _Shelf(fingerprint, tuple(map(card_of, self._library.documents())), {})
        return self._shelf

    def _register(self, text: str) -> Register:
        registers = self._shelf.registers
        if text not in registers:
            short_title = self._library.document(text).description.short_title
            registers[text] = Register(self._library.passages(text), short_title)
        return registers[text]

    def _found(self, text: str, asked: Asked) -> list[tuple[Mention, tuple[Shelved, ...]]]:
        """For each number asked for, what stands there."""
        register = self._register(text)
        found: list[tuple[Mention, tuple[Shelved, ...]]] = []
        for mentions, innermost in _one_by_one(asked):
            if is_last(innermost):
                last = last_of(register.neighbours(mentions, asked.near))
                found.append((innermost, (last,) if last else ()))
            else:
                found.append((innermost, register.find(mentions, asked.near)))
        return found

    def _of_some_text(self, asked: Asked, cards: Sequence[Card], query: Query) -> Answer | None:
        """What stands there where no text is named; None unless it can be told which is meant."""
        if any(m.ordinal or m.kind not in UNMISTAKABLE for m in asked.mentions):
            return None
        held: dict[str, list[tuple[Mention, tuple[Shelved, ...]]]] = {}
        for card in cards:
            found = self._found(card.id, asked)
            if all(several and _as_asked(asked.mentions[0], several) for _, several in found):
                held[card.id] = found
        words = _content(asked, cards)
        if len(held) > 1 or len(words) > MOST_WORDS_BESIDE:
            shared = {text: self._shared(words, found, query.language) for text, found in held.items()}
            most = max(shared.values(), default=0)
            if words and not most:
                return None
            held = {text: found for text, found in held.items() if shared[text] == most}
        return self._answer(asked, held, query.language) if 0 < len(held) <= MOST_TEXTS_UNNAMED else None

    def _shared(
        self, words: Set[str], found: Sequence[tuple[Mention, Sequence[Shelved]]], language: str
    ) -> int:
        """How many of these words stand there, in the language they are in."""
        said: set[str] = set()
        for passage in (p for _, places in found for place in places for p in place.passages):
            known = self._library.enriched(passage.id)
            translation = known[1].translation(language) if known else None
            text = f"{translation.context} {translation.text}" if translation else passage.full_text
            said |= _beginnings(text)
        return len(words & said)

    def _answer(
        self, asked: Asked, held: dict[str, list[tuple[Mention, tuple[Shelved, ...]]]], language: str
    ) -> Answer | None:
        places = [place for found in held.values() for _, several in found for place in several]
        passages = self._of_the_list_named(
            dict.fromkeys(p for place in places for p in place.passages), asked, language
        )
        answer = self._quoter.quoted(passages[:MOST_PASSAGES], language)
        if answer is None:
            return None
        notes: list[str] = []
        if len(passages) > MOST_PASSAGES:
            notes.append(say("place_long", language, shown=MOST_PASSAGES, count=len(passages)))
        numbers = max(len(found) for found in held.values())
        if len(places) > numbers:
            notes.append(say("place_several", language, place=asked.written))
        for text, found in held.items():
            missing = [m.numbers[0] for m, several in found if not several]
            if missing:
                title = self._title(text, language)
                notes.append(say("place_missing", language, numbers=", ".join(missing), text=title))
            counted = [m.numbers[0] for m, several in found if several and several[0].counted]
            if counted and counted != [LAST]:
                notes.append(say("place_counted", language, number=", ".join(counted)))
        return replace(answer, confidence=CERTAIN, notes=tuple(notes))

    def _of_the_list_named(self, passages: Iterable[Passage], asked: Asked, language: str) -> list[Passage]:
        """The items of a list there, if the question names its lead-in ("Key actions:"); else all."""
        there = list(passages)
        words = _beginnings(f"{asked.before} {asked.after}")
        listed = [p for p in there if p.kind is PassageKind.LIST_ITEM]
        leads = {p.id: _beginnings(self._lead_in(p, language)) for p in listed}
        named = [p for p in listed if leads[p.id] and 2 * len(leads[p.id] & words) >= len(leads[p.id])]
        return named or there

    def _lead_in(self, item: Passage, language: str) -> str:
        known = self._library.enriched(item.id)
        translation = known[1].translation(language) if known and language != item.language else None
        return translation.context if translation else item.context_text

    def _missing(self, asked: Asked, text: str, query: Query) -> Abstention | None:
        """That there is no such place; None if the text has no places of that kind at all."""
        title = self._title(text, query.language)
        place = asked.written
        mentions, innermost = _one_by_one(asked)[0]
        if len(mentions) == 1 and not innermost.inner and self._is_printed(text, innermost):
            return None
        register = self._register(text)
        others = register.neighbours(mentions, asked.near)
        last = last_of(others)
        if last is None:
            return self._undivided(asked, register, mentions, text, query)
        message = say("place_not_found", query.language, place=place, text=title, last=register.called(last))
        if says := self._bare_note(text, innermost):
            message = say("place_bare", query.language, place=place, text=title, words=says)
        nearest = [p.passages[0] for p in nearest_to(others, innermost, NEAREST)]
        cited = tuple(self._citation(n, p, query.language) for n, p in enumerate(nearest, start=1))
        return Abstention(message, cited, ABSENT)

    def _undivided(
        self, asked: Asked, register: Register, mentions: Sequence[Mention], text: str, query: Query
    ) -> Abstention | None:
        """That the point is there, but has no parts; None if not even the point was asked for."""
        outer = register.around(mentions, asked.near)
        if not outer:
            return None
        language = query.language
        title = self._title(text, language)
        passage = outer[0].passages[0]
        message = say(
            "place_undivided", language, place=asked.written, text=title, whole=register.called(outer[0])
        )
        return Abstention(message, (self._citation(1, passage, language),), ABSENT)

    def _is_printed(self, text: str, mention: Mention) -> bool:
        """Whether such a number begins a line of the text: it may be the place, and unlabelled."""
        number = re.escape(mention.numbers[0])
        words = rf"(?:{cues().kinds[mention.kind]})\s+{number}(?!\w)|\(?{number}[.)](?!\d)"
        lines = re.compile(rf"^[\s#*_-]*(?:{words})", re.IGNORECASE | re.MULTILINE)
        return mention.kind != "footnote" and lines.search(self._library.document(text).text) is not None

    def _bare_note(self, text: str, mention: Mention) -> str:
        """The words of a footnote too bare to be a passage ("Ibidem.")."""
        document = self._library.document(text)
        notes = (b for b in document.blocks if isinstance(b, Footnote) and b.number == mention.numbers[0])
        found = next(notes, None) if mention.kind == "footnote" else None
        return document.reading(found.spans) if found else ""

    def _title(self, text: str, language: str) -> str:
        description = self._library.document(text).description
        title = description.title(language)
        short = description.short_title
        return f"“{title}” ({short})" if title and short not in (title, "") else f"“{title or short}”"

    def _citation(self, number: int, passage: Passage, language: str) -> Citation:
        quote = self._library.document(passage.document).reading(passage.spans)
        known = self._library.enriched(passage.id)
        found = known[1].translation(language) if known and language != passage.language else None
        shown = Translation(found.language, found.text, found.origin) if found else None
        return Citation(number, passage, passage.spans, quote, shown)


def _as_asked(mention: Mention, places: Sequence[Shelved]) -> bool:
    """Whether the text itself calls them what the question does, and not by counting."""
    return all(not p.counted and mention.kind in {kind for kind, _ in p.path} for p in places)


def _content(asked: Asked, cards: Sequence[Card]) -> set[str]:
    """Beginnings of the question's words that tell what it is about: without the place and its text's maker."""
    text = f"{asked.before} {asked.after}"
    for cue in (*cues().institutions.values(), cues().telling):
        text = cue.sub(" ", text)
    return _beginnings(text)


def _beginnings(text: str) -> set[str]:
    return {word[:BEGINNING].casefold() for word in _LONG_WORD.findall(text)}


def _is_one(held: Mapping[str, Sequence[tuple[Mention, Sequence[Shelved]]]]) -> bool:
    """Whether it is the item of a single list."""
    places = [place for found in held.values() for _, several in found for place in several]
    return [place.path[-1][0] for place in places] == ["item"]


def _one_by_one(asked: Asked) -> list[tuple[tuple[Mention, ...], Mention]]:
    """The place once for each of its numbers, with the mention that has it."""
    several = next((m for m in asked.mentions if len(m.numbers) > 1), asked.mentions[-1])
    return [
        (tuple(one if m is several else m for m in asked.mentions), one)
        for one in (replace(several, numbers=(number,)) for number in several.numbers)
    ]
