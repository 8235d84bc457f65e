"""Draft replies: edited a sentence at a time, each change committed and noted with what stood before.

Two people never overwrite each other: a change names the revision it was made on, and is refused
with what stands now where that is no longer the newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from rag.domain.errors import RecordError
from rag.records.conflict import Conflict
from rag.records.draft_rows import (
    add_section_row,
    add_sentence_row,
    draft_of,
    draft_row,
    editable_row,
    new_id,
    renumber,
    section_row,
    section_rows,
    sentence_of,
    sentence_row,
    sentence_rows,
)
from rag.records.draft_values import Draft, NewSection, NewSentence, Sentence, State
from rag.records.sign_off import SignOffs
from rag.records.tables import DraftRow
from rag.records.trail import Who, note, now

MOST_LISTED = 200


class DraftBook:
    """Keeps drafts; `sign_offs` keeps what becomes of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.sign_offs = SignOffs(engine)

    def create(
        self,
        title: str,
        language: str,
        enquiry: Mapping[str, object],
        frame: Mapping[str, object],
        sections: Sequence[NewSection],
        by: Who,
    ) -> str:
        """The new draft's id."""
        if by.id is None:
            raise RecordError("A draft needs a person who is signed in.")
        moment = now()
        with Session(self._engine) as session, session.begin():
            row = DraftRow(
                id=new_id(),
                title=title,
                language=language,
                state=State.DRAFT.value,
                version=0,
                revision=1,
                enquiry=dict(enquiry),
                frame=dict(frame),
                made_by=by.id,
                made_at=moment,
                changed_at=moment,
            )
            session.add(row)
            session.flush()
            for position, section in enumerate(sections):
                add_section_row(session, row.id, position, section, by)
            note(session, by, "draft made", f"draft:{row.id}", {"title": title})
            return row.id

    def draft(self, draft_id: str) -> Draft:
        """Raises RecordError."""
        with Session(self._engine) as session, session.begin():
            return draft_of(session, draft_row(session, draft_id))

    def listed(self) -> tuple[Draft, ...]:
        """Without their sections, last changed first."""
        wanted = select(DraftRow).order_by(DraftRow.changed_at.desc()).limit(MOST_LISTED)
        with Session(self._engine) as session:
            return tuple(draft_of(session, row, whole=False) for row in session.scalars(wanted))

    def change_sentence(
        self, draft_id: str, sentence_id: str, seen: int, new: NewSentence, by: Who
    ) -> Sentence:
        """Raises Conflict, with the sentence as it stands, if it was changed since revision `seen`."""
        with Session(self._engine) as session, session.begin():
            draft = editable_row(session, draft_id)
            row = sentence_row(session, draft_id, sentence_id)
            if row.revision != seen:
                raise Conflict(row.text, row.changed_by, row.revision)
            before = {"text": row.text, "support": row.support, "citations": row.citations}
            row.text, row.support = new.text, new.support
            row.reasons = list(new.reasons)
            row.citations = [dict(c) for c in new.citations]
            row.revision, row.changed_by, row.changed_at = seen + 1, by.name, now()
            draft.changed_at = row.changed_at
            after = {"text": new.text, "support": new.support, "citations": row.citations}
            detail = {"sentence": sentence_id, "before": before, "after": after}
            note(session, by, "sentence changed", f"draft:{draft_id}", detail)
            return sentence_of(row)

    def add_sentence(
        self, draft_id: str, section_id: str, new: NewSentence, by: Who, after: str | None = None
    ) -> Sentence:
        """Behind the sentence `after`, or at the end."""
        with Session(self._engine) as session, session.begin():
            draft = editable_row(session, draft_id)
            section = section_row(session, draft_id, section_id)
            place = len(sentence_rows(session, section_id))
            for row in sentence_rows(session, section_id):
                if row.id == after:
                    place = row.position + 1
            for row in sentence_rows(session, section_id):
                if row.position >= place:
                    row.position += 1
            added = add_sentence_row(session, section, place, new, by)
            draft.changed_at = now()
            detail = {"sentence": added.id, "text": new.text, "section": section_id}
            note(session, by, "sentence added", f"draft:{draft_id}", detail)
            return sentence_of(added)

    def remove_sentence(self, draft_id: str, sentence_id: str, seen: int, by: Who) -> None:
        """Its words stay in the trail. Raises Conflict."""
        with Session(self._engine) as session, session.begin():
            draft = editable_row(session, draft_id)
            row = sentence_row(session, draft_id, sentence_id)
            if row.revision != seen:
                raise Conflict(row.text, row.changed_by, row.revision)
            detail = {"sentence": sentence_id, "text": row.text, "citations": row.citations}
            note(session, by, "sentence removed", f"draft:{draft_id}", detail)
            section_id = row.section_id
            session.delete(row)
            session.flush()
            renumber(session, section_id)
            draft.changed_at = now()

    def arrange(self, draft_id: str, seen: int, order: Sequence[str], by: Who) -> None:
        """Put the sections in this order; those not named are removed. Raises Conflict."""
        with Session(self._engine) as session, session.begin():
            _step(session, draft_id, seen, by, "parts arranged", {"order": list(order)})
            for row in section_rows(session, draft_id):
                if row.id in order:
                    row.position = order.index(row.id)
                    continue
                kept = [s.text for s in sentence_rows(session, row.id)]
                detail = {"question": row.question, "sentences": kept}
                note(session, by, "part removed", f"draft:{draft_id}", detail)
                for sentence in sentence_rows(session, row.id):
                    session.delete(sentence)
                session.flush()
                session.delete(row)

    def replace_sections(
        self, draft_id: str, seen: int, old: Sequence[str], new: Sequence[NewSection], by: Who
    ) -> tuple[str, ...]:
        """Put `new` where the first of `old` stood (at the end for none), and take `old` out. Raises Conflict.

        Serves rewording (one for one), merging (one for many) and splitting (many for one).
        """
        with Session(self._engine) as session, session.begin():
            _step(session, draft_id, seen, by, "parts replaced", {"old": list(old)})
            rows = list(section_rows(session, draft_id))
            gone = [row for row in rows if row.id in old]
            if len(gone) != len(set(old)):
                raise RecordError("A part was removed by a colleague in the meantime.")
            place = rows.index(gone[0]) if gone else len(rows)
            for row in gone:
                kept = [s.text for s in sentence_rows(session, row.id)]
                detail = {"question": row.question, "sentences": kept}
                note(session, by, "part replaced", f"draft:{draft_id}", detail)
                for sentence in sentence_rows(session, row.id):
                    session.delete(sentence)
                session.flush()
                session.delete(row)
            session.flush()
            added = [add_section_row(session, draft_id, 0, section, by) for section in new]
            left = [row for row in rows if row not in gone]
            for position, row in enumerate([*left[:place], *added, *left[place:]]):
                row.position = position
            return tuple(row.id for row in added)

    def set_alternatives(
        self, draft_id: str, section_id: str, alternatives: Sequence[Mapping[str, object]], by: Who
    ) -> None:
        """Pins and further finds beside a question; not part of the text."""
        with Session(self._engine) as session, session.begin():
            editable_row(session, draft_id)
            row = section_row(session, draft_id, section_id)
            row.alternatives = [dict(a) for a in alternatives]

    def set_frame(
        self, draft_id: str, seen: int, title: str, language: str, frame: Mapping[str, object], by: Who
    ) -> None:
        """Raises Conflict."""
        with Session(self._engine) as session, session.begin():
            row = editable_row(session, draft_id)
            before = {"title": row.title, "language": row.language, "frame": row.frame}
            row = _step(session, draft_id, seen, by, "frame changed", {"before": before})
            row.title, row.language, row.frame = title, language, dict(frame)


def _step(
    session: Session, draft_id: str, seen: int, by: Who, action: str, detail: Mapping[str, object]
) -> DraftRow:
    row = editable_row(session, draft_id)
    if row.revision != seen:
        raise Conflict(row.title, "A colleague", row.revision)
    row.revision += 1
    row.changed_at = now()
    note(session, by, action, f"draft:{draft_id}", detail)
    return row
