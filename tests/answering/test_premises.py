"""Values that a question takes for granted and the passages cited do not hold."""

from __future__ import annotations

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.premises import PremiseTeller
from rag.domain.answers import Answer
from rag.domain.retrieval import Query
from tests.answering.corpus_library import corpus_library

FIGURES = "COM(2020) 607 final, Indledning, paragraph 4"  # 725 000 reports in 2019
ROW = "Summary of Decision 2000/375/JHA, row 1"


def remarked(question: str, language: str, *labels: str) -> Answer:
    library = corpus_library()
    query = Query(question, language)
    [answer] = [ExtractiveAnswerer(library).answer(query, [library.labelled(one) for one in labels])]
    assert answer is not None
    return PremiseTeller(library).remarked(answer, query)


@pytest.mark.parametrize(
    ("question", "language", "note"),
    [
        (
            "How many reports came in from the EU in 2021?",
            "en",
            "The question names 2021; the passages cited here do not.",
        ),
        (
            "Hoeveel meldingen kwamen er in 2021 uit de EU?",
            "nl",
            "De vraag noemt 2021; de hier aangehaalde passages doen dat niet.",
        ),
        (
            "Hvor mange indberetninger kom der fra EU i 2021?",
            "da",
            "Spørgsmålet nævner 2021; det gør de afsnit, der er anført her, ikke.",
        ),
        (
            "Why did reports rise to 5 million in 2019?",
            "en",
            "The question names 5 million; the passages cited here do not.",
        ),
    ],
)
def test_a_value_that_nothing_cited_holds_is_named(question: str, language: str, note: str) -> None:
    assert remarked(question, language, FIGURES).notes == (note,)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How many reports came in from the EU in 2019?", "en"),
        ("Was it 725,000 reports?", "en"),
        ("Waren het 725.000 meldingen?", "nl"),
        ("Worldwide, were there 17 million reports?", "en"),
        ("What does the strategy of 2020 say about reports?", "en"),  # the year is that of the text
        ("Does COM(2020) 607 give figures?", "en"),
        ("Are there two or three figures, compared with nine years before?", "en"),
        ("How many reports came in from the EU?", "en"),
    ],
)
def test_a_value_that_is_cited_in_any_form_needs_no_note(question: str, language: str) -> None:
    assert remarked(question, language, FIGURES).notes == ()


def test_an_act_is_known_by_its_number() -> None:
    assert remarked("When did Decision 2000/375/JHA apply?", "en", ROW).notes == ()
    [note] = remarked("When did Directive 2011/93/EU apply?", "en", ROW).notes
    assert "2011/93" in note


def test_what_stands_in_the_sentence_that_calls_a_footnote_is_known() -> None:
    """The figure stands in the text, its source in the note."""
    library = corpus_library()
    hit = next(
        h for h in library.hits() if "750 000" in h.passage.context_text and "750 000" not in h.passage.text
    )
    assert (
        remarked("Uit welk jaar is het rapport achter het cijfer van 750.000?", "nl", hit.passage.label).notes
        == ()
    )


@pytest.mark.parametrize(
    ("question", "language", "word"),
    [
        ("Why did the Council abolish the reports?", "en", "abolish"),
        ("Waarom heeft de Raad besloten Europol af te schaffen?", "nl", "af te schaffen"),
        ("Hvorfor afviste Parlamentet indberetningerne?", "da", "afviste"),
        ("Since when are reports prohibited?", "en", "prohibited"),
        ("Why did the Council force companies to report?", "en", "force"),
        ("Waarom zijn de meldingen gedaald?", "nl", "gedaald"),
        ("Hvorfor holdt virksomhederne op med indberetningerne?", "da", "holdt virksomhederne op"),
    ],
)
def test_a_deed_that_nothing_cited_tells_of_is_named(question: str, language: str, word: str) -> None:
    [note] = remarked(question, language, FIGURES).notes
    assert f"“{word}”" in note


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Why is there close cooperation on reports?", "en"),
        ("Were the reports rejected?", "en"),
        ("Why did reports rise?", "en"),
        ("Waarom stegen de meldingen?", "nl"),
    ],
)
def test_a_question_that_takes_no_deed_for_granted_is_left_alone(question: str, language: str) -> None:
    assert remarked(question, language, FIGURES).notes == ()


def test_a_deed_that_is_cited_in_another_language_is_told_of() -> None:
    assert remarked("Why is encryption not to be prohibited?", "en", "12862/19, point 13").notes == ()


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("My daughter of 13 is online all day. What is there in the reports?", "en"),
        ("Mijn zoon is 13. Wat staat er in de meldingen?", "nl"),
    ],
)
def test_what_somebody_tells_beside_the_question_is_not_asked_of_the_texts(
    question: str, language: str
) -> None:
    assert remarked(question, language, FIGURES).notes == ()


@pytest.mark.parametrize(
    ("question", "language", "noted"),
    [
        ("What does the 2011 directive say of reports?", "en", False),  # 2011/93/EU is cited by the text
        ("Hvad siger direktivet fra 2011 om indberetninger?", "da", False),
        ("Wat zegt de richtlijn uit 2003 over meldingen?", "nl", True),
        ("How many reports came in 2011?", "en", True),
    ],
)
def test_a_year_that_names_an_act_the_text_refers_to_needs_no_note(
    question: str, language: str, noted: bool
) -> None:
    assert bool(remarked(question, language, FIGURES).notes) is noted
