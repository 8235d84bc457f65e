"""Recognises who needs care before anything else, and small talk; all else is an ordinary question.

Patterns decide where they are certain; likeness to examples decides the rest. Grave words alone
never do: they are what people ask about here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.domain.answers import Referral, SmallTalk
from rag.domain.ports import Embedder
from rag.safety.classifier import ORDINARY, MessageClassifier
from rag.safety.contacts import Contact, choose
from rag.safety.signals import Signals

ROUTES = Path(__file__).with_name("routes.toml")
SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "capabilities"})
REFUSAL = "refuse_material"
LONGEST_SMALL_TALK_WORDS = 12


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a kind is believed.

    Chosen on the development split of `evals/suites` (24 calls for help, 9 requests to be refused, 618
    ordinary messages) from a grid of 0.45 to 0.65: all calls heard, all requests refused, one ordinary
    message misrouted.
    """

    care: float = 0.55
    """Help and refusal together: the message is not an ordinary question."""
    refusal_share: float = 0.5
    """Of care, what refusal must have: in doubt a person is helped, not refused."""
    small_talk: float = 0.5
    ordinary_over_pattern: float = 0.97
    """An ordinary question this certain is not rerouted by a pattern, except to 112."""


class CareRouter:
    """Implements the Router port."""

    def __init__(
        self,
        classifier: MessageClassifier,
        embedder: Embedder,
        contacts: tuple[Contact, ...],
        signals: Signals | None = None,
        thresholds: Thresholds | None = None,
        routes: Mapping[str, Any] | None = None,
    ) -> None:
        self._classifier = classifier
        self._embedder = embedder
        self._contacts = contacts
        self._signals = signals or Signals.load()
        self._thresholds = thresholds or Thresholds()
        self._routes = routes or tomllib.loads(ROUTES.read_text(encoding="utf-8"))

    def route(self, question: str, language: str) -> Referral | SmallTalk | None:
        """None for an ordinary question."""
        kind = self.kind(question)
        if kind == ORDINARY:
            return None
        route = self._routes[kind]
        message = str(route.get(language) or route["en"])
        if kind in SMALL_TALK:
            return SmallTalk(message)
        return Referral(
            message=message,
            contacts=choose(self._contacts, tuple(route["contacts"]), question, language),
            reason=str(route["reason"]),
            also_answer=bool(route.get("also_answer", False)),
        )

    def kind(self, question: str) -> str:
        """The kind of message, one of those in `routes.toml` or `ORDINARY`."""
        certain = self._signals.kind(question)
        odds = self._classifier.probabilities(question, self._embedder.embed_query(question))
        if certain == "help_danger_now":
            return certain
        if certain and odds[ORDINARY] < self._thresholds.ordinary_over_pattern:
            return certain
        return self._likely(question, odds)

    def _likely(self, question: str, odds: Mapping[str, float]) -> str:
        helps = {kind: p for kind, p in odds.items() if kind.startswith("help")}
        care = sum(helps.values()) + odds[REFUSAL]
        if care >= self._thresholds.care:
            refused = odds[REFUSAL] >= self._thresholds.refusal_share * care
            return REFUSAL if refused else max(helps, key=lambda kind: helps[kind])
        small = {kind: odds[kind] for kind in SMALL_TALK if kind in odds}
        if (
            sum(small.values()) >= self._thresholds.small_talk
            and len(question.split()) <= LONGEST_SMALL_TALK_WORDS
        ):
            return max(small, key=lambda kind: small[kind])
        return ORDINARY
