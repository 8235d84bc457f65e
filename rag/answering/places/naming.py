"""Which text a question names: by its reference, by its kind, institution and year, or by its title.

Everything said of the text must fit: another year, institution, reference or proper name means another
text, which the library may not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rag.answering.places.asking import Asked
from rag.answering.places.cues import cues
from rag.domain.documents import Description, Document, LegalForce

_SERIES = re.compile(
    r"\b(?:COM|KOM|SWD|SEC|JOIN)\b\s?\(?/?(\d{4})\)?[ /]?(?:nr\.? ?)?(\d{1,4})\b", re.IGNORECASE
)
_ACT = re.compile(r"(?<![\d/])(\d{2,5})/(\d{1,4})(?!\d|/\d)")
REFERENCE = re.compile(f"{_SERIES.pattern}|{_ACT.pattern}", re.IGNORECASE)
YEAR = re.compile(r"(?<![\d/])((?:19|20)\d\d)(?![\d/])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TELLING_FORCES = (LegalForce.CONCLUSIONS, LegalForce.STRATEGY, LegalForce.PRESS)
MOST_WORDS_BEFORE_KIND = 7
"""Of the words that name a text ("the 2019 Council's conclusions"), so many come before its kind."""
TITLE_SHARE = 0.5
"""Of a title's words, so much must be given where its kind is not."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a text may be called."""

    id: str
    references: frozenset[tuple[int, int]]
    years: frozenset[str]
    kinds: frozenset[str]
    """By its description; `titled` by its titles, which may name other texts too."""
    titled: frozenset[str]
    institutions: frozenset[str]
    institution_known: bool
    titles: tuple[frozenset[str], ...]
    words: frozenset[str]


def card_of(document: Document) -> Card:
    """The card of a text, from its description."""
    d = document.description
    titles = [title for _, title in d.titles] + [d.short_title]
    called = " ".join([*titles, d.reference])
    described = f"{d.kind} {d.force.value if d.force in _TELLING_FORCES else ''}"
    return Card(
        id=document.id,
        references=frozenset(references(called)),
        years=frozenset(_years(d, called)),
        kinds=_named(cues().texts.items(), described),
        titled=_named(cues().texts.items(), called),
        institutions=_named(cues().institutions.items(), f"{d.institution} {d.kind} {called}"),
        institution_known=d.institution != "unknown",
        titles=tuple(_content(title) for title in titles),
        words=frozenset(w.casefold() for w in _WORD.findall(f"{called} {described} {d.institution}")),
    )


def texts_meant(asked: Asked, cards: Sequence[Card]) -> tuple[str, ...]:
    """Ids of the texts that fit what is said of the place's text; none if it is not named."""
    after = _linked(asked.after)
    if after is not None:
        return _fitting(after, cards, first_only=True)
    for words in (asked.before, asked.after):
        if _names_a_text(words):
            return _fitting(words, cards, first_only=False)
    return _fitting(_until_end(asked.after), cards, first_only=True)


def texts_unnamed(asked: Asked, cards: Sequence[Card]) -> tuple[Card, ...]:
    """The texts that the place may stand in where none is named; those of the maker and the year, if the
    question gives them. None if it names a text after all, which the library then does not hold."""
    linked = _linked(asked.after) or ""
    beside = _WORD.match(asked.after.lstrip())
    words = f"{asked.before} {asked.after}"
    if _names_a_text(words) or _names_another(linked or (beside[0] if beside else ""), cards):
        return ()
    years = set(YEAR.findall(words))
    makers = _named(cues().institutions.items(), words)
    if linked and not (years or makers):
        return ()
    return tuple(c for c in cards if years <= c.years and makers <= c.institutions)


def _linked(after: str) -> str | None:
    """What follows "of the", as far as it names a text."""
    link = _link().match(after)
    return _until_end(after[link.end() :]) if link else None


def _until_end(words: str) -> str:
    end = cues().ends.search(words)
    return words[: end.start()] if end else words


def _names_a_text(words: str) -> bool:
    return bool(references(words)) or any(p.search(words) for p in cues().texts.values())


