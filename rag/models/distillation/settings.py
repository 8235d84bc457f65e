"""What a distillation can be told; the defaults are those of the shipped run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """How much of a source is used.

    `copies` is the expected number of times a pair is seen (0.25: every fourth pair; 8: eight
    times); `windows` the number of joined windows made of it per hundred pairs; `held_out` the
    share of its pairs that is never trained on and serves the figures; `misspelt` the expected
    number of copies with slips of the pen.
    """

    copies: float = 1.0
    windows: float = 0.0
    held_out: float = 0.0
    misspelt: float = 0.0


@dataclass(frozen=True, slots=True)
class Adoption:
    """Rows of an unmarked source count as `origin` when their English side occurs in `origin`."""

    source: str
    origin: str


@dataclass(frozen=True, slots=True)
class DistillationSettings:
    """Sources not named in `sources` are left out: using a text is a decision (docs/model-card.md).

    `minutes` is the length of training proper; the file OUT/minutes, when present, overrides it
    while training runs, and OUT/stop ends it at the next step with everything saved.
    """

    sources: Mapping[str, SourcePlan]
    adoptions: tuple[Adoption, ...] = ()
    base: Path | None = None  # None: the bundled base model
    continue_from: Path | None = None  # an earlier run's work folder, or a delta file: its pieces are kept
    protected: tuple[Path, ...] = ()  # texts no training pair may share seven words in a row with
    triple_languages: tuple[str, ...] = ("en", "da", "nl")

    words: tuple[int, int] = (1, 60)
    length_ratio: float = 2.2  # of characters, either way
    preferred_words: int = 22  # longer single sentences are used half as often
    emphasis: float = 2.0  # questions and legal sentences of a sampled source are used that much more
    window_sentences: tuple[int, int] = (2, 6)
    window_words: int = 90

    new_pieces: int = 20_000
    piece_frequency: int = 4
    row_neighbours: int = 8

    gloss_share: float = 0.0  # word-by-word glosses (lexicon.tsv), as a share of all examples
    gloss_languages: tuple[str, ...] = ("nl",)

    workers: int = 2
    minutes: float = 65.0
    steps: int = 0  # if given, training is that many steps instead, however long they take
    batch_tokens: int = 2560
    max_tokens: int = 256
    chunk_examples: int = 16_384
    anchor_share: float = 0.1  # English sides that pass through the student, too
    cosine_weight: float = 10.0
    contrast_weight: float = 1.0
    temperature: float = 0.05
    learning_rate: float = 3e-4
    row_learning_rate: float = 2e-3
    warmup_steps: int = 80
    checkpoint_seconds: float = 180.0
    niceness: int = 10
    seed: int = 7
    evaluation_limit: int = 1000
    extra: Mapping[str, str] = field(default_factory=dict)  # notes copied into the figures
