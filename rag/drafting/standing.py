"""How far a sentence of a reply is borne out by what it cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain.answers import Support
from rag.domain.ports import Verifier
from rag.drafting.sheet import Cited, Standing

_LABELS: dict[Support, Standing] = {
    Support.FULL: "supported",
    Support.PARTIAL: "partial",
    Support.NONE: "unsupported",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """`standing` is "own words" only when the officer marked the sentence so."""

    standing: Standing
    reasons: tuple[str, ...] = ()


def judge(text: str, citations: Sequence[Cited], verifier: Verifier, *, own_words: bool = False) -> Judged:
    """The standing of a sentence by its citations; the officer's own words are not judged."""
    if own_words:
        return Judged("own words")
    if not citations:
        return Judged("unsupported", ("the sentence cites nothing",))
    verdict = verifier.verify(text, [words for one in citations for words in one.evidence])
    return Judged(_LABELS[verdict.support], verdict.reasons)


def is_verbatim(text: str, citations: Sequence[Cited]) -> bool:
    """Whether the words stand in a cited text as they are."""
    return any(text.strip() and text.strip() in one.quote for one in citations)
