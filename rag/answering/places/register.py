"""Where every passage of a text stands, read from its official label, and what stands at a place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from rag.answering.places.asking import LAST, Mention
from rag.answering.places.cues import cues
from rag.domain.passages import WHOLES, Passage, PassageKind

ANY, FIGURE = "", "#"
"""Stand for any number of a place, and for any that is written in figures."""
MOST_GROUPS = 3
"""Places of the same number, in different lists: all are given; of more, none."""
_OWN = re.compile(r"(?P<kind>point|paragraph|item|footnote|row) (?P<number>[^\s()]+)(?P<inner>(?:\(\w+\))*)")
_DIVISION = re.compile(
    r"(?P<name>article|artikel|annex|bilag|bijlage) (?P<number>[^\s.:]+)[.:]?", re.IGNORECASE
)
_TITLED = re.compile(
    r"(?P<name>article|artikel|annex|bilag|bijlage|chapter|hoofdstuk|kapitel)"
    r" (?P<number>(?-i:\d+[a-z]?|[IVXLC]+|[A-Z]))(?:[.:]|[.:]?\s.*)?",
    re.IGNORECASE,
)
"""A division with its title: "Article 2. Definitions"."""
_DIVISIONS = {"arti": "article", "chap": "section", "hoof": "section", "kapi": "section"}
_DOTTED = re.compile(r"(\d{1,3}(?:\.\d{1,3})+)\.?\s+[^\W\d]")
_SECTION = re.compile(r"(?:\d{1,3}|[IVXLC]+)(?:\.\w{1,4})*")

Step = tuple[str, str]
"""A kind of place and its number; for a heading, its words."""
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A passage and its way through the text, outermost first."""

    path: Path
    passage: Passage


@dataclass(frozen=True, slots=True)
class Shelved:
    """What stands at one place: the passage, its parts, and the items that it leads in."""

    path: Path
    passages: tuple[Passage, ...]
    order: int
    """Among its kind: its number, its letter's place, or its count where the text has no numbers."""
    counted: bool = False
    """Whether only its order in the text says that it is the one."""


def path_of(label: str, short_title: str) -> Path:
    """The steps of a label: "12862/19, point 7(d)" is point 7, letter d."""
    pieces = label.removeprefix(f"{short_title}, ").split(", ")
    own: list[Step] = []
    while pieces and (found := _OWN.fullmatch(pieces[-1])):
        inner = [("letter", x.casefold()) for x in re.findall(r"\w+", found["inner"])]
        kind = "letter" if found["kind"] == "point" and found["number"].isalpha() else found["kind"]
        own = [(kind, found["number"].casefold()), *inner, *own]
        pieces.pop()
    return (*(step for piece in pieces for step in _above(piece)), *own)


def _above(piece: str) -> Iterator[Step]:
    if division := _DIVISION.fullmatch(piece) or _TITLED.fullmatch(piece):
        yield _DIVISIONS.get(division["name"].casefold()[:4], "annex"), division["number"].casefold()
    elif _SECTION.fullmatch(piece):
        yield from (("section", number.casefold()) for number in piece.split("."))
    else:
        yield "heading", piece.casefold()


