"""The fit of the support score: what it learns, what it keeps apart, and that the shipped one is good."""

from __future__ import annotations

import json

import pytest

from evals.fitting.support import START, Case, Rows, cases, figures, fit, judge
from evals.judging import Pair
from rag.answering.support.scoring import fitted_weights


def row(supported: bool, number: int, **values: float) -> tuple[Case, tuple[dict[str, float], ...]]:
    pair = Pair(f"p{number}-01", ("text",), "claim", supported)
    return Case(pair, "general", "dev", False), ({**dict.fromkeys(START, 0.0), **values},)


def test_the_balanced_point_lies_between_the_two_labels() -> None:
    rows: Rows = [row(True, n, best=0.8, window=0.9) for n in range(60)]
    rows += [row(False, n, best=0.2, window=0.3) for n in range(200, 230)]
    weights = fit(rows)
    measures = dict.fromkeys(START, 0.0)
    assert weights.score({**measures, "best": 0.5, "window": 0.6}) == pytest.approx(0.5, abs=0.05)
    assert weights.score({**measures, "best": 0.8, "window": 0.9}) > 0.6


def test_no_weight_changes_its_sign() -> None:
    rows: Rows = [row(True, n, **{"gap: name": 1.0}) for n in range(50)]
    rows += [row(False, n, best=1.0) for n in range(200, 250)]
    weights = fit(rows).by_name
    assert weights.get("best", 0.0) >= 0
    assert weights.get("gap: name", 0.0) <= 0


def test_a_passage_and_its_claims_stay_in_one_fold_and_one_split() -> None:
    folds: dict[str, set[tuple[int, str]]] = {}
    for case in cases():
        folds.setdefault(case.place, set()).add((case.fold, case.split))
    assert all(len(found) == 1 for found in folds.values())


def test_no_claim_stands_among_the_passage_it_was_taken_out_of() -> None:
    absent = [case for case in cases() if case.pair.kind == "absent"]
    whole = {case.pair.claim: case for case in cases() if case.supported and not case.crowded}
    for case in absent:
        assert whole[case.pair.claim].pair.context[0] not in case.pair.context[0]


def test_the_shipped_weights_are_as_good_on_the_test_part_as_their_figures_say() -> None:
    test = [case for case in cases() if case.split == "test"]
    found = figures(judge(test, fitted_weights()))
    assert found["general, alone"]["balanced accuracy"] >= 0.72, json.dumps(found)
    assert found["general, alone"]["kept"] >= 0.75
    assert found["claims, alone"]["balanced accuracy"] >= 0.69
