"""Sentences and their sources: judged while they are typed, kept one at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from rag.domain.errors import RecordError
from rag.records.draft_values import Sentence
from rag.web.desk.frames import Officer, Writer, back_to, section_of, sentence_of
from rag.web.desk.keeping import citations_of
from rag.web.desk.work import Work

Seen = Annotated[int, Form()]
"""The sentence's revision when the page was made."""
Text = Annotated[str, Form()]


class Typed(BaseModel):
    """What stands in the box now."""

    text: str
    own_words: bool = False
    seen: int = 0


def sentence_routes(work: Work) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/desk/drafts/{draft_id}")
    drafts = work.staff.drafts

    @router.post("/sentences/{sentence_id}/check")
    def check(draft_id: str, sentence_id: str, typed: Typed, person: Officer) -> JSONResponse:
        """The standing of words that are not kept yet."""
        sentence = sentence_of(drafts.draft(draft_id), sentence_id)
        judged = work.judged(typed.text, citations_of(sentence), own_words=typed.own_words)
        return JSONResponse({"standing": judged.standing, "reasons": list(judged.reasons)})

    @router.put("/sentences/{sentence_id}")
    def save(draft_id: str, sentence_id: str, typed: Typed, person: Writer) -> JSONResponse:
        draft = drafts.draft(draft_id)
        sentence = sentence_of(draft, sentence_id)
        kept = work.save(draft, sentence, typed.seen, typed.text, person.who, own_words=typed.own_words)
        return JSONResponse(_shown(kept))

    @router.post("/sentences/{sentence_id}")
    def change(
        draft_id: str,
        sentence_id: str,
        person: Writer,
        seen: Seen,
        text: Text = "",
        own_words: Text = "",
        how: Text = "save",
        citation: Annotated[int, Form()] = -1,
    ) -> Response:
        """The same without scripts: save, remove, drop a source, take as a line."""
        draft = drafts.draft(draft_id)
        sentence = sentence_of(draft, sentence_id)
        match how:
            case "save":
                work.save(draft, sentence, seen, text, person.who, own_words=bool(own_words))
            case "remove":
                drafts.remove_sentence(draft_id, sentence_id, seen, person.who)
                return back_to(draft_id, f"part-{sentence.section}")
            case "drop":
                work.drop_citation(draft, sentence, seen, citation, person.who)
            case "line":
                work.take_line(draft, sentence, draft.revision, person.who)
            case _:
                raise RecordError("There is no such change.")
        return back_to(draft_id, f"sentence-{sentence_id}")

    @router.post("/sections/{section_id}/sentences")
    def add(draft_id: str, section_id: str, person: Writer, text: Text = "") -> Response:
        draft = drafts.draft(draft_id)
        added = work.add_own_words(draft, section_of(draft, section_id), text, person.who)
        return back_to(draft_id, f"sentence-{added.id}")

    @router.post("/sections/{section_id}/search")
    def look_up(draft_id: str, section_id: str, person: Writer, query: Text = "") -> Response:
        draft = drafts.draft(draft_id)
        work.look_up(draft, section_of(draft, section_id), query, person.who)
        return back_to(draft_id, f"passages-{section_id}")

    @router.post("/sections/{section_id}/passages")
    def use(
        request: Request,
        draft_id: str,
        section_id: str,
        person: Writer,
        passage: Text,
        how: Text,
        into: Text = "",
    ) -> Response:
        """Add, exchange, cite or pin a passage. `into` is "sentence:revision"."""
        draft = drafts.draft(draft_id)
        section = section_of(draft, section_id)
        if how == "pin":
            work.pin(draft, section, passage, person.who)
            return back_to(draft_id, f"passages-{section_id}")
        sentence, _, seen = into.partition(":")
        if how not in ("add", "exchange", "cite") or (how != "add" and not seen.isdigit()):
            raise RecordError("Choose the sentence that the passage is for.")
        work.use(draft, section, passage, how, person.who, sentence, int(seen or 0))
        return back_to(draft_id, f"sentence-{sentence}" if how != "add" else f"part-{section_id}")

    return router


def _shown(sentence: Sentence) -> dict[str, object]:
    return {
        "text": sentence.text,
        "standing": sentence.support,
        "reasons": list(sentence.reasons),
        "revision": sentence.revision,
    }
