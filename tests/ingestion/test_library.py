"""The operator's library: taking in, replacing, removing, surviving a kill, and what the index is built from."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from rag.domain.errors import CorpusError, UnknownDocument
from rag.ingestion.catalogue import load_catalogue
from rag.ingestion.intake import Intake, Outcome, Result, fit_id
from rag.ingestion.library import Arrival, DocumentLibrary
from rag.ingestion.sources import shortened, sources

CATALOGUE = load_catalogue(Path(__file__).parents[2] / "corpus" / "catalogue.toml")


class Danish:
    def identify(self, text: str) -> str:
        return "da" if "børn" in text else "unknown"


@pytest.fixture
def library(tmp_path: Path) -> DocumentLibrary:
    return DocumentLibrary.open(tmp_path / "data", with_default_corpus=False)


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def ingest(library: DocumentLibrary, *paths: Path) -> tuple[Result, ...]:
    return Intake(library, Danish()).take(paths)


def outcomes(results: tuple[Result, ...]) -> list[tuple[str, str]]:
    return [(result.outcome, result.id) for result in results]


def test_a_folder_is_taken_in_under_the_names_of_its_files(library: DocumentLibrary, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in", one__txt="Om børn.", two__md="# Rules\n\nWords.", skip__xyz="no", jpg__bin="no"
    )
    assert outcomes(ingest(library, folder)) == [("added", "one"), ("added", "two")]
    texts = {s.id: s for s in sources(library, CATALOGUE)}
    assert (texts["one"].text, texts["one"].language) == ("Om børn.", "da")
    assert texts["two"].description.title("en") == "Rules"
    assert library.original("two") == b"# Rules\n\nWords."


def test_a_second_run_finds_everything_there(library: DocumentLibrary, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", one__txt="A text.", two__txt="Another.")
    (folder / "c.jsonl").write_text('{"id": "x", "text": "b"}\n{"id": "y", "text": "b"}', encoding="utf-8")
    ingest(library, folder)
    before = library.records()
    assert {r.outcome for r in ingest(library, folder)} == {Outcome.UNCHANGED}
    assert library.records() == before


def test_a_changed_file_replaces_what_was_read_from_it(library: DocumentLibrary, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", one__txt="Old.")
    ingest(library, folder)
    write(folder, one__txt="New.")
    assert outcomes(ingest(library, folder)) == [("replaced", "one")]
    assert [s.text for s in sources(library, CATALOGUE)] == ["New."]


def test_the_same_bytes_under_another_name_are_recognised(library: DocumentLibrary, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", one__txt="Same.", two__txt="Same.")
    assert [(r.outcome, r.id, r.notice) for r in ingest(library, folder)] == [
        ("added", "one", ""),
        ("already there", "one", "two.txt has the same bytes as one"),
    ]


def test_another_file_of_the_same_name_takes_the_place_with_a_notice(
    library: DocumentLibrary, tmp_path: Path
) -> None:
    ingest(library, write(tmp_path / "a", rules__txt="First."))
    (result,) = ingest(library, write(tmp_path / "b", rules__txt="Second."))
    assert result.outcome is Outcome.REPLACED
    assert "takes the place of" in result.notice
    assert [s.text for s in sources(library, CATALOGUE)] == ["Second."]


def test_two_files_of_one_name_in_one_run_are_both_kept_and_stay_so(
    library: DocumentLibrary, tmp_path: Path
) -> None:
    write(tmp_path / "in" / "2020", rules__txt="First.")
    write(tmp_path / "in" / "2021", rules__txt="Second.")
    assert outcomes(ingest(library, tmp_path / "in")) == [("added", "rules"), ("added", "rules-2")]
    assert outcomes(ingest(library, tmp_path / "in")) == [
        ("already there", "rules"),
        ("already there", "rules-2"),
    ]


def test_a_collection_keeps_its_ids_and_one_text_may_have_two(
    library: DocumentLibrary, tmp_path: Path
) -> None:
    lines = [
        {"id": "art/5#1", "text": "a"},
        {"id": "6", "text": "Om børn", "title": "Six"},
        {"id": "7", "text": "a", "language": "nl"},
    ]
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    results = ingest(library, path)
    assert outcomes(results) == [("added", "art-5-1"), ("added", "6"), ("added", "7")]
    assert results[0].notice == 'the id "art/5#1" became "art-5-1"'
    assert [(r.id, r.title, r.language) for r in library.records()] == [
        ("6", "Six", "da"),
        ("7", "7", "nl"),
        ("art-5-1", "art-5-1", "unknown"),
    ]


def test_an_id_twice_in_a_collection_keeps_the_later_text(library: DocumentLibrary, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"id": "a", "text": "first"}\n{"id": "a", "text": "second"}', encoding="utf-8")
    assert "stands twice" in ingest(library, path)[1].notice
    assert [s.text for s in sources(library, CATALOGUE)] == ["second"]


def test_an_unreadable_file_does_not_stop_the_others(library: DocumentLibrary, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in",
        a__txt="",
        b__pdf="no pdf",
        c__txt="Words.",
        d__jsonl='{"id": "x", "text": "y"}\n{broken',
    )
    results = ingest(library, folder)
    assert [r.outcome for r in results] == [
        Outcome.REFUSED,
        Outcome.REFUSED,
        Outcome.ADDED,
        Outcome.ADDED,
        Outcome.REFUSED,
    ]
    assert "a.txt is empty" in results[0].notice
    assert "line 2" in results[4].notice
    assert [r.id for r in library.records()] == ["c", "x"]


def test_a_removed_document_is_gone_with_its_bytes(library: DocumentLibrary, tmp_path: Path) -> None:
    ingest(library, write(tmp_path / "in", one__txt="Words.", two__txt="More."))
    library.remove("one")
    assert [r.id for r in library.records()] == ["two"]
    with pytest.raises(UnknownDocument, match="'one'"):
        library.original("one")
    with pytest.raises(UnknownDocument, match="'one'"):
        library.remove("one")
    with sqlite3.connect(tmp_path / "data" / "library" / "library.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM originals").fetchone() == (1,)
    connection.close()


def test_the_built_in_texts_come_along_only_if_the_folder_wants_them(tmp_path: Path) -> None:
    own = DocumentLibrary.open(tmp_path / "own", with_default_corpus=False)
    both = DocumentLibrary.open(tmp_path / "both", with_default_corpus=True)
    assert list(sources(own, CATALOGUE)) == []
    assert [s.id for s in sources(both, CATALOGUE)] == [entry.id for entry in CATALOGUE]
    assert DocumentLibrary.open(tmp_path / "own", with_default_corpus=True).with_default_corpus is False
    own.use_default_corpus(True)
    assert len(list(sources(own, CATALOGUE))) == len(CATALOGUE)


def test_an_operators_document_takes_the_place_of_a_built_in_one(tmp_path: Path) -> None:
    library = DocumentLibrary.open(tmp_path / "data", with_default_corpus=True)
    library.add([Arrival("com-2020-607", b"x", "x", "Mine", "en", "mine.txt")])
    found = [s for s in sources(library, CATALOGUE) if s.id == "com-2020-607"]
    assert [s.text for s in found] == ["x"]


def test_a_missing_path_and_an_empty_folder_are_told(library: DocumentLibrary, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        ingest(library, tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match="no file that can be read"):
        ingest(library, tmp_path / "empty")


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(CorpusError, match="choose another with --data"):
        DocumentLibrary.open(tmp_path / "file")


def test_a_damaged_library_is_told(library: DocumentLibrary, tmp_path: Path) -> None:
    (tmp_path / "data" / "library" / "library.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(CorpusError, match="is damaged"):
        library.records()


WRITER = """
import sys
from pathlib import Path
from rag.ingestion.library import Arrival, DocumentLibrary
library = DocumentLibrary.open(Path(sys.argv[1]))
for round in range(100_000):
    library.add([Arrival(f"d{n}", f"{round}".encode() * 2000, f"{round}", "t", "en", "s") for n in range(5)])
    print(round, flush=True)
