"""What is said to language models, kept as data: one file a prompt, system and user part divided by `=====`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_DIVIDER = "\n=====\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system and a user template; `{name}` stands for a field."""

    system: str
    user: str


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt in `<name>.txt`."""
    system, user = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split(_DIVIDER)
    return Prompt(system.strip(), user.strip())


@cache
def prompts_version() -> str:
    """Changes when a word of any prompt does; twelve hexadecimal digits."""
    texts = (f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in sorted(FOLDER.glob("*.txt")))
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
