"""What a comparison finds: how grave, and said in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """What a finding does to the verdict."""

    CONTRADICTION = "contradiction"  # the source says otherwise
    GAP = "gap"  # the source does not say this
    HINT = "hint"  # a sign, no more


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    gravity: Gravity
    reason: str


def contradiction(kind: str, reason: str) -> Finding:
    return Finding(kind, Gravity.CONTRADICTION, reason)


def gap(kind: str, reason: str) -> Finding:
    return Finding(kind, Gravity.GAP, reason)


def hint(kind: str, reason: str) -> Finding:
    return Finding(kind, Gravity.HINT, reason)
