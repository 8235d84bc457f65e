from __future__ import annotations

from pathlib import Path

import pytest

from rag.models.distillation.corpus import Pair
from rag.models.distillation.evaluation import evaluate, rate

SENTENCES = ["the rule is a rule", "a dog", "the cat is a cat", "dog dog rule"]


def test_a_rate_carries_its_n_and_wilson_interval() -> None:
    # Wilson, p = 0.8, n = 10, z = 1.96: centre (0.8 + 3.8416/20) / 1.38416 = 0.7167,
    # margin 1.96 * sqrt(0.016 + 3.8416/400) / 1.38416 = 0.2266
    assert rate(8, 10) == {
        "value": 0.8,
        "n": 10,
        "interval": [pytest.approx(0.4901, abs=3e-4), pytest.approx(0.9433, abs=3e-4)],
    }
    assert rate(0, 0) == {"n": 0}


def test_identical_sides_match_wholly_and_scrambled_ones_by_hand(tiny_model: Path) -> None:
    scrambled = [SENTENCES[1], SENTENCES[0], *SENTENCES[2:]]
    held_out = [
        *(Pair(text, text, "da", "own", str(n)) for n, text in enumerate(SENTENCES)),
        *(Pair(e, o, "nl", "own", "") for e, o in zip(SENTENCES, scrambled, strict=True)),
    ]
    figures = evaluate({"base": tiny_model}, tiny_model, held_out, 100, 40)["base"]
    matching = figures["matching"]
    assert matching["own en-da"]["da to en"]["value"] == 1
    assert matching["own en-da"]["cosine to teacher"] == pytest.approx(1, abs=1e-4)
    assert matching["own en-nl"]["nl to en"]["value"] == 0.5  # two of four exchanged
    assert matching["own da-nl"]["da to nl"]["value"] == 0.5
    assert figures["english"]["cosine to teacher"] == pytest.approx(1, abs=1e-4)


def test_the_limit_holds_per_source_and_language(tiny_model: Path) -> None:
    held_out = [Pair(text, text, "da", "own", "") for text in SENTENCES]
    figures = evaluate({"base": tiny_model}, tiny_model, held_out, 2, 40)["base"]
    assert figures["matching"]["own en-da"]["da to en"]["n"] == 2
