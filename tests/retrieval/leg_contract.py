"""What either leg keeps to; a leg's test class inherits this and gives `leg`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Leg = Callable[[str, int], dict[int, float]]
"""A question and a limit in; scores by place in `TEXTS` out."""

TEXTS = (
    "the bridge must be inspected every year",
    "ferries sail each hour until midnight",
    "the harbour master collects a fee from ships",
    "cyclists travel free on ferries",
)


class LegContract:
    @pytest.mark.parametrize("number", range(len(TEXTS)))
    def test_a_texts_own_words_find_it_first(self, leg: Leg, number: int) -> None:
        scores = leg(TEXTS[number], 4)
        assert max(scores, key=lambda n: scores[n]) == number

    def test_no_more_than_the_limit_is_returned(self, leg: Leg) -> None:
        assert len(leg("ferries bridge harbour cyclists", 2)) <= 2

    def test_more_than_there_is_may_be_asked_for(self, leg: Leg) -> None:
        assert set(leg("ferries bridge harbour cyclists", 500)) <= set(range(len(TEXTS)))

    def test_a_text_with_more_of_the_question_scores_higher(self, leg: Leg) -> None:
        scores = leg("cyclists on ferries", 4)
        assert scores[3] > scores[1]

    def test_the_same_question_gets_the_same_scores(self, leg: Leg) -> None:
        assert leg("harbour fee", 4) == leg("harbour fee", 4)
