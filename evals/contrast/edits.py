"""Minimal edits: each takes a true statement and yields versions of it that are not true.

An edit is kept only if it passes the guards of its kind: the new number is another number, the new
name no other name for the same, the cut clause leaves a sentence, and the result does not stand in
the evidence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evals.contrast.statements import TrueStatement

RULES = Path(__file__).with_name("rules.toml")
SHORTEST_REST_WORDS = 5
LEAST_BETWEEN = 3
"""Words between two names that may change places."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A statement made untrue: the kind of edit, the words replaced, and what stands there now."""

    kind: str
    source: TrueStatement
    text: str
    before: str
    after: str


Editor = Callable[[TrueStatement], Iterator[tuple[str, str, str]]]
"""Yields (text, before, after)."""


@cache
def rules() -> Mapping[str, Any]:
    return tomllib.loads(RULES.read_text("utf-8"))


def edits_of(statement: TrueStatement, siblings: Sequence[TrueStatement]) -> Iterator[Edit]:
    """Every edit of every kind; `siblings` are the other sentences of the same passage."""
    evidence = " ".join(" ".join(statement.evidence).split()).lower()
    for kind, editor in EDITORS.items():
        for text, before, after in editor(statement):
            edit = _kept(kind, statement, text, before, after, evidence)
            if edit:
                yield edit
    for text, before, after in _glued(statement, siblings):
        edit = _kept("glue", statement, text, before, after, evidence)
        if edit:
            yield edit


def _kept(
    kind: str, statement: TrueStatement, text: str, before: str, after: str, evidence: str
) -> Edit | None:
    tidy = re.sub(r"\s+([,.;:)])", r"\1", " ".join(text.split()))
    tidy = tidy[:1].upper() + tidy[1:] if statement.text[:1].isupper() else tidy
    stands = kind != "condition dropped" and tidy.lower().strip(" .") in evidence
    if before.lower() == after.lower() or stands:
        return None
    return Edit(kind, statement, tidy, before, after)


def _replacing(kind: str) -> Editor:
    def edit(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
        for word, other in rules()[kind][statement.language]:
            match = _find(word, statement.text)
            if match and _may_replace(kind, match, statement.text):
                yield _put(statement.text, match.span(), other), match[0], other

    return edit


def _find(word: str, text: str) -> re.Match[str] | None:
    edge = r"(?<![\w-])" if word[0].isalnum() else ""
    end = r"(?![\w-])" if word[-1].isalnum() else ""
    return re.search(edge + re.escape(word) + end, text, re.IGNORECASE)


_COUNTS = "tre|drie|three|two|to|twee|four|fire|five|fem|komende"


def _may_replace(kind: str, match: re.Match[str], text: str) -> bool:
    """Guards by kind: a word that is here no modal, no quantifier, no bound."""
    after = text[match.end() :].lstrip()
    before = text[: match.start()].rstrip().lower()
    if kind == "bound":
        return bool(
            re.match(r"(?:[€$£]\s?)?\d|[a-zæøå]+\s\d|(?:two|three|four|five|tre|to|fem|half|halv)", after)
        )
    if kind == "unit":
        return bool(re.search(rf"(?:\d|\b(?:{_COUNTS}))[ -]?$", text[: match.start()], re.IGNORECASE))
    if kind == "modality":
        return match[0].islower() and not before.endswith(("så vidt", "hvad", "will", "free", "kan", "skal"))
    if kind == "quantifier":
        return not before.endswith(
            ("not", "ikke", "niet", "frem for", "after", "at", "vooral", "the", "en")
        ) and (len(after.split()) > 1)
    if kind == "direction":
        return not before.endswith(("not", "ikke", "niet")) and match[0].islower()
    return True


def _put(text: str, span: tuple[int, int], other: str) -> str:
    start, end = span
    if text[start].isupper() and other:
        other = other[0].upper() + other[1:]
    return text[:start] + other + text[end:]


_NUMBER = re.compile(r"(?<![\w./(-])\d{1,3}(?:(?:[., \u00a0]\d{3})+|(?:[.,]\d{1,2}))?(?![\w./)-])")
_YEAR = re.compile(r"(?<![\w./(-])(?:19|20)\d\d(?![\w/)-])")


def _numbers(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    """Another number of the same length; days of a date and parts of an act are other kinds."""
    text = statement.text
    for match in _NUMBER.finditer(text):
        if _is_date_or_part(text, match):
            continue
        other = _other_number(match[0])
        yield text[: match.start()] + other + text[match.end() :], match[0], other


_MONTHS = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|januar|februar|marts|maj|august|january|february|march|may|june|july|october)"
)
_PART = re.compile(
    r"(?:articles?|artikel|artikler|artikelen|lid|stk\.?|punkt|footnote|nr\.|no|chapter|#|fodnote"
    r"|L|C|og|and|en|note|kapitel|betragtning|initiativ)\s?$",
    re.IGNORECASE,
)


