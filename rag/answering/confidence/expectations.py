"""Whether what was found holds the kind of thing that is asked for: a count, an amount, a place.

The near miss is the hardest case of abstention: the passage is about the very thing asked about and
still does not say how much, where or how long.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.domain.passages import Origin
from rag.domain.retrieval import Hit, Query

CUES = Path(__file__).with_name("expectations.toml")
COUNT = "count"
_QUANTITY = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|several|half|most|all|no"
    r"|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|meerdere|enkele|helft|geen|alle"
    r"|en|et|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|flere|halvdelen|ingen|alle|millions?|miljoen|millioner?)\b",
    re.IGNORECASE,
)
_NEAR_CHARACTERS = 60
"""A quantity this near to the thing counted counts it."""
_STEM = 5
_ALIKE = 0.7
"""Cosine from which a known question is taken to ask for the same kind of thing."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """Compiled cues: what asks for a kind (by language) and what shows it."""

    asks: dict[str, dict[str, re.Pattern[str]]]
    shows: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def load_expectations() -> Expectations:
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    return Expectations(
        {
            kind: {code: re.compile(cue, re.IGNORECASE) for code, cue in by_language.items()}
            for kind, by_language in data["asks"].items()
        },
        {kind: re.compile(cue, re.IGNORECASE) for kind, cue in data["shows"].items()},
    )


def lacking(query: Query, hits: Sequence[Hit]) -> float:
    """The share of the kinds of thing asked for that none of the hits shows; 0 if nothing special is."""
    cues = load_expectations()
    asked = [
        (kind, found)
        for kind, by_language in cues.asks.items()
        if query.language in by_language and (found := by_language[query.language].search(query.text))
    ]
    if not asked:
        return 0.0
    texts = [text for hit in hits for text in _texts(hit, query.language)]
    alike = _kinds_known(hits)
    missing = sum(
        kind not in alike
        and (
            not _counted(found["thing"], texts)
            if kind == COUNT
            else not any(cues.shows[kind].search(text) for text in texts)
        )
        for kind, found in asked
    )
    return missing / len(asked)


def _kinds_known(hits: Sequence[Hit]) -> set[str]:
    """The kinds that questions much like this one ask for, which the hits are known to answer."""
    near = [
        (one.text, one.language)
        for hit in hits
        for one in hit.evidence
        if one.origin is Origin.QUESTION and one.leg == "dense question" and one.score >= _ALIKE
    ]
    return {
        kind
        for kind, by_language in load_expectations().asks.items()
        if any(language in by_language and by_language[language].search(text) for text, language in near)
    }


def _texts(hit: Hit, language: str) -> list[str]:
    """The passage as the asker would read it: in their language where that exists."""
    translation = hit.enrichment.translation(language)
    if translation is not None:
        return [f"{translation.context} {translation.text}"]
    return [hit.passage.full_text]


def _counted(thing: str, texts: Sequence[str]) -> bool:
    """Whether a quantity stands near the thing; a thing named otherwise gets the benefit of the doubt."""
    stem = thing[:_STEM].casefold()
    named = False
    for text in texts:
        folded = text.casefold()
        for at in (m.start() for m in re.finditer(re.escape(stem), folded)):
            named = True
            near = text[max(0, at - _NEAR_CHARACTERS) : at + _NEAR_CHARACTERS]
            if _QUANTITY.search(near):
                return True
    return not named and any(re.search(r"\d", text) for text in texts)
