"""Lists with what introduces them."""

from __future__ import annotations

import dataclasses

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.domain.retrieval import Hit, Query
from tests.answering.corpus_library import CorpusLibrary, corpus_library
from tests.answering.test_extractive import EVERYTHING, LANGUAGES

RESCUES = "COM(2020) 607 final, II.7, {}"
TASKS = "Council conclusions, 26 April 2010, {}"


@pytest.fixture
def library() -> CorpusLibrary:
    return corpus_library()


@pytest.fixture
def answerer(library: CorpusLibrary) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(library, EVERYTHING)


def _close(hit: Hit, *likeness: float) -> Hit:
    return dataclasses.replace(hit, sentences=likeness)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lead_in_is_said_once_and_every_item_cited_by_itself(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    hits = [library.labelled(TASKS.format(f"tasks, item {number}")) for number in (2, 1, 4)]
    answer = answerer.answer(Query("Centre?", language), hits)
    lead = hits[0].enrichment.translation(language)
    words = lead.context if lead else hits[0].passage.context_text
    assert [s.text.startswith(words) for s in answer.statements] == [True] + [False] * (
        len(answer.statements) - 1
    )
    assert {s.citations for s in answer.statements} == {(1,), (2,), (3,)}
    assert [c.passage.label for c in answer.citations] == [h.passage.label for h in hits]
    assert all(c.quote.startswith(c.passage.context_text) for c in answer.citations)


def test_the_items_of_one_list_follow_one_another(
    library: CorpusLibrary, answerer: ExtractiveAnswerer
) -> None:
    one, other, two = (
        library.labelled(label)
        for label in (TASKS.format("tasks, item 4"), "12862/19, point 19", TASKS.format("tasks, item 1"))
    )
    answer = answerer.answer(Query("Centre?", "en"), [one, other, two])
    labels = [c.passage.label for c in answer.citations]
    assert labels == [h.passage.label for h in (one, two, other)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_passage_that_answers_by_a_list_is_followed_by_its_items(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    hits = [library.labelled(RESCUES.format(what)) for what in ("paragraph 2", "item 3")]
    answer = answerer.answer(Query("Rescued?", language), hits)
    labels = [c.passage.label for c in answer.citations]
    assert labels == [RESCUES.format(what) for what in ("paragraph 2", *(f"item {n}" for n in range(1, 7)))]
    led_in = [s.text for s in answer.statements if ":" in s.text]
    assert len(led_in) == 1
    assert led_in[0].endswith(":")
    assert answer.statements[-7].text == led_in[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_nobody_asked_for_is_not_announced(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    hit = _close(library.labelled(RESCUES.format("paragraph 2")), 0.9, 0.1, 0.1, 0.1, 0.1)
    answer = answerer.answer(Query("Who finds it?", language), [hit])
    [citation] = answer.citations
    assert len(answer.statements) == 4
    assert not citation.quote.endswith(":")
    assert citation.translation is None or not citation.translation.text.endswith(":")
    asked = _close(hit, 0.1, 0.1, 0.1, 0.1, 0.9)
    assert len(answerer.answer(Query("What came of it?", language), [asked]).citations) == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_introduces_is_shown_where_it_is_all(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    hit = library.labelled("COM(2020) 607 final, II.5, point 1")
    answer = answerer.answer(Query("What?", language), [hit])
    assert answer.statements[-1].text.endswith(":")
