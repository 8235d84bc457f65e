"""Where to turn: read from `corpus/contacts.toml`, chosen by need, country and language."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from rag.domain.answers import HelpContact
from rag.domain.errors import CorpusError

UNION = "EU"
_HOME = {"nl": ("NL", "BE"), "da": ("DK",), "en": ()}
"""Countries that a language suggests when the message names none."""
_COUNTRY_NAMES = {
    "NL": r"\b(the )?netherlands\b|\bdutch\b|\bnederland(se)?\b|\bholland\b|\bnederlandene\b",
    "BE": r"\bbelgi(um|an|ë|en|sche?)\b|\bvlaanderen\b|\bflanders\b",
    "DK": r"\bdenmark\b|\bdanish\b|\bdanmark\b|\bdanske?\b|\bdenemarken\b",
    "IE": r"\bireland\b|\birish\b|\bierland\b|\birland\b",
    "GB": r"\bunited kingdom\b|\buk\b|\b(great )?britain\b|\bbritish\b|\bengland\b|\bscotland\b|\bwales\b|\bengeland\b|"
    r"\bgroot-brittannië\b|\bstorbritannien\b",
    "DE": r"\bgermany\b|\bduitsland\b|\btyskland\b",
    "FR": r"\bfrance\b|\bfrankrijk\b|\bfrankrig\b",
    "SE": r"\bsweden\b|\bzweden\b|\bsverige\b",
}
_MOST = 5


@dataclass(frozen=True, slots=True)
class Contact:
    """One [[contact]] of the file; `name`, `about` and `hours` by language."""

    name: dict[str, str]
    about: dict[str, str]
    kind: str
    countries: tuple[str, ...]
    phone: str
    url: str
    hours: dict[str, str]
    checked: str

    def shown(self, language: str) -> HelpContact:
        return HelpContact(
            name=self.name.get(language) or next(iter(self.name.values())),
            kind=self.kind,
            countries=self.countries,
            phone=self.phone,
            url=self.url,
            hours=self.hours.get(language) or next(iter(self.hours.values()), "unknown"),
            checked=self.checked,
            about=self.about.get(language, ""),
        )


def load_contacts(path: Path) -> tuple[Contact, ...]:
    """Raises CorpusError naming the entry that is wrong."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["contact"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(
            f"The contacts file {path} cannot be read: {error}. Restore or correct it."
        ) from error
    return tuple(_contact(path, entry) for entry in entries)


def _contact(path: Path, entry: dict[str, object]) -> Contact:
    def by_language(value: object) -> dict[str, str]:
        if isinstance(value, dict):
            return {str(k): str(v) for k, v in value.items()}
        return {"en": str(value)} if value else {}

    try:
        countries = entry["countries"]
        assert isinstance(countries, list)
        return Contact(
            name=by_language(entry["name"]),
            about=by_language(entry.get("about")),
            kind=str(entry["kind"]),
            countries=tuple(str(c) for c in countries),
            phone=str(entry.get("phone", "")),
            url=str(entry.get("url", "")),
            hours=by_language(entry.get("hours", "unknown")),
            checked=str(entry.get("checked_on") or entry.get("checked", "unknown")),
        )
    except (KeyError, AssertionError) as error:
        raise CorpusError(
            f"{path}: contact {entry.get('id', '?')!r}: {error} is missing or wrong."
        ) from error


def named_country(text: str) -> str | None:
    """The country that the message names, if it names one we know."""
    return next((c for c, names in _COUNTRY_NAMES.items() if re.search(names, text, re.IGNORECASE)), None)


def choose(
    contacts: tuple[Contact, ...], kinds: tuple[str, ...], text: str, language: str
) -> tuple[HelpContact, ...]:
    """The contacts for a need: `kinds` in order of importance; the country's own before the Union's."""
    country = named_country(text)
    places = (country,) if country else _HOME.get(language, ())
    chosen: list[Contact] = []
    for kind in kinds:
        of_kind = [c for c in contacts if c.kind == kind]
        national = [c for place in places for c in of_kind if place in c.countries]
        union = [c for c in of_kind if UNION in c.countries]
        chosen += [c for c in (national[:2] or union[:1]) if c not in chosen]
        if kind == "emergency":
            chosen += [c for c in union[:1] if c not in chosen]
    return tuple(c.shown(language) for c in chosen[:_MOST])
