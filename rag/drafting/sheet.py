"""A reply as a sheet of data: what every export is made from, and what `verify-draft` checks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.domain.documents import Document

Standing = Literal["supported", "partial", "unsupported", "own words"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(_Value):
    """Words quoted from a text, where they stand, and what the text is."""

    document: str
    document_sha256: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    quote: str
    label: str
    language: str
    title: str
    reference: str
    date: str
    force: str
    status: str
    viewer: str
    translation_language: str = ""
    translation: str = ""
    translation_origin: str = ""

    @property
    def evidence(self) -> tuple[str, ...]:
        return (self.quote, self.translation) if self.translation else (self.quote,)

    @property
    def place(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        return self.document, self.spans


class ReplySentence(_Value):
    """A sentence of the reply; `citations` are numbers, counted from 1, of `Sheet.citations`."""

    text: str
    support: Standing
    citations: tuple[int, ...] = ()
    verbatim: bool = False
    """Whether the words are those of a cited text, and so stand between quotation marks."""


class ReplyPart(_Value):
    kind: Literal["question", "lines"]
    question: str
    outcome: str
    sentences: tuple[ReplySentence, ...]


class Approval(_Value):
    """Who approved which version, and when (ISO 8601)."""

    by: str
    at: str


class Sheet(_Value):
    format: Literal["ask-the-rules/reply/1"] = "ask-the-rules/reply/1"
    title: str
    language: str
    reference: str
    version: int
    state: str
    outlet: str = ""
    sender: str = ""
    attribution: Literal["for attribution", "not for attribution"] = "for attribution"
    greeting: str = ""
    background: str = ""
    attribution_text: str = ""
    contact: str = ""
    parts: tuple[ReplyPart, ...]
    citations: tuple[Cited, ...] = ()
    retrieved: str
    index: str
    corpus: str
    approval: Approval | None = None
    site: str = ""
    """Address at which the links of the citations open, or nothing where it is not public."""
    sha256: str = Field("", description="Of everything else in the sheet.")

    def sealed(self) -> Sheet:
        """The sheet with its own hash filled in."""
        return self.model_copy(update={"sha256": self.digest()})

    def digest(self) -> str:
        content = self.model_dump(mode="json", exclude={"sha256"})
        packed = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(packed.encode()).hexdigest()

    def to_json(self) -> str:
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"

    def link(self, cited: Cited) -> str:
        """The address of the exact passage, where the service is public."""
        return f"{self.site.rstrip('/')}{cited.viewer}" if self.site else ""


def corpus_hash(documents: Iterable[Document]) -> str:
    """Names the texts: their ids and the hashes of their bytes."""
    lines = sorted(f"{document.id} {document.sha256}" for document in documents)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
