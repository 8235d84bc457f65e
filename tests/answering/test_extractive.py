from __future__ import annotations

import dataclasses
import re

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.extractive.cues import asks_for_list
from rag.answering.extractive.leading import Leading
from rag.answering.extractive.leaning import leans, may_lead
from rag.answering.extractive.selection import (
    Settings,
    chosen_hits,
    chosen_sentences,
    likely_sentences,
    reading_order,
)
from rag.answering.linear import Logistic
from rag.answering.relevance import RELEVANCE_FEATURES, Relevance
from rag.domain.passages import Enrichment, PassageKind, Translation
from rag.domain.retrieval import Hit, Query
from rag.domain.sentences import split_sentences
from tests.answering.corpus_library import CorpusLibrary, corpus_library

LANGUAGES = ("en", "nl", "da")
EVERYTHING = Relevance(Logistic((0.0,) * len(RELEVANCE_FEATURES), 10.0, 0.5))
"""Holds every passage found to be relevant."""
QUESTIONS = {
    "en": "What does the text say about this?",
    "nl": "Wat staat hier?",
    "da": "Hvad siger teksten?",
}


@pytest.fixture
def library() -> CorpusLibrary:
    return corpus_library()


@pytest.fixture
def answerer(library: CorpusLibrary) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(library)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_quoted_stands_in_the_source(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    """The law of the house, for every passage of the corpus."""
    hits = library.hits()
    assert len(hits) > 300
    for hit in hits:
        answer = answerer.answer(Query(QUESTIONS[language], language), [hit])
        assert answer is not None, hit.passage.label
        for citation in answer.citations:
            document = library.document(citation.passage.document)
            assert document.reading(citation.spans) == citation.quote, citation.passage.label
            assert citation.quote


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_is_made_of_the_words_cited_or_their_translation(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    for hit in library.hits():
        answer = answerer.answer(Query(QUESTIONS[language], language), [hit])
        evidence = " ".join(
            words
            for c in answer.citations
            for words in (c.quote, *((c.translation.text, c.translation.context) if c.translation else ()))
        )
        known = set(re.findall(r"\w+", evidence))
        for statement in answer.statements:
            assert set(re.findall(r"\w+", statement.text)) <= known, hit.passage.label


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_is_in_the_askers_language_where_a_translation_exists(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, language: str
) -> None:
    for hit in library.hits()[::7]:
        for citation in answerer.answer(Query(QUESTIONS[language], language), [hit]).citations:
            if language == hit.passage.language:
                assert citation.translation is None
            else:
                assert citation.translation.language == language
                assert citation.translation.origin == "unofficial"


def test_without_a_translation_the_sources_own_words_are_given(
    library: CorpusLibrary, answerer: ExtractiveAnswerer
) -> None:
    hit = dataclasses.replace(library.labelled("12862/19, point 19"), enrichment=Enrichment())
    answer = answerer.answer(Query("What is Eurojust's role?", "en"), [hit])
    assert answer.citations[0].translation is None
    assert "Eurojusts rolle" in answer.statements[0].text


def test_shown_and_quoted_agree_where_the_translation_divides_otherwise(library: CorpusLibrary) -> None:
    """Else the translation shown would say more than the words cited for it."""
    hit = next(h for h in library.hits() if len(h.passage.text) > 900 and h.passage.part == 0)
    own = split_sentences(hit.passage.text, hit.passage.language)
    assert len(own) > 2
    told = Enrichment((Translation("en", "All of it in a single sentence"),))
    likeness = tuple(1.0 if i == 0 else 0.0 for i in range(len(own)))
    answer = ExtractiveAnswerer(library).answer(
        Query("What?", "en"), [dataclasses.replace(hit, enrichment=told, sentences=likeness)]
    )
    assert answer.citations[0].quote.endswith(hit.passage.text[-40:])


UNDECIDED = Relevance(Logistic((0.0,) * len(RELEVANCE_FEATURES), 0.0, 0.9))
"""Gives every passage one chance in two, so that only the best is cited by itself."""


def test_a_list_asked_for_is_given_whole_in_order_with_its_lead_in(library: CorpusLibrary) -> None:
    answerer = ExtractiveAnswerer(library, UNDECIDED)
    of_list = "Council conclusions, 26 April 2010, short-term measures, item {}"
    hits = [library.labelled(of_list.format(number)) for number in (3, 5)]
    answer = answerer.answer(Query("Which measures are planned for the short term?", "en"), hits)
    alone = answerer.answer(Query("Which measures are planned for the short term?", "en"), hits[:1])
    assert [c.passage.label for c in alone.citations] == [hits[0].passage.label]
    assert [c.passage.label.rsplit(", ", 1)[1] for c in answer.citations] == [
        f"item {number}" for number in range(1, 6)
    ]
    assert all("In the short term" in c.quote for c in answer.citations)


def test_lists_whose_lead_ins_read_alike_are_not_mixed(
    library: CorpusLibrary, answerer: ExtractiveAnswerer
) -> None:
    """ "Vigtigste tiltag:" introduces a list in each part of the strategy."""
    hits = [h for h in library.hits() if ", Vigtigste tiltag, item" in h.passage.label]
    assert len({h.passage.label.split(", Vigtigste")[0] for h in hits}) > 5
    for hit in hits:
        answer = answerer.answer(Query("Hvilke tiltag vil Kommissionen tage?", "da"), [hit])
        parts = {c.passage.label.split(", Vigtigste")[0] for c in answer.citations}
        assert parts == {hit.passage.label.split(", Vigtigste")[0]}


def test_one_item_asked_for_is_given_alone(library: CorpusLibrary, answerer: ExtractiveAnswerer) -> None:
    hit = library.labelled("Council conclusions, 26 April 2010, short-term measures, item 5")
    answer = answerer.answer(Query("Is the use of joint teams promoted?", "en"), [hit])
    assert [c.passage.label for c in answer.citations] == [hit.passage.label]


def test_a_short_footnote_is_quoted_with_the_sentence_that_calls_it(
    library: CorpusLibrary, answerer: ExtractiveAnswerer
) -> None:
    hit = library.labelled("12862/19, footnote 4")
    assert hit.passage.kind is PassageKind.FOOTNOTE
    [citation] = answerer.answer(Query("Hvilket dokument?", "da"), [hit]).citations
    assert "Dok. 11855/12." in citation.quote
    assert hit.passage.context_text[-30:] in citation.quote


def test_a_long_footnote_stands_by_itself(library: CorpusLibrary, answerer: ExtractiveAnswerer) -> None:
    hit = library.labelled("COM(2020) 607 final, II.8, footnote 86")
    [citation] = answerer.answer(Query("Hvem betaler?", "da"), [hit]).citations
    assert citation.quote == hit.passage.text


def test_the_same_words_are_given_once(library: CorpusLibrary) -> None:
    hit = library.labelled("12862/19, point 19")
    answer = ExtractiveAnswerer(library, EVERYTHING).answer(Query("Eurojust?", "da"), [hit, hit])
    assert len(answer.citations) == 1


def test_statements_point_to_the_passage_they_come_from(library: CorpusLibrary) -> None:
    one = library.labelled("12862/19, point 19", 1.0)
    other = library.labelled("12862/19, point 18", 0.99)
    answer = ExtractiveAnswerer(library, EVERYTHING).answer(Query("Eurojust og Europol?", "da"), [one, other])
    assert [c.number for c in answer.citations] == [1, 2]
    by_number = {c.number: c for c in answer.citations}
    for statement in answer.statements:
        [number] = statement.citations
        assert statement.text in by_number[number].quote


def test_nothing_found_is_no_answer(answerer: ExtractiveAnswerer) -> None:
    assert answerer.answer(Query("What?", "en"), []) is None


def test_only_the_likeliest_hits_and_those_likely_enough_are_used(library: CorpusLibrary) -> None:
    hits = [library.labelled(f"12862/19, point {n}") for n in (18, 19, 20, 21)]
    relevances = [0.2, 0.9, 0.6, 0.55]
    assert chosen_hits(hits, relevances, 0.5, Settings(most_passages=3)) == [hits[1], hits[2], hits[3]]
    assert chosen_hits(hits, relevances, 0.5, Settings(most_passages=2)) == [hits[1], hits[2]]
    assert chosen_hits(hits, relevances, 0.99, Settings()) == [hits[1]]  # the likeliest, however unlikely


SENTENCES = (
    "One rule applies here.",
    "Rapporter er noget andet.",
    "Dog er små firmaer undtaget.",
    "The end.",
)


def _hit(library: CorpusLibrary, *likeness: float, kind: PassageKind = PassageKind.PARAGRAPH) -> Hit:
    found = library.labelled("12862/19, point 19")
    long = dataclasses.replace(found.passage, text=" ".join(SENTENCES) * 10, kind=kind)
    return Hit(long, Enrichment(), 1.0, sentences=likeness)


@pytest.mark.parametrize(
    ("likeness", "sentences", "picked"),
    [
        ((0.9, 0.1, 0.1, 0.1), SENTENCES, [0]),
        ((0.1, 0.9, 0.1, 0.1), SENTENCES, [1, 2]),
        ((0.9, 0.1, 0.1, 0.88), SENTENCES, [0, 3]),
        ((0.1, 0.1, 0.1, 0.9), (*SENTENCES[:3], "Dette er det hele."), [1, 2, 3]),
        ((0.9, 0.1), SENTENCES, [0, 1, 2, 3]),
        ((), SENTENCES, [0, 1, 2, 3]),
    ],
    ids=["best", "its exception too", "one as close", "what it refers to", "unlike counts", "unknown"],
)
def test_of_a_long_passage_only_the_sentences_that_answer_are_taken(
    library: CorpusLibrary, likeness: tuple[float, ...], sentences: tuple[str, ...], picked: list[int]
) -> None:
    chosen = chosen_sentences(_hit(library, *likeness), sentences, Settings(whole_characters=10))
    assert chosen == picked


def test_a_short_passage_and_a_table_row_are_given_whole(library: CorpusLibrary) -> None:
    likeness = (0.9, 0.1, 0.1, 0.1)
    assert chosen_sentences(_hit(library, *likeness), SENTENCES, Settings(whole_characters=9_999)) == [
        0,
        1,
        2,
        3,
    ]
    row = _hit(library, *likeness, kind=PassageKind.TABLE_ROW)
    assert chosen_sentences(row, SENTENCES, Settings(whole_characters=10)) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("Which measures should Member States take?", "en", True),
        ("What are the tasks of the centre?", "en", True),
        ("When did the decision enter into force?", "en", False),
        ("Welke maatregelen neemt de Raad?", "nl", True),
        ("Noem de taken van het centrum", "nl", True),
        ("Wanneer is dit aangenomen?", "nl", False),
        ("Hvilke tiltag foreslås?", "da", True),
        ("Hvornår trådte det i kraft?", "da", False),
        ("Which measures?", "xx", False),
        ("Which rescues and arrests did the reports lead to?", "en", True),
        ("Which does the text name and which process follows?", "en", False),
    ],
)
def test_questions_for_several_things_are_recognised(question: str, language: str, expected: bool) -> None:
    assert asks_for_list(question, language) is expected


