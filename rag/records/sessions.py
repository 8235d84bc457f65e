"""Who is signed in. The cookie holds a random token; the database only its hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from rag.records.accounts import Account, AccountBook, account_of
from rag.records.tables import AccountRow, AttemptRow, FirstLookRow, SessionRow
from rag.records.trail import Who, note, now

FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 30
FAILURE_WINDOW = timedelta(minutes=15)
"""So many failures in so long shut the door for that name or address until the window has passed."""
FIRST_LOOK_LIFE = timedelta(hours=24)


class TooManyAttempts(Exception):
    """The door is shut for a while for this name or address."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person in the staff rooms; every form they send carries `csrf`."""

    account: Account
    csrf: str

    @property
    def who(self) -> Who:
        return self.account.who


class SessionBook:
    """Signs people in and out."""

    def __init__(
        self,
        engine: Engine,
        accounts: AccountBook,
        life: timedelta,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._accounts = accounts
        self._clock = clock
        self.life = life

    def sign_in(self, name: str, password: str, address: str) -> str | None:
        """A new session's token, or None where name and password do not fit. Raises TooManyAttempts."""
        name = name.strip().lower()[:80]
        self._check_attempts(name, address)
        account = self._accounts.with_password(name, password)
        with Session(self._engine) as session, session.begin():
            session.add(
                AttemptRow(name=name, address=address, succeeded=account is not None, at=self._clock())
            )
            if account is None:
                note(session, Who(None, name), "sign-in refused", f"account:{name}")
                return None
            note(session, account.who, "signed in", f"account:{name}")
            return self._open(session, account)

    def person(self, token: str | None) -> SignedIn | None:
        """Who the token belongs to, while the session lasts and the account is open."""
        if not token:
            return None
        with Session(self._engine) as session:
            row = session.get(SessionRow, _hash(token))
            if row is None or row.ends_at <= self._clock():
                return None
            account = session.get(AccountRow, row.account_id)
            if account is None or account.disabled:
                return None
            return SignedIn(account_of(account), row.csrf)

    def sign_out(self, token: str) -> None:
        with Session(self._engine) as session, session.begin():
            session.execute(delete(SessionRow).where(SessionRow.token_hash == _hash(token)))

    def make_first_look(self) -> str | None:
        """The token of a new one-time link, or None once somebody has an account. Older links die."""
        if self._accounts.any_people():
            return None
        token = secrets.token_urlsafe(32)
        with Session(self._engine) as session, session.begin():
            session.execute(delete(FirstLookRow))
            session.add(
                FirstLookRow(token_hash=_hash(token), ends_at=self._clock() + FIRST_LOOK_LIFE, used_at=None)
            )
        return token

    def use_first_look(self, token: str) -> str | None:
        """A session's token for a link that was not used before, or None."""
        if self._accounts.any_people():
            return None
        account = self._accounts.first_look()
        with Session(self._engine) as session, session.begin():
            row = session.get(FirstLookRow, _hash(token), with_for_update=True)
            if row is None or row.used_at is not None or row.ends_at <= self._clock():
                return None
            row.used_at = self._clock()
            note(session, account.who, "signed in by the one-time link", f"account:{account.name}")
            return self._open(session, account)

    def _open(self, session: Session, account: Account) -> str:
        moment = self._clock()
        session.execute(delete(SessionRow).where(SessionRow.ends_at <= moment))
        token = secrets.token_urlsafe(32)
        session.add(
            SessionRow(
                token_hash=_hash(token),
                account_id=account.id,
                csrf=secrets.token_urlsafe(32),
                made_at=moment,
                ends_at=moment + self.life,
            )
        )
        return token

    def _check_attempts(self, name: str, address: str) -> None:
        since = self._clock() - FAILURE_WINDOW
        with Session(self._engine) as session:
            for column, value, most in (
                (AttemptRow.name, name, FAILURES_PER_NAME),
                (AttemptRow.address, address, FAILURES_PER_ADDRESS),
            ):
                failures = session.scalar(
                    select(func.count())
                    .select_from(AttemptRow)
                    .where(column == value, AttemptRow.at > since, AttemptRow.succeeded.is_(False))
                )
                if (failures or 0) >= most:
                    raise TooManyAttempts


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
