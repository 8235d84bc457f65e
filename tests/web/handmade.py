"""A small document with every kind of block and damage, and an assistant that answers from it by rule."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.domain.answers import (
    Abstention,
    Answer,
    Citation,
    HelpContact,
    Referral,
    Reply,
    Response,
    SmallTalk,
    Stage,
    Statement,
    Support,
)
from rag.domain.conversations import History
from rag.domain.documents import (
    Block,
    Contact,
    Description,
    Document,
    Footnote,
    FootnoteCall,
    Furniture,
    Heading,
    LegalForce,
    ListItem,
    Paragraph,
    Standing,
    TableRow,
    Title,
)
from rag.domain.errors import QuestionError, UnknownDocument
from rag.domain.passages import Enrichment, Passage, PassageKind, Translation
from rag.domain.retrieval import Hit
from rag.domain.spans import Repair, RepairKind, Span, Spans
from rag.growing import Growing

TEXT = """Rådets **afgørelse** om <script>alert(1)</script>

I. Formål

Medlemsstaterne skal handle hurtigt¹ og i
¹ Se også COM(2019) 1.
fællesskab, når et tip  kommer ind.

De skal navnlig:
 - a. oprette særlige enheder
 - b. udveksle oplysninger

Nye ord uden afsnit her.

Akt Ikrafttræden Frist
Afgørelsen 29.5.2000 31.12.2000

side 3
Presse: +32 2 555 00 00
"""

NOTICES = ("A word was lost in extraction.",)


def at(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def _repairs() -> tuple[Repair, ...]:
    found = [Repair(Span(m.start(), m.end()), "", RepairKind.MARKUP) for m in re.finditer(r"\*\*", TEXT)]
    marker = at("¹ og")
    found.append(Repair(Span(marker.start, marker.start + 1), "", RepairKind.MARKER))
    found.append(Repair(at("  "), " ", RepairKind.WHITESPACE))
    cut = Span(at("og i\n").end - 1, at("fællesskab").start)
    found.append(Repair(cut, " ", RepairKind.INTERRUPTION))
    return tuple(sorted(found))


def _blocks() -> tuple[Block, ...]:
    marker = Span(at("¹ og").start, at("¹ og").start + 1)
    first = Span(at("Medlemsstaterne").start, at("og i\n").end - 1)
    rest = Span(at("fællesskab").start, at("kommer ind.").end)
    columns = ((at("Akt"),), (at("Ikrafttræden"),), (at("Frist"),))
    cells = ((at("Afgørelsen"),), (at("29.5.2000"),), (at("31.12.2000"),))
    return (
        Title((Span(0, TEXT.index("\n")),)),
        Heading((at("Formål"),), "I"),
        Paragraph((first, rest), calls=(FootnoteCall("1", marker),)),
        Footnote((at("Se også COM(2019) 1."),), "1", caller=2, call=marker),
        Paragraph((at("De skal navnlig:"),)),
        ListItem((at("a. oprette særlige enheder"),), "a", lead_in=4),
        ListItem((at("udveksle oplysninger"),), "b", lead_in=4),
        TableRow((at("Afgørelsen 29.5.2000 31.12.2000"),), None, columns, cells),
        Furniture((at("side 3"),)),
        Contact((at("Presse: +32 2 555 00 00"),)),
    )


def make_document() -> Document:
    return Document(
        id="decision",
        text=TEXT,
        language="da",
        description=Description(
            titles=(("en", 'A decision & its "friends" <b>'), ("da", "En afgørelse")),
            short_title="Decision 1",
            institution="Council <i>",
            date="2000-05-29",
            reference="2000/1",
            force=LegalForce.BINDING,
            standing=Standing.IN_FORCE,
            source_page="javascript:alert(2)",
        ),
        sha256="0" * 64,
        blocks=_blocks(),
        repairs=_repairs(),
        notices=NOTICES,
    )


DOCUMENT = make_document()


def passage(block: int, document: Document = DOCUMENT) -> Passage:
    spans = document.blocks[block].spans
    return Passage(
        id=f"{document.id}#{block}",
        document=document.id,
        language=document.language,
        kind=PassageKind.PARAGRAPH,
        spans=spans,
        text=document.reading(spans),
        context=(),
        context_text="",
        label=f"Decision 1, <block> {block}",
        section=(),
        blocks=(block,),
    )


def citation(number: int, block: int, translation: str = "") -> Citation:
    cited = passage(block)
    made = Translation("en", translation) if translation else None
    return Citation(number, cited, cited.spans, DOCUMENT.reading(cited.spans), made)


PATIENCE_SECONDS = 20.0
TRANSLATION = "The Member States must act fast and together."
HELP = Referral(
    "You are not alone.",
    (
        HelpContact("Emergency <number>", "emergency", ("EU",), "112", "https://example.org/112", "24/7"),
        HelpContact("Bad link", "report", ("DK",), "ask <us>", "javascript:alert(3)", "", "2026-11-01"),
    ),
    "help",
)


@dataclass
class HandmadeLibrary:
    held: tuple[Document, ...] = (DOCUMENT,)

    def document(self, document_id: str) -> Document:
        for document in self.held:
            if document.id == document_id:
                return document
        raise UnknownDocument(f"There is no document {document_id}.")

    def documents(self) -> Sequence[Document]:
        return self.held

    def passages(self, document_id: str) -> Sequence[Passage]:
        return (passage(2), passage(4))


@dataclass
class HandmadeAssistant:
    """Answers by words in the question: help, weather, hello, boom; anything else gets an answer."""

    library: HandmadeLibrary = field(default_factory=HandmadeLibrary)
    fingerprint: str = "f00d"
    asked: list[tuple[str, str | None, History]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        self.asked.append((question, language, history))
        if not question.strip():
            raise QuestionError("The question is empty. Write what you want to know.")
        if len(question) > 2000:
            raise QuestionError("The question is too long.")
        if "boom" in question:
            raise RuntimeError(f"secret {question}")
        understood = f"{question} ({history[-1].question})" if history else question
        return Response(
            question,
            language or "en",
            understood,
            self._reply(question),
            self.fingerprint,
            (Stage("total", 1.5),),
        )

    def watch(
        self, question: str, language: str | None = None, history: History = ()
    ) -> Growing[Response, Response]:
        """Grows where the question is "slow": a sentence, then the rest."""
        response = self.ask(question, language, history)
        if "slow" in question and isinstance(response.reply, Answer):
            first = replace(
                response.reply,
                statements=response.reply.statements[:1],
                citations=response.reply.citations[:1],
            )
            yield replace(response, reply=first)
            self.go_on.wait(PATIENCE_SECONDS)
        return response

    def _reply(self, question: str) -> Reply:
        if "weather" in question:
            return Abstention(f"The texts do not say anything about “{question}”.", (citation(1, 4),), 0.1)
        if "hello" in question:
            return SmallTalk("Hello. Ask what the texts say.")
        answer = Answer(
            (Statement(TRANSLATION, (1,)), Statement(citation(2, 5).quote, (2, 1), Support.PARTIAL)),
            (citation(1, 2, TRANSLATION), citation(2, 5)),
            0.8,
            notes=("The texts differ.",),
            care=HELP if "rules" in question else None,
        )
        return HELP if "help" in question and "rules" not in question else answer

    def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]:
        return tuple(Hit(passage(block), Enrichment(), 1.0 / block) for block in (2, 4))[:limit]


def spans_query(spans: Spans) -> str:
    return ",".join(f"{span.start}-{span.end}" for span in spans)
