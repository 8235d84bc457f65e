"""Accounts, sessions, the one-time link, and the door that shuts after too many attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from rag.domain.errors import RecordError
from rag.records.accounts import Account, AccountBook, Role
from rag.records.sessions import (
    FAILURE_WINDOW,
    FAILURES_PER_ADDRESS,
    FAILURES_PER_NAME,
    SessionBook,
    TooManyAttempts,
)
from tests.records.conftest import PASSWORD, TESTER


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(engine: Engine, accounts: AccountBook, clock: Clock) -> SessionBook:
    return SessionBook(engine, accounts, timedelta(hours=1), clock)


def test_the_right_password_opens_a_session_and_a_wrong_one_does_not(
    sessions: SessionBook, ann: Account
) -> None:
    assert sessions.sign_in("ann", "wrong password here", "a") is None
    token = sessions.sign_in(" Ann ", PASSWORD, "a")
    person = sessions.person(token)
    assert person is not None
    assert person.account == ann
    assert len(person.csrf) >= 32


def test_neither_passwords_nor_tokens_are_kept(engine: Engine, sessions: SessionBook, ann: Account) -> None:
    token = sessions.sign_in("ann", PASSWORD, "a")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT password_hash FROM accounts")).scalar_one()
        hashes = connection.execute(text("SELECT token_hash FROM sessions")).scalars().all()
    assert kept.startswith("$argon2id$")
    assert token not in hashes


def test_a_session_ends_with_its_time_its_sign_out_or_its_account(
    sessions: SessionBook, accounts: AccountBook, ann: Account, clock: Clock
) -> None:
    first, second, third = (str(sessions.sign_in("ann", PASSWORD, "a")) for _ in range(3))
    sessions.sign_out(first)
    assert sessions.person(first) is None
    assert sessions.person(second) is not None
    accounts.set_disabled("ann", True, TESTER)
    assert sessions.person(second) is None
    assert sessions.sign_in("ann", PASSWORD, "a") is None
    accounts.set_disabled("ann", False, TESTER)
    fourth = sessions.sign_in("ann", PASSWORD, "a")
    clock.now += timedelta(hours=1)
    assert sessions.person(fourth) is None
    assert sessions.person(third) is None
    assert sessions.person(None) is None


def test_too_many_failures_shut_the_door_for_a_name_until_the_window_has_passed(
    sessions: SessionBook, ann: Account, bob: Account, clock: Clock
) -> None:
    for _ in range(FAILURES_PER_NAME):
        assert sessions.sign_in("ann", "wrong password here", "a") is None
    with pytest.raises(TooManyAttempts):
        sessions.sign_in("ann", PASSWORD, "b")
    assert sessions.sign_in("bob", PASSWORD, "a")
    clock.now += FAILURE_WINDOW + timedelta(seconds=1)
    assert sessions.sign_in("ann", PASSWORD, "a")


def test_too_many_failures_from_one_address_shut_the_door_for_it(sessions: SessionBook, ann: Account) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        sessions.sign_in(f"name{number}", "wrong password here", "10.0.0.9")
    with pytest.raises(TooManyAttempts):
        sessions.sign_in("ann", PASSWORD, "10.0.0.9")
    assert sessions.sign_in("ann", PASSWORD, "10.0.0.1")


def test_the_one_time_link_works_once_and_not_beside_real_accounts(
    sessions: SessionBook, accounts: AccountBook, clock: Clock
) -> None:
    old, link = str(sessions.make_first_look()), str(sessions.make_first_look())
    assert sessions.use_first_look(old) is None
    token = sessions.use_first_look(link)
    person = sessions.person(token)
    assert person is not None
    assert person.account.roles == frozenset(Role)
    assert sessions.use_first_look(link) is None
    late = str(sessions.make_first_look())
    accounts.add("ann", PASSWORD, ["press"], TESTER)
    assert sessions.use_first_look(late) is None
    assert sessions.make_first_look() is None
    assert sessions.person(token) is None


def test_the_one_time_link_runs_out(sessions: SessionBook, clock: Clock) -> None:
    link = str(sessions.make_first_look())
    clock.now += timedelta(hours=24)
    assert sessions.use_first_look(link) is None


@pytest.mark.parametrize(
    ("name", "password", "roles", "said"),
    [
        ("ann", PASSWORD, ["press"], "already"),
        ("a b", PASSWORD, ["press"], "cannot be an account's name"),
        ("first-look", PASSWORD, ["press"], "cannot be an account's name"),
        ("cat", "short", ["press"], "it needs 12 or more"),
        ("cat", PASSWORD, ["king"], "'king' is not known"),
        ("cat", PASSWORD, [], "Give one or more"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused_with_the_reason(
    accounts: AccountBook, ann: Account, name: str, password: str, roles: list[str], said: str
) -> None:
    with pytest.raises(RecordError, match=said):
        accounts.add(name, password, roles, TESTER)


def test_a_new_password_signs_the_person_out(
    sessions: SessionBook, accounts: AccountBook, ann: Account
) -> None:
    token = sessions.sign_in("ann", PASSWORD, "a")
    accounts.set_password("ann", "another long password", TESTER)
    assert sessions.person(token) is None
    assert sessions.sign_in("ann", PASSWORD, "a") is None
    assert sessions.sign_in("ann", "another long password", "a")
