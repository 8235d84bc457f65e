"""What a follow-up may refer to, and what stays on the page."""

from __future__ import annotations

from markupsafe import Markup

from rag.ui.conversation import MOST_SHOWN, MOST_TURNS, Conversation, answered, failed, turn_of
from tests.web.handmade import HandmadeAssistant

ASSISTANT = HandmadeAssistant()


def test_an_answer_is_remembered_with_its_documents() -> None:
    turn = turn_of(ASSISTANT.ask("Which?"))
    assert turn.question == "Which?"
    assert turn.documents == ("decision",)
    assert "act fast" in turn.answer


def test_an_abstention_is_remembered_without_documents() -> None:
    assert turn_of(ASSISTANT.ask("weather")).documents == ()


def test_the_memory_keeps_the_last_turns_and_the_page_more() -> None:
    talk = Conversation()
    for number in range(MOST_SHOWN + 3):
        talk = answered(talk, ASSISTANT.ask(f"Question {number}?"), Markup(f"<p>{number}</p>"))
    assert len(talk.history) == MOST_TURNS
    assert talk.history[-1].question == f"Question {MOST_SHOWN + 2}?"
    assert len(talk.shown) == MOST_SHOWN
    assert talk.count == MOST_SHOWN + 3


def test_a_failure_is_shown_and_not_remembered() -> None:
    talk = failed(Conversation(), Markup("<p>Sorry</p>"))
    assert talk.markup == "<p>Sorry</p>"
    assert talk.history == ()
