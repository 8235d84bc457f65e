"""What a format's room gives back, and the limits all rooms keep."""

from __future__ import annotations

from dataclasses import dataclass

from rag.domain.errors import UnreadableDocument

MEGABYTE = 1_000_000
MAX_FILE_BYTES = 100 * MEGABYTE
MAX_UNPACKED_BYTES = 300 * MEGABYTE
"""Of a zipped format: what its parts may take together. Real documents stay far below; zip bombs do not."""
MAX_UNPACKED_RATIO = 200
MAX_CHARACTERS = 20_000_000
MAX_PAGES = 5_000

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file; `title` and `language_hint` (ISO 639-1) only where the file itself says so."""

    text: str
    title: str = ""
    language_hint: str = ""


def hint(language: str | None) -> str:
    """The primary subtag of a language tag ("da-DK" is "da"), or nothing."""
    primary = (language or "").strip().replace("_", "-").split("-")[0].lower()
    return primary if len(primary) == 2 and primary.isalpha() else ""


def checked(text: str, name: str) -> str:
    """The text, if there is any and not too much."""
    if not any(character.isalnum() for character in text):
        raise UnreadableDocument(f"{name} holds no text. Leave it out, or add the text it should hold.")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument(
            f"{name} holds {len(text):,} characters; the limit is {MAX_CHARACTERS:,}. Divide it into several files."
        )
    # A NUL would end the text in some readers; its stand-in keeps every position.
    return text.replace("\0", "\ufffd")
