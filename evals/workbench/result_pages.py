"""The pages for people who no longer rate a batch: agreement, disagreements, the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response

from evals.workbench.exporting import as_csv, as_jsonl, rows
from evals.workbench.rating_pages import CHOICES, LONGEST_WHY, TEMPLATES
from evals.workbench.room import Evaluator, Room, Seat
from evals.workbench.settling import Opinions, opinions
from rag.records.ratings import Label, Purpose, Rating, RatingBook
from rag.records.sessions import SignedIn
from rag.web.staff import staff_page

if TYPE_CHECKING:
    from evals.statistics import Estimate
    from evals.workbench.comparing import Comparison


@dataclass(slots=True)
class Comparisons:
    """The comparison of each batch as of its last rating: ratings are only ever added, so their number
    tells whether there is a newer one."""

    room: Room
    held: dict[str, tuple[int, Comparison]] = field(default_factory=dict)

    def of(self, batch_id: str, claims: tuple[Opinions, ...], ratings: int) -> Comparison:
        from evals.workbench.comparing import compare  # loads scikit-learn and SciPy: not at the start

        found = self.held.get(batch_id)
        if found is None or found[0] != ratings:
            found = self.held[batch_id] = (ratings, compare(claims, self.room.names()))
        return found[1]


@dataclass(frozen=True, slots=True)
class ResultPages:
    """The pages; `result_routes` gives each its address."""

    room: Room
    comparisons: Comparisons

    @property
    def _book(self) -> RatingBook:
        return self.room.staff.ratings

    def _opened(self, batch_id: str, person: SignedIn) -> Seat:
        """The batch for somebody who may see its results; 403 for whoever is still blind."""
        seat = self.room.seat(self.room.batch(batch_id), person)
        if seat.is_blind:
            raise HTTPException(
                403, "You are still rating this batch. Finish it first, then its results open."
            )
        return seat

    def _heard(self, batch_id: str) -> tuple[tuple[Opinions, ...], tuple[Rating, ...]]:
        ratings = self._book.ratings(batch_id)
        return opinions(self._book.items(batch_id), ratings), ratings

    def _shown(self, seat: Seat) -> dict[str, object]:
        claims, ratings = self._heard(seat.batch.id)
        raters = {r.account_id for c in claims for r in c.ratings}
        names = self.room.names()
        return {
            "seat": seat,
            "found": self.comparisons.of(seat.batch.id, claims, len(ratings)),
            "progress": [
                (
                    names.get(account, f"#{account}"),
                    sum(any(r.account_id == account for r in c.ratings) for c in claims),
                    account in seat.blinding.finished,
                )
                for account in sorted(raters)
            ],
            "claims": claims,
            "waiting": sum(c.is_open for c in claims),
            "adjudicated": sum(bool(c.adjudications) for c in claims),
            "labels": [label.value for label in Label],
            "interval": interval,
        }

    def results(self, request: Request, person: Evaluator, batch_id: str) -> Response:
        seat = self.room.seat(self.room.batch(batch_id), person)
        if seat.is_blind:
            return RedirectResponse(f"/workbench/batches/{batch_id}", 303)
        return staff_page(request, "results.html", self._shown(seat), person=person, folder=TEMPLATES)

    def live(self, request: Request, person: Evaluator, batch_id: str) -> Response:
        values = self._shown(self._opened(batch_id, person))
        return staff_page(request, "live.html", values, person=person, folder=TEMPLATES)

    def disagreements(self, request: Request, person: Evaluator, batch_id: str) -> Response:
        seat = self._opened(batch_id, person)
        claims, _ = self._heard(batch_id)
        values = {
            "seat": seat,
            "waiting": [c for c in claims if c.is_open],
            "settled": [c for c in claims if c.adjudications],
        }
        return staff_page(request, "disagreements.html", values, person=person, folder=TEMPLATES)

    def settling(self, request: Request, person: Evaluator, item_id: str) -> Response:
        item = self.room.item(item_id)
        seat = self._opened(item.batch, person)
        claims, _ = self._heard(item.batch)
        found = next(c for c in claims if c.item.id == item_id)
        values = {"seat": seat, "item": item, "found": found, "voices": voices(found), "choices": CHOICES}
        return staff_page(request, "settle.html", values, person=person, folder=TEMPLATES)

    def settle(
        self,
        person: Evaluator,
        item_id: str,
        label: Annotated[Label, Form()],
        why: Annotated[str, Form(max_length=LONGEST_WHY)] = "",
    ) -> Response:
        item = self.room.item(item_id)
        self._opened(item.batch, person)
        if not why.strip():
            raise HTTPException(422, "Say why: go back and write a reason before you settle the claim.")
        self._book.rate(item_id, person.who, label, why.strip(), Purpose.ADJUDICATION)
        left = [c for c in self._heard(item.batch)[0] if c.is_open]
        if left:
            return RedirectResponse(f"/workbench/claims/{left[0].item.id}/settle", 303)
        return RedirectResponse(f"/workbench/batches/{item.batch}/disagreements", 303)

    def export(
        self,
        person: Evaluator,
        batch_id: str,
        form: str,
        purpose: Annotated[str, Query(pattern="^(all|rating|adjudication)$")] = "all",
    ) -> Response:
        batch = self._opened(batch_id, person).batch
        claims, ratings = self._heard(batch_id)
        chosen = [r for r in ratings if purpose in ("all", r.purpose.value)]
        found = rows(batch, claims, chosen, self.room.names())
        if form == "jsonl":
            return _file(as_jsonl(found), "application/x-ndjson", f"{batch_id}-{purpose}.jsonl")
        if form == "csv":
            return _file(as_csv(found), "text/csv; charset=utf-8", f"{batch_id}-{purpose}.csv")
        raise HTTPException(404, "Ratings are to be had as .jsonl and as .csv.")


def result_routes(room: Room) -> APIRouter:
    router = APIRouter(prefix="/workbench", include_in_schema=False)
    pages = ResultPages(room, Comparisons(room))
    router.get("/batches/{batch_id}/results")(pages.results)
    router.get("/batches/{batch_id}/results/live")(pages.live)
    router.get("/batches/{batch_id}/disagreements")(pages.disagreements)
    router.get("/claims/{item_id}/settle")(pages.settling)
    router.post("/claims/{item_id}/settle")(pages.settle)
    router.get("/batches/{batch_id}/export.{form}")(pages.export)
    return router


def voices(claim: Opinions) -> list[tuple[str, Rating]]:
    """The ratings under letters, in an order that tells nothing of who gave them."""
    mixed = sorted(claim.ratings, key=lambda r: r.account_id)
    Random(claim.item.id).shuffle(mixed)
    return [(chr(ord("A") + i), rating) for i, rating in enumerate(mixed)]


def interval(estimate: Estimate) -> str:
    """ "0.74 (0.61 to 0.85)", or why there is no number."""
    if estimate.value is None:
        return "not defined yet"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f} (too few for an interval)"
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def _file(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.encode("utf-8"), media_type=kind, headers=headers)
