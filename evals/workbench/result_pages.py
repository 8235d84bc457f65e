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
from rag.records.ratings import Label, Purpose, Rating
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


def result_routes(room: Room) -> APIRouter:
    router = APIRouter(prefix="/workbench", include_in_schema=False)
    book = room.staff.ratings
    comparisons = Comparisons(room)

    def opened(batch_id: str, person: SignedIn) -> Seat:
        """The batch for somebody who may see its results; 403 for whoever is still blind."""
        seat = room.seat(room.batch(batch_id), person)
        if seat.is_blind:
            raise HTTPException(
                403, "You are still rating this batch. Finish it first, then its results open."
            )
        return seat

    def heard(batch_id: str) -> tuple[tuple[Opinions, ...], tuple[Rating, ...]]:
        ratings = book.ratings(batch_id)
        return opinions(book.items(batch_id), ratings), ratings

    def shown(seat: Seat) -> dict[str, object]:
        claims, ratings = heard(seat.batch.id)
        raters = {r.account_id for c in claims for r in c.ratings}
        names = room.names()
        return {
            "seat": seat,
            "found": comparisons.of(seat.batch.id, claims, len(ratings)),
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

    @router.get("/batches/{batch_id}/results")
    def results(request: Request, person: Evaluator, batch_id: str) -> Response:
        seat = room.seat(room.batch(batch_id), person)
        if seat.is_blind:
            return RedirectResponse(f"/workbench/batches/{batch_id}", 303)
        return staff_page(request, "results.html", shown(seat), person=person, folder=TEMPLATES)

    @router.get("/batches/{batch_id}/results/live")
    def live(request: Request, person: Evaluator, batch_id: str) -> Response:
        values = shown(opened(batch_id, person))
        return staff_page(request, "live.html", values, person=person, folder=TEMPLATES)

    @router.get("/batches/{batch_id}/disagreements")
    def disagreements(request: Request, person: Evaluator, batch_id: str) -> Response:
        seat = opened(batch_id, person)
        claims, _ = heard(batch_id)
        values = {
            "seat": seat,
            "waiting": [c for c in claims if c.is_open],
            "settled": [c for c in claims if c.adjudications],
        }
        return staff_page(request, "disagreements.html", values, person=person, folder=TEMPLATES)

    @router.get("/claims/{item_id}/settle")
    def settling(request: Request, person: Evaluator, item_id: str) -> Response:
        item = room.item(item_id)
        seat = opened(item.batch, person)
        claims, _ = heard(item.batch)
        found = next(c for c in claims if c.item.id == item_id)
        values = {"seat": seat, "item": item, "found": found, "voices": voices(found), "choices": CHOICES}
        return staff_page(request, "settle.html", values, person=person, folder=TEMPLATES)

    @router.post("/claims/{item_id}/settle")
    def settle(
        person: Evaluator,
        item_id: str,
        label: Annotated[Label, Form()],
        why: Annotated[str, Form(max_length=LONGEST_WHY)] = "",
    ) -> Response:
        item = room.item(item_id)
        opened(item.batch, person)
        if not why.strip():
            raise HTTPException(422, "Say why: go back and write a reason before you settle the claim.")
        book.rate(item_id, person.who, label, why.strip(), Purpose.ADJUDICATION)
        left = [c for c in heard(item.batch)[0] if c.is_open]
        if left:
            return RedirectResponse(f"/workbench/claims/{left[0].item.id}/settle", 303)
        return RedirectResponse(f"/workbench/batches/{item.batch}/disagreements", 303)

    @router.get("/batches/{batch_id}/export.{form}")
    def export(
        person: Evaluator,
        batch_id: str,
        form: str,
        purpose: Annotated[str, Query(pattern="^(all|rating|adjudication)$")] = "all",
    ) -> Response:
        batch = opened(batch_id, person).batch
        claims, ratings = heard(batch_id)
        chosen = [r for r in ratings if purpose in ("all", r.purpose.value)]
        found = rows(batch, claims, chosen, room.names())
        if form == "jsonl":
            return _file(as_jsonl(found), "application/x-ndjson", f"{batch_id}-{purpose}.jsonl")
        if form == "csv":
            return _file(as_csv(found), "text/csv; charset=utf-8", f"{batch_id}-{purpose}.csv")
        raise HTTPException(404, "Ratings are to be had as .jsonl and as .csv.")

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
