"""What becomes of a draft: in review, approved, sent, withdrawn; who, when, which version.

A version is a copy of the whole reply, made when it is handed over and never changed after.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from rag.domain.errors import RecordError
from rag.records.accounts import FIRST_LOOK, Account, Role
from rag.records.conflict import Conflict
from rag.records.draft_rows import comment_of, draft_of, draft_row, sign_off_of, version_of
from rag.records.draft_values import Comment, Draft, SignOff, State, Version
from rag.records.tables import CommentRow, DraftRow, SignOffRow, VersionRow
from rag.records.trail import Who, note, now

Content = Callable[[Draft], Mapping[str, object]]
"""Makes the copy of a draft that is kept as a version."""
Words = Callable[[Draft], str]
"""The words under which a past reply is found again."""

STEPS: Mapping[tuple[State, State], frozenset[Role]] = {
    (State.DRAFT, State.IN_REVIEW): frozenset({Role.PRESS}),
    (State.IN_REVIEW, State.DRAFT): frozenset({Role.PRESS, Role.APPROVER}),
    (State.IN_REVIEW, State.APPROVED): frozenset({Role.APPROVER}),
    (State.APPROVED, State.SENT): frozenset({Role.PRESS, Role.APPROVER}),
    (State.APPROVED, State.WITHDRAWN): frozenset({Role.APPROVER}),
    (State.SENT, State.WITHDRAWN): frozenset({Role.APPROVER}),
    (State.APPROVED, State.DRAFT): frozenset({Role.PRESS}),
    (State.SENT, State.DRAFT): frozenset({Role.PRESS}),
    (State.WITHDRAWN, State.DRAFT): frozenset({Role.PRESS}),
}
"""Which step may be taken, and in which role."""


@dataclass(frozen=True, slots=True)
class Found:
    """A past reply."""

    draft: str
    title: str
    version: int
    state: State
    words: str
    content: Mapping[str, object]


class SignOffs:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def step(self, draft_id: str, seen: int, to: State, by: Account, content: Content, words: Words) -> Draft:
        """Take the step. Raises RecordError where it is not allowed, Conflict where `seen` is out of date."""
        with Session(self._engine) as session, session.begin():
            row = draft_row(session, draft_id)
            if row.revision != seen:
                raise Conflict(row.title, "A colleague", row.revision)
            _check(session, row, to, by)
            if to is State.IN_REVIEW:
                row.version += 1
                session.add(_version(draft_of(session, row), by, content, words))
            row.state, row.revision, row.changed_at = to.value, row.revision + 1, now()
            session.add(
                SignOffRow(
                    draft_id=draft_id,
                    version=row.version,
                    state=to.value,
                    account_id=by.id,
                    who=by.display_name,
                    at=row.changed_at,
                )
            )
            note(session, by.who, f"now {to.value}", f"draft:{draft_id}", {"version": row.version})
            session.flush()
            return draft_of(session, row)

    def versions(self, draft_id: str) -> tuple[Version, ...]:
        wanted = select(VersionRow).where(VersionRow.draft_id == draft_id).order_by(VersionRow.number)
        with Session(self._engine) as session:
            return tuple(version_of(row) for row in session.scalars(wanted))

    def version(self, draft_id: str, number: int) -> Version:
        """Raises RecordError, also where the copy is not what was signed."""
        with Session(self._engine) as session:
            row = session.get(VersionRow, (draft_id, number))
            if row is None:
                raise RecordError(f"There is no version {number} of this reply.")
            if digest(row.content) != row.sha256:
                raise RecordError(f"Version {number} of this reply was tampered with; do not send it.")
            return version_of(row)

    def history(self, draft_id: str) -> tuple[SignOff, ...]:
        wanted = select(SignOffRow).where(SignOffRow.draft_id == draft_id).order_by(SignOffRow.id)
        with Session(self._engine) as session:
            return tuple(sign_off_of(row) for row in session.scalars(wanted))

    def comment(self, draft_id: str, text: str, by: Who, sentence: str | None = None) -> None:
        if by.id is None or not text.strip():
            raise RecordError("A comment needs words and a person who is signed in.")
        with Session(self._engine) as session, session.begin():
            row = draft_row(session, draft_id)
            session.add(
                CommentRow(
                    draft_id=draft_id,
                    version=row.version,
                    sentence_id=sentence,
                    text=text.strip(),
                    account_id=by.id,
                    who=by.name,
                    at=now(),
                )
            )

    def comments(self, draft_id: str) -> tuple[Comment, ...]:
        wanted = select(CommentRow).where(CommentRow.draft_id == draft_id).order_by(CommentRow.id)
        with Session(self._engine) as session:
            return tuple(comment_of(row) for row in session.scalars(wanted))

    def past(self, query: str, limit: int = 20) -> tuple[Found, ...]:
        """Approved and sent replies that hold every word of `query`, newest first."""
        wanted = (
            select(VersionRow, DraftRow, SignOffRow)
            .join(DraftRow, DraftRow.id == VersionRow.draft_id)
            .join(
                SignOffRow,
                (SignOffRow.draft_id == VersionRow.draft_id) & (SignOffRow.version == VersionRow.number),
            )
            .where(SignOffRow.state.in_((State.APPROVED.value, State.SENT.value)))
            .order_by(SignOffRow.id.desc())
        )
        for word in query.casefold().split():
            wanted = wanted.where(VersionRow.words.contains(word, autoescape=True))
        found: dict[tuple[str, int], Found] = {}
        with Session(self._engine) as session:
            for version, draft, sign_off in session.execute(wanted):
                one = Found(
                    draft.id,
                    draft.title,
                    version.number,
                    State(sign_off.state),
                    version.words,
                    dict(version.content),
                )
                found.setdefault((draft.id, version.number), one)
                if len(found) >= limit:
                    break
        return tuple(found.values())


def digest(content: Mapping[str, object]) -> str:
    packed = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def _check(session: Session, row: DraftRow, to: State, by: Account) -> None:
    allowed = STEPS.get((State(row.state), to))
    if allowed is None:
        raise RecordError(f"A reply that is {row.state} cannot become {to.value}.")
    if not by.roles & allowed and Role.ADMINISTRATOR not in by.roles:
        raise RecordError(f"This step is for {', '.join(sorted(allowed))}.")
    if to is State.APPROVED and by.name != FIRST_LOOK:
        last = session.scalars(
            select(SignOffRow).where(SignOffRow.draft_id == row.id).order_by(SignOffRow.id.desc())
        ).first()
        if last is not None and last.account_id == by.id:
            raise RecordError("Nobody approves what they submitted themselves; ask a colleague.")


def _version(draft: Draft, by: Account, content: Content, words: Words) -> VersionRow:
    # Through JSON once, so that what is hashed now is what will be read back.
    made = json.loads(json.dumps(content(draft), ensure_ascii=False))
    return VersionRow(
        draft_id=draft.id,
        number=draft.version,
        content=made,
        sha256=digest(made),
        words=words(draft).casefold(),
        account_id=by.id,
        who=by.display_name,
        at=now(),
    )