"""


@pytest.mark.parametrize("seconds", [0.02, 0.11, 0.23])
def test_a_killed_writer_leaves_a_whole_library(tmp_path: Path, seconds: float) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    library = DocumentLibrary.open(tmp_path)
    texts = dict(library.texts())
    assert len(texts) == 5
    assert len(set(texts.values())) == 1
    assert all(library.original(r.id) == text.encode() * 2000 for r, text in texts.items())
    library.add([Arrival("d0", b"new", "new", "t", "en", "s")])


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("rules 2020", "rules-2020"), ("børn", "børn"), ("a/b#c?d%e", "a-b-c-d-e"), ("..", "document"), ("", "document"),
     ("eu_1", "eu_1"), ("x" * 300, "x" * 120), ("<script>", "script"), ("art. 5 (1)", "art.-5-(1)")],
)  # fmt: skip
def test_an_id_is_safe_in_an_address(name: str, identifier: str) -> None:
    assert fit_id(name) == identifier


def test_a_long_title_is_cut_between_words_for_labels() -> None:
    assert shortened("Regulation on the protection of persons with regard to the processing of data") == (
        "Regulation on the protection of persons with regard to the…"
    )
    assert shortened("Short\n title") == "Short title"


def test_ten_thousand_documents_are_taken_in_quickly(library: DocumentLibrary, tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(
        "\n".join(json.dumps({"id": f"d{n}", "text": f"Text {n} " * 50}) for n in range(10_000)),
        encoding="utf-8",
    )
    started = time.monotonic()
    assert len(ingest(library, path)) == 10_000
    assert len(ingest(library, path)) == 10_000
    assert time.monotonic() - started < 30
    assert sum(1 for _ in sources(library, CATALOGUE)) == 10_000
