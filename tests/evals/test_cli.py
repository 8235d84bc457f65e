"""The evaluators' commands, as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli.main import app
from evals.runs.folder import write_run
from tests.evals.test_runs import tiny_run

runner = CliRunner()


def saved(tmp_path: Path, name: str, needed: int) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    write_run(tiny_run(needed, name), folder)
    return folder


def test_a_saved_run_is_shown_again_and_its_report_written(tmp_path: Path) -> None:
    folder = saved(tmp_path, "a", 2)
    result = runner.invoke(app, ["report", str(folder)])
    assert result.exit_code == 0
    assert "Finding the passages" in result.output
    assert "recall@5" in result.output
    assert (folder / "report.html").is_file()


def test_two_saved_runs_are_compared(tmp_path: Path) -> None:
    before, after = saved(tmp_path, "a", 2), saved(tmp_path, "b", 9)
    result = runner.invoke(app, ["compare", str(before), str(after)])
    assert result.exit_code == 0
    assert "Worse: answered (3)" in result.output


def test_the_gate_fails_a_bad_run_with_a_non_zero_exit(tmp_path: Path) -> None:
    result = runner.invoke(app, ["gate", str(saved(tmp_path, "bad", 9))])
    assert result.exit_code == 1
    assert "below" in result.output


def test_the_gate_takes_the_latest_run_of_a_folder(tmp_path: Path) -> None:
    saved(tmp_path, "20260101-a", 2)
    saved(tmp_path, "20260102-b", 9)
    assert runner.invoke(app, ["gate", "--runs", str(tmp_path)]).exit_code == 1


def test_claims_are_judged_line_by_line() -> None:
    lines = [
        {
            "id": "1",
            "context": "The act enters into force on 1 May 2001.",
            "claim": "The act enters into force on 1 May 2001.",
        },
        {
            "id": "2",
            "context": "The act enters into force on 1 May 2001.",
            "claim": "The act enters into force on 1 May 2011.",
        },
    ]
    result = runner.invoke(
        app, ["judge", "--words-only", "--jsonl", "-"], input="\n".join(map(json.dumps, lines))
    )
    first, second = (json.loads(line) for line in result.output.splitlines())
    assert first["label"] == "full"
    assert second["label"] != "full"
    assert first["support"] > second["support"]


def test_raters_are_compared() -> None:
    rows = [("A", 1, "yes"), ("B", 1, "yes"), ("A", 2, "no"), ("B", 2, "yes"), ("A", 3, "no"), ("B", 3, "no")]
    lines = [json.dumps({"rater": r, "item": i, "label": label}) for r, i, label in rows]
    result = runner.invoke(app, ["agreement", "--jsonl", "-", "--order", "no,yes"], input="\n".join(lines))
    assert result.exit_code == 0
    # Two of three pairs agree. Kappa: observed 2/3, expected (1/3)(2/3) + (2/3)(1/3) = 4/9: (2/9) / (5/9) = 0.4
    assert "0.67" in result.output
    assert "0.400" in result.output
    assert "A: no 2, yes 1" in result.output


@pytest.mark.parametrize(
    "command",
    ["run", "compare", "gate", "report", "judge", "agreement", "bench", "peers", "foreign", "check"],
)
def test_every_command_explains_itself(command: str) -> None:
    assert runner.invoke(app, [command, "--help"]).exit_code == 0
