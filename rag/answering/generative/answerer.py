"""The answer a language model words: drafted, verified sentence by sentence, repaired once, or replaced.

Nothing reaches a person that the verifier has not passed. When the model cannot be used, or nothing
it wrote holds, another answerer (the extractive one) stands in.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from rag.answering.generative.chain import SentenceChain
from rag.answering.generative.drafting import Drafting
from rag.answering.generative.judging import Judge
from rag.answering.generative.material import LANGUAGE_NAMES, Material, gather
from rag.answering.lists import opened
from rag.answering.prompts import load_prompt, prompts_version
from rag.domain.answers import Answer, Statement, Support
from rag.domain.ports import Answerer, ChatModel, EnrichedLibrary, LanguageIdentifier, TokenCounter, Verifier
from rag.domain.retrieval import Hit, Query
from rag.growing import Growing, whole

NOTES = Path(__file__).with_name("notes.toml")
REPAIR_SHARE = 0.15
"""Share of the prompt budget kept free for the sentences that a repair request lists."""
logger = logging.getLogger(__name__)


class GenerativeAnswerer:
    """Implements the Answerer port over a ChatModel; safe to share between threads."""

    def __init__(
        self,
        model: ChatModel,
        library: EnrichedLibrary,
        *,
        verifier: Verifier,
        languages: LanguageIdentifier,
        tokens: TokenCounter,
        budget_tokens: int,
        fallback: Answerer,
    ) -> None:
        self._model = model
        self._library = library
        self._judge = Judge(verifier, languages)
        self._tokens = tokens
        self._budget_tokens = budget_tokens
        self._fallback = fallback
        self._answering = SentenceChain(model, load_prompt("answer"))
        self._repairing = SentenceChain(model, load_prompt("repair"))

    @property
    def name(self) -> str:
        """The model and the version of the prompts, for records of runs."""
        return f"{self._model.name} (prompts {prompts_version()})"

    def answer(self, query: Query, hits: Sequence[Hit]) -> Answer | None:
        """The verified answer, or the fallback's."""
        return whole(self.growing(query, hits))

    def growing(self, query: Query, hits: Sequence[Hit]) -> Growing[Answer, Answer | None]:
        """Yields the answer whenever a further sentence has been verified; returns it whole.

        Each begins as the one before. The whole has the repaired sentences too, where they belong;
        it is the fallback's if the model fails on the way or nothing it wrote holds.
        """
        drafting = self._drafting(query, hits)
        for _ in drafting.drafted():
            yield self._composed(drafting)
        return self._finished(drafting, query, hits)

    def _drafting(self, query: Query, hits: Sequence[Hit]) -> Drafting:
        language = query.language if query.language in LANGUAGE_NAMES else "en"
        material = self._material(query, hits, language)
        return Drafting(self._answering, self._repairing, self._judge, material, query.text, language)

    def _material(self, query: Query, hits: Sequence[Hit], language: str) -> Material:
        prompts = (load_prompt("answer"), load_prompt("repair"))
        fixed = max(self._tokens.count(f"{p.system}\n{p.user}\n{query.text}") for p in prompts)
        left = int(self._budget_tokens * (1 - REPAIR_SHARE)) - fixed
        material = gather(opened(hits, self._library), language, self._library, self._tokens, left)
        if hits and not material:
            logger.warning(
                "LLM_BUDGET_TOKENS=%d holds no passage beside the prompt; answers stay extractive. Raise it.",
                self._budget_tokens,
            )
        return material

    def _finished(self, drafting: Drafting, query: Query, hits: Sequence[Hit]) -> Answer | None:
        if drafting.failure and (instead := self._instead(drafting, query, hits)):
            return instead
        drafting.repair()
        if not drafting.in_order():
            return self._instead(drafting, query, hits)
        return self._composed(drafting, _remarks(drafting))

    def _composed(self, drafting: Drafting, remarks: Iterable[str] = ()) -> Answer:
        found = drafting.in_order()
        used = {number for accepted in found for number in accepted.numbers}
        return Answer(
            statements=tuple(Statement(a.text, a.numbers, a.support) for a in found),
            citations=tuple(s.citation for s in drafting.material if s.citation.number in used),
            confidence=0.0,
            answerer=self._model.name,
            notes=tuple(note(name, drafting.language) for name in remarks),
        )

    def _instead(self, drafting: Drafting, query: Query, hits: Sequence[Hit]) -> Answer | None:
        """The fallback's answer, with what became of the model's."""
        if drafting.failure:
            logger.warning("%s Answering in the texts' own words.", drafting.failure)
        answer = self._fallback.answer(query, hits)
        if answer is None or not drafting.material:
            return answer
        name = "nothing_held"
        if drafting.failure:
            name = "replaced" if drafting.in_order() else "unavailable"
        return replace(answer, notes=(*answer.notes, note(name, drafting.language)))


def _remarks(drafting: Drafting) -> Iterator[str]:
    if any(accepted.support is Support.PARTIAL for accepted in drafting.in_order()):
        yield "partial"
    if drafting.failure:
        yield "broken_off"
    elif drafting.lost:
        yield "left_out"


@lru_cache(maxsize=1)
def _notes() -> dict[str, dict[str, str]]:
    return tomllib.loads(NOTES.read_text(encoding="utf-8"))


def note(name: str, language: str) -> str:
    """A remark about an answer, in the reader's language."""
    return _notes()[name][language]
