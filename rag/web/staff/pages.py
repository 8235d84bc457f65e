"""Staff pages: the public pages' look, a heading of their own, never kept by a cache."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from rag.records.sessions import SignedIn
from rag.ui.links import language_tag
from rag.ui.words import OWN_NAMES, SERVICE_NAME

ROOM = Path(__file__).parent / "templates"


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(ROOM)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(service_name=SERVICE_NAME, language_tag=language_tag, language_names=OWN_NAMES)
    return environment


def staff_page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    person: SignedIn | None = None,
    folder: Path = ROOM,
    status: int = 200,
) -> HTMLResponse:
    """A whole page from `template` in `folder`; templates extend "staff.html".

    `person`, `path`, `service_name` and (for forms) `csrf` are always there.
    """
    filled = {
        "path": request.url.path,
        "person": person,
        "csrf": person.csrf if person else "",
        **values,
    }
    body = _environment(folder).get_template(template).render(filled)
    return HTMLResponse(body, status, {"Cache-Control": "no-store", "Content-Language": "en"})
