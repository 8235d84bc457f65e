"""A reply as PDF, with its sheet attached; set in Roboto, which has the letters of European languages."""

from __future__ import annotations

import re
from datetime import datetime
from importlib import resources

import pypdfium2
from fpdf import FPDF

from rag.drafting.layout import Layout
from rag.drafting.sheet import Cited, Sheet

SHEET = "reply-sheet.json"
MARGIN_MM = 24
FOOTER_POINTS = 60
"""Below this height stands the page number, which may part a quotation."""
ROOM_UNDER_A_HEADING_MM = 30
_BODY, _SMALL, _HEADING, _TITLE = 11, 9, 12.5, 17
_LINE = 0.52
"""Height of a line in millimetres for each point of type."""


def to_pdf(sheet: Sheet) -> bytes:
    layout = Layout(sheet)
    pdf = _Paper()
    pdf.set_title(sheet.title or layout.label("reply"))
    pdf.set_lang(sheet.language)
    # The moment of approval, so that the same reply always makes the same file.
    pdf.set_creation_date(
        datetime.fromisoformat(sheet.approval.at if sheet.approval else f"{sheet.retrieved}T00:00:00+00:00")
    )
    pdf.add_page()
    pdf.paragraph(sheet.title or layout.label("reply"), _TITLE, "B")
    for line in layout.letter_head:
        pdf.paragraph(line, _BODY, "B")
    for text in layout.opening:
        pdf.paragraph(text)
    for number, part in enumerate(sheet.parts, start=1):
        pdf.paragraph(layout.heading(part, number), _HEADING, "B", before=3)
        for sentence in part.sentences:
            opening, closing = layout.around(sentence)
            pdf.words(("• " if part.kind == "lines" else "") + f"{opening}{sentence.text}{closing}")
            pdf.calls(sentence.citations)
            remark = layout.remark(sentence)
            pdf.words(f" {remark} " if remark else " ")
            if part.kind == "lines":
                pdf.end_paragraph()
        if part.kind != "lines":
            pdf.end_paragraph()
    for text in layout.closing:
        pdf.paragraph(text, before=3)
    if sheet.citations:
        pdf.paragraph(layout.label("sources"), _HEADING, "B", before=4)
    for number, cited in enumerate(sheet.citations, start=1):
        _note(pdf, layout, number, cited)
    for line in layout.colophon:
        pdf.paragraph(line, _SMALL, "I")
    pdf.embed_file(bytes=sheet.to_json().encode(), basename=SHEET, mime_type="application/json")
    return bytes(pdf.output())


def read_pdf(data: bytes) -> tuple[str, str] | None:
    """The sheet's JSON and the visible text without white space; None where there is no sheet. Raises ValueError."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError("not a PDF") from error
    try:
        attached = [document.get_attachment(i) for i in range(document.count_attachments())]
        sheets = [bytes(a.get_data()).decode() for a in attached if a.get_name() == SHEET]
        if not sheets:
            return None
        pages = (page.get_textpage().get_text_bounded(bottom=FOOTER_POINTS) for page in document)
        return sheets[0], squeezed("".join(pages))
    finally:
        document.close()


def squeezed(text: str) -> str:
    """The text without white space and line-end hyphens, which setting a page adds and takes away."""
    return re.sub(r"[\s\u00ad\ufffe\ufffd]+", "", text)


def _note(pdf: _Paper, layout: Layout, number: int, cited: Cited) -> None:
    opening, closing = layout.marks
    pdf.paragraph(f"{number}. {layout.source(cited)}. {layout.weight(cited)}.", _SMALL, "B", before=1)
    pdf.paragraph(f"{layout.quote_kind(cited)}: {opening}{cited.quote}{closing}", _SMALL)
    if cited.translation:
        pdf.paragraph(f"{layout.translated(cited)}: {cited.translation}", _SMALL, "I")
    link = layout.sheet.link(cited)
    if link:
        pdf.paragraph(link, _SMALL, link=link)


class _Paper(FPDF):
    def __init__(self) -> None:
        super().__init__(format="A4")
        folder = resources.files("font_roboto") / "files"
        for style, name in (("", "Regular"), ("B", "Bold"), ("I", "Italic")):
            self.add_font("Roboto", style, str(folder / f"Roboto-{name}.ttf"))
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, MARGIN_MM)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Roboto", "", 8)
        self.cell(0, 8, f"{self.page_no()}", align="C")

    def paragraph(
        self, text: str, size: float = _BODY, style: str = "", before: float = 0, link: str = ""
    ) -> None:
        if size > _BODY and self.will_page_break(ROOM_UNDER_A_HEADING_MM):
            self.add_page()
        self.ln(before)
        self.set_font("Roboto", style, size)
        self.multi_cell(0, size * _LINE, text, align="L", new_x="LMARGIN", new_y="NEXT", link=link)
        self.ln(size * _LINE / 2.5)

    def words(self, text: str) -> None:
        self.set_font("Roboto", "", _BODY)
        self.write(_BODY * _LINE, text)

    def calls(self, numbers: tuple[int, ...]) -> None:
        if numbers:
            self.char_vpos = "SUP"
            self.write(_BODY * _LINE, " " + ",".join(str(n) for n in numbers))
            self.char_vpos = "LINE"

    def end_paragraph(self) -> None:
        self.ln(_BODY * _LINE)
        self.ln(_BODY * _LINE / 2.5)
