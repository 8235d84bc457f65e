"""Numbered places of named texts: recognised, looked up, missed honestly, and left alone where none is asked for."""

from __future__ import annotations

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.places import PlaceFinder
from rag.answering.places.asking import asked_place
from rag.answering.places.register import path_of
from rag.assistant import Assistant
from rag.domain.answers import Abstention, Answer
from rag.domain.documents import Description, Document
from rag.domain.passages import Enrichment, Passage
from rag.domain.retrieval import Query
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages
from tests.answering.corpus_library import corpus_library

COUNCIL, ACTION_PLAN = "12862/19", "Council conclusions, 26 April 2010"
STRATEGY, PRESS = "COM(2020) 607 final", "EP press release, July 2021"


def looked_up(question: str, language: str = "en") -> Answer | Abstention | None:
    library = corpus_library()
    return PlaceFinder(library, ExtractiveAnswerer(library)).looked_up(Query(question, language), "index")


def labels(reply: Answer | Abstention | None) -> list[str]:
    if reply is None:
        return []
    cited = reply.citations if isinstance(reply, Answer) else reply.nearest
    return [c.passage.label for c in cited]


@pytest.mark.parametrize(
    ("question", "language", "label"),
    [
        ("What does point 13 of the 2019 Council conclusions say?", "en", f"{COUNCIL}, point 13"),
        ("In the 2019 Council conclusions, what does point 13 say?", "en", f"{COUNCIL}, point 13"),
        ("What does paragraph 13 of 12862/19 say?", "en", f"{COUNCIL}, point 13"),
        ("point 13 of the conclusions adopted on 8 October 2019", "en", f"{COUNCIL}, point 13"),
        ("And point 14? (What does point 13 of the 2019 conclusions say)", "en", f"{COUNCIL}, point 14"),
        ("Wat staat er in het laatste punt van de Raadsconclusies uit 2019?", "nl", f"{COUNCIL}, point 25"),
        (
            "Hvad står der i punkt 7 litra d i rådskonklusionerne fra 2019?", "da", f"{COUNCIL}, point 7(d)",
        ),
        ("Wat staat er in punt 7, onder d), van de Raadsconclusies van 2019?", "nl", f"{COUNCIL}, point 7(d)"),
        ("Wat staat er in voetnoot 28 van de strategie?", "nl", f"{STRATEGY}, I.2, footnote 28"),
        ("Footnote 28 of COM(2020) 607?", "en", f"{STRATEGY}, I.2, footnote 28"),
        ("paragraph 2 of the press release", "en", f"{PRESS}, paragraph 2"),
        ("Hvad står der i afsnit 2 af baggrunden i pressemeddelelsen?", "da", f"{PRESS}, Achtergrond, paragraph 2"),
        ("item 4 of the short-term measures in the 2010 conclusions", "en", f"{ACTION_PLAN}, short-term measures, item 4"),
        ("What is the fourth short-term measure in the 2010 conclusions?", "en", f"{ACTION_PLAN}, short-term measures, item 4"),
        ("punt 4 van de conclusies over cybercriminaliteit", "nl", f"{ACTION_PLAN}, point 4"),
        ("paragraph 3, 26 April 2010 Council conclusions", "en", f"{ACTION_PLAN}, paragraph 3"),
        ("Hvad står der i kapitel II, afsnit 4, stykke 3, i strategien?", "da", f"{STRATEGY}, II.4, paragraph 3"),
        ("Paragraph 5 of Decision 2000/375/JHA?", "en", "Summary of Decision 2000/375/JHA, paragraph 5"),
        ("Give me the second bullet of the press release", "en", f"{PRESS}, item 2"),
        ("row 1 of the summary", "en", "Summary of Decision 2000/375/JHA, row 1"),
    ],
)  # fmt: skip
def test_a_place_of_a_named_text_is_that_passage_alone(question: str, language: str, label: str) -> None:
    reply = looked_up(question, language)
    assert isinstance(reply, Answer)
    assert labels(reply) == [label]
    assert reply.confidence > 0.9
    assert reply.notes == ()


