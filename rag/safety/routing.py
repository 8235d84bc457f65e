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
from rag.safety.classifier import ORDINARY, Classifiers, MessageClassifier, sentences_of
from rag.safety.contacts import Contact, choose
from rag.safety.signals import Signals

ROUTES = Path(__file__).with_name("routes.toml")
SMALL_TALK = frozenset({"greeting", "thanks", "goodbye", "capabilities"})
REFUSAL = "refuse_material"
CONTACTS = "contacts"
"""Who asks for the number of a help line gets it, whatever the texts say; known by patterns alone."""
LONGEST_SMALL_TALK_WORDS = 12


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a kind is believed.

    `care` was chosen on held-out fifths of the examples and 3,270 ordinary questions that nothing had learnt from: it
    heard 0.94 and took 0.007 of them. `care_beside` and `refusal_again` on 720 messages by two writers who had seen no
    example and on those of `tests/safety`: 0.88 of hard calls beside a question, 9 of 360 ordinary ones.
    """

    care: float = 0.4
    """Help and refusal together: the message is not an ordinary question."""
    refusal_share: float = 0.7
    """Of care, what refusal must have: in doubt a person is helped, not refused."""
    refusal: float = 0.4
    """What refusal must have by itself: less, and the message is an ordinary question."""
    refusal_again: float = 0.4
    """What it must have when the message is read again by the classifier that knows calls beside questions."""
    small_talk: float = 0.5
    ordinary_over_pattern: float = 0.97
    """An ordinary question this certain is not rerouted by a pattern, except to 112."""
    care_beside: float = 0.5
    """Of a message that by itself is an ordinary question, read again for a call beside it: the mean of the
    whole message and of its gravest sentence."""
    care_beside_from: float = 0.05
    """Of the whole message, for its sentences to be read one by one."""
    mixed_words: int = 15
    """A message of one sentence may hold two thoughts when it is this long."""
    asked_words: int = 5
    """A shorter question beside a call for help ("Is that allowed?") is part of the call."""
    asked: float = 0.8
    """Probability from which such a question is an ordinary one, to be answered after the help."""


class CareRouter:
    """Implements the Router port."""

    def __init__(
        self,
        classifiers: Classifiers,
        embedder: Embedder,
        contacts: tuple[Contact, ...],
        signals: Signals | None = None,
        thresholds: Thresholds | None = None,
        routes: Mapping[str, Any] | None = None,
    ) -> None:
        self._classifiers = classifiers
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
        asked = self._asked(question) if kind not in (REFUSAL, CONTACTS) else ""
        return Referral(
            message=message,
            contacts=choose(self._contacts, tuple(route["contacts"]), question, language),
            reason=str(route["reason"]),
            also_answer=bool(asked) or bool(route.get("also_answer", False)),
            asked=asked,
            unless_answered=bool(route.get("unless_answered", False)),
        )

    def kind(self, question: str) -> str:
        """The kind of message, one of those in `routes.toml` or `ORDINARY`."""
        certain = self._signals.kind(question)
        odds = self._odds(self._classifiers.plain, question)
        if certain == "help_danger_now":
            return certain
        if certain and certain != CONTACTS and odds[ORDINARY] < self._thresholds.ordinary_over_pattern:
            return certain
        likely = self._likely(question, odds)
        if likely == ORDINARY:
            likely = self._beside(question)
        return CONTACTS if likely == ORDINARY and certain == CONTACTS else likely

    def _likely(self, question: str, odds: Mapping[str, float]) -> str:
        if _care(odds) >= self._thresholds.care:
            if odds[REFUSAL] < self._thresholds.refusal_share * _care(odds):
                return _help(odds)
            if odds[REFUSAL] >= self._thresholds.refusal:
                return self._refused_or_helped(question)
        small = {kind: odds[kind] for kind in SMALL_TALK if kind in odds}
        if (
            sum(small.values()) >= self._thresholds.small_talk
            and len(question.split()) <= LONGEST_SMALL_TALK_WORDS
        ):
            return max(small, key=lambda kind: small[kind])
        return ORDINARY

    def _refused_or_helped(self, question: str) -> str:
        """What looks like a request, read again by the classifier that knows calls beside questions."""
        odds = self._odds(self._classifiers.mixed, question)
        if odds[REFUSAL] >= self._thresholds.refusal_again:
            return REFUSAL
        return _help(odds) if _care(odds) >= self._thresholds.care_beside else ORDINARY

    def _beside(self, question: str) -> str:
        """The call for help that stands beside an ordinary question, or `ORDINARY`."""
        sentences = sentences_of(question)
        if len(sentences) < 2 and len(question.split()) < self._thresholds.mixed_words:
            return ORDINARY
        read = self._odds(self._classifiers.mixed, question)
        gravest = read
        if len(sentences) > 1 and _care(read) >= self._thresholds.care_beside_from:
            gravest = max((self._odds(self._classifiers.mixed, s) for s in sentences), key=_care)
        if (_care(read) + _care(gravest)) / 2 < self._thresholds.care_beside:
            return ORDINARY
        return _help({kind: read[kind] + gravest[kind] for kind in read})

    def _asked(self, question: str) -> str:
        """The questions about the rules in a message of several sentences that calls for help."""
        sentences = sentences_of(question)
        asked = [s for s in sentences if self._may_stand_alone(s)]
        if len(sentences) < 2:
            return ""
        odds = [self._odds(self._classifiers.mixed, s) for s in asked]
        return " ".join(s for s, o in zip(asked, odds, strict=True) if o[ORDINARY] >= self._thresholds.asked)

    def _may_stand_alone(self, sentence: str) -> bool:
        """Whether it is a question that can be understood without the sentences before it."""
        long_enough = len(sentence.split()) >= self._thresholds.asked_words
        return sentence.endswith("?") and long_enough and not self._signals.leaning.search(sentence)

    def _odds(self, classifier: MessageClassifier, text: str) -> dict[str, float]:
        return classifier.probabilities(text, self._embedder.embed_query(text))


def _care(odds: Mapping[str, float]) -> float:
    """The probability that the message is a call for help or a request to be refused."""
    return sum(p for kind, p in odds.items() if kind.startswith("help")) + odds[REFUSAL]


def _help(odds: Mapping[str, float]) -> str:
    """The likeliest kind of help."""
    return max((kind for kind in odds if kind.startswith("help")), key=lambda kind: odds[kind])
