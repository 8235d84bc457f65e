"""What stands in a reply, in order, whatever the format: the exports only give it a shape."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.drafting.sheet import Cited, ReplyPart, ReplySentence, Sheet

MARKS = {"en": ("“", "”"), "nl": ("“", "”"), "da": ("»", "«")}
"""Quotation marks of the reply's language; those of a source stay as they are inside."""


@cache
def _labels() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "labels.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet with the words around it."""

    sheet: Sheet

    def label(self, key: str, **values: object) -> str:
        tables = _labels()
        text = tables.get(self.sheet.language, tables["en"]).get(key, key)
        return text.format(**values) if values else text

    @property
    def marks(self) -> tuple[str, str]:
        return MARKS.get(self.sheet.language, MARKS["en"])

    @property
    def standing(self) -> str:
        """The line that says whether this may be relied on."""
        approval = self.sheet.approval
        if self.sheet.state == "withdrawn":
            return self.label("withdrawn")
        if approval is None:
            return self.label("unapproved")
        return self.label("approved", name=approval.by, date=approval.at[:10])

    @property
    def letter_head(self) -> tuple[str, ...]:
        sheet = self.sheet
        to = ", ".join(part for part in (sheet.sender, sheet.outlet) if part)
        return tuple(line for line in (to, self.standing) if line)

    @property
    def opening(self) -> tuple[str, ...]:
        return tuple(text for text in (self.sheet.greeting, self.sheet.background) if text)

    @property
    def closing(self) -> tuple[str, ...]:
        return tuple(text for text in (self.sheet.attribution_text, self.sheet.contact) if text)

    @property
    def colophon(self) -> tuple[str, ...]:
        sheet = self.sheet
        return (
            self.label("version", reference=sheet.reference, version=sheet.version)
            + ". "
            + self.standing
            + ".",
            self.label("retrieved", date=sheet.retrieved)
            + f". {self.label('index')} {sheet.index}. {self.label('corpus')} {sheet.corpus[:16]}.",
            self.label("check"),
        )

    def heading(self, part: ReplyPart, number: int) -> str:
        if part.kind == "lines":
            return self.label("lines")
        return f"{self.label('question')} {number}: {part.question}"

    def around(self, sentence: ReplySentence) -> tuple[str, str]:
        """What stands before and after the words: quotation marks for the source's own."""
        return self.marks if sentence.verbatim else ("", "")

    def remark(self, sentence: ReplySentence) -> str:
        """What the reader is told of a sentence that its source does not fully bear out."""
        key = {"partial": "partial", "unsupported": "unsupported"}.get(sentence.support)
        return f"[{self.label(key)}]" if key else ""

    def quote_kind(self, cited: Cited) -> str:
        return self.label("original", language=self.label(cited.language))

    def weight(self, cited: Cited) -> str:
        return f"{self.label('legal')}: {self.label(cited.force)}, {self.label(cited.status)}"

    def source(self, cited: Cited) -> str:
        """Official reference, title and date."""
        known = [cited.label, cited.title if cited.title not in cited.label else ""]
        if cited.reference not in ("", "unknown") and cited.reference not in cited.label:
            known.append(cited.reference)
        known.append(cited.date if cited.date != "unknown" else "")
        return "; ".join(part for part in known if part)

    def translated(self, cited: Cited) -> str:
        return f"{self.label('translation')} ({self.label(cited.translation_language)})"
