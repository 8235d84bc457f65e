"""Texts that give different years for one event, and pairs of sentences that only look like it."""

from __future__ import annotations

import dataclasses

import pytest

from rag.answering.differences import DifferenceTeller, asks_when
from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.linear import Logistic
from rag.answering.relevance import RELEVANCE_FEATURES, Relevance
from rag.domain.answers import Answer, Citation, Statement
from rag.domain.passages import Enrichment, Passage, PassageKind
from rag.domain.retrieval import Hit, Query
from rag.domain.sentences import split_sentences
from rag.domain.spans import Span
from tests.answering.corpus_library import corpus_library

EVERYTHING = Relevance(Logistic((0.0,) * len(RELEVANCE_FEATURES), 10.0, 0.5))


class _Unchanged:
    """Bears everything out."""

    def verified(self, answer: Answer, query: Query, hits: object) -> Answer:
        return answer


TELLER = DifferenceTeller(_Unchanged())


def answering_best(label: str, words: str) -> Hit:
    """The passage with that label, found by the sentence of it that holds the words."""
    hit = corpus_library().labelled(label)
    text = hit.passage.text
    return dataclasses.replace(
        hit, sentences=tuple(float(words in text[a:b]) for a, b in split_sentences(text))
    )


MERGED_2014 = ("12862/19, footnote 11", "i 2014")
MERGED_2016 = ("COM(2020) 607 final, II.8, paragraph 5", "I 2016")
LAUNCHED_2014 = ("COM(2020) 607 final, II.8, paragraph 5", "iværksat i 2014")
FUNDED_2012 = ("COM(2020) 607 final, II.8, paragraph 5", "I 2012")


def notes(question: str, language: str, *found: tuple[str, str]) -> tuple[str, ...]:
    query, hits = Query(question, language), [answering_best(*one) for one in found]
    answer = ExtractiveAnswerer(corpus_library(), EVERYTHING).answer(query, hits)
    assert answer is not None
    assert len(answer.citations) == len(found)
    told = TELLER.verified(answer, query, hits)
    assert told is not None
    return told.notes


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        (
            "When did WePROTECT merge with the Global Alliance?",
            "en",
            "The texts differ: {} says 2014; {} says 2016.",
        ),
        (
            "Wanneer fuseerde WePROTECT met de alliantie?",
            "nl",
            "De teksten verschillen: {} noemt 2014; {} noemt 2016.",
        ),
        (
            "Hvornår blev WePROTECT og alliancen slået sammen?",
            "da",
            "Teksterne er ikke enige: {} siger 2014; {} siger 2016.",
        ),
    ],
)
def test_two_years_for_one_event_are_stated_with_both_texts(question: str, language: str, said: str) -> None:
    expected = said.format(MERGED_2014[0], MERGED_2016[0])
    assert notes(question, language, MERGED_2014, MERGED_2016) == (expected,)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who merged WePROTECT with the Global Alliance?", (MERGED_2014, MERGED_2016)),  # no year asked
        ("When did Interpol build its database?", (MERGED_2014, MERGED_2016)),  # about something else
        ("When was WePROTECT launched?", (MERGED_2014, LAUNCHED_2014)),  # the same year
        ("When was WePROTECT funded?", (MERGED_2014, FUNDED_2012)),  # another event
        ("When did WePROTECT merge with the Global Alliance?", (MERGED_2016,)),
    ],
)
def test_what_is_not_surely_a_difference_is_not_called_one(
    question: str, found: tuple[tuple[str, str], ...]
) -> None:
    assert notes(question, "en", *found) == ()


def made(document: str, text: str) -> Hit:
    passage = Passage(
        f"{document}#1", document, "en", PassageKind.PARAGRAPH, (Span(0, len(text)),), text, (), "", document,
        (), (0,),
    )  # fmt: skip
    return Hit(passage, Enrichment(), 1.0, sentences=(1.0,))


def told(question: str, *hits: Hit) -> tuple[str, ...]:
    citations = tuple(
        Citation(n, h.passage, h.passage.spans, h.passage.text) for n, h in enumerate(hits, start=1)
    )
    answer = Answer(tuple(Statement(c.quote, (c.number,)) for c in citations), citations, 0.9)
    checked = TELLER.verified(answer, Query(question, "en"), hits)
    assert checked is not None
    return checked.notes


OPENED = "When was the Harbour Centre opened?"


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (
            "The Harbour Centre was opened in 2011.",
            "In 2012 the Harbour Centre was opened by the King.",
            True,
        ),
        ("The Harbour Centre was opened in 2011.", "The Harbour Centre was opened on 3 May 2011.", False),
        ("The Harbour Centre was opened in 2011.", "The Harbour Centre was closed in 2012.", False),
        ("The Harbour Centre was opened in 2011.", "In 2012 the Meadow Centre was opened.", False),
        ("The Harbour Hall was opened in 2011.", "In 2012 the Harbour House was opened.", False),
        (
            "The Harbour Centre Hall was opened in 2011.",
            "The Harbour Centre House was opened in 2012.",
            False,
        ),
        ("The Harbour Centre was opened in 2011.", "In 2012 the Meadow House was opened.", False),
        (
            "The Harbour Centre was opened in 2011.",
            "The Harbour Centre, opened in 2012, moved in 2014.",
            False,
        ),
        (
            "Under Directive 2011/93/EU the Harbour Centre was opened in 2011.",
            "Under Directive 2002/58/EC the Harbour Centre was opened in 2012.",
            False,
        ),
    ],
)
def test_event_name_and_year_decide(one: str, other: str, differ: bool) -> None:
    assert bool(told(OPENED, made("a", one), made("b", other))) is differ


def test_one_text_does_not_differ_from_itself() -> None:
    one, other = "The Harbour Centre was opened in 2011.", "The Harbour Centre was opened in 2012."
    hits = made("a", one), made("a", other)
    assert told(OPENED, *hits) == ()


def test_institutions_named_everywhere_do_not_make_an_event_the_same() -> None:
    hits = (
        made("a", "The Council adopted conclusions in 2011."),
        made("b", "The Council adopted conclusions in 2012."),
    )
    assert told("When did the Council adopt conclusions?", *hits) == ()


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("When did it start?", "en", True),
        ("In which year?", "en", True),
        ("Who started it?", "en", False),
        ("In welk jaar?", "nl", True),
        ("I hvilket år?", "da", True),
        ("Hvem?", "da", False),
        ("When?", "xx", False),
    ],
)
def test_a_question_for_a_point_in_time_is_recognised(question: str, language: str, expected: bool) -> None:
    assert asks_when(Query(question, language)) is expected
