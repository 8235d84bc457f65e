"""Makes a follow-up stand on its own with a language model, and distrusts what it writes.

A rewrite may only use what the conversation holds: one with a number, a name, a negation or too many
words of its own is refused, and the rules decide. So do they when the model cannot be reached.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from rag.dialogue.memory import remembered
from rag.domain.conversations import History
from rag.domain.errors import ModelError
from rag.domain.ports import ChatModel, LanguageIdentifier, Rewriter, TokenCounter

HISTORY_TOKENS = 1_500
LONGEST_REWRITE = 400
"""Characters; a question that needs more is no longer one question."""
MOST_NEW_WORDS = 2
"""Words, other than small ones, that a sentence may need to be whole and the conversation lacks."""
_SAME_WORD_LETTERS = 4
"""Words alike in so many first letters are forms of one word."""
_NEGATIONS = frozenset(
    "not no never none without nor niet geen nooit zonder noch ikke ingen intet aldrig uden".split()
)
_OPENERS = frozenset(
    "what which who whose when where why how does did are was were can could may must should shall will would has have "
    "had according under wat welke welk wie wanneer waar waarom hoe hoeveel zijn worden wordt moeten moet mogen mag "
    "kunnen volgens hvad hvilke hvilken hvilket hvem hvornår hvor hvorfor hvordan skal må kan har gælder ifølge".split()
)
"""Words a question begins with; as the first word they are no names, and nowhere are they facts."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[\w,;:)] )[^\W\d_a-zæøåéëïöüè][\w-]*")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RewritePrompt:
    """What is said to the model; `{history}` and `{question}` in `user` stand for the conversation."""

    system: str
    user: str


class ModelRewriter:
    """Implements the Rewriter port over a ChatModel, with other rules to fall back on."""

    def __init__(
        self,
        model: ChatModel,
        prompt: RewritePrompt,
        *,
        tokens: TokenCounter,
        languages: LanguageIdentifier,
        fallback: Rewriter,
    ) -> None:
        self._model = model
        self._prompt = prompt
        self._tokens = tokens
        self._languages = languages
        self._fallback = fallback

    def rewrite(self, question: str, language: str, history: History) -> str:
        """The standalone question; without a conversation no model is asked."""
        if not history:
            return question
        kept = remembered(history, self._tokens, HISTORY_TOKENS)
        try:
            written = self._ask(question, kept)
        except ModelError as error:
            logger.warning("%s Follow-ups are understood by rules.", error)
            return self._fallback.rewrite(question, language, history)
        if written == question or self._is_acceptable(written, question, kept, language):
            return written
        return self._fallback.rewrite(question, language, history)

    def _ask(self, question: str, history: History) -> str:
        told = "\n".join(
            f"Question: {t.understood_as or t.question}\nAnswer: {t.answer}".strip() for t in history
        )
        fields = {"history": _fenced(told), "question": _fenced(question)}
        user = re.sub(r"\{(history|question)\}", lambda found: fields[found[1]], self._prompt.user)
        written = ""
        for piece in self._model.stream(self._prompt.system, user):
            written += piece
            if len(written) > 2 * LONGEST_REWRITE:
                break
        return " ".join(written.split()).strip("\"“”'«» ")

    def _is_acceptable(self, written: str, question: str, history: History, language: str) -> bool:
        if not written.endswith("?") or len(written) > LONGEST_REWRITE:
            return False
        if self._languages.identify(written) not in (language, "unknown"):
            return False
        said = " ".join((question, *(f"{t.question} {t.understood_as} {t.answer}" for t in history)))
        asked = " ".join((question, history[-1].question, history[-1].understood_as))
        return not added_facts(written, said) and _negations(written) <= _negations(asked)


def added_facts(written: str, said: str) -> tuple[str, ...]:
    """Numbers, names and (beyond a few) words of `written` that `said` lacks."""
    numbers = [n for n in _NUMBER.findall(written) if n not in set(_NUMBER.findall(said))]
    known = {word.casefold() for word in _WORD.findall(said)}
    first = _WORD.findall(written)[:1]
    named = _NAME.findall(written) + [word for word in first if word.casefold() not in _OPENERS]
    names = [n for n in named if not all(_same(w, known) for w in _WORD.findall(n.casefold()))]
    new = [
        word
        for word in _WORD.findall(written.casefold())
        if len(word) >= _SAME_WORD_LETTERS and word not in _OPENERS and not _same(word, known)
    ]
    return (*numbers, *names, *(new if len(new) > MOST_NEW_WORDS else ()))


def _same(word: str, known: set[str]) -> bool:
    if word in known:
        return True
    stem = word[:_SAME_WORD_LETTERS]
    return len(word) > _SAME_WORD_LETTERS and any(other.startswith(stem) for other in known)


def _negations(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if word in _NEGATIONS}


def _fenced(text: str) -> str:
    """The text, unable to close its own quotation."""
    return text.replace("<<<", "‹‹‹").replace(">>>", "›››")
