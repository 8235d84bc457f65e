"""Edits of words: another name, modal, bound or order, a negation, a clause less; each yields (text, before, after)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evals.contrast.editing import Editor, find, put, rules
from evals.contrast.statements import TrueStatement

LEAST_BETWEEN = 3
"""Words between two names that may change places."""
SHORTEST_REST_WORDS = 5


def replacing(kind: str) -> Editor:
    def edit(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
        for word, other in rules()[kind][statement.language]:
            match = find(word, statement.text)
            if match and _may_replace(kind, match, statement.text):
                yield put(statement.text, match.span(), other), match[0], other

    return edit


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


def names(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    """Another body in the place of one; the genitive goes with it."""
    known: Sequence[str] = rules()["name"][statement.language]
    for place, name in enumerate(known):
        match = re.search(
            rf"(?<![\w-]){re.escape(name)}(?='?s\b|\b)(?!-|\s(?:Global|of Europe))",
            statement.text,
            re.IGNORECASE,
        )
        if not match or match[0].islower() != name.islower():
            continue
        for step in (1, 2, 3):
            other = known[(place + step) % len(known)]
            if not _is_same_body(name, other) and not find(other, statement.text):
                yield put(statement.text, match.span(), other), match[0], other
                break


def _is_same_body(one: str, other: str) -> bool:
    return one.split()[-1] in other or other.split()[-1] in one


_VERB = {
    "en": r"shall|should|will|may|can|must|has|have|is|are|to",
    "nl": r"moeten|moet|kan|kunnen|zal|zullen|heeft|is|zijn|wordt",
    "da": r"skal|bør|vil|kan|har|er|at|opfordrer|giver",
}


def orders(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
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


def negations_added(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
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


def negations_dropped(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
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
            yield put(statement.text, found.span(), other), denial, other
            return


def conditions(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
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


def movements(statement: TrueStatement) -> Iterator[tuple[str, str, str]]:
    match = re.search(_FROM_TO[statement.language], statement.text)
    if match and match[1].lower() != match[2].lower():
        (a, b), (c, d) = match.span(1), match.span(2)
        text = statement.text
        yield text[:a] + match[2] + text[b:c] + match[1] + text[d:], match[0], "swapped"