def _fitting(words: str, cards: Sequence[Card], *, first_only: bool) -> tuple[str, ...]:
    found = references(words)
    if found:
        return tuple(c.id for c in cards if c.references & found)
    kinds = _kinds_in(words)
    if not kinds:
        return _by_title(words, cards)
    if first_only and _names_another(words[: kinds[0][0]], cards):
        return ()
    wanted = {kind for _, kind in (kinds[:1] if first_only else kinds)}
    fitting = [c for c in cards if wanted <= c.kinds] or [c for c in cards if wanted <= c.kinds | c.titled]
    return _likeliest(words, [c for c in fitting if _agrees(words, c)])


def _kinds_in(words: str) -> list[tuple[int, str]]:
    """Kinds of text, each with its place, in order."""
    found = ((m.start(), kind) for kind, p in cues().texts.items() for m in p.finditer(words))
    return sorted(found)


def _names_another(before_kind: str, cards: Sequence[Card]) -> bool:
    """Whether a proper name that belongs to no text of the library stands before the kind, or too much."""
    for scope in cues().scopes.values():
        before_kind = scope.sub(" ", before_kind)
    tokens = _WORD.findall(before_kind)
    known = cues().general.union(*(c.words for c in cards))
    strange = [t for t in tokens if t[0].isupper() and t.casefold() not in known and not _institutional(t)]
    return bool(strange) or len(tokens) > MOST_WORDS_BEFORE_KIND


def _institutional(token: str) -> bool:
    return any(p.fullmatch(token) for p in cues().institutions.values())


def _agrees(words: str, card: Card) -> bool:
    years = set(YEAR.findall(words))
    if years and card.years and not years <= card.years:
        return False
    asked = _named(cues().institutions.items(), words)
    return not (asked and card.institution_known) or asked <= card.institutions


def _likeliest(words: str, cards: Sequence[Card]) -> tuple[str, ...]:
    """Those whose title shares most words with what was said."""
    said = _content(words)
    shared = [max(len(said & title) for title in card.titles) for card in cards]
    return tuple(c.id for c, count in zip(cards, shared, strict=True) if count == max(shared))


def _by_title(words: str, cards: Sequence[Card]) -> tuple[str, ...]:
    """Texts of whose title enough is given, from the first word on, and nothing strange besides."""
    tokens = [t for t in _WORD.findall(words) if t.casefold() not in cues().common]
    if not tokens or _names_another(words, cards):
        return ()
    said = _content(words)
    fitting = [
        card
        for card in cards
        if any(tokens[0].casefold() in title and _given(said, title) for title in card.titles)
    ]
    return _likeliest(words, [c for c in fitting if _agrees(words, c)])


def _given(said: frozenset[str], title: frozenset[str]) -> bool:
    return bool(title) and len(said & title) / len(title) >= TITLE_SHARE


def references(words: str) -> set[tuple[int, int]]:
    found = {(int(a), int(b)) for a, b in _SERIES.findall(words)}
    return found | {(int(a), int(b)) for a, b in _ACT.findall(_SERIES.sub(" ", words))}


def _years(description: Description, called: str) -> Iterable[str]:
    yield from YEAR.findall(f"{description.date} {called}")
    for numbers in references(called):
        yield from (str(n) for n in numbers if 1950 <= n < 2100)
    yield from (f"20{short}" for short in re.findall(r"\d/(\d\d)(?!\d)", description.reference))


def _named(cued: Iterable[tuple[str, re.Pattern[str]]], words: str) -> frozenset[str]:
    return frozenset(name for name, pattern in cued if pattern.search(words))


def _content(words: str) -> frozenset[str]:
    tokens = (t.casefold() for t in _WORD.findall(words))
    return frozenset(t for t in tokens if t not in cues().common and not t.isdigit())


@cache
def _link() -> re.Pattern[str]:
    words = cues().words
    return re.compile(rf"\s*,?\s*(?:{words['link']})\s+(?:(?:{words['articles']})\s+)?", re.IGNORECASE)
