"""Real footnotes for python-docx, which has none: the part of the file that holds them (ECMA-376, 17.11).

Vendor types come in and go no further than the DOCX writer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.shared import OxmlElement
from lxml import etree

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_FRAME = f"""<w:footnotes {nsdecls("w")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>"""

Runs = list[tuple[str, str]]
"""Texts with the character style of each ("" for none)."""


class Footnotes:
    """The footnotes of one document; `finish` puts them into it."""

    def __init__(self) -> None:
        self._root = parse_xml(_FRAME)

    def call(self, paragraph: Any, number: int, paragraphs: list[Runs]) -> None:
        """Call note `number` at the end of `paragraph`; the note is kept and can be called again."""
        run = paragraph.add_run()
        run.style = "Footnote Reference"
        start = OxmlElement("w:bookmarkStart")
        start.set(qn("w:id"), str(number))
        start.set(qn("w:name"), _bookmark(number))
        end = OxmlElement("w:bookmarkEnd")
        end.set(qn("w:id"), str(number))
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(number))
        run._r.append(reference)
        run._r.addprevious(start)
        run._r.addnext(end)
        self._root.append(_note(number, paragraphs))

    @staticmethod
    def call_again(paragraph: Any, number: int) -> None:
        """Point to a note that was called before, with a field that follows its number."""
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), f" NOTEREF {_bookmark(number)} \\f \\h ")
        run = paragraph.add_run(str(number))
        run.style = "Footnote Reference"
        run._r.addprevious(field)
        field.append(run._r)

    def finish(self, document: Any) -> None:
        blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, blob, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def add_styles(document: Any, add: Callable[[str, int], Any]) -> None:
    """The styles that notes need: "Footnote Text" (paragraph) and "Footnote Reference" (character)."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    text = add("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
    text.base_style = document.styles["Normal"]
    text.font.size = Pt(9)
    text.paragraph_format.space_after = Pt(2)
    reference = add("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True


def _bookmark(number: int) -> str:
    return f"_Note{number}"


def _note(number: int, paragraphs: list[Runs]) -> Any:
    note = OxmlElement("w:footnote")
    note.set(qn("w:id"), str(number))
    for index, runs in enumerate(paragraphs):
        paragraph = OxmlElement("w:p")
        properties = OxmlElement("w:pPr")
        style = OxmlElement("w:pStyle")
        style.set(qn("w:val"), "FootnoteText")
        properties.append(style)
        paragraph.append(properties)
        if index == 0:
            mark = _run("", "FootnoteReference")
            mark.append(OxmlElement("w:footnoteRef"))
            paragraph.append(mark)
            paragraph.append(_run(" ", ""))
        for text, character_style in runs:
            paragraph.append(_run(text, character_style))
        note.append(paragraph)
    return note


def _run(text: str, style: str) -> Any:
    run = OxmlElement("w:r")
    if style:
        properties = OxmlElement("w:rPr")
        named = OxmlElement("w:rStyle")
        named.set(qn("w:val"), style)
        properties.append(named)
        run.append(properties)
    if text:
        words = OxmlElement("w:t")
        words.text = text
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(words)
    return run
