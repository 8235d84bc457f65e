"""Word's automatic numbers: "1.", "(a)", "II", "2.3" are not in a paragraph's text but in word/numbering.xml."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

BULLET = "- "


class Numbering:
    """Counts the numbered paragraphs of one document, in their order."""

    def __init__(self, levels: dict[tuple[str, int], tuple[str, str, int]]) -> None:
        self._levels = levels
        self._counts: dict[tuple[str, int], int] = {}

    @classmethod
    def of(cls, document: Any) -> Numbering:
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return cls({})
        abstract = {a.get(qn("w:abstractNumId")): a for a in root.findall(qn("w:abstractNum"))}
        levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        for number in root.findall(qn("w:num")):
            base = abstract.get(_value(number, "w:abstractNumId"))
            for level in base.findall(qn("w:lvl")) if base is not None else ():
                place = (number.get(qn("w:numId")), int(level.get(qn("w:ilvl"))))
                levels[place] = (
                    _value(level, "w:numFmt") or "decimal",
                    _value(level, "w:lvlText") or "%1.",
                    int(_value(level, "w:start") or 1),
                )
        return cls(levels)

    def mark(self, paragraph: Paragraph) -> str:
        """What Word prints before the paragraph, with a space; nothing if it is no list item."""
        place = _place(paragraph)
        if place is None:
            return BULLET if _style(paragraph).startswith("list bullet") else ""
        number, level = place
        form, pattern, _ = self._levels.get(place, ("bullet", "", 1))
        indent = "  " * level
        if form == "none":
            return ""
        if form == "bullet":
            return indent + BULLET
        self._count(number, level)
        return indent + re.sub(r"%(\d)", lambda found: self._shown(number, int(found[1]) - 1), pattern) + " "

    def _count(self, number: str, level: int) -> None:
        start = self._levels[number, level][2]
        self._counts[number, level] = self._counts.get((number, level), start - 1) + 1
        for deeper in [place for place in self._counts if place[0] == number and place[1] > level]:
            del self._counts[deeper]

    def _shown(self, number: str, level: int) -> str:
        form, _, start = self._levels.get((number, level), ("decimal", "", 1))
        return FORMS.get(form, str)(self._counts.get((number, level), start))


def _place(paragraph: Paragraph) -> tuple[str, int] | None:
    for properties in (paragraph._p.pPr, *_style_properties(paragraph)):
        numbered = properties.find(qn("w:numPr")) if properties is not None else None
        if numbered is not None:
            number = _value(numbered, "w:numId")
            return (number, int(_value(numbered, "w:ilvl") or 0)) if number and number != "0" else None
    return None


def _style_properties(paragraph: Paragraph) -> list[Any]:
    found, style = [], paragraph.style
    while style is not None:
        found.append(style.element.find(qn("w:pPr")))
        style = style.base_style
    return found


def _style(paragraph: Paragraph) -> str:
    return (paragraph.style.name or "").lower() if paragraph.style is not None else ""


def _value(element: Any, child: str) -> str:
    found = element.find(qn(child))
    return "" if found is None else str(found.get(qn("w:val")) or "")


def letter(number: int) -> str:
    """1 is "a", 27 "aa", as Word counts."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def roman(number: int) -> str:
    steps = (
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
    )
    digits = ""
    for value, sign in (*steps, (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        count, number = divmod(number, value)
        digits += sign * count
    return digits


FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letter,
    "upperLetter": lambda number: letter(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
}
