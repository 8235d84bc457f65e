"""The LCEL chain: prompt, model, lines, sentences. LangChain's types do not leave this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Event

from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableGenerator

from rag.answering.generative.reading import Drafted, drafts, lines, spoken
from rag.answering.prompts import Prompt
from rag.domain.ports import ChatModel


class SentenceChain:
    """Streams the sentences that a model writes to a prompt, each as soon as it is complete."""

    def __init__(self, model: ChatModel, prompt: Prompt) -> None:
        self._model = model
        self._template = ChatPromptTemplate.from_messages([("system", prompt.system), ("human", prompt.user)])

    def sentences(self, fields: Mapping[str, str]) -> Iterator[Drafted]:
        """Raises ModelUnavailable, also after the first sentences."""
        left = Event()
        found = self._chain(left).stream(dict(fields))
        try:
            for sentence in found:  # noqa: UP028  # `yield from` would close the chain before it is told
                yield sentence
        finally:
            left.set()

    def _chain(self, left: Event) -> Runnable[dict[str, str], Drafted]:
        """Reads no further once its reader has `left`: LangChain would read the reply to its end."""

        def speak(prompts: Iterator[PromptValue]) -> Iterator[str]:
            for value in prompts:
                system, user = value.to_messages()
                pieces = self._model.stream(str(system.content), str(user.content))
                while not left.is_set() and (piece := next(pieces, None)) is not None:
                    yield piece

        return (
            self._template
            | RunnableGenerator(speak)
            | RunnableGenerator(spoken)
            | RunnableGenerator(lines)
            | RunnableGenerator(drafts)
        )
