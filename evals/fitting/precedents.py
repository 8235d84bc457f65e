"""Fits the space in which a question is compared with those known to be answered, and not.

Neighbourhood components analysis (Goldberger et al., 2004) with a soft vote: the log-odds that the
vote of all other known questions gives a question should say whether it is answered. A question never
votes for its own translations. Learns from the corpus alone; the development split chooses but the
sharpness of the final vote.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evals.fitting.setting import development_questions
from rag.assembly import build_embedder, enrichment_entries, precedents
from rag.domain.ports import Embedder
from rag.retrieval.precedents import Metric, log_odds, pooled, question_key, save_metric, unit
from rag.settings import Settings

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from rag.domain.ports import Matrix
    from rag.domain.readings import Reading

KEPT = 128
"""Dimensions of the space; 192 and 256 do no better on the development split."""
PART_SHARES = (0.2, 0.5, 0.3)
"""Of sentence vector, inner layer and bare words at the start; the fit is free to change them."""
PASSES = 2
BATCH, VOTERS = 512, 18_000
LEARNING_RATE, HOLD = 1e-3, 3e-4
"""Step size, and the price of leaving the starting point (principal components)."""
START_SHARPNESS = 18.0
SHARPNESSES = (12.0, 16.0, 20.0, 25.0, 30.0)
"""Tried at the end: the fit itself, among questions with close kin, comes out too sharp for strangers."""


@dataclass(frozen=True, slots=True)
class Known:
    """A question the corpus knows; `group` is shared by its translations."""

    text: str
    group: str
    answered: bool


def known_to_the_corpus(settings: Settings) -> list[Known]:
    """Written for passages, and the precedents; no text twice."""
    found: dict[str, Known] = {}
    for placed in (p for entries in enrichment_entries(settings).values() for p in entries):
        for questions in placed.entry.questions.values():
            for number, text in enumerate(questions):
                found.setdefault(text, Known(text, f"{placed.entry.passage}:{number}", answered=True))
    for entry in precedents(settings):
        for text in entry.questions.values():
            found.setdefault(text, Known(text, entry.id, answered=bool(entry.answered_by)))
    return list(found.values())


def fit_precedents(settings: Settings, report: Path) -> dict[str, Any]:
    """Fit the metric, write its file, and the figures to `report`. About five minutes."""
    embedder = build_embedder(settings)
    known = known_to_the_corpus(settings)
    readings = _readings(embedder, [k.text for k in known])
    weights = _piece_weights(readings)
    parts = [np.stack(rows) for rows in zip(*(pooled(r, weights) for r in readings), strict=True)]
    centres = np.stack([part.mean(axis=0) for part in parts])
    nothing = np.zeros((0, 0), np.float32)
    start = Metric(embedder.fingerprint, weights, centres, nothing, START_SHARPNESS, {})
    rows = np.stack([np.concatenate(start.parts(r)) for r in readings])
    answered = np.array([k.answered for k in known])
    projection = _fitted(rows, answered, _numbers([k.group for k in known]))
    views = np.stack([unit(row) for row in rows @ projection])
    seen = {question_key(k.text): view for k, view in zip(known, views, strict=True)}
    metric = Metric(embedder.fingerprint, weights, centres, projection, START_SHARPNESS, seen)
    areas = _areas(embedder, metric, views, answered)
    sharpness = max(areas, key=lambda tried: areas[tried])
    save_metric(replace(metric, sharpness=sharpness))
    figures = {
        "known": len(known),
        "answered": int(answered.sum()),
        "sharpness": sharpness,
        "area under ROC, development, by sharpness": areas,
    }
    report.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return figures


def _readings(embedder: Embedder, texts: Sequence[str]) -> list[Reading]:
    found = dict(embedder.read_queries(texts))
    return [found[i] for i in range(len(texts))]


def _piece_weights(readings: Sequence[Reading]) -> Matrix:
    """Inverse document frequency by piece of the vocabulary; what never occurred weighs most."""
    counts: dict[int, int] = defaultdict(int)
    for reading in readings:
        for piece in set(reading.pieces.tolist()):
            counts[piece] += 1
    weights = np.full(max(counts) + 2, np.log(len(readings) + 1.0) + 0.1, np.float32)
    for piece, count in counts.items():
        weights[piece] = np.log((len(readings) + 1.0) / (1.0 + count)) + 0.1
    return np.maximum(weights, 0.1)


def _numbers(groups: Sequence[str]) -> NDArray[np.int64]:
    places = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    return np.array([places[group] for group in groups])


def _fitted(rows: Matrix, answered: NDArray[np.bool_], groups: NDArray[np.int64]) -> Matrix:
    """The projection (columns, kept)."""
    import torch

    torch.manual_seed(0)
    width = rows.shape[1] // len(PART_SHARES)
    scaled = rows * np.repeat(np.sqrt(PART_SHARES), width).astype(np.float32)
    known, labels, group = torch.tensor(scaled), torch.tensor(answered), torch.tensor(groups)
    sample = known[torch.randperm(len(known))[:6000]]
    start = torch.linalg.svd(sample, full_matrices=False)[2][:KEPT].T.contiguous()
    projection = torch.nn.Parameter(start.clone())
    sharpness = torch.nn.Parameter(torch.tensor(float(np.log(START_SHARPNESS))))
    share = torch.where(labels, 0.5 / labels.sum(), 0.5 / (~labels).sum()) * len(labels)
    optimiser = torch.optim.Adam(
        [{"params": [projection], "lr": LEARNING_RATE}, {"params": [sharpness], "lr": 10 * LEARNING_RATE}]
    )
    for _ in range(PASSES):
        for asked in torch.randperm(len(known)).split(BATCH):
            voters = torch.randperm(len(known))[:VOTERS]
            odds = _odds(
                known[asked] @ projection, known[voters] @ projection, sharpness.exp(), share[voters]
            )
            own = group[asked][:, None] == group[voters][None]
            loss = _loss(odds.masked_fill(own, -1e4), labels[voters], labels[asked], share[asked])
            loss = loss + HOLD * ((projection - start) ** 2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    mixed = projection.detach().numpy() * np.repeat(np.sqrt(PART_SHARES), width)[:, None]
    return np.asarray(mixed, np.float32)


def _odds(
    asked: torch.Tensor, voters: torch.Tensor, sharpness: torch.Tensor, share: torch.Tensor
) -> torch.Tensor:
    """The logarithm of each voter's weight for each question asked."""
    from torch.nn.functional import normalize

    likeness = normalize(asked, dim=1) @ normalize(voters, dim=1).T
    return sharpness * (likeness - 1) + share.log()


def _loss(
    votes: torch.Tensor, for_answered: torch.Tensor, answered: torch.Tensor, share: torch.Tensor
) -> torch.Tensor:
    import torch

    yes = torch.logsumexp(votes.masked_fill(~for_answered[None], -1e4), dim=1)
    no = torch.logsumexp(votes.masked_fill(for_answered[None], -1e4), dim=1)
    wrong = torch.nn.functional.binary_cross_entropy_with_logits(yes - no, answered.float(), reduction="none")
    return (wrong * share).mean()


def _areas(
    embedder: Embedder, metric: Metric, views: Matrix, answered: NDArray[np.bool_]
) -> dict[float, float]:
    """How well the vote alone tells the development questions apart, by sharpness."""
    from sklearn.metrics import roc_auc_score

    asked = [q for q in development_questions() if q.kind in ("answer", "abstention") and not q.history]
    likeness = [views @ metric.view(r) for r in _readings(embedder, [q.question for q in asked])]
    answerable = [q.kind == "answer" for q in asked]
    return {
        tried: round(float(roc_auc_score(answerable, [log_odds(s, answered, tried) for s in likeness])), 4)
        for tried in SHARPNESSES
    }
