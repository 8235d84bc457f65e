"""An OpenAI-compatible endpoint on this machine that does, request by request, what a script says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rag.models.chat import LangChainChatModel

Act = Callable[["_Handler"], None]


def chunk(text: str) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def says(text: str, *, size: int = 7) -> Act:
    """Streams the text in pieces of `size` characters."""

    def act(handler: _Handler) -> None:
        handler.begin()
        for start in range(0, len(text), size):
            handler.wfile.write(chunk(text[start : start + size]))
        handler.wfile.write(b"data: [DONE]\n\n")

    return act


def refuses(status: int, message: str = "no") -> Act:
    """Answers with an HTTP error."""

    def act(handler: _Handler) -> None:
        body = json.dumps({"error": {"message": message, "type": "error"}}).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Retry-After-Ms", "1")
        handler.end_headers()
        handler.wfile.write(body)

    return act


def sends(raw: bytes, *, after: str = "") -> Act:
    """Streams `after` as it should be, then these bytes as they are."""

    def act(handler: _Handler) -> None:
        handler.begin()
        if after:
            handler.wfile.write(chunk(after))
        handler.wfile.write(raw)

    return act


def hangs(seconds: float, *, after: str = "") -> Act:
    """Says something, or nothing at all, and then falls silent."""

    def act(handler: _Handler) -> None:
        if after:
            handler.begin()
            handler.wfile.write(chunk(after))
            handler.wfile.flush()
        handler.server.released.wait(seconds)  # type: ignore[attr-defined]  # set by `endpoint`

    return act


def drips(text: str, *, pause: float) -> Act:
    """Streams one character at a time, slowly, so that no single wait is long."""

    def act(handler: _Handler) -> None:
        handler.begin()
        for letter in text:
            if handler.server.released.wait(pause):  # type: ignore[attr-defined]
                return
            handler.wfile.write(chunk(letter))
            handler.wfile.flush()

    return act


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.requests.append(body)
        act = server.script.pop(0) if server.script else refuses(400, "the script is at its end")
        with suppress(BrokenPipeError, ConnectionResetError):
            act(self)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


class Endpoint:
    """The running server: what it will do next, and what it was asked."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}/v1"

    def will(self, *acts: Act) -> None:
        self._server.script[:] = acts
        self._server.requests.clear()

    @property
    def requests(self) -> list[dict[str, Any]]:
        return list(self._server.requests)

    def asked(self, number: int) -> str:
        """Everything said to the model in one request."""
        return "\n".join(message["content"] for message in self.requests[number]["messages"])


def warm_up(endpoint: Endpoint) -> None:
    """One unhurried request, so that what the client imports at its first one is not on the clock."""
    endpoint.will(says("ready"))
    assert "".join(LangChainChatModel("openai:scripted", endpoint.url, 60).stream("a", "b")) == "ready"


@contextmanager
def running() -> Iterator[Endpoint]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.script, server.requests, server.released = [], [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Endpoint(server)
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
