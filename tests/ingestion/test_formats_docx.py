"""Word files made by the tests with python-docx."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats import extract
from rag.ingestion.formats.numbering import letter, roman

NOTES = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:id="1"><w:p><w:r><w:t>Directive 2011/93/EU.</w:t></w:r></w:p></w:footnote></w:footnotes>'
)


def saved(document: object) -> bytes:
    out = BytesIO()
    document.save(out)  # type: ignore[attr-defined]  # python-docx ships no types
    return out.getvalue()


def test_headings_lists_and_paragraphs_keep_their_order() -> None:
    document = docx.Document()
    document.add_heading("The Rules", 0)
    document.add_heading("Scope", 1)
    document.add_paragraph("They apply to all.")
    document.add_paragraph("providers", style="List Bullet")
    document.add_paragraph("parents", style="List Bullet")
    document.add_paragraph("report", style="List Number")
    document.add_paragraph("remove", style="List Number")
    text = extract(saved(document), "a.docx").text
    assert (
        text
        == "\n# The Rules\n\n# Scope\n\nThey apply to all.\n\n- providers\n- parents\n1. report\n2. remove\n"
    )


def test_a_table_becomes_rows_in_its_place() -> None:
    document = docx.Document()
    document.add_paragraph("Before.")
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(
        [c for row in table.rows for c in row.cells], ["Act", "Date", "A", "1.1.2020"], strict=True
    ):
        cell.text = words
    document.add_paragraph("After.")
    assert (
        "Before.\n\n| Act | Date |\n|---|---|\n| A | 1.1.2020 |\n\n\nAfter."
        in extract(saved(document), "a.docx").text
    )


def test_a_footnote_is_called_where_it_was_and_stands_at_the_end() -> None:
    document = docx.Document()
    run = document.add_paragraph("As the Directive says").add_run()
    call = OxmlElement("w:footnoteReference")
    call.set(qn("w:id"), "1")
    run._r.append(call)
    document.add_paragraph("The end.")
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        NOTES.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    text = extract(saved(document), "a.docx").text
    assert "As the Directive says¹\n\nThe end.\n\n¹ Directive 2011/93/EU.\n" in text


def test_deleted_words_are_not_read_and_inserted_ones_are() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("must ")
    for tag, inner, words in (("w:del", "w:delText", "not "), ("w:ins", "w:t", "report")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    assert extract(saved(document), "a.docx").text.strip() == "must report"


def test_title_and_language_come_from_the_properties() -> None:
    document = docx.Document()
    document.add_paragraph("Tekst.")
    document.core_properties.title, document.core_properties.language = "De regels", "nl-NL"
    found = extract(saved(document), "a.docx")
    assert (found.title, found.language_hint) == ("De regels", "nl")


@pytest.mark.parametrize(
    ("number", "letters", "digits"), [(1, "a", "i"), (4, "d", "iv"), (27, "aa", "xxvii"), (49, "ww", "xlix")]
)
def test_numbers_are_written_as_word_does(number: int, letters: str, digits: str) -> None:
    assert (letter(number), roman(number)) == (letters, digits)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a/>")
        with archive.open("word/media/x", "w") as member:
            for _ in range(40):
                member.write(b"\0" * 1_000_000)
    with pytest.raises(UnreadableDocument, match=r"a\.docx would unpack to 40 MB"):
        extract(out.getvalue(), "a.docx")


def test_a_damaged_or_foreign_archive_is_told() -> None:
    for member, told in (
        ("word/document.xml", r"a\.docx is a damaged DOCX"),
        ("xl/workbook.xml", r"a\.docx is a zip archive"),
    ):
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(member, b"<broken")
        with pytest.raises(UnreadableDocument, match=told):
            extract(out.getvalue(), "a.docx")
