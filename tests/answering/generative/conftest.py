from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rag.answering.generative import GenerativeAnswerer
from rag.answering.support import SupportVerifier
from rag.models.chat import LangChainChatModel
from rag.models.languages import LinguaIdentifier
from rag.models.tokens import PromptTokenCounter
from tests.answering.generative.endpoint import Endpoint, running, warm_up
from tests.answering.generative.handmade import FirstPassage, HandmadeLibrary

TIMEOUT_SECONDS = 1.5


@pytest.fixture(scope="package")
def endpoint() -> Iterator[Endpoint]:
    with running() as server:
        yield server


@pytest.fixture(scope="package")
def library() -> HandmadeLibrary:
    return HandmadeLibrary()


@pytest.fixture(scope="package")
def chat(endpoint: Endpoint) -> LangChainChatModel:
    """The real client, made by `init_chat_model`, asking the scripted endpoint."""
    warm_up(endpoint)
    return LangChainChatModel(
        "openai:scripted", base_url=endpoint.url, timeout_seconds=TIMEOUT_SECONDS, retries=1
    )


@pytest.fixture(scope="package")
def parts() -> dict[str, Any]:
    """What an answerer needs beside a model and a library."""
    return {
        "verifier": SupportVerifier(),
        "languages": LinguaIdentifier(),
        "tokens": PromptTokenCounter(),
        "budget_tokens": 12_000,
    }


@pytest.fixture(scope="package")
def answerer(chat: LangChainChatModel, library: HandmadeLibrary, parts: dict[str, Any]) -> GenerativeAnswerer:
    return GenerativeAnswerer(chat, library, fallback=FirstPassage(), **parts)
