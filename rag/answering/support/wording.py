"""Names that stand for others, opposites, and names that change places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from rag.answering.support.alignment import Alignment, matched_positions
from rag.answering.support.facts import Sentence
from rag.answering.support.findings import Finding, contradiction, gap, hint
from rag.answering.support.vocabulary import Vocabulary, vocabulary
from rag.answering.support.words import Kind, Token

SAME_STATEMENT = 0.6
"""A sentence that bears out this share of the rest makes the statement, but for the name."""
APART = 0.35
"""So much less of the rest is said where the name stands."""
SUBJECT_WORDS = 3
"""A name among the first words of a statement may stand for a pronoun of the source."""
PRONOUNS = frozenset(
    "he she it they his her their him them who hij zij ze hun haar hem die han hun hende de deres".split()
)
PARTS = frozenset(
    "by from to for of with between and or "
    "van door aan voor met tussen en naar "
    "af fra til med mellem og eller".split()
)
"""Words before a name that say what part it plays; two names change places where both keep theirs."""
INFINITIVE = frozenset(("at", "te"))
LONGEST_ITEM = 3
"""Words of meaning in an item of a list, at most."""
NEAR_A_NAME = 4
"""Such a word and a name have fewer words than this between them."""
OPPOSED = 0.4
"""Opposites count when the sentence bears out this share of the statement."""


def wording_findings(alignment: Alignment) -> Iterator[Finding]:
    yield from _names(alignment)
    yield from _opposites(alignment)
    yield from _order(alignment)
    yield from _added_items(alignment)


def _names(alignment: Alignment) -> Iterator[Finding]:
    claim, near = alignment.claim, set(alignment.near)
    for name in claim.names:
        positions = [i for i in range(name.start, name.end) if i in alignment.answers]
        missing = [i for i in positions if not alignment.answers[i]]
        if not positions or not (name.sure or _is_name_in(alignment, positions)):
            continue
        if len(missing) == len(positions):
            yield gap("name", f"the source does not mention {name.written}")
        elif missing:
            lacking = " ".join(claim.tokens[i].text for i in missing)
            yield hint("name", f"the source does not mention {lacking}")
        elif other := _in_its_place(positions, alignment):
            yield contradiction("name", f"the source says {other}, the statement {name.written}")
        elif not any(near.intersection(alignment.answers[i]) for i in positions):
            yield hint("place", f"the source mentions {name.written} in another place")


def _is_name_in(alignment: Alignment, positions: Sequence[int]) -> bool:
    """Whether the source writes the word with a capital, and inside a sentence."""
    keys = {alignment.claim.tokens[i].key for i in positions}
    found = [
        (place, token.text)
        for key in keys
        for number in alignment.source.places.get(key, ())
        for place, token in enumerate(alignment.source.sentences[number].tokens)
        if token.key == key
    ]
    return bool(found) and all(text[0].isupper() for _, text in found)


def _in_its_place(positions: Sequence[int], alignment: Alignment) -> str:
    """The name that stands where the source makes the statement, if it is another one.

    The sentence that says the rest of the statement lacks the name and has one of its own, and
    the sentences that have the name say little of the rest.
    """
    named = {i for name in alignment.claim.names for i in range(name.start, name.end)}
    rest = {i: w for i, w in alignment.weights.items() if i not in named}
    total = sum(rest.values())
    if not total:
        return ""
    shares: dict[int, float] = {}
    for i, weight in rest.items():
        for number, strength in alignment.answers[i].items():
            shares[number] = shares.get(number, 0.0) + weight * strength / total
    hosts = set.intersection(*(set(alignment.answers[i]) for i in positions))
    says = max(shares, key=lambda number: (shares[number], -number), default=None)
    if says is None or shares[says] < SAME_STATEMENT:
        return ""
    if any(says in alignment.answers[i] for i in positions if len(alignment.claim.tokens[i].text) > 2):
        return ""
    if max((shares.get(host, 0.0) for host in hosts), default=0.0) > shares[says] - APART:
        return ""
    source = alignment.source.sentences[says]
    begins = min(positions) < SUBJECT_WORDS
    if begins and any(token.lower in PRONOUNS for token in source.tokens):
        return ""
    answered = {p for places in matched_positions(alignment, says).values() for p in places}
    for other in source.names:
        if not answered.issuperset(range(other.start, other.end)):
            return other.written
    return ""


def _added_items(alignment: Alignment) -> Iterator[Finding]:
    """One item of a list that the source does not have, beside another that it has."""
    claim = alignment.claim
    items = [_content_of(alignment, span) for span in _spans(claim)]
    for before, item, after in zip(items, items[1:], items[2:], strict=False):
        if not item or any(alignment.answers[i] for i in item):
            continue
        if any(beside and any(alignment.answers[i] for i in beside) for beside in (before, after)):
            yield gap("addition", f"the source does not say “{' '.join(claim.tokens[i].text for i in item)}”")
            return


def _spans(claim: Sentence) -> list[range]:
    """The places between one comma or "and" and the next."""
    joins = vocabulary(claim.language).joins
    ends = [i for i, t in enumerate(claim.tokens) if t.text == "," or t.lower in joins]
    starts = [0, *(end + 1 for end in ends)]
    return [range(start, end) for start, end in zip(starts, [*ends, len(claim.tokens)], strict=True)]


def _content_of(alignment: Alignment, span: range) -> list[int]:
    """The words of meaning there, if these are an item of a list: a few words, hardly any small ones."""
    found = [i for i in span if i in alignment.weights]
    return found if len(found) <= LONGEST_ITEM and len(span) <= len(found) + 1 else []


def _order(alignment: Alignment) -> Iterator[Finding]:
    """Two names, or two who act, that change places around the same word: who does it, and to whom."""
    claim, source = alignment.claim, alignment.source.sentences[alignment.best]
    words = vocabulary(claim.language)
    matches = {
        i: tuple(p for p in found if source.tokens[p].key == claim.tokens[i].key)
        for i, found in matched_positions(alignment, alignment.best).items()
    }
    found = [
        (start, end, theirs)
        for start, end in _actors(claim, words)
        if (theirs := matches.get(end - 1))  # "Commissioner" of "Data Commissioner"
    ]
    for (one, end, there), (other, _, beyond) in combinations(found, 2):
        last, first = min(there), max(beyond)
        turned = {i: p for i in range(end, other) for p in matches.get(i, ()) if first < p < last}
        if first >= last or not turned:
            continue
        ours = _part(claim, one, turned), _part(claim, other, turned)
        if ours == (_part(source, first, turned.values()), _part(source, last, turned.values())):
            yield contradiction(
                "order",
                f"in the source {claim.tokens[other].text} and {claim.tokens[one].text} stand the other way round",
            )
            return


def _actors(sentence: Sentence, words: Vocabulary) -> list[tuple[int, int]]:
    """Where names stand, and words for those who act."""
    named = [(name.start, name.end) for name in sentence.names]
    inside = {i for start, end in named for i in range(start, end)}
    acting = [(i, i + 1) for i, t in enumerate(sentence.tokens) if t.key in words.actors and i not in inside]
    return sorted(named + acting)


def _part(sentence: Sentence, place: int, verbs: Collection[int]) -> str:
    """The word that says what part whoever stands there plays ("by", "from", "to"), or nothing."""
    for i in range(place - 1, max(-1, place - 1 - NEAR_A_NAME), -1):
        if i in verbs or sentence.tokens[i].lower in INFINITIVE:
            return ""
        if sentence.tokens[i].lower in PARTS:
            return sentence.tokens[i].lower
    return ""


def _opposites(alignment: Alignment) -> Iterator[Finding]:
    if alignment.coverage.get(alignment.best, 0.0) < OPPOSED:
        return
    yield from _opposites_in(alignment.best, alignment)
    first = min(alignment.weights, default=-1)
    for number in alignment.near:
        if number != alignment.best and number in alignment.answers.get(first, ()):
            yield from _opposites_in(number, alignment, unsaid=True)


def _opposites_in(number: int, alignment: Alignment, unsaid: bool = False) -> Iterator[Finding]:
    """Opposites in one sentence; `unsaid`: only of words that no sentence bears out."""
    words = vocabulary(alignment.claim.language)
    source = alignment.source.sentences[number]
    matches = matched_positions(alignment, number)
    answered = {place for places in matches.values() for place in places}
    theirs = [t.lower for i, t in enumerate(source.tokens) if i not in answered]
    turned = _is_denied(alignment.claim) != _is_denied(source)
    for i, token in enumerate(alignment.claim.tokens):
        if i in matches or token.kind is not Kind.WORD or turned or token.lower in words.function:
            continue
        if unsaid and alignment.answers.get(i):
            continue
        other = next((word for word in theirs if words.are_opposed(token.lower, word)), None)
        if other and not _is_own_word(token, source):
            yield contradiction("opposite", f"the source says “{other}”, the statement “{token.lower}”")


def _is_denied(sentence: Sentence) -> bool:
    return any(True for _ in sentence.of_kind("negation"))


def _is_own_word(token: Token, source: Sentence) -> bool:
    return any(token.key == other.key for other in source.tokens)
