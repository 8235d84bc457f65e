"""The house style: greeting, background, attribution, contact, by language."""

from __future__ import annotations

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


@cache
def house_style() -> Mapping[str, Mapping[str, str]]:
    """The texts that come with the product, by language and part."""
    return tomllib.loads((Path(__file__).parent / "house.toml").read_text("utf-8"))


def filled(text: str, *, language: str, name: str = "", outlet: str = "", subject: str = "") -> str:
    """The text with its places filled in; unknown places and stray braces stay as they are."""
    for place, value in (("name", name or NOBODY[language]), ("outlet", outlet), ("subject", subject)):
        text = text.replace("{" + place + "}", value)
    return text
