from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import Fused, Leg, Scores, WeightTable, fuse, load_weights, scaled


def fused(
    scores: Scores,
    weights: dict[Leg, float],
    *,
    unavailable: set[tuple[Leg, int]] = frozenset(),
    limit: int = 10,
) -> list[Fused]:
    return fuse(
        scores, lambda n: weights, lambda leg: {n for n in range(1000) if (leg, n) not in unavailable}, limit
    )


def test_scores_are_scaled_by_what_the_leg_retrieved() -> None:
    # cosines 0.9, 0.5, 0.7: range 0.4 above 0.5 -> 1, 0, 0.5
    assert scaled({1: 0.9, 2: 0.5, 3: 0.7}, from_zero=False) == pytest.approx({1: 1.0, 2: 0.0, 3: 0.5})
    # BM25 keeps zero as the floor: 8 and 2 of 8 -> 1 and 0.25
    assert scaled({1: 8.0, 2: 2.0}, from_zero=True) == pytest.approx({1: 1.0, 2: 0.25})


@pytest.mark.parametrize(
    ("scores", "expected"), [({}, {}), ({4: 0.3}, {4: 1.0}), ({4: 0.0, 5: 0.0}, {4: 0.0, 5: 0.0})]
)
def test_a_leg_without_a_range_is_still_defined(scores: dict[int, float], expected: dict[int, float]) -> None:
    assert scaled(scores, from_zero=False) == expected


def test_the_fused_score_is_the_weighted_mean_worked_by_hand() -> None:
    scores = {Leg.DENSE_TEXT: {1: 0.9, 2: 0.5, 3: 0.7}, Leg.WORDS: {1: 2.0, 2: 8.0}}
    found = fused(scores, {Leg.DENSE_TEXT: 3.0, Leg.WORDS: 1.0})
    # 1: (3 * 1.0 + 1 * 0.25) / 4 = 0.8125
    # 2: (3 * 0.0 + 1 * 1.0) / 4 = 0.25
    # 3: (3 * 0.5 + 1 * 0) / 4 = 0.375 (the words were searched and not found: zero)
    assert [(f.number, f.score) for f in found] == [
        (1, pytest.approx(0.8125)),
        (3, pytest.approx(0.375)),
        (2, pytest.approx(0.25)),
    ]
    assert dict(found[0].shares) == pytest.approx({Leg.DENSE_TEXT: 0.75, Leg.WORDS: 0.0625})


def test_undefined_is_not_zero() -> None:
    scores = {Leg.DENSE_TEXT: {1: 0.9, 2: 0.9, 3: 0.1}, Leg.WORDS: {3: 5.0}}
    weights = {Leg.DENSE_TEXT: 1.0, Leg.WORDS: 1.0}
    found = {f.number: f for f in fused(scores, weights, unavailable={(Leg.WORDS, 1)})}
    # 1 has no words in the question's language: only the dense leg counts, 1 / 1
    assert found[1].score == pytest.approx(1.0)
    assert [leg for leg, _ in found[1].shares] == [Leg.DENSE_TEXT]
    # 2 has words, and they did not match: (1 + 0) / 2
    assert found[2].score == pytest.approx(0.5)


def test_what_a_leg_found_counts_even_where_it_was_not_expected_to() -> None:
    scores = {Leg.DENSE_TEXT: {1: 0.9, 2: 0.1}, Leg.WORDS: {2: 5.0}}
    weights = {Leg.DENSE_TEXT: 1.0, Leg.WORDS: 1.0}
    found = {f.number: f.score for f in fused(scores, weights, unavailable={(Leg.WORDS, 2)})}
    assert found[2] == pytest.approx(0.5)


def test_a_leg_that_found_nothing_for_anyone_has_no_say() -> None:
    found = fused({Leg.DENSE_TEXT: {1: 0.9, 2: 0.1}, Leg.WORDS: {}}, {Leg.DENSE_TEXT: 1.0, Leg.WORDS: 9.0})
    assert found[0].score == pytest.approx(1.0)


def test_weights_may_differ_by_passage() -> None:
    scores = {Leg.DENSE_TEXT: {1: 0.9, 2: 0.1}, Leg.WORDS: {1: 1.0, 2: 5.0}}
    by_number = {1: {Leg.DENSE_TEXT: 1.0}, 2: {Leg.WORDS: 1.0}}
    found = fuse(scores, lambda n: by_number[n], lambda leg: range(1000), 5)
    assert [f.score for f in found] == [pytest.approx(1.0), pytest.approx(1.0)]


legs = st.sampled_from(list(Leg))
numbers = st.integers(min_value=0, max_value=30)
cosines = st.dictionaries(numbers, st.floats(min_value=-1, max_value=1), max_size=20)
bm25 = st.dictionaries(numbers, st.floats(min_value=0, max_value=50), max_size=20)
_DENSE = (Leg.DENSE_TEXT, Leg.DENSE_QUESTION, Leg.DENSE_HEADER, Leg.LATE_INTERACTION)
score_tables = st.fixed_dictionaries({}, optional={leg: cosines if leg in _DENSE else bm25 for leg in Leg})
weight_tables = st.dictionaries(legs, st.floats(min_value=0, max_value=5, allow_nan=False), min_size=1)


@given(score_tables, weight_tables, st.integers(min_value=1, max_value=20))
def test_fusion_is_ordered_bounded_and_has_each_passage_once(
    scores: Scores, weights: dict[Leg, float], limit: int
) -> None:
    found = fused(scores, weights, limit=limit)
    assert len({f.number for f in found}) == len(found) <= limit
    for one in found:
        assert -1e-9 <= one.score <= 1 + 1e-9 or not one.shares
        assert one.score == pytest.approx(sum(share for _, share in one.shares))
    keys = [(-f.score, f.number) for f in found]
    assert keys == sorted(keys)


@given(score_tables, weight_tables)
def test_the_order_does_not_depend_on_how_the_legs_came_in(scores: Scores, weights: dict[Leg, float]) -> None:
    turned = {leg: dict(reversed(list(found.items()))) for leg, found in reversed(list(scores.items()))}
    assert fused(scores, weights) == fused(turned, weights)


@given(score_tables, weight_tables, st.integers(min_value=1, max_value=10))
def test_a_shorter_list_is_the_beginning_of_a_longer_one(
    scores: Scores, weights: dict[Leg, float], limit: int
) -> None:
    assert fused(scores, weights, limit=limit) == fused(scores, weights, limit=100)[:limit]


def test_a_language_with_weights_of_its_own_gets_them() -> None:
    table = WeightTable({"plain": {Leg.WORDS: 1.0}, "plain-nl": {Leg.GRAMS: 1.0}, "enriched": {}})
    assert table.chosen("nl", enriched=False) == {Leg.GRAMS: 1.0}
    assert table.chosen("da", enriched=False) == {Leg.WORDS: 1.0}


def test_the_fitted_weights_load_and_weigh_something() -> None:
    table = load_weights()
    for enriched in (True, False):
        for language in ("en", "nl", "da", "unknown"):
            assert sum(table.chosen(language, enriched=enriched).values()) > 0


def test_a_leg_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text('[plain]\n"crystal ball" = 1.0\n', encoding="utf-8")
    with pytest.raises(ValueError, match="crystal ball"):
        load_weights(path)
