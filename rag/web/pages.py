"""Templates and the language of a page; the one place where HTML responses are made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rag.ui import links, rendering
from rag.ui.words import (
    LANGUAGES,
    OWN_NAMES,
    SERVICE_NAME,
    Words,
    choose_language,
    load_words,
)

ROOM = Path(__file__).parent


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        service_name=SERVICE_NAME,
        urgent=rendering.urgent,
        languages=[(code, OWN_NAMES[code]) for code in LANGUAGES],
        language_tag=links.language_tag,
        web_link=links.web_link,
        force_key=rendering.force_key,
        standing_key=rendering.standing_key,
        masthead=lambda words, here: rendering.render(
            "masthead.html", {"words": words, "here": here, "service_name": SERVICE_NAME}
        ),
        footer=lambda words: rendering.render("footer.html", {"words": words}),
    )
    return environment


def page_words(request: Request) -> Words:
    """The interface in the language of `?lang=`, or else of the browser."""
    asked = request.query_params.get("lang")
    return load_words(choose_language(asked, request.headers.get("accept-language")))


def page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A whole page; `words`, `here` and `switch` (addresses in the other languages) are always there."""
    words = page_words(request)
    filled = {"here": "", "switch": _switch(request), "refresh_seconds": 0, **values, "words": words}
    body = _environment().get_template(template).render(filled)
    sent = {"Vary": "Accept-Language", "Content-Language": words.language, **(headers or {})}
    return HTMLResponse(body, status, sent)


def _switch(request: Request) -> dict[str, str]:
    """This page's address in each language, relative, so that any proxy may stand before it."""
    addresses: dict[str, str] = {}
    for code in LANGUAGES:
        url = request.url.include_query_params(lang=code)
        addresses[code] = f"{url.path}?{url.query}"
    return addresses
