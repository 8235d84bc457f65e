"""Footnotes that say little themselves."""

from __future__ import annotations

import dataclasses

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.extractive.arrangement import arranged
from rag.answering.extractive.footnotes import only_names, only_points_elsewhere, points_elsewhere
from rag.domain.retrieval import Query
from tests.answering.corpus_library import CorpusLibrary, corpus_library
from tests.answering.test_extractive import EVERYTHING

STRATEGY = "COM(2020) 607 final, {}"


@pytest.fixture
def library() -> CorpusLibrary:
    return corpus_library()


@pytest.mark.parametrize(
    "sentence",
    [
        "Further information on the Alliance is available here.",
        "The latest report can be found here.",
        "See, for example, the Irish centre here.",
        "As reported by the French police.",
        "as of October 2019.",
        "Nadere informatie is hier te vinden.",
        "Zie overweging 43 van de richtlijn.",
        "Zoals gemeld door de Franse politie.",
        "Yderligere oplysninger findes her.",
        "Jf. indberetninger til NCMEC.",
        "Som meddelt af det franske politi.",
        "pr. 17. juni 2020.",
        "https://example.org/a-page.",
    ],
)
def test_a_sentence_that_only_says_where_more_is_told_is_recognised(sentence: str) -> None:
    assert points_elsewhere(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Companies must report what they find here.",
        "Seven workshops were held.",
        "Det irske center finansieres af Kommissionen.",
        "See the report" + ", which describes at length what was done" * 5,
    ],
)
def test_a_sentence_that_states_something_is_not(sentence: str) -> None:
    assert not points_elsewhere(sentence)


def test_of_a_footnote_only_what_it_states_is_shown_and_quoted(library: CorpusLibrary) -> None:
    hit = library.labelled(STRATEGY.format("Indledning, footnote 10"))
    for language, pointer in (("da", "Jf."), ("en", "See reports"), ("nl", "Zie de meldingen")):
        answer = ExtractiveAnswerer(library).answer(Query("NCMEC?", language), [hit])
        assert len(answer.statements) == 3
        assert not any(s.text.startswith(pointer) for s in answer.statements)
        [citation] = answer.citations
        assert "Jf. indberetninger" not in citation.quote
        assert citation.translation is None or pointer not in citation.translation.text


def test_a_footnote_that_only_points_elsewhere_is_left_out_unless_it_is_all(library: CorpusLibrary) -> None:
    paragraph = library.labelled(STRATEGY.format("II.8, paragraph 5"))
    pointer = library.labelled(STRATEGY.format("II.8, footnote 91"), 0.9)
    assert only_points_elsewhere(pointer.passage)
    answerer = ExtractiveAnswerer(library, EVERYTHING)
    both = answerer.answer(Query("Alliance?", "en"), [paragraph, pointer])
    assert [c.passage.label for c in both.citations] == [paragraph.passage.label]
    alone = answerer.answer(Query("Alliance?", "en"), [pointer])
    assert [c.passage.label for c in alone.citations] == [pointer.passage.label]


def test_a_bare_title_does_not_lead_where_a_passage_that_states_something_is_cited(
    library: CorpusLibrary,
) -> None:
    title = library.labelled(STRATEGY.format("II.7, footnote 77"))
    paragraph = library.labelled(STRATEGY.format("II.7, paragraph 3"))
    assert only_names(title.passage)
    assert not only_names(paragraph.passage)
    assert not only_names(library.labelled(STRATEGY.format("I.1, footnote 22")).passage)
    assert arranged([title, paragraph]) == [paragraph, title]
    assert arranged([title]) == [title]


def test_parts_of_one_paragraph_are_told_in_its_order(library: CorpusLibrary) -> None:
    cut = next(h for h in library.hits() if h.passage.part > 1)
    first = next(
        h
        for h in library.hits()
        if h.passage.blocks == cut.passage.blocks
        and h.passage.document == cut.passage.document
        and h.passage.part == cut.passage.part - 1
    )
    other = dataclasses.replace(library.labelled("12862/19, point 19"), score=0.5)
    assert arranged([cut, other, first]) == [first, cut, other]
