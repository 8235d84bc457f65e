"""How often the verifier itself is wrong, on statements known to be true or known to be altered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evals.statistics import Estimate, rate
from rag.domain.answers import Support
from rag.domain.ports import Verifier


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement, the texts it is judged by, and the truth; `cluster` names those that share a text."""

    statement: str
    evidence: tuple[str, ...]
    supported: bool
    cluster: str


@dataclass(frozen=True, slots=True)
class VerifierError:
    """False statements let through as fully supported, and true ones not recognised as such.

    Kinds of falsehood occur in `set` by design and not as often as in life: the rates bound the
    verifier's error, they do not correct a support rate.
    """

    set: str
    false_pass: Estimate
    false_alarm: Estimate


def verifier_error(verifier: Verifier, name: str, statements: Iterable[Labelled]) -> VerifierError:
    """Judge every statement of the set."""
    passed: dict[bool, list[tuple[float, str]]] = {True: [], False: []}
    for one in statements:
        full = verifier.verify(one.statement, one.evidence).support is Support.FULL
        passed[one.supported].append((float(full), one.cluster))
    return VerifierError(
        name,
        false_pass=rate([score for score, _ in passed[False]], [c for _, c in passed[False]]),
        false_alarm=rate([1 - score for score, _ in passed[True]], [c for _, c in passed[True]]),
    )
