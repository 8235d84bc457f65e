"""The chat page: a Gradio interface of ours, mounted onto the web application.

Gradio carries the conversation; what a reply looks like is `rendering`'s, what it says is the
assistant's. The earlier turns live in the session's memory on the server, and nowhere else.
"""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported

import logging
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from rag.domain.errors import QuestionError
from rag.settings import Settings
from rag.ui.conversation import Conversation, answered, failed
from rag.ui.rendering import render, render_pending, render_response, render_trouble
from rag.ui.service import Desk, NotReady
from rag.ui.words import (
    LANGUAGES,
    OWN_NAMES,
    SERVICE_NAME,
    Words,
    load_examples,
    load_words,
)

ROOM = Path(__file__).parent
SESSION_SECONDS = 3600
"""How long the server remembers a conversation whose tab was closed."""
SWEEP_SECONDS = 600
LONGEST_QUEUE = 200
LOG = logging.getLogger("ask_the_rules.ui")


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
        page = _Page(words, settings)
        _wire(page, _Answering(desk, settings))
        chat.load(
            page.translated, page.language, page.texts, js="() => document.documentElement.lang", **_PLAIN
        ).then(None, None, None, js="() => window.rules.ready()", **_PLAIN)
    return chat


_PLAIN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}


class _Page:
    """The components, top to bottom."""

    def __init__(self, words: Words, settings: Settings) -> None:
        self._settings = settings
        self.history = gr.State((), time_to_live=SESSION_SECONDS)
        self.masthead = gr.HTML(_masthead(words), elem_id="top", apply_default_css=False)
        with gr.Column(elem_id="main"):
            self.language = gr.Radio(
                [(OWN_NAMES[code], code) for code in LANGUAGES],
                value="en",
                label=words("language_label"),
                elem_id="language",
                container=False,
            )
            self.intro = gr.HTML(_intro(words), elem_id="intro", apply_default_css=False)
            self.conversation = gr.HTML("", elem_id="conversation", apply_default_css=False)
            self.status = gr.HTML("", elem_id="status", apply_default_css=False)
            with gr.Row(elem_id="asking", equal_height=False):
                self.question = gr.Textbox(
                    label=words("question_label"),
                    info=words("question_hint"),
                    placeholder="",
                    lines=1,
                    max_lines=6,
                    max_length=settings.max_question_characters,
                    elem_id="question",
                    autofocus=False,
                )
                self.ask = gr.Button(words("ask_button"), variant="primary", elem_id="ask")
            self.again = gr.Button(
                words("new_conversation"), variant="secondary", elem_id="again", visible=False
            )
            with gr.Column(elem_id="examples") as self.example_box:
                self.examples_title = gr.HTML(_examples_title(words), apply_default_css=False)
                self.examples = [
                    (
                        gr.Button(example.text, elem_classes=["example", f"in-{example.language}"]),
                        example.text,
                    )
                    for example in load_examples()
                ]
            self.closing = gr.HTML(_closing(words), elem_id="closing", apply_default_css=False)
        self.footer = gr.HTML(_footer(words), elem_id="bottom", apply_default_css=False)

    @property
    def texts(self) -> list[Any]:
        """What changes with the interface language."""
        return [
            self.language, self.masthead, self.intro, self.question, self.ask, self.again,
            self.examples_title, self.closing, self.footer,
        ]  # fmt: skip

    def translated(self, language: str) -> tuple[Any, ...]:
        words = load_words(language)
        return (
            gr.update(value=words.language, label=words("language_label")),
            _masthead(words),
            _intro(words),
            gr.update(label=words("question_label"), info=words("question_hint")),
            words("ask_button"),
            words("new_conversation"),
            _examples_title(words),
            _closing(words),
            _footer(words),
        )


def _masthead(words: Words) -> str:
    return render("masthead.html", {"words": words, "here": "ask", "service_name": SERVICE_NAME})


def _intro(words: Words) -> str:
    return render("intro.html", {"words": words})


def _examples_title(words: Words) -> str:
    return render("examples_title.html", {"words": words})


def _closing(words: Words) -> str:
    return render("closing.html", {"words": words})


def _footer(words: Words) -> str:
    return render("footer.html", {"words": words})


class _Answering:
    """What happens to a question: shown at once, then answered."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._limit = settings.max_question_characters

    def stream(
        self, question: str, language: str, talk: Conversation | tuple[()]
    ) -> Iterator[tuple[Any, ...]]:
        """Yields conversation markup, status, question box, "start again", examples, the new talk."""
        words, talk = load_words(language), talk or Conversation()
        if not question.strip():
            yield talk.markup, words("question_empty"), question, gr.skip(), gr.skip(), talk
            return
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        yield talk.markup + render_pending(question, words), words("looking"), "", shown, hidden, talk
        talk = self._answer(question.strip(), words, talk)
        yield talk.markup, words("answer_ready"), gr.skip(), gr.skip(), gr.skip(), talk

    def _answer(self, question: str, words: Words, talk: Conversation) -> Conversation:
        anchor = f"a{talk.count + 1}"
        try:
            service = self._desk.service()
            response = service.ask(question, None, talk.history)
            markup = render_response(response, service.library.document, words, anchor)
        except (QuestionError, NotReady) as error:
            return failed(
                talk, render_trouble(question, self._explain(question, error, words), words, anchor)
            )
        except Exception as error:  # a person is waiting: say that it failed, and log where
            reference = secrets.token_hex(4)
            LOG.error("%s %s", reference, type(error).__name__)
            message = words("ask_failed", reference=reference)
            return failed(talk, render_trouble(question, message, words, anchor))
        return answered(talk, response, markup)

    def _explain(self, question: str, error: Exception, words: Words) -> str:
        if isinstance(error, NotReady):
            return words("waiting_text")
        if len(question) > self._limit:
            return words("question_too_long", count=len(question), limit=self._limit)
        return words("question_empty")


def _wire(page: _Page, answering: _Answering) -> None:
    outputs = [page.conversation, page.status, page.question, page.again, page.example_box, page.history]
    shown = {"js": "() => window.rules.show()", **_PLAIN}
    for event in (page.ask.click, page.question.submit):
        event(answering.stream, [page.question, page.language, page.history], outputs, **_PLAIN).then(
            None, None, None, **shown
        )
    for button, text in page.examples:
        asked = gr.State(text)
        button.click(answering.stream, [asked, page.language, page.history], outputs, **_PLAIN).then(
            None, None, None, **shown
        )
    page.again.click(
        lambda: ("", "", "", gr.update(visible=False), gr.update(visible=True), ()),
        None,
        outputs,
        **_PLAIN,
    ).then(None, None, None, js="() => window.rules.focus()", **_PLAIN)
    page.language.input(page.translated, page.language, page.texts, **_PLAIN).then(
        None, page.language, None, js="(language) => window.rules.speak(language)", **_PLAIN
    )
