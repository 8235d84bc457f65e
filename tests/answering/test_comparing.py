"""Questions that compare texts are asked of each of them."""

from __future__ import annotations

import pytest

from rag.answering.places.comparing import TextComparer
from rag.answering.places.mentions import text_mentions
from rag.answering.places.naming import card_of
from rag.domain.retrieval import Query
from tests.answering.corpus_library import corpus_library

LIBRARY = corpus_library()
CARDS = [card_of(document) for document in LIBRARY.documents()]
COMPARER = TextComparer(LIBRARY)
SHORT = {
    "com-2020-607": "2020",
    "council-12862-19": "2019",
    "ep-press-2021-07-06": "2021",
    "council-cybercrime-2010": "2010",
    "summary-decision-2000-375": "2000",
}


def named(question: str) -> list[str]:
    """For each mention, the years of the texts it stands for."""
    return ["+".join(sorted(SHORT[t] for t in m.texts)) for m in text_mentions(question, CARDS)]


def divided(question: str) -> list[tuple[str, str]]:
    parts = COMPARER.divide(Query(question, "en"), "one index")
    return [("+".join(sorted(SHORT[t] for t in p.query.documents)), p.query.text) for p in parts]


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("What does COM(2020) 607 say about hotlines?", ["2020"]),
        ("the 2019 conclusions of the Council", ["2019"]),
        ("De conclusies van de ministers uit 2019 over preventie", ["2019"]),
        ("Hvad siger Rådet om kryptering?", ["2000+2010+2019"]),
        ("the 2010 and 2019 conclusions", ["2010", "2019"]),
        ("teksterne fra 2000, 2010 og 2020", ["2000", "2010", "2020"]),
        ("de Raad (2019) en de Commissie (2020)", ["2019", "2020"]),
        ("How did reports grow between 2010 and 2019?", []),
        ("Which estimate does the Council of Europe give?", []),
        ("the Lanzarote Convention of 2007", []),
        ("What did the Council want with the picture database in 2010, and what in 2019?", ["2010", "2019"]),
        ("Waarom vroegen de ministers dat in hun conclusies van oktober 2019?", ["2019"]),
        ("wat de Raad in 2019 zei en de Commissie een jaar later", ["2019", "2020"]),
        ("ministrene i 2019 og EU's plan fra året efter", ["2019", "2020"]),
        ("the Commission in 2020 and the Council the year before", ["2020", "2019"]),
        ("How many reports came in a year later?", []),
        ("Hvor mange lande fik traktatbrudssag 2019 direktiv", []),
        (
            "What is the difference between what stood there in 2000 and the strategy of 2020?",
            ["2000", "2020"],
        ),
    ],
)
def test_texts_are_known_by_what_is_said_of_them(question: str, texts: list[str]) -> None:
    assert named(question) == texts


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("encryption Council 2019 versus Commission 2020", ["2019", "2020"]),
        ("Is there a difference between what the Council and the Commission say on encryption?", ["2000+2010+2019", "2020"]),
        ("Vergelijk wat de strategie en het persbericht zeggen over grooming.", ["2020", "2021"]),
        ("Hvordan er Europols opgave vokset, når man sammenligner teksterne fra 2000, 2010 og 2020?", ["2000", "2010", "2020"]),
        ("What do the 2010 and 2019 Council conclusions say about blocking?", ["2010", "2019"]),
        ("Hvad ville Rådet med billeddatabasen i 2010, og hvad i 2019?", ["2010", "2019"]),
        ("How does what the Council asked of firms in 2019 compare with what the Commission said a year later?", ["2019", "2020"]),
        ("Hvad er forskellen på det, der stod i 2000, og det, strategien fra 2020 siger?", ["2000", "2020"]),
        ("Is de Commissie in 2020 strenger voor bedrijven dan het besluit uit 2000 was?", ["2020", "2000"]),
    ],
)  # fmt: skip
def test_each_text_compared_is_asked(question: str, texts: list[str]) -> None:
    assert [text for text, _ in divided(question)] == texts


@pytest.mark.parametrize(
    "question",
    [
        "What did the Council ask the Commission to do about prevention in October 2019?",
        "Which Council conclusions of 2019 does the Commission's 2020 strategy cite?",
        "Do both parents have to agree, according to the 2020 strategy?",
        "How did reports grow between 2010 and 2019?",
        "What changed with the 2021 regulation?",
        "Is the Council's point 13 the same as its point 14?",
        "Must each document be kept for five years?",
        "Does the strategy ask the Council and the Parliament to act on grooming?",
        "According to the strategy, what did the Council ask in 2019?",
        "",
    ],
)
def test_a_question_that_compares_no_texts_stays_whole(question: str) -> None:
    assert divided(question) == []


