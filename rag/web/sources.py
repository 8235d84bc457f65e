"""The texts themselves: the list of them, each in full with cited words marked, and unedited."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from rag.domain.documents import Document
from rag.domain.errors import UnknownDocument
from rag.domain.spans import Spans
from rag.settings import Settings
from rag.ui.service import Desk
from rag.ui.words import Words
from rag.web.highlighting import BadSpans, parse_spans
from rag.web.pages import page, page_words
from rag.web.source_view import SourceView

FEWEST_HEADINGS = 3
"""A shorter text has no table of contents."""
LONGEST_ECHO = 80
"""Characters of a wrong address that a page repeats."""


def source_routes(desk: Desk, settings: Settings) -> APIRouter:
    """The routes under /sources and /source; not part of the API's description."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sources")
    def list_sources(request: Request) -> HTMLResponse:
        documents = desk.service().library.documents()
        return page(request, "sources.html", {"documents": documents, "here": "sources"})

    @router.get("/source/{document_id}")
    def show_source(request: Request, document_id: str) -> HTMLResponse:
        try:
            document = desk.service().library.document(document_id)
        except UnknownDocument:
            return _unknown(request, desk, document_id)
        return _show(request, document, settings)

    @router.get("/source/{document_id}/raw")
    def show_raw(request: Request, document_id: str) -> Response:
        try:
            document = desk.service().library.document(document_id)
        except UnknownDocument:
            return _unknown(request, desk, document_id)
        return PlainTextResponse(document.text, headers={"Content-Language": document.language})

    return router


def _show(request: Request, document: Document, settings: Settings) -> HTMLResponse:
    words = page_words(request)
    cited, trouble = _cited(request, document, words)
    view = SourceView(document, cited)
    if cited and not view.marked_runs:
        trouble = words("spans_empty")
    description = document.description
    return page(
        request,
        "source.html",
        {
            "document": document,
            "description": description,
            "title": description.title(words.language) or document.id,
            "own_title": dict(description.titles).get(document.language, ""),
            "view": view,
            "contents": view.contents if len(view.contents) >= FEWEST_HEADINGS else (),
            "trouble": trouble,
            "places": len(cited),
            "share": _share_address(request, settings) if view.marked_runs else "",
            "here": "source",
        },
    )


def _cited(request: Request, document: Document, words: Words) -> tuple[Spans, str]:
    value = request.query_params.get("spans", "")
    if not value:
        return (), ""
    try:
        return parse_spans(value, len(document.text)), ""
    except BadSpans:
        return (), words("spans_wrong", spans=value[:LONGEST_ECHO])


def _share_address(request: Request, settings: Settings) -> str:
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    url = request.url.remove_query_params("lang")
    return f"{base}{url.path}?{url.query.replace('%2C', ',')}#cited"


def _unknown(request: Request, desk: Desk, document_id: str) -> HTMLResponse:
    documents = desk.service().library.documents()
    values = {"asked_for": document_id[:LONGEST_ECHO], "documents": documents, "here": "sources"}
    return page(request, "unknown_source.html", values, status=404)
