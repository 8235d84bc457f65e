"""Reads out of a question which numbered place it asks for. Refuses to guess: a number must stand under a
kind of place ("point 13"), or an ordinal before one ("the second paragraph")."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from rag.answering.places.cues import cues

LAST = "last"
MOST_NUMBERS = 8
"""Of a list or a range; whoever asks for more wants a summary."""
UNCOUNTED = ("letter", "section", "annex")
"""Never named by an ordinal alone: "the first part of the strategy" is a manner of speaking."""
NEAR_CHARACTERS = 30
_CARRIED = re.compile(r"\s*\([^()]*\w\s+\w[^()]*\)\s*$")
_RANKS = ("annex", "section", "article", "point", "paragraph", "letter", "item", "footnote", "row")


@dataclass(frozen=True, slots=True)
class Mention:
    """One kind of place and its numbers, as a person writes them."""

    kind: str
    numbers: tuple[str, ...]
    inner: tuple[tuple[str, str], ...] = ()
    """What stands in brackets behind the number: 7(d) has a letter, 3(2) a paragraph."""
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A place asked for: its mentions, outermost first, and what is said before and after them."""

    mentions: tuple[Mention, ...]
    written: str
    before: str
    after: str

    @property
    def near(self) -> str:
        """The place with the few words around it, which may name a list or a heading."""
        return f"{self.before[-NEAR_CHARACTERS:]}{self.written}{self.after[:NEAR_CHARACTERS]}"


@dataclass(frozen=True, slots=True)
class _Found:
    mention: Mention
    start: int
    end: int
    word: str


def asked_place(question: str) -> Asked | None:
    """The place that the question asks for; None if it names none, or several apart from each other."""
    if not _grammar().quick.search(question):
        return None
    carried = _CARRIED.search(question)
    body = question[: carried.start()] if carried else question
    found = _found(body)
    if not found and carried:
        body, found = question, _found(question)
    merged = _merged(body, found)
    if not merged:
        return None
    start, end = min(f.start for f in found), max(f.end for f in found)
    mentions = sorted((f.mention for f in merged), key=lambda m: _RANKS.index(m.kind))
    return Asked(tuple(mentions), body[start:end], question[:start], question[end:])


def _found(body: str) -> list[_Found]:
    grammar = _grammar()
    found: list[_Found] = []
    for match in grammar.place.finditer(body):
        mention = _mention(match)
        if mention is not None:
            found.append(_Found(mention, match.start(), match.end(), _word(match)))
    for match in grammar.ordinal.finditer(body):
        if not any(f.start < match.end() and match.start() < f.end for f in found):
            found.append(_Found(_counted(match), match.start(), match.end(), _word(match)))
    return sorted(found, key=lambda f: f.start)


def _mention(match: re.Match[str]) -> Mention | None:
    """None where what follows the word is no number for it ("point of", "onder 3")."""
    kind = _kind(match)
    if alone := match["bracketed"] or match["alone"]:
        if kind == "annex":
            return Mention(kind, (alone,)) if alone.isupper() else None
        return Mention("letter", (alone.casefold(),)) if match["bracketed"] or kind == "letter" else None
    return None if kind == "letter" else _listed(kind, match["list"])


def _listed(kind: str, words: str) -> Mention | None:
    """The numbers of a list or a range; None if they are too many to be meant."""
    numbers: list[str] = []
    inner: tuple[tuple[str, str], ...] = ()
    end = 0
    for one in _grammar().one.finditer(words):
        number = one["plain"] or one["roman"]
        if numbers and _grammar().to.fullmatch(words[end : one.start()].strip()):
            if not (number.isdigit() and numbers[-1].isdigit()):
                return None
            numbers += [str(n) for n in range(int(numbers[-1]) + 1, int(number))]
        suffix = one["suffix"] or ""
        if kind == "article" and suffix.isalpha():
            number, suffix = f"{number}{suffix}", ""  # Article 13a stands between 13 and 14
        numbers.append(number)
        inner = inner or _inner(suffix)
        end = one.end()
    fits = numbers and len(numbers) <= MOST_NUMBERS and not (inner and len(numbers) > 1)
    return Mention(kind, tuple(numbers), inner) if fits else None


