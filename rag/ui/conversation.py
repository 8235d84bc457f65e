"""One person's conversation: what is on the page, and the turns a follow-up may refer to. Kept in memory only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from markupsafe import Markup

from rag.domain.answers import Answer, Reply, Response
from rag.domain.conversations import History, Turn

MOST_TURNS = 6
"""Earlier turns a follow-up may refer to; what is on the page is not cut."""
MOST_SHOWN = 40
"""Replies kept on the page, so that a page left open all day stays light."""


@dataclass(frozen=True, slots=True)
class Conversation:
    shown: tuple[Markup, ...] = ()
    history: History = ()
    count: int = 0

    @property
    def markup(self) -> Markup:
        return Markup("").join(self.shown)


def answered(talk: Conversation, response: Response, markup: Markup) -> Conversation:
    """The conversation with a reply added."""
    history = (*talk.history, turn_of(response))[-MOST_TURNS:]
    return replace(failed(talk, markup), history=history)


def failed(talk: Conversation, markup: Markup) -> Conversation:
    """The conversation with a message added that no follow-up can refer to."""
    return replace(talk, shown=(*talk.shown, markup)[-MOST_SHOWN:], count=talk.count + 1)


def turn_of(response: Response) -> Turn:
    """A response as later questions see it."""
    return Turn(
        question=response.question,
        understood_as=response.understood_as,
        answer=said(response.reply),
        documents=documents_of(response.reply),
    )


def said(reply: Reply) -> str:
    if isinstance(reply, Answer):
        return " ".join(statement.text for statement in reply.statements)
    return reply.message


def documents_of(reply: Reply) -> tuple[str, ...]:
    """Ids of the documents an answer cites, most cited first; an abstention relies on none."""
    if not isinstance(reply, Answer):
        return ()
    counted = Counter(citation.passage.document for citation in reply.citations)
    return tuple(document for document, _ in counted.most_common())
