"""The catalogue: what it must say of the five texts, and how its mistakes are told."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from rag.domain.documents import LegalForce
from rag.domain.errors import CorpusError, HashMismatch, UnknownDocument
from rag.ingestion.catalogue import find, load_catalogue

CORPUS = Path(__file__).parents[2] / "corpus"
GOOD = """
[[text]]
id = "a"
file = "a.txt"
sha256 = "{digest}"
language = "en"
short_title = "A"
[text.titles]
en = "Text A"
"""


def folder(tmp_path: Path, body: str = "Words.", change: tuple[str, str] = ("", "")) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text(body, encoding="utf-8")
    text = GOOD.format(digest=hashlib.sha256(b"Words.").hexdigest())
    path = tmp_path / "catalogue.toml"
    path.write_text(text.replace(*change) if change[0] else text, encoding="utf-8")
    return path


def test_every_file_of_the_corpus_is_catalogued_and_reads_with_the_right_hash() -> None:
    entries = load_catalogue(CORPUS / "catalogue.toml")
    assert {entry.path.name for entry in entries} == {path.name for path in (CORPUS / "documents").iterdir()}
    assert all(entry.read() for entry in entries)


@pytest.mark.parametrize(
    ("identifier", "language", "force", "date", "words"),
    [
        (
            "com-2020-607",
            "da",
            LegalForce.STRATEGY,
            "2020-07-24",
            "Bruxelles, den 24.7.2020\nCOM(2020) 607 final",
        ),
        ("council-12862-19", "da", LegalForce.CONCLUSIONS, "2019-10-08", "Bruxelles, den 8. oktober 2019"),
        ("ep-press-2021-07-06", "nl", LegalForce.PRESS, "2021-07-06", "Aangenomen tekst (6.7.2021)"),
        ("council-cybercrime-2010", "en", LegalForce.CONCLUSIONS, "2010-04-26", "Luxembourg, 26 April 2010"),
        (
            "summary-decision-2000-375",
            "en",
            LegalForce.SUMMARY,
            "2000-05-29",
            "Council Decision of 29 May 2000",
        ),
    ],
)
def test_what_the_catalogue_says_stands_in_the_text(
    identifier: str, language: str, force: LegalForce, date: str, words: str
) -> None:
    entry = find(load_catalogue(CORPUS / "catalogue.toml"), identifier)
    assert (entry.language, entry.description.force, entry.description.date) == (language, force, date)
    assert words in entry.read()


def test_every_text_has_titles_and_a_note_on_its_force_in_three_languages() -> None:
    for entry in load_catalogue(CORPUS / "catalogue.toml"):
        described = entry.description
        assert len({described.title(code) for code in ("en", "nl", "da")}) == 3
        assert len({described.note(code) for code in ("en", "nl", "da")}) == 3
        assert described.note("fr") == described.note("en")
        assert described.force_checked.startswith("2026-")


def test_a_changed_byte_is_refused(tmp_path: Path) -> None:
    (entry,) = load_catalogue(folder(tmp_path, body="Words!"))
    with pytest.raises(HashMismatch, match=r"a\.txt \(a\) has SHA-256"):
        entry.read()


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    (entry,) = load_catalogue(folder(tmp_path))
    entry.path.unlink()
    with pytest.raises(CorpusError, match=r"a\.txt \(a\) cannot be read"):
        entry.read()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('language = "en"', 'language = "english"'), r"entry 'a', field \"language\""),
        (('short_title = "A"', ""), r"entry 'a', field \"short_title\""),
        (('short_title = "A"', 'short_title = "A"\nforce = "law"'), r"entry 'a', field \"force\""),
        (('file = "a.txt"', 'file = "../a.txt"'), r"entry 'a', field \"file\""),
        (('id = "a"', 'id = "a"\ndate = "May"'), r"entry 'a', field \"date\""),
        (('id = "a"', 'id = "a"\nsource_page = "javascript:x"'), r"field \"source_page\""),
        (('id = "a"', 'id = "a"\ncolour = "red"'), r"field \"colour\""),
        (('id = "a"', 'id = "a'), "not valid TOML"),
        (('en = "Text A"', 'en = "Text A"\n' + GOOD.format(digest="0" * 64)), "id 'a' twice"),
    ],
)
def test_a_mistake_is_told_with_its_entry_and_field(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    with pytest.raises(CorpusError, match=told):
        load_catalogue(folder(tmp_path, change=change))


def test_no_catalogue_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        load_catalogue(tmp_path / "catalogue.toml")


def test_an_unknown_id_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownDocument, match=r"no text 'b'\. It has: a"):
        find(load_catalogue(folder(tmp_path)), "b")