@pytest.mark.parametrize(
    ("between", "told"),
    [("It is then published in the Journal.", [0, 1, 2]), ("Nine members voted against.", [0, 2])],
)
def test_what_goes_on_between_two_sentences_told_is_told_too(between: str, told: list[int]) -> None:
    texts = ("The Council adopts the rules.", between, "The rules apply three days after publication.")
    assert likely_sentences((3.0, 0.0, 4.0), texts, "en", within=2.0) == told


ORDERED = (
    "The scheme is old.",
    "Providers report within a week.",
    "However, small ones need not.",
    "It was renewed.",
)


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ((0.2, 0.8, 0.1, 0.1), [1, 2, 3, 0]),  # the answer leads, with what leans on it
        ((0.8, 0.2, 0.1, 0.1), [0, 1, 2, 3]),
        ((0.50, 0.52, 0.1, 0.1), [0, 1, 2, 3]),  # hardly better: the order of the source
        ((0.2, 0.3, 0.9, 0.1), [1, 2, 3, 0]),  # "However" cannot lead: what it limits comes with it
        ((0.2, 0.3, 0.1, 0.9), [1, 2, 3, 0]),  # nor can "It"
        ((0.2, 0.8), [0, 1, 2, 3]),  # scores of other sentences say nothing
    ],
)
def test_the_sentence_that_answers_is_shown_first(scores: tuple[float, ...], shown: list[int]) -> None:
    bound = [leans(sentence, "en") for sentence in ORDERED]
    leads = [may_lead(sentence, "en") for sentence in ORDERED]
    assert reading_order(scores, leads, bound, [0, 1, 2, 3], margin=0.1) == shown


