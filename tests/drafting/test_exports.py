"""The documents: what stands in them, and that a check lets them pass untouched and no other way."""

from __future__ import annotations

import base64
import io
import random
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from rag.domain.errors import RecordError
from rag.drafting.checking import check_sheet, verify_file
from rag.drafting.export import KINDS, export
from rag.drafting.export.docx import read_docx
from rag.drafting.export.markdown import split
from rag.drafting.sheet import Cited, Sheet
from tests.drafting.corpus_assistant import library

CHANGES = 100
LETTERS = "abcdefghijklmnopqrstuvwxyzæøåé0123456789,.;"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(sheet: Sheet, kind: str, folder: Path) -> Path:
    path = folder / f"reply.{kind}"
    path.write_bytes(export(sheet, kind))
    return path


def problems(path: Path) -> tuple[str, ...]:
    """What the check says; a file that cannot be read any more counts as found out."""
    try:
        return verify_file(path, library())[1]
    except RecordError as error:
        return (str(error),)


@pytest.mark.parametrize("kind", KINDS)
def test_every_export_is_accepted_untouched(sheet: Sheet, kind: str, tmp_path: Path) -> None:
    read, found = verify_file(written(sheet, kind, tmp_path), library())
    assert found == ()
    assert read == sheet


def one_letter_changed(text: str, dice: random.Random) -> str:
    """A letter replaced, taken out, put in, or its case turned: always a different text."""
    while True:
        at = dice.randrange(len(text))
        changed = dice.choice(
            (
                text[:at] + dice.choice(LETTERS) + text[at + 1 :],
                text[:at] + text[at + 1 :],
                text[:at] + dice.choice(LETTERS) + text[at:],
                text[:at] + text[at].swapcase() + text[at + 1 :],
            )
        )
        if changed != text:
            return changed


def test_a_hundred_changes_in_quotations_of_the_sheet_are_all_found(quoting: Sheet, tmp_path: Path) -> None:
    dice = random.Random(2607)
    for _ in range(CHANGES):
        number = dice.randrange(len(quoting.citations))
        cited = quoting.citations[number]
        forged = cited.model_copy(update={"quote": one_letter_changed(cited.quote, dice)})
        citations = (*quoting.citations[:number], forged, *quoting.citations[number + 1 :])
        # Even a forger who seals the sheet anew is found out by the texts themselves.
        resealed = quoting.model_copy(update={"citations": citations}).sealed()
        assert any(f"Note {number + 1} " in p for p in check_sheet(resealed, library()))
        left = quoting.model_copy(update={"citations": citations})
        assert any("The sheet was changed" in p for p in check_sheet(left, library()))


def test_a_hundred_changes_in_quotations_of_the_word_file_are_all_found(
    quoting: Sheet, tmp_path: Path
) -> None:
    original = export(quoting, "docx")
    dice = random.Random(1)
    for _ in range(CHANGES):
        path = tmp_path / "forged.docx"
        path.write_bytes(_with_changed_footnote(original, dice))
        assert problems(path)


def _with_changed_footnote(data: bytes, dice: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts["word/footnotes.xml"])
    quoted = [
        run.find(f"{W}t")
        for run in root.iter(f"{W}r")
        if run.find(f"{W}rPr/{W}rStyle") is not None
        and run.find(f"{W}rPr/{W}rStyle").get(f"{W}val") == "Quotation"
    ]
    chosen = dice.choice(quoted)
    chosen.text = one_letter_changed(chosen.text, dice)
    parts["word/footnotes.xml"] = etree.tostring(root)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("kind", ["html", "md"])
def test_a_hundred_changes_in_quotations_on_the_page_are_all_found(
    quoting: Sheet, kind: str, tmp_path: Path
) -> None:
    text = export(quoting, kind).decode()
    dice = random.Random(2)
    places = _quotation_places(text, kind)
    assert len(places) == len(quoting.citations)
    for _ in range(CHANGES):
        start, end = dice.choice(places)
        path = tmp_path / f"forged.{kind}"
        path.write_text(text[:start] + one_letter_changed(text[start:end], dice) + text[end:], "utf-8")
        assert problems(path)


def _quotation_places(text: str, kind: str) -> list[tuple[int, int]]:
    pattern = r'<blockquote class="quotation"[^>]*>(.*?)</blockquote>'
    if kind == "md":
        pattern = r"^\[\^\d+\]: [“»](.*)[”«]$"
    return [m.span(1) for m in re.finditer(pattern, text, re.DOTALL if kind == "html" else re.MULTILINE)]


