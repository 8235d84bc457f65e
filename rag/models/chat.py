"""A configured chat model behind the `ChatModel` port, by way of LangChain's `init_chat_model`.

LangChain and the provider's client are imported here, when a model is configured, and nowhere
else. Whatever goes wrong comes out as one error that names the model, the cause and the next step.
Prompts and replies are never logged.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from rag.domain.errors import ModelError, ModelUnavailable, SettingsError

RETRIES = 2
"""How often the client asks again after a rate limit, a server error or a lost connection."""
_LOCAL_KEY = "not-needed"
"""Sent to an endpoint of one's own when no key is set: the client insists on having one."""

_PACKAGE = re.compile(r"pip install (?:-U )?([A-Za-z0-9][\w.-]*\w)")
"""Where LangChain says which package a provider needs."""

_CAUSES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("ratelimit", "toomanyrequests"), "is asked too often", "Wait, or raise the provider's limit."),
    (("authentication", "permission", "unauthorized"), "refused the key", "Check the provider's API key."),
    (("notfound",), "is not known to the endpoint", "Check LLM and LLM_BASE_URL."),
    (("timeout",), "did not answer in time", "Raise LLM_TIMEOUT_SECONDS, or use a faster model."),
    (
        ("connect", "protocolerror", "readerror", "writeerror", "networkerror"),
        "cannot be reached, or hung up",
        "Check that the endpoint runs and that LLM_BASE_URL is right.",
    ),
    (
        ("jsondecode", "unicodedecode", "validation", "outputparser", "typeerror", "attributeerror"),
        "sent something that is no reply",
        "Check that LLM_BASE_URL speaks the provider's protocol.",
    ),
    (("internalserver", "serviceunavailable", "overloaded"), "has an error of its own", "Try again later."),
)
"""Words in the names of vendors' errors (most telling first), what to say, and what to do."""
_STATUS = {401: "authentication", 403: "permission", 404: "notfound", 408: "timeout", 429: "ratelimit"}


class LangChainChatModel:
    """The `ChatModel` port for `provider:model`; safe to share between threads.

    `timeout_seconds` bounds each wait for the endpoint and the whole reply as well. Raises
    SettingsError when `name` has no provider.
    """

    def __init__(
        self, name: str, base_url: str = "", timeout_seconds: float = 30.0, *, retries: int = RETRIES
    ) -> None:
        provider, _, model = name.partition(":")
        if not provider or not model:
            raise SettingsError(
                f"LLM={name!r} names no provider. Write provider:model, such as openai:gpt-4.1-mini "
                "or ollama:llama3.1."
            )
        self._name = name
        self._provider = provider
        self._base_url = base_url
        self._timeout_seconds = timeout_seconds
        self._retries = retries
        self._lock = RLock()
        self._loaded: Any = None

    @property
    def name(self) -> str:
        return self._name

    def prepare(self) -> None:
        """Load the client, without a request. Raises ModelError if it is unknown or not installed."""
        self._client()

    def stream(self, system: str, user: str) -> Iterator[str]:
        """The reply as it comes. Raises ModelUnavailable, also in the middle of a reply."""
        client = self._client()
        until = time.monotonic() + self._timeout_seconds
        with _translated(self._name):
            for chunk in client.stream([("system", system), ("human", user)]):
                if text := _text_of(chunk.content):
                    yield text
                if time.monotonic() > until:
                    raise TimeoutError("the reply took longer than the timeout")

    def _client(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Any:
        from langchain.chat_models import init_chat_model

        try:
            return init_chat_model(self._name, **self._options())
        except ImportError as error:
            raise ModelError(
                f"The chat model {self._name} needs the package {self._package(error)}, which is not "
                f"installed. Install it: `pip install {self._package(error)}`."
            ) from error
        except Exception as error:  # every provider checks its settings in its own way
            raise ModelError(
                f"The chat model {self._name} cannot be set up: {_first_line(error)} "
                "Correct LLM, or the provider's settings in the environment (such as its API key)."
            ) from error

    def _package(self, error: ImportError) -> str:
        """The package to install: the one LangChain names, else the one named after the provider."""
        named = _PACKAGE.search(str(error))
        return named[1] if named else f"langchain-{self._provider.replace('_', '-')}"

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"temperature": 0}
        if self._base_url:
            options["base_url"] = self._base_url
        if self._provider == "ollama":  # takes its timeout for the HTTP client beneath, and has no retries
            return options | {"client_kwargs": {"timeout": self._timeout_seconds}}
        if self._provider == "openai" and self._base_url and not os.environ.get("OPENAI_API_KEY"):
            options["api_key"] = _LOCAL_KEY
        return options | {"timeout": self._timeout_seconds, "max_retries": self._retries}


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Turn whatever a provider's client raises into ModelUnavailable, its cause chained."""
    try:
        yield
    except ModelUnavailable:
        raise
    except Exception as error:  # the clients share no base class
        what, next_step = _explained(error)
        raise ModelUnavailable(f"The chat model {name} {what}. {next_step}") from error


def _explained(error: Exception) -> tuple[str, str]:
    known = _STATUS.get(getattr(error, "status_code", 0) or 0)
    names = [known] if known else [cls.__name__.lower() for cls in type(error).__mro__]
    for words, what, next_step in _CAUSES:
        if any(word in name for name in names for word in words):
            return what, next_step
    return f"failed ({type(error).__name__})", "Try again later; the log has the details."


def _text_of(content: Any) -> str:
    """The words of a chunk; providers send a string, or a list of typed parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = (part if isinstance(part, str) else part.get("text", "") for part in content)
    return "".join(part for part in parts if isinstance(part, str))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