def _is_date_or_part(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 16]
    return bool(
        re.match(rf"\.?[ -]*(?:\d+\.?\s)?{_MONTHS}", after, re.IGNORECASE)
        or _PART.search(text[: match.start()])
        or re.match(r"\.\s?\d|\.-", after)
        or (not text[: match.start()].strip())
    )


def _other_number(written: str) -> str:
    """The first digit changed by at least two, so that nothing rounds to the same."""
    first = int(written[0])
    return f"{first + 3 if first <= 6 else first - 4}{written[1:]}"


def _number_words(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    words = {
        "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine"),
        "nl": ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
        "da": ("to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"),
    }[statement.language]
    for place, word in enumerate(words):
        match = re.search(rf"(?<![\w-]){word}(?![\w-])", statement.text)
        if match:
            other = words[(place + 3) % len(words)]
            yield _put(statement.text, match.span(), other), word, other


def _dates(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    text = statement.text
    for match in _YEAR.finditer(text):
        other = str(int(match[0]) - 3)
        if other not in " ".join(statement.evidence):
            yield text[: match.start()] + other + text[match.end() :], match[0], other
    months = {
        "en": ("January", "April", "May", "July", "October", "November", "December", "September"),
        "nl": ("januari", "april", "mei", "juli", "oktober", "november", "december", "september"),
        "da": ("januar", "april", "maj", "juli", "oktober", "november", "december", "september"),
    }[statement.language]
    for place, month in enumerate(months):
        found = re.search(rf"(?<=\w[. ]){month}\b|(?<=\. ){month}\b", text)
        if found:
            other = months[(place + 3) % len(months)]
            yield text[: found.start()] + other + text[found.end() :], month, other
    day = re.search(rf"(?<![\w./-])(\d{{1,2}})(?=\.?\s{_MONTHS})", text, re.IGNORECASE)
    if day:
        other = str(int(day[0]) % 27 + 2)
        yield text[: day.start()] + other + text[day.end() :], day[0], other


_ACT = re.compile(r"(?<![\d/])(\d{4})/(\d{1,4})(?=/|[^\d/]|$)")
_ARTICLE = re.compile(r"\b(articles?|artikel|lid|stk\.|paragraph)\s(\d{1,3})\b", re.IGNORECASE)
_SERIES = re.compile(r"\bCOM\((\d{4})\)\s(\d{2,4})\b")


def _references(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    text = statement.text
    for pattern in (_ACT, _ARTICLE, _SERIES):
        match = pattern.search(text)
        if match:
            start, end = match.span(2)
            other = str(int(match[2]) + 7)
            yield text[:start] + other + text[end:], match[2], other


def _names(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    """Another body in the place of one; the genitive goes with it."""
    names: Sequence[str] = rules()["name"][statement.language]
    for place, name in enumerate(names):
        match = re.search(
            rf"(?<![\w-]){re.escape(name)}(?='?s\b|\b)(?!-|\s(?:Global|of Europe))",
            statement.text,
            re.IGNORECASE,
        )
        if not match or match[0].islower() != name.islower():
            continue
        for step in (1, 2, 3):
            other = names[(place + step) % len(names)]
            if not _is_same_body(name, other) and not _find(other, statement.text):
                yield _put(statement.text, match.span(), other), match[0], other
                break


def _is_same_body(one: str, other: str) -> bool:
    return one.split()[-1] in other or other.split()[-1] in one


_VERB = {
    "en": r"shall|should|will|may|can|must|has|have|is|are|to",
    "nl": r"moeten|moet|kan|kunnen|zal|zullen|heeft|is|zijn|wordt",
    "da": r"skal|bør|vil|kan|har|er|at|opfordrer|giver",
}


def _orders(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    """Two bodies change places around a verb: who does it, and to whom."""
    found: list[tuple[int, int, str]] = []
    for name in rules()["name"][statement.language]:
        match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", statement.text)
        if match:
            found.append((match.start(), match.end(), match[0]))
    found.sort()
    for (a, b, one), (c, d, other) in zip(found, found[1:], strict=False):
        between = statement.text[b:c]
        verb = re.search(rf"\b(?:{_VERB[statement.language]})\b", between)
        if b <= c and len(between.split()) >= LEAST_BETWEEN and verb and "," not in between:
            text = statement.text[:a] + other + between + one + statement.text[d:]
            yield text, f"{one} … {other}", f"{other} … {one}"


def _negations_added(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    data = rules()["negation"]
    word = data["word"][statement.language]
    for verb in data["after"][statement.language]:
        match = re.search(rf"(?<![\w-]){verb}(?=\s[\w])", statement.text)
        if not match or _denies_near(statement.text[match.end() :]):
            continue
        text = f"{statement.text[: match.end()]} {word}{statement.text[match.end() :]}"
        yield text, verb, f"{verb} {word}"
        return


_DENIALS = r"not|no|niet|geen|ikke|ingen|never|nooit|aldrig|without|zonder|uden"


def _denies_near(text: str) -> bool:
    return bool(re.match(rf"(?:\s+\S+){{0,2}}\s+(?:{_DENIALS})\b", text, re.IGNORECASE))


def _negations_dropped(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    harmless = "|".join(rules()["negation"]["not_before"])
    pattern = rf"\s(?:not|niet|ikke)(?=[\s.,;])(?!\s(?:{harmless})\b)"
    for match in re.finditer(pattern, statement.text):
        yield statement.text[: match.start()] + statement.text[match.end() :], match[0].strip(), ""
        return
    for denial, other in (
        ("ingen", "en"),
        ("geen", "een"),
        ("without", "with"),
        ("uden", "med"),
        ("zonder", "met"),
    ):
        found = re.search(rf"(?<=\s){denial}(?=\s)(?!\s(?:for|om|voor|at)\b)", statement.text)
        if found:
            yield _put(statement.text, found.span(), other), denial, other
            return


def _conditions(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    """A condition or exception cut out, from its first word to the end of its clause."""
    for opener in rules()["condition"][statement.language]:
        match = re.search(rf",?\s{re.escape(opener)}\b[^,.;:()]*(?=[,.;]|$),?", statement.text)
        if not match:
            continue
        rest = statement.text[: match.start()] + " " + statement.text[match.end() :].lstrip()
        whole = len(rest.split()) >= SHORTEST_REST_WORDS and rest.count("(") == rest.count(")")
        joined = re.search(
            r"\b(?:og|en|and|eller|of|or|som|som f.eks|om|whether)\s*$", statement.text[: match.start()]
        )
        if whole and not joined and len(match[0].split()) > 1:
            yield rest.strip(" ,") + ("" if rest.rstrip().endswith(".") else "."), match[0].strip(" ,"), ""


_FROM_TO = {
    "en": r"\bfrom ((?:the )?[\w-]+) to ((?:the )?[\w-]+)\b",
    "nl": r"\bvan ((?:de |het )?[\w-]+) (?:naar|tot) ((?:de |het )?[\w-]+)\b",
    "da": r"\bfra ([\w-]+) til ([\w-]+)\b",
}


def _movements(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    match = re.search(_FROM_TO[statement.language], statement.text)
    if match and match[1].lower() != match[2].lower():
        (a, b), (c, d) = match.span(1), match.span(2)
        text = statement.text
        yield text[:a] + match[2] + text[b:c] + match[1] + text[d:], match[0], "swapped"


def _glued(statement: TrueStatement, siblings: Sequence[TrueStatement]) -> Iterator[tuple[str, str, str]]:
    """A number of one sentence put into another that has its own."""
    mine = [m for m in _NUMBER.finditer(statement.text) if not _is_date_or_part(statement.text, m)]
    for other in siblings:
        if other.text == statement.text or other.language != statement.language:
            continue
        theirs = [m[0] for m in _NUMBER.finditer(other.text) if not _is_date_or_part(other.text, m)]
        given = {m[0] for m in mine}
        foreign = [n for n in theirs if n not in given]
        if mine and foreign:
            at = mine[0]
            text = statement.text[: at.start()] + foreign[0] + statement.text[at.end() :]
            yield text, at[0], foreign[0]
            return


EDITORS: Mapping[str, Editor] = {
    "number": _numbers,
    "number word": _number_words,
    "unit": _replacing("unit"),
    "date": _dates,
    "reference": _references,
    "name": _names,
    "order": _orders,
    "negation added": _negations_added,
    "negation dropped": _negations_dropped,
    "modality": _replacing("modality"),
    "quantifier": _replacing("quantifier"),
    "bound": _replacing("bound"),
    "direction": _replacing("direction"),
    "from-to": _movements,
    "condition dropped": _conditions,
}
