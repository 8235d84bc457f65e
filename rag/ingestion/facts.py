"""The facts a translation may not change: numbers, dates, references, and names that stay the same.

Facts are brought to one form whatever the language writes: "725 000", "725,000" and "725.000" are one number,
"24.7.2020" and "24 July 2020" one date, "2011/93/EU" and "2011/93/EF" one reference. The check is of sets:
a fact of the source that the translation lacks, or one it adds. It does not read meaning.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from tomllib import loads

Fact = str

SPACE = "[ \u00a0\u2009\u202f]"
URL = re.compile(r"(?:https?://|www\.)[^\s)>\]]+")
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")
SERIES = re.compile(
    rf"\b(?:COM|KOM|SWD|SEC|JOIN|PE)\b{SPACE}?(?:\(?(\d{{4}})\)?[ /]?\(?(\d{{1,4}})\)?|/(\d{{4}})/(\d{{1,4}}))",
    re.IGNORECASE,
)
ACT = re.compile(r"(?<![\d/])(\d{2,5})/(\d{1,4})(?!\d)(?:/[A-ZÆØÅ]{2,5})?")
DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
THOUSANDS = re.compile(rf"(?<![\d.,/])\d{{1,3}}(?:(?:{SPACE}\d{{3}})+|(?:\.\d{{3}})+|(?:,\d{{3}})+)(?!\d)")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
ROMAN = re.compile(r"(?<![\w/])(?:[IVX]{2,6})(?!\w)")
PERCENT = re.compile(r"^(?:%|procent\w*|percent\w*|pct\b|per cent\b)", re.IGNORECASE)
ACRONYM = re.compile(r"\b(?:[A-Z]{3,}|\w*[a-z][A-Z]\w*)\b")
MAGNITUDES = {
    "thousand": 3, "tusind": 3, "tusinde": 3, "duizend": 3,
    "million": 6, "millions": 6, "millioner": 6, "miljoen": 6, "mio": 6, "mln": 6,
    "milliard": 9, "milliarder": 9, "miljard": 9, "mia": 9, "mrd": 9, "bn": 9,
}  # fmt: skip
WORD_AFTER = re.compile(rf"^{SPACE}*([^\W\d_]+)")
ENGLISH_VERBS = ("may", "march")


def facts(text: str, language: str) -> frozenset[Fact]:
    """Every number, date part, reference, address and unchanging name of `text`."""
    return frozenset(_numeric(text, language)) | frozenset(f"name {name}" for name in _names(text))


def differences(source: str, source_language: str, translation: str, language: str) -> tuple[str, ...]:
    """What the translation lost or added, in plain words; empty if nothing."""
    ours, theirs = _numeric(source, source_language), _numeric(translation, language)
    lost = [fact for fact in sorted(ours - theirs) if not _spelt_out(fact, translation)]
    added = [fact for fact in sorted(theirs - ours) if not _spelt_out(fact, source)]
    names = [name for name in sorted(_names(source)) if not _keeps(name, translation)]
    return (
        *(f"lacks {fact}" for fact in lost),
        *(f"adds {fact}" for fact in added),
        *(f"lacks the name {name}" for name in names),
    )


def _numeric(text: str, language: str) -> set[Fact]:
    found: set[Fact] = set()

    def keep(kind: str, *values: str) -> str:
        found.add(f"{kind} {'/'.join(values)}".strip())
        return " ¤ "

    rest = unicodedata.normalize("NFKC", _plain_superscripts(text))
    rest = URL.sub(lambda m: keep("address", m[0].rstrip(".,;").casefold()), rest)
    rest = EMAIL.sub(lambda m: keep("address", m[0].casefold()), rest)
    rest = SERIES.sub(lambda m: keep("document", m[1] or m[3], _bare(m[2] or m[4])), rest)
    rest = DAY_FIRST.sub(lambda m: f" {int(m[1])} ¤{int(m[2]):02} {m[3]} ", rest)
    rest = YEAR_FIRST.sub(lambda m: f" {int(m[3])} ¤{int(m[2]):02} {m[1]} ", rest)
    rest = ACT.sub(lambda m: keep("reference", m[1], _bare(m[2])), rest)
    found |= {f"month {m}" for m in re.findall(r"¤(\d\d)\b", rest)} | _months(rest, language)
    rest = re.sub(r"¤\d\d\b", " ", rest)
    rest = THOUSANDS.sub(lambda m: re.sub(r"\D", "", m[0]), rest)
    found |= {_with_unit(match, language) for match in NUMBER.finditer(rest)}
    found |= {f"section {roman}" for roman in ROMAN.findall(rest)}
    return found


def _plain_superscripts(text: str) -> str:
    """Footnote calls left in a text are not numbers of it."""
    return re.sub("[⁰¹²³⁴-⁹]+", " ", text)


def _bare(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _with_unit(match: re.Match[str], language: str) -> Fact:
    value = match[0].replace(",", ".")
    after = match.string[match.end() :]
    word = WORD_AFTER.match(after)
    power = _magnitude(word[1].casefold(), language) if word else 0
    if power:
        value = f"{float(value) * 10**power:.0f}"
    elif "." not in value:
        value = _bare(value)
    percent = PERCENT.match(after.lstrip(" \u00a0\u2009\u202f"))
    return f"number {value}{' %' if percent else ''}"


def _magnitude(word: str, language: str) -> int:
    if word in ("billion", "billions", "billioner", "biljoen"):
        return 9 if language == "en" else 12
    return MAGNITUDES.get(word, 0)


def _months(text: str, language: str) -> set[Fact]:
    found = set()
    for match in re.finditer(r"[^\W\d_]+", text):
        number = _words()["months"].get(match[0].casefold())
        if number is None or (
            match[0].casefold() in ENGLISH_VERBS and language == "en" and not _dated(match)
        ):
            continue
        found.add(f"month {number}")
    return found


def _dated(match: re.Match[str]) -> bool:
    """English "may" and "march" are months only beside a number or after "in", "of", "since"."""
    before, after = match.string[: match.start()].rstrip(), match.string[match.end() :].lstrip(" ,")
    return match[0][0].isupper() and (
        bool(re.search(r"(\d(st|nd|rd|th)?|\b(in|of|since|until|by|early|late|from))$", before))
        or after[:1].isdigit()
    )


def _spelt_out(fact: Fact, text: str) -> bool:
    """Whether a small number stands in words in the other text ("fireårig", "four-year-old")."""
    kind, _, value = fact.partition(" ")
    forms = _words()["numbers"].get(value, "").split() if kind == "number" else []
    return any(re.search(rf"\b{form}", text, re.IGNORECASE) for form in forms)


def _names(text: str) -> set[str]:
    bare = EMAIL.sub(" ", URL.sub(" ", text))
    listed = {name for name in _invariable() if re.search(rf"\b{re.escape(name)}", bare, re.IGNORECASE)}
    acronyms = {a for a in ACRONYM.findall(bare) if not ROMAN.fullmatch(a)} if not _shouted(bare) else set()
    return listed | {a.casefold() for a in acronyms if a.casefold() not in _free()}


def _shouted(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > len(letters) / 2


def _keeps(name: str, text: str) -> bool:
    aliases = next((group for group in _aliases() if name in group), (name,))
    return any(re.search(rf"(?<!\w){re.escape(alias)}", text, re.IGNORECASE) for alias in aliases)


@cache
def _words() -> dict[str, dict[str, str]]:
    source = loads(resources.files("rag.ingestion").joinpath("facts.toml").read_text(encoding="utf-8"))
    months = {name: number for number, names in source["months"].items() for name in names.split()}
    return {"months": months, "numbers": source["numbers"]}


@cache
def _name_tables() -> dict[str, list[str]]:
    source = loads(resources.files("rag.ingestion").joinpath("facts.toml").read_text(encoding="utf-8"))
    tables: dict[str, list[str]] = source["names"]
    return tables


@cache
def _invariable() -> tuple[str, ...]:
    return tuple(_name_tables()["invariable"])


@cache
def _free() -> frozenset[str]:
    return frozenset(_name_tables()["free"])


@cache
def official_names() -> tuple[str, ...]:
    """Names and set terms in normalised words, longest first."""
    return tuple(sorted(_name_tables()["official"], key=len, reverse=True))


@cache
def _aliases() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group.split("|")) for group in _name_tables()["aliases"])
