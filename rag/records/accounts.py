"""Who may enter the staff rooms, and as what. Passwords are kept as argon2id hashes only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rag.domain.errors import RecordError
from rag.records.tables import AccountRow, SessionRow
from rag.records.trail import Who, note, now

SHORTEST_PASSWORD = 12
"""Characters; NIST SP 800-63B asks for eight at least and no rules of composition."""
LONGEST_PASSWORD = 1024
FIRST_LOOK = "first-look"
"""The account behind the one-time link; it has no password and is shut once a real account exists."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
_UNUSABLE = "!"


class Role(StrEnum):
    PRESS = "press"
    APPROVER = "approver"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    name: str
    display_name: str
    roles: frozenset[Role]
    disabled: bool
    made_at: datetime

    @property
    def who(self) -> Who:
        return Who(self.id, self.display_name)


class AccountBook:
    """Makes, finds and changes accounts."""

    def __init__(self, engine: Engine, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._hasher = hasher or PasswordHasher()
        self._decoy = self._hasher.hash("nobody has this password")

    def add(self, name: str, password: str, roles: Iterable[str], by: Who, display_name: str = "") -> Account:
        """Raises RecordError if the name is taken or a value is not fit."""
        name = _checked_name(name)
        row = AccountRow(
            name=name,
            display_name=" ".join(display_name.split())[:200] or name,
            roles=_joined(roles),
            password_hash=self._hashed(password),
            disabled=False,
            made_at=now(),
        )
        try:
            with Session(self._engine) as session, session.begin():
                session.add(row)
                session.flush()
                note(session, by, "account made", f"account:{name}", {"roles": row.roles})
                self._shut_first_look(session)
                return account_of(row)
        except IntegrityError as error:
            raise RecordError(f"There is an account named '{name}' already. Choose another name.") from error

    def first_look(self) -> Account:
        """The account of the one-time link, made if there is none. Raises RecordError once others exist."""
        with Session(self._engine) as session, session.begin():
            if _people(session):
                raise RecordError("The one-time link is for the first look only; sign in with an account.")
            row = session.scalar(select(AccountRow).where(AccountRow.name == FIRST_LOOK))
            if row is None:
                row = AccountRow(
                    name=FIRST_LOOK,
                    display_name="First look",
                    roles=_joined(Role),
                    password_hash=_UNUSABLE,
                    disabled=False,
                    made_at=now(),
                )
                session.add(row)
                session.flush()
            return account_of(row)

    def any_people(self) -> bool:
        """Whether somebody has an account of their own."""
        with Session(self._engine) as session:
            return _people(session)

    def every(self) -> tuple[Account, ...]:
        with Session(self._engine) as session:
            return tuple(account_of(r) for r in session.scalars(select(AccountRow).order_by(AccountRow.name)))

    def find(self, name: str) -> Account:
        """Raises RecordError."""
        with Session(self._engine) as session:
            return account_of(_row(session, name))

    def with_password(self, name: str, password: str) -> Account | None:
        """The account if the password is its own; takes as long for a name that nobody has."""
        with Session(self._engine) as session:
            row = session.scalar(select(AccountRow).where(AccountRow.name == name.strip().lower()))
            stored = row.password_hash if row and row.password_hash != _UNUSABLE else self._decoy
            fits = self._fits(stored, password)
            if row is None or row.disabled or stored == self._decoy or not fits:
                return None
            return account_of(row)

    def set_password(self, name: str, password: str, by: Who) -> None:
        with Session(self._engine) as session, session.begin():
            row = _row(session, name)
            row.password_hash = self._hashed(password)
            _end_sessions(session, row)
            note(session, by, "password changed", f"account:{row.name}")

    def set_roles(self, name: str, roles: Iterable[str], by: Who) -> None:
        with Session(self._engine) as session, session.begin():
            row = _row(session, name)
            before, row.roles = row.roles, _joined(roles)
            note(session, by, "roles changed", f"account:{row.name}", {"before": before, "after": row.roles})

    def set_disabled(self, name: str, disabled: bool, by: Who) -> None:
        with Session(self._engine) as session, session.begin():
            row = _row(session, name)
            row.disabled = disabled
            _end_sessions(session, row)
            note(session, by, "account disabled" if disabled else "account enabled", f"account:{row.name}")

    def _hashed(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise RecordError(
                f"The password has {len(password)} characters; it needs {SHORTEST_PASSWORD} or more. "
                "A few words in a row make a good one."
            )
        return self._hasher.hash(password)

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False

    @staticmethod
    def _shut_first_look(session: Session) -> None:
        row = session.scalar(select(AccountRow).where(AccountRow.name == FIRST_LOOK))
        if row is not None:
            row.disabled = True
            _end_sessions(session, row)


def _people(session: Session) -> bool:
    count = session.scalar(
        select(func.count()).select_from(AccountRow).where(AccountRow.password_hash != _UNUSABLE)
    )
    return bool(count)


def _end_sessions(session: Session, row: AccountRow) -> None:
    for held in session.scalars(select(SessionRow).where(SessionRow.account_id == row.id)):
        session.delete(held)


def _row(session: Session, name: str) -> AccountRow:
    row = session.scalar(select(AccountRow).where(AccountRow.name == name.strip().lower()))
    if row is None:
        raise RecordError(f"There is no account named '{name}'. `python -m rag staff list` shows them all.")
    return row


def _checked_name(name: str) -> str:
    name = name.strip().lower()
    if not _NAME.fullmatch(name) or name == FIRST_LOOK:
        raise RecordError(
            f"'{name}' cannot be an account's name. Use 2 to 80 letters, digits or . _ @ + -, for example "
            "anna or anna@example.org."
        )
    return name


def _joined(roles: Iterable[str]) -> str:
    known = {role.value for role in Role}
    wanted = list(dict.fromkeys(str(role) for role in roles))
    wrong = [role for role in wanted if role not in known]
    if wrong or not wanted:
        raise RecordError(
            f"Role '{', '.join(wrong) or '(none)'}' is not known. Give one or more of {', '.join(Role)}."
        )
    return " ".join(wanted)


def account_of(row: AccountRow) -> Account:
    roles = frozenset(Role(role) for role in row.roles.split())
    return Account(row.id, row.name, row.display_name, roles, row.disabled, row.made_at)
