"""The documents say what the code does: commands, settings, links, pictures, and the ten questions."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from rag.assistant import Assistant
from rag.domain.answers import Answer
from rag.ingestion.catalogue import load_catalogue

PROJECT = Path(__file__).resolve().parent.parent
README = PROJECT / "README.md"
DECISIONS = PROJECT / "docs" / "decisions"
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
LARGEST_PICTURE_BYTES = 300_000
FIGURES = (
    "retrieval-by-pair",
    "ablation",
    "answers",
    "abstention",
    "verifier",
    "peers",
    "foreign",
    "bench",
    "model",
)
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
COMMAND = re.compile(r"python -m (rag|evals) ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
TARGET = re.compile(r"(?:`|^ {4}|PIP_EXTRA\S* )make ([a-z]+)", re.MULTILINE)
TEN = re.compile(r"<!-- ten questions -->\n(.*?)<!-- /ten questions -->", re.DOTALL)


def made() -> dict[str, Any]:
    return runpy.run_path(str(PROJECT / "docs" / "make_reference.py"))


def ten_questions() -> list[tuple[str, str]]:
    found = TEN.search(README.read_text(encoding="utf-8"))
    assert found
    rows = [line.strip("| ").split(" | ") for line in found[1].splitlines()[2:]]
    return [(question, label) for question, label in rows]


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_the_command_line_reference_is_what_the_commands_say() -> None:
    written = (PROJECT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == made()["cli_reference"](), "run `python docs/make_reference.py`"


def test_the_table_of_settings_is_what_the_settings_say() -> None:
    readme = README.read_text(encoding="utf-8")
    table = made()["settings_table"]()
    assert f"<!-- settings -->\n{table}<!-- /settings -->" in readme, "run `python docs/make_reference.py`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_inside_the_project_leads_somewhere(document: Path) -> None:
    headings = {
        _anchor(line) for line in document.read_text(encoding="utf-8").splitlines() if line[:1] == "#"
    }
    for link in (a or b for a, b in LINK.findall(document.read_text(encoding="utf-8"))):
        if link.startswith(("http:", "https:")):
            continue
        if link.startswith("#"):
            assert link[1:] in headings, f"{link} is no heading of {document.name}"
        else:
            assert (document.parent / link.split("#")[0]).exists(), f"{link} in {document.name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_that_is_named_exists(document: Path) -> None:
    for program, word, second in COMMAND.findall(document.read_text(encoding="utf-8")):
        commands = _commands(program)
        assert word in commands, f"python -m {program} {word}"
        if commands[word] and second:
            assert second in commands[word], f"python -m {program} {word} {second}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(TARGET.findall(document.read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize("picture", sorted((PROJECT / "docs" / "images").iterdir()), ids=named)
def test_every_picture_is_light_and_shown(picture: Path) -> None:
    assert picture.stat().st_size < LARGEST_PICTURE_BYTES
    assert f"docs/images/{picture.name}" in README.read_text(encoding="utf-8")


def test_figures_stand_in_marked_blocks() -> None:
    readme = README.read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- figures:([a-z-]+) -->\n(.+?)\n<!-- /figures -->", readme, re.DOTALL)
    assert tuple(name for name, _ in blocks) == FIGURES


def test_every_decision_is_listed_dated_and_decided() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    records = sorted(p for p in DECISIONS.glob("*.md") if p.name != "README.md")
    assert [p.name for p in records] == re.findall(r"\]\((\d{3}-[a-z-]+\.md)\)", index)
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert re.match(rf"# {record.name[:3]}: .+\n\n\d{{4}}-\d{{2}}-\d{{2}} · accepted", text), record.name
        assert "\n## Decision\n" in text, record.name


def test_the_ten_questions_are_about_all_five_texts() -> None:
    questions = ten_questions()
    assert len({question for question, _ in questions}) == 10
    entries = load_catalogue(PROJECT / "corpus" / "catalogue.toml")
    for title in (entry.description.short_title for entry in entries):
        assert any(label.startswith(f"{title}, ") for _, label in questions), title


@pytest.mark.parametrize(("question", "label"), ten_questions(), ids=[q for q, _ in ten_questions()])
def test_each_of_the_ten_questions_cites_its_passage(
    corpus_assistant: Assistant, question: str, label: str
) -> None:
    reply = corpus_assistant.ask(question).reply
    assert isinstance(reply, Answer)
    assert label in [citation.passage.label for citation in reply.citations]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def _commands(program: str) -> dict[str, set[str]]:
    """The program's commands, each with its own commands if it has any."""
    from evals.cli.main import app as evals
    from rag.cli.main import app as rag

    group: Any = get_command({"rag": rag, "evals": evals}[program])
    return {name: set(getattr(command, "commands", ())) for name, command in group.commands.items()}
