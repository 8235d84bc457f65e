"""The score: measures worked by hand, the model, and when a difference is certain."""

from __future__ import annotations

import math

import pytest

from rag.answering.support import SupportVerifier
from rag.answering.support.findings import Finding, contradiction, gap
from rag.answering.support.repetition import Repetition
from rag.answering.support.scoring import HIGHEST_WITH_GAP, Weights, fitted_weights, judge
from rag.domain.answers import Support

EVIDENCE = ["The harbour opened in 1911. Ferries to Samsø leave twice a day."]


def repetition(share: float, added: int) -> Repetition:
    return Repetition(share >= 0.7, (), (), (0,), share, added)


def test_the_recalls_worked_by_hand() -> None:
    (found,) = SupportVerifier().measures("Ferries leave the harbour for Zealand.", EVIDENCE)
    # harbour, ferries, leave and the name Zealand, which counts 1.5: 4.5 in all. One sentence says
    # two of them (ferries, leave), both together three.
    assert found["best"] == pytest.approx(2 / 4.5)
    assert found["window"] == found["anywhere"] == pytest.approx(3 / 4.5)
    assert found["missing run"] == 1 / 4
    assert found["gap: name"] == 1


def test_a_quotation_needs_no_measures() -> None:
    assert SupportVerifier().measures("Ferries to Samsø leave twice a day.", EVIDENCE) == ()


def test_the_logistic_model_worked_by_hand() -> None:
    weights = Weights(-1.0, {"best": 2.0, "gap: name": -0.5})
    score = weights.score({"best": 0.75, "gap: name": 1.0, "window": 1.0})
    assert score == pytest.approx(1 / (1 + math.exp(1.0 - 1.5 + 0.5)))


def test_every_fitted_weight_names_a_measure() -> None:
    (found,) = SupportVerifier().measures("Ferries leave the harbour.", EVIDENCE)
    assert set(fitted_weights().by_name) <= set(found)


@pytest.mark.parametrize(
    ("finding", "share", "added", "expected"),
    [
        (contradiction("number", "other"), 0.95, 1, Support.NONE),
        (contradiction("number", "other"), 0.65, 2, Support.NONE),  # short, and nearly the source's own
        (contradiction("number", "other"), 0.5, 6, Support.FULL),  # weighed in the score already
        (contradiction("direction", "other"), 0.3, 6, Support.NONE),
        (gap("wording", "more"), 0.9, 1, Support.PARTIAL),
        (gap("wording", "more"), 0.75, 2, Support.FULL),
        (gap("condition", "more"), 0.75, 2, Support.PARTIAL),
    ],
)
def test_a_difference_decides_only_where_the_rest_is_the_sources_own(
    finding: Finding, share: float, added: int, expected: Support
) -> None:
    assert judge(0.9, [finding], repetition(share, added)).support is expected


def test_full_support_is_a_score_of_a_half_or_more() -> None:
    assert judge(0.5, [], repetition(0.4, 5)).support is Support.FULL
    assert judge(HIGHEST_WITH_GAP, [], repetition(0.4, 5)).support is Support.PARTIAL
    assert judge(0.1, [], repetition(0.4, 5)).support is Support.NONE


@pytest.mark.parametrize(
    ("evidence", "statement"),
    [
        ("The bridge was closed in February 2021.", "In 2021 the bridge was closed."),
        ("The storm of 1703 destroyed the tower.", "The tower was destroyed by a storm in 1703."),
    ],
)
def test_a_year_after_in_is_a_date(evidence: str, statement: str) -> None:
    assert SupportVerifier().verify(statement, [evidence]).support is Support.FULL


def test_one_in_a_thousand_is_not_one_in_ten_thousand() -> None:
    evidence = ["About one in ten thousand people develops the disease."]
    statement = "About one in a thousand people develops the disease."
    assert SupportVerifier().verify(statement, evidence).support is Support.NONE


def test_another_bound_of_the_same_kind_does_not_bear_a_number_out() -> None:
    evidence = ["Move the plants outside when nights stay above 10 degrees."]
    verifier = SupportVerifier()
    assert (
        verifier.verify("Plants can be moved outside when nights stay above 5 degrees.", evidence).score < 0.5
    )
    assert (
        verifier.verify("Plants can be moved outside when nights stay above 10 degrees.", evidence).score
        >= 0.5
    )


def test_a_statement_in_the_words_of_its_evidence_is_in_its_language() -> None:
    evidence = ["Two men died when the boat sank near Harwick, the police said."]
    assert SupportVerifier().verify("Two men died near Harwick.", evidence).support is Support.FULL
