"""Runs commands in this process, over a small model and two documents of one's own."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from rag.assembly import build_assistant, ingest_paths
from rag.cli import main
from rag.safety import classifier
from rag.settings import Settings

BRIDGES = "# Bridges\n\nEvery bridge shall be inspected twice a year. The inspector writes a report.\n"
FERRIES = "# Veerponten\n\nDe veerpont vaart elk uur. Fietsers reizen gratis mee op zondag.\n"


@dataclass(frozen=True)
class Ran:
    """`out` and `err` as printed; `said` is `err` on one line."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return " ".join(self.err.split())

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    small_model: Path,
    few_examples: Path,
) -> Run:
    """Run a command as a person would, in an empty folder; the small model unless told otherwise."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("EMBEDDING_MODEL", str(small_model))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def command(*arguments: str | Path, stdin: str | bytes = "", **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            if environment.get("EMBEDDING_MODEL") != "":
                teach_little(patch, few_examples)
            for name, value in environment.items():
                patch.setenv(name, value)
            data = stdin if isinstance(stdin, bytes) else stdin.encode()
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
            patch.setattr(sys, "argv", ["rag", *map(str, arguments)])
            capsys.readouterr()
            code = _exit_code(main)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return command


def _exit_code(command: Callable[[], None]) -> int:
    try:
        command()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "bridges.md").write_text(BRIDGES, encoding="utf-8")
    (folder / "ferries.txt").write_text(FERRIES, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def few_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with random weights learns nothing of messages: a few examples of each kind will do."""
    by_kind: dict[str, list[str]] = {}
    for example in classifier.EXAMPLES.read_text(encoding="utf-8").split("[[example]]")[1:]:
        by_kind.setdefault(example.split("kind = ")[1].split("\n")[0], []).append(example)
    folder = tmp_path_factory.mktemp("examples")
    few = "".join(f"[[example]]{e}" for found in by_kind.values() for e in found[:4])
    (folder / "examples.toml").write_text(few, encoding="utf-8")
    (folder / "other.toml").write_text("en = []\n", encoding="utf-8")
    return folder


def teach_little(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr(classifier, "EXAMPLES", folder / "examples.toml")
    patch.setattr(classifier, "OTHER", folder / "other.toml")


@pytest.fixture(scope="session")
def own_library(shared_folder: Path, small_model: Path, few_examples: Path) -> Path:
    """A data folder with the two documents only. Do not write there."""
    data = shared_folder / "own-data"
    with FileLock(shared_folder / "own.lock"):
        if not (shared_folder / "own.ready").exists():
            texts = shared_folder / "own-documents"
            texts.mkdir()
            (texts / "bridges.md").write_text(BRIDGES, encoding="utf-8")
            (texts / "ferries.txt").write_text(FERRIES, encoding="utf-8")
            settings = Settings(_env_file=None, data_dir=data, embedding_model=str(small_model))
            ingest_paths(settings, [texts], keep_default_corpus=False)
            with pytest.MonkeyPatch.context() as patch:
                teach_little(patch, few_examples)
                build_assistant(settings)
            (shared_folder / "own.ready").touch()
    return data


@pytest.fixture
def own_data(own_library: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be changed at will."""
    return Path(shutil.copytree(own_library, tmp_path / "data"))


@pytest.fixture
def fresh_data(own_library: Path, tmp_path: Path) -> Path:
    """A data folder without documents or index; only what the first start learns once is there."""
    shutil.copytree(own_library / "safety", tmp_path / "fresh" / "safety")
    return tmp_path / "fresh"
