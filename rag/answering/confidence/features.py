"""Signals, drawn from what was found, of whether the texts answer the question.

All are comparable across questions: cosines and shares, never fused scores, which are scaled
per question.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.answering.confidence.expectations import lacking
from rag.domain.retrieval import Hit, Query

FEATURES = (
    "text",  # cosine of the question and the best passage's words
    "sentence",  # cosine of the question and the best sentence of the best passages
    "question",  # cosine of the question and a question known to be answered
    "question_margin",  # how far that question stands out among those of other passages
    "coverage",  # idf-weighted share of the question's words in the best passage
    "coverage_together",  # the same over the best three passages
    "rarest_missing",  # weight of the rarest word that the best three lack, scaled
    "number_missing",  # 1 if a number of the question is in none of the best three
    "name_missing",  # 1 if a capitalised name of the question is in none of the best three
    "agreement",  # share of the legs that rank the best passage among their own best
    "margin",  # fused score of the best minus that of the fifth
    "length",  # words in the question, at most 12, scaled
    "relevance",  # of the passage most likely to answer
    "late_interaction",  # MaxSim of the best passage
    "year_missing",  # 1 if a year of the question is not in the passage most likely to answer
    "unheard_name",  # 1 if a capitalised word or number of the question stands nowhere in the texts
    "unheard",  # how many words of the question stand nowhere in the texts, at most 3, scaled
    "lacking",  # share of the kinds of thing asked for (a count, a place ...) that the best ones lack
    "leaning",  # towards questions known to be answered, or known not to be; for enriched texts
    "likest_answered",  # likeness to the nearest questions known to be answered; for enriched texts
    "likest_unanswered",  # and to the nearest known not to be
    "votes",  # share of the votes for the passage most likely to answer
    "enriched",  # 1 if questions were written for the best passage
)

_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=\s)[A-ZÆØÅ][\w-]{2,}")
_NAME_OR_NUMBER = re.compile(r"(?<=\s)(?:[A-ZÆØÅ][\w-]{2,}|\d+)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RARE = 6.0
_TOP = 3
_STRONG_LEANING = 3.0
"""Log-odds; beyond about twice as much, more of it says little more."""


def features(query: Query, hits: Sequence[Hit], relevances: Sequence[float]) -> tuple[float, ...]:
    """The values of `FEATURES`, in order; all zero when nothing was found. `relevances`: one a hit."""
    if not hits:
        return (0.0,) * len(FEATURES)
    top = hits[:_TOP]
    questions = [_leg(h, "dense question") for h in hits]
    best_question = max(questions)
    others = [
        q for h, q in zip(hits, questions, strict=True) if h is not hits[questions.index(best_question)]
    ]
    missing = _missing_everywhere(top)
    enriched = bool(hits[0].enrichment.questions)
    likely = max(zip(relevances, hits, strict=True), key=lambda pair: pair[0])[1]
    return (
        max(_leg(h, "dense text") for h in top),
        max((max(h.sentences) for h in top if h.sentences), default=0.0),
        best_question,
        best_question - max(others, default=0.0),
        hits[0].coverage.share,
        _together(top),
        min(max(missing.values(), default=0.0) / _RARE, 1.0),
        float(any(_NUMBER.search(word) for word in missing)),
        float(any(name.lower() in missing for name in _NAME.findall(query.text))),
        _agreement(hits),
        hits[0].score - (hits[4].score if len(hits) > 4 else 0.0),
        min(len(query.text.split()), 12) / 12,
        max(relevances, default=0.0),
        max(_leg(h, "late interaction") for h in top),
        float(bool(_YEAR.search(" ".join(w for w, _ in likely.coverage.missing)))),
        float(any(name.lower() in hits[0].coverage.unheard for name in _NAME_OR_NUMBER.findall(query.text))),
        min(len(hits[0].coverage.unheard), 3) / 3,
        lacking(query, top),
        math.tanh(hits[0].leaning / _STRONG_LEANING) if enriched else 0.0,
        *(hits[0].kin if enriched else (0.0, 0.0)),
        likely.votes,
        float(enriched),
    )


def _leg(hit: Hit, name: str) -> float:
    return next((e.score for e in hit.evidence if e.leg == name), 0.0)


def _missing_everywhere(top: Sequence[Hit]) -> dict[str, float]:
    """The question's words that none of the hits holds, with their weights."""
    first, *rest = [dict(h.coverage.missing) for h in top]
    return {word: weight for word, weight in first.items() if all(word in other for other in rest)}


def _together(top: Sequence[Hit]) -> float:
    """Coverage by the best hits taken together."""
    share, missing = top[0].coverage.share, sum(w for _, w in top[0].coverage.missing)
    if share >= 1.0 or not missing:
        return share
    total = missing / (1 - share)
    return 1 - sum(_missing_everywhere(top).values()) / total


def _agreement(hits: Sequence[Hit]) -> float:
    legs = {e.leg for h in hits for e in h.evidence}
    if not legs:
        return 0.0
    agreeing = 0
    for leg in legs:
        ranked = sorted(hits, key=lambda h: -_leg(h, leg))
        agreeing += hits[0] in ranked[:_TOP]
    return agreeing / len(legs)
