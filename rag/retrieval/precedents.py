"""Questions the texts are known to answer and known not to answer: which does a new one resemble?

The near miss ("what does the centre cost?" of a text that proposes the centre) cannot be told from
what was found alone: the passage is about the very thing asked for. So a new question is compared
with questions known to be answered (the enrichment, and the precedents of the corpus) and known not
to be: the log-odds of a kernel-weighted vote (Nadaraya, 1964; Watson, 1964). Likeness is measured in
a space fitted so that like questions fall alike (neighbourhood components analysis; Goldberger et
al., 2004) by `python -m evals fit-precedents`, for the embedding model it was fitted with; with any
other model the question's own vector serves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain.errors import IndexFailure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.domain.passages import Enrichment
    from rag.domain.ports import Embedder, Matrix
    from rag.domain.readings import Reading

FEWEST = 50
"""Questions of either kind without which nothing is learnt."""
NEAREST = 3
"""Of either kind, looked at by themselves: of 1, 3, 5 and 10, told answerable from unanswerable best on
questions that nothing had learnt from."""
METRIC_FILE = Path(__file__).with_name("metric.npz")
_FILE = "precedents.npz"
_PLAIN_SHARPNESS = 25.0
"""Of the kernel over plain sentence vectors; best of four on the development split."""
_STEPS = 254.0
"""A component of a unit vector is kept in steps of that size; few exceed a half, and those are cut."""
_PASSAGE_SHARPNESS = 30.0
"""Of the kernel by which questions vote for the passages that answer them; best of 12 to 50 on the
development split."""
_FAR = 1e-9
"""Added to either vote, so that what resembles nothing known at all leans nowhere."""


@dataclass(frozen=True, slots=True)
class Metric:
    """The space in which questions are compared. Parts: sentence vector, inner layer, bare words."""

    fingerprint: str
    """Of the embedding model."""
    piece_weights: Matrix
    """Shape (vocabulary,): what a token weighs in the mean of its question."""
    centres: Matrix
    """Shape (parts, width): the mean of each part over the questions known."""
    projection: Matrix
    """Shape (parts * width, kept)."""
    sharpness: float
    seen: dict[str, Matrix]
    """Views of the questions it was fitted with, by key: these need not be read again."""

    @property
    def id(self) -> str:
        return hashlib.sha256(self.projection.tobytes() + self.piece_weights.tobytes()).hexdigest()[:16]

    def parts(self, reading: Reading) -> list[Matrix]:
        """One unit row a part, centred."""
        return [
            unit(part - centre)
            for part, centre in zip(pooled(reading, self.piece_weights), self.centres, strict=True)
        ]

    def view(self, reading: Reading) -> Matrix:
        """A unit vector, shape (kept,)."""
        return unit(np.concatenate(self.parts(reading)) @ self.projection)


def pooled(reading: Reading, piece_weights: Matrix) -> list[Matrix]:
    """The sentence vector, and the weighted means of the inner layer and of the bare words, unit rows."""
    if not len(reading.pieces):
        return [reading.vector] + [np.zeros(reading.inner.shape[1], np.float32)] * 2
    weights = piece_weights[np.minimum(reading.pieces, len(piece_weights) - 1)]
    weights = weights / weights.sum()
    return [reading.vector, unit(weights @ reading.inner), unit(weights @ reading.bare)]


def unit(vector: Matrix) -> Matrix:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


@lru_cache(maxsize=4)
def metric_for(fingerprint: str, path: Path = METRIC_FILE) -> Metric | None:
    """The one fitted for this embedding model; None for any other model."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as data:
        if str(data["fingerprint"]) != fingerprint:
            return None
        return Metric(
            fingerprint,
            data["piece_weights"].astype(np.float32),
            data["centres"].astype(np.float32),
            data["projection"].astype(np.float32),
            float(data["sharpness"]),
            dict(zip(data["keys"].tolist(), data["rows"].astype(np.float32) / _STEPS, strict=True)),
        )


def save_metric(metric: Metric, path: Path = METRIC_FILE) -> None:
    np.savez_compressed(
        path,
        fingerprint=np.array(metric.fingerprint),
        piece_weights=metric.piece_weights.astype(np.float16),
        centres=metric.centres.astype(np.float32),
        projection=metric.projection.astype(np.float16),
        sharpness=np.float64(metric.sharpness),
        keys=np.array(list(metric.seen)),
        rows=np.clip(np.rint(np.stack(list(metric.seen.values())) * _STEPS), -127, 127).astype(np.int8),
    )


def log_odds(similarities: Matrix, answered: NDArray[np.bool_], sharpness: float) -> float:
    """Of answered to unanswered: the vote of all, each kind with the same weight in all."""
    votes = np.exp(np.float32(sharpness) * (similarities - np.float32(1.0)))
    yes, no = (votes[kind].mean(dtype=np.float64) for kind in (answered, ~answered))
    return float(np.log((yes + _FAR) / (no + _FAR)))


