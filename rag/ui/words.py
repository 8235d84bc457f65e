"""The words of the interface, from `strings.toml`; nothing here knows pages or markup."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "nl", "da")
OWN_NAMES = {"en": "English", "nl": "Nederlands", "da": "Dansk"}
SERVICE_NAME = "Ask the Rules"
EMERGENCY_NUMBER = "112"

_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Words:
    """The interface in one language."""

    language: str
    table: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        text = self.table[key]
        return text.format(**values) if values else text

    def get(self, key: str, default: str) -> str:
        return self.table.get(key, default)

    def language_name(self, code: str) -> str:
        return self.table.get(f"language_{code}") or self.table["language_unknown"]

    def date(self, iso: str) -> str:
        """ "2020-07-24" as people of this language write it; anything else unchanged."""
        found = _ISO_DATE.fullmatch(iso)
        if found is None:
            return iso if iso and iso != "unknown" else self.table["date_unknown"]
        year, month, day = found.groups()
        name = self.table.get(f"month_{month}")
        return self("date_form", day=int(day), month=name, year=year) if name else iso


@cache
def load_words(language: str) -> Words:
    """The words in `language`, or in English where there are none."""
    tables = tomllib.loads((Path(__file__).parent / "strings.toml").read_text("utf-8"))
    chosen = language if language in tables else "en"
    return Words(chosen, tables[chosen])


@dataclass(frozen=True, slots=True)
class Example:
    language: str
    text: str


@cache
def load_examples() -> tuple[Example, ...]:
    data = tomllib.loads((Path(__file__).parent / "examples.toml").read_text("utf-8"))
    return tuple(Example(item["language"], item["text"]) for item in data["example"])


def choose_language(asked: str | None, accepted: str | None) -> str:
    """The interface language: the one asked for, else the browser's first that we speak, else English.

    `accepted` is an Accept-Language header; its weights are honoured.
    """
    if asked in LANGUAGES:
        return str(asked)
    ranked: list[tuple[float, str]] = []
    for part in (accepted or "").split(",")[:20]:
        name, _, weight = part.partition(";q=")
        code = name.strip().lower().partition("-")[0]
        try:
            rank = float(weight) if weight else 1.0
        except ValueError:
            continue
        if code in LANGUAGES and rank > 0:
            ranked.append((-rank, code))
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else "en"
