"""What happens to a question on the chat page: shown at once, then answered."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr
from markupsafe import Markup

from rag.domain.errors import QuestionError
from rag.growing import Growing, mapped
from rag.settings import Settings
from rag.ui.conversation import Conversation, answered, failed
from rag.ui.question_log import log_question
from rag.ui.rendering import render_checking, render_pending, render_response, render_trouble
from rag.ui.service import Desk, NotReady
from rag.ui.words import Words, load_words

LOG = logging.getLogger("ask_the_rules.ui")


class Answering:
    """Answers within one person's conversation."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
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
        for_now = partial(self._for_now, talk)
        talk = yield from mapped(self._answered(question.strip(), words, talk), for_now)
        yield talk.markup, words("answer_ready"), gr.skip(), gr.skip(), gr.skip(), talk

    @staticmethod
    def _for_now(talk: Conversation, growing: tuple[Markup, Markup]) -> tuple[Any, ...]:
        markup, status = growing
        return talk.markup + markup, status, gr.skip(), gr.skip(), gr.skip(), talk

    def _answered(
        self, question: str, words: Words, talk: Conversation
    ) -> Growing[tuple[Markup, Markup], Conversation]:
        """The conversation with the reply, and before it the reply's markup and the status as it grows."""
        anchor = f"a{talk.count + 1}"
        log_question(question, self._settings)
        try:
            service = self._desk.service()
            lookup = service.library.document
            response = yield from mapped(
                service.watch(question, None, talk.history),
                lambda so_far: (
                    render_response(so_far, lookup, anchor, growing=True),
                    render_checking(so_far),
                ),
            )
            markup = render_response(response, lookup, anchor)
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