@pytest.mark.parametrize(
    ("question", "language", "places"),
    [
        ("What does point 13 say?", "en", [f"{COUNCIL}, point 13"]),
        ("Hvad siger Rådet i punkt 20 fra 2019?", "da", [f"{COUNCIL}, point 20"]),
        ("What did the Council say in 2010 in point 3?", "en", [f"{ACTION_PLAN}, point 3"]),
        ("Wat staat er in voetnoot 64?", "nl", [f"{STRATEGY}, II.5, footnote 64"]),
        ("Hvilke instrumenter minder Rådet om i punkt 7?", "da", [f"{COUNCIL}, point 7({c})" for c in "abcdefghij"]),
        ("What does point 4 say?", "en", [f"{COUNCIL}, point 4", f"{ACTION_PLAN}, point 4"]),
    ],
)  # fmt: skip
def test_a_place_is_found_without_its_texts_name_if_it_is_clear_which_is_meant(
    question: str, language: str, places: list[str]
) -> None:
    assert labels(looked_up(question, language)) == places


@pytest.mark.parametrize(
    "question",
    [
        "What are the 25 points of the 2019 conclusions?",
        "What does Article 16 of the Directive say according to the strategy?",
        "What must the point of contact do within 72 hours under the strategy?",
        "What does point 13 of the Lanzarote Convention mentioned in the strategy say?",
        "What does point 2 of the German strategy say?",
        "What does point 13 of the 2015 conclusions say?",
        "What does point 13 of Regulation 2021/1232 say?",
        "Does point 13 of the strategy match point 4 of the 2010 conclusions?",
        "Why was point 13 of the 2019 conclusions adopted?",
        "What does point 99 say?",
        "What does the Commission say in point 13?",
        "What did the Council say in 2015 in point 13?",
        "What does Article 5 GDPR say?",
        "Who won the cup on point 13 of the season?",
        "What is the first point?",
        "What is the first action in the strategy?",
        "What is the first measure in the 2010 conclusions?",
        "What does the strategy say about Article 13 of the ePrivacy Directive?",
        "Hvad siger pressemeddelelsen om artikel 5, stk. 1, i direktivet?",
        "What did the Council conclude in 2019 about paragraph 3 of Article 82 TFEU?",
        "Wat staat er in bilag i de strategie?",
    ],
)
def test_a_question_that_names_no_place_of_a_known_text_is_left_to_the_search(question: str) -> None:
    assert looked_up(question) is None


def test_known_questions_are_left_to_the_search() -> None:
    asked = [(q, language) for hit in corpus_library().hits() for language, q in hit.enrichment.questions]
    assert len(asked) > 1000
    assert [q for q, language in asked[::10] if looked_up(q, language) is not None] == []


def test_its_own_words_come_first_in_the_language_asked() -> None:
    reply = looked_up("Wat staat er in punt 13 van 12862/19?", "nl")
    assert isinstance(reply, Answer)
    [citation] = reply.citations
    assert citation.translation is not None
    assert reply.statements[0].text.startswith("De Raad")
    assert citation.translation.text.startswith(reply.statements[0].text)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What are the key actions of initiatives 5 and 7 of the strategy?", "en"),
        ("Hvad er de vigtigste tiltag under initiativ 5 og initiativ 7?", "da"),
        ("Wat zijn de belangrijkste acties van initiatief 5 en 7 in de strategie?", "nl"),
    ],
)
def test_of_a_section_the_list_that_is_asked_for_is_given(question: str, language: str) -> None:
    actions = [f"{STRATEGY}, II.{number}, Vigtigste tiltag, item 1" for number in (5, 7)]
    assert labels(looked_up(question, language)) == actions


def test_a_footnote_is_quoted_without_the_sentence_that_calls_it() -> None:
    reply = looked_up("Hvad siger fodnote 12 i strategien?", "da")
    assert isinstance(reply, Answer)
    assert [s.text for s in reply.statements] == [
        "Internet Watch Foundation: Annual Reports for 2016 to 2019."
    ]


def test_a_point_that_leads_in_a_list_is_the_list() -> None:
    assert labels(looked_up("Point 7 of 12862/19?")) == [f"{COUNCIL}, point 7({c})" for c in "abcdefghij"]


