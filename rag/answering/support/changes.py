"""Where a statement nearly repeats the source, every word that differs counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.answering.support.alignment import Alignment, related
from rag.answering.support.facts import Sentence
from rag.answering.support.findings import Finding, contradiction, gap
from rag.answering.support.repetition import Change, Repetition, Words
from rag.answering.support.vocabulary import Vocabulary, vocabulary
from rag.answering.support.words import Kind, Token

SHORT_CUT = 4
"""Words left out in one place, at most, for the small ones among them to count."""
SHOWN = 6


def change_findings(alignment: Alignment, repeated: Repetition) -> Iterator[Finding]:
    """What the changed words say that the source does not."""
    if not repeated.strict:
        return
    words = vocabulary(alignment.claim.language)
    sources = [alignment.source.sentences[n] for n in repeated.sentences]
    turning = _turning((alignment.claim, *sources))
    counted = _counted(alignment.claim)
    for change in repeated.changes:
        yield from _turned(change, turning)
        yield from _numbers(change, alignment.claim, sources, words)
        yield from _units(change, words)
        yield from _opposed(change, words)
        yield from _put_in(change, alignment, repeated, words, counted)


Turning = Mapping[int, tuple[str, frozenset[str]]]
"""By token identity: the kind of marker the word belongs to and its values."""


def _turning(sentences: Sequence[Sentence]) -> Turning:
    return {
        id(sentence.tokens[i]): (marker.kind, marker.values)
        for sentence in sentences
        for marker in sentence.markers
        for i in range(marker.start, marker.end)
    }


def _turned(change: Change, turning: Turning) -> Iterator[Finding]:
    """A negation, modal or quantifier put in, left out, or changed for another."""
    left_out = not change.ours
    if left_out and (not change.inside or len(change.theirs) > SHORT_CUT):
        return
    theirs, ours = _by_kind(change.theirs, turning), _by_kind(change.ours, turning)
    for kind in ("negation", "modality", "quantifier"):
        mine, source = ours.get(kind, {}), theirs.get(kind, {})
        if any(_alike(a, b) for a in mine.values() for b in source.values()):
            continue
        if mine and source:
            yield contradiction(
                kind, f"the source says “{next(iter(source))}”, the statement “{next(iter(mine))}”"
            )
        elif source and (left_out or kind == "negation" or change.inside):
            if kind == "modality" and all(values == {"will"} for values in source.values()):
                continue
            said = f"the source says “{next(iter(source))}”, the statement leaves it out"
            yield contradiction(kind, said) if kind == "negation" else gap(kind, said)
        elif mine:
            said = f"the statement says “{next(iter(mine))}”, the source does not"
            yield contradiction(kind, said) if kind == "negation" else gap(kind, said)


def _by_kind(tokens: Words, turning: Turning) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for token in tokens:
        if id(token) in turning:
            kind, values = turning[id(token)]
            found.setdefault(kind, {})[token.lower] = values
    return found


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """The same senses, or a sense of duty, advice or leave in common ("shall" and "must")."""
    return one == other or bool((one & other) - {"will"})


def _numbers(
    change: Change, claim: Sentence, sources: Sequence[Sentence], words: Vocabulary
) -> Iterator[Finding]:
    """A number or month in the place of another."""
    mine = [t for t in change.ours if _is_numeric(t, words)]
    source = [t for t in change.theirs if _is_numeric(t, words)]
    if not mine or not source:
        return
    ours, theirs = _values(mine, [claim], words), _values(source, sources, words)
    if not ours & theirs:
        yield contradiction(
            "number",
            f"the source says {' '.join(t.text for t in source)}, "
            f"the statement {' '.join(t.text for t in mine)}",
        )


def _units(change: Change, words: Vocabulary) -> Iterator[Finding]:
    """Another unit or magnitude with the same number ("months" for "years")."""
    mine, source = _measures(change.ours, words), _measures(change.theirs, words)
    if mine and source and not set(mine.values()) & set(source.values()):
        if any(_is_numeric(token, words) for token in change.ours):
            return  # the numbers are compared with their units
        yield contradiction(
            "unit", f"the source says “{next(iter(source))}”, the statement “{next(iter(mine))}”"
        )


def _measures(tokens: Words, words: Vocabulary) -> dict[str, str]:
    return {
        token.text: words.units.get(token.lower) or str(words.powers[token.lower])
        for token in tokens
        if token.lower in words.units or (len(token.lower) > 1 and token.lower in words.powers)
    }


def _is_numeric(token: Token, words: Vocabulary) -> bool:
    return (
        token.kind in (Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.REFERENCE)
        or token.lower in words.numbers
        or token.lower in words.months
    )


def _values(tokens: Sequence[Token], sentences: Sequence[Sentence], words: Vocabulary) -> set[object]:
    found: set[object] = set()
    for token in tokens:
        found.add(words.months.get(token.lower, token.key))
        for sentence in sentences:
            for quantity in sentence.quantities:
                if any(t is token for t in sentence.tokens[quantity.start : quantity.end]):
                    found.add(quantity.measure)
            for date in sentence.dates:
                if any(t is token for t in sentence.tokens[date.start : date.end]):
                    found |= {("date", date.year, date.month, date.day)}
    return found


def _opposed(change: Change, words: Vocabulary) -> Iterator[Finding]:
    for mine in change.ours:
        for theirs in change.theirs:
            opposed = words.are_opposed(mine.lower, theirs.lower) or (
                theirs.lower in words.small_antonyms.get(mine.lower, ())
            )
            if opposed and not any(mine.key == other.key for other in change.theirs):
                yield contradiction(
                    "opposite", f"the source says “{theirs.text}”, the statement “{mine.text}”"
                )


def _counted(sentence: Sentence) -> frozenset[int]:
    """The identities of the tokens of numbers, units and dates, which are compared by value."""
    spans = [(q.start, q.end) for q in sentence.quantities]
    spans += [(d.start, d.end) for d in sentence.dates]
    return frozenset(id(sentence.tokens[i]) for start, end in spans for i in range(start, end))


def _put_in(
    change: Change,
    alignment: Alignment,
    repeated: Repetition,
    words: Vocabulary,
    counted: frozenset[int],
) -> Iterator[Finding]:
    """Words put in place of the source's, or added, that say something of their own."""
    added = [
        token
        for token in change.ours
        if _says_something(token, words)
        and id(token) not in counted
        and not _is_answered(token, change.theirs, alignment, repeated, words)
    ]
    if not added:
        return
    mine = " ".join(token.text for token in added)
    instead = " ".join(t.text for t in change.theirs if _says_something(t, words))
    if instead and len(change.theirs) <= SHOWN:
        kind = "name" if added[0].text[0].isupper() else "wording"
        yield gap(kind, f"the source says “{instead}”, the statement “{mine}”")
    elif not change.theirs and {change.ours[0].lower, change.ours[-1].lower} & words.joins:
        yield gap("addition", f"the source does not say “{mine}” here")
    else:
        yield gap("wording", f"the source does not say “{mine}” here")


