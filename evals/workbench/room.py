"""What the pages of the workbench share: the store, what is being made, and who may see what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException

from evals.workbench.blinding import Blinding, blinding
from evals.workbench.order import order_for
from evals.workbench.preparing import Preparation
from rag.domain.errors import RecordError
from rag.records.accounts import Role
from rag.records.ratings import Batch, Item, Rating
from rag.records.sessions import SignedIn
from rag.web.staff import Staff, require_role

Evaluator = Annotated[SignedIn, Depends(require_role(Role.EVALUATOR))]


@dataclass(frozen=True, slots=True)
class Seat:
    """A batch as one person meets it: their order, their standing ratings, whether they are blind."""

    batch: Batch
    items: tuple[Item, ...]
    own: dict[str, Rating]
    blinding: Blinding
    account_id: int

    @property
    def rated(self) -> int:
        return len(self.own)

    @property
    def is_blind(self) -> bool:
        return self.blinding.is_blind(self.account_id)

    @property
    def finished(self) -> bool:
        return self.account_id in self.blinding.finished

    @property
    def is_calibration(self) -> bool:
        return self.batch.kind == "calibration"

    def number(self, item_id: str) -> int:
        """The claim's place in this person's order, from 1."""
        return [item.id for item in self.items].index(item_id) + 1

    def takes(self, item_id: str) -> bool:
        """Whether the person may rate the claim now; a known answer that was shown cannot be guessed again."""
        return self.is_blind and not (self.is_calibration and item_id in self.own)


@dataclass(frozen=True, slots=True)
class Room:
    """The store and the maker of batches."""

    staff: Staff
    preparation: Preparation

    def batch(self, batch_id: str) -> Batch:
        """Or a 404."""
        try:
            return self.staff.ratings.batch(batch_id)
        except RecordError as error:
            raise HTTPException(404, str(error)) from error

    def item(self, item_id: str) -> Item:
        """Or a 404."""
        try:
            return self.staff.ratings.item(item_id)
        except RecordError as error:
            raise HTTPException(404, str(error)) from error

    def seat(self, batch: Batch, person: SignedIn) -> Seat:
        book, account = self.staff.ratings, person.account.id
        return Seat(
            batch,
            order_for(book.items(batch.id), batch.seed, account),
            {r.item: r for r in book.standing(batch.id) if r.account_id == account},
            blinding(self.staff.trail, batch.id),
            account,
        )

    def names(self) -> dict[int, str]:
        """Account names by id."""
        return {account.id: account.name for account in self.staff.accounts.every()}
