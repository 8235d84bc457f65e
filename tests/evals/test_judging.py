"""Judging lines, and the report on labelled ones; the hand calculations stand beside the values."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest

from evals.judging import (
    Judged,
    JudgingError,
    Pair,
    calibration_error,
    judge_lines,
    rate,
    read_pair,
    report,
    report_lines,
)
from rag.answering.support import SupportVerifier


def line(**fields: object) -> str:
    return json.dumps({"id": "a", "context": "The office opened in 2010.", "claim": "It did."} | fields)


def judged(supported: bool, score: float, kind: str = "") -> Judged:
    return Judged(Pair("x", ("c",), "s", supported, kind), score, "full", ())


def test_a_line_in_is_a_line_out_with_score_label_and_reasons() -> None:
    output, errors = io.StringIO(), io.StringIO()
    lines = [
        line(id="1", claim="The office opened in 2010."),
        line(id="2", claim="The office opened in 2011."),
    ]
    assert judge_lines(lines, SupportVerifier(), output, errors) == 0
    first, second = (json.loads(written) for written in output.getvalue().splitlines())
    assert first == {"id": "1", "support": 1.0, "label": "full", "reasons": []}
    assert second["id"] == "2"
    assert second["label"] == "none"
    assert second["support"] < 0.5
    assert second["reasons"]
    assert not errors.getvalue()


def test_each_line_is_written_before_the_next_is_read() -> None:
    output = io.StringIO()
    seen: list[int] = []

    def lines() -> object:
        for number in range(3):
            seen.append(len(output.getvalue().splitlines()))
            yield line(id=str(number))

    judge_lines(lines(), SupportVerifier(), output, io.StringIO())  # type: ignore[arg-type]
    assert seen == [0, 1, 2]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("{", "line 2 is not JSON"),
        ("[1]", "line 2 is not an object"),
        ('{"id": 1, "context": "a"}', 'line 2 has no "claim"'),
        ('{"id": 1, "claim": " ", "context": "a"}', 'line 2 has no "claim"'),
        ('{"id": 1, "claim": "a"}', 'line 2 has no "context"'),
        ('{"id": 1, "claim": "a", "context": []}', 'line 2 has no "context"'),
        ('{"id": 1, "claim": "a", "context": "b", "label": "blue"}', "line 2 has the label 'blue'"),
    ],
)
def test_a_bad_line_is_named_and_does_not_stop_the_run(bad: str, message: str) -> None:
    output, errors = io.StringIO(), io.StringIO()
    assert judge_lines([line(), bad, "", line()], SupportVerifier(), output, errors) == 1
    assert len(output.getvalue().splitlines()) == 2
    assert errors.getvalue().startswith(message)


def test_a_context_may_be_several_texts_and_an_id_may_be_missing() -> None:
    pair = read_pair('{"claim": "a", "context": ["b", "c"], "supported": true}', 7)
    assert pair == Pair("7", ("b", "c"), "a", True, "")


def test_the_report_by_hand() -> None:
    result = report(
        [
            judged(True, 0.9),  # kept
            judged(True, 0.7),  # kept
            judged(True, 0.4),  # lost
            judged(True, 0.8),  # kept: 3 of 4
            judged(False, 0.6, "number"),  # missed
            judged(False, 0.1, "number"),  # caught: 1 of 2
        ]
    )
    assert result.kept.value == 0.75
    assert result.caught.value == 0.5
    assert result.balanced_accuracy == pytest.approx((0.75 + 0.5) / 2)
    # Of the 8 pairs of a supported and an unsupported score, 0.4 < 0.6 alone is the wrong way round.
    assert result.auroc == pytest.approx(7 / 8)
    squares = [0.1, 0.3, 0.6, 0.2, 0.6, 0.1]
    assert result.brier == pytest.approx(sum(s * s for s in squares) / 6)
    assert dict(result.caught_by_kind)["number"].count == 2
    assert result.balanced_accuracy_interval[0] < 0.625 < result.balanced_accuracy_interval[1]


def test_calibration_error_by_hand() -> None:
    # One bin [0.8, 0.9): mean score 0.85, half of it true; one bin [0.1, 0.2): mean 0.1, none true.
    scores = np.array([0.85, 0.85, 0.1, 0.1])
    truth = np.array([True, False, False, False])
    assert calibration_error(truth, scores) == pytest.approx(0.5 * 0.35 + 0.5 * 0.1)


def test_a_rate_carries_its_interval() -> None:
    whole = rate([True] * 10)
    # Wilson for 10 of 10: n / (n + z²) = 10 / 13.8416
    assert whole.low == pytest.approx(10 / 13.8416)
    assert whole.high == pytest.approx(1.0)
    assert math.isnan(rate([]).value)


def test_a_report_needs_both_kinds_of_label_and_counts_no_unlabelled_pair() -> None:
    unlabelled = Judged(Pair("x", ("c",), "s"), 0.5, "full", ())
    with pytest.raises(JudgingError, match="1 labelled lines, 1 of them supported"):
        report([judged(True, 0.9), unlabelled])
    assert report([judged(True, 0.9), judged(False, 0.1), unlabelled]).pairs == 2


def test_the_written_report_names_its_figures_and_the_bad_lines() -> None:
    output, errors = io.StringIO(), io.StringIO()
    lines = [
        line(claim="The office opened in 2010.", label="supported"),
        line(claim="The office opened in 2011.", label="refuted", kind="date"),
        "{",
    ]
    assert report_lines(lines, SupportVerifier(), output, errors) == 1
    assert "balanced accuracy  1.000" in output.getvalue()
    assert "caught: date" in output.getvalue()
    assert errors.getvalue().startswith("line 3 is not JSON")
