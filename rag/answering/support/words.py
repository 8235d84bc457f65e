"""From text to tokens: one way of writing for quotation marks, spaces, references and numbers."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from threading import local

import Stemmer

_QUOTES = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u00b4`"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u00ad\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2013\u2014\u2015"), " - "),
    **dict.fromkeys(map(ord, "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079"), " "),
}
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"\*\*|__|(?<=[\w)\]])\[\d{1,3}\](?!\()")
_LANGUAGES = {"en": "english", "nl": "dutch", "da": "danish"}
_local = local()


class Kind(StrEnum):
    """What a token is, as far as its form tells."""

    WORD = "word"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    REFERENCE = "reference"
    ADDRESS = "address"
    STOP = "stop"  # punctuation that ends a clause


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, reference or clause mark. `key` is what two tokens are compared by."""

    text: str
    lower: str
    key: str
    kind: Kind


_SPACED = r"[ \u00a0\u2009\u202f]"
_TOKEN = re.compile(
    rf"""
    (?P<address>(?:https?://|www\.)[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+)
  | (?P<series>\b(?:COM|KOM|SWD|SEC|JOIN|PE){_SPACED}?[(/]?\d{{4}}[)/]?{_SPACED}?/?{_SPACED}?\d{{1,4}}\b)
  | (?P<iso>(?<!\d)(?:1[5-9]|20)\d\d-\d{{1,2}}-\d{{1,2}}(?!\d))
  | (?P<date>(?<![\d.])\d{{1,2}}[./-]\d{{1,2}}[./-](?:1[5-9]|20)\d\d(?!\d))
  | (?P<act>(?<![\d/.,])\d{{2,5}}/\d{{1,4}}(?:/[A-ZÆØÅ]{{2,5}})?(?![\d/]))
  | (?P<time>(?<!\d)\d{{1,2}}:\d\d(?!\d))
  | (?P<number>\d{{1,3}}(?:(?:{_SPACED}\d{{3}})+|(?:\.\d{{3}})+|(?:,\d{{3}})+)(?:[.,]\d{{1,2}})?(?![\d])
      |\d+(?:[.,]\d+)?(?:(?:st|nd|rd|th|ste|de|e)\b)?)
  | (?P<unit>%|€|\$|£|°[CcFf]?)
  | (?P<word>[^\W\d_]+(?:[.'/-]?[^\W_]+)*)
  | (?P<stop>[,;:!?()"\u2026]|\s-\s)
    """,
    re.VERBOSE,
)
_KINDS = {
    "address": Kind.ADDRESS, "series": Kind.REFERENCE, "act": Kind.REFERENCE, "iso": Kind.DATE,
    "date": Kind.DATE, "time": Kind.TIME, "number": Kind.NUMBER, "unit": Kind.WORD,
    "word": Kind.WORD, "stop": Kind.STOP,
}  # fmt: skip


def normalise(text: str) -> str:
    """One way of writing for quotation marks, dashes and spaces; footnote calls and bold vanish."""
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    return _SPACE.sub(" ", _MARKUP.sub("", text)).strip()


def tokenise(text: str, language: str) -> tuple[Token, ...]:
    """The tokens of a normalised text, in order; punctuation that ends no clause is left out."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        name = match.lastgroup or "word"
        written = match[0]
        if name == "word":
            found.extend(_word(written, language))
        else:
            found.append(Token(written, written.lower(), _key(name, written), _KINDS[name]))
    return tuple(found)


def _word(written: str, language: str) -> list[Token]:
    lower = written.lower()
    if "'" in lower:
        if lower.endswith("n't"):
            stem_part = {"can't": "can", "won't": "will", "shan't": "shall"}.get(lower, lower[:-3])
            return [_plain(stem_part, stem_part, language), Token("not", "not", "not", Kind.WORD)]
        head, _, tail = lower.partition("'")
        if tail in ("s", "") and head:
            return [_plain(written[: len(head)], head, language)]
        if tail in ("re", "ve", "ll", "d", "m") and head:
            return [_plain(written[: len(head)], head, language)]
    return [_plain(written, lower, language)]


def _plain(written: str, lower: str, language: str) -> Token:
    return Token(written, lower, stem(lower, language), Kind.WORD)


def _key(name: str, written: str) -> str:
    if name == "series":
        year, number = re.findall(r"\d+", written)[-2:] if written.count("/") != 1 else _last_two(written)
        return f"ref:com{year}/{int(number)}"
    if name == "act":
        first, second = re.findall(r"\d+", written)[:2]
        return f"ref:{first}/{int(second)}"
    if name in ("iso", "date"):
        parts = [int(part) for part in re.split(r"[./-]", written)]
        year, month, day = parts if name == "iso" else parts[::-1]
        return f"date:{year:04}-{month:02}-{day:02}"
    if name == "number":
        return f"n:{value_of(written):g}" if len(written) < 16 else f"n:{written}"
    if name == "time":
        return "time:" + written.zfill(5)
    return written.lower()


def _last_two(written: str) -> tuple[str, str]:
    found = re.findall(r"\d+", written)
    return (found[-2], found[-1]) if len(found) > 1 else (found[0][:4], found[0][4:] or "0")


def value_of(written: str) -> float:
    """The value of a number however its thousands and decimals are marked.

    "725 000", "725,000" and "725.000" are 725000; "2.5" and "2,5" are two and a half.
    """
    plain = re.sub(r"[^\d.,]", "", written)
    marks = [character for character in plain if character in ".,"]
    if not marks:
        return float(plain)
    if len(set(marks)) == 2:  # the last mark is the decimal one
        whole, _, part = plain.rpartition(marks[-1])
        return float(re.sub(r"[.,]", "", whole) + "." + part)
    groups = re.split(r"[.,]", plain)
    if len(marks) > 1 or (len(groups[1]) == 3 and groups[0].lstrip("0") and len(groups[0]) <= 3):
        return float("".join(groups))
    return float(".".join(groups))


def skip(tokens: Sequence[Token], i: int, *fillers: str) -> int:
    """The position after one of the words `fillers`, if one stands at `i`; else `i`."""
    return i + 1 if i < len(tokens) and tokens[i].lower in fillers else i


def fold(word: str) -> str:
    """Lower case without accents; å, ø and æ stay letters of their own."""
    if word.isascii():
        return word
    word = word.replace("å", "aa").replace("ø", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


@cache
def _irregular() -> dict[str, dict[str, str]]:
    """By language: irregular forms to their base form."""
    file = resources.files("rag.answering.support.lexicon").joinpath("irregular.toml")
    return {
        language: {form: line.split()[0] for line in lines.split(",") for form in line.split()[1:]}
        for language, lines in tomllib.loads(file.read_text("utf-8")).items()
    }


@lru_cache(maxsize=100_000)
def stem(lower: str, language: str) -> str:
    """The Snowball stem, accents folded; other languages keep the word."""
    name = _LANGUAGES.get(language)
    if name is None:
        return fold(lower)
    lower = _irregular()[language].get(lower, lower)
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if name not in stemmers:  # a Stemmer is not thread-safe
        stemmers[name] = Stemmer.Stemmer(name)
    stemmed: str = stemmers[name].stemWord(lower)
    return fold(stemmed)
