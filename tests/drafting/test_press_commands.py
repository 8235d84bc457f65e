"""The commands of the press desk and of staff accounts."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.cli.main import app
from rag.domain.errors import RecordError
from rag.drafting.checking import verify_file
from rag.drafting.export import export
from rag.drafting.sheet import Sheet
from tests.drafting.conftest import ENQUIRIES
from tests.drafting.corpus_assistant import CorpusAssistant, library

RUNNER = CliRunner()


@pytest.mark.parametrize("kind", ["json", "docx"])
def test_verify_draft_reads_the_texts_themselves(sheet: Sheet, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"reply.{kind}"
    path.write_bytes(export(sheet, kind))
    result = RUNNER.invoke(app, ["verify-draft", str(path), "--data", str(tmp_path / "data")])
    assert result.exit_code == 0, result.output
    assert f"all {len(sheet.citations)} quotations stand in the texts (approved by Bob <&>)" in result.output


def test_verify_draft_fails_on_a_changed_quotation(quoting: Sheet, tmp_path: Path) -> None:
    path = tmp_path / "reply.json"
    quote = quoting.citations[0].quote
    text = quoting.to_json()
    assert quote in text
    path.write_text(text.replace(quote, quote[:-1] + "!", 1), "utf-8")
    result = RUNNER.invoke(app, ["verify-draft", str(path), "--data", str(tmp_path / "data")])
    assert result.exit_code != 0
    assert isinstance(result.exception, RecordError)
    assert "Note 1" in result.output


def test_accounts_are_made_listed_and_shut(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path)]

    def run(*arguments: str, typed: str | None = None) -> str:
        result = RUNNER.invoke(app, ["staff", *arguments, *data], input=typed)
        assert result.exit_code == 0, result.output
        return result.output

    run("add", "ann", "--role", "press", "--role", "approver", "--password-stdin", typed="a long password\n")
    assert "ann" in run("list")
    assert "approver, press" in run("list")
    run("roles", "ann", "--role", "evaluator")
    run("password", "ann", "--password-stdin", typed="another long one\n")
    run("disable", "ann")
    assert "(disabled)" in run("list")
    run("enable", "ann")
    assert "evaluator" in run("list")
    assert "(disabled)" not in run("list")


def test_a_draft_needs_a_file_name_that_can_be_written_and_a_letter(tmp_path: Path) -> None:
    letter = tmp_path / "a.txt"
    letter.write_text("Hello, nothing is asked here.", "utf-8")
    for out, said in ((tmp_path / "a.odt", "cannot be written"), (tmp_path / "a.docx", "No question")):
        result = RUNNER.invoke(
            app, ["draft", "--enquiry", str(letter), "--out", str(out), "--data", str(tmp_path)]
        )
        assert said in str(result.exception)


@pytest.mark.parametrize(
    ("language", "greeting"), [("nl", "Geachte Helen Marsh,"), ("", "Dear Helen Marsh,")]
)
def test_a_draft_is_written_in_the_language_asked_for_and_passes_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, greeting: str
) -> None:
    monkeypatch.setattr("rag.assembly.build_assistant", lambda settings, progress: CorpusAssistant())
    out = tmp_path / "reply.docx"
    letter = ENQUIRIES / "english_numbered.txt"
    data = ["--data", str(tmp_path / "data")]
    asked = ["--language", language] if language else []
    result = RUNNER.invoke(app, ["draft", "--enquiry", str(letter), "--out", str(out), *asked, *data])
    assert result.exit_code == 0, result.output
    assert "4. How many people will the European centre employ in 2027?" in result.output
    sheet, problems = verify_file(out, library())
    assert problems == ()
    assert sheet.greeting == greeting
    assert sheet.approval is None
    assert len([p for p in sheet.parts if p.kind == "question"]) == 4
