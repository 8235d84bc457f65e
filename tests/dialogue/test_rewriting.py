"""Follow-ups made standalone by rules, in three languages."""

from __future__ import annotations

import re
import time

import pytest

from rag.dialogue.rewriting import RuleRewriter, load_cues
from rag.domain.conversations import Turn

BEFORE = {
    "en": "How many reports did the EU receive in 2010?",
    "nl": "Hoeveel meldingen kreeg de EU in 2010?",
    "da": "Hvor mange indberetninger fik EU i 2010?",
}


def rewritten(question: str, language: str, before: str | None = None) -> str:
    earlier = before or BEFORE[language]
    return RuleRewriter().rewrite(question, language, (Turn(earlier, earlier, ""),))


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        ("en", "And in 2019?", "How many reports did the EU receive in 2019?"),
        ("nl", "En in 2019?", "Hoeveel meldingen kreeg de EU in 2019?"),
        ("da", "Og i 2019?", "Hvor mange indberetninger fik EU i 2019?"),
    ],
)
def test_another_year_takes_the_place_of_the_year(language: str, question: str, expected: str) -> None:
    assert rewritten(question, language) == expected


@pytest.mark.parametrize(
    ("language", "question", "topic"),
    [
        ("en", "What about the Netherlands?", "the Netherlands"),
        ("nl", "En hoe zit het met Denemarken?", "Denemarken"),
        ("da", "Hvad med Nederlandene?", "Nederlandene"),
    ],
)
def test_another_topic_is_joined_to_the_question(language: str, question: str, topic: str) -> None:
    found = rewritten(question, language)
    assert topic in found
    assert found.startswith(BEFORE[language].rstrip("?"))


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Why?"),
        ("en", "Who decided that?"),
        ("en", "And does it apply to telephone calls?"),
        ("en", "Is it still in force?"),
        ("nl", "Waarom?"),
        ("nl", "Wie heeft dat besloten?"),
        ("nl", "En geldt dat ook voor telefoontjes?"),
        ("nl", "Tot wanneer duurt dat?"),
        ("da", "Hvorfor?"),
        ("da", "Hvem har besluttet det?"),
        ("da", "Og gælder det også for telefonsamtaler?"),
        ("da", "Hvor længe varer det?"),
    ],
)
def test_a_question_that_points_back_carries_the_one_before(language: str, question: str) -> None:
    found = rewritten(question, language)
    assert found.startswith(question)
    assert BEFORE[language].rstrip("?") in found


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What did the Council conclude in October 2019?"),
        ("en", "Which measures does the strategy propose for schools?"),
        ("en", "Is it true that telephone calls are scanned?"),
        ("nl", "Wat besloot de Raad in oktober 2019?"),
        ("nl", "Welke maatregelen stelt de strategie voor scholen voor?"),
        ("nl", "Klopt het dat telefoongesprekken worden gescand?"),
        ("da", "Hvad konkluderede Rådet i oktober 2019?"),
        ("da", "Hvilke foranstaltninger foreslår strategien for skolerne?"),
        ("da", "Er det rigtigt, at telefonsamtaler bliver scannet?"),
    ],
)
def test_a_standalone_question_or_a_change_of_subject_is_left_alone(language: str, question: str) -> None:
    assert rewritten(question, language) == question


@pytest.mark.parametrize("language", ["en", "nl", "da"])
def test_without_a_conversation_nothing_is_rewritten(language: str) -> None:
    assert RuleRewriter().rewrite("Why?", language, ()) == "Why?"


@pytest.mark.parametrize(
    ("language", "question"), [("en", "And in 2019?"), ("nl", "Waarom dat?"), ("da", "Hvad med det?")]
)
def test_a_rewrite_holds_only_words_of_the_conversation(language: str, question: str) -> None:
    said = set(re.findall(r"\w+", f"{question} {BEFORE[language]}".casefold()))
    assert set(re.findall(r"\w+", rewritten(question, language).casefold())) <= said


def test_a_chain_of_follow_ups_leans_on_what_was_understood_not_on_what_was_typed() -> None:
    history = (
        Turn(BEFORE["en"], BEFORE["en"], ""),
        Turn("And in 2019?", "How many reports did the EU receive in 2019?", ""),
    )
    assert (
        RuleRewriter().rewrite("And in 2020?", "en", history)
        == "How many reports did the EU receive in 2020?"
    )


def test_a_language_without_cues_is_left_alone() -> None:
    assert RuleRewriter().rewrite("Pourquoi ?", "fr", (Turn("x", "x", ""),)) == "Pourquoi ?"


def test_all_three_languages_have_cues() -> None:
    assert set(load_cues()) == {"en", "nl", "da"}


