"""Questions of several parts: when they are divided, and how the answers come together."""

from __future__ import annotations

import pytest

from rag.answering.parts import QuestionParts
from rag.domain.answers import Answer, Citation, Statement
from rag.domain.passages import Passage, PassageKind
from rag.domain.retrieval import Query, QuestionPart
from rag.domain.spans import Span

PARTS = QuestionParts()


def searched(question: str, language: str) -> list[str]:
    return [part.query.text for part in PARTS.divide(question, language)]


@pytest.mark.parametrize(
    ("question", "language", "parts"),
    [
        (
            "Who runs the EU centre, and when does it start?",
            "en",
            ["Who runs the EU centre?", "when does it start? (the EU centre)"],
        ),
        (
            "Who adopted Directive 2011/93, and what does Decision 2000/375 say about police units?",
            "en",
            ["Who adopted Directive 2011/93?", "what does Decision 2000/375 say about police units?"],
        ),
        (
            "According to the 2020 strategy, who runs the centre, and when does it start?",
            "en",
            [
                "According to the 2020 strategy, who runs the centre?",
                "According to the 2020 strategy, when does it start? (the centre)",
            ],
        ),
        (
            "Who runs the ICSE database? And who pays for it?",
            "en",
            ["Who runs the ICSE database?", "who pays for it? (the ICSE database)"],
        ),
        (
            "I run a chat service. What must the police report and when does the rule start?",
            "en",
            [
                "I run a chat service. What must the police report?",
                "I run a chat service. when does the rule start? (the police report)",
            ],
        ),
        (
            "How many MEPs voted for the temporary rules, and how long do they apply?",
            "en",
            [
                "How many MEPs voted for the temporary rules?",
                "how long do they apply? (for the temporary rules)",
            ],
        ),
        (
            "What is the network, where is its office, and how many governments are members?",
            "en",
            [
                "What is the network?",
                "where is its office? (the network)",
                "how many governments are members? (the network)",
            ],
        ),
        (
            "Which initiative covers the network, and who would be in it?",
            "en",
            ["Which initiative covers the network?", "who would be in it? (the network)"],
        ),
        (
            "Do the rules apply to audio, and for how long?",
            "en",
            ["Do the rules apply to audio?", "for how long do the rules apply to audio?"],
        ),
        (
            "When was the regulation adopted, and by how many votes?",
            "en",
            ["When was the regulation adopted?", "by how many votes was the regulation adopted?"],
        ),
        (
            "Geldt de verordening ook voor audio en hoe lang?",
            "nl",
            ["Geldt de verordening ook voor audio?", "hoe lang geldt de verordening ook voor audio?"],
        ),
        (
            "Gælder reglerne for lyd, og hvor længe?",
            "da",
            ["Gælder reglerne for lyd?", "hvor længe gælder reglerne for lyd?"],
        ),
        (
            "Wie leidt het centrum en wanneer begint het?",
            "nl",
            ["Wie leidt het centrum?", "wanneer begint het? (het centrum)"],
        ),
        (
            "Hvem driver centret, og hvornår starter det?",
            "da",
            ["Hvem driver centret?", "hvornår starter det? (centret)"],
        ),
        (
            "When does it start and who runs it? (What is the EU centre)",
            "en",
            [
                "When does it start? (What is the EU centre)",
                "who runs it? (it start) (What is the EU centre)",
            ],
        ),
    ],
)
def test_each_part_is_searched_with_what_it_leans_on(question: str, language: str, parts: list[str]) -> None:
    assert searched(question, language) == parts


@pytest.mark.parametrize(
    ("question", "language", "leans"),
    [
        ("Who runs the EU centre, and when does it start?", "en", True),
        ("Hvem driver centret, og hvornår starter det?", "da", True),
        ("Who runs the ICSE database, and who pays for it?", "en", False),
        ("Wat doet het Interpol, en wie betaalt het?", "nl", False),
    ],
)
def test_a_part_leans_on_the_text_before_unless_its_topic_has_a_name(
    question: str, language: str, leans: bool
) -> None:
    assert PARTS.divide(question, language)[1].leans is leans


