"""A reply as DOCX with real footnotes; the sheet travels in a part of its own that Word keeps.

What is quoted and what is said carry character styles, so that both can be read back exactly.
"""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from lxml import etree

from rag.drafting.export.footnotes import Footnotes, Runs, add_styles
from rag.drafting.layout import Layout
from rag.drafting.sheet import Cited, ReplySentence, Sheet

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_NAMESPACE = "urn:ask-the-rules:sheet"
_SHEET = "customXml/item9.xml"
"""Word keeps parts so named; the lower numbers are taken by templates."""
QUOTATION, SENTENCE = "Quotation", "ReplySentence"
MOST_XML_BYTES = 32 * 1024 * 1024


def to_docx(sheet: Sheet) -> bytes:
    layout = Layout(sheet)
    document = Document()
    _set_up(document, layout)
    notes = Footnotes()
    document.add_heading(sheet.title or layout.label("reply"), 1)
    for line in layout.letter_head:
        document.add_paragraph().add_run(line).bold = True
    for text in layout.opening:
        document.add_paragraph(text)
    called: set[int] = set()
    for number, part in enumerate(sheet.parts, start=1):
        document.add_heading(layout.heading(part, number), 2)
        paragraph = None
        for sentence in part.sentences:
            if paragraph is None or part.kind == "lines":
                paragraph = document.add_paragraph(style="List Bullet" if part.kind == "lines" else None)
            _add_sentence(paragraph, layout, sentence, notes, called)
    for text in layout.closing:
        document.add_paragraph(text)
    for line in layout.colophon:
        document.add_paragraph(style="Colophon").add_run(line)
    notes.finish(document)
    _embed(document, sheet)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def read_docx(data: bytes) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """The sheet's JSON, the sentences and the quotations a reader sees; None where there is no sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        packed = next(
            (
                found
                for name in names
                if name.startswith("customXml/") and (found := _sheet_in(package, name))
            ),
            None,
        )
        if packed is None:
            return None
        body = _styled(_xml(package, "word/document.xml"), SENTENCE)
        footnotes = _xml(package, "word/footnotes.xml") if "word/footnotes.xml" in names else None
        quoted = _styled(footnotes, QUOTATION) if footnotes is not None else ()
    return base64.b64decode(packed).decode(), body, quoted


def _set_up(document: Any, layout: Layout) -> None:
    sheet = layout.sheet
    core = document.core_properties
    core.title, core.language = sheet.title or layout.label("reply"), sheet.language
    core.author = core.last_modified_by = sheet.approval.by if sheet.approval else ""
    core.comments, core.identifier = "", f"{sheet.reference}/{sheet.version}"
    core.created = core.modified = datetime.fromisoformat(
        sheet.approval.at if sheet.approval else f"{sheet.retrieved}T00:00:00"
    ).replace(tzinfo=None)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)

    def add(name: str, kind: int) -> Any:
        return document.styles.add_style(name, kind)

    add_styles(document, add)
    add(QUOTATION, WD_STYLE_TYPE.CHARACTER)
    add(SENTENCE, WD_STYLE_TYPE.CHARACTER)
    colophon = add("Colophon", WD_STYLE_TYPE.PARAGRAPH)
    colophon.base_style = normal
    colophon.font.size, colophon.font.italic = Pt(8.5), True


def _add_sentence(
    paragraph: Any, layout: Layout, sentence: ReplySentence, notes: Footnotes, called: set[int]
) -> None:
    opening, closing = layout.around(sentence)
    if opening:
        paragraph.add_run(opening)
    paragraph.add_run(sentence.text, style=SENTENCE)
    if closing:
        paragraph.add_run(closing)
    for index, number in enumerate(sentence.citations):
        if index:
            paragraph.add_run(",").font.superscript = True
        if number in called:
            notes.call_again(paragraph, number)
        else:
            called.add(number)
            notes.call(paragraph, number, _note(layout, layout.sheet.citations[number - 1]))
    remark = layout.remark(sentence)
    paragraph.add_run(f" {remark} " if remark else " ")


def _note(layout: Layout, cited: Cited) -> list[Runs]:
    opening, closing = layout.marks
    made: list[Runs] = [
        [(f"{layout.source(cited)}. {layout.weight(cited)}.", "")],
        [(f"{layout.quote_kind(cited)}: {opening}", ""), (cited.quote, QUOTATION), (closing, "")],
    ]
    if cited.translation:
        made.append([(f"{layout.translated(cited)}: {cited.translation}", "")])
    link = layout.sheet.link(cited)
    if link:
        made.append([(link, "")])
    return made


def _embed(document: Any, sheet: Sheet) -> None:
    packed = base64.b64encode(sheet.to_json().encode()).decode()
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<sheet xmlns="{_NAMESPACE}">{packed}</sheet>'
    part = Part(PackURI(f"/{_SHEET}"), "application/xml", xml.encode(), document.part.package)
    document.part.relate_to(part, _RELATION)


def _sheet_in(package: zipfile.ZipFile, name: str) -> str | None:
    if not name.endswith(".xml"):
        return None
    root = _xml(package, name)
    return str(root.text) if root.tag == f"{{{_NAMESPACE}}}sheet" else None


def _xml(package: zipfile.ZipFile, name: str) -> Any:
    if package.getinfo(name).file_size > MOST_XML_BYTES:
        raise ValueError(f"{name} is too large")
    safe = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(package.read(name), safe)


def _styled(root: Any, style: str) -> tuple[str, ...]:
    """The texts of the runs in `style`; neighbouring runs of a paragraph belong together."""
    found: list[str] = []
    for paragraph in root.iter(qn("w:p")):
        open_run = False
        for run in paragraph.iter(qn("w:r")):
            named = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
            words = "".join(_text(node) for node in run)
            if named is not None and named.get(qn("w:val")) == style:
                if open_run:
                    found[-1] += words
                else:
                    found.append(words)
                open_run = True
            elif words or run.find(qn("w:footnoteReference")) is not None:
                open_run = False
    return tuple(found)


def _text(node: Any) -> str:
    if node.tag in (qn("w:t"), qn("w:delText")):
        return str(node.text or "")
    return {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}.get(
        node.tag, ""
    )
