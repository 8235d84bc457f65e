"""Sign-off, comments, versions and their differences, the trail, and the documents that go out."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from rag.domain.errors import RecordError
from rag.drafting.export import KINDS, export
from rag.drafting.sheet import Sheet
from rag.records.draft_values import State
from rag.web.desk.differences import differences
from rag.web.desk.frames import TEMPLATES, Officer, back_to
from rag.web.desk.work import Work
from rag.web.staff.pages import staff_page


def sending_routes(work: Work) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/desk/drafts/{draft_id}")
    drafts = work.staff.drafts

    @router.post("/step")
    def step(
        draft_id: str, person: Officer, seen: Annotated[int, Form()], to: Annotated[str, Form()]
    ) -> Response:
        if to not in list(State):
            raise RecordError(f"'{to}' is not a state of a reply.")
        work.sheets.step(drafts.draft(draft_id), seen, State(to), person.account)
        return back_to(draft_id)

    @router.post("/comments")
    def comment(
        draft_id: str,
        person: Officer,
        text: Annotated[str, Form()] = "",
        sentence: Annotated[str, Form()] = "",
    ) -> Response:
        drafts.sign_offs.comment(draft_id, text, person.who, sentence or None)
        return back_to(draft_id, "comments")

    @router.get("/versions")
    def versions(request: Request, draft_id: str, person: Officer, old: int = 0, new: int = 0) -> Response:
        draft = drafts.draft(draft_id)
        kept = {v.number: v for v in drafts.sign_offs.versions(draft_id)}
        sheets = {number: Sheet.model_validate(v.content) for number, v in kept.items()}
        sheets[0] = work.sheets.of(draft)
        if old not in sheets or new not in sheets:
            raise RecordError("There is no such version of this reply.")
        older = old or max(kept, default=0)
        values = {
            "draft": draft,
            "versions": kept.values(),
            "old": older,
            "new": new,
            "changes": differences(sheets[older], sheets[new]),
        }
        return staff_page(request, "versions.html", values, person=person, folder=TEMPLATES)

    @router.get("/trail")
    def trail(request: Request, draft_id: str, person: Officer) -> Response:
        values = {"draft": drafts.draft(draft_id), "entries": work.staff.trail.of(f"draft:{draft_id}")}
        return staff_page(request, "trail.html", values, person=person, folder=TEMPLATES)

    @router.get("/export.{kind}")
    def document(draft_id: str, kind: str, person: Officer, version: int | None = None) -> Response:
        draft = drafts.draft(draft_id)
        sheet = work.sheets.to_send(draft, version)
        body = export(sheet, kind)
        name = f"{_plain(draft.title)}-{draft.id[:6]}-v{sheet.version}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(body, media_type=KINDS[kind].media_type, headers=headers)

    return router


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "reply"