def test_of_a_range_what_is_missing_is_said() -> None:
    reply = looked_up("points 24 to 27 of 12862/19")
    assert isinstance(reply, Answer)
    assert labels(reply) == [f"{COUNCIL}, point 24", f"{COUNCIL}, point 25"]
    assert reply.notes[0].endswith("(12862/19): 26, 27.")


def test_where_two_texts_fit_each_is_given_and_it_is_said() -> None:
    reply = looked_up("What does point 4 of the Council conclusions say?")
    assert labels(reply) == [f"{COUNCIL}, point 4", f"{ACTION_PLAN}, point 4"]
    assert isinstance(reply, Answer)
    assert reply.notes == ("More than one passage is called point 4; each is given.",)


def test_paragraphs_without_numbers_are_counted_and_it_is_said() -> None:
    reply = looked_up("What does paragraph 4 of the press release say?")
    assert labels(reply) == [f"{PRESS}, Vrijwillige opsporing door serviceproviders, paragraph 1"]
    assert isinstance(reply, Answer)
    assert "counted from the beginning" in reply.notes[0]


@pytest.mark.parametrize(
    ("question", "language", "words", "nearest"),
    [
        ("point 30 of 12862/19", "en", "The last one there is 12862/19, point 25", ["point 24", "point 25"]),
        ("Wat staat er in voetnoot 200 van de strategie?", "nl", "voetnoot 200", ["footnote 91", "footnote 92"]),
        ("Hvad siger punkt 7(z) i 12862/19?", "da", "point 7(j)", ["point 7(i)", "point 7(j)"]),
        ("point 14(b) of 12862/19", "en", "12862/19, point 14 is there, without it", ["point 14"]),
        ("initiative 9 of the strategy", "en", "II.8", ["paragraph 1", "paragraph 1"]),
        ("item 9 of the short-term measures in the 2010 conclusions", "en", "measures, item 5", ["item 4", "item 5"]),
        ("What is in footnote 5 of the strategy?", "en", "all that footnote 5 says is: “Ibidem.”", ["footnote 4", "footnote 6"]),
    ],
)  # fmt: skip
def test_a_place_that_is_not_there_is_said_to_be_missing(
    question: str, language: str, words: str, nearest: list[str]
) -> None:
    reply = looked_up(question, language)
    assert isinstance(reply, Abstention)
    assert words in reply.message
    assert [label.rpartition(", ")[2] for label in labels(reply)] == nearest


@pytest.mark.parametrize(
    ("question", "mentions"),
    [
        ("artikel 3, lid 2, onder a)", [("article", "3"), ("paragraph", "2"), ("letter", "a")]),
        ("litra d i punkt 7", [("point", "7"), ("letter", "d")]),
        ("Article 13a", [("article", "13a")]),
        ("the 13th point", [("point", "13")]),
        ("Annex II", [("annex", "II")]),
        ("points 3-5 and 9", [("point", "3 4 5 9")]),
        ("point 13 of 12862/19", [("point", "13")]),
        ("point 2019", []),
        ("a point of contact", []),
    ],
)
def test_places_are_read_out_of_a_question(question: str, mentions: list[tuple[str, str]]) -> None:
    asked = asked_place(question)
    found = [(m.kind, " ".join(m.numbers)) for m in asked.mentions] if asked else []
    assert found == mentions


def test_a_label_is_a_path() -> None:
    assert path_of("Rules, Article 3, point 7(d), item 2", "Rules") == (
        ("article", "3"),
        ("point", "7"),
        ("letter", "d"),
        ("item", "2"),
    )
    assert path_of("COM, II.5, footnote 52", "COM") == (
        ("section", "ii"),
        ("section", "5"),
        ("footnote", "52"),
    )


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("Rules, Article 2. Definitions, point 1", (("article", "2"), ("point", "1"))),
        ("Rules, Hoofdstuk B. Inschrijven, paragraph 2", (("section", "b"), ("paragraph", "2"))),
        ("Rules, Artikel 4 Klachten, paragraph 1", (("article", "4"), ("paragraph", "1"))),
        ("Rules, Bilag til rapporten, paragraph 1", (("heading", "bilag til rapporten"), ("paragraph", "1"))),
        ("Rules, Kapitel i en bog, paragraph 1", (("heading", "kapitel i en bog"), ("paragraph", "1"))),
    ],
)
def test_a_division_may_have_a_title(label: str, path: tuple[tuple[str, str], ...]) -> None:
    assert path_of(label, "Rules") == path


