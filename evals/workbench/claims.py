"""Answers taken apart: each sentence a claim, beside the passages that it cites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rag.domain.answers import Support
from rag.domain.ports import Verifier
from rag.domain.sentences import split_sentences
from rag.records.ratings import Label, NewItem
from rag.wire import CitationLine, ReplyLine

AUTOMATIC = {
    Support.FULL: Label.SUPPORTED,
    Support.PARTIAL: Label.PARTIAL,
    Support.NONE: Label.UNSUPPORTED,
}
"""The verifier's verdicts in the raters' words; it does not tell "contradicted" from "unsupported"."""

Passage = dict[str, object]


def claims_of(reply: ReplyLine, verifier: Verifier, hidden: Mapping[str, object]) -> tuple[NewItem, ...]:
    """The claims of an answer in order; none for any other reply.

    `hidden` is what raters do not see: the system, the question's id and base.
    """
    if reply.kind != "answer":
        return ()
    cited = {citation.number: citation for citation in reply.citations}
    sentences = tuple(_sentences(reply))
    texts = [text for text, _ in sentences]
    return tuple(
        _item(reply, texts, at, [cited[n] for n in numbers], verifier, hidden)
        for at, (_, numbers) in enumerate(sentences)
    )


def _sentences(reply: ReplyLine) -> Iterable[tuple[str, list[int]]]:
    for statement in reply.statements:
        for start, end in split_sentences(statement.text, reply.language):
            if any(c.isalnum() for c in statement.text[start:end]):
                yield statement.text[start:end], statement.citations


def _item(
    reply: ReplyLine,
    texts: list[str],
    at: int,
    cited: list[CitationLine],
    verifier: Verifier,
    hidden: Mapping[str, object],
) -> NewItem:
    return claim_item(
        texts[at],
        [_passage(citation) for citation in cited],
        _evidence(cited),
        verifier,
        shown={
            "question": reply.question,
            "language": reply.language,
            "answer": texts,
            "at": at,
        },
        hidden=hidden,
    )


def claim_item(
    claim: str,
    passages: list[Passage],
    evidence: list[str],
    verifier: Verifier,
    *,
    shown: Mapping[str, object],
    hidden: Mapping[str, object],
    known: Label | None = None,
) -> NewItem:
    """A claim with its passages and the verifier's opinion of it."""
    verdict = verifier.verify(claim, evidence)
    return NewItem(
        claim=claim,
        shown={**shown, "passages": passages},
        hidden={**hidden, "reasons": list(verdict.reasons)},
        automatic_label=AUTOMATIC[verdict.support].value,
        automatic_score=round(verdict.score, 4),
        known_label=known,
    )


def _evidence(cited: list[CitationLine]) -> list[str]:
    """Quotes and their translations: what the service itself verifies against."""
    texts: list[str] = []
    for citation in cited:
        texts.append(citation.quote)
        if citation.translation:
            texts.append(citation.translation.text)
    return texts


def _passage(citation: CitationLine) -> Passage:
    translation = citation.translation
    return {
        "label": citation.label,
        "title": citation.title,
        "language": citation.language,
        "quote": citation.quote,
        "translation": {"language": translation.language, "text": translation.text} if translation else None,
        "date": citation.date,
        "viewer": citation.viewer,
    }
