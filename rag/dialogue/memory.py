"""How much of a conversation is remembered: the latest turns that fit a token budget."""

from __future__ import annotations

from dataclasses import replace

from rag.domain.conversations import History, Turn
from rag.domain.ports import TokenCounter

MOST_TURNS = 6
"""What was said before that is no longer what a follow-up leans on."""
_ANSWER_SHARE = 0.5
"""Share of what is left of the budget that one answer may take."""


def remembered(history: History, tokens: TokenCounter, budget_tokens: int) -> History:
    """The latest turns whose words fit, oldest first; long answers are shortened to their beginning.

    The last question is kept whatever its length: without it nothing can be understood.
    """
    kept: list[Turn] = []
    left = budget_tokens
    for turn in reversed(history[-MOST_TURNS:]):
        left -= tokens.count(turn.understood_as or turn.question)
        if left < 0:
            return (replace(turn, answer=""),) if not kept else tuple(reversed(kept))
        answer = beginning(turn.answer, tokens, int(left * _ANSWER_SHARE))
        left -= tokens.count(answer)
        kept.append(replace(turn, answer=answer))
    return tuple(reversed(kept))


def beginning(text: str, tokens: TokenCounter, budget_tokens: int) -> str:
    """As many whole words from the start of the text as fit."""
    if tokens.count(text) <= budget_tokens:
        return text
    words = text.split()
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if tokens.count(" ".join(words[:middle])) <= budget_tokens:
            low = middle
        else:
            high = middle - 1
    return " ".join(words[:low])
