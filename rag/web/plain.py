"""The page without scripts: the same question, the same answer, for any browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from rag.domain.errors import QuestionError
from rag.settings import Settings
from rag.ui.rendering import render_response, render_trouble
from rag.ui.service import Desk
from rag.ui.words import Words, load_examples
from rag.web.asking import ask
from rag.web.pages import page, page_words


def plain_routes(desk: Desk, settings: Settings) -> APIRouter:
    """GET /plain?q=…: a form and, with a question, its answer."""
    router = APIRouter(include_in_schema=False)

    @router.get("/plain")
    async def plain(request: Request, q: Annotated[str, Query()] = "") -> HTMLResponse:
        desk.service()
        words = page_words(request)
        reply = await _reply(q, words) if q.strip() else None
        values = {
            "question": q,
            "reply": reply,
            "examples": load_examples(),
            "limit": settings.max_question_characters,
            "logged": settings.log_questions,
            "here": "plain",
        }
        return page(request, "plain.html", values, headers={"Cache-Control": "no-store"})

    async def _reply(question: str, words: Words) -> Markup:
        try:
            response = await ask(desk, settings, question)
        except QuestionError as error:
            return render_trouble(question, _explain(question, error, words), words, "a1")
        return render_response(response, desk.service().library.document)

    def _explain(question: str, error: QuestionError, words: Words) -> str:
        limit = settings.max_question_characters
        if len(question) > limit:
            return words("question_too_long", count=len(question), limit=limit)
        return str(error)

    return router
