"""A planted regression is found; a difference that is none is not."""

from __future__ import annotations

from random import Random

import pytest
from rich.console import Console

from evals.comparison.comparing import Comparison, compare
from evals.comparison.readable import show_comparison
from evals.runs.folder import Run, RunError, make_run
from evals.runs.record import Record
from tests.evals.test_runs import tiny_run


def synthetic(noise: int, fall: float = 0.0, bases: int = 60) -> Run:
    """Scores of questions in three languages; `noise` reseeds small changes, `fall` breaks some."""
    small = tiny_run()
    template = next(r for r in small.records if r.id == "f1-en")
    chance, changes = Random(1), Random(noise)
    records: list[Record] = []
    for base in range(bases):
        good = chance.random() < 0.8
        broken = changes.random() < fall
        for language in ("en", "nl", "da"):
            right = good and not broken
            if changes.random() < 0.05:
                right = not right
            records.append(
                template.model_copy(
                    update={
                        "id": f"q{base}-{language}",
                        "base": f"q{base}",
                        "language": language,
                        "scores": {"recall@5": float(right), "risk": float(not right)},
                    }
                )
            )
    return Run(small.about, tuple(records), small.summary)  # the comparison looks at records alone


def of(found: Comparison, name: str):  # type: ignore[no-untyped-def]
    return next(d for d in found.differences if d.metric.name == name)


def test_a_planted_regression_is_found() -> None:
    found = compare(synthetic(noise=1), synthetic(noise=2, fall=0.25))
    one = of(found, "recall@5")
    assert one.is_regression
    assert one.difference.high < 0
    assert one.mcnemar.p < 0.05
    assert one.p_holm >= one.p
    assert len(one.worse) > len(one.better) > 0
    assert "risk" in [d.metric.name for d in found.regressions]  # lower is better there, and it rose


def test_an_improvement_is_no_regression() -> None:
    found = compare(synthetic(noise=2, fall=0.25), synthetic(noise=1))
    assert found.regressions == ()
    assert of(found, "recall@5").is_significant


def test_differences_that_are_chance_are_called_so() -> None:
    alarms = sum(bool(compare(synthetic(noise=n), synthetic(noise=n + 100)).regressions) for n in range(10))
    assert alarms <= 1


def test_the_same_run_twice_differs_in_nothing() -> None:
    found = compare(tiny_run(), tiny_run())
    assert all(d.difference.value in (0.0, None) for d in found.differences)
    assert all(d.p in (1.0, None) for d in found.differences)
    assert found.regressions == ()


def test_only_questions_in_both_runs_are_compared() -> None:
    whole = tiny_run()
    part = make_run(whole.about, whole.records[2:])
    found = compare(whole, part)
    assert (found.questions, found.left_out) == (len(whole.records) - 2, 2)


def test_runs_without_a_common_question_cannot_be_compared() -> None:
    whole = tiny_run()
    with pytest.raises(RunError, match="no question in common"):
        compare(make_run(whole.about, whole.records[:2]), make_run(whole.about, whole.records[2:]))


def test_the_comparison_lists_what_became_worse() -> None:
    console = Console(record=True, width=140, quiet=False, file=None, force_terminal=False)
    with console.capture() as captured:
        show_comparison(compare(tiny_run(needed=2), tiny_run(needed=9)), console)
    text = captured.get()
    assert "Worse: answered" in text
    assert "f1-en: 1.00 → 0.00" in text
