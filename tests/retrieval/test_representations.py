from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.passages import Enrichment, Origin, Passage, PassageKind, Translation
from rag.domain.spans import Span
from rag.retrieval.representations import header, representations, split_to_budget
from tests.fake_embedder import FakeEmbedder


def passage(text: str, *, heading: str = "Duties", context: str = "") -> Passage:
    return Passage(
        id="text#1",
        document="text",
        language="en",
        kind=PassageKind.PARAGRAPH,
        spans=(Span(0, len(text)),),
        text=text,
        context=(),
        context_text=context,
        label="Text, 1",
        section=("Part", heading) if heading else (),
        blocks=(0,),
    )


def made(text: str, enrichment: Enrichment | None = None, budget: int = 50) -> list[tuple[Origin, str]]:
    found = representations(passage(text), enrichment or Enrichment(), "Title", FakeEmbedder(), budget)
    return [(one.origin, one.text) for one in found]


def test_a_passage_is_found_under_words_header_translation_and_questions() -> None:
    told = Enrichment((Translation("nl", "De regel."),), (("da", "Hvad gælder?"), ("en", "What applies?")))
    found = list(representations(passage("The rule."), told, "Title", FakeEmbedder(), 50))
    assert {(r.origin, r.language, r.text) for r in found} == {
        (Origin.OWN_WORDS, "en", "The rule."),
        (Origin.HEADER, "en", "Title: Duties"),
        (Origin.TRANSLATION, "nl", "De regel."),
        (Origin.QUESTION, "da", "Hvad gælder?"),
        (Origin.QUESTION, "en", "What applies?"),
    }
    assert {r.passage for r in found} == {"text#1"}


def test_the_header_is_the_title_and_the_nearest_heading_only() -> None:
    assert header("Title", passage("x", heading="Nearest")) == "Title: Nearest"
    assert header("Title", passage("x", heading="")) == "Title"


def test_each_sentence_is_numbered_in_every_language_that_divides_alike() -> None:
    told = Enrichment((Translation("nl", "Eerste zin. Tweede zin."), Translation("da", "Kun en sætning.")))
    found = list(representations(passage("First one. Second one."), told, "T", FakeEmbedder(), 50))
    numbered = {(r.language, r.text): r.sentence for r in found if r.sentence is not None}
    assert numbered == {
        ("en", "First one."): 0,
        ("en", "Second one."): 1,
        ("nl", "Eerste zin."): 0,
        ("nl", "Tweede zin."): 1,
    }


def test_the_context_belongs_to_the_passages_own_words() -> None:
    one = passage("report it.", context="Everyone shall:")
    texts = [r.text for r in representations(one, Enrichment(), "T", FakeEmbedder(), 50)]
    assert texts[0] == "Everyone shall: report it."


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_text_is_no_representation(text: str) -> None:
    assert split_to_budget(text, FakeEmbedder(), 10) == []


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert split_to_budget("one two  three", FakeEmbedder(), 3) == ["one two  three"]


def test_windows_end_at_sentences_where_they_can() -> None:
    text = "One two three four. Five six seven eight. Nine ten eleven twelve."
    assert split_to_budget(text, FakeEmbedder(), 10) == [
        "One two three four. Five six seven eight.",
        "Nine ten eleven twelve.",
    ]


words = st.lists(st.text(alphabet="abcæø,.!? ", min_size=1, max_size=12), max_size=60).map(" ".join)


@given(words, st.integers(min_value=1, max_value=30))
def test_every_window_fits_and_no_word_is_lost(text: str, budget: int) -> None:
    counter = FakeEmbedder()
    windows = split_to_budget(text, counter, budget)
    assert all(counter.count(w) <= budget for w in windows)
    assert "".join("".join(windows).split()) == "".join(text.split())


class LetterCounter:
    """Counts every letter: a word may be far over the budget."""

    def count(self, text: str) -> int:
        return len(text)


@given(st.text(min_size=1, max_size=200), st.integers(min_value=1, max_value=20))
def test_an_endless_word_is_divided_between_letters(text: str, budget: int) -> None:
    windows = split_to_budget(text, LetterCounter(), budget)
    assert all(len(w) <= budget for w in windows)
    assert Counter("".join(windows).replace(" ", "")) - Counter() == Counter(
        c for c in "".join(text.split())
    ) or re.sub(r"\s", "", "".join(windows)) == re.sub(r"\s", "", text)


class CostlyLetters:
    def count(self, text: str) -> int:
        return 4 * len(text)


def test_a_letter_that_is_over_the_budget_by_itself_ends_the_dividing() -> None:
    assert split_to_budget("ab", CostlyLetters(), 3) == ["a", "b"]


@given(words)
def test_nothing_made_of_a_passage_is_over_the_budget(text: str) -> None:
    told = Enrichment((Translation("nl", text or "x"),), (("da", text or "x"),))
    counter = FakeEmbedder()
    assert all(counter.count(one) <= 8 for _, one in made(text, told, budget=8))
