"""Every score of a question, by name, and what each name means to a reader."""

from __future__ import annotations

from dataclasses import dataclass

from evals.metrics.abstention import answered_answerable, declined_unanswerable
from evals.metrics.attribution import Supports, attribution_precision, attribution_recall
from evals.metrics.budget import BUDGETS, recall_within
from evals.metrics.citations import citation_precision, citation_recall, evidence_delivered
from evals.metrics.facts import fact_recall, shown_fact_recall
from evals.metrics.finding import ranks
from evals.metrics.ndcg import ndcg
from evals.metrics.observation import Observation
from evals.metrics.recall import CUTS, recall_at
from evals.metrics.reciprocal import reciprocal_rank
from evals.metrics.reply_language import in_asked_language
from evals.metrics.risk_coverage import risk
from evals.metrics.routing import routed_well
from evals.metrics.support import support_rate

Scores = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """`group` says what part of the flow it judges; higher is better unless `lower_is_better`."""

    name: str
    group: str
    about: str
    lower_is_better: bool = False


METRICS = (
    *(Metric(f"recall@{k}", "search", f"evidence among the first {k} passages") for k in CUTS),
    *(
        Metric(f"recall in {size} characters", "search", f"evidence in the first {size} characters")
        for size in BUDGETS
    ),
    Metric("MRR@10", "search", "one over the rank of the first evidence"),
    Metric("nDCG@10", "search", "evidence, the higher up the better"),
    Metric("answered", "answer", "answerable questions that got an answer"),
    Metric("declined", "answer", "unanswerable questions that got none"),
    Metric("evidence delivered", "answer", "evidence cited; not answering delivers none"),
    Metric("citation recall", "answer", "evidence cited, among answers"),
    Metric("citation precision", "answer", "citations that are evidence, among answers"),
    Metric("fact recall", "answer", "key facts in the answer's sentences"),
    Metric("facts shown", "answer", "key facts in sentences, quotes and translations"),
    Metric("support rate", "answer", "statements marked fully supported, by our verifier"),
    Metric("attribution recall", "answer", "statements borne out by their citations (ALCE), by our verifier"),
    Metric("attribution precision", "answer", "citations that are needed (ALCE), by our verifier"),
    Metric("routing", "care", "questions that took the right way"),
    Metric("language", "care", "replies in the asker's language"),
    Metric(
        "risk", "confidence", "evidence missing among the first 5; 1 if unanswerable", lower_is_better=True
    ),
)
BY_NAME = {metric.name: metric for metric in METRICS}


def score(seen: Observation, supports: Supports) -> Scores:
    """Every metric of one question, in the order of `METRICS`; None where undefined."""
    found = ranks(seen.case, seen.hits)
    values: list[float | None] = [
        *(recall_at(found, k) for k in CUTS),
        *(recall_within(seen.case, seen.hits, size) for size in BUDGETS),
        reciprocal_rank(found),
        ndcg(found),
        answered_answerable(seen),
        declined_unanswerable(seen),
        evidence_delivered(seen),
        citation_recall(seen),
        citation_precision(seen),
        fact_recall(seen),
        shown_fact_recall(seen),
        support_rate(seen),
        attribution_recall(seen, supports),
        attribution_precision(seen, supports),
        routed_well(seen),
        in_asked_language(seen),
        risk(seen, found),
    ]
    return {metric.name: value for metric, value in zip(METRICS, values, strict=True)}
