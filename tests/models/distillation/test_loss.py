from __future__ import annotations

import math

import pytest
import torch

from rag.models.distillation.loss import loss_of
from rag.models.distillation.settings import DistillationSettings

SETTINGS = DistillationSettings(sources={}, cosine_weight=10, contrast_weight=1, temperature=0.5)
BANK = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])


def loss(vectors: torch.Tensor, places: list[int], anchors: list[bool], bank: torch.Tensor = BANK):
    return loss_of(vectors, bank, torch.tensor(places), torch.tensor(anchors), SETTINGS)


def test_the_loss_is_what_the_hand_makes_it() -> None:
    value, (cosine, anchor, contrast) = loss(BANK[:2].clone(), [0, 1], [False, False])
    # both vectors are their targets: cosine 1, no cosine loss.
    # wide: vector 0 has similarities (1, 0, -1) to the bank, over 0.5: (2, 0, -2), target first;
    #       vector 1 has (0, 1, 0): (0, 2, 0), target second
    # narrow: both rows have (1, 0) over 0.5: (2, 0), target on the diagonal
    wide = (math.log(1 + math.exp(-2) + math.exp(-4)) + math.log(1 + 2 * math.exp(-2))) / 2
    narrow = math.log(1 + math.exp(-2))
    assert contrast == pytest.approx((wide + narrow) / 2, abs=1e-5)
    assert float(value) == pytest.approx(contrast, abs=1e-5)
    assert (cosine, anchor) == (pytest.approx(1), 1.0)


def test_anchors_take_part_in_the_cosine_alone() -> None:
    vectors = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    value, (cosine, anchor, contrast) = loss(vectors, [0, 0], [False, True])
    assert (cosine, anchor, contrast) == (pytest.approx(0), pytest.approx(1), 0)
    assert float(value) == pytest.approx(10 * 0.5)


def test_a_sentence_with_the_same_meaning_is_no_wrong_answer() -> None:
    twins = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    # each vector's only rivals say the same: nothing to tell apart, instead of log 2
    assert loss(twins.clone(), [0, 1], [False, False], twins)[1][2] == pytest.approx(0, abs=1e-5)


def test_nearer_to_the_target_costs_less() -> None:
    near = torch.nn.functional.normalize(torch.tensor([[1.0, 0.1], [0.1, 1.0]]), dim=1)
    far = torch.nn.functional.normalize(torch.tensor([[1.0, 0.9], [0.9, 1.0]]), dim=1)
    assert loss(near, [0, 1], [False, False])[0] < loss(far, [0, 1], [False, False])[0]