@pytest.mark.parametrize(
    ("language", "before", "question", "carried"),
    [
        ("da", "Hvad siger Rådet om kryptering?", "Og hvad med fjernelse af indhold?", "Hvad siger Rådet"),
        ("da", "Hvad siger Rådet i 2019 om kryptering?", "Og hvad med det globale samarbejde?", "Hvad siger Rådet i 2019"),
        ("da", "Hvad siger strategien om kryptering?", "Hvad så med hotlines, hvem betaler for dem?", "Hvad siger strategien"),
        ("nl", "Wat zegt de strategie over versleuteling?", "En hoe staat het met de opleiding van rechters?", "Wat zegt de strategie"),
        ("nl", "Wat zegt de Raad over Eurojust?", "En Europol?", "Wat zegt de Raad"),
        ("en", "What does the strategy say about encryption?", "What about a European centre?", "What does the strategy say"),
        ("en", "What does the strategy say about encryption?", "And what does it say about hotlines?", "What does the strategy say"),
        ("da", "Vil Rådet i 2019 have, at kryptering svækkes?", "Og hvad med ekstra midler til politiet?", "Rådet, 2019"),
        ("da", "Og hvad med fjernelse af indhold? (Hvad siger Rådet)", "Og hvad med ofre?", "Hvad siger Rådet"),
    ],
)  # fmt: skip
def test_a_new_topic_takes_the_place_of_the_last_one(
    language: str, before: str, question: str, carried: str
) -> None:
    assert rewritten(question, language, before) == f"{question} ({carried})"


def test_a_new_topic_after_a_question_that_names_nobody_stands_alone() -> None:
    question = "And what about appeals by users?"
    assert rewritten(question, "en", "Must providers report what they find?") == question


@pytest.mark.parametrize(
    ("language", "before", "question", "expected"),
    [
        ("nl", "Wat doet Eurojust?", "En Europol?", "Wat doet Europol?"),
        ("en", "What does Eurojust do?", "What about the Financial Coalition?", "What does the Financial Coalition do?"),
        ("da", "Hvad er WePROTECT?", "Og hvad med INHOPE?", "Hvad er INHOPE?"),
        ("da", "Hvad går Spotlight ud på?", "Og CIRCAMP?", "Hvad går CIRCAMP ud på?"),
    ],
)  # fmt: skip
def test_another_name_takes_the_place_of_the_name(
    language: str, before: str, question: str, expected: str
) -> None:
    assert rewritten(question, language, before) == expected


@pytest.mark.parametrize(
    ("language", "before", "question"),
    [
        ("en", "What does the strategy say about training in Denmark?", "And what about that?"),
        ("en", "What does the strategy say about encryption?", "What about those countries?"),
        ("en", "What does the strategy say about encryption?", "What does the Commission say about it?"),
        ("en", "Must providers report within 72 hours?", "What about small companies?"),
        ("nl", "Wat zegt de strategie over versleuteling?", "En hoe zit het met die landen?"),
        ("nl", "Wat zegt de strategie over versleuteling?", "Wat zegt Europol daarover?"),
        ("da", "Hvad siger strategien om kryptering?", "Og hvad med disse lande?"),
        ("da", "Hvad siger strategien om kryptering?", "Hvad siger Europol om det?"),
        ("da", "Hvad spænder ben for Europol?", "Hvornår bliver der lavet om på det?"),
    ],
)  # fmt: skip
def test_a_detail_or_a_word_that_points_back_carries_the_whole_question(
    language: str, before: str, question: str
) -> None:
    assert rewritten(question, language, before) == f"{question} ({before.rstrip('?')})"


def test_a_name_beside_a_topic_that_is_no_name_is_joined_to_it() -> None:
    before = "What does the strategy say about training in Denmark?"
    assert rewritten("What about the Netherlands?", "en", before) == f"{before[:-1]}: the Netherlands?"


def test_a_long_question_is_read_in_no_time() -> None:
    start = time.perf_counter()
    rewritten("And what about " + "a of " * 400 + "?", "en", "What " + "do A " * 400 + "say about B?")
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What is grooming?"),
        ("en", "Where is Europol?"),
        ("en", "What is the penalty for a provider that does not report?"),
        ("nl", "Wat zijn meldpunten?"),
        ("nl", "Wat is de straf voor een aanbieder die niet meldt?"),
        ("da", "Hvad er ECRIS?"),
        ("da", "Hvad er straffen for en udbyder, der ikke anmelder?"),
    ],
)
def test_a_question_about_something_else_stays_as_it_is(language: str, question: str) -> None:
    assert rewritten(question, language) == question


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "What is that?"),
        ("en", "Who is responsible?"),
        ("en", "How many were made that year?"),
        ("nl", "Wie is dat?"),
        ("nl", "Wat is verboden?"),
        ("da", "Hvem er det?"),
        ("da", "Hvem er ansvarlig?"),
    ],
)
def test_a_question_that_names_nothing_of_its_own_leans_back(language: str, question: str) -> None:
    assert BEFORE[language].rstrip("?") in rewritten(question, language)


def test_what_is_carried_twice_stands_in_one_bracket() -> None:
    first = rewritten("Why?", "en")
    second = rewritten("Since when?", "en", first)
    assert second.count("(") == 1
    assert BEFORE["en"].rstrip("?") in second
