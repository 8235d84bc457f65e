"""Every error reaches the person as one clear message and exit code 1."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.settings import PROJECT
from tests.cli.conftest import Ran, Run


def assert_clear(ran: Ran, *words: str) -> None:
    assert ran.code == 1
    assert ran.said.startswith("Error: ")
    assert "Traceback" not in ran.err
    assert ran.out == ""
    for word in words:
        assert word in ran.said


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", ["question is empty"]),
        ("   ", ["question is empty"]),
        ("\x01\x1b\x7f", ["question is empty"]),
        ("?!", ["question is empty"]),
        ("a" * 10_000, ["10,000 characters", "at most 2,000"]),
    ],
    ids=["empty", "blank", "control characters", "marks only", "10,000 characters"],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_that_cannot_be_one(
    run: Run, own_library: Path, command: str, question: str, words: list[str]
) -> None:
    assert_clear(run(command, question, "--data", own_library), *words)


def test_a_language_that_is_not_spoken(run: Run, own_library: Path) -> None:
    assert_clear(run("ask", "Bridges?", "-l", "fr", "--data", own_library), "'fr'", "en, nl, da")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"question": "Bridges?"\n', ["line 1"]),
        (b"\n\n[1, 2]\n", ["line 3"]),
        (b'{"id": 1}\n', ["line 1", "question"]),
        (b"\xff\xfe\x00", ["UTF-8"]),
    ],
    ids=["cut off", "no object", "no question", "no text"],
)
@pytest.mark.parametrize("from_file", [True, False], ids=["file", "standard input"])
def test_a_corrupt_line(
    run: Run, own_library: Path, tmp_path: Path, content: bytes, words: list[str], from_file: bool
) -> None:
    (tmp_path / "in.jsonl").write_bytes(content)
    source = tmp_path / "in.jsonl" if from_file else "-"
    assert_clear(run("search", "--jsonl", source, "--data", own_library, stdin=content), *words)


def test_lines_before_a_corrupt_one_are_answered(run: Run, own_library: Path) -> None:
    ran = run(
        "search", "--jsonl", "-", "--data", own_library, stdin='{"id": 1, "question": "bridge"}\n{oops\n'
    )
    assert ran.code == 1
    assert [line["id"] for line in ran.lines] == [1]
    assert "line 2" in ran.said


def test_a_file_of_lines_that_is_not_there(run: Run, own_library: Path) -> None:
    assert_clear(run("ask", "--jsonl", "none.jsonl", "--data", own_library), "none.jsonl")


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Path]:
    """A copy of the built-in corpus, to be damaged."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    shutil.copytree(PROJECT / "corpus" / "documents", folder / "documents")
    shutil.copy(PROJECT / "corpus" / "catalogue.toml", folder)
    return folder


def test_a_text_with_a_wrong_hash(run: Run, corpus: Path, fresh_data: Path) -> None:
    [file] = (corpus / "documents").glob("ep-press*")
    file.write_bytes(file.read_bytes() + b".")
    ran = run("index", "--data", fresh_data, CORPUS_DIR=str(corpus))
    assert_clear(ran, "ep-press-2021-07-06", "SHA-256")


def test_a_text_that_is_missing(run: Run, corpus: Path, fresh_data: Path) -> None:
    next((corpus / "documents").glob("council-cybercrime*")).unlink()
    assert_clear(run("index", "--data", fresh_data, CORPUS_DIR=str(corpus)), "council-cybercrime-2010")


@pytest.mark.parametrize("content", [None, "not = [toml", ""], ids=["missing", "corrupt", "empty"])
def test_a_catalogue_that_cannot_be_read(
    run: Run, corpus: Path, fresh_data: Path, content: str | None
) -> None:
    catalogue = corpus / "catalogue.toml"
    catalogue.unlink()
    if content is not None:
        catalogue.write_text(content)
    assert_clear(run("index", "--data", fresh_data, CORPUS_DIR=str(corpus)))


def test_enrichment_that_cannot_be_read(run: Run, corpus: Path, fresh_data: Path) -> None:
    (corpus / "enrichment").mkdir()
    (corpus / "enrichment" / "part.jsonl").write_text("{oops\n")
    assert_clear(run("index", "--data", fresh_data, CORPUS_DIR=str(corpus)), "part.jsonl", "line 1")


def test_a_path_to_ingest_that_does_not_exist(run: Run, own_data: Path) -> None:
    assert_clear(run("ingest", "none.txt", "--data", own_data), "none.txt does not exist")


def test_a_folder_without_a_readable_file(run: Run, own_data: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_clear(run("ingest", tmp_path / "empty", "--data", own_data), "no file that can be read")


def test_a_data_folder_that_is_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert_clear(run("index", "--data", tmp_path / "file"), "file")


def test_a_data_folder_without_documents(run: Run, fresh_data: Path, documents: Path) -> None:
    run("ingest", documents / "none.txt", "--data", fresh_data)
    assert_clear(run("ask", "Bridges?", "--data", fresh_data), "holds no documents", "rag ingest")


def test_a_library_that_is_damaged(run: Run, own_data: Path) -> None:
    for file in (own_data / "library").iterdir():
        file.write_bytes(b"damage " * 500)
    assert_clear(run("sources", "--data", own_data), "library")


def test_a_setting_with_a_wrong_value(run: Run) -> None:
    assert_clear(run("settings", PORT="many"), "PORT='many'")


def test_an_embedding_model_that_is_not_there(run: Run, own_data: Path, tmp_path: Path) -> None:
    ran = run("index", "--data", own_data, EMBEDDING_MODEL=str(tmp_path / "no-model"))
    assert_clear(ran, "no-model")


def test_another_process_that_is_indexing(run: Run, own_data: Path) -> None:
    from rag.retrieval.generations import Generations

    with Generations(own_data / "index").building():
        ran = run("index", "--rebuild", "--data", own_data)
    assert_clear(ran, "Another process is indexing")


def test_enriching_without_a_language_model(run: Run, own_data: Path) -> None:
    assert_clear(run("enrich", "--data", own_data), "LLM")


AS_NOBODY = """
import os, sys
os.setgid(65534); os.setuid(65534)
sys.argv = ["rag", *sys.argv[1:]]
from rag.cli import main
main()
"""


def test_a_data_folder_that_may_not_be_written() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        code = AS_NOBODY if os.getuid() == 0 else AS_NOBODY.replace("os.setgid(65534); os.setuid(65534)", "")
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"}

        def started(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-c", code, *arguments],
                cwd="/",
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )

        if started("settings").returncode != 0:
            pytest.skip("run as root, and another user cannot read the project or its Python")
        ran = started("index", "--data", str(folder / "data"))
        assert_clear(Ran(ran.returncode, ran.stdout, ran.stderr), folder.name, "--data")
    finally:
        folder.chmod(stat.S_IRWXU)
        shutil.rmtree(folder)
