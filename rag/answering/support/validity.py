"""Whether and when it holds: conditions set aside, plans told as done, until for since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rag.answering.support.alignment import Alignment
from rag.answering.support.dates import DateFact
from rag.answering.support.facts import Sentence
from rag.answering.support.findings import Finding, contradiction, gap
from rag.answering.support.vocabulary import vocabulary

BESIDE = 3
"""Words before a date that may tell on which side of it something is."""
UNDONE = 4
"""Words behind "has" that may deny it."""

Matches = Mapping[int, tuple[int, ...]]
"""Positions in the statement to positions in one sentence of the source."""


def validity_findings(alignment: Alignment, source: Sentence, matches: Matches) -> Iterator[Finding]:
    yield from _widenings(alignment)
    yield from _status(alignment.claim, source, matches)
    yield from _from_when(alignment.claim, source)


def _widenings(alignment: Alignment) -> Iterator[Finding]:
    """The statement sets conditions aside ("regardless of") where the sentences it rests on do not."""
    theirs = [m for n in alignment.window for m in alignment.source.sentences[n].of_kind("widening")]
    ours = list(alignment.claim.of_kind("widening"))
    if len(ours) > len(theirs):
        written = {marker.written.lower() for marker in theirs}
        said = next((m.written for m in ours if m.written.lower() not in written), ours[0].written)
        yield gap("widening", f"the statement says “{said}”, the source does not")


def _status(claim: Sentence, source: Sentence, matches: Matches) -> Iterator[Finding]:
    """Told as done where the source only plans it, asks for it, or holds it possible."""
    words = vocabulary(claim.language)
    if any(token.lower in words.planned for token in claim.tokens):
        return
    done = next((t for t in claim.tokens if t.lower in words.done), None)
    planned = [i for i, token in enumerate(source.tokens) if token.lower in words.planned]
    if done is None or not planned or _is_done(source):
        return
    answered = [place for places in matches.values() for place in places]
    behind = sum(place > planned[0] for place in answered)
    if answered and behind > len(answered) / 2:
        yield gap(
            "status", f"the source says “{source.tokens[planned[0]].text}”, the statement “{done.text}”"
        )


def _is_done(sentence: Sentence) -> bool:
    """Whether it tells of something done; "has not yet been adopted" does not."""
    words = vocabulary(sentence.language)
    return any(
        token.lower in words.done
        and not any(words.is_negator(t.lower) for t in sentence.tokens[max(0, i - 1) : i + UNDONE])
        for i, token in enumerate(sentence.tokens)
    )


def _from_when(claim: Sentence, source: Sentence) -> Iterator[Finding]:
    """The same date as the end of something in one and as its beginning in the other."""
    for mine in claim.dates:
        ours = _beside(claim, mine)
        theirs = {side for date in source.dates if mine.agrees_with(date) and (side := _beside(source, date))}
        if ours and theirs and ours not in theirs:
            yield contradiction("direction", f"the source says it otherwise of {mine.written} (until, since)")
            return


def _beside(sentence: Sentence, date: DateFact) -> str:
    """On which side of the date it is: "until" or "since", or nothing."""
    words = vocabulary(sentence.language)
    for token in reversed(sentence.tokens[max(0, date.start - BESIDE) : date.start]):
        if token.lower in words.until:
            return "until"
        if token.lower in words.since:
            return "since"
    return ""
