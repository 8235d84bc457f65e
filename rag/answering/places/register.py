"""Where every passage of a text stands, read from its official label, and what stands at a place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from rag.answering.places.asking import LAST, Mention
from rag.answering.places.cues import cues
from rag.domain.passages import Passage, PassageKind

MOST_GROUPS = 3
"""Places of the same number, in different lists: all are given; of more, none."""
_OWN = re.compile(r"(?P<kind>point|paragraph|item|footnote|row) (?P<number>[^\s()]+)(?P<inner>(?:\(\w+\))*)")
_DIVISION = re.compile(
    r"(?P<name>article|artikel|annex|bilag|bijlage) (?P<number>[^\s.:]+)[.:]?", re.IGNORECASE
)
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
    if division := _DIVISION.fullmatch(piece):
        article = division["name"].casefold().startswith("arti")
        yield "article" if article else "annex", division["number"].casefold()
    elif _SECTION.fullmatch(piece):
        yield from (("section", number.casefold()) for number in piece.split("."))
    else:
        yield "heading", piece.casefold()


class Register:
    """The places of one text."""

    def __init__(self, passages: Sequence[Passage], short_title: str) -> None:
        self._standings = [Standing(path_of(p.label, short_title), p) for p in passages]
        self._numbers_paragraphs = any(
            s.passage.kind is PassageKind.PARAGRAPH and s.path[-1:] and s.path[-1][0] == "point"
            for s in self._standings
        )
        self._headings = {words for s in self._standings for kind, words in s.path if kind == "heading"}

    def tries(self, kind: str) -> tuple[str, ...]:
        """What labels may call it; in a text that numbers its paragraphs, "paragraph 3" is point 3."""
        names = cues().tries[kind]
        return ("point", *names) if kind == "paragraph" and self._numbers_paragraphs else names

    def find(self, mentions: Sequence[Mention], question: str) -> tuple[Shelved, ...]:
        """What stands there; several if the text counts more than once. Each mention has one number."""
        asked = _opened(mentions)
        for kinds in product(*(self.tries(kind) for kind, _ in asked)):
            steps = [s for k, (_, n) in zip(kinds, asked, strict=True) for s in _steps(k, n)]
            groups = self._narrowed(self._groups(steps), question)
            if 0 < len(groups) <= MOST_GROUPS:
                return tuple(groups)
        return self._counted_through(asked)

    def neighbours(self, mentions: Sequence[Mention], question: str) -> tuple[Shelved, ...]:
        """The numbered places of that kind within the same outer place, in order; none if it has none."""
        asked = _opened(mentions)
        for kinds in product(*(self.tries(kind) for kind, _ in asked)):
            outer = [s for k, (_, n) in zip(kinds[:-1], asked, strict=False) for s in _steps(k, n)]
            groups = self._narrowed(self._groups([*outer, (kinds[-1], "")]), question)
            if groups:
                return tuple(groups)
        return ()

    def _groups(self, steps: Sequence[Step]) -> list[Shelved]:
        """By path up to the last step, the shallowest only; an empty number stands for any."""
        found: dict[Path, list[Passage]] = {}
        for standing in self._standings:
            depth = _depth(standing.path, steps)
            if depth is not None:
                found.setdefault(standing.path[:depth], []).append(standing.passage)
        least = min(map(len, found), default=0)
        return [
            Shelved(path, _without_notes(path, passages))
            for path, passages in found.items()
            if len(path) == least
        ]

    def _narrowed(self, groups: list[Shelved], question: str) -> list[Shelved]:
        """Those under the headings that the question names, if it names any."""
        words = question.casefold()
        named = {h for h in self._headings if _names_heading(h, words)}
        if not named or not groups:
            return groups
        return [g for g in groups if any(kind == "heading" and w in named for kind, w in g.path)]

    def _counted_through(self, asked: Sequence[Step]) -> tuple[Shelved, ...]:
        """The paragraphs of a text that does not number them, counted from its beginning."""
        if len(asked) != 1 or asked[0][0] != "paragraph" or not asked[0][1].isdigit():
            return ()
        paths = list(
            dict.fromkeys(
                s.path for s in self._standings if s.path and s.path[-1][0] in ("paragraph", "point")
                and s.passage.kind is PassageKind.PARAGRAPH
            )
        )  # fmt: skip
        at = int(asked[0][1]) - 1
        if self._numbers_paragraphs or not 0 <= at < len(paths):
            return ()
        return (Shelved(paths[at], tuple(s.passage for s in self._standings if s.path == paths[at])),)


def is_counted_through(found: Shelved, mention: Mention) -> bool:
    """Whether the place bears another number than the one asked for."""
    return found.path[-1][1] != mention.numbers[0].casefold() and mention.kind == "paragraph"


def last_of(groups: Sequence[Shelved]) -> Shelved | None:
    """The one with the highest number, or the last letter."""
    return max(groups, key=lambda g: _order(g.path[-1][1]), default=None)


def nearest_to(groups: Sequence[Shelved], number: str, most: int) -> list[Shelved]:
    """Those whose numbers are closest, in order."""
    wanted = _order(number.casefold())
    close = sorted(groups, key=lambda g: abs(_order(g.path[-1][1]) - wanted))[:most]
    return sorted(close, key=lambda g: _order(g.path[-1][1]))


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
        while at < len(path) and not (path[at][0] == kind and number in ("", path[at][1])):
            at += 1
        if at == len(path):
            return None
        at += 1
    return at


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
