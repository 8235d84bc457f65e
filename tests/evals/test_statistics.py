"""Intervals cover, tests find what was planted and nothing else; small cases by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evals.statistics import holm, mcnemar, mean, rate, sign_flip

TRANSLATIONS = 3


def clustered(generator: np.random.Generator, bases: int, share: float) -> tuple[list[float], list[str]]:
    """Yes/no scores whose translations mostly agree: each copies its base with probability 0.8."""
    scores, clusters = [], []
    for base in range(bases):
        own = float(generator.random() < share)
        for _ in range(TRANSLATIONS):
            copied = generator.random() < 0.8
            scores.append(own if copied else float(generator.random() < share))
            clusters.append(f"q{base}")
    return scores, clusters


def test_a_mean_leaves_out_what_is_undefined() -> None:
    found = mean([1.0, None, 0.0, 1.0], ["a", "a", "b", "c"])
    assert found.value == pytest.approx(2 / 3)  # (1 + 0 + 1) / 3
    assert (found.n, found.clusters) == (3, 3)


def test_nothing_scored_is_undefined_not_zero() -> None:
    found = rate([None, None], ["a", "b"])
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 0)


def test_one_cluster_has_a_value_but_no_interval() -> None:
    found = rate([1.0, 0.0], ["a", "a"])
    assert found.value == 0.5
    assert found.low is None


def test_all_right_is_not_certainty() -> None:
    # Clopper-Pearson for 10 of 10: the low end is 0.025 ** (1 / 10) = 0.6915
    found = rate([1.0] * 30, [f"q{i % 10}" for i in range(30)])
    assert found.low == pytest.approx(0.025 ** (1 / 10))
    assert found.high == 1.0


def test_all_wrong_is_not_certainty_either() -> None:
    found = rate([0.0] * 10, [f"q{i}" for i in range(10)])
    assert (found.low, found.high) == (0.0, pytest.approx(1 - 0.025 ** (1 / 10)))


@pytest.mark.parametrize(("bases", "share"), [(20, 0.6), (60, 0.8)])
def test_intervals_cover_the_truth_about_as_often_as_they_say(bases: int, share: float) -> None:
    generator = np.random.default_rng(7)
    covered = 0
    for _ in range(300):
        found = rate(*clustered(generator, bases, share), resamples=400)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= share <= found.high
    # 95 % nominal; 300 tries have a standard error of 1.3 %
    assert 0.91 <= covered / 300 <= 0.99


def test_ignoring_clusters_would_cover_too_rarely() -> None:
    generator = np.random.default_rng(7)
    covered = 0
    for _ in range(300):
        scores, _ = clustered(generator, 60, 0.8)
        found = rate(scores, [str(i) for i in range(len(scores))], resamples=400)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 0.8 <= found.high
    assert covered / 300 < 0.9


def test_sign_flip_by_hand() -> None:
    # Three clusters, sums 1, 1, 1: of 8 sign patterns, +++ and --- reach |3|, so p = 2 / 8
    assert sign_flip([1.0, 1.0, 1.0], ["a", "b", "c"]) == pytest.approx(0.25)


def test_sign_flip_sums_within_a_cluster() -> None:
    # Cluster a sums to 0 and cannot flip; b alone: both signs reach |1|, p = 1
    assert sign_flip([1.0, -1.0, 1.0], ["a", "a", "b"]) == 1.0


def test_sign_flip_of_no_difference_is_one_and_of_nothing_undefined() -> None:
    assert sign_flip([0.0, 0.0], ["a", "b"]) == 1.0
    assert sign_flip([None], ["a"]) is None


def test_sign_flip_finds_a_planted_fall() -> None:
    generator = np.random.default_rng(3)
    falls = [-0.2 + float(generator.normal(0, 0.3)) for _ in range(90)]
    p = sign_flip(falls, [f"q{i // 3}" for i in range(90)])
    assert p is not None
    assert p < 0.001


def test_sign_flip_calls_chance_significant_no_more_often_than_it_says() -> None:
    generator = np.random.default_rng(5)
    false_alarms = 0
    for _ in range(200):
        shared = generator.normal(0, 0.3, 12)
        noise = [float(shared[i // 3] + generator.normal(0, 0.1)) for i in range(36)]
        p = sign_flip(noise, [f"q{i // 3}" for i in range(36)])
        assert p is not None
        false_alarms += p < 0.05
    assert false_alarms / 200 <= 0.10  # 5 % nominal, three standard errors of 1.5 %


def test_mcnemar_by_hand() -> None:
    # Six only the first got right, one only the second: 2 * (C(7,0) + C(7,1)) / 2**7 = 16 / 128
    first = [1.0] * 6 + [0.0] + [1.0] * 5
    second = [0.0] * 6 + [1.0] + [1.0] * 5
    found = mcnemar(first, second)
    assert found is not None
    assert (found.only_first, found.only_second) == (6, 1)
    assert found.p == pytest.approx(16 / 128)


def test_mcnemar_leaves_out_pairs_that_are_undefined_in_one_run() -> None:
    found = mcnemar([1.0, None, 1.0], [1.0, 0.0, 0.0])
    assert found is not None
    assert (found.only_first, found.only_second) == (1, 0)


def test_mcnemar_refuses_scores_that_are_not_yes_or_no() -> None:
    assert mcnemar([0.5, 1.0], [1.0, 1.0]) is None


def test_holm_by_hand() -> None:
    # Sorted 0.01, 0.02, 0.04: times 3, 2, 1 = 0.03, 0.04, 0.04, never falling; order kept
    assert holm([0.04, 0.01, 0.02]) == pytest.approx((0.04, 0.03, 0.04))


def test_holm_caps_at_one_and_passes_over_the_undefined() -> None:
    assert holm([None, 0.7, 0.9]) == (None, 1.0, 1.0)
