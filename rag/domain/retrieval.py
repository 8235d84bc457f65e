"""A search and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.domain.passages import Enrichment, Origin, Passage, Translation


@dataclass(frozen=True, slots=True)
class Query:
    """A standalone question. `language` is ISO 639-1 or "unknown"."""

    text: str
    language: str
    documents: frozenset[str] = frozenset()
    """Where to look, by id; everywhere if empty."""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One question of several: as it was asked, and as it is searched."""

    asked: str
    query: Query
    leans: bool = False
    """Whether it names nothing of its own, so that what it is about stands in the parts before it."""
    speaker: str = ""
    """What to call the texts it is asked of, where texts are heard side by side."""
    named: bool = False
    """Whether only passages that hold most of its words speak of it: its texts may be silent."""
    sought: bool = False
    """Whether the question, by maker and year, is of what these texts say: they are searched first."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a passage was found: one leg, the representation it matched, the score it gave.

    `leg` is "dense", "lexical", "late interaction" or "reranker"; `score` is the leg's own,
    `share` what it contributed to the fused score.
    """

    leg: str
    origin: Origin
    language: str
    text: str
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which of the question's words the passage (or what was written about it) holds.

    `share` is weighted by inverse document frequency, in [0, 1]; `missing` are the question's words
    that the passage lacks, rarest first, each with its weight.
    """

    share: float = 0.0
    missing: tuple[tuple[str, float], ...] = ()
    unheard: frozenset[str] = frozenset()
    """Words of the question that stand nowhere in the indexed texts."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with its fused score (higher is better, comparable across questions)."""

    passage: Passage
    enrichment: Enrichment
    score: float
    evidence: tuple[Evidence, ...] = ()
    sentences: tuple[float, ...] = ()
    """Cosine similarity of each of the passage's own sentences (or its translation) to the question."""
    coverage: Coverage = field(default_factory=lambda: Coverage())
    leaning: float = 0.0
    """Of the question, the same for every hit of a search: above 0 it resembles questions that the
    texts are known to answer, below 0 those known not to be answered, 0 when none are known."""
    kin: tuple[float, float] = (0.0, 0.0)
    """Of the question, like `leaning`: how like it is to the nearest questions known to be answered, and to
    the nearest known not to be, each in [-1, 1]."""
    known: tuple[float, ...] = ()
    """For each of the passage's sentences, the likeness of the question to the likest of those that it is
    known to answer, in [0, 1]; nothing where no sentence is known to answer any."""
    votes: float = 0.0
    """Share in [0, 1] of all votes. Every question that some passage is known to answer votes for that
    passage, with the more weight the liker it is to the question asked."""

    def translation(self, language: str) -> Translation | None:
        """None for the passage's own language too."""
        return self.enrichment.translation(language) if language != self.passage.language else None
