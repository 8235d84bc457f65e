"""The loss: be the teacher's vector, and be nearer to it than to the teacher's other vectors."""

from __future__ import annotations

from typing import Any

from rag.models.distillation.settings import DistillationSettings

_SAME_MEANING = 0.95  # teacher cosine from which another target counts as the same sentence


def loss_of(
    vectors: Any, bank: Any, places: Any, anchors: Any, settings: DistillationSettings
) -> tuple[Any, list[float]]:
    """The loss of a batch, and for the log: cosine to the teacher, the anchors' cosine, contrast.

    `vectors` (batch, width) are the student's, `bank` (chunk, width) the teacher's, `places` the bank
    row of each vector, `anchors` true where the student read English.
    """
    import torch

    targets = bank[places]
    cosine = (vectors * targets).sum(1)
    loss = settings.cosine_weight * (1 - cosine).mean()
    learners = ~anchors
    contrast = torch.zeros(())
    if settings.contrast_weight and int(learners.sum()) > 1:
        contrast = _contrast(vectors[learners], targets[learners], bank, places[learners], settings)
        loss = loss + settings.contrast_weight * contrast
    return loss, [_mean(cosine[learners]), _mean(cosine[anchors]), float(contrast.detach())]


def _contrast(vectors: Any, targets: Any, bank: Any, places: Any, settings: DistillationSettings) -> Any:
    """Cross-entropy over the whole bank one way and over the batch the other way."""
    import torch

    cross_entropy = torch.nn.functional.cross_entropy
    rows = torch.arange(len(vectors))
    twins = targets @ bank.T > _SAME_MEANING
    twins[rows, places] = False
    wide = (vectors @ bank.T / settings.temperature).masked_fill(twins, -1e4)
    doubles = targets @ targets.T > _SAME_MEANING
    doubles[rows, rows] = False
    narrow = (targets @ vectors.T / settings.temperature).masked_fill(doubles, -1e4)
    return (cross_entropy(wide, places) + cross_entropy(narrow, rows)) / 2


def _mean(values: Any) -> float:
    return float(values.detach().mean()) if len(values) else 1.0