@dataclass(frozen=True, slots=True)
class Precedents:
    """Questions as unit rows (n, kept) float32, and which of them are answered (n,)."""

    keys: tuple[str, ...]
    rows: Matrix
    answered: NDArray[np.bool_]
    metric: Metric | None

    def likeness(self, reading: Reading) -> Matrix:
        """Of the question to each of those known, cosines, shape (n,)."""
        return self.rows @ _view(self.metric, reading) if len(self.rows) else np.zeros(0, np.float32)

    def leaning(self, likeness: Matrix) -> float:
        """Above 0 the question resembles those answered, below 0 those not; 0 when none are known."""
        if not len(likeness):
            return 0.0
        sharpness = self.metric.sharpness if self.metric else _PLAIN_SHARPNESS
        return log_odds(likeness, self.answered, sharpness)

    def nearest(self, likeness: Matrix) -> tuple[float, float]:
        """Mean likeness of the likest questions known to be answered, and of those known not to be."""
        if not len(likeness):
            return 0.0, 0.0
        answered, unanswered = (
            float(np.partition(of_kind, -NEAREST)[-NEAREST:].mean())
            for of_kind in (likeness[self.answered], likeness[~self.answered])
        )
        return answered, unanswered

    def save(self, folder: Path) -> None:
        np.savez(
            folder / _FILE,
            keys=np.array(self.keys, dtype="U16"),
            rows=self.rows.astype(np.float16),
            answered=self.answered,
            metric=np.array(self.metric.id if self.metric else ""),
        )


class KnownAnswers:
    """Which passages, and which of their sentences, answer the questions known: those like a new one vote."""

    def __init__(self, enrichments: Sequence[Enrichment], keys: Sequence[str]) -> None:
        """Enrichments by the number of their passage; `keys` of the questions known."""
        rows = {key: row for row, key in enumerate(keys)}
        answered: list[tuple[int, int]] = []
        self._told: dict[int, tuple[NDArray[np.intp], NDArray[np.intp]]] = {}
        for number, enrichment in enumerate(enrichments):
            questions = {
                key for _, question in enrichment.questions if (key := question_key(question)) in rows
            }
            answered += [(rows[key], number) for key in sorted(questions)]
            told = [
                (rows[key], sentence)
                for question, sentences in enrichment.told_in
                if (key := question_key(question)) in rows
                for sentence in sentences
            ]
            if told:
                self._told[number] = _columns(told)
        self._rows, self._passages = _columns(answered)
        self._count = len(enrichments)

    def shares(self, likeness: Matrix) -> NDArray[np.float64]:
        """Of the votes of all questions that passages answer, the share of each passage, shape (passages,)."""
        votes = np.exp(np.float32(_PASSAGE_SHARPNESS) * (likeness[self._rows] - np.float32(1.0)))
        by_passage = np.bincount(self._passages, votes, self._count)
        return np.asarray(by_passage / (votes.sum() + _FAR), np.float64)

    def sentences(self, passage: int, count: int, likeness: Matrix) -> tuple[float, ...]:
        """For each of so many sentences, the likeness of the likest question it is known to answer, at
        least 0; nothing where none is known of the passage."""
        told = self._told.get(passage)
        if told is None:
            return ()
        rows, sentences = told
        best = np.zeros(max(count, int(sentences.max()) + 1), np.float32)
        np.maximum.at(best, sentences, likeness[rows])
        return tuple(best[:count].tolist())


def _columns(pairs: Sequence[tuple[int, int]]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    table = np.array(pairs, np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]


NOTHING = Precedents((), np.zeros((0, 1), np.float32), np.zeros(0, bool), None)


def _view(metric: Metric | None, reading: Reading) -> Matrix:
    return metric.view(reading) if metric else reading.vector


def learn(
    embedder: Embedder,
    answered: Iterable[str],
    unanswered: Iterable[str],
    *,
    earlier: Precedents = NOTHING,
    progress: Callable[[int], None] = lambda done: None,
) -> Precedents:
    """`NOTHING` when there are too few of either kind.

    Rows of `earlier` (same metric) and those the metric keeps are taken over. A question known to be
    both counts as answered. `progress` is told how many are done.
    """
    yes = dict.fromkeys(answered)
    no = [q for q in dict.fromkeys(unanswered) if q not in yes]
    if min(len(yes), len(no)) < FEWEST:
        return NOTHING
    metric = metric_for(embedder.fingerprint)
    texts = [*yes, *no]
    keys = tuple(question_key(t) for t in texts)
    known = dict(metric.seen) if metric else {}
    if _same(earlier.metric, metric):
        known.update(zip(earlier.keys, earlier.rows, strict=True))
    rows: list[Matrix | None] = [known.get(key) for key in keys]
    new = [i for i, row in enumerate(rows) if row is None]
    for done, (place, reading) in enumerate(embedder.read_queries([texts[i] for i in new]), start=1):
        rows[new[place]] = _view(metric, reading)
        progress(len(texts) - len(new) + done)
    found = np.stack([row for row in rows if row is not None])
    return Precedents(keys, found, np.arange(len(texts)) < len(yes), metric)


def question_key(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def _same(one: Metric | None, other: Metric | None) -> bool:
    return (one.id if one else "") == (other.id if other else "")


def load(folder: Path, fingerprint: str) -> Precedents:
    """Of a generation made with the embedding model of that fingerprint.

    Raises IndexFailure if the file cannot be read, or was made with another metric.
    """
    try:
        with np.load(folder / _FILE, allow_pickle=False) as data:
            rows = data["rows"].astype(np.float32)
            metric = metric_for(fingerprint) if len(rows) else None
            if len(rows) and str(data["metric"]) != (metric.id if metric else ""):
                raise ValueError("it was made with another metric")
            return Precedents(tuple(data["keys"].tolist()), rows, data["answered"], metric)
    except (OSError, ValueError, KeyError) as error:
        raise IndexFailure(
            f"The file {folder / _FILE} cannot be read: {error}. Run `python -m rag index --rebuild`."
        ) from error
