"""The HTTP API speaks the wire format; what goes wrong is said in plain words."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.application import create_app
from rag.web.guards import MOST_BODY_BYTES
from rag.wire import HitsLine, ReplyLine
from tests.web.handmade import DOCUMENT, TRANSLATION, HandmadeAssistant


def test_a_question_gets_the_wire_format_and_its_quotes_are_the_sources(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"id": 7, "question": "What must they do?", "language": "en"})
    reply = ReplyLine.model_validate(answer.json())
    assert (reply.id, reply.kind, reply.index) == (7, "answer", "f00d")
    assert reply.statements[0].text == TRANSLATION
    for line in reply.citations:
        from rag.domain.spans import Span

        spans = tuple(Span(start, end) for start, end in line.spans)
        assert DOCUMENT.reading(spans) == line.quote
        assert client.get(line.viewer).status_code == 200


def test_earlier_turns_reach_the_assistant(client: TestClient, assistant: HandmadeAssistant) -> None:
    history = [{"question": "And in 2019?", "answer": "Yes.", "documents": ["decision"]}]
    answer = client.post("/api/ask", json={"question": "Why?", "history": history})
    assert answer.json()["understood_as"] == "Why? (And in 2019?)"
    ((_, _, turns),) = assistant.asked
    assert turns[0].documents == ("decision",)


def test_a_search_gives_passages_best_first(client: TestClient) -> None:
    lines = HitsLine.model_validate(
        client.post("/api/search", json={"question": "enheder", "limit": 2}).json()
    )
    assert [hit.document for hit in lines.hits] == ["decision", "decision"]
    assert lines.hits[0].score > lines.hits[1].score


def test_the_texts_are_listed_with_their_weight(client: TestClient) -> None:
    (line,) = client.get("/api/sources").json()
    assert (line["id"], line["force"], line["standing"]) == ("decision", "binding act", "in force")
    assert client.get(line["viewer"]).status_code == 200


def test_health_names_the_index(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() | {"status": "ready", "index": "f00d", "documents": 1} == answer.json()


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"question": ""}, 400, "empty"),
        ({"question": "x" * 10_000}, 400, "too long"),
        ({}, 422, "question"),
        ({"question": 5}, 422, "question"),
        ({"question": "a", "history": "no"}, 422, "history"),
    ],
)
def test_a_bad_question_gets_one_readable_sentence(
    client: TestClient, body: dict[str, object], status: int, words: str
) -> None:
    answer = client.post("/api/ask", json=body)
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_a_body_that_is_not_json_gets_a_readable_error(client: TestClient) -> None:
    answer = client.post("/api/ask", content=b"{nope", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("The request could not be read.")


@pytest.mark.parametrize("limit", [0, 101, "many"])
def test_a_search_limit_out_of_range_is_refused(client: TestClient, limit: object) -> None:
    assert client.post("/api/search", json={"question": "a", "limit": limit}).status_code == 422


def test_a_large_body_is_refused_whether_declared_or_streamed(client: TestClient) -> None:
    big = b'{"question": "' + b"x" * MOST_BODY_BYTES + b'"}'
    assert client.post("/api/ask", content=big).status_code == 413

    def stream() -> object:
        yield from (big[i : i + 4096] for i in range(0, len(big), 4096))

    streamed = client.post("/api/ask", content=stream())  # type: ignore[arg-type]
    assert streamed.status_code == 413
    assert "too large" in streamed.json()["error"]


def test_an_unexpected_error_shows_a_number_and_neither_trace_nor_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/api/ask", json={"question": "boom my private matter"})
    assert answer.status_code == 500
    body = answer.json()
    assert body["reference"] in body["error"]
    assert "private" not in answer.text
    assert "Traceback" not in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("ask_the_rules")]
    assert body["reference"] in ours[0]
    assert "private" not in caplog.text


def test_while_indexing_the_api_says_so_and_when_to_ask_again(settings: Settings) -> None:
    desk = Desk()
    desk.report("vectors", 30, 120)
    with TestClient(create_app(desk, settings)) as client:
        health = client.get("/health")
        assert (health.status_code, health.json()["status"], health.json()["total"]) == (503, "indexing", 120)
        answer = client.post("/api/ask", json={"question": "Why?"})
        assert answer.status_code == 503
        assert "still being indexed" in answer.json()["error"]
        assert answer.headers["retry-after"]


def test_the_description_of_the_api_needs_no_script_and_no_other_site(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "<script" not in page
    assert "cdn" not in page
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page
    assert "ReplyLine" in page
