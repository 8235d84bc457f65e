"""The chat page: a Gradio interface of ours, mounted onto the web application.

Gradio carries the conversation; what a reply looks like is `rendering`'s, what it says is the
assistant's. The earlier turns live in the session's memory on the server, and nowhere else.
"""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported

from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from rag.settings import Settings
from rag.ui.answering import Answering
from rag.ui.page import SESSION_SECONDS, ChatPage
from rag.ui.service import Desk
from rag.ui.words import SERVICE_NAME, load_words

ROOM = Path(__file__).parent
SWEEP_SECONDS = 600
LONGEST_QUEUE = 200


def mount_chat(app: FastAPI, desk: Desk, settings: Settings) -> FastAPI:
    """Put the chat at "/" of `app`."""
    chat = build_chat(desk, settings)
    chat.queue(
        api_open=False,
        default_concurrency_limit=settings.max_concurrent_questions,
        max_size=LONGEST_QUEUE,
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        chat,
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        theme=_theme(),
        head=(ROOM / "head.html").read_text("utf-8"),
        js=(ROOM / "page.js").read_text("utf-8"),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
    )
    return mounted


def _theme() -> Any:
    """Gradio's own plain theme with the system's typefaces: nothing is fetched."""
    fonts = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif")
    return gr.themes.Base(font=fonts, font_mono=("ui-monospace", "Consolas", "monospace"))


def build_chat(desk: Desk, settings: Settings) -> Any:
    """The page's components and what they do."""
    words = load_words("en")
    with gr.Blocks(
        title=SERVICE_NAME, analytics_enabled=False, delete_cache=(SWEEP_SECONDS, SESSION_SECONDS)
    ) as chat:
        page = ChatPage(words, settings)
        _wire(page, Answering(desk, settings), settings.max_concurrent_questions)
        chat.load(
            page.translated, page.language, page.texts, js="() => window.rules.language()", **_PLAIN
        ).then(None, None, None, js="() => window.rules.ready()", **_PLAIN)
    return chat


_PLAIN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}


def _wire(page: ChatPage, answering: Answering, most_at_once: int) -> None:
    asking = {"concurrency_id": "questions", "concurrency_limit": most_at_once, **_PLAIN}
    outputs = [page.conversation, page.status, page.question, page.again, page.example_box, page.history]
    shown = {"js": "() => window.rules.show()", **_PLAIN}
    under_way = []
    for event in (page.ask.click, page.question.submit):
        asked = event(answering.stream, [page.question, page.language, page.history], outputs, **asking)
        asked.then(None, None, None, **shown)
        under_way.append(asked)
    for button, text in page.examples:
        example = gr.State(text)
        asked = button.click(answering.stream, [example, page.language, page.history], outputs, **asking)
        asked.then(None, None, None, **shown)
        under_way.append(asked)
    # First what is under way ends, then the page is cleared: a sentence on its way would come back otherwise.
    page.again.click(lambda: None, None, None, cancels=under_way, **_PLAIN).then(
        lambda: ("", "", "", gr.update(visible=False), gr.update(visible=True), ()), None, outputs, **_PLAIN
    ).then(None, None, None, js="() => window.rules.focus()", **_PLAIN)
    page.language.input(page.translated, page.language, page.texts, **_PLAIN).then(
        None, page.language, None, js="(language) => window.rules.speak(language)", **_PLAIN
    )
