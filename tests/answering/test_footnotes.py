"""Footnotes that say little themselves."""

from __future__ import annotations

import dataclasses

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.extractive.arrangement import arranged
from rag.answering.extractive.cues import asks_for_sources
from rag.answering.extractive.footnotes import (
    is_called_in,
    only_points_elsewhere,
    points_elsewhere,
    states_nothing,
)
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


def test_a_footnote_that_states_nothing_comes_with_the_sentence_that_calls_it(library: CorpusLibrary) -> None:
    fragment = library.labelled(STRATEGY.format("I.1, footnote 22"))
    assert states_nothing(fragment.passage)  # its only verb stands in brackets
    assert not states_nothing(library.labelled(STRATEGY.format("Indledning, footnote 10")).passage)
    for language, named, question in (
        ("en", "Commission", "DK?"),
        (
            "en",
            "Commission",
            "Is Denmark bound by the directive?",
        ),  # asks for no source, though it names an act
        ("nl", "Commissie", "Is Denemarken gebonden aan de richtlijn?"),
        ("da", "Kommissionen", "Er Danmark bundet af direktivet?"),
    ):
        answer = ExtractiveAnswerer(library).answer(Query(question, language), [fragment])
        assert named in answer.statements[0].text
        assert "DK" in answer.statements[1].text
        assert fragment.passage.context_text[-30:] in answer.citations[0].quote


def test_beside_the_passage_that_calls_it_such_a_footnote_is_told_only_if_sources_are_asked_for(
    library: CorpusLibrary,
) -> None:
    title = library.labelled(STRATEGY.format("II.7, footnote 77"))
    caller = next(h for h in library.hits() if is_called_in(title.passage, h.passage) and h.passage.spans)
    other = library.labelled("12862/19, point 19")
    assert states_nothing(title.passage)
    assert arranged([caller, other, title]) == [caller, other]
    assert arranged([caller, other, title], with_sources=True) == [caller, title, other]
    assert arranged([title, caller]) == [caller, title]  # the likeliest stays, behind its call
    assert arranged([other, title]) == [other, title]
    assert arranged([title]) == [title]


def test_a_footnote_that_says_something_follows_its_call_unless_it_answers_best(
    library: CorpusLibrary,
) -> None:
    note = library.labelled(STRATEGY.format("Indledning, footnote 10"))
    caller = next(h for h in library.hits() if is_called_in(note.passage, h.passage))
    other = library.labelled("12862/19, point 19")
    assert arranged([caller, other, note]) == [caller, note, other]
    assert arranged([note, caller]) == [note, caller]


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("Which report describes this?", "en", True),
        ("What is done for victims?", "en", False),
        ("In welk rapport staat dit?", "nl", True),
        ("Wat wordt er voor slachtoffers gedaan?", "nl", False),
        ("Hvilket direktiv gælder?", "da", True),
        ("Hvad gøres der for ofrene?", "da", False),
        ("Which report?", "xx", False),
    ],
)
def test_questions_for_a_work_or_an_act_are_recognised(question: str, language: str, expected: bool) -> None:
    assert asks_for_sources(question, language) is expected


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
