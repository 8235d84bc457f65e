from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rag.domain.answers import (
    Abstention,
    Answer,
    Citation,
    HelpContact,
    Referral,
    Reply,
    Response,
    SmallTalk,
    Stage,
    Statement,
    Support,
)
from rag.domain.documents import Description, Document, LegalForce, Standing
from rag.domain.passages import Enrichment, Origin, Passage, PassageKind, Translation
from rag.domain.retrieval import Evidence, Hit
from rag.domain.spans import Span
from rag.wire import QuestionLine, history_of, hit_line, reply_line, viewer_link

DOCUMENT = Document(
    "act",
    "Everyone shall report. Always.",
    "en",
    Description(
        (("en", "The Act"), ("da", "Loven")),
        "Act",
        date="2020-07-24",
        force=LegalForce.STRATEGY,
        standing=Standing.HISTORICAL,
    ),
    "0" * 64,
)
SPANS = (Span(0, 22),)
PASSAGE = Passage(
    "act#1", "act", "en", PassageKind.PARAGRAPH, SPANS, DOCUMENT.reading(SPANS), (Span(23, 30),), "Always.",
    "Act, 1", ("I",), (0,),
)  # fmt: skip
CITED = Citation(1, PASSAGE, SPANS, DOCUMENT.reading(SPANS), Translation("da", "Alle skal indberette."))
CONTACT = HelpContact("Child helpline", "helpline", ("EU",), phone="116 111")
ANSWER = Answer(
    (Statement("Alle skal indberette.", (1,)), Statement("Altid.", (1,), Support.PARTIAL)), (CITED,), 0.81236
)
REFERRAL = Referral("Call this number.", (CONTACT,), "help", also_answer=True)


def line(reply: Reply) -> dict[str, object]:
    stages = (Stage("route", 1.23456), Stage("total", 2.0))
    response = Response("Hvem?", "da", "Hvem skal indberette?", reply, "abc", stages)
    return json.loads(reply_line(response, lambda _: DOCUMENT, "q1").model_dump_json())


def test_an_answer_on_the_wire() -> None:
    assert line(ANSWER) == {
        "id": "q1",
        "question": "Hvem?",
        "language": "da",
        "understood_as": "Hvem skal indberette?",
        "kind": "answer",
        "text": "Alle skal indberette. [1]\nAltid. [1]",
        "statements": [
            {"text": "Alle skal indberette.", "citations": [1], "support": "full", "speaker": ""},
            {"text": "Altid.", "citations": [1], "support": "partial", "speaker": ""},
        ],
        "citations": [
            {
                "number": 1,
                "document": "act",
                "title": "Loven",
                "label": "Act, 1",
                "language": "en",
                "spans": [[0, 22]],
                "quote": "Everyone shall report.",
                "translation": {"language": "da", "text": "Alle skal indberette.", "origin": "unofficial"},
                "date": "2020-07-24",
                "force": "strategy",
                "standing": "historical",
                "viewer": "/source/act?spans=0-22#cited",
            }
        ],
        "contacts": [],
        "notes": [],
        "confidence": 0.8124,
        "answerer": "extractive",
        "index": "abc",
        "timings_ms": {"route": 1.235, "total": 2.0},
    }


def test_an_abstention_brings_the_nearest_passages_and_no_statement() -> None:
    found = line(Abstention("The texts do not say.", (CITED,), 0.2))
    assert (found["kind"], found["text"], found["statements"]) == ("abstention", "The texts do not say.", [])
    assert len(found["citations"]) == 1
    assert found["confidence"] == 0.2


def test_a_referral_brings_the_contacts() -> None:
    found = line(REFERRAL)
    assert (found["kind"], found["citations"]) == ("referral", [])
    assert found["contacts"][0]["phone"] == "116 111"


def test_small_talk_is_a_referral_to_the_service() -> None:
    assert (line(SmallTalk("Hello."))["kind"], line(SmallTalk("Hello."))["text"]) == ("referral", "Hello.")


def test_help_stands_before_the_answer_it_comes_with() -> None:
    cared = Answer(ANSWER.statements, ANSWER.citations, 0.8, care=REFERRAL)
    found = line(cared)
    assert found["text"].startswith("Call this number.\nAlle skal")
    assert found["contacts"][0]["name"] == "Child helpline"


def test_a_hit_spans_its_context_and_says_why_only_when_asked() -> None:
    hit = Hit(
        PASSAGE, Enrichment(), 0.123456789, (Evidence("dense text", Origin.QUESTION, "en", "Who?", 0.5, 0.1),)
    )
    assert hit_line(hit).model_dump(exclude_none=True) == {
        "document": "act",
        "spans": [(23, 30), (0, 22)],
        "score": 0.12346,
        "label": "Act, 1",
    }
    assert hit_line(hit, explain=True).evidence == [
        {
            "leg": "dense text",
            "origin": "question",
            "language": "en",
            "text": "Who?",
            "score": 0.5,
            "share": 0.1,
        }
    ]


@given(st.lists(st.tuples(st.integers(0, 9_999), st.integers(1, 99)), min_size=1, max_size=4))
def test_a_link_to_the_source_names_every_span(pairs: list[tuple[int, int]]) -> None:
    link = viewer_link("act", tuple(Span(a, a + n) for a, n in pairs))
    assert link.startswith("/source/act?spans=")
    assert link.endswith("#cited")
    given_back = link.removeprefix("/source/act?spans=").removesuffix("#cited").split(",")
    assert given_back == [f"{a}-{a + n}" for a, n in pairs]


def test_a_question_line_may_bring_earlier_turns() -> None:
    parsed = QuestionLine.model_validate_json(
        '{"id": 7, "question": "And then?", "more": 1, "history": [{"question": "Who?", "answer": "All."}]}'
    )
    [turn] = history_of(parsed)
    assert (parsed.id, turn.question, turn.understood_as, turn.answer) == (7, "Who?", "Who?", "All.")


@pytest.mark.parametrize(
    "bad", ["{}", '{"question": null}', '{"question": 3}', "[]", "", '{"question": "a", "id": []}']
)
def test_a_line_that_is_no_question_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        QuestionLine.model_validate_json(bad)
