"""Who may still rate a batch, and who may see what others and the verifier said: never both.

A person unblinds by finishing their ratings, or by looking without rating. Both stand in the trail.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.records.trail import Trail, Who

FINISHED = "rating finished"
LOOKED = "results opened without rating"


@dataclass(frozen=True, slots=True)
class Blinding:
    """Account ids by how they unblinded."""

    finished: frozenset[int]
    looked: frozenset[int]

    def is_blind(self, account_id: int) -> bool:
        return account_id not in self.finished | self.looked


def blinding(trail: Trail, batch_id: str) -> Blinding:
    entries = trail.of(_subject(batch_id))
    by_action = {
        action: frozenset(int(str(e.detail["account"])) for e in entries if e.action == action)
        for action in (FINISHED, LOOKED)
    }
    return Blinding(by_action[FINISHED], by_action[LOOKED])


def finish(trail: Trail, batch_id: str, who: Who) -> None:
    """The person's ratings stand from now on."""
    trail.add(who, FINISHED, _subject(batch_id), {"account": who.id})


def look(trail: Trail, batch_id: str, who: Who) -> None:
    """The person sees the results and rates this batch no more."""
    trail.add(who, LOOKED, _subject(batch_id), {"account": who.id})


def _subject(batch_id: str) -> str:
    return f"batch:{batch_id}"