def _says_something(token: Token, words: Vocabulary) -> bool:
    return (
        token.kind is Kind.WORD
        and token.lower not in words.function
        and (len(token.lower) > 1 or token.text.isupper())
    )


def _is_answered(
    token: Token, theirs: Words, alignment: Alignment, repeated: Repetition, words: Vocabulary
) -> bool:
    if any(_same(token, other, words) for other in theirs):
        return True
    if _in_shared_concept(token, theirs, alignment):
        return True
    moved = any(token.key == other.key for other in repeated.source)
    return moved and not token.text[0].isupper()


def _same(token: Token, other: Token, words: Vocabulary) -> bool:
    return (
        token.key == other.key
        or words.are_synonyms(token.key, other.key)
        or (related(token.key, other.key) and not words.are_opposed(token.lower, other.lower))
    )


def _in_shared_concept(token: Token, theirs: Words, alignment: Alignment) -> bool:
    """Whether the word is part of a name whose other form stands in the source's words here."""
    claim = alignment.claim
    ours = [
        groups
        for groups, start, end in claim.concepts
        if any(claim.tokens[i] is token for i in range(start, end))
    ]
    if not ours:
        return False
    near = {id(other) for other in theirs}
    return any(
        groups & mine
        for number in alignment.near
        for groups, start, end in alignment.source.sentences[number].concepts
        if any(id(alignment.source.sentences[number].tokens[i]) in near for i in range(start, end))
        for mine in ours
    )
