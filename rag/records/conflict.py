"""Two people changed the same thing."""

from __future__ import annotations

from rag.domain.errors import RecordError


class Conflict(RecordError):
    """What was seen is no longer what is kept; nothing was written. `text` is what stands now."""

    def __init__(self, text: str, who: str, revision: int) -> None:
        super().__init__(f"{who} changed this in the meantime. Nothing was overwritten.")
        self.text = text
        self.who = who
        self.revision = revision


class Settled(RecordError):
    """The draft is approved, sent or withdrawn: its text stands still."""
