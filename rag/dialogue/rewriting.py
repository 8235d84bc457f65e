"""Makes a follow-up question stand on its own, offline and by rules.

A rewrite holds only words of the conversation: it never adds a fact. Whoever asked sees it
("understood as").
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.domain.conversations import History

CUES = Path(__file__).with_name("cues.toml")
ELLIPTIC_WORDS = 4
"""A question of fewer words than this that opens like a follow-up has no topic of its own."""
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_FEW = 3
LONGEST_LEANING_WORDS = 16
"""A longer question brings its own topic along, whatever pronouns it uses."""
_ANCHOR = re.compile(r"(?<=[\w,] )[A-ZÆØÅ]\w|\d")
"""A name or a number inside the question: it has a topic of its own."""


@dataclass(frozen=True, slots=True)
class Cues:
    """How follow-ups look in one language."""

    opens: re.Pattern[str]
    points: re.Pattern[str]
    not_pointing: re.Pattern[str]
    about: re.Pattern[str]


@lru_cache(maxsize=1)
def load_cues() -> dict[str, Cues]:
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    return {
        language: Cues(**{name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()})
        for language, patterns in data.items()
    }


class RuleRewriter:
    """Implements the Rewriter port."""

    def rewrite(self, question: str, language: str, history: History) -> str:
        """The question with what it leans on of the one before; unchanged if it leans on nothing."""
        cues = load_cues().get(language)
        if not history or cues is None or not leans_back(question, cues):
            return question
        before = history[-1].understood_as or history[-1].question
        return _joined(question, before, cues)


def leans_back(question: str, cues: Cues) -> bool:
    """Whether the question cannot be understood without the one before."""
    if cues.opens.search(question) or len(question.split()) <= _FEW:
        return True
    if len(question.split()) > LONGEST_LEANING_WORDS or _ANCHOR.search(question):
        return False
    return bool(cues.points.search(cues.not_pointing.sub(" ", question)))


def _joined(question: str, before: str, cues: Cues) -> str:
    before = before.rstrip(" ?.!")
    years, earlier = _YEAR.findall(question), _YEAR.findall(before)
    if len(years) == 1 and earlier and len(question.split()) <= ELLIPTIC_WORDS:
        return f"{_replace_last(before, earlier[-1], years[0])}?"
    topic = cues.about.match(question.strip())
    if topic:
        return f"{before}: {topic['topic'].strip()}?"
    return f"{question.strip()} ({before})"


def _replace_last(text: str, old: str, new: str) -> str:
    head, _, tail = text.rpartition(old)
    return f"{head}{new}{tail}"
