"""The chat page's shell: Gradio's page in the reader's language, or how far the start has come."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.ui.service import Desk
from rag.ui.words import SERVICE_NAME, Words
from rag.web.pages import page_words
from rag.web.problems import waiting_page

_HTML_TAG = re.compile(rb'<html\s+lang="en"')
_VENDOR_TAGS = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link\s+rel="manifest"[^>]*>')


@dataclass(frozen=True, slots=True)
class ChatShell:
    """Serves "/" while the texts are not ready, and corrects Gradio's page when they are.

    Gradio fixes `lang="en"`, describes itself to search engines and asks for a manifest.
    """

    app: ASGIApp
    desk: Desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        progress = self.desk.progress
        if progress.state != "ready":
            await waiting_page(request, progress)(scope, receive, send)
            return
        await self.app(scope, receive, _Rewriter(send, page_words(request)))


class _Rewriter:
    """Holds a page back until it is whole, and sends it corrected."""

    def __init__(self, send: Send, words: Words) -> None:
        self._send = send
        self._words = words
        self._start: Message = {}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = rewrite(bytes(self._body), self._words)
        headers = MutableHeaders(scope=self._start)
        headers["Vary"] = "Accept-Language"
        headers["Content-Language"] = self._words.language
        headers["Cache-Control"] = "no-cache"
        if self._body:
            headers["Content-Length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})


def rewrite(body: bytes, words: Words) -> bytes:
    """Gradio's page in the reader's language, with our description in the place of Gradio's."""
    body = _VENDOR_TAGS.sub(b"", body)
    lang = words.language.encode()
    body = _HTML_TAG.sub(b'<html lang="' + lang + b'"', body, count=1)
    head = (
        f'<meta name="description" content="{words("tagline")}">'
        f'<meta name="interface-language" content="{words.language}"><title>{SERVICE_NAME}</title>'
    )
    return body.replace(b"</head>", head.encode() + b"</head>", 1)
