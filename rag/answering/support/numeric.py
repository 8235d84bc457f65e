"""Do the numbers, dates and references of a statement stand in the sentences it rests on?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from rag.answering.support.alignment import Alignment
from rag.answering.support.dates import DateFact
from rag.answering.support.facts import Reference, Sentence
from rag.answering.support.findings import Finding, contradiction, gap, hint
from rag.answering.support.quantities import Quantity

UP = frozenset({"at_least", "more_than"})
DOWN = frozenset({"at_most", "less_than"})
NO_BETTER_THAN = {"more_than": ("", "at_least", "at_most"), "less_than": ("", "at_most")}
"""Bounds of the source that do not bear out those of a statement with the same number."""
APPROXIMATE = 0.1
"""A number said to be approximate may be off by this share."""
SAME_STATEMENT = 0.5
"""A sentence that bears out this share makes the statement, but for what differs."""
ALSO_ABOUT = 0.3
"""A sentence that bears out this share of the statement is about the same thing."""


def number_findings(alignment: Alignment, strict: bool) -> Iterator[Finding]:
    """`strict`: the statement repeats the source nearly word for word, so small changes count."""
    used: set[tuple[int, int]] = set()
    for quantity in alignment.claim.quantities:
        yield from _quantity(quantity, alignment, strict, used)
    for date in alignment.claim.dates:
        yield from _date(date, alignment, strict)
    for reference in alignment.claim.references:
        yield from _reference(reference, alignment)


def _same_thing(mine: Quantity, theirs: Quantity) -> bool:
    """Whether the two may measure the same: equal units, or none and no word against it."""
    if mine.unit or theirs.unit:
        return mine.measure[0] == theirs.measure[0] or not (mine.unit and theirs.unit)
    return True


def _equal(mine: Quantity, theirs: Quantity) -> bool:
    if mine.unit and theirs.unit:
        left, right = mine.measure, theirs.measure
        return left[0] == right[0] and math.isclose(left[1], right[1], rel_tol=1e-6)
    return math.isclose(mine.value, theirs.value, rel_tol=1e-9)


def _fits(mine: Quantity, theirs: Quantity, strict: bool) -> bool:
    """Whether the source's number makes the statement's true though it is another."""
    if not _comparable(mine, theirs):
        return False
    left, right = mine.measure[1], theirs.measure[1]
    if mine.bound in UP and theirs.bound in ("", "about"):
        return right > left and right <= 2 * left
    if mine.bound in DOWN and theirs.bound in ("", "about"):
        return right < left and left <= 2 * right
    if mine.bound == "about" or theirs.bound == "about":
        return abs(left - right) <= APPROXIMATE * max(abs(left), abs(right))
    return not strict and _rounds_to(right, left)


def _comparable(mine: Quantity, theirs: Quantity) -> bool:
    if mine.unit or theirs.unit:
        return mine.measure[0] == theirs.measure[0]
    return not (mine.noun and theirs.noun) or mine.noun == theirs.noun


def _rounds_to(exact: float, rounded: float) -> bool:
    if not exact or not rounded or abs(exact - rounded) > 0.05 * abs(exact):
        return False
    digits = len(f"{rounded:.10g}".replace(".", "").rstrip("0").lstrip("0"))
    return digits >= 1 and float(f"{exact:.{max(digits, 1)}g}") == rounded


def _quantity(
    mine: Quantity, alignment: Alignment, strict: bool, used: set[tuple[int, int]]
) -> Iterator[Finding]:
    near = alignment.near
    equal = [(number, theirs) for number, theirs in _all(alignment) if _equal(mine, theirs)]
    here = [(n, theirs) for n, theirs in equal if n in near]
    if here:
        preferred = [pair for pair in here if (pair[0], pair[1].start) not in used] or here
        number, theirs = min(preferred, key=lambda pair: _distance(mine, pair[1], pair[0], alignment))
        used.add((number, theirs.start))
        yield from _bound_elsewhere(mine, number, alignment)
        yield from _bound(mine, theirs, strict)
        yield from _counted(mine, theirs, alignment)
        return
    if any(_fits(mine, theirs, strict) for n, theirs in _all(alignment) if n in near):
        return
    if equal or _written_in(alignment, mine.written):
        about = max((alignment.coverage.get(n, 0.0) for n, _ in equal), default=0.0)
        if equal and about < ALSO_ABOUT:
            yield gap("number", f"the number {mine.written} stands in another sentence of the source")
        return
    against = _against(mine, alignment) or _in_another_unit(mine, alignment)
    if against:
        yield contradiction("number", f"the source says {against.written}, the statement {mine.written}")
    elif not strict and mine.is_small_word:
        yield hint("number", f"the source does not give the number {mine.written}")
    else:
        yield gap("number", f"the source does not give the number {mine.written}")


def _bound_elsewhere(mine: Quantity, number: int, alignment: Alignment) -> Iterator[Finding]:
    """The number stands beside the sentence that says this, which gives another one."""
    best = alignment.best
    if number == best or alignment.coverage.get(best, 0.0) < SAME_STATEMENT:
        return
    ours = alignment.claim.quantities
    for theirs in alignment.source.sentences[best].quantities:
        same_unit = bool(mine.unit) and mine.measure[0] == theirs.measure[0]
        same_noun = bool(mine.noun) and mine.noun == theirs.noun
        if (same_unit or same_noun) and not any(_equal(other, theirs) for other in ours):
            yield contradiction(
                "number", f"the source says {theirs.written} here, the statement {mine.written}"
            )
            return


def _all(alignment: Alignment) -> Iterator[tuple[int, Quantity]]:
    for number, sentence in enumerate(alignment.source.sentences):
        for quantity in sentence.quantities:
            yield number, quantity


def _distance(
    mine: Quantity, theirs: Quantity, number: int, alignment: Alignment
) -> tuple[bool, bool, float]:
    return (
        mine.noun != theirs.noun,
        number not in alignment.window,
        -alignment.coverage.get(number, 0.0),
    )


def _written_in(alignment: Alignment, written: str) -> bool:
    return any(f" {written} " in f" {alignment.source.sentences[n].text} " for n in alignment.near)


def _against(mine: Quantity, alignment: Alignment) -> Quantity | None:
    """A number of the source for the same unit or noun that the statement does not give."""
    ours = alignment.claim.quantities
    for number in alignment.window:
        for theirs in alignment.source.sentences[number].quantities:
            same_unit = bool(mine.unit) and mine.measure[0] == theirs.measure[0]
            same_noun = bool(mine.noun) and mine.noun == theirs.noun
            if (same_unit or same_noun) and not any(_equal(other, theirs) for other in ours):
                return theirs
    return None


def _in_another_unit(mine: Quantity, alignment: Alignment) -> Quantity | None:
    for number in alignment.window:
        for theirs in alignment.source.sentences[number].quantities:
            if mine.unit and theirs.unit and theirs.value == mine.value:
                return theirs
    return None


def _bound(mine: Quantity, theirs: Quantity, strict: bool) -> Iterator[Finding]:
    says = f"the source says {_said(theirs)}, the statement {_said(mine)}"
    opposed = (mine.bound in UP and theirs.bound in DOWN) or (mine.bound in DOWN and theirs.bound in UP)
    if opposed:
        yield contradiction("bound", says)
    elif theirs.bound in NO_BETTER_THAN.get(mine.bound, ()) or (
        strict and _side(mine.bound) != _side(theirs.bound)
    ):
        yield gap("bound", says)


def _side(bound: str) -> str:
    return "up" if bound in UP else "down" if bound in DOWN else ""


def _said(quantity: Quantity) -> str:
    return f"{quantity.bound.replace('_', ' ')} {quantity.written}".strip()


def _counted(mine: Quantity, theirs: Quantity, alignment: Alignment) -> Iterator[Finding]:
    """The same number of something else, while the source gives another number of ours."""
    if mine.unit and theirs.unit and mine.measure[0] == theirs.measure[0]:
        return
    if mine.unit and theirs.unit:
        yield contradiction("unit", f"the source says {theirs.written}, the statement {mine.written}")
        return
    if not mine.noun or not theirs.noun or mine.noun == theirs.noun:
        return
    for number in alignment.window:
        for other in alignment.source.sentences[number].quantities:
            if other.noun == mine.noun and not _equal(mine, other):
                yield contradiction(
                    "number", f"the source gives {other.written} for this, the statement {mine.written}"
                )
                return


def _date(mine: DateFact, alignment: Alignment, strict: bool) -> Iterator[Finding]:
    every = [(n, d) for n, s in enumerate(alignment.source.sentences) for d in s.dates]
    agreeing = [n for n, d in every if mine.agrees_with(d) and mine.says_no_more_than(d)]
    if any(n in alignment.near for n in agreeing):
        yield from _date_elsewhere(mine, agreeing, alignment)
        return
    if agreeing:
        if max(alignment.coverage.get(n, 0.0) for n in agreeing) < ALSO_ABOUT and strict:
            yield gap("date", f"the date {mine.written} stands in another sentence of the source")
        return
    if _parts_are_given(mine, (d for _, d in every)) or _year_is_written(mine, alignment):
        if strict:
            yield gap("date", f"the source does not give the date {mine.written}")
        return
    against = _date_against(mine, alignment)
    if against:
        yield contradiction("date", f"the source says {against.written}, the statement {mine.written}")
    else:
        yield gap("date", f"the source does not give the date {mine.written}")


def _date_elsewhere(mine: DateFact, agreeing: Sequence[int], alignment: Alignment) -> Iterator[Finding]:
    """The date stands beside the sentence that says this, which gives another one."""
    best, ours = alignment.best, alignment.claim.dates
    if mine.year is None or best in agreeing or alignment.coverage.get(best, 0.0) < SAME_STATEMENT:
        return
    for theirs in alignment.source.sentences[best].dates:
        if theirs.year and theirs.year != mine.year and not any(d.year == theirs.year for d in ours):
            yield contradiction(
                "date", f"the source says {theirs.written} here, the statement {mine.written}"
            )
            return


def _parts_are_given(mine: DateFact, every: Iterable[DateFact]) -> bool:
    """The year in one place and the day in another."""
    dates = list(every)
    return all(
        part is None or any(getattr(other, name) == part for other in dates)
        for name, part in (("year", mine.year), ("month", mine.month), ("day", mine.day))
    ) and not any(
        other.day and other.month and (other.month, other.day) != (mine.month, mine.day) and mine.day
        for other in dates
    )


def _year_is_written(mine: DateFact, alignment: Alignment) -> bool:
    if mine.year is None or mine.month is not None:
        return False
    return any(str(mine.year) in sentence.text for sentence in alignment.source.sentences)


def _date_against(mine: DateFact, alignment: Alignment) -> DateFact | None:
    ours = alignment.claim.dates
    for number in alignment.window:
        for theirs in alignment.source.sentences[number].dates:
            taken = any(other.agrees_with(theirs) for other in ours if other is not mine)
            comparable = (mine.year and theirs.year) or (mine.month and theirs.month)
            if comparable and not mine.agrees_with(theirs) and not taken:
                return theirs
    return None


def _reference(mine: Reference, alignment: Alignment) -> Iterator[Finding]:
    family = mine.key.partition(":")[0]
    near = {r.key: r for n in alignment.near for r in alignment.source.sentences[n].references}
    if mine.key in near:
        return
    if any(mine.key in _keys(sentence) for sentence in alignment.source.sentences):
        yield gap("reference", f"{mine.written} stands in another sentence of the source")
        return
    ours = _keys(alignment.claim)
    against = [r for key, r in near.items() if key.startswith(f"{family}:") and key not in ours]
    if against:
        yield contradiction(
            "reference", f"the source says {against[0].written}, the statement {mine.written}"
        )
    else:
        yield gap("reference", f"the source does not mention {mine.written}")


def _keys(sentence: Sentence) -> frozenset[str]:
    return frozenset(reference.key for reference in sentence.references)
