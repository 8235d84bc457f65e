"""Collections of documents, one JSON object a line: {"id", "text", "title"?, "language"?}."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats.extracted import checked, hint
from rag.ingestion.formats.plain import decode


@dataclass(frozen=True, slots=True)
class JsonlDocument:
    id: str
    text: str
    title: str = ""
    language_hint: str = ""


def read_jsonl(data: bytes, name: str) -> Iterator[JsonlDocument]:
    """The documents of the file, in its order. Raises UnreadableDocument naming file and line."""
    found = False
    for number, line in enumerate(decode(data, name).split("\n"), start=1):
        if line.strip():
            found = True
            yield _document(line, f"{name}, line {number}")
    if not found:
        raise UnreadableDocument(f'{name} is empty. Write one {{"id", "text"}} object a line.')


def _document(line: str, place: str) -> JsonlDocument:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"{place} is not JSON ({error}). Write one object a line.") from error
    if not isinstance(fields, dict):
        raise UnreadableDocument(f'{place} is not an object. Write {{"id": …, "text": …}}.')
    identifier, text = fields.get("id"), fields.get("text")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int) or not str(identifier).strip():
        raise UnreadableDocument(f'{place}, field "id" must be a word or number. Give each document its own.')
    if not isinstance(text, str):
        raise UnreadableDocument(
            f'{place}, field "text" is missing or no string. Give the document its text.'
        )
    for field in ("title", "language"):
        if not isinstance(fields.get(field, ""), str | None):
            raise UnreadableDocument(
                f'{place}, field "{field}" must be a string. Correct it or leave it out.'
            )
    return JsonlDocument(
        str(identifier).strip(),
        checked(text, place).encode("utf-8", "replace").decode("utf-8"),
        (fields.get("title") or "").strip(),
        hint(fields.get("language")),
    )
