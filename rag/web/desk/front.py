"""The desk's front page: drafts, past replies, a new enquiry; and the house style."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from rag.domain.errors import RecordError
from rag.drafting.enquiry import LANGUAGES
from rag.drafting.house import PARTS, house_style
from rag.drafting.letters import open_letter, pasted
from rag.records.draft_values import Draft, State
from rag.web.desk.frames import TEMPLATES, Officer, Writer, back_to
from rag.web.desk.work import Work
from rag.web.staff.pages import staff_page


def front_routes(work: Work) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    drafts = work.staff.drafts

    @router.get("/desk")
    def front(request: Request, person: Officer, q: str = "") -> Response:
        listed = drafts.listed()
        values = {
            "drafts": listed,
            "affected": {d.id for d in listed if _is_out(d) and work.sheets.affected(work.sheets.to_send(d))},
            "query": q,
            "found": drafts.sign_offs.past(q) if q.strip() else (),
            "languages": LANGUAGES,
        }
        return staff_page(request, "front.html", values, person=person, folder=TEMPLATES)

    @router.post("/desk/enquiries")
    def begin(
        person: Writer,
        letter: Annotated[str, Form()] = "",
        language: Annotated[str, Form()] = "",
        file: UploadFile | None = None,
    ) -> Response:
        name = file.filename if file else ""
        opened = open_letter(name, file.file.read()) if file and name else pasted(letter)
        return back_to(work.begin(opened, language, person.who))

    @router.get("/desk/house")
    def house(request: Request, person: Officer) -> Response:
        changed = work.staff.house.texts()
        texts = [
            (language, [(part, *changed.get((language, part), (own[part], 0))) for part in PARTS])
            for language, own in house_style().items()
        ]
        return staff_page(request, "house.html", {"texts": texts}, person=person, folder=TEMPLATES)

    @router.post("/desk/house/{language}/{part}")
    def change_house(
        language: str,
        part: str,
        person: Writer,
        text: Annotated[str, Form()],
        seen: Annotated[int, Form()],
    ) -> Response:
        if language not in LANGUAGES or part not in PARTS or not text.strip():
            raise RecordError("A text of the house style cannot be empty.")
        work.staff.house.change(language, part, text.strip().replace("\r\n", "\n"), seen, person.who)
        return RedirectResponse(f"/desk/house#{language}-{part}", 303)

    return router


def _is_out(draft: Draft) -> bool:
    return draft.state in (State.APPROVED, State.SENT)
