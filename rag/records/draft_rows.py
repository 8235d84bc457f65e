"""Between rows and values of a draft."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from rag.domain.errors import RecordError
from rag.records.conflict import Settled
from rag.records.draft_values import (
    Comment,
    Draft,
    NewSection,
    NewSentence,
    Section,
    Sentence,
    SignOff,
    State,
    Version,
)
from rag.records.tables import (
    AccountRow,
    CommentRow,
    DraftRow,
    SectionRow,
    SentenceRow,
    SignOffRow,
    VersionRow,
)
from rag.records.trail import Who, now


def new_id() -> str:
    return secrets.token_hex(8)


def draft_row(session: Session, draft_id: str) -> DraftRow:
    """Locked until the transaction ends. Raises RecordError."""
    row = session.get(DraftRow, draft_id, with_for_update=True)
    if row is None:
        raise RecordError(f"There is no draft '{draft_id}'.")
    return row


def editable_row(session: Session, draft_id: str) -> DraftRow:
    """Raises Settled where the text stands still."""
    row = draft_row(session, draft_id)
    if row.state != State.DRAFT:
        raise Settled(
            f"This reply is {row.state}: its text stands still. "
            + ("Take it back" if row.state == State.IN_REVIEW else "Open a new version")
            + " to change it."
        )
    return row


def sentence_row(session: Session, draft_id: str, sentence_id: str) -> SentenceRow:
    row = session.get(SentenceRow, sentence_id, with_for_update=True)
    if row is None or row.draft_id != draft_id:
        raise RecordError("This sentence was removed by a colleague in the meantime.")
    return row


def section_row(session: Session, draft_id: str, section_id: str) -> SectionRow:
    row = session.get(SectionRow, section_id, with_for_update=True)
    if row is None or row.draft_id != draft_id:
        raise RecordError("This part was removed by a colleague in the meantime.")
    return row


def section_rows(session: Session, draft_id: str) -> Sequence[SectionRow]:
    wanted = select(SectionRow).where(SectionRow.draft_id == draft_id).order_by(SectionRow.position)
    return session.scalars(wanted).all()


def sentence_rows(session: Session, section_id: str) -> Sequence[SentenceRow]:
    wanted = select(SentenceRow).where(SentenceRow.section_id == section_id).order_by(SentenceRow.position)
    return session.scalars(wanted).all()


def add_section_row(session: Session, draft_id: str, position: int, new: NewSection, by: Who) -> SectionRow:
    row = SectionRow(
        id=new_id(),
        draft_id=draft_id,
        position=position,
        kind=new.kind,
        question=new.question,
        outcome=new.outcome,
        note=new.note,
        alternatives=[dict(a) for a in new.alternatives],
    )
    session.add(row)
    session.flush()
    for place, sentence in enumerate(new.sentences):
        add_sentence_row(session, row, place, sentence, by)
    return row


def add_sentence_row(
    session: Session, section: SectionRow, position: int, new: NewSentence, by: Who
) -> SentenceRow:
    row = SentenceRow(
        id=new_id(),
        draft_id=section.draft_id,
        section_id=section.id,
        position=position,
        text=new.text,
        support=new.support,
        reasons=list(new.reasons),
        citations=[dict(c) for c in new.citations],
        revision=1,
        changed_by=by.name,
        changed_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def renumber(session: Session, section_id: str) -> None:
    for position, row in enumerate(sentence_rows(session, section_id)):
        if row.position != position:
            row.position = position


def draft_of(session: Session, row: DraftRow, *, whole: bool = True) -> Draft:
    maker = session.get(AccountRow, row.made_by)
    sections = tuple(section_of(session, s) for s in section_rows(session, row.id)) if whole else ()
    return Draft(
        id=row.id,
        title=row.title,
        language=row.language,
        state=State(row.state),
        version=row.version,
        revision=row.revision,
        enquiry=dict(row.enquiry),
        frame=dict(row.frame),
        made_by=maker.display_name if maker else "",
        made_at=row.made_at,
        changed_at=row.changed_at,
        sections=sections,
    )


def section_of(session: Session, row: SectionRow) -> Section:
    return Section(
        row.id,
        row.kind,
        row.question,
        row.outcome,
        row.note,
        tuple(dict(a) for a in row.alternatives if isinstance(a, dict)),
        tuple(sentence_of(s) for s in sentence_rows(session, row.id)),
    )


def sentence_of(row: SentenceRow) -> Sentence:
    return Sentence(
        row.id,
        row.section_id,
        row.text,
        row.support,
        tuple(str(r) for r in row.reasons),
        tuple(dict(c) for c in row.citations if isinstance(c, dict)),
        row.revision,
        row.changed_by,
        row.changed_at,
    )


def version_of(row: VersionRow) -> Version:
    return Version(row.draft_id, row.number, dict(row.content), row.sha256, row.who, row.at)


def sign_off_of(row: SignOffRow) -> SignOff:
    return SignOff(row.version, State(row.state), row.who, row.account_id, row.at)


def comment_of(row: CommentRow) -> Comment:
    return Comment(row.version, row.sentence_id, row.text, row.who, row.at)
