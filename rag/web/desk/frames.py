"""Who may use the desk, and where its pages lead back to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import Depends
from fastapi.responses import RedirectResponse

from rag.domain.errors import RecordError
from rag.records.accounts import Role
from rag.records.draft_values import Draft, Section, Sentence
from rag.records.sessions import SignedIn
from rag.web.staff.door import require_role

TEMPLATES = Path(__file__).parent / "templates"

Officer = Annotated[SignedIn, Depends(require_role(Role.PRESS, Role.APPROVER))]
"""Reads, comments and signs."""
Writer = Annotated[SignedIn, Depends(require_role(Role.PRESS))]
"""Writes."""


def back_to(draft_id: str, anchor: str = "") -> RedirectResponse:
    return RedirectResponse(f"/desk/drafts/{draft_id}" + (f"#{anchor}" if anchor else ""), 303)


def section_of(draft: Draft, section_id: str) -> Section:
    """Raises RecordError."""
    found = draft.section(section_id)
    if found is None:
        raise RecordError("This part was removed by a colleague in the meantime. Load the draft again.")
    return found


def sentence_of(draft: Draft, sentence_id: str) -> Sentence:
    """Raises RecordError."""
    found = draft.sentence(sentence_id)
    if found is None:
        raise RecordError("This sentence was removed by a colleague in the meantime. Load the draft again.")
    return found
