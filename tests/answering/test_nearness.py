"""A caution beside answers from texts of which no questions are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.nearness import NearnessTeller
from rag.domain.answers import Answer, Citation, Statement
from rag.domain.passages import Enrichment
from rag.domain.retrieval import Hit, Query
from tests.answering.corpus_library import corpus_library


class _Unchanged:
    """Bears everything out."""

    def verified(self, answer: Answer, query: Query, hits: object) -> Answer:
        return answer


HIT = corpus_library().labelled("12862/19, point 14")
PASSAGE = HIT.passage
UNKNOWN = replace(HIT, enrichment=Enrichment())
ANSWER = Answer(
    (Statement("It says so.", (1,)),), (Citation(1, PASSAGE, PASSAGE.spans, PASSAGE.text),), confidence=0.9
)


def notes(answer: Answer, hit: Hit, language: str = "en") -> tuple[str, ...]:
    told = NearnessTeller(_Unchanged()).verified(answer, Query("What does it say?", language), [hit])
    assert told is not None
    return told.notes


@pytest.mark.parametrize(
    ("language", "word"), [("en", "nearest"), ("nl", "dichtstbijzijnde"), ("da", "nærmeste")]
)
def test_of_a_text_without_known_questions_only_the_nearest_passages_are_promised(
    language: str, word: str
) -> None:
    (note,) = notes(ANSWER, UNKNOWN, language)
    assert word in note


def test_nothing_is_noted_where_questions_are_known() -> None:
    assert notes(ANSWER, HIT) == ()


def test_a_language_model_has_judged_what_it_read() -> None:
    assert notes(replace(ANSWER, answerer="openai:any"), UNKNOWN) == ()
