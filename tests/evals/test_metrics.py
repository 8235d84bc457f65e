"""Every metric on cases small enough to work out by hand; the working stands beside the value."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

import pytest

from evals.metrics.abstention import answered_answerable, declined_unanswerable, reply_matrix
from evals.metrics.attribution import attribution_precision, attribution_recall
from evals.metrics.budget import cut, recall_within
from evals.metrics.catalogue import METRICS, score
from evals.metrics.citations import citation_precision, citation_recall, evidence_delivered
from evals.metrics.facts import fact_recall, states
from evals.metrics.finding import Ranks, ranks
from evals.metrics.latency import latencies
from evals.metrics.ndcg import ndcg
from evals.metrics.observation import Place
from evals.metrics.recall import recall_at
from evals.metrics.reciprocal import reciprocal_rank
from evals.metrics.reply_language import in_asked_language
from evals.metrics.risk_coverage import risk, risk_coverage
from evals.metrics.routing import routed_well
from evals.metrics.support import support_rate
from evals.metrics.verifier_error import Labelled, verifier_error
from rag.domain.answers import Support, Verdict
from rag.domain.spans import Span
from tests.evals.tiny import ACT, CONTACT, FORCE, KEPT, at, case, citation, question, reply, seen

BOTH = question("b-en", evidence=[FORCE, CONTACT])


# Where evidence is found


def test_evidence_is_found_where_half_of_its_letters_are_covered() -> None:
    # "Each country names one contact point." has 31 letters; "Each country names" 16, over half; "Each country" 11.
    one = case(question("q-en", evidence=[CONTACT]))
    assert ranks(one, [at("act", "Each country"), at("act", "Each country names")]) == Ranks((2,), ())


def test_passages_that_cover_halves_find_evidence_together() -> None:
    # "Each country" (11) and "contact point" (12) are 23 of 31 letters: found at the second rank
    one = case(question("q-en", evidence=[CONTACT]))
    assert ranks(one, [at("act", "Each country"), at("act", "contact point")]) == Ranks((2,), ())


def test_the_same_positions_in_another_text_find_nothing() -> None:
    one = case(question("q-en", evidence=[FORCE]))
    assert ranks(one, [Place("notice", (Span(0, 40),))]) == Ranks((None,), ())


def test_a_question_without_evidence_has_no_ranks_and_no_recall() -> None:
    assert ranks(case(question("q-en", kind="abstention")), [at(*FORCE)]) is None
    assert recall_at(None, 5) is None
    assert reciprocal_rank(None) is None
    assert ndcg(None) is None


def test_recall_is_the_share_of_evidence_within_the_cut() -> None:
    found = Ranks((1, 4), ())
    assert recall_at(found, 3) == 0.5  # one of two
    assert recall_at(found, 5) == 1.0  # both


def test_an_alternative_counts_as_all_the_evidence() -> None:
    found = Ranks((None, None), (2,))
    assert recall_at(found, 1) == 0.0
    assert recall_at(found, 2) == 1.0


def test_recall_within_a_budget_counts_characters_of_the_source() -> None:
    # FORCE has 40 characters, CONTACT 37: 40 characters hold the first, 58 reach 18 into the second,
    # whose first 18 characters hold 16 of its 31 letters
    places = [at(*FORCE), at(*CONTACT)]
    assert recall_within(case(BOTH), places, 40) == 0.5
    assert recall_within(case(BOTH), places, 57) == 0.5
    assert recall_within(case(BOTH), places, 58) == 1.0


def test_a_budget_cuts_the_passage_that_exceeds_it() -> None:
    assert cut([at(*FORCE), at(*CONTACT)], 45) == (at(*FORCE), Place("act", (Span(41, 46),)))


def test_reciprocal_rank_is_that_of_the_first_evidence() -> None:
    assert reciprocal_rank(Ranks((4, 2), ())) == 0.5  # 1 / 2
    assert reciprocal_rank(Ranks((11,), ())) == 0.0  # beyond the tenth


def test_ndcg_by_hand() -> None:
    # Two pieces, at ranks 1 and 3: (1/log2(2) + 1/log2(4)) / (1/log2(2) + 1/log2(3))
    assert ndcg(Ranks((1, 3), ())) == pytest.approx((1 + 1 / 2) / (1 + 1 / log2(3)))


def test_ndcg_counts_what_was_never_found() -> None:
    # One of two pieces, at rank 1: 1 / (1 + 1/log2(3))
    assert ndcg(Ranks((1, None), ())) == pytest.approx(1 / (1 + 1 / log2(3)))
    assert ndcg(Ranks((None,), ())) == 0.0


def test_ndcg_is_one_when_one_passage_brings_everything() -> None:
    assert ndcg(Ranks((1, 1, 1), ())) == pytest.approx(1.0)
    assert ndcg(Ranks((None, None), (1,))) == pytest.approx(1.0)


# Citations and facts

ANSWERED = reply(
    "answer",
    [("It enters into force on 1 May 2001.", [1], "full"), ("Reports are kept.", [2], "partial")],
    [citation(1, *FORCE), citation(2, *KEPT)],
)


def test_citation_recall_and_precision_by_hand() -> None:
    one = seen(BOTH, ANSWERED)  # wanted: FORCE and CONTACT; cited: FORCE and KEPT
    assert citation_recall(one) == 0.5
    assert citation_precision(one) == 0.5


def test_a_citation_that_is_a_part_of_longer_evidence_is_precise() -> None:
    long = question("q-en", evidence=[("act", ACT.strip())])
    assert citation_precision(seen(long, ANSWERED)) == 1.0


def test_not_answering_delivers_nothing_but_leaves_citations_undefined() -> None:
    one = seen(BOTH, reply("abstention", citations=[citation(1, *FORCE)]))
    assert citation_recall(one) is None
    assert citation_precision(one) is None
    assert evidence_delivered(one) == 0.0


def test_fact_recall_by_hand() -> None:
    facts = question(
        "q-en", evidence=[FORCE], facts=[["1 May 2001", "1. maj 2001"], ["five years", "fem år"]]
    )
    assert fact_recall(seen(facts, ANSWERED)) == 0.5  # the date is said, the years are not
    assert fact_recall(seen(facts)) == 0.0  # not answered
    assert fact_recall(seen(BOTH, ANSWERED)) is None  # no facts


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("nearly 725 000 reports", "725 000", True),
        ("72 places", "72", True),
        ("1725 places", "72", False),
        ("72.5 %", "72", False),
        ("in 2010.", "2010", True),
        ("THREE\nYears", "three years", True),
        ("40 lande", "40", True),
        ("1,40 euros", "40", False),
    ],
)
def test_a_fact_is_stated_as_a_whole_number_or_not_at_all(text: str, form: str, expected: bool) -> None:
    assert states(text, form) is expected


# What the verifier says


def holds_every_word(statement: str, evidence: Sequence[str]) -> bool:
    words = set(" ".join(evidence).lower().replace(".", "").split())
    return set(statement.lower().replace(".", "").split()) <= words


def test_attribution_by_hand() -> None:
    # First statement: borne out by [1] alone, so [2] is not needed. Second: needs both. Third: neither.
    answer = reply(
        "answer",
        [
            ("The act enters into force", [1, 2], "full"),
            ("Reports force", [1, 2], "full"),
            ("Nobody knows", [1], "none"),
        ],
        [citation(1, *FORCE), citation(2, *KEPT)],
    )
    one = seen(BOTH, answer)
    assert attribution_recall(one, holds_every_word) == pytest.approx(2 / 3)
    # needed: [1] of the first, both of the second; not [2] of the first, nor [1] of the third: 3 of 5
    assert attribution_precision(one, holds_every_word) == pytest.approx(3 / 5)


def test_support_rate_is_the_share_marked_full() -> None:
    assert support_rate(seen(BOTH, ANSWERED)) == 0.5
    assert support_rate(seen(BOTH)) is None


class Credulous:
    """Passes whatever ends in a full stop."""

    def verify(self, statement: str, evidence: Sequence[str]) -> Verdict:
        full = statement.endswith(".")
        return Verdict(Support.FULL if full else Support.NONE, float(full))


def test_the_verifiers_own_error_by_hand() -> None:
    rows = [
        Labelled("true.", ("e",), True, "p1"),
        Labelled("true", ("e",), True, "p2"),  # not recognised: 1 of 2
        Labelled("false.", ("e",), False, "p1"),  # let through: 1 of 4
        *(Labelled("false", ("e",), False, f"p{n}") for n in (2, 3, 4)),
    ]
    found = verifier_error(Credulous(), "a set", rows)
    assert (found.false_pass.value, found.false_pass.n) == (0.25, 4)
    assert (found.false_alarm.value, found.false_alarm.n) == (0.5, 2)


# Abstention, confidence, routing, language, time


def test_answering_is_judged_only_where_it_can_be() -> None:
    unanswerable = question("u-en", kind="abstention")
    assert answered_answerable(seen(BOTH, ANSWERED)) == 1.0
    assert answered_answerable(seen(unanswerable)) is None
    assert declined_unanswerable(seen(unanswerable)) == 1.0
    assert declined_unanswerable(seen(unanswerable, ANSWERED)) == 0.0
    assert declined_unanswerable(seen(BOTH)) is None


def test_the_matrix_counts_expected_against_replied() -> None:
    pairs = [("answer", "answer"), ("answer", "abstention"), ("abstention", "answer"), ("answer", "answer")]
    assert reply_matrix(pairs) == {"answer": {"answer": 2, "abstention": 1}, "abstention": {"answer": 1}}


def test_risk_and_coverage_by_hand() -> None:
    # Surest first the risks are 0, 1, 0, 1: mean risk after each is 0, 1/2, 1/3, 1/2
    found = risk_coverage([0.9, 0.8, 0.7, 0.6], [0, 1, 0, 1])
    assert found is not None
    assert found.risk == pytest.approx((0, 1 / 2, 1 / 3, 1 / 2))
    assert found.coverage == (0.25, 0.5, 0.75, 1.0)
    assert found.aurc == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    # Perfect order 0, 0, 1, 1: 0, 0, 1/3, 1/2
    assert found.best == pytest.approx((1 / 3 + 1 / 2) / 4)
    assert found.blind == 0.5


def test_equal_confidences_say_nothing_whatever_the_order() -> None:
    for risks in ([0, 0, 1, 1], [1, 1, 0, 0]):
        found = risk_coverage([0.5] * 4, risks)
        assert found is not None
        assert found.aurc == pytest.approx(0.5)


def test_risk_and_coverage_of_nothing_is_undefined() -> None:
    assert risk_coverage([], []) is None


def test_risk_is_known_for_answers_and_abstentions_alike() -> None:
    assert risk(seen(BOTH), Ranks((1, 9), ())) == 0.5  # one of two pieces beyond the fifth
    assert risk(seen(question("u-en", kind="abstention"), ANSWERED), None) == 1.0
    assert risk(seen(BOTH, route="referral"), Ranks((1, 1), ())) is None


@pytest.mark.parametrize(
    ("kind", "route", "cared", "expected"),
    [
        ("answer", "answer", False, 1.0),
        ("answer", "abstention", False, 1.0),  # searched, which is all routing decides
        ("answer", "referral", True, 0.0),
        ("abstention", "smalltalk", False, 0.0),
        ("referral", "referral", True, 1.0),
        ("referral", "answer", True, 1.0),  # help first, then an answer
        ("referral", "answer", False, 0.0),
        ("referral", "refusal", True, 0.0),
        ("refusal", "refusal", True, 1.0),
        ("refusal", "referral", True, 0.0),
        ("smalltalk", "smalltalk", False, 1.0),
        ("answer", "error", False, 0.0),
    ],
)
def test_routing(kind: str, route: str, cared: bool, expected: float) -> None:
    assert (
        routed_well(seen(question("q-en", kind=kind), reply("answer"), route=route, cared=cared)) == expected
    )


def test_the_language_of_a_reply_too_short_to_tell_is_undefined() -> None:
    assert in_asked_language(seen(BOTH, ANSWERED, spoken="en")) == 1.0
    assert in_asked_language(seen(BOTH, ANSWERED, spoken="da")) == 0.0
    assert in_asked_language(seen(BOTH, ANSWERED, spoken="unknown")) is None


def test_latency_percentiles_by_hand() -> None:
    # 1..101: the 50th percentile is the 51st value, the 95th the 96th, the 99th the 100th
    rows = latencies([{"total": float(n)} for n in range(1, 102)] + [{"retrieve": 7.0}])
    assert [(r.stage, r.n, r.p50, r.p95, r.p99) for r in rows] == [
        ("total", 101, 51.0, 96.0, 100.0),
        ("retrieve", 1, 7.0, 7.0, 7.0),
    ]


def test_every_metric_is_scored_by_its_own_name() -> None:
    one = seen(BOTH, ANSWERED, hits=[at(*KEPT), at(*FORCE), at(*CONTACT)])
    scores = score(one, holds_every_word)
    assert list(scores) == [m.name for m in METRICS]
    assert scores["recall@1"] == 0.0
    assert scores["recall@3"] == 1.0
    assert scores["MRR@10"] == 0.5
    assert scores["support rate"] == 0.5
    assert scores["declined"] is None
    assert scores["risk"] == 0.0
    assert all(value is None or 0.0 <= value <= 1.0 for value in scores.values())
