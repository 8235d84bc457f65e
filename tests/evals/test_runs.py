"""A run from questions to report, with a small service and small texts."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pytest

from evals.metrics.verifier_error import VerifierError
from evals.runs.failures import failures
from evals.runs.folder import About, Run, RunError, latest_run, make_run, new_folder, read_run, write_run
from evals.runs.making import ask_all
from evals.runs.readable import shown
from evals.runs.report import render, write_report
from evals.statistics import Estimate
from tests.evals.tiny import GOLD, EnglishOnly, TinyAssistant

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ERROR = VerifierError("a set", Estimate(0.1, 20, 10, 0.02, 0.3), Estimate(0.2, 20, 10, 0.1, 0.4))


def contains(statement: str, evidence: Sequence[str]) -> bool:
    return any(statement in text for text in evidence)


@lru_cache
def tiny_run(needed: int = 2, name: str = "tiny") -> Run:
    records = ask_all(TinyAssistant(needed), GOLD, EnglishOnly(), contains)
    about = About(
        name=name, started=NOW.isoformat(), suite="fast", split="all", questions=len(records), seconds=1.0,
        versions={"python": "3"}, hashes={"index": "i"}, settings={"llm": ""}, verifier=(ERROR,),
    )  # fmt: skip
    return make_run(about, records)


def test_what_the_service_did_is_recorded_and_scored() -> None:
    by_id = {r.id: r for r in tiny_run().records}
    assert {id: r.route for id, r in by_id.items()} == {
        "f1-en": "answer",
        "f2-en": "answer",
        "f3-en": "answer",
        "u1-en": "abstention",
        "h1-en": "referral",
        "s1-en": "smalltalk",
        "c1-en": "error",
    }
    first = by_id["f1-en"].scores
    assert first["recall@1"] == first["citation recall"] == first["fact recall"] == 1.0
    assert by_id["h1-en"].cared
    assert by_id["u1-en"].scores["declined"] == 1.0


def test_a_question_the_service_fails_on_counts_as_wrong_and_does_not_stop_the_run() -> None:
    run = tiny_run()
    failed = next(r for r in run.records if r.id == "c1-en")
    assert failed.reply.text == "The question cannot be taken."
    assert failed.scores["recall@5"] == failed.scores["answered"] == failed.scores["routing"] == 0.0
    assert run.summary.errors == 1


def test_the_summary_by_hand() -> None:
    overall = tiny_run().summary.overall.metrics
    assert overall["answered"].value == 3 / 4  # of four answerable questions the service crashed on one
    assert overall["answered"].n == 4
    assert overall["declined"].value == 1.0
    assert overall["routing"].value == 6 / 7
    assert overall["support rate"].n == 3  # answers only
    assert overall["language"].n == 6  # an error has no language


def test_every_dimension_is_broken_down_and_undefined_stays_undefined() -> None:
    summary = tiny_run().summary
    assert {s.value for s in summary.of("split")} == {"development", "test"}
    assert {s.value for s in summary.of("pair")} == {"en-en"}
    help_seeking = next(s for s in summary.of("type") if s.value == "help-seeking")
    assert help_seeking.metrics["recall@5"].value is None
    assert shown(help_seeking.metrics["recall@5"]) == "—"
    assert summary.matrix["answer"] == {"answer": 3, "error": 1}


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = tiny_run()
    folder = new_folder(tmp_path, "a name/with slashes", NOW)
    assert folder.name == "20260102-030405-a-name-with-slashes"
    write_run(run, folder)
    back = read_run(folder)
    assert back.about == run.about
    assert back.records == run.records
    assert back.summary == run.summary
    assert latest_run(tmp_path) == folder


def test_the_summary_files_leave_the_undefined_empty(tmp_path: Path) -> None:
    run = tiny_run()
    write_run(run, tmp_path)
    rows = list(csv.DictReader((tmp_path / "summary.csv").read_text(encoding="utf-8").splitlines()))
    row = next(r for r in rows if (r["value"], r["metric"]) == ("help-seeking", "recall@5"))
    assert (row["estimate"], row["n"]) == ("", "0")
    data = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert data["slices"][0]["metrics"]["answered"]["value"] == 0.75


@pytest.mark.parametrize("damage", ["settings.json", "records.jsonl"])
def test_a_damaged_run_is_named_and_not_guessed_at(tmp_path: Path, damage: str) -> None:
    write_run(tiny_run(), tmp_path)
    (tmp_path / damage).write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(RunError, match="does not hold a readable run"):
        read_run(tmp_path)


def test_no_run_at_all_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="python -m evals run"):
        latest_run(tmp_path)


def test_failures_are_named_in_words() -> None:
    by_id = {f.record.id: f.kinds for f in failures(tiny_run(needed=1).records)}
    assert "f1-en" not in by_id
    assert by_id["c1-en"][0] == "the service failed"
    by_id = {f.record.id: f.kinds for f in failures(tiny_run(needed=9).records)}
    assert "did not answer" in by_id["f1-en"]


def test_the_report_holds_every_failing_case_and_nothing_from_outside(tmp_path: Path) -> None:
    run = tiny_run(needed=9)
    page = write_report(run, tmp_path).read_text(encoding="utf-8")
    for failure in failures(run.records):
        assert failure.record.id in page
    assert "The act enters into force on 1 May 2001." in page  # evidence wanted
    assert "0.10 [0.02, 0.30]" in page  # the verifier's own error
    for outside in ("<link", "src=", "@import", "https://", "http://www"):
        assert outside not in page, outside


def test_the_report_escapes_what_people_wrote() -> None:
    run = tiny_run()
    odd = run.records[-1].model_copy(update={"question": "<script>alert(1)</script>"})
    page = render(make_run(run.about, [*run.records[:-1], odd]))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_report_of_no_questions_can_still_be_made() -> None:
    assert "0 questions" in render(
        make_run(tiny_run().about.__class__("x", NOW.isoformat(), "fast", "all", 0), [])
    )
