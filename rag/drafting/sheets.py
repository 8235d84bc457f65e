"""Parts of a draft as a sheet: citations numbered in the order of their first use, each place once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.drafting.compose import DraftPart
from rag.drafting.sheet import Cited, ReplyPart, ReplySentence, Sheet
from rag.drafting.standing import is_verbatim

Attribution = Literal["for attribution", "not for attribution"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the answers."""

    title: str
    language: str
    greeting: str = ""
    background: str = ""
    attribution: Attribution = "for attribution"
    attribution_text: str = ""
    contact: str = ""
    sender: str = ""
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the answers were drawn from, and when (ISO 8601 date)."""

    retrieved: str
    index: str
    corpus: str
    site: str = ""


def make_sheet(
    frame: Frame,
    parts: Sequence[DraftPart],
    provenance: Provenance,
    *,
    reference: str,
    version: int = 0,
    state: str = "draft",
) -> Sheet:
    """A sealed sheet; parts without sentences are left out."""
    numbers: dict[object, int] = {}
    cited: list[Cited] = []
    for one in _citations(parts):
        if one.place not in numbers:
            cited.append(one)
            numbers[one.place] = len(cited)
    made = tuple(
        ReplyPart(
            kind="lines" if part.kind == "lines" else "question",
            question=part.question,
            outcome=part.outcome,
            sentences=tuple(
                ReplySentence(
                    text=sentence.text,
                    support=sentence.standing,
                    citations=tuple(dict.fromkeys(numbers[c.place] for c in sentence.citations)),
                    verbatim=sentence.standing != "own words"
                    and is_verbatim(sentence.text, sentence.citations),
                )
                for sentence in part.sentences
            ),
        )
        for part in parts
        if part.sentences
    )
    return Sheet(
        title=frame.title,
        language=frame.language,
        reference=reference,
        version=version,
        state=state,
        outlet=frame.outlet,
        sender=frame.sender,
        attribution=frame.attribution,
        greeting=frame.greeting,
        background=frame.background,
        attribution_text=frame.attribution_text,
        contact=frame.contact,
        parts=made,
        citations=tuple(cited),
        retrieved=provenance.retrieved,
        index=provenance.index,
        corpus=provenance.corpus,
        site=provenance.site,
    ).sealed()


def _citations(parts: Iterable[DraftPart]) -> Iterable[Cited]:
    return (one for part in parts for sentence in part.sentences for one in sentence.citations)
