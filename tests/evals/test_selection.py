"""Which questions are asked."""

from __future__ import annotations

from collections import Counter

import pytest

from evals.gold import load_suites
from evals.runs.selection import FAST_QUESTIONS, select

SUITE = load_suites()


def test_without_a_limit_a_split_is_asked_whole() -> None:
    chosen = select(SUITE, split="test")
    assert {q.split for q in chosen} == {"test"}
    assert len(chosen) == sum(q.split == "test" for q in SUITE)


@pytest.mark.parametrize("split", ["all", "development", "test"])
def test_the_fast_sample_has_every_kind_and_every_language_in_its_share(split: str) -> None:
    chosen = select(SUITE, split=split, limit=FAST_QUESTIONS)
    pool = select(SUITE, split=split)
    assert len(chosen) == FAST_QUESTIONS == len({q.base for q in chosen})
    assert {q.kind for q in chosen} == {q.kind for q in pool}
    assert max(Counter(q.language for q in chosen).values()) == FAST_QUESTIONS / 3
    for kind, count in Counter(q.kind for q in pool).items():
        share = count / len(pool) * FAST_QUESTIONS
        assert abs(sum(q.kind == kind for q in chosen) - share) <= 1.5


def test_the_sample_is_the_same_each_time() -> None:
    assert select(SUITE, limit=25) == select(SUITE, limit=25)


def test_a_limit_above_the_number_of_base_questions_takes_further_languages() -> None:
    few = [q for q in SUITE if q.base in {"s001", "s002"}]
    assert len(few) == 6
    chosen = select(few, limit=5)
    assert len({q.id for q in chosen}) == 5
