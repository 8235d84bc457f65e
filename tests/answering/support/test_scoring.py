"""The score: measures worked by hand, the model, and when a difference is certain."""

from __future__ import annotations

import math

import pytest

from rag.answering.support import SupportVerifier
from rag.answering.support.findings import Finding, contradiction, gap
from rag.answering.support.likeness import ONE, TWO
from rag.answering.support.repetition import Repetition
from rag.answering.support.scoring import ALIKE_FILE, HIGHEST_WITH_GAP, Weights, fitted_weights, judge
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
    assert set(fitted_weights(ALIKE_FILE).by_name) <= {*found, ONE, TWO}


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


@pytest.mark.parametrize("statement", ["A:A:²", "B", "Will they?", "- : -"])
def test_what_says_nothing_is_not_supported(statement: str) -> None:
    evidence = ["A text with rules for providers. Will they report?"]
    assert SupportVerifier().verify(statement, evidence).support is Support.NONE


def test_a_stray_letter_is_not_in_the_source() -> None:
    evidence = ["Providers must report within 24 hours to the national authority."]
    statement = "B Providers must report within 24 hours to the national authority."
    assert SupportVerifier().verify(statement, evidence).support is Support.PARTIAL


@pytest.mark.parametrize(
    ("evidence", "statement", "supported"),
    [
        ("Seventy-five percent of the pupils passed.", "Three quarters of the pupils passed.", True),
        ("Seventy-five percent of the pupils passed.", "Two thirds of the pupils passed.", False),
        ("The fair drew 250,000 people.", "The fair drew a quarter of a million people.", True),
        ("The fair drew 205,000 people.", "The fair drew a quarter of a million people.", False),
        ("Households cut their use by ten percent.", "Households cut their use by a tenth.", True),
        ("Van de leerlingen slaagde 25 procent.", "Een kwart van de leerlingen slaagde.", True),
        ("Af eleverne bestod 66,7 procent.", "To tredjedele af eleverne bestod.", True),
        ("Af eleverne bestod 50 procent.", "To tredjedele af eleverne bestod.", False),
    ],
)
def test_fractions_in_words_are_numbers(evidence: str, statement: str, supported: bool) -> None:
    assert (SupportVerifier().verify(statement, [evidence]).score >= 0.5) is supported


@pytest.mark.parametrize(
    "evidence",
    [
        "The hotline handled 5 400 reports in 2016. A new law took effect in 2020.",
        "A new law took effect in 2020. In 2016 the hotline handled 5 400 reports.",
    ],
)
def test_a_year_of_another_sentence_is_not_glued_to_a_figure(evidence: str) -> None:
    verifier = SupportVerifier()
    assert verifier.verify("The hotline handled 5 400 reports in 2020.", [evidence]).score < 0.5
    assert verifier.verify("The hotline handled 5 400 reports in 2016.", [evidence]).score >= 0.5


def test_all_where_the_source_does_not_say_all() -> None:
    evidence = ["Shop owners in Corbin Avenue support the bus lane, the mayor said on Monday."]
    verdict = SupportVerifier().verify("Every shop owner supports the bus lane.", evidence)
    assert verdict.score < 0.5
    assert "the statement says “Every”, the source does not" in verdict.reasons


def test_every_day_is_a_measure() -> None:
    evidence = ["Some 18,000 vehicles a day are carried across the river by the old bridge."]
    verifier = SupportVerifier()
    (daily,) = verifier.measures("Every day 18,000 vehicles use the bridge.", evidence)
    (every,) = verifier.measures("Every bridge is used by 18,000 vehicles.", evidence)
    assert (daily["gap: turn"], every["gap: turn"]) == (0, 1)


ROW = "Opened | Closed | Journal Ferry of 3 June 1987 | 3.6.1987 | 31.12.1999 | No 14 of 9.7.1987"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Opened: 3.6.1987", "Opened: 4.6.1987"),
        ("Ferry of 3 June 1987", "Ferry of 4 June 1987"),
        ("Closed: 31.12.1999", "Closed: 30.12.1999"),
        ("No 14", "No 15"),
        ("9.7.1987", "9.7.1988"),
    ],
)
def test_a_row_told_with_another_figure_is_not_supported(right: str, wrong: str) -> None:
    told = "Ferry of 3 June 1987; Opened: 3.6.1987; Closed: 31.12.1999; Journal: No 14 of 9.7.1987."
    verifier = SupportVerifier()
    assert verifier.verify(told, [ROW]).support is Support.FULL
    assert verifier.verify(told.replace(right, wrong), [ROW]).support is not Support.FULL


def test_three_words_of_a_row_with_another_date_are_not_supported() -> None:
    evidence = ["Expiry date\n\nDeadline for the members\n\nDecision of 29 May 2000 29.5.2000 31.12.2000"]
    verifier = SupportVerifier()
    assert verifier.verify("Expiry date: 29.5.2000", evidence).support is Support.FULL
    assert verifier.verify("Expiry date: 30.5.2000", evidence).support is not Support.FULL


def test_but_not_more_than_is_a_limit() -> None:
    evidence = ["The board may ask a fine, but not more than 400 euros."]
    verifier = SupportVerifier()
    most = verifier.verify("The board may ask a fine of at most 400 euros.", evidence)
    more = verifier.verify("The board may ask a fine of more than 400 euros.", evidence)
    assert (most.support, more.support) == (Support.FULL, Support.NONE)


def test_an_opposite_in_the_next_sentence_counts_where_nothing_bears_the_word_out() -> None:
    said = "The council met in May about the offer. The council will {} it, the mayor said."
    statement = "The council will accept the offer in May."
    verifier = SupportVerifier()
    assert verifier.verify(statement, [said.format("reject")]).support is not Support.FULL
    assert verifier.verify(statement, [said.format("accept")]).support is Support.FULL
