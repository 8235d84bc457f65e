"""What stands between the network and the pages: limits, security headers, a closed Gradio.

Plain ASGI, so that streamed answers pass untouched.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.domain.errors import SettingsError
from rag.settings import Settings
from rag.web.problems import problem

MOST_BODY_BYTES = 256 * 1024
"""A question and its history fit many times; a file does not."""

MOST_ENQUIRY_BYTES = 5 * 1024 * 1024
"""An e-mail or a DOCX with its pictures."""
LARGER_BODIES = {"/desk/enquiries": MOST_ENQUIRY_BYTES}
STAFF_FOLDERS = ("/desk", "/workbench", "/staff")
"""Pages for signed-in staff: their scripts may speak to this site, and no other page may frame them."""

GRADIO_DOORS = frozenset(
    """/ /theme.css /robots.txt /gradio_api/app_id /gradio_api/cancel /gradio_api/queue/data
    /gradio_api/queue/join /gradio_api/reset /gradio_api/startup-events /gradio_api/theme.css""".split()
)
GRADIO_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")
"""What the chat page needs of Gradio. Everything else it offers (uploads, file access, proxying,
direct calls, monitoring, its API description) is shut."""

_STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
_CHAT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'"
)


def checked_ancestors(settings: Settings) -> str:
    """Who may embed the pages. Raises SettingsError where the value would break the header."""
    value = settings.frame_ancestors.strip()
    if not value or any(character in value for character in ";,\r\n"):
        raise SettingsError(
            f"FRAME_ANCESTORS={value!r}: write the allowed sites with spaces between them, "
            "without ; or , (for example: 'self' https://intranet.example)."
        )
    return value


@dataclass(frozen=True, slots=True)
class SecurityHeaders:
    """Adds the headers to every response. The chat page alone may run inline scripts
    and evaluate text: Gradio is built on both. What we put on that page is escaped."""

    app: ASGIApp
    frame_ancestors: str = "'self'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, receive, send_guarded)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        policy = _CHAT if path == "/" else f"{_STRICT}; form-action 'self'; base-uri 'none'"
        ancestors = self.frame_ancestors
        if path.startswith(STAFF_FOLDERS):
            policy, ancestors = f"{policy}; connect-src 'self'", "'none'"
        headers["Content-Security-Policy"] = f"{policy}; frame-ancestors {ancestors}"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        frame_options = {"'self'": "SAMEORIGIN", "'none'": "DENY"}.get(ancestors)
        if frame_options:
            headers["X-Frame-Options"] = frame_options


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """Refuses bodies over `most_bytes`, whatever their Content-Length says."""

    app: ASGIApp
    most_bytes: int = MOST_BODY_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = LARGER_BODIES.get(scope["path"], self.most_bytes)
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > most:
            await self._refuse(scope, receive, send, most)
            return
        body, whole = await self._read(receive, most)
        if not whole:
            await self._refuse(scope, receive, send, most)
            return
        await self.app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive, most: int) -> tuple[list[Message], bool]:
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > most:
                return messages, False
            if message["type"] != "http.request" or not message.get("more_body"):
                return messages, True

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        text = f"The body is too large: at most {most // 1024} KiB are read."
        await problem(text, 413)(scope, receive, send)


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replay() -> Message:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return replay


@dataclass(frozen=True, slots=True)
class GradioGate:
    """Stands before the mounted Gradio and lets only the chat's own traffic through."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        opened = path in GRADIO_DOORS or path.startswith(GRADIO_FOLDERS)
        if scope["type"] == "http" and (not opened or ".." in path):
            raise HTTPException(404, "There is nothing at this address.")
        await self.app(scope, receive, send)


def shut_gradio(app: FastAPI) -> None:
    """Put the gate before the Gradio application that was mounted last."""
    mounted = app.router.routes[-1]
    if not isinstance(mounted, Mount):
        raise TypeError("the last route is not a mounted application")
    mounted.app = GradioGate(mounted.app)


@dataclass(frozen=True, slots=True)
class Shield:
    """Turns an unexpected error into a readable answer, and keeps its message out of the log."""

    app: ASGIApp
    answer: Callable[[Request, Exception], Awaitable[ASGIApp]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except Exception as error:
            if scope["type"] != "http" or started:
                raise
            response = await self.answer(Request(scope), error)
            await response(scope, receive, send)
