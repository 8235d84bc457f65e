"""Question text is logged when the operator asks for it, and not otherwise."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from rag.settings import Settings
from rag.ui.answering import Answering
from rag.ui.question_log import LOG, open_question_log
from rag.ui.service import Desk
from rag.ui.words import load_words
from rag.web.application import create_app
from tests.web.handmade import HandmadeAssistant
from tests.web.site import make_site

DOORS = ("ask", "search", "plain", "chat")


@pytest.fixture(autouse=True)
def level() -> object:
    """The logger as it was, whatever a test opens."""
    before, handlers = LOG.level, list(LOG.handlers)
    yield
    LOG.setLevel(before)
    LOG.handlers[:] = handlers


def ask_through(door: str, question: str, settings: Settings) -> None:
    desk = Desk(HandmadeAssistant())
    with TestClient(create_app(desk, settings)) as client:
        if door == "plain":
            assert client.get("/plain", params={"q": question}).status_code == 200
        elif door == "chat":
            assert list(Answering(desk, settings).stream(question, "en", ()))
        else:
            assert client.post(f"/api/{door}", json={"question": question}).status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_by_default_no_question_is_logged(door: str, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(_env_file=None)
    assert settings.log_questions is False
    with caplog.at_level(logging.DEBUG):
        ask_through(door, "my private matter", settings)
    assert "private matter" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("ask_the_rules")
    )


@pytest.mark.parametrize("door", DOORS)
def test_when_asked_for_each_question_is_logged_once(door: str, caplog: pytest.LogCaptureFixture) -> None:
    ask_through(door, "my own matter", Settings(_env_file=None, log_questions=True))
    lines = [(r.levelno, r.getMessage()) for r in caplog.records if r.name == LOG.name]
    assert lines == [(logging.INFO, "Question: 'my own matter'")]


@pytest.mark.parametrize("logged", [False, True])
def test_people_are_told_that_questions_are_logged(logged: bool) -> None:
    settings = Settings(_env_file=None, log_questions=logged)
    told, forgotten = load_words("en")("privacy_logged"), load_words("en")("privacy_kept")
    with TestClient(make_site(Desk(HandmadeAssistant()), settings)) as client:
        assert (told in client.get("/plain?lang=en").text) is logged
        chat = client.get("/?lang=en").text
    assert (told in chat, forgotten in chat) == (logged, not logged)


def test_a_question_cannot_forge_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    ask_through("ask", "why?\nERROR all is lost\x1b[2J", Settings(_env_file=None, log_questions=True))
    (line,) = [r.getMessage() for r in caplog.records if r.name == LOG.name]
    assert line == r"Question: 'why?\nERROR all is lost\x1b[2J'"


def test_without_a_log_of_the_operators_questions_go_to_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOG, "propagate", False)
    settings = Settings(_env_file=None, log_questions=True)
    open_question_log(settings)
    open_question_log(settings)
    ask_through("ask", "my own matter", settings)
    assert capsys.readouterr().err.count("my own matter") == 1
