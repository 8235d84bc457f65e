"""One question of a run as it is kept: what was asked, what came back, how it scored."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from evals.metrics.catalogue import Scores
from evals.metrics.observation import Observation
from rag.wire import HitLine, ReplyLine


class EvidenceLine(BaseModel):
    document: str
    quote: str
    start: int
    end: int


class Record(BaseModel):
    """A line of `records.jsonl`. `pair` is empty for questions without evidence."""

    model_config = ConfigDict(extra="forbid")

    id: str
    base: str
    language: str
    split: str
    kind: str
    type: str
    style: str
    question: str
    pair: str
    documents: list[str]
    evidence: list[EvidenceLine]
    facts: list[list[str]]
    route: str
    cared: bool
    spoken: str
    reply: ReplyLine
    hits: list[HitLine]
    scores: dict[str, float | None]


def record(seen: Observation, hits: tuple[HitLine, ...], scores: Scores) -> Record:
    """The record of an observation."""
    question = seen.case.question
    placed = zip(question.evidence, seen.case.evidence, strict=True)
    return Record(
        id=question.id,
        base=question.base,
        language=question.language,
        split=question.split,
        kind=question.kind,
        type=question.type,
        style=question.style,
        question=question.question,
        pair=seen.case.pair,
        documents=list(question.documents),
        evidence=[
            EvidenceLine(
                document=quote.document, quote=quote.quote, start=at.spans[0].start, end=at.spans[0].end
            )
            for quote, at in placed
        ],
        facts=[list(forms) for forms in question.facts],
        route=seen.route,
        cared=seen.cared,
        spoken=seen.spoken,
        reply=seen.reply,
        hits=list(hits),
        scores=scores,
    )