def test_each_part_is_named_as_it_was_asked() -> None:
    asked = [part.asked for part in PARTS.divide("Who runs the EU centre, and when does it start?", "en")]
    assert asked == ["Who runs the EU centre?", "When does it start?"]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who pays for the centre, and why?", "en"),
        ("Does the text say when it starts, who runs it?", "en"),
        ("Who and what is protected?", "en"),
        ("When and where was the decision taken?", "en"),
        ("How many reports were there in 2010 and how many in 2019?", "en"),
        ("What changed between 2010 and when does it end?", "en"),
        ("Explain what the EU centre is and how it works.", "en"),
        ("Does the text say what the EU centre is and how it works?", "en"),
        ("Which rules apply and are binding on the Member States?", "en"),
        ("What did the pandemic teach police and courts?", "en"),
        ("What is it and what does it do?", "en"),
        ("My child is 12, right? What must I report?", "en"),
        ("Why? What for?", "en"),
        ("Staat al vast wie dat betaalt en welke rechtsvorm het krijgt?", "nl"),
        ("Hoe is de rol van Europol gegroeid tussen 2000 en 2020?", "nl"),
        ("Weet u wanneer het centrum begint en wie het leidt?", "nl"),
        ("Ligger det fast, hvem der skal betale, og hvordan det skal være skruet sammen?", "da"),
        ("Hvor mange var der i 2010 og hvor mange i 2019?", "da"),
        ("Hvad siger teksten om børn, og hvordan de beskyttes?", "da"),
        ("Who runs it, and when does it start?", "xx"),
    ],
)
def test_a_single_question_is_left_whole(question: str, language: str) -> None:
    assert searched(question, language) == [question]


def passage(name: str, kind: PassageKind = PassageKind.PARAGRAPH) -> Passage:
    return Passage(name, "t", "en", kind, (Span(0, 4),), name, (), "", name, (), (0,))


def answer(*names: str, confidence: float = 0.9, kind: PassageKind = PassageKind.PARAGRAPH) -> Answer:
    citations = tuple(Citation(n, p := passage(w, kind), p.spans, w) for n, w in enumerate(names, start=1))
    return Answer(tuple(Statement(c.quote, (c.number,)) for c in citations), citations, confidence)


def part(asked: str, speaker: str = "") -> QuestionPart:
    return QuestionPart(asked, Query(asked, "en"), speaker=speaker)


def test_answers_are_joined_in_order_and_what_they_share_is_given_once() -> None:
    joined = PARTS.join(
        [(part("One?"), answer("a", "b")), (part("Two?"), answer("b", "c", confidence=0.7))], None, "en"
    )
    assert [(s.text, s.citations) for s in joined.statements] == [("a", (1,)), ("b", (2,)), ("c", (3,))]
    assert [c.passage.id for c in joined.citations] == ["a", "b", "c"]
    assert (joined.confidence, joined.notes) == (0.7, ())


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "Nothing was found that clearly answers: “Two?”"),
        ("nl", "Er is niets gevonden dat hier duidelijk op antwoordt: “Two?”"),
        ("da", "Der er ikke fundet noget, der klart besvarer: “Two?”"),
    ],
)
def test_a_part_without_an_answer_is_named(language: str, note: str) -> None:
    assert PARTS.join([(part("One?"), answer("a")), (part("Two?"), None)], None, language).notes == (note,)


def test_a_part_is_not_called_unanswered_when_the_whole_question_finds_more() -> None:
    joined = PARTS.join([(part("One?"), answer("a")), (part("Two?"), None)], answer("a", "b"), "en")
    assert [c.passage.id for c in joined.citations] == ["a", "b"]
    assert joined.notes == ()
    same = PARTS.join([(part("One?"), answer("a")), (part("Two?"), None)], answer("a"), "en")
    assert same.notes == ("Nothing was found that clearly answers: “Two?”",)


def test_without_any_answer_there_is_nothing_to_join() -> None:
    assert PARTS.join([(part("One?"), None), (part("Two?"), None)], answer("a"), "en") is None


def test_a_part_is_answered_briefly_but_its_list_is_whole() -> None:
    joined = PARTS.join([(part("One?"), answer("a", "b", "c")), (part("Two?"), answer("d"))], None, "en")
    assert [c.passage.id for c in joined.citations] == ["a", "b", "d"]
    items = answer("a", "b", "c", kind=PassageKind.LIST_ITEM)
    listed = PARTS.join([(part("One?"), items), (part("Two?"), answer("d"))], None, "en")
    assert [c.passage.id for c in listed.citations] == ["a", "b", "c", "d"]


def test_silent_texts_are_named() -> None:
    heard = [(part("What?", "A"), answer("a")), (part("What?", "B"), None), (part("What?", "C"), None)]
    assert PARTS.join(heard, None, "en").notes == ("Nothing about this was found in: B; C.",)
