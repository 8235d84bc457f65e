"""The HTTP API: the wire format of the command line and the evaluation, over JSON."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from rag.domain.documents import Document
from rag.settings import Settings
from rag.ui.service import Desk
from rag.web import asking
from rag.web.problems import Problem
from rag.wire import HitsLine, QuestionLine, ReplyLine, history_of, hit_line, reply_line

MOST_HITS = 100


class SearchLine(BaseModel):
    """A search: a question, and how many passages to give back."""

    id: str | int | None = None
    question: str
    language: str | None = None
    limit: int = Field(10, ge=1, le=MOST_HITS)


class SourceLine(BaseModel):
    """One of the texts the service answers from."""

    id: str
    title: str
    titles: dict[str, str]
    short_title: str
    institution: str
    kind: str
    date: str
    reference: str
    language: str
    force: str
    standing: str
    force_checked: str
    source_page: str
    sha256: str
    viewer: str
    notices: list[str]


class Health(BaseModel):
    """Whether questions are answered; `index` is the fingerprint of the index that answers."""

    status: Literal["ready", "indexing", "failed"]
    index: str = ""
    documents: int = 0
    stage: str = ""
    done: int = 0
    total: int = 0
    message: str = ""


PROBLEMS: dict[int | str, dict[str, object]] = {
    400: {"model": Problem, "description": "The question is empty or too long."},
    413: {"model": Problem, "description": "The body is too large."},
    422: {"model": Problem, "description": "A field is missing or has a wrong value."},
    503: {"model": Problem, "description": "The texts are still being indexed."},
}


def api_routes(desk: Desk, settings: Settings) -> APIRouter:
    """/api/ask, /api/search, /api/sources and /health."""
    router = APIRouter()

    @router.post("/api/ask", responses=PROBLEMS, tags=["Questions"])
    async def ask(question: QuestionLine) -> ReplyLine:
        """Answer a question from the texts; every statement carries its citations."""
        response = await asking.ask(
            desk, settings, question.question, question.language, history_of(question)
        )
        return reply_line(response, desk.service().library.document, question.id)

    @router.post("/api/search", responses=PROBLEMS, tags=["Questions"])
    async def search(question: SearchLine) -> HitsLine:
        """Find the passages nearest to a question, best first."""
        hits = await asking.search(desk, settings, question.question, question.language, question.limit)
        return HitsLine(id=question.id, question=question.question, hits=[hit_line(hit) for hit in hits])

    @router.get("/api/sources", responses={503: PROBLEMS[503]}, tags=["Texts"])
    def sources() -> list[SourceLine]:
        """List the texts the service answers from, with their legal weight."""
        return [source_line(document) for document in desk.service().library.documents()]

    @router.get("/health", tags=["Service"], response_model=Health, responses={503: {"model": Health}})
    def health() -> JSONResponse:
        """Say whether questions are answered: 200 when ready, 503 while indexing or after a failure."""
        progress = desk.progress
        if progress.state != "ready":
            body = Health(
                status="failed" if progress.state == "failed" else "indexing",
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                message=progress.message,
            )
            return JSONResponse(body.model_dump(), 503)
        service = desk.service()
        documents = len(service.library.documents())
        return JSONResponse(
            Health(status="ready", index=service.fingerprint, documents=documents).model_dump()
        )

    return router


def source_line(document: Document) -> SourceLine:
    description = document.description
    return SourceLine(
        id=document.id,
        title=description.title(document.language) or document.id,
        titles=dict(description.titles),
        short_title=description.short_title,
        institution=description.institution,
        kind=description.kind,
        date=description.date,
        reference=description.reference,
        language=document.language,
        force=description.force.value,
        standing=description.standing.value,
        force_checked=description.force_checked,
        source_page=description.source_page,
        sha256=document.sha256,
        viewer=f"/source/{document.id}",
        notices=list(document.notices),
    )
