"""A draft on one page: its questions, their order and wording, and what stands around the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from rag.domain.errors import RecordError
from rag.drafting.enquiry import LANGUAGES
from rag.records.draft_values import State
from rag.records.drafts import DraftBook
from rag.records.sign_off import STEPS
from rag.web.desk.frames import TEMPLATES, Officer, Writer, back_to, section_of
from rag.web.desk.keeping import alternatives_of, citations_of
from rag.web.desk.work import Work
from rag.web.staff.pages import staff_page

Seen = Annotated[int, Form()]
"""The draft's revision when the page was made."""
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class DraftPages:
    """The pages and deeds; `draft_routes` gives each its address."""

    work: Work

    @property
    def _drafts(self) -> DraftBook:
        return self.work.staff.drafts

    def show(self, request: Request, draft_id: str, person: Officer) -> Response:
        draft = self._drafts.draft(draft_id)
        held = person.account.roles
        steps = [
            to
            for (state, to), roles in STEPS.items()
            if state is draft.state and (held & roles or "administrator" in held)
        ]
        signed = draft.state not in (State.DRAFT, State.IN_REVIEW)
        values = {
            "draft": draft,
            "steps": steps,
            "history": self._drafts.sign_offs.history(draft_id),
            "comments": self._drafts.sign_offs.comments(draft_id),
            "affected": self.work.sheets.affected(
                self.work.sheets.to_send(draft) if signed else self.work.sheets.of(draft)
            ),
            "citations_of": citations_of,
            "alternatives_of": alternatives_of,
            "languages": LANGUAGES,
            "may_write": "press" in held or "administrator" in held,
        }
        return staff_page(request, "draft.html", values, person=person, folder=TEMPLATES)

    def frame(
        self,
        draft_id: str,
        person: Writer,
        seen: Seen,
        title: Text,
        greeting: Text = "",
        background: Text = "",
        contact: Text = "",
        attribution: Text = "for attribution",
        language: Text = "",
    ) -> Response:
        draft = self._drafts.draft(draft_id)
        spoken = language if language in LANGUAGES else draft.language
        about = {key: str(draft.enquiry.get(key, "")) for key in ("sender", "outlet", "subject")}
        fresh = self.work.frame_json(
            spoken, about["sender"], about["outlet"], about["subject"], _attribution(attribution)
        )
        kept = {key: draft.frame[key] for key in ("retrieved", "index", "corpus")}
        if spoken == draft.language:
            typed = {"greeting": greeting, "background": background, "contact": contact}
            fresh |= {key: text.strip().replace("\r\n", "\n") for key, text in typed.items()}
        self._drafts.set_frame(
            draft_id, seen, title.strip()[:300] or draft.title, spoken, {**fresh, **kept}, person.who
        )
        return back_to(draft_id, "frame")

    def add(self, draft_id: str, person: Writer, seen: Seen, question: Text) -> Response:
        self.work.add_question(self._drafts.draft(draft_id), seen, question, person.who)
        return back_to(draft_id)

    def reword(
        self, draft_id: str, section_id: str, person: Writer, seen: Seen, question: Text, how: Text = "ask"
    ) -> Response:
        draft = self._drafts.draft(draft_id)
        section = section_of(draft, section_id)
        self.work.reword(draft, seen, section, question, person.who, ask=how == "ask")
        return back_to(draft_id)

    def split(
        self, draft_id: str, section_id: str, person: Writer, seen: Seen, first: Text, second: Text
    ) -> Response:
        draft = self._drafts.draft(draft_id)
        self.work.split(draft, seen, section_of(draft, section_id), first, second, person.who)
        return back_to(draft_id)

    def place(self, draft_id: str, section_id: str, person: Writer, seen: Seen, how: Text) -> Response:
        draft = self._drafts.draft(draft_id)
        section = section_of(draft, section_id)
        match how:
            case "up":
                self.work.move(draft, seen, section, -1, person.who)
            case "down":
                self.work.move(draft, seen, section, 1, person.who)
            case "merge":
                self.work.merge(draft, seen, section, person.who)
            case "remove":
                self.work.remove(draft, seen, section, person.who)
            case _:
                raise RecordError("There is no such change.")
        return back_to(draft_id, f"part-{section_id}" if how in ("up", "down") else "")


def draft_routes(work: Work) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/desk/drafts/{draft_id}")
    pages = DraftPages(work)
    router.get("")(pages.show)
    router.post("/frame")(pages.frame)
    router.post("/questions")(pages.add)
    router.post("/sections/{section_id}/reword")(pages.reword)
    router.post("/sections/{section_id}/split")(pages.split)
    router.post("/sections/{section_id}/place")(pages.place)
    return router


def _attribution(value: str) -> str:
    return "not for attribution" if value == "not for attribution" else "for attribution"
