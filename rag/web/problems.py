"""What goes wrong, in plain words: JSON for programs, a page for people, never a stack trace.

The log names the kind of error and where it was raised, under a number that is shown to the
person. It holds no question text: an exception's message may quote it and is left out.
"""

from __future__ import annotations

import logging
import secrets
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from rag.domain.errors import QuestionError, RulesError
from rag.ui.service import NotReady, Progress
from rag.web.pages import page

RETRY_SECONDS = 3
LOG = logging.getLogger("ask_the_rules.web")


class Problem(BaseModel):
    """Why a request was not served; `error` is fit to be shown to a person."""

    error: str
    reference: str | None = None


def wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.url.path == "/health"


def problem(message: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(Problem(error=message).model_dump(exclude_none=True), status, headers)


def log_failure(error: BaseException) -> str:
    """Log where an unexpected error was raised; returns the number it was logged under."""
    reference = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.name}" for f in reversed(frames))
    LOG.error("%s %s at %s", reference, type(error).__name__, places)
    return reference


def add_problem_pages(app: FastAPI) -> None:
    """Give every error of `app` a readable answer."""
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]  # narrower
    app.add_exception_handler(QuestionError, _refused)
    app.add_exception_handler(NotReady, _not_ready)  # type: ignore[arg-type]  # narrower
    app.add_exception_handler(RulesError, _unavailable)
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]  # narrower


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    lines = []
    for item in error.errors():
        place = ".".join(str(p) for p in item["loc"] if p != "body") or "The body"
        lines.append(f"{place}: {item['msg']}.")
    return problem("The request could not be read. " + " ".join(lines), 422)


async def _refused(_: Request, error: Exception) -> Response:
    return problem(str(error), 400)


async def _unavailable(request: Request, error: Exception) -> Response:
    if wants_json(request):
        return problem(str(error), 503)
    return _trouble_page(request, log_failure(error), 503)


async def _not_ready(request: Request, error: NotReady) -> Response:
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    if wants_json(request):
        text = (
            "The service could not start; see its log."
            if error.progress.state == "failed"
            else "The texts are still being indexed. Ask again in a moment."
        )
        return problem(text, 503, headers)
    return waiting_page(request, error.progress)


def waiting_page(request: Request, progress: Progress) -> Response:
    """How far the first start has come; asks again by itself."""
    failed = progress.state == "failed"
    values = {"progress": progress, "refresh_seconds": 0 if failed else RETRY_SECONDS}
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return page(request, "waiting.html", values, status=503, headers=headers)


async def _http(request: Request, error: HTTPException) -> Response:
    if wants_json(request):
        return problem(str(error.detail), error.status_code, dict(error.headers or {}))
    if error.status_code == 404:
        return page(request, "missing.html", {}, status=404)
    return Response(str(error.detail), error.status_code, dict(error.headers or {}), "text/plain")


async def unexpected(request: Request, error: Exception) -> Response:
    """The answer to an error that nobody foresaw."""
    reference = log_failure(error)
    if wants_json(request):
        text = f"Something went wrong on our side (number {reference})."
        return JSONResponse(Problem(error=text, reference=reference).model_dump(), 500)
    return _trouble_page(request, reference, 500)


def _trouble_page(request: Request, reference: str, status: int) -> Response:
    return page(request, "trouble.html", {"reference": reference}, status=status)
