"""Adds the staff entrance and the press desk to the application."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from rag.domain.errors import RecordError
from rag.domain.ports import LanguageIdentifier, Verifier
from rag.records.conflict import Conflict
from rag.ui.service import Desk
from rag.web.desk.drafts import draft_routes
from rag.web.desk.frames import TEMPLATES
from rag.web.desk.front import front_routes
from rag.web.desk.sending import sending_routes
from rag.web.desk.sentences import sentence_routes
from rag.web.desk.work import Work
from rag.web.staff.door import signed_in
from rag.web.staff.pages import staff_page
from rag.web.staff.rooms import Staff
from rag.web.staff.signing import sign_in_routes


def staff_rooms(
    desk: Desk,
    staff: Staff,
    verifier: Verifier | None = None,
    languages: LanguageIdentifier | None = None,
) -> Callable[[FastAPI], None]:
    """An extension for `create_app`: sign-in and press desk over the opened store."""
    if verifier is None or languages is None:
        from rag import assembly

        verifier = verifier or assembly.build_support_verifier(staff.settings)
        languages = languages or assembly.language_identifier()
    work = Work(desk, staff, verifier, languages)

    def extend(app: FastAPI) -> None:
        app.state.staff = staff
        app.add_exception_handler(RecordError, refused)
        for routes in (front_routes, draft_routes, sentence_routes, sending_routes):
            app.include_router(routes(work))
        app.include_router(sign_in_routes())

    return extend


async def refused(request: Request, error: Exception) -> Response:
    """A deed that was not done: what stands now where two people met, or what is not allowed."""
    conflict = isinstance(error, Conflict)
    status = 409 if conflict else 400
    if "application/json" in request.headers.get("accept", ""):
        content: dict[str, object] = {"error": str(error)}
        if isinstance(error, Conflict):
            content |= {"text": error.text, "who": error.who, "revision": error.revision}
        return JSONResponse(content, status)
    typed = ""
    if conflict and request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = await request.form()
        typed = str(form.get("text", "") or form.get("question", ""))
    stands = error.text if isinstance(error, Conflict) else ""
    values = {"message": str(error), "stands": stands, "typed": typed, "conflict": conflict}
    person = await signed_in(request)
    return staff_page(request, "refused.html", values, person=person, folder=TEMPLATES, status=status)
