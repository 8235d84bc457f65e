"""Asks the assistant off the event loop, a limited number of questions at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar
from weakref import WeakKeyDictionary

import anyio

from rag.domain.answers import Response
from rag.domain.conversations import History
from rag.domain.retrieval import Hit
from rag.settings import Settings
from rag.ui.question_log import log_question
from rag.ui.service import Desk

Result = TypeVar("Result")

_limiters: WeakKeyDictionary[Desk, anyio.CapacityLimiter] = WeakKeyDictionary()


async def ask(
    desk: Desk,
    settings: Settings,
    question: str,
    language: str | None = None,
    history: History = (),
) -> Response:
    """Raises QuestionError and NotReady."""
    log_question(question, settings)
    return await _run(desk, settings, partial(desk.service().ask, question, language, history))


async def search(
    desk: Desk, settings: Settings, question: str, language: str | None, limit: int
) -> tuple[Hit, ...]:
    """Raises QuestionError and NotReady."""
    log_question(question, settings)
    return await _run(desk, settings, partial(desk.service().search, question, language, limit))


async def _run(desk: Desk, settings: Settings, work: Callable[[], Result]) -> Result:
    limiter = _limiters.setdefault(desk, anyio.CapacityLimiter(settings.max_concurrent_questions))
    return await anyio.to_thread.run_sync(work, limiter=limiter)