@pytest.mark.parametrize("kind", ["docx", "html", "md", "json"])
def test_a_changed_sentence_is_found_too(sheet: Sheet, kind: str, tmp_path: Path) -> None:
    other = sheet.parts[0].sentences[0].model_copy(update={"text": "Something else."})
    part = sheet.parts[0].model_copy(update={"sentences": (other, *sheet.parts[0].sentences[1:])})
    forged = sheet.model_copy(update={"parts": (part, *sheet.parts[1:])})
    assert problems(written(forged, kind, tmp_path))


def test_words_that_moved_or_a_text_that_changed_are_told_apart(quoting: Sheet) -> None:
    sheet = quoting
    cited = sheet.citations[0]

    def said(**changes: object) -> str:
        forged: Cited = cited.model_copy(update=changes)
        return " ".join(
            check_sheet(
                sheet.model_copy(update={"citations": (forged, *sheet.citations[1:])}).sealed(), library()
            )
        )

    start, end = cited.spans[0]
    assert "reads otherwise" in said(spans=((start, end - 1), *cited.spans[1:]))
    assert "not among ours" in said(document="elsewhere")
    assert "lies outside" in said(spans=((0, 10**9),))
    assert "not a place" in said(spans=((9, 3),))
    assert "has changed since" in said(document_sha256="0" * 64)


def test_the_word_file_has_real_footnotes_called_in_order(sheet: Sheet) -> None:
    data = export(sheet, "docx")
    document = Document(io.BytesIO(data))
    body = etree.fromstring(etree.tostring(document.element))
    called = [int(r.get(f"{W}id")) for r in body.iter(f"{W}footnoteReference")]
    assert called == list(range(1, len(sheet.citations) + 1))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert len(package.namelist()) == len(set(package.namelist()))
        notes = etree.fromstring(package.read("word/footnotes.xml"))
    ids = [int(n.get(f"{W}id")) for n in notes.iter(f"{W}footnote")]
    assert ids == [-1, 0, *called]
    text = "".join(notes.itertext())
    for cited in sheet.citations:
        for stands in (cited.quote, cited.label, cited.date, cited.translation):
            assert stands in text
    shown = "\n".join(p.text for p in document.paragraphs)
    for stands in (sheet.greeting, "Bob <&>", sheet.index, sheet.retrieved, sheet.attribution_text):
        assert stands in shown


def test_every_document_names_quote_translation_reference_date_weight_and_approver(sheet: Sheet) -> None:
    page = re.sub(r"\s+", " ", _visible_html(export(sheet, "html").decode()))
    visible = split(export(sheet, "md").decode())
    assert visible
    markdown = visible[0].replace("\\", "")
    for cited in sheet.citations:
        for stands in (cited.quote, cited.translation, cited.date):
            assert re.sub(r"\s+", " ", stands) in page
            assert stands.replace("\n", " ") in markdown
    assert "Bob <&>" in page


def _visible_html(text: str) -> str:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(text, "html.parser")
    for data in page("script"):
        data.decompose()
    return page.get_text()


def test_the_pages_of_the_pdf_can_be_drawn_and_hold_every_letter(sheet: Sheet, tmp_path: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(export(sheet, "pdf"))
    for page in document:
        drawn = page.render(scale=1.5).to_pil().convert("L")
        assert drawn.getextrema()[0] < 60
    document.close()


def test_markup_in_words_stays_words(sheet: Sheet) -> None:
    evil = sheet.model_copy(
        update={"title": "<script>alert(1)</script> *x* [y](z)", "greeting": "</script><b>"}
    ).sealed()
    page = export(evil, "html").decode()
    assert "<script>alert" not in page
    assert page.count("</script>") == 1
    assert r"\<script\>alert(1)\</script\> \*x\* \[y\](z)" in export(evil, "md").decode()
    read = read_docx(export(evil, "docx"))
    assert read is not None
    assert Sheet.model_validate_json(read[0]) == evil


def test_files_without_a_sheet_are_refused(tmp_path: Path) -> None:
    plain = io.BytesIO()
    Document().save(plain)
    files = {
        "a.docx": plain.getvalue(),
        "a.html": b"<p>no</p>",
        "a.md": b"no",
        "a.json": b"{}",
        "a.pdf": b"%PDF-1.4 nothing",
        "b.md": b"x\n<!-- sheet: " + base64.b64encode(b"{}") + b" -->\n",
        "c.txt": b"",
    }
    for name, data in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(RecordError):
            verify_file(path, library())
    with pytest.raises(RecordError, match="cannot be read"):
        verify_file(tmp_path / "none.json", library())
