"""The web application: API, source viewer, plain pages, and the chat mounted onto them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from rag.settings import Settings
from rag.ui.question_log import open_question_log
from rag.ui.service import Desk
from rag.ui.words import SERVICE_NAME
from rag.web.api import api_routes
from rag.web.front import ChatShell
from rag.web.guards import BodyLimit, SecurityHeaders, Shield, checked_ancestors, shut_gradio
from rag.web.pages import ROOM
from rag.web.plain import plain_routes
from rag.web.problems import add_problem_pages, unexpected
from rag.web.reference import reference_routes
from rag.web.sources import source_routes

SMALLEST_COMPRESSED_BYTES = 1000

Extension = Callable[[FastAPI], None]
"""Adds rooms of its own to the application (the staff rooms, the evaluators' workbench)."""


def create_app(desk: Desk, settings: Settings, extensions: Sequence[Extension] = ()) -> FastAPI:
    """The application over the assistant that `desk` holds now or later. Raises SettingsError."""
    open_question_log(settings)
    app = FastAPI(
        title=SERVICE_NAME,
        version=_version(),
        docs_url=None,
        redoc_url=None,
        description="Answers about policy texts, every statement cited to the exact passage.",
    )
    add_problem_pages(app)
    app.include_router(api_routes(desk, settings))
    app.include_router(source_routes(desk, settings))
    app.include_router(plain_routes(desk, settings))
    app.include_router(reference_routes(app))
    for extend in extensions:
        extend(app)
    app.add_api_route("/favicon.ico", _icon, include_in_schema=False)
    app.mount("/look", StaticFiles(directory=ROOM / "static"), name="look")
    # Added last stands outermost.
    app.add_middleware(BodyLimit)
    app.add_middleware(ChatShell, desk=desk)
    app.add_middleware(Shield, answer=unexpected)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED_BYTES)
    app.add_middleware(SecurityHeaders, frame_ancestors=checked_ancestors(settings))
    return app


def create_site(desk: Desk, settings: Settings, extensions: Sequence[Extension] = ()) -> FastAPI:
    """The application with the chat at "/", and of Gradio nothing but the chat. Raises SettingsError."""
    from rag.ui.chat import mount_chat

    site = mount_chat(create_app(desk, settings, extensions), desk, settings)
    shut_gradio(site)
    return site


def _icon() -> FileResponse:
    return FileResponse(ROOM / "static" / "icon.svg", media_type="image/svg+xml")


def _version() -> str:
    try:
        return version("ask-the-rules")
    except PackageNotFoundError:
        return "0"
