"""Negation, modality, quantifiers, conditions, direction: the small words that turn a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rag.answering.support.alignment import Alignment, matched_positions
from rag.answering.support.facts import Marker, Sentence
from rag.answering.support.findings import Finding, contradiction, gap, hint
from rag.answering.support.validity import Matches, validity_findings
from rag.answering.support.vocabulary import vocabulary

ALIGNED = 0.35
"""A sentence that bears out this share of the statement is compared word by word."""
RIVAL = 0.1
"""Another sentence, as close as this to the best, may say the thing without the turn."""
WHOLE = 0.8
"""A sentence of the source with this share of its words in the statement is said by it."""


def turn_findings(alignment: Alignment, strict: bool) -> Iterator[Finding]:
    number = alignment.best
    if alignment.coverage.get(number, 0.0) < ALIGNED:
        return
    source = alignment.source.sentences[number]
    matches = matched_positions(alignment, number)
    yield from _negations(alignment, source, matches, strict)
    yield from _modals(alignment.claim, source, matches, strict)
    yield from _quantifiers(alignment.claim, source, matches, strict)
    yield from _universals(alignment)
    yield from _conditions(alignment, source, matches, strict)
    yield from _movements(alignment.claim, source)
    yield from validity_findings(alignment, source, matches)


def _negations(alignment: Alignment, source: Sentence, matches: Matches, strict: bool) -> Iterator[Finding]:
    claim = alignment.claim
    ours, theirs = list(claim.of_kind("negation")), list(source.of_kind("negation"))
    if ours and theirs and (len(ours) == len(theirs) or not strict):
        return
    back = _backwards(matches)
    if len(ours) > len(theirs):
        for marker in ours:
            bears = marker.head is not None and marker.head in matches
            if (
                (bears or strict)
                and not _is_soft(source, claim)
                and not (not strict and _said_elsewhere(alignment, negated=True))
            ):
                yield contradiction("negation", f"the statement says “{marker.written}”, the source does not")
                return
    for marker in theirs if len(theirs) > len(ours) else ():
        bears = marker.head is not None and marker.head in back
        if not bears and not (strict and _beside_a_match(marker, source, back)):
            continue
        if _is_soft(claim, source) or (not strict and _said_elsewhere(alignment, negated=False)):
            continue
        kind = "denial" if bears and _is_said_whole(source, back) else "negation"
        yield contradiction(kind, f"the source says “{marker.written}”, the statement leaves it out")
        return


def _is_said_whole(source: Sentence, back: Mapping[int, int]) -> bool:
    """Whether the statement says all that the sentence denies."""
    return len(source.content) > 1 and sum(i in back for i in source.content) >= WHOLE * len(source.content)


def _backwards(matches: Matches) -> dict[int, int]:
    return {theirs: mine for mine, places in matches.items() for theirs in places}


def _beside_a_match(marker: Marker, source: Sentence, back: Mapping[int, int]) -> bool:
    around = [i for i in source.content if abs(i - marker.start) <= 3]
    same = [i for i in around if source.clause[i] == source.clause[marker.start]]
    return any(i in back for i in same)


def _is_soft(sentence: Sentence, other: Sentence) -> bool:
    """Whether a word of the sentence that the other lacks denies by its sense ("failed to")."""
    words = vocabulary(sentence.language)
    said = {token.key for token in other.tokens}
    return any(
        token.lower in words.soft_negators or words.looks_denied(token.lower)
        for token in sentence.tokens
        if token.key not in said
    )


def _said_elsewhere(alignment: Alignment, negated: bool) -> bool:
    best = alignment.coverage.get(alignment.best, 0.0)
    return any(
        share >= best - RIVAL
        and number != alignment.best
        and any(True for _ in alignment.source.sentences[number].of_kind("negation")) == negated
        for number, share in alignment.coverage.items()
    )


def _paired(marker: Marker, source: Sentence, matches: Matches, kind: str) -> list[Marker]:
    """Markers of the source in the clause of the word that answers the marker's head."""
    if marker.head is None:
        return []
    clauses = {source.clause[place] for place in matches.get(marker.head, ())}
    return [theirs for theirs in source.of_kind(kind) if source.clause[theirs.start] in clauses]


