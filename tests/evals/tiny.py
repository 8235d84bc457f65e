"""Two small texts, a handful of gold questions, and a service that answers by looking words up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.gold import GoldQuestion, Quote, SourceFinder
from evals.metrics.observation import Case, Observation, Place, place
from rag.domain.answers import (
    Abstention,
    Answer,
    Citation,
    Referral,
    Reply,
    Response,
    SmallTalk,
    Stage,
    Statement,
)
from rag.domain.conversations import History
from rag.domain.documents import Description, Document, Paragraph
from rag.domain.errors import QuestionError, UnknownDocument
from rag.domain.passages import Enrichment, Passage, PassageKind
from rag.domain.retrieval import Hit
from rag.domain.spans import Span, Spans
from rag.wire import CitationLine, ReplyLine, StatementLine

ACT = """The act enters into force on 1 May 2001.
Each country names one contact point.
Reports are kept for five years.
"""
NOTICE = """Hvert land udpeger et kontaktpunkt.
Rapporter opbevares i fem år.
"""
TEXTS = {"act": ACT, "notice": NOTICE}
LANGUAGES = {"act": "en", "notice": "da"}


def spans(document: str, words: str) -> Spans:
    start = TEXTS[document].index(words)
    return (Span(start, start + len(words)),)


def at(document: str, words: str) -> Place:
    return Place(document, spans(document, words))


def question(
    id: str,
    text: str = "When does the act enter into force?",
    *,
    evidence: Sequence[tuple[str, str]] = (),
    also: Sequence[tuple[str, str]] = (),
    facts: Sequence[Sequence[str]] = (),
    kind: str = "answer",
    type: str = "date",
    split: str = "development",
    language: str = "",
) -> GoldQuestion:
    base, _, spoken = id.rpartition("-")
    return GoldQuestion(
        id=id,
        base=base or id,
        language=language or spoken or "en",
        split=split,
        kind=kind,
        type=type,
        question=text,
        style="citizen",
        evidence=tuple(Quote(*one) for one in evidence),
        also=tuple(Quote(*one) for one in also),
        facts=tuple(tuple(forms) for forms in facts),
    )


def case(asked: GoldQuestion) -> Case:
    return place(asked, SourceFinder(TEXTS), TEXTS, LANGUAGES)


def citation(number: int, document: str, words: str) -> CitationLine:
    return CitationLine(
        number=number,
        document=document,
        title=document,
        label=f"{document} {number}",
        language=LANGUAGES[document],
        spans=[(s.start, s.end) for s in spans(document, words)],
        quote=words,
        translation=None,
        date="2000-01-01",
        force="binding act",
        standing="in force",
        viewer="/source",
    )


def reply(
    kind: str,
    statements: Sequence[tuple[str, Sequence[int], str]] = (),
    citations: Sequence[CitationLine] = (),
    confidence: float = 0.8,
) -> ReplyLine:
    return ReplyLine(
        question="?",
        language="en",
        understood_as="?",
        kind=kind,
        text=" ".join(text for text, _, _ in statements),
        statements=[StatementLine(text=t, citations=list(n), support=s) for t, n, s in statements],
        citations=list(citations),
        contacts=[],
        notes=[],
        confidence=confidence,
        answerer="extractive",
        index="i",
        timings_ms={},
    )


def seen(
    asked: GoldQuestion,
    answer: ReplyLine | None = None,
    *,
    route: str = "",
    cared: bool = False,
    hits: Sequence[Place] = (),
    spoken: str = "en",
) -> Observation:
    line = answer or reply(route or "abstention")
    return Observation(case(asked), line, route or line.kind, cared, tuple(hits), spoken)


def _document(id: str) -> Document:
    blocks, start = [], 0
    for line in TEXTS[id].splitlines(keepends=True):
        blocks.append(Paragraph((Span(start, start + len(line.rstrip())),)))
        start += len(line)
    description = Description(((LANGUAGES[id], id.title()),), id, date="2000-01-01")
    return Document(id, TEXTS[id], LANGUAGES[id], description, "0" * 64, tuple(blocks))


DOCUMENTS: Mapping[str, Document] = {id: _document(id) for id in TEXTS}


def _passages(document: Document) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            f"{document.id}#{n}", document.id, document.language, PassageKind.PARAGRAPH, block.spans,
            document.reading(block.spans), (), "", f"{document.id}, {n + 1}", (), (n,),
        )
        for n, block in enumerate(document.blocks)
    )  # fmt: skip


class TinyLibrary:
    def document(self, document_id: str) -> Document:
        if document_id not in DOCUMENTS:
            raise UnknownDocument(f"There is no text '{document_id}'.")
        return DOCUMENTS[document_id]

    def documents(self) -> Sequence[Document]:
        return tuple(DOCUMENTS.values())

    def passages(self, document_id: str) -> Sequence[Passage]:
        return _passages(self.document(document_id))


class TinyAssistant:
    """Ranks passages by shared words; answers with the best if it shares `needed` words.

    "hotline" is a cry for help here, "hello" small talk, and "crash" makes the service fail.
    """

    def __init__(self, needed: int = 2) -> None:
        self.library = TinyLibrary()
        self._needed = needed

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        if "crash" in question:
            raise QuestionError("The question cannot be taken.")
        return Response(
            question, language or "en", question, self._reply(question), "tiny", (Stage("total", 2.0),)
        )

    def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]:
        words = set(question.lower().replace("?", "").split())
        found = [
            Hit(p, Enrichment(), float(len(words & set(p.text.lower().rstrip(".").split()))))
            for document in DOCUMENTS.values()
            for p in _passages(document)
        ]
        return tuple(sorted(found, key=lambda hit: -hit.score)[:limit])

    def _reply(self, question: str) -> Reply:
        if "hotline" in question:
            return Referral("Call the hotline.", (), "help")
        if "hello" in question:
            return SmallTalk("Good day to you.")
        best = self.search(question, limit=1)[0]
        cited = Citation(1, best.passage, best.passage.spans, best.passage.text)
        confidence = min(1.0, best.score / 5)
        if best.score < self._needed:
            return Abstention("The texts do not say anything about that.", (cited,), confidence)
        return Answer((Statement(best.passage.text, (1,)),), (cited,), confidence)


class EnglishOnly:
    """A language identifier to which all is English but a few Danish words."""

    def identify(self, text: str) -> str:
        return "da" if any(word in text for word in ("Hvert", "Rapporter")) else "en"


FORCE = ("act", "The act enters into force on 1 May 2001.")
CONTACT = ("act", "Each country names one contact point.")
KEPT = ("act", "Reports are kept for five years.")
GOLD = (
    question("f1-en", "When does the act enter into force?", evidence=[FORCE], facts=[["1 May 2001"]]),
    question("f2-en", "How many contact point for each country?", evidence=[CONTACT], facts=[["one"]]),
    question("f3-en", "For how long are reports kept?", evidence=[KEPT], facts=[["five"]], split="test"),
    question("u1-en", "Who won the football match?", kind="abstention", type="off-topic"),
    question("h1-en", "I need a hotline.", kind="referral", type="help-seeking"),
    question("s1-en", "hello", kind="smalltalk", type="smalltalk"),
    question("c1-en", "crash", evidence=[KEPT], facts=[["five"]]),
)
