"""What is said about an answer, from `wording.toml`, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FALLBACK = "en"


def say(key: str, language: str, **values: object) -> str:
    """The sentence in `language`, or in English where it is not spoken here."""
    texts = _texts()[key]
    return texts.get(language, texts[FALLBACK]).format(**values)


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("wording.toml").read_text(encoding="utf-8"))
