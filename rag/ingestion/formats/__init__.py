"""From bytes to text, one room per format. What no room can read is an UnreadableDocument that says what to do.

Structure that a format knows is kept in light marks which the parser reads: "#" before a heading, "- " or "1. "
before a list item, "| a | b |" for a table's row, "¹" for a footnote's call and before its text.
"""

from rag.ingestion.formats.extracted import Extracted
from rag.ingestion.formats.extracting import READABLE, extract
from rag.ingestion.formats.jsonl import JsonlDocument, read_jsonl

__all__ = ["READABLE", "Extracted", "JsonlDocument", "extract", "read_jsonl"]
