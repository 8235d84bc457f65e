from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rag.models.distillation.corpus import Pair
from rag.models.distillation.misspelling import misspelt, misspelt_examples
from rag.models.distillation.settings import DistillationSettings, SourcePlan

QUESTION = "Welke regels gelden er voor aanbieders van berichtendiensten?"


@given(st.integers())
def test_a_slip_changes_the_text_and_little_of_it(seed: int) -> None:
    typed = misspelt(QUESTION, random.Random(seed))
    assert typed != QUESTION
    lost = Counter(QUESTION.lower()) - Counter(typed.lower())
    assert sum(lost.values()) <= 3  # the stop and one letter each of two words


def test_a_text_without_long_words_has_no_slips() -> None:
    assert misspelt("Is it so?", random.Random(1)).rstrip("?").lower() == "is it so"


def test_misspelt_copies_aim_at_the_english_side_spelt_well() -> None:
    pair = Pair("Which rules hold for providers?", QUESTION, "nl", "precedents", "precedents:p1:0")
    settings = DistillationSettings({"precedents": SourcePlan(misspelt=2), "gdpr-xml": SourcePlan()})
    examples = list(misspelt_examples([pair], settings))
    assert [(e.language, e.english) for e in examples] == [("nl", pair.english), ("en", pair.english)]
    assert list(misspelt_examples([pair], settings)) == examples, "the same on every run"
    other = Pair(pair.english, pair.other, "nl", "gdpr-xml", "gdpr:1")
    assert list(misspelt_examples([other], settings)) == []
