"""The chat mounted onto the application: it answers, and of Gradio nothing else is open."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from rag.settings import Settings
from rag.ui.service import Desk
from rag.ui.words import OWN_NAMES, load_examples
from tests.web.handmade import HandmadeAssistant
from tests.web.site import make_site


@pytest.fixture(scope="module")
def assistant() -> HandmadeAssistant:
    return HandmadeAssistant()


@pytest.fixture(scope="module")
def client(assistant: HandmadeAssistant) -> Iterator[TestClient]:
    with TestClient(make_site(Desk(assistant), Settings(_env_file=None))) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/info", "/gradio_api/openapi.json", "/config", "/monitoring", "/monitoring/summary",
        "/gradio_api/file=/etc/hostname", "/gradio_api/proxy=https://example.org", "/gradio_api/upload_progress",
        "/gradio_api/runs", "/gradio_api/deep_link", "/svelte/x", "/login_check", "/manifest.json", "/gradio_api/dev/reload",
    ],
)  # fmt: skip
def test_of_gradio_only_the_chat_is_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/upload", "/gradio_api/component_server", "/login"])
def test_nothing_can_be_uploaded(client: TestClient, path: str) -> None:
    answer = client.post(path, files={"files": ("a.txt", b"x")})
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize(
    "path", ["/gradio_api/run/stream", "/gradio_api/api/stream", "/gradio_api/call/stream"]
)
def test_functions_cannot_be_called_directly(client: TestClient, path: str) -> None:
    assert client.post(path, json={"data": ["Why?", "en", None]}).status_code == 404


def config(client: TestClient) -> dict[str, object]:
    page = client.get("/").text
    start = page.index("window.gradio_config = ") + len("window.gradio_config = ")
    found, _ = json.JSONDecoder().raw_decode(page[start:])
    assert isinstance(found, dict)
    return found


def test_history_analytics_and_footer_are_off(client: TestClient) -> None:
    found = config(client)
    assert found.get("analytics_enabled") is False
    assert not found.get("run_history")
    assert found.get("footer_links") == []
    assert all(d["api_visibility"] == "private" for d in found["dependencies"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "accepted", "lang"), [("da", "en", "da"), ("", "nl-NL,en;q=0.5", "nl"), ("", "", "en")]
)
def test_the_page_names_its_language(client: TestClient, asked: str, accepted: str, lang: str) -> None:
    answer = client.get("/", params={"lang": asked}, headers={"accept-language": accepted})
    assert f'<html lang="{lang}"' in answer.text
    assert answer.headers["content-language"] == lang


def test_the_page_names_no_other_site(client: TestClient) -> None:
    head = client.get("/").text.split("<body")[0]
    assert "og:image" not in head
    assert "twitter:" not in head
    policy = client.get("/").headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert "http" not in policy


def join(client: TestClient, question: str, session: str, language: str) -> None:
    found = config(client)
    dependency = next(d for d in found["dependencies"] if len(d["outputs"]) == 6 and len(d["inputs"]) == 3)  # type: ignore[attr-defined]
    joined = client.post(
        "/gradio_api/queue/join",
        json={"data": [question, language, None], "fn_index": dependency["id"], "session_hash": session},
    )
    assert joined.status_code == 200, joined.text


def ask(client: TestClient, question: str, session: str, language: str = "en") -> str:
    """Ask as the page does, through the queue; returns the conversation's markup."""
    join(client, question, session, language)
    markup = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            event = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if event.get("msg") == "process_completed":
                markup = event["output"]["data"][0]
                break
    return str(markup)


def test_a_question_is_answered_and_a_follow_up_knows_the_question_before(client: TestClient) -> None:
    session = uuid.uuid4().hex
    first = ask(client, "Which measures?", session)
    assert "The Member States must act fast" in first
    second = ask(client, "Why?", session)
    assert "Why? (Which measures?)" in second


def test_an_answer_is_sent_as_it_grows(assistant: HandmadeAssistant, client: TestClient) -> None:
    assistant.go_on.set()
    shown = [BeautifulSoup(markup, "html.parser") for markup in steps(client, "A slow one?")]
    assert [len(page.select(".statement")) for page in shown] == [0, 1, 2]
    assert [len(page.select(".growing")) for page in shown] == [0, 1, 0]


def steps(client: TestClient, question: str) -> list[str]:
    """The conversation's markup each time it was sent; later ones come as differences to the one before."""
    session = uuid.uuid4().hex
    join(client, question, session, "en")
    found: list[str] = []
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            event = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            if event.get("msg") == "process_generating":
                sent = event["output"]["data"][0]
                found.append(sent if isinstance(sent, str) else sent[0][2])
            if event.get("msg") == "process_completed":
                break
    return found


def test_two_people_do_not_see_each_other(client: TestClient) -> None:
    ask(client, "My own question?", uuid.uuid4().hex)
    other = ask(client, "Why?", uuid.uuid4().hex)
    assert "My own question?" not in other


def test_an_error_reaches_the_person_as_a_sentence(client: TestClient) -> None:
    shown = ask(client, "boom", uuid.uuid4().hex, "nl")
    assert "Er ging bij ons iets mis" in shown
    assert "secret" not in shown


def test_the_examples_and_languages_are_on_the_page(client: TestClient) -> None:
    text = json.dumps(config(client), ensure_ascii=False)
    assert all(example.text in text for example in load_examples())
    assert all(name in text for name in OWN_NAMES.values())
