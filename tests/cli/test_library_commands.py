"""ingest, index, sources and settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.settings import Settings
from tests.cli.conftest import Run


def ids(run: Run, data: Path) -> list[str]:
    from rag.assembly import list_sources

    return [source.id for source in list_sources(Settings(_env_file=None, data_dir=data))]


def test_a_fresh_data_folder_holds_only_ones_own_documents(
    run: Run, fresh_data: Path, documents: Path
) -> None:
    ran = run("ingest", documents, "--data", fresh_data)
    assert ran.code == 0
    assert ran.out.splitlines()[:2] == ["added: bridges", "added: ferries"]
    assert "Indexed: 2 documents" in ran.out
    assert ids(run, fresh_data) == ["bridges", "ferries"]
    found = run(
        "search", "Every bridge shall be inspected twice a year.", "--limit", "1", "--data", fresh_data
    )
    assert "bridge shall be inspected" in found.out


def test_the_default_folder_has_the_built_in_texts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    ran = run("sources")
    assert ran.code == 0
    for name in ("com-2020-607", "council-12862-19", "ep-press-2021-07-06", "council-cybercrime-2010"):
        assert name in ran.out
    assert Path("data").is_dir()


def test_the_built_in_texts_can_stand_beside_ones_own(run: Run, own_data: Path) -> None:
    """Also in a folder that was made without them."""
    from rag.assembly import open_library

    settings = Settings(_env_file=None, data_dir=own_data)
    assert not open_library(settings).with_default_corpus
    (own_data / "missing").mkdir()
    ran = run("ingest", own_data / "none.txt", "--with-default-corpus", "--data", own_data)
    assert ran.code == 1  # the file does not exist; what was asked about the texts holds all the same
    assert ids(run, own_data)[:2] == ["com-2020-607", "council-12862-19"]
    assert ids(run, own_data)[-2:] == ["bridges", "ferries"]


def test_single_files_and_collections_are_taken(run: Run, fresh_data: Path, documents: Path) -> None:
    collection = documents / "more.jsonl"
    collection.write_text(
        '{"id": "tolls", "text": "The toll is paid by drivers of lorries.", "title": "Tolls", "language": "en"}\n'
        '{"id": "locks", "text": "De sluis is op zondag gesloten."}\n',
        encoding="utf-8",
    )
    ran = run("ingest", documents / "bridges.md", collection, "--data", fresh_data)
    assert ran.code == 0
    assert ids(run, fresh_data) == ["bridges", "locks", "tolls"]
    hits = run(
        "search",
        "--jsonl",
        "-",
        "--data",
        fresh_data,
        stdin='{"question": "The toll is paid by drivers of lorries."}',
    )
    assert hits.lines[0]["hits"][0]["document"] == "tolls"


def test_a_second_run_finds_nothing_new_and_a_changed_file_is_replaced(
    run: Run, fresh_data: Path, documents: Path
) -> None:
    run("ingest", documents, "--data", fresh_data)
    again = run("ingest", documents, "--data", fresh_data)
    assert again.out.splitlines()[:2] == ["already there: bridges", "already there: ferries"]
    (documents / "bridges.md").write_text("# Bridges\n\nBridges are painted green.\n", encoding="utf-8")
    changed = run("ingest", documents, "--data", fresh_data)
    assert changed.out.splitlines()[:2] == ["replaced: bridges", "already there: ferries"]
    assert "painted green" in run("search", "painted", "--data", fresh_data).out


def test_one_unreadable_file_does_not_stop_the_rest(run: Run, fresh_data: Path, documents: Path) -> None:
    (documents / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    ran = run("ingest", documents, "--data", fresh_data)
    assert ran.code == 0
    assert "refused: " in ran.out
    assert "broken.pdf" in ran.out
    assert ids(run, fresh_data) == ["bridges", "ferries"]


def test_when_nothing_can_be_read_the_reasons_are_given(run: Run, fresh_data: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    ran = run("ingest", tmp_path / "broken.pdf", "--data", fresh_data)
    assert ran.code == 1
    assert "Nothing could be taken in" in ran.said
    assert "broken.pdf" in ran.said


def test_index_says_what_there_is_and_a_second_run_has_nothing_to_do(run: Run, own_data: Path) -> None:
    ran = run("index", "--data", own_data)
    assert ran.code == 0
    assert ran.out.startswith("Up to date: 2 documents, 2 passages")
    rebuilt = run("index", "--rebuild", "--data", own_data)
    assert rebuilt.out.startswith("Indexed: 2 documents, 2 passages")
    assert ran.out.split("(")[1] == rebuilt.out.split("(")[1]


@pytest.mark.parametrize(
    "part", ["store.sqlite", "tantivy/meta.json", "sentences.npy", "chroma/chroma.sqlite3"]
)
def test_a_damaged_index_is_named_and_rebuild_heals_it(run: Run, own_data: Path, part: str) -> None:
    [damaged] = (own_data / "index").glob(f"g-*/{part}")
    damaged.write_bytes(b"damage " * 500)
    ran = run("search", "bridge", "--data", own_data)
    assert ran.code == 1
    assert "index --rebuild" in ran.said
    assert "Traceback" not in ran.err
    assert run("index", "--rebuild", "--data", own_data).code == 0
    assert run("search", "bridge", "--data", own_data).code == 0


def test_another_embedding_model_makes_another_index_and_answers(
    run: Run, own_data: Path, tmp_path: Path
) -> None:
    from tests.small_model import write_small_model

    before = json.loads(next((own_data / "index").glob("g-*/manifest.json")).read_text())
    other = write_small_model(tmp_path / "other-model")
    (other / "config_sentence_transformers.json").write_text('{"prompts": {"query": "ask: "}}')
    ran = run(
        "search",
        "Fietsers reizen gratis mee op zondag.",
        "--limit",
        "1",
        "--data",
        own_data,
        EMBEDDING_MODEL=str(other),
    )
    assert ran.code == 0
    assert "Fietsers reizen gratis mee" in ran.out
    name = (own_data / "index" / "CURRENT").read_text()
    after = json.loads((own_data / "index" / name / "manifest.json").read_text())
    assert after["embedder"].startswith("other-model@")
    assert after["fingerprint"] != before["fingerprint"]


def test_sources_name_title_language_date_and_force(run: Run, own_library: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    own = run("sources", "--data", own_library)
    assert own.code == 0
    assert "bridges" in own.out
    assert "unknown" in own.out
    built_in = run("sources").out
    assert "2020-07-24" in built_in
    assert "political conclusions" in built_in


def test_settings_are_all_shown_with_their_values(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    ran = run("settings", "--data", "elsewhere", PORT="8123")
    assert ran.code == 0
    assert all(name.upper() in ran.out for name in Settings.model_fields)
    assert "8123" in ran.out
    assert "elsewhere" in ran.out


def test_a_password_is_never_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    ran = run("settings", DATABASE_URL="postgresql+psycopg://clerk:h3m:li@g@db.example:5432/rules")
    assert "h3m" not in ran.out
    assert "postgresql+psycopg://clerk:***@" in ran.out
    assert "db.example:5432/rules" in ran.out
