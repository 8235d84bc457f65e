"""The pages at which a person rates: the list of batches, a batch, a claim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from evals.workbench.blinding import finish, look
from evals.workbench.order import next_unrated
from evals.workbench.room import Evaluator, Room, Seat
from evals.workbench.sampling import Wish
from rag.assistant import LANGUAGES
from rag.records.ratings import Label, RatingBook
from rag.records.trail import Trail
from rag.web.staff import staff_page

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_WHY = 4000
MOST_QUESTIONS = 200
CHOICES = (
    (Label.SUPPORTED, "Everything the claim says stands in the passages or follows from them."),
    (Label.PARTIAL, "Part of it does; another part does not stand there."),
    (Label.UNSUPPORTED, "The passages do not say it. It may still be true."),
    (Label.CONTRADICTED, "The passages say otherwise; both cannot be true."),
    (Label.CANNOT_TELL, "Not to be decided: unclear words, or a language you do not read."),
)
"""The labels in the order of the keys 1 to 5."""


@dataclass(frozen=True, slots=True)
class RatingPages:
    """The pages; `rating_routes` gives each its address."""

    room: Room

    @property
    def _book(self) -> RatingBook:
        return self.room.staff.ratings

    @property
    def _trail(self) -> Trail:
        return self.room.staff.trail

    def home(self, request: Request, person: Evaluator) -> Response:
        self.room.preparation.ensure_first()
        seats = [self.room.seat(batch, person) for batch in self._book.batches()]
        values = {
            "seats": sorted(seats, key=lambda seat: not seat.is_calibration),
            "state": self.room.preparation.state,
            "wish": Wish(),
            "languages": LANGUAGES,
            "runs": list(self.room.preparation.runs()),
            "most": MOST_QUESTIONS,
        }
        return staff_page(request, "home.html", values, person=person, folder=TEMPLATES)

    def preparing(self, request: Request, person: Evaluator) -> Response:
        values = {"state": self.room.preparation.state, "alone": True}
        return staff_page(request, "preparing.html", values, person=person, folder=TEMPLATES)

    def make(
        self,
        person: Evaluator,
        title: Annotated[str, Form(max_length=200)],
        questions: Annotated[int, Form(ge=1, le=MOST_QUESTIONS)],
        planted: Annotated[int, Form(ge=0, le=MOST_QUESTIONS)],
        seed: Annotated[int, Form(ge=0, le=2**31 - 1)],
        split: Annotated[str, Form(pattern="^(all|development|test)$")],
        language: Annotated[str, Form(pattern="^(all|en|nl|da)$")],
        runs: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
    ) -> Response:
        unknown = set(runs) - set(self.room.preparation.runs())
        if unknown:
            raise HTTPException(422, f"There is no run named {', '.join(sorted(unknown))}.")
        wish = Wish(questions, planted, seed, split, language, tuple(runs))
        if not self.room.preparation.start(" ".join(title.split()) or "Batch", wish, person.who):
            raise HTTPException(409, "Another batch is being made. Go back and try again when it is there.")
        return RedirectResponse("/workbench", 303)

    def batch(self, request: Request, person: Evaluator, batch_id: str, rated: str = "") -> Response:
        seat = self.room.seat(self.room.batch(batch_id), person)
        values = {"seat": seat, "rated": rated if rated in seat.own else ""}
        return staff_page(request, "batch.html", values, person=person, folder=TEMPLATES)

    def onward(self, person: Evaluator, batch_id: str) -> Response:
        return RedirectResponse(_onward(self.room.seat(self.room.batch(batch_id), person)), 303)

    def finished(self, person: Evaluator, batch_id: str) -> Response:
        seat = self.room.seat(self.room.batch(batch_id), person)
        if seat.rated < len(seat.items):
            raise HTTPException(409, f"{len(seat.items) - seat.rated} claims are still to be rated.")
        if seat.is_blind:
            finish(self._trail, batch_id, person.who)
        return RedirectResponse(f"/workbench/batches/{batch_id}/results", 303)

    def looked(self, person: Evaluator, batch_id: str) -> Response:
        if self.room.seat(self.room.batch(batch_id), person).is_blind:
            look(self._trail, batch_id, person.who)
        return RedirectResponse(f"/workbench/batches/{batch_id}/results", 303)

    def claim(self, request: Request, person: Evaluator, item_id: str, rated: str = "") -> Response:
        item = self.room.item(item_id)
        seat = self.room.seat(self.room.batch(item.batch), person)
        values = {
            "seat": seat,
            "item": item,
            "number": seat.number(item_id),
            "own": seat.own.get(item_id),
            "rated": rated if rated in seat.own else "",
            "choices": CHOICES,
            "onward": _onward(seat, item_id),
        }
        return staff_page(request, "claim.html", values, person=person, folder=TEMPLATES)

    def rate(
        self,
        request: Request,
        person: Evaluator,
        item_id: str,
        label: Annotated[Label, Form()],
        why: Annotated[str, Form(max_length=LONGEST_WHY)] = "",
    ) -> Response:
        item = self.room.item(item_id)
        seat = self.room.seat(self.room.batch(item.batch), person)
        if not seat.takes(item_id):
            return staff_page(
                request,
                "closed.html",
                {"seat": seat, "item": item},
                person=person,
                folder=TEMPLATES,
                status=409,
            )
        given = self._book.rate(item_id, person.who, label, why.strip())
        if seat.is_calibration:
            return RedirectResponse(f"/workbench/claims/{item_id}?rated={item_id}", 303)
        seat.own[item_id] = given
        return RedirectResponse(f"{_onward(seat, item_id)}?rated={item_id}", 303)


def rating_routes(room: Room) -> APIRouter:
    router = APIRouter(prefix="/workbench", include_in_schema=False)
    pages = RatingPages(room)
    router.get("")(pages.home)
    router.get("/preparing")(pages.preparing)
    router.post("/batches")(pages.make)
    router.get("/batches/{batch_id}")(pages.batch)
    router.get("/batches/{batch_id}/next")(pages.onward)
    router.post("/batches/{batch_id}/finish")(pages.finished)
    router.post("/batches/{batch_id}/look")(pages.looked)
    router.get("/claims/{item_id}")(pages.claim)
    router.post("/claims/{item_id}")(pages.rate)
    return router


def _onward(seat: Seat, after: str = "") -> str:
    """The next claim to rate after this one, or the batch's own page when there is none."""
    item = next_unrated(seat.items, seat.own, after) if seat.is_blind else None
    return f"/workbench/claims/{item.id}" if item else f"/workbench/batches/{seat.batch.id}"
