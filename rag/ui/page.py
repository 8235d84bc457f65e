"""The chat page's components, top to bottom, and their words in another language."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.settings import Settings
from rag.ui.rendering import render
from rag.ui.words import LANGUAGES, OWN_NAMES, SERVICE_NAME, Words, load_examples, load_words

SESSION_SECONDS = 3600
"""How long the server remembers a conversation whose tab was closed."""


class ChatPage:
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
            self.closing = gr.HTML(self._closing(words), elem_id="closing", apply_default_css=False)
        self.footer = gr.HTML(_footer(words), elem_id="bottom", apply_default_css=False)

    def _closing(self, words: Words) -> str:
        return render("closing.html", {"words": words, "logged": self._settings.log_questions})

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
            self._closing(words),
            _footer(words),
        )


def _masthead(words: Words) -> str:
    return render("masthead.html", {"words": words, "here": "ask", "service_name": SERVICE_NAME})


def _intro(words: Words) -> str:
    return render("intro.html", {"words": words})


def _examples_title(words: Words) -> str:
    return render("examples_title.html", {"words": words})


def _footer(words: Words) -> str:
    return render("footer.html", {"words": words})