def _modals(claim: Sentence, source: Sentence, matches: Matches, strict: bool) -> Iterator[Finding]:
    ours = list(claim.of_kind("modality"))
    theirs = list(source.of_kind("modality"))
    denied = any(True for _ in claim.of_kind("negation"))
    for marker in ours:
        if marker.head not in matches and not strict:
            continue
        paired = theirs if strict and len(ours) == 1 else _paired(marker, source, matches, "modality")
        senses = frozenset().union(*(other.values for other in paired))
        if not paired:
            if strict and not theirs and marker.values != {"will"} and not denied:
                yield gap("modality", f"the statement says “{marker.written}”, the source does not")
            elif not strict and marker.values == {"must"} and not theirs:
                yield hint("modality", f"the source does not say “{marker.written}”")
            continue
        if senses & marker.values or (denied and senses & {"may", "must"}):
            continue
        said = f"the source says “{paired[0].written}”, the statement “{marker.written}”"
        if strict or (marker.values & {"must"} and senses != {"will"}) or senses & {"must", "should"}:
            yield contradiction("modality", said)
        else:
            yield hint("modality", said)
    if ours:
        return
    back = _backwards(matches)
    for other in theirs:
        if "will" in other.values and not strict:
            continue
        if other.head in back or (strict and _beside_a_match(other, source, back)):
            said = f"the source says “{other.written}”, the statement leaves it out"
            yield gap("modality", said) if strict else hint("modality", said)
            return


def _quantifiers(claim: Sentence, source: Sentence, matches: Matches, strict: bool) -> Iterator[Finding]:
    back = _backwards(matches)
    ours, theirs = list(claim.of_kind("quantifier")), list(source.of_kind("quantifier"))
    their_values = frozenset().union(*(marker.values for marker in theirs))
    our_values = frozenset().union(*(marker.values for marker in ours))
    for marker in ours:
        if marker.values & their_values:
            continue
        heads = set(matches.get(marker.head, ())) if marker.head is not None else set()
        facing = [other for other in theirs if other.head in heads]
        if facing:
            said = f"the source says “{facing[0].written}”, the statement “{marker.written}”"
            yield contradiction("quantifier", said)
        elif strict or (heads and marker.values & {"all", "only", "most"}):
            said = f"the statement says “{marker.written}”, the source does not"
            yield gap("quantifier", said) if strict else hint("quantifier", said)
    for other in theirs:
        if other.values & our_values or other.head not in back or "many" in other.values:
            continue
        if any(
            marker.head in matches and other.head in matches[marker.head]
            for marker in ours
            if marker.head is not None
        ):
            continue  # reported above
        said = f"the source says “{other.written}”, the statement leaves it out"
        if strict:
            yield gap("quantifier", said)
        elif other.values & {"some", "only", "few"}:
            yield hint("quantifier", said)


def _universals(alignment: Alignment) -> Iterator[Finding]:
    """The statement leaves nothing out where no sentence nearby says so; "every day" is a measure."""
    claim = alignment.claim
    words = vocabulary(claim.language)
    said = {
        value
        for number in alignment.near
        for marker in alignment.source.sentences[number].of_kind("quantifier")
        for value in marker.values
    }
    for marker in claim.of_kind("quantifier"):
        after = claim.tokens[marker.end].lower if marker.end < len(claim.tokens) else ""
        if (
            marker.written.lower() in words.universal
            and not marker.values & said
            and after not in words.units
        ):
            yield gap("quantifier", f"the statement says “{marker.written}”, the source does not")
            return


def _conditions(alignment: Alignment, source: Sentence, matches: Matches, strict: bool) -> Iterator[Finding]:
    claim = alignment.claim
    ours, theirs = list(claim.of_kind("condition")), list(source.of_kind("condition"))
    our_values = frozenset().union(*(marker.values for marker in ours))
    their_values = frozenset().union(*(marker.values for marker in theirs))
    if ours and theirs and not our_values & their_values and strict:
        yield contradiction(
            "condition",
            f"the source says “{theirs[0].written}”, the statement “{ours[0].written}”",
        )
        return
    if ours and not theirs and strict:
        yield gap("condition", f"the source does not set the condition “{ours[0].written} …”")
    if len(theirs) <= len(ours):
        return
    back = _backwards(matches)
    for marker in theirs:
        if any(marker.written.lower() == mine.written.lower() for mine in ours):
            continue
        bound = [i for i in source.content if i >= marker.end and _in_condition(i, marker, source)]
        kept = [i for i in bound if i in back]
        if bound and len(kept) > len(bound) / 2 and not strict:
            continue
        said = f"the source adds a condition: “{_excerpt(marker, source)}”"
        yield gap("condition", said) if strict else hint("condition", said)


def _in_condition(position: int, marker: Marker, source: Sentence) -> bool:
    return source.clause[position] == source.clause[marker.start]


def _excerpt(marker: Marker, source: Sentence) -> str:
    words = [token.text for token in source.tokens[marker.start : marker.start + 8]]
    return " ".join(words) + (" …" if marker.start + 8 < len(source.tokens) else "")


def _movements(claim: Sentence, source: Sentence) -> Iterator[Finding]:
    for mine in claim.movements:
        for theirs in source.movements:
            swapped = mine.departure & theirs.arrival and mine.arrival & theirs.departure
            if swapped and not mine.departure & theirs.departure:
                yield contradiction("direction", "the source says it the other way round (from … to …)")
                return
