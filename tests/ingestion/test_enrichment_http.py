"""`python -m rag enrich` over HTTP: an endpoint that speaks the OpenAI protocol, on this machine, with scripted replies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from openai import OpenAI
from test_enrichment_writer import Silent, passage, reply

from rag.ingestion.enrichment import read_entries
from rag.ingestion.enrichment_writer import EnrichmentWriter


class Endpoint(BaseHTTPRequestHandler):
    """Answers a streamed chat completion about "Doc, N" in pieces of forty characters."""

    asked: list[str] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body["messages"][1]["content"])
        text = reply(len(self.asked)) if body["messages"][0]["role"] == "system" else "no"
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for start in range(0, len(text), 40):
            choice = {"index": 0, "delta": {"content": text[start : start + 40]}, "finish_reason": None}
            chunk = {
                "id": "x",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "m",
                "choices": [choice],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *arguments: object) -> None:
        pass


class OverHttp:
    name = "openai:local"

    def __init__(self, address: str) -> None:
        self.client = OpenAI(base_url=address, api_key="none", max_retries=0, timeout=10)

    def stream(self, system: str, user: str) -> Iterator[str]:
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        for chunk in self.client.chat.completions.create(model="m", messages=messages, stream=True):
            yield chunk.choices[0].delta.content or ""


@pytest.fixture
def address() -> Iterator[str]:
    Endpoint.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_streamed_replies_of_an_endpoint_become_entries(address: str, tmp_path: Path) -> None:
    model = OverHttp(address)
    try:
        result = EnrichmentWriter(tmp_path, model, Silent()).write(
            [passage(1), passage(2)], {"doc": "The Strategy"}
        )
    finally:
        model.client.close()
    assert (result.written, result.refused) == (2, ())
    assert [placed.entry.by for placed in read_entries(tmp_path)] == ["openai:local"] * 2
    assert len(Endpoint.asked) == 2
    assert "725 000" in Endpoint.asked[0]
