"""What the service says: statements, their citations, and the kinds of reply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.domain.passages import Passage, Translation
from rag.domain.spans import Spans


class Support(StrEnum):
    """Whether the cited words bear the statement out."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verifier's decision on one statement; `score` in [0, 1], `reasons` in plain words."""

    support: Support
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words relied on: `quote == document.reading(spans)`, always."""

    number: int
    passage: Passage
    spans: Spans
    quote: str
    translation: Translation | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence shown to a person and the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]
    support: Support = Support.FULL
    speaker: str = ""
    """Which text speaks, where a paragraph begins and texts are set side by side."""

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a statement needs at least one citation")


EXTRACTIVE = "extractive"
"""The answerer that gives the texts' own sentences."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Statements drawn from the texts. It cannot be made without citations."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    confidence: float
    answerer: str = EXTRACTIVE
    notes: tuple[str, ...] = ()
    """Sentences in the asker's language about the answer (sources disagree, part not found)."""
    care: Referral | None = None
    """Where to turn, shown first, when the question also asks for help."""

    def __post_init__(self) -> None:
        numbers = {citation.number for citation in self.citations}
        if not self.statements or not numbers:
            raise ValueError("an answer needs a statement and a citation")
        if any(not set(s.citations) <= numbers for s in self.statements):
            raise ValueError("a statement cites a number that has no citation")


@dataclass(frozen=True, slots=True)
class Abstention:
    """The texts do not say. `message` names what was looked for; `nearest` are passages to look at."""

    message: str
    nearest: tuple[Citation, ...]
    confidence: float
    """How likely it is that the texts do answer after all, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class HelpContact:
    """A place to turn to."""

    name: str
    kind: str
    countries: tuple[str, ...]
    phone: str = ""
    url: str = ""
    hours: str = ""
    checked: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """Points a person to help (or refuses, with the help line for people who want to stop)."""

    message: str
    contacts: tuple[HelpContact, ...]
    reason: str
    """The route that led here: "help", "danger" or "refusal"."""
    also_answer: bool = False
    """Whether the texts should be asked as well, after the help."""
    asked: str = ""
    """What of the message the texts are asked; the whole of it if empty."""
    unless_answered: bool = False
    """Whether the contacts stand in for what the texts do not say, and are left out where they do."""


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A greeting, thanks, or a question about the service itself."""

    message: str


Reply = Answer | Abstention | Referral | SmallTalk


@dataclass(frozen=True, slots=True)
class Stage:
    """How long a stage of the flow took, in milliseconds."""

    name: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Response:
    """A reply with what is known of how it came about."""

    question: str
    language: str
    understood_as: str
    """The standalone question that was searched; equal to `question` unless it was a follow-up."""
    reply: Reply
    index: str
    """The fingerprint of the index that answered."""
    timings: tuple[Stage, ...]
