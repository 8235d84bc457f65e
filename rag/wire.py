"""The one JSON shape that API, command line and evaluation share (see the README, "Wire format")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from rag.domain.answers import (
    Abstention,
    Answer,
    Citation,
    HelpContact,
    Referral,
    Response,
    SmallTalk,
)
from rag.domain.conversations import History, Turn
from rag.domain.documents import Document
from rag.domain.retrieval import Hit
from rag.domain.spans import Spans


class QuestionLine(BaseModel):
    """One question; `history` holds earlier turns, oldest first."""

    model_config = ConfigDict(extra="ignore")

    id: str | int | None = None
    question: str
    language: str | None = None
    history: list[TurnLine] = Field(default_factory=list)


class TurnLine(BaseModel):
    question: str
    answer: str = ""
    understood_as: str | None = None
    documents: list[str] = Field(default_factory=list)


def history_of(line: QuestionLine) -> History:
    """The earlier turns that a question line brings along."""
    return tuple(
        Turn(
            question=turn.question,
            understood_as=turn.understood_as or turn.question,
            answer=turn.answer,
            documents=tuple(turn.documents),
        )
        for turn in line.history
    )


class TranslationLine(BaseModel):
    language: str
    text: str
    origin: str


class CitationLine(BaseModel):
    number: int
    document: str
    title: str
    label: str
    language: str
    spans: list[tuple[int, int]]
    quote: str
    translation: TranslationLine | None
    date: str
    force: str
    standing: str
    viewer: str


class StatementLine(BaseModel):
    text: str
    citations: list[int]
    support: str
    speaker: str = ""


class ContactLine(BaseModel):
    name: str
    kind: str
    countries: list[str]
    phone: str
    url: str
    hours: str
    checked: str
    about: str


class ReplyLine(BaseModel):
    """One reply. `kind` is answer, abstention or referral; small talk is a referral to the service."""

    id: str | int | None = None
    question: str
    language: str
    understood_as: str
    kind: str
    text: str
    statements: list[StatementLine]
    citations: list[CitationLine]
    contacts: list[ContactLine]
    notes: list[str]
    confidence: float
    answerer: str
    index: str
    timings_ms: dict[str, float]


class HitLine(BaseModel):
    document: str
    spans: list[tuple[int, int]]
    score: float
    label: str
    evidence: list[dict[str, str | float]] | None = None


class HitsLine(BaseModel):
    id: str | int | None = None
    question: str
    hits: list[HitLine]


def viewer_link(document: str, spans: Spans) -> str:
    """The address of the exact passage: `/source/<id>?spans=12-40,52-60#cited`."""
    pairs = ",".join(f"{s.start}-{s.end}" for s in spans)
    return f"/source/{document}?{urlencode({'spans': pairs}, safe=',')}#cited"


DocumentLookup = Callable[[str], Document]


def citation_line(citation: Citation, lookup: DocumentLookup, language: str) -> CitationLine:
    document = lookup(citation.passage.document)
    description = document.description
    translation = citation.translation
    return CitationLine(
        number=citation.number,
        document=document.id,
        title=description.title(language) or document.id,
        label=citation.passage.label,
        language=document.language,
        spans=[(s.start, s.end) for s in citation.spans],
        quote=citation.quote,
        translation=TranslationLine(
            language=translation.language, text=translation.text, origin=translation.origin
        )
        if translation
        else None,
        date=description.date,
        force=description.force.value,
        standing=description.standing.value,
        viewer=viewer_link(document.id, citation.spans),
    )


def contact_line(contact: HelpContact) -> ContactLine:
    return ContactLine(
        name=contact.name,
        kind=contact.kind,
        countries=list(contact.countries),
        phone=contact.phone,
        url=contact.url,
        hours=contact.hours,
        checked=contact.checked,
        about=contact.about,
    )


def marked_text(answer: Answer) -> str:
    """The statements as a person reads them, each followed by its markers."""
    return "\n".join(
        f"{f'{s.speaker}: ' if s.speaker else ''}{s.text} {''.join(f'[{number}]' for number in s.citations)}"
        for s in answer.statements
    )


def reply_line(response: Response, lookup: DocumentLookup, id: str | int | None = None) -> ReplyLine:
    """The wire form of a response."""
    reply = response.reply
    citations: Sequence[Citation] = ()
    statements: list[StatementLine] = []
    contacts: Sequence[HelpContact] = ()
    notes: Sequence[str] = ()
    confidence, answerer = 0.0, "extractive"
    match reply:
        case Answer():
            kind, text = "answer", marked_text(reply)
            citations, confidence, answerer = reply.citations, reply.confidence, reply.answerer
            statements = [
                StatementLine(
                    text=s.text, citations=list(s.citations), support=s.support.value, speaker=s.speaker
                )
                for s in reply.statements
            ]
            notes = reply.notes
            if reply.care:
                kind = "referral"  # help comes first; what the texts say stands beside it
                text, contacts = f"{reply.care.message}\n{text}", reply.care.contacts
        case Abstention():
            kind, text = "abstention", reply.message
            citations, confidence = reply.nearest, reply.confidence
        case Referral():
            kind, text, contacts = "referral", reply.message, reply.contacts
        case SmallTalk():
            kind, text = "referral", reply.message
    return ReplyLine(
        id=id,
        question=response.question,
        language=response.language,
        understood_as=response.understood_as,
        kind=kind,
        text=text,
        statements=statements,
        citations=[citation_line(c, lookup, response.language) for c in citations],
        contacts=[contact_line(c) for c in contacts],
        notes=list(notes),
        confidence=round(confidence, 4),
        answerer=answerer,
        index=response.index,
        timings_ms={s.name: round(s.milliseconds, 3) for s in response.timings},
    )


def hit_line(hit: Hit, *, explain: bool = False) -> HitLine:
    passage = hit.passage
    return HitLine(
        document=passage.document,
        spans=[(s.start, s.end) for s in (*passage.context, *passage.spans)],
        score=round(hit.score, 5),
        label=passage.label,
        evidence=[
            {
                "leg": e.leg,
                "origin": e.origin.value,
                "language": e.language,
                "text": e.text,
                "score": round(e.score, 5),
                "share": round(e.share, 5),
            }
            for e in hit.evidence
        ]
        if explain
        else None,
    )
