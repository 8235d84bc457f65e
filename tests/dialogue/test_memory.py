"""How much of a conversation is kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.dialogue.memory import MOST_TURNS, remembered
from rag.domain.conversations import Turn


class Words:
    """Counts words."""

    def count(self, text: str) -> int:
        return len(text.split())


def turn(number: int, answer: str = "one two three") -> Turn:
    return Turn(f"question {number}?", f"question {number}?", answer)


def test_a_short_conversation_is_kept_whole() -> None:
    history = (turn(1), turn(2))
    assert remembered(history, Words(), 100) == history


def test_the_oldest_turns_are_forgotten_first() -> None:
    kept = remembered(tuple(turn(n) for n in range(5)), Words(), 8)
    assert [t.question for t in kept] == ["question 3?", "question 4?"]


def test_no_more_than_a_few_turns_are_kept() -> None:
    kept = remembered(tuple(turn(n) for n in range(20)), Words(), 10_000)
    assert [t.question for t in kept] == [f"question {n}?" for n in range(20 - MOST_TURNS, 20)]


def test_a_long_answer_is_shortened_to_its_beginning() -> None:
    (kept,) = remembered((turn(1, "a b c d e f g h i j k l"),), Words(), 10)
    assert kept.answer == "a b c d"


def test_the_last_question_is_kept_even_beyond_the_budget() -> None:
    (kept,) = remembered((turn(1),), Words(), 1)
    assert kept.question == "question 1?"
    assert kept.answer == ""


@given(
    st.lists(st.tuples(st.text("ab ", max_size=30), st.text("cd ", max_size=80)), max_size=10),
    st.integers(0, 60),
)
def test_what_is_kept_fits_the_budget_and_keeps_its_order(turns: list[tuple[str, str]], budget: int) -> None:
    history = tuple(Turn(q, q, a) for q, a in turns)
    kept = remembered(history, Words(), budget)
    assert [t.question for t in kept] == [t.question for t in history[len(history) - len(kept) :]]
    spent = sum(Words().count(t.question) + Words().count(t.answer) for t in kept)
    assert spent <= budget or (len(kept) == 1 and kept[0].answer == "")