class Register:
    """The places of one text."""

    def __init__(self, passages: Sequence[Passage], short_title: str) -> None:
        self._standings = [
            Standing(path_of(p.label, short_title), p) for p in passages if p.kind not in WHOLES
        ]
        self._numbers_paragraphs = any(
            s.passage.kind is PassageKind.PARAGRAPH and s.path[-1:] and s.path[-1][0] == "point"
            for s in self._standings
        )
        self._short_title = short_title
        self._printed = _printed_numbers(self._standings)
        self._headings = {words for s in self._standings for kind, words in s.path if kind == "heading"}

    def tries(self, kind: str) -> tuple[str, ...]:
        """What labels may call it; in a text that numbers its paragraphs, "paragraph 3" is point 3."""
        names = cues().tries[kind]
        return ("point", *names) if kind == "paragraph" and self._numbers_paragraphs else names

    def find(self, mentions: Sequence[Mention], near: str) -> tuple[Shelved, ...]:
        """What stands there; several if the text counts more than once. Each mention has one number.

        `near` are the question's words around the place: they may name a heading.
        """
        return self._found(_opened(mentions), near)

    def around(self, mentions: Sequence[Mention], near: str) -> tuple[Shelved, ...]:
        """The point that a letter was asked of, and so on; none if nothing encloses the place."""
        enclosing = _opened(mentions)[:-1]
        return self._found(enclosing, near) if enclosing else ()

    def called(self, shelved: Shelved) -> str:
        """The label of the place itself, where its passages stand further in."""
        label = shelved.passages[0].label
        while len(path_of(label, self._short_title)) > len(shelved.path):
            cut = re.sub(r"\(\w+\)$", "", label) if label.endswith(")") else label.rpartition(", ")[0]
            if not cut.startswith(f"{self._short_title}, "):
                break
            label = cut
        return label

    def _found(self, asked: Sequence[Step], near: str) -> tuple[Shelved, ...]:
        if len(asked) == 1 and asked[0][1] in self._printed:
            return (self._printed[asked[0][1]],)
        counts = self._counts(asked, near)
        for kinds in product(*(self.tries(kind) for kind, _ in asked)):
            steps = [s for k, (_, n) in zip(kinds, asked, strict=True) for s in _steps(k, n)]
            groups = self._groups(steps, near)
            if counts and len(groups) > 1:
                break
            if 0 < len(groups) <= MOST_GROUPS:
                return tuple(groups)
        if not counts:
            return ()
        return tuple(g for g in self._counted() if str(g.order) == asked[0][1])

    def neighbours(self, mentions: Sequence[Mention], near: str) -> tuple[Shelved, ...]:
        """The numbered places of that kind within the same outer place, in order; none if it has none."""
        asked = _opened(mentions)
        if self._counts(asked, near):
            return self._counted()
        for kinds in product(*(self.tries(kind) for kind, _ in asked)):
            outer = [s for k, (_, n) in zip(kinds[:-1], asked, strict=False) for s in _steps(k, n)]
            for number in (FIGURE, ANY) if asked[-1][1].isdigit() else (ANY,):
                if groups := self._groups([*outer, (kinds[-1], number)], near):
                    return tuple(groups)
        return ()

    def _groups(self, steps: Sequence[Step], near: str) -> list[Shelved]:
        """By path up to the last step, under the headings named if any is; the shallowest only, except
        that notes count through the whole text."""
        named = self._named(near)
        found: dict[Path, list[Passage]] = {}
        for standing in self._standings:
            depth = _depth(standing.path, steps)
            if depth is not None and (not named or named & set(standing.path)):
                found.setdefault(standing.path[:depth], []).append(standing.passage)
        notes = steps[-1][0] == "footnote"
        least = min(map(len, found), default=0)
        return [
            Shelved(path, _without_notes(path, passages), _order(path[-1][1]))
            for path, passages in found.items()
            if notes or len(path) == least
        ]

    def _named(self, near: str) -> set[Step]:
        words = near.casefold()
        return {("heading", heading) for heading in self._headings if _names_heading(heading, words)}

    def _counts(self, asked: Sequence[Step], near: str) -> bool:
        """Whether a paragraph is asked for by its place alone, in a text that does not number them."""
        alone = len(asked) == 1 and asked[0][0] == "paragraph"
        return alone and not self._numbers_paragraphs and not self._named(near)

    def _counted(self) -> tuple[Shelved, ...]:
        """The paragraphs of the text, counted from its beginning."""
        found: dict[Path, list[Passage]] = {}
        for standing in self._standings:
            if standing.passage.kind is PassageKind.PARAGRAPH:
                found.setdefault(standing.path, []).append(standing.passage)
        return tuple(
            Shelved(path, tuple(p), n, counted=True) for n, (path, p) in enumerate(found.items(), start=1)
        )


def _printed_numbers(standings: Sequence[Standing]) -> dict[str, Shelved]:
    """Paragraphs whose own words begin with a number that their labels lack: 2.1, 2.2."""
    found: dict[str, Shelved] = {}
    for first in standings:
        number = _DOTTED.match(first.passage.text)
        if number and first.passage.kind is not PassageKind.FOOTNOTE:
            passages = tuple(s.passage for s in standings if s.path == first.path)
            found.setdefault(number[1], Shelved(first.path, passages, 0))
    return found


def last_of(groups: Sequence[Shelved]) -> Shelved | None:
    """The one with the highest number, or the last letter."""
    return max(groups, key=lambda g: g.order, default=None)


def nearest_to(groups: Sequence[Shelved], mention: Mention, most: int) -> list[Shelved]:
    """Those whose numbers are closest, in order."""
    wanted = _order(_opened([mention])[-1][1])
    close = sorted(groups, key=lambda g: abs(g.order - wanted))[:most]
    return sorted(close, key=lambda g: g.order)


def _order(number: str) -> int:
    return int(number) if number.isdigit() else sum(ord(c) for c in number)


def _opened(mentions: Sequence[Mention]) -> list[Step]:
    """Mentions, with what stands in brackets behind them, as they were called."""
    return [s for m in mentions for s in ((m.kind, m.numbers[0].casefold()), *m.inner)]


def _steps(kind: str, number: str) -> Iterator[Step]:
    pieces = number.split(".") if kind == "section" else [number]
    return ((kind, piece) for piece in pieces)


def _depth(path: Path, steps: Sequence[Step]) -> int | None:
    """How many steps of the path lead to the place; None if it is not on the path."""
    at = 0
    for kind, number in steps:
        while at < len(path) and not (path[at][0] == kind and _is_meant(number, path[at][1])):
            at += 1
        if at == len(path):
            return None
        at += 1
    return at


def _is_meant(wanted: str, number: str) -> bool:
    return wanted in (ANY, number) or (wanted == FIGURE and number.isdigit())


def _without_notes(path: Path, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """A section without the footnotes that belong to it."""
    if path[-1][0] == "footnote":
        return tuple(passages)
    return tuple(p for p in passages if p.kind is not PassageKind.FOOTNOTE)


def _names_heading(heading: str, words: str) -> bool:
    cue = cues().scopes.get(heading)
    if cue is not None and cue.search(words):
        return True
    return re.search(rf"(?<!\w){re.escape(heading)}(?!\w)", words) is not None


def is_last(mention: Mention) -> bool:
    return mention.numbers == (LAST,)
