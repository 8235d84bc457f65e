"""Sentences and their sources: judged while they are typed, kept one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from rag.domain.errors import RecordError
from rag.records.draft_values import Sentence
from rag.records.drafts import DraftBook
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


@dataclass(frozen=True, slots=True)
class SentencePages:
    """The pages and deeds; `sentence_routes` gives each its address."""

    work: Work

    @property
    def _drafts(self) -> DraftBook:
        return self.work.staff.drafts

    def check(self, draft_id: str, sentence_id: str, typed: Typed, person: Officer) -> JSONResponse:
        """The standing of words that are not kept yet."""
        sentence = sentence_of(self._drafts.draft(draft_id), sentence_id)
        judged = self.work.judged(typed.text, citations_of(sentence), own_words=typed.own_words)
        return JSONResponse({"standing": judged.standing, "reasons": list(judged.reasons)})

    def save(self, draft_id: str, sentence_id: str, typed: Typed, person: Writer) -> JSONResponse:
        draft = self._drafts.draft(draft_id)
        sentence = sentence_of(draft, sentence_id)
        kept = self.work.save(draft, sentence, typed.seen, typed.text, person.who, own_words=typed.own_words)
        return JSONResponse(_shown(kept))

    def change(
        self,
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
        draft = self._drafts.draft(draft_id)
        sentence = sentence_of(draft, sentence_id)
        match how:
            case "save":
                self.work.save(draft, sentence, seen, text, person.who, own_words=bool(own_words))
            case "remove":
                self._drafts.remove_sentence(draft_id, sentence_id, seen, person.who)
                return back_to(draft_id, f"part-{sentence.section}")
            case "drop":
                self.work.drop_citation(draft, sentence, seen, citation, person.who)
            case "line":
                self.work.take_line(draft, sentence, draft.revision, person.who)
            case _:
                raise RecordError("There is no such change.")
        return back_to(draft_id, f"sentence-{sentence_id}")

    def add(self, draft_id: str, section_id: str, person: Writer, text: Text = "") -> Response:
        draft = self._drafts.draft(draft_id)
        added = self.work.add_own_words(draft, section_of(draft, section_id), text, person.who)
        return back_to(draft_id, f"sentence-{added.id}")

    def look_up(self, draft_id: str, section_id: str, person: Writer, query: Text = "") -> Response:
        draft = self._drafts.draft(draft_id)
        self.work.look_up(draft, section_of(draft, section_id), query, person.who)
        return back_to(draft_id, f"passages-{section_id}")

    def use(
        self,
        request: Request,
        draft_id: str,
        section_id: str,
        person: Writer,
        passage: Text,
        how: Text,
        into: Text = "",
    ) -> Response:
        """Add, exchange, cite or pin a passage. `into` is "sentence:revision"."""
        draft = self._drafts.draft(draft_id)
        section = section_of(draft, section_id)
        if how == "pin":
            self.work.pin(draft, section, passage, person.who)
            return back_to(draft_id, f"passages-{section_id}")
        sentence, _, seen = into.partition(":")
        if how not in ("add", "exchange", "cite") or (how != "add" and not seen.isdigit()):
            raise RecordError("Choose the sentence that the passage is for.")
        self.work.use(draft, section, passage, how, person.who, sentence, int(seen or 0))
        return back_to(draft_id, f"sentence-{sentence}" if how != "add" else f"part-{section_id}")


def sentence_routes(work: Work) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/desk/drafts/{draft_id}")
    pages = SentencePages(work)
    router.post("/sentences/{sentence_id}/check")(pages.check)
    router.put("/sentences/{sentence_id}")(pages.save)
    router.post("/sentences/{sentence_id}")(pages.change)
    router.post("/sections/{section_id}/sentences")(pages.add)
    router.post("/sections/{section_id}/search")(pages.look_up)
    router.post("/sections/{section_id}/passages")(pages.use)
    return router


def _shown(sentence: Sentence) -> dict[str, object]:
    return {
        "text": sentence.text,
        "standing": sentence.support,
        "reasons": list(sentence.reasons),
        "revision": sentence.revision,
    }
