"""Between what the drafting room makes and what the store keeps."""

from __future__ import annotations

from collections.abc import Iterable

from rag.drafting.compose import Alternative, DraftPart, DraftSentence
from rag.drafting.sheet import Cited, Standing
from rag.records.draft_values import NewSection, NewSentence, Section, Sentence

STANDINGS: tuple[Standing, ...] = ("supported", "partial", "unsupported", "own words")


def to_keep(part: DraftPart, pinned: Iterable[Alternative] = ()) -> NewSection:
    """A part as a section; passages pinned before stay, first."""
    kept = list(pinned)
    places = {one.cited.place for one in kept}
    found = [*kept, *(a for a in part.alternatives if a.cited.place not in places)]
    return NewSection(
        kind=part.kind,
        question=part.question,
        outcome=part.outcome,
        note="\n".join(part.notes),
        alternatives=tuple(alternative_json(a) for a in found),
        sentences=tuple(sentence_to_keep(s) for s in part.sentences),
    )


def sentence_to_keep(sentence: DraftSentence) -> NewSentence:
    citations = tuple(c.model_dump(mode="json") for c in sentence.citations)
    return NewSentence(sentence.text, sentence.standing, sentence.reasons, citations)


def kept_sentence(sentence: Sentence) -> DraftSentence:
    return DraftSentence(sentence.text, standing_of(sentence), sentence.reasons, citations_of(sentence))


def kept_part(section: Section) -> DraftPart:
    return DraftPart(
        section.kind,
        section.question,
        section.outcome,
        tuple(kept_sentence(s) for s in section.sentences),
        alternatives_of(section),
        tuple(line for line in section.note.splitlines() if line),
    )


def citations_of(sentence: Sentence) -> tuple[Cited, ...]:
    return tuple(Cited.model_validate(c) for c in sentence.citations)


def standing_of(sentence: Sentence) -> Standing:
    return next(s for s in STANDINGS if s == sentence.support)


def alternatives_of(section: Section) -> tuple[Alternative, ...]:
    return tuple(
        Alternative(
            int(str(a["rank"])),
            float(str(a["score"])),
            Cited.model_validate(a["cited"]),
            bool(a["pinned"]),
        )
        for a in section.alternatives
    )


def alternative_json(one: Alternative) -> dict[str, object]:
    return {
        "rank": one.rank,
        "score": one.score,
        "cited": one.cited.model_dump(mode="json"),
        "pinned": one.pinned,
    }
