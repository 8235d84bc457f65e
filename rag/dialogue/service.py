"""Questions about the service itself ("Is this legal advice?", "Do you keep my questions?"), answered with what
is true of this installation.

By patterns over the whole message, which must name the service, the asker or the answers: a question about
the rules that only uses the same words is none of this room's. Care comes first: who needs help is not
told about the service, except that "Am I anonymous?" and the like, if that is all, is no call for help.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag.domain.answers import Referral, SmallTalk
from rag.domain.documents import Document
from rag.domain.ports import Router

WORDING = Path(__file__).with_name("service.toml")
LONGEST_WORDS = 20
"""A longer message is about something else as well."""
MOST_WORDS_OF_NO_CALL = 6
"""A longer message has room for a reason to need help ("Am I anonymous if ...")."""
MOST_TITLES = 12
_NAME = re.compile(r"\b[A-Z]{4,}\b")
_YEAR = re.compile(r"\d{4}(?=-|$)")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", ",": " "})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of the running service."""

    documents: Callable[[], Sequence[Document]]
    """The texts it answers from, as they are when it is asked."""
    logs_questions: bool
    model: str
    """The language model that words the answers; empty: none."""

    def states(self, years: Sequence[str]) -> frozenset[str]:
        """Which of the sentences that begin with `if` in the wording hold."""
        return frozenset(
            {
                "logged" if self.logs_questions else "unlogged",
                "model" if self.model else "no_model",
                "dated" if years else "undated",
            }
        )


class ServiceRouter:
    """Implements the Router port around another, which hears every message first."""

    def __init__(self, router: Router, facts: Facts) -> None:
        self._router = router
        self._facts = facts

    def route(self, question: str, language: str) -> Referral | SmallTalk | None:
        """None for an ordinary question."""
        routed = self._router.route(question, language)
        kind = about_service(question)
        if isinstance(routed, Referral) and not (kind and _is_no_call(routed, question)):
            return routed
        return SmallTalk(self._told(kind, language)) if kind else routed

    def _told(self, kind: str, language: str) -> str:
        descriptions = [document.description for document in self._facts.documents()]
        years = sorted(found[0] for d in descriptions if (found := _YEAR.match(d.date)))
        titles = [d.title(language) or d.short_title for d in descriptions]
        holding = self._facts.states(years)
        said = [one for one in _wording()["say"][kind] if one.get("if", "") in (holding | {""})]
        return " ".join(str(one.get(language) or one["en"]) for one in said).format(
            count=len(titles),
            titles=_listed(titles),
            first=years[0] if years else "",
            last=years[-1] if years else "",
            model=self._facts.model,
        )


def _is_no_call(routed: Referral, question: str) -> bool:
    """Whether a call for help was heard in words too few to be one, all of them about the service."""
    return routed.reason == "help" and len(question.split()) <= MOST_WORDS_OF_NO_CALL


def about_service(question: str) -> str | None:
    """What of the service the whole message asks about, in whichever language, or None."""
    words = " ".join(question.translate(_PLAIN).split()).strip(" .;:!?…-–\"'“”")
    if len(words.split()) > LONGEST_WORDS:
        return None
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(words)), None)


def _listed(titles: Sequence[str]) -> str:
    shown = "; ".join(f"“{title}”" for title in titles[:MOST_TITLES])
    return f"{shown}; …" if len(titles) > MOST_TITLES else shown


@cache
def _wording() -> Mapping[str, Any]:
    return tomllib.loads(WORDING.read_text(encoding="utf-8"))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Kinds and what asks for them, language by language."""
    return tuple(
        (kind, _compiled(forms, table["words"]))
        for table in _wording()["ask"].values()
        for kind, forms in table["kinds"].items()
    )


def _compiled(forms: Sequence[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """Any of the forms, names in capitals replaced (names may stand in each other's words)."""
    pattern = "|".join(f"(?:{form})" for form in forms)
    while (filled := _NAME.sub(lambda name: f"(?:{words[name[0]]})", pattern)) != pattern:
        pattern = filled
    return re.compile(rf"(?:{words['lead']})*(?:{pattern})(?:{words['tail']})*", re.IGNORECASE)