def test_what_is_searched_names_one_text_and_no_comparison() -> None:
    [(_, first), (_, second)] = divided(
        "What is the difference between what the 2010 and 2019 conclusions say about industry?"
    )
    assert "2010" in first
    assert "2019" not in first
    assert "difference" not in first
    assert "2019" in second
    assert "2010" not in second
    assert "industry" in first
    assert "industry" in second


@pytest.mark.parametrize(
    ("question", "language", "asked"),
    [
        ("What does each text say about encryption?", "en", "What does it say about encryption?"),
        ("Wat staat er in elke tekst over meldpunten?", "nl", "Wat zegt het over meldpunten?"),
        ("Hvad siger alle fem tekster om Europol?", "da", "Hvad siger den om Europol?"),
    ],
)
def test_every_text_is_asked_when_all_are_asked_what_they_say(
    question: str, language: str, asked: str
) -> None:
    parts = COMPARER.divide(Query(question, language), "one index")
    assert [p.query.documents for p in parts] == [{text} for text in SHORT]
    assert {p.query.text for p in parts} == {asked}
    assert all(p.named and p.speaker for p in parts)


def test_of_each_of_an_institutions_texts_only_those_are_asked() -> None:
    texts = [t for t, _ in divided("What does each of the Council's texts say about industry?")]
    assert texts == ["2019", "2010", "2000"]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When is a law proposed according to the strategy, and according to the press release?", "When is a law proposed?"),
        ("Volgens de strategie en volgens het persbericht, wat moet de industrie doen?", "wat moet de industrie doen?"),
        ("Hvad er Europols rolle ifølge strategien, og ifølge pressemeddelelsen?", "Hvad er Europols rolle?"),
        ("What do the strategy and the press release say about audio?", "What does it say about audio?"),
    ],
)  # fmt: skip
def test_texts_cited_or_named_in_turn_are_each_asked(question: str, asked: str) -> None:
    assert divided(question) == [("2020", asked), ("2021", asked)]


def test_each_part_says_which_text_is_asked() -> None:
    [first, _] = COMPARER.divide(
        Query("Compare the 2010 and 2019 conclusions on industry.", "en"), "one index"
    )
    assert "Council conclusions, 26 April 2010" in first.asked


@pytest.mark.parametrize(
    ("question", "language", "text", "asked"),
    [
        (
            "What does the press release say about encryption?",
            "en",
            "2021",
            "What does it say about encryption?",
        ),
        ("Wat zegt de strategie over hotlines?", "nl", "2020", "Wat zegt het over hotlines?"),
        ("Hvad siger Rådets konklusioner fra 2010 om hotlines?", "da", "2010", "Hvad siger den om hotlines?"),
        ("When was the 2000 decision published?", "en", "2000", "When was the 2000 decision published?"),
    ],
)
def test_a_question_of_one_text_is_asked_of_it_alone(
    question: str, language: str, text: str, asked: str
) -> None:
    part = COMPARER.alone(Query(question, language), "one index")
    assert part is not None
    assert [SHORT[t] for t in part.query.documents] == [text]
    assert part.query.text == asked
    assert part.named is (asked != question)


@pytest.mark.parametrize(
    ("question", "language", "sought"),
    [
        ("Wat vroeg de Raad in 2019 aan de lidstaten?", "nl", True),
        ("Hvad opfordrede Rådet virksomhederne til i 2019?", "da", True),
        ("What did the Commission announce in 2020?", "en", True),
        ("When was the 2000 decision published?", "en", False),
    ],
)
def test_what_a_maker_said_in_a_year_is_sought_in_that_text(
    question: str, language: str, sought: bool
) -> None:
    part = COMPARER.alone(Query(question, language), "one index")
    assert part is not None
    assert part.sought is sought


@pytest.mark.parametrize(
    "question",
    [
        "What does the Council say about encryption?",
        "What do the strategy and the press release say about grooming?",
        "How many reports were there in 2019?",
    ],
)
def test_a_question_of_no_text_or_of_several_is_not(question: str) -> None:
    assert COMPARER.alone(Query(question, "en"), "one index") is None


@pytest.mark.parametrize(
    ("question", "language", "others"),
    [
        ("What did the 2010 conclusions say about WeProtect?", "en", True),
        ("Hvad siger afgørelsen fra 2000 om Eurojust?", "da", True),
        ("Wat zegt het persbericht over WeProtect?", "nl", True),
        ("What did the 2010 conclusions say about Europol?", "en", False),
        ("What did the 2010 conclusions say about secrecy?", "en", False),
    ],
)
def test_a_name_that_stands_nowhere_in_a_text_is_asked_of_the_others(
    question: str, language: str, others: bool
) -> None:
    part = COMPARER.alone(Query(question, language), "one index")
    assert part is not None
    elsewhere = COMPARER.elsewhere(part)
    assert (elsewhere is not None) is others
    if elsewhere is not None:
        assert len(elsewhere.query.documents) == 4
        assert not elsewhere.query.documents & part.query.documents
