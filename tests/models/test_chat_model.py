"""The chat model's client: what it takes, and how its failures are told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.domain.errors import ModelError, ModelUnavailable, SettingsError
from rag.models.chat import LangChainChatModel
from tests.answering.generative.endpoint import (
    Act,
    Endpoint,
    drips,
    hangs,
    refuses,
    running,
    says,
    sends,
    warm_up,
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def model(endpoint: Endpoint) -> LangChainChatModel:
    warm_up(endpoint)
    return LangChainChatModel("openai:scripted", endpoint.url, timeout_seconds=1, retries=1)


def ask(model: LangChainChatModel, endpoint: Endpoint, *acts: Act) -> str:
    endpoint.will(*acts)
    return "".join(model.stream("Be exact.", "How many hours?"))


def test_a_reply_streams_in_pieces(model: LangChainChatModel, endpoint: Endpoint) -> None:
    endpoint.will(says("Within 72 hours.", size=5))
    assert list(model.stream("Be exact.", "How many hours?")) == ["Withi", "n 72 ", "hours", "."]


def test_system_and_user_message_and_no_randomness_are_sent(
    model: LangChainChatModel, endpoint: Endpoint
) -> None:
    ask(model, endpoint, says("x"))
    (request,) = endpoint.requests
    assert [m["role"] for m in request["messages"]] == ["system", "user"]
    assert [m["content"] for m in request["messages"]] == ["Be exact.", "How many hours?"]
    assert request["model"] == "scripted"
    assert request["temperature"] == 0
    assert request["stream"] is True


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        ([refuses(429), refuses(429)], "is asked too often"),
        ([refuses(401)], "refused the key"),
        ([refuses(403)], "refused the key"),
        ([refuses(404)], "is not known to the endpoint"),
        ([refuses(500), refuses(500)], "has an error of its own"),
        ([hangs(2), hangs(2)], "did not answer in time"),
        ([hangs(2, after="With")], "did not answer in time"),
        ([drips("Within 72 hours, and so on.", pause=0.1)], "did not answer in time"),
        ([sends(b"data: {nonsense\n\n")], "sent something that is no reply"),
    ],
)
def test_each_failure_says_what_happened_and_what_to_do(
    model: LangChainChatModel, endpoint: Endpoint, acts: list[Act], words: str
) -> None:
    with pytest.raises(ModelUnavailable, match=words) as caught:
        ask(model, endpoint, *acts)
    assert "openai:scripted" in str(caught.value)
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_failure_that_passes_is_tried_again(
    model: LangChainChatModel, endpoint: Endpoint, status: int
) -> None:
    assert ask(model, endpoint, refuses(status), says("Within 72 hours.")) == "Within 72 hours."


def test_an_endpoint_that_is_not_there_cannot_be_reached() -> None:
    model = LangChainChatModel("openai:scripted", "http://127.0.0.1:9/v1", timeout_seconds=1, retries=0)
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        list(model.stream("a", "b"))


@pytest.mark.parametrize("name", ["gpt-4", "openai:", ":model", ""])
def test_a_name_without_provider_or_model_is_a_wrong_setting(name: str) -> None:
    with pytest.raises(SettingsError, match="provider:model"):
        LangChainChatModel(name)


def test_an_unknown_provider_is_told_before_the_first_question() -> None:
    with pytest.raises(ModelError, match="nobody:model"):
        LangChainChatModel("nobody:model").prepare()


@pytest.mark.parametrize(
    ("provider", "package"), [("fireworks", "langchain-fireworks"), ("bedrock", "langchain-aws")]
)
def test_a_provider_whose_package_is_missing_names_the_package_once(provider: str, package: str) -> None:
    with pytest.raises(ModelError) as caught:
        LangChainChatModel(f"{provider}:model").prepare()
    message = str(caught.value)
    assert message.endswith(f"Install it: `pip install {package}`.")
    assert message.lower().count("install it") == 1