@pytest.mark.parametrize(
    ("language", "question", "shown"),
    [
        ("en", "How many victims were identified?", "Police identified 44 victims."),
        ("nl", "Hoeveel slachtoffers zijn er gevonden?", "De politie vond 44 slachtoffers."),
        ("da", "Hvor mange ofre blev identificeret?", "Politiet identificerede 44 ofre."),
    ],
)
def test_of_sentences_as_like_the_question_the_one_with_its_words_leads(
    language: str, question: str, shown: str
) -> None:
    told = ["Something else entirely is said here today.", shown]
    hit = corpus_library().labelled("COM(2020) 607 final, I.2, paragraph 1")
    asked, leading = Query(question, language), Leading.load()
    first, second = leading.scores(asked, dataclasses.replace(hit, sentences=(0.5, 0.5)), told)
    assert second > first
    assert leading.scores(asked, dataclasses.replace(hit, sentences=(0.5,)), told) == []


def test_of_the_likeliest_passage_only_what_is_far_from_answering_is_left_out(library: CorpusLibrary) -> None:
    hit = library.labelled("COM(2020) 607 final, II.8, paragraph 4")
    count = len(split_sentences(hit.passage.text, hit.passage.language))
    query = Query("Which networks does the Commission fund?", "en")

    def told(known: tuple[float, ...]) -> str:
        answer = ExtractiveAnswerer(library).answer(
            query, [dataclasses.replace(hit, sentences=known or (0.5,) * count, known=known)]
        )
        assert answer is not None
        return answer.citations[0].quote

    assert told(()) == hit.passage.text  # no question is known of it
    assert told((0.5,) * count) == hit.passage.text
    assert 0 < len(told((0.9, *(-0.4,) * (count - 1)))) < len(hit.passage.text) / 2


