"""The LCEL chain: prompt, model, lines, sentences. LangChain's types do not leave this room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableGenerator

from rag.answering.generative.reading import Drafted, drafts, lines, spoken
from rag.answering.prompts import Prompt
from rag.domain.ports import ChatModel


class SentenceChain:
    """Streams the sentences that a model writes to a prompt, each as soon as it is complete."""

    def __init__(self, model: ChatModel, prompt: Prompt) -> None:
        template = ChatPromptTemplate.from_messages([("system", prompt.system), ("human", prompt.user)])

        def speak(prompts: Iterator[PromptValue]) -> Iterator[str]:
            for value in prompts:
                system, user = value.to_messages()
                yield from model.stream(str(system.content), str(user.content))

        self._chain: Runnable[dict[str, str], Drafted] = (
            template
            | RunnableGenerator(speak)
            | RunnableGenerator(spoken)
            | RunnableGenerator(lines)
            | RunnableGenerator(drafts)
        )

    def sentences(self, fields: Mapping[str, str]) -> Iterator[Drafted]:
        """Raises ModelUnavailable, also after the first sentences."""
        return self._chain.stream(dict(fields))
