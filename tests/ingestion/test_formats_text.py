"""Plain text in every encoding people send, collections in .jsonl, and the files that are no text."""

from __future__ import annotations

import codecs
import json

import pytest

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats import extract, extracting, read_jsonl
from rag.ingestion.formats import extracted as limits

DANISH = "Børn på nettet har krav på beskyttelse – “altid” – også når forældre ikke ser det. Prisen er 5 €.\r\nNæste linje.\n"
POLISH = (
    "Państwa członkowskie zapewniają, że każde dziecko otrzymuje pomoc, której potrzebuje, i że sprawców się ściga. "
    * 5
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_the_encoding_is_found_and_the_text_left_as_it_is(encoding: str) -> None:
    assert extract(DANISH.encode(encoding), "a.txt").text == DANISH


def test_latin_1_is_read() -> None:
    text = "Børn har ret til beskyttelse, og forældre må spørge.\n"
    assert extract(text.encode("latin-1"), "a.txt").text == text


def test_an_eastern_encoding_is_not_taken_for_a_western_one() -> None:
    assert extract(POLISH.encode("cp1250"), "a.txt").text == POLISH


def test_a_single_accented_letter_in_windows_1252_is_read() -> None:
    assert extract("The café’s rules.".encode("cp1252"), "a.txt").text == "The café’s rules."


def test_a_stray_nul_keeps_every_position() -> None:
    text = "Rules for all. " * 20 + "\0" + " More of them."
    found = extract(text.encode(), "a.txt").text
    assert len(found) == len(text)
    assert "\0" not in found


def test_form_feeds_are_part_of_a_text() -> None:
    assert extract(b"page one\fpage two\f" * 20, "a.txt").text.count("\f") == 40


def test_a_web_page_called_txt_is_known_by_its_first_words() -> None:
    assert extract(b"  <!DOCTYPE html><html><body><p>Rules</p></body></html>", "a.txt").text == "Rules\n"


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "a.txt", r"a\.txt is empty"),
        (codecs.BOM_UTF8, "a.txt", r"a\.txt is empty"),
        (b" \n\t\r\n ", "a.txt", r"a\.txt is empty"),
        (b"\0" * 100, "a.txt", r"a\.txt is empty"),
        (b"--- *** ---", "a.txt", r"a\.txt holds no text"),
        (bytes(range(32)) * 40, "a.txt", r"a\.txt does not look like text"),
        (b"plain words, no PDF", "a.pdf", r"a\.pdf is called \.pdf but is not one"),
        (b"plain words", "a.docx", r"a\.docx is called \.docx but is not one"),
        (b"\x89PNG\r\n\x1a\n....", "a.txt", r"a\.txt is a picture\. Save it as"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.doc", r"a\.doc is an old Office file"),
        (b"{\\rtf1 words}", "a.rtf", r"a\.rtf is an RTF file"),
        (b"PK\x03\x04 broken", "a.docx", r"a\.docx is damaged"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00", "a.txt", r"a\.txt is damaged utf-16"),
    ],
)
def test_what_is_no_text_is_told_with_what_to_do(data: bytes, name: str, told: str) -> None:
    with pytest.raises(UnreadableDocument, match=told):
        extract(data, name)


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "MAX_FILE_BYTES", 10)
    with pytest.raises(UnreadableDocument, match=r"a\.txt has .* the limit is"):
        extract(b"eleven bytes", "a.txt")


def test_a_text_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CHARACTERS", 10)
    with pytest.raises(UnreadableDocument, match="holds 16 characters; the limit is 10"):
        extract(b"sixteen letters!", "a.txt")


def jsonl(*objects: object) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects).encode()


def test_a_jsonl_file_holds_one_document_a_line() -> None:
    found = list(
        read_jsonl(
            jsonl({"id": "a", "text": "Æ  1\n2", "title": "T", "language": "da-DK"}, {"id": 7, "text": "b"}),
            "x.jsonl",
        )
    )
    assert [(d.id, d.text, d.title, d.language_hint) for d in found] == [
        ("a", "Æ  1\n2", "T", "da"),
        ("7", "b", "", ""),
    ]


def test_line_separators_inside_a_text_do_not_divide_the_line() -> None:
    assert [d.text for d in read_jsonl(jsonl({"id": "a", "text": "one\u2028two\x85three"}), "x.jsonl")] == [
        "one\u2028two\x85three"
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", r"x\.jsonl is empty"),
        (b'{"id": "a", "text": "b"}\n{"id": ', r"x\.jsonl, line 2 is not JSON"),
        (b"[1]", r"x\.jsonl, line 1 is not an object"),
        (jsonl({"text": "b"}), r'x\.jsonl, line 1, field "id"'),
        (jsonl({"id": True, "text": "b"}), r'x\.jsonl, line 1, field "id"'),
        (jsonl({"id": "a"}), r'x\.jsonl, line 1, field "text"'),
        (jsonl({"id": "a", "text": " "}), r"x\.jsonl, line 1 holds no text"),
        (jsonl({"id": "a", "text": "b", "language": 4}), r'field "language" must be a string'),
        (b"[" * 200_000, r"x\.jsonl, line 1 is not JSON"),
    ],
)
def test_a_wrong_line_is_named(data: bytes, told: str) -> None:
    with pytest.raises(UnreadableDocument, match=told):
        list(read_jsonl(data, "x.jsonl"))


def test_a_lone_surrogate_does_not_reach_the_index() -> None:
    (document,) = read_jsonl(b'{"id": "a", "text": "odd \\ud800 sign"}', "x.jsonl")
    assert document.text == "odd ? sign"
