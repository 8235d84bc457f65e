"""The text of questions in the log, where the operator asked for it (LOG_QUESTIONS)."""

from __future__ import annotations

import logging

from rag.settings import Settings

LOG = logging.getLogger("ask_the_rules.questions")


def open_question_log(settings: Settings) -> None:
    """Let the questions through to the log, on standard error unless a log is set up already."""
    if not settings.log_questions:
        return
    LOG.setLevel(logging.INFO)
    if not LOG.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        LOG.addHandler(handler)


def log_question(question: str, settings: Settings) -> None:
    """Write a question on one line, whatever it holds; nothing unless the settings say so."""
    if settings.log_questions:
        LOG.info("Question: %r", question[: settings.max_question_characters])
