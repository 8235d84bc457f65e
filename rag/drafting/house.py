"""The house style: greeting, background, attribution, contact, by language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PARTS = (
    "greeting",
    "background",
    "for_attribution",
    "not_for_attribution",
    "not_in_texts",
    "not_for_us",
    "contact",
)
NOBODY = {"en": "Sir or Madam", "nl": "heer, mevrouw", "da": "journalist"}
"""How a sender is addressed whose name is not known."""


_PLACE = re.compile(r"\{(?:name|outlet|subject)\}")


@cache
def house_style() -> Mapping[str, Mapping[str, str]]:
    """The texts that come with the product, by language and part."""
    return tomllib.loads((Path(__file__).parent / "house.toml").read_text("utf-8"))


def filled(text: str, *, language: str, name: str = "", outlet: str = "", subject: str = "") -> str:
    """The text with its places filled in; unknown places and stray braces stay as they are."""
    values = {"{name}": name or NOBODY[language], "{outlet}": outlet, "{subject}": subject}
    return _PLACE.sub(lambda found: values[found.group()], text)


Changed = Mapping[tuple[str, str], tuple[str, int]]
"""Texts that officers changed, with their revision, by language and part."""


def in_force(language: str, changed: Changed) -> dict[str, str]:
    """The house style of one language: what officers changed over what comes with the product."""
    own = house_style()[language]
    return {part: changed.get((language, part), (own[part], 0))[0] for part in PARTS}


def around(
    house: Mapping[str, str], *, language: str, name: str, outlet: str, subject: str, attribution: str
) -> dict[str, str]:
    """The filled-in texts that stand around the answers, by the fields of a sheet."""

    def text(part: str) -> str:
        return filled(house[part], language=language, name=name, outlet=outlet, subject=subject)

    return {
        "greeting": text("greeting"),
        "background": text("background"),
        "attribution": attribution,
        "attribution_text": text(attribution.replace(" ", "_")),
        "contact": text("contact"),
    }
