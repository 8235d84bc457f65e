"""What is found as a whole is told member by member."""

from __future__ import annotations

import dataclasses

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.lists import opened
from rag.domain.passages import WHOLES, PassageKind
from rag.domain.retrieval import Hit, Query
from tests.answering.corpus_library import CorpusLibrary, corpus_library
from tests.answering.test_extractive import EVERYTHING, LANGUAGES

SHORT_TERM = "Council conclusions, 26 April 2010, short-term measures"
KEY_ACTIONS = "COM(2020) 607 final, Vigtigste tiltag"
CONTENTS = "COM(2020) 607 final, contents"
CONTACTS = "EP press release, July 2021, contacts"
SENTENCE = "COM(2020) 607 final, Indledning, paragraph 5"


@pytest.fixture
def library() -> CorpusLibrary:
    return corpus_library()


@pytest.fixture
def answerer(library: CorpusLibrary) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(library, EVERYTHING)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("label", "count"), [(SHORT_TERM, 5), (KEY_ACTIONS, 9), (CONTACTS, 3)])
def test_a_list_found_first_is_answered_by_every_member_in_order(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, label: str, count: int, language: str
) -> None:
    hits = [library.labelled(label), library.labelled(SENTENCE, 0.5)]
    answer = answerer.answer(Query("What?", language), hits)
    starts = [c.spans[-1].start for c in answer.citations]
    assert len(starts) == count
    assert starts == sorted(starts)
    assert not {c.passage.kind for c in answer.citations} & WHOLES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contents_are_told_heading_by_heading_after_what_announces_them(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    answer = answerer.answer(Query("How is it built up?", language), [library.labelled(CONTENTS)])
    announced, *headings = [s.text for s in answer.statements]
    assert any(word in announced for word in ("eight", "acht", "otte"))
    assert [h.split(".")[0] for h in headings] == ["I", "1", "2", "3", "II", "4", "5", "6", "7", "8"]
    [citation] = answer.citations
    assert citation.quote == library.document("com-2020-607").reading(citation.spans)


def test_a_list_nobody_asked_for_gives_way_to_what_is_said(
    library: CorpusLibrary, answerer: ExtractiveAnswerer
) -> None:
    hits = [library.labelled(SENTENCE), dataclasses.replace(library.labelled(KEY_ACTIONS), score=0.5)]
    answer = answerer.answer(Query("How many suspects were there?", "en"), hits)
    assert [c.passage.label for c in answer.citations] == [SENTENCE]


def test_opened_gives_each_member_once_and_keeps_what_is_no_list(library: CorpusLibrary) -> None:
    item = library.labelled(f"{SHORT_TERM}, item 4")
    found = opened([item, library.labelled(SHORT_TERM), library.labelled(CONTENTS)], library)
    assert [hit.passage.label for hit in found] == [f"{SHORT_TERM}, item {n}" for n in (4, 1, 2, 3, 5)] + [
        CONTENTS
    ]


def test_the_lists_within_a_list_are_opened_too(library: CorpusLibrary) -> None:
    found = opened([library.labelled("Council conclusions, 26 April 2010, list")], library)
    assert [h.passage.kind for h in found] == [PassageKind.LIST_ITEM] * 9


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What are the eight initiatives?"),
        ("nl", "Wat zijn de acht initiatieven?"),
        ("da", "Hvad er de otte initiativer?"),
    ],
)
def test_a_sentence_that_announces_the_contents_is_answered_by_them_where_a_list_is_asked_for(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str, question: str
) -> None:
    aims = library.labelled("COM(2020) 607 final, Indledning, paragraph 8")
    near = dataclasses.replace(aims, sentences=(0.1, 0.1, 0.9, 0.1, 0.1))
    assert _labels(answerer, question, language, near) == [CONTENTS]
    elsewhere = dataclasses.replace(aims, sentences=(0.1, 0.1, 0.1, 0.9, 0.1))
    assert _labels(answerer, question, language, elsewhere) == [aims.passage.label]


def test_a_list_asked_for_goes_before_a_lone_item_of_another(
    library: CorpusLibrary, answerer: ExtractiveAnswerer
) -> None:
    item = library.labelled("12862/19, point 7(c)")
    lead = library.labelled("Council conclusions, 26 April 2010, paragraph 3")
    found = _labels(answerer, "List the tasks of the centre.", "en", item, lead)
    tasks = [f"Council conclusions, 26 April 2010, tasks, item {n}" for n in range(1, 5)]
    assert found == [lead.passage.label, *tasks, item.passage.label]


def _labels(answerer: ExtractiveAnswerer, question: str, language: str, *hits: Hit) -> list[str]:
    return [c.passage.label for c in answerer.answer(Query(question, language), hits).citations]