HOUSE_RULES = """Huisregels vrijwilligers

Deze regels gelden voor iedereen die als vrijwilliger in het centrum werkt.

Artikel 1

1. Vrijwilligers dragen altijd een pas tijdens de dienst in het gebouw.

2. De coördinator zorgt voor het volgende:

a) een veilige ruimte voor gesprekken met bezoekers;

b) een lijst met de nummers van alle collega's.

Bijlage A

De lijst met nummers ligt achter de balie in de groene map van het centrum.
"""
POLICY = """1. Scope

This policy applies to everyone who works with visitors in the building, paid or not.

2. Reporting

2.1 A worry about a visitor is told to the duty manager on the same day, in person.

2.2 The duty manager writes it down and keeps the note in the locked cabinet.
"""


class Library:
    """An operator's own two texts."""

    def __init__(self) -> None:
        self._texts = {
            one.id: (one, passages(one))
            for one in (
                _text("house", "nl", "Huisregels vrijwilligers", HOUSE_RULES),
                _text("policy", "en", "Safeguarding policy", POLICY),
            )
        }

    def document(self, document_id: str) -> Document:
        return self._texts[document_id][0]

    def documents(self) -> list[Document]:
        return [document for document, _ in self._texts.values()]

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        return self._texts[document_id][1]

    def enriched(self, passage_id: str) -> tuple[Passage, Enrichment] | None:
        every = (p for _, several in self._texts.values() for p in several)
        return next(((p, Enrichment()) for p in every if p.id == passage_id), None)


def _text(identifier: str, language: str, title: str, text: str) -> Document:
    return parse(
        text,
        id=identifier,
        language=language,
        description=Description(((language, title),), title),
        sha256="",
    )


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wat staat er in artikel 1, lid 2, onder b, van de huisregels?", "een lijst met de nummers"),
        ("What does Article 1(1) of the huisregels say?", "Vrijwilligers dragen"),
        ("Wat staat er in bijlage A van de huisregels voor vrijwilligers?", "De lijst met nummers"),
        ("What does section 2.2 of the safeguarding policy say?", "2.2 The duty manager"),
        ("Hvad står der i punkt 1 i Safeguarding policy?", "This policy applies"),
    ],
)
def test_places_of_an_operators_own_texts_are_found(question: str, words: str) -> None:
    library = Library()
    reply = PlaceFinder(library, ExtractiveAnswerer(library)).looked_up(Query(question, "xx"), "index")
    assert isinstance(reply, Answer)
    [citation] = reply.citations
    assert words in citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "What does article 5 of the GDPR say?",
        "Is there a telephone list in section 3 of the building?",
        "Wat zegt artikel 5 van de AVG volgens de huisregels?",
    ],
)
def test_places_of_other_texts_are_not_looked_for_in_an_operators_own(question: str) -> None:
    library = Library()
    assert PlaceFinder(library, ExtractiveAnswerer(library)).looked_up(Query(question, "en"), "index") is None


def test_the_assistant_looks_a_place_up(corpus_assistant: Assistant) -> None:
    response = corpus_assistant.ask("Hvad står der i punkt 7 litra d i rådskonklusionerne fra 2019?")
    assert isinstance(response.reply, Answer)
    assert labels(response.reply) == [f"{COUNCIL}, point 7(d)"]
    assert response.reply.notes == ()
    quote = response.reply.citations[0].quote
    assert quote.endswith(response.reply.citations[0].passage.text)


def test_the_assistant_says_that_a_place_is_not_there(corpus_assistant: Assistant) -> None:
    reply = corpus_assistant.ask("What does point 30 of 12862/19 say?").reply
    assert isinstance(reply, Abstention)
    assert "12862/19, point 25" in reply.message


def test_the_assistant_does_not_remark_on_a_number_that_a_note_explains(corpus_assistant: Assistant) -> None:
    reply = corpus_assistant.ask("points 24 to 26 of 12862/19").reply
    assert isinstance(reply, Answer)
    assert [note.startswith("Not found in") for note in reply.notes] == [True]