def test_of_a_further_passage_only_what_is_likely_to_answer_is_told(library: CorpusLibrary) -> None:
    first = library.labelled("12862/19, point 14", 2.0)
    further = library.labelled("COM(2020) 607 final, II.8, paragraph 4")
    count = len(split_sentences(further.passage.text, further.passage.language))
    told = (0.1, 0.1, 0.9) + (0.1,) * (count - 3)
    hits = [first, dataclasses.replace(further, sentences=told, known=told)]
    answer = ExtractiveAnswerer(library, EVERYTHING).answer(Query("Hvad gør Kommissionen?", "da"), hits)
    assert answer is not None
    whole, cut = answer.citations
    assert whole.quote == library.document("council-12862-19").reading(first.passage.spans)
    assert 0 < len(cut.quote) < len(further.passage.text) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_of_a_paragraph_comes_with_the_sentence_before_that_it_leans_on(
    library: CorpusLibrary, language: str
) -> None:
    [part] = [h for h in library.hits() if h.passage.text.startswith("Dette vil forhindre")]
    answer = ExtractiveAnswerer(library).answer(Query(QUESTIONS[language], language), [part])
    assert answer is not None
    before, leaning = answer.citations
    assert before.quote.startswith("Fra december 2020")
    assert leaning.quote.startswith("Dette vil")
    assert answer.statements[0].citations == (1,)


