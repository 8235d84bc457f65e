from __future__ import annotations

from collections import Counter

import pytest

from rag.models.distillation.corpus import Pair
from rag.models.distillation.examples import is_emphasised, make_examples
from rag.models.distillation.settings import DistillationSettings, SourcePlan


def pairs(source: str, count: int, language: str = "da") -> list[Pair]:
    return [
        Pair(f"{source} sentence {n}.", f"{source} sætning {n}.", language, source, f"{n // 10}:{n}")
        for n in range(count)
    ]


def plan(**sources: SourcePlan) -> DistillationSettings:
    return DistillationSettings(sources=sources)


def test_copies_above_one_repeat_a_pair() -> None:
    examples = make_examples(pairs("own", 5), plan(own=SourcePlan(copies=3)))
    assert Counter(example.english for example in examples) == {f"own sentence {n}.": 3 for n in range(5)}


def test_copies_below_one_take_that_share() -> None:
    examples = make_examples(pairs("big", 4000), plan(big=SourcePlan(copies=0.25)))
    assert 900 < len(examples) < 1100
    assert len({example.english for example in examples}) == len(examples)


def test_questions_of_a_sampled_source_are_taken_twice_as_often() -> None:
    texts = pairs("big", 4000)
    asked = [Pair(p.english[:-1] + "?", p.other, "da", "big", p.reference) for p in texts]
    chosen = make_examples([*texts, *asked], plan(big=SourcePlan(copies=0.2)))
    questions = sum(example.english.endswith("?") for example in chosen)
    assert 1.7 < questions / (len(chosen) - questions) < 2.3


@pytest.mark.parametrize(
    ("english", "emphasised"),
    [
        ("Who is there?", True),
        ("The Commission adopted a directive on data protection.", True),
        ("We had a lovely walk.", False),
    ],
)
def test_questions_and_legal_sentences_are_emphasised(english: str, emphasised: bool) -> None:
    assert is_emphasised(english) is emphasised


def test_windows_join_neighbours_of_one_document_in_both_languages() -> None:
    settings = plan(own=SourcePlan(copies=0, windows=100))
    windows = make_examples(pairs("own", 40), settings)
    assert len(windows) > 20
    for window in windows:
        numbers = [int(n.rstrip(".")) for n in window.english.split()[2::3]]
        assert 2 <= len(numbers) <= 6
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert len({number // 10 for number in numbers}) == 1
        assert window.text == window.english.replace("sentence", "sætning")


def test_a_window_is_no_longer_than_allowed() -> None:
    settings = DistillationSettings(sources={"own": SourcePlan(copies=0, windows=100)}, window_words=7)
    windows = make_examples(pairs("own", 40), settings)
    assert windows
    assert {len(window.english.split()) for window in windows} == {6}


def test_more_text_in_one_source_changes_nothing_in_another() -> None:
    settings = plan(big=SourcePlan(copies=0.3, windows=5), own=SourcePlan(copies=2))

    def of_big(own: int) -> Counter[str]:
        examples = make_examples([*pairs("own", own), *pairs("big", 500)], settings)
        return Counter(e.english for e in examples if e.source.startswith("big"))

    assert of_big(3) == of_big(30)