def _inner(suffix: str) -> tuple[tuple[str, str], ...]:
    found = re.findall(r"\w+", suffix)
    return tuple(("paragraph" if x.isdigit() else "letter", x.casefold()) for x in found)


def _counted(match: re.Match[str]) -> Mention:
    word = match["word"]
    value = cues().ordinals[word.casefold()] if word else int(match["digits"])
    return Mention(_kind(match), (LAST if value < 0 else str(value),), ordinal=True)


def _word(match: re.Match[str]) -> str:
    return str(match[_kind(match)]).casefold()


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in cues().kinds if match.groupdict().get(kind))


def _merged(body: str, found: list[_Found]) -> list[_Found]:
    """Mentions of one kind as one, if nothing but "and" stands between them; else nothing."""
    merged: list[_Found] = []
    for one in found:
        same = next((m for m in merged if m.mention.kind == one.mention.kind), None)
        if same is None:
            merged.append(one)
            continue
        if one.mention.kind == "paragraph" and same.word == "afsnit" != one.word:
            merged[merged.index(same)] = replace(same, mention=replace(same.mention, kind="section"))
            merged.append(one)  # "afsnit 4, stk. 3": what encloses a paragraph is a section
            continue
        between = body[same.end : one.start].strip()
        if not _grammar().and_.fullmatch(between) or same.mention.inner or one.mention.inner:
            return []
        numbers = (*same.mention.numbers, *one.mention.numbers)
        merged[merged.index(same)] = replace(
            same, mention=replace(same.mention, numbers=numbers), end=one.end
        )
    several = sum(len(m.mention.numbers) > 1 for m in merged)
    return merged if several <= 1 else []


@dataclass(frozen=True, slots=True)
class _Grammar:
    quick: re.Pattern[str]
    """Cheap: whether it is worth looking at all."""
    place: re.Pattern[str]
    ordinal: re.Pattern[str]
    one: re.Pattern[str]
    to: re.Pattern[str]
    and_: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    words, kinds = cues().words, cues().kinds
    suffix = r"\s?\(\s?\w{1,3}\s?\)(?:\(\w{1,3}\))*|\s?[a-z]\)|[a-z](?!\w)"
    plain = r"\d{1,3}(?:\.\d{1,3})*(?![\d/%])"
    roman = r"(?-i:[IVX]{1,5})(?:\.\d+)*(?!\w)"
    one = rf"(?:{plain}(?:{suffix})?|{roman})"
    dated = r"\.?\s+\w+\s+(?:19|20)\d\d"
    listed = rf"{one}(?:\s*(?:{words['and']}|{words['to']})\s*{one}(?![\w/]|{dated}))*(?![\w/%]|[.,]\d)"
    named = "|".join(f"(?P<{kind}>{cue})" for kind, cue in kinds.items())
    counted = "|".join(f"(?P<{k}>{cue})" for k, cue in kinds.items() if k not in UNCOUNTED)
    ordinals = "|".join(sorted(cues().ordinals, key=len, reverse=True))
    scopes = "|".join(pattern.pattern for pattern in cues().scopes.values())
    places = (
        rf"(?<![\w/])(?:{named})\s*(?:(?:{words['number']})\s*)?"
        rf"(?:\((?P<bracketed>[a-z])\)|(?P<list>(?<!\w){listed})|(?P<alone>(?<!\w)[a-z])\)?(?![\w'’]))"
    )
    counting = (
        rf"(?<!\w)(?:(?P<word>{ordinals})|(?P<digits>\d{{1,3}})(?:st|nd|rd|th|ste|de|e|\.))\s+"
        rf"(?:(?:{scopes})\s+)?(?:{counted})(?!\w)"
    )
    return _Grammar(
        quick=_pattern(rf"(?<![\w/])(?:{'|'.join(kinds.values())})(?!\w)"),
        place=_pattern(places),
        ordinal=_pattern(counting),
        one=_pattern(rf"(?P<plain>{plain})(?P<suffix>{suffix})?|(?P<roman>{roman})"),
        to=_pattern(words["to"]),
        and_=_pattern(rf"(?:{words['and']}|\s)*"),
    )


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)