def test_the_title_of_an_act_in_a_footnote_is_told_only_where_it_answers(library: CorpusLibrary) -> None:
    note = library.labelled("COM(2020) 607 final, I.2, footnote 28")
    asked = Query("Which directive sets up the code?", "en")
    title, others = (0.9, 0.1, 0.1, 0.1, 0.1), (0.1, 0.1, 0.9, 0.1, 0.1)
    for known, named in ((title, True), (others, False)):
        hit = dataclasses.replace(note, sentences=known, known=known)
        answer = ExtractiveAnswerer(library, EVERYTHING).answer(asked, [hit])
        assert answer is not None
        assert any("OJ L 321" in s.text for s in answer.statements) is named


def test_the_sentence_that_answers_a_question_like_this_one_leads() -> None:
    hit = corpus_library().labelled("COM(2020) 607 final, I.2, paragraph 1")
    told = ["One thing is said here.", "Another thing is said here."]
    likely = dataclasses.replace(hit, sentences=(0.5, 0.4), known=(0.2, 0.6))
    first, second = Leading.load().scores(Query("What is said?", "en"), likely, told)
    assert second > first


@pytest.mark.parametrize(
    ("question", "language", "told"),
    [
        ("Give me the exact quote of the rapporteur.", "en", True),
        ("Wat zei de rapporteur letterlijk?", "nl", False),  # the source is Dutch
        ("Hvad sagde ordføreren ordret?", "da", True),
        ("What did the rapporteur say?", "en", False),
    ],
)
def test_who_asks_for_the_very_words_is_told_what_is_a_translation(
    library: CorpusLibrary, answerer: ExtractiveAnswerer, question: str, language: str, told: bool
) -> None:
    hit = library.labelled("EP press release, July 2021, Citaat, paragraph 1")
    notes = answerer.answer(Query(question, language), [hit]).notes
    assert any(hit.passage.text in note for note in notes) is told


def test_of_an_item_asked_for_alone_the_sentence_that_answers_leads_and_the_lead_in_stays_with_the_first(
    library: CorpusLibrary,
) -> None:
    hit = library.labelled("COM(2020) 607 final, II.5, point 1, item 3")
    own = split_sentences(hit.passage.text, "da")
    likeness = tuple(0.9 if "85 %" in hit.passage.text[a:b] else 0.1 for a, b in own)
    answer = ExtractiveAnswerer(library).answer(
        Query("Hvor mange procent?", "da"), [dataclasses.replace(hit, sentences=likeness)]
    )
    assert "85 %" in answer.statements[0].text
    first = hit.passage.text[slice(*own[0])]
    led = next(s.text for s in answer.statements if first in s.text)
    assert led.startswith(hit.passage.context_text[:30])


def test_nothing_is_said_twice(library: CorpusLibrary, answerer: ExtractiveAnswerer) -> None:
    """The footnote is quoted with the words that call it: the item that was just told."""
    item = library.labelled("COM(2020) 607 final, II.7, item 1")
    note = library.labelled("COM(2020) 607 final, II.7, footnote 71", 0.9)
    question = Query("Hvilken kilde siger, at børn blev reddet i Sverige?", "da")
    answer = ExtractiveAnswerer(library, EVERYTHING).answer(question, [item, note])
    assert sum("redningen af 11 børn" in s.text for s in answer.statements) == 1
    assert answer.statements[0].citations == (1, 2)


def test_a_paragraph_that_was_cut_goes_on_where_its_answer_does(library: CorpusLibrary) -> None:
    first = next(
        h for h in library.hits() if h.passage.part == 1 and "covid-19-krisen har forværret" in h.passage.text
    )
    own = split_sentences(first.passage.text, "da")

    def asked(told: str) -> str:
        likeness = tuple(0.9 if told in first.passage.text[a:b] else 0.1 for a, b in own)
        hit = dataclasses.replace(first, sentences=likeness)
        answer = ExtractiveAnswerer(library).answer(Query("Hvorfor blev det værre?", "da"), [hit])
        return " ".join(c.quote for c in answer.citations)

    assert "25 %" in asked("covid-19-krisen har forværret")
    assert "25 %" not in asked("personer, de kender")
