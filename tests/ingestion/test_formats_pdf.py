"""PDFs made by the tests: columns, running heads, headings, footnote calls, and the ones that cannot be read."""

from __future__ import annotations

import pytest
from pdf_writer import Piece, write_pdf

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats import extract

LEFT = ["The first column begins", "with words that run on", "to the foot of the page", "and there it ends with",
        "a word that is divi-", "ded at the line's end.", "Its last line is here."]  # fmt: skip
RIGHT = ["The second column has", "as many lines, and they", "must come after all of", "the lines of the first,",
         "never between them, or", "no sentence would hold", "together at all."]  # fmt: skip


def lines(texts: list[str], x: float = 72, y: float = 720, step: float = 12, size: float = 10) -> list[Piece]:
    return [Piece(x, y - step * n, text, size) for n, text in enumerate(texts)]


def text_of(*pages: list[Piece]) -> str:
    return extract(write_pdf(list(pages)), "a.pdf").text


def test_two_columns_are_read_one_after_the_other() -> None:
    text = text_of([*lines(LEFT), *lines(RIGHT, x=320)])
    assert [line for line in text.split("\n") if line] == [*LEFT, *RIGHT]


def test_a_full_width_line_parts_the_columns_above_from_those_below() -> None:
    wide = Piece(
        72,
        620,
        "This sentence stands across both of the columns and so it parts what is above from what is below it.",
    )
    below = [*lines(LEFT[:5], y=600), *lines(RIGHT[:5], x=320, y=600)]
    kept = [line for line in text_of([*lines(LEFT), *lines(RIGHT, x=320), wide, *below]).split("\n") if line]
    assert kept == [*LEFT, *RIGHT, wide.text, *LEFT[:5], *RIGHT[:5]]


def test_one_column_is_not_taken_for_two() -> None:
    body = ["One column of running text goes right across the page, as letters and laws mostly do,"] * 9
    assert text_of(lines(body)).split("\n")[:-1] == body


def test_a_divided_word_stays_for_the_parser_to_mend() -> None:
    assert "divi-\nded" in text_of(lines(LEFT))


def test_a_wider_gap_begins_a_paragraph() -> None:
    assert "page\n\nand" in text_of([*lines(LEFT[:3]), *lines(LEFT[3:], y=660)])


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            Piece(72, 800, "Official Journal of the Union"),
            *lines([f"Words of page {name}", *LEFT]),
            Piece(290, 40, str(number)),
        ]
        for number, name in enumerate(("one", "two", "three", "four"), start=1)
    ]
    text = text_of(*pages)
    assert "Official Journal" not in text
    assert not any(line.strip().isdigit() for line in text.split("\n"))
    assert all(f"Words of page {name}" in text for name in ("one", "two", "three", "four"))


def test_a_sentence_runs_on_over_the_page_break_without_a_paragraph_between() -> None:
    assert "is not\ndone yet." in text_of(lines(["A sentence that is not"]), lines(["done yet. Then it is."]))


def test_larger_lines_are_headings_by_their_size_and_bold_ones_below_them() -> None:
    page = [
        Piece(72, 780, "The Title", 20),
        Piece(72, 750, "A part", 14),
        Piece(72, 730, "Article 1", 10, bold=True),
        *lines(LEFT, y=715),
    ]
    marked = [line for line in text_of(page).split("\n") if line.startswith("#")]
    assert marked == ["# The Title", "## A part", "### Article 1"]


def test_a_raised_number_is_a_footnote_call() -> None:
    page = [
        *lines(LEFT),
        Piece(72, 500, "It was adopted in 2008"),
        Piece(177, 504, "1", 6),
        Piece(190, 500, "by all."),
    ]
    note = [Piece(72, 400, "1", 5), Piece(76, 398, "See the minutes.", 8)]
    text = text_of([*page, *note])
    assert "2008¹ by all." in text
    assert "¹ See the minutes." in text


def test_danish_letters_and_dashes_survive() -> None:
    assert "børn på nettet – “altid” § 5" in text_of(lines(["børn på nettet – “altid” § 5"]))


def test_title_and_language_come_from_the_file() -> None:
    found = extract(write_pdf([lines(LEFT)], title="The Rules", language="da-DK"), "a.pdf")
    assert (found.title, found.language_hint) == ("The Rules", "da")


def test_a_file_name_is_no_title() -> None:
    assert extract(write_pdf([lines(LEFT)], title="Microsoft Word - draft2.docx"), "a.pdf").title == ""


GOOD = write_pdf([lines(LEFT)])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (write_pdf([lines(LEFT)], encrypted=True), r"a\.pdf is protected by a password. Save a copy"),
        (write_pdf([[]]), r"a\.pdf has no text\. Run text recognition"),
        (b"%PDF-1.7\n" + b"garbage " * 50, r"a\.pdf is a damaged PDF|a\.pdf has no text"),
        (GOOD[:200], r"a\.pdf is a damaged PDF|a\.pdf has no text"),
    ],
    ids=["encrypted", "scan", "garbage", "cut off"],
)
def test_what_cannot_be_read_is_told_with_what_to_do(data: bytes, told: str) -> None:
    with pytest.raises(UnreadableDocument, match=told):
        extract(data, "a.pdf")
