"""A draft reply as it is kept: sections of sentences, each sentence with its own revision.

What a citation, an enquiry or a frame is made of is the drafting room's business; here they are
JSON objects that are kept whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Json = Mapping[str, object]


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class NewSentence:
    text: str
    support: str
    reasons: tuple[str, ...] = ()
    citations: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class NewSection:
    """`kind` is "question" or "lines"; `outcome` is what came of the question ("answer", "abstention" …)."""

    kind: str
    question: str
    outcome: str
    note: str = ""
    alternatives: tuple[Json, ...] = ()
    sentences: tuple[NewSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    id: str
    section: str
    text: str
    support: str
    reasons: tuple[str, ...]
    citations: tuple[Json, ...]
    revision: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    kind: str
    question: str
    outcome: str
    note: str
    alternatives: tuple[Json, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """`version` counts hand-overs, `revision` every change of structure, frame or state."""

    id: str
    title: str
    language: str
    state: State
    version: int
    revision: int
    enquiry: Json
    frame: Json
    made_by: str
    made_at: datetime
    changed_at: datetime
    sections: tuple[Section, ...] = ()

    @property
    def editable(self) -> bool:
        return self.state is State.DRAFT

    def section(self, section_id: str) -> Section | None:
        return next((s for s in self.sections if s.id == section_id), None)

    def sentence(self, sentence_id: str) -> Sentence | None:
        return next((s for part in self.sections for s in part.sentences if s.id == sentence_id), None)


@dataclass(frozen=True, slots=True)
class Version:
    draft: str
    number: int
    content: Json
    sha256: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignOff:
    version: int
    state: State
    who: str
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    version: int
    sentence: str | None
    text: str
    who: str
    at: datetime
