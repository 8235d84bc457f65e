"""Every test of the store runs on SQLite, and on PostgreSQL where one can be started."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, create_engine, text

from rag.records.accounts import Account, AccountBook
from rag.records.database import open_database
from rag.records.trail import Who

TESTER = Who(None, "tester")
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "correct horse battery"


def _binary(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, without the name of the database."""
    initdb, control = _binary("initdb"), _binary("pg_ctl")
    if not initdb or not control:
        pytest.skip("PostgreSQL is not installed: the store is tested on SQLite alone")
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="rules-pg-", dir="/tmp"))
    if user:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        run(initdb, "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-locale")
        run(control, "-D", str(folder / "data"), "-w", "-o", options, "-l", str(folder / "log"), "start")
    except (subprocess.CalledProcessError, PermissionError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        reason = getattr(error, "stderr", b"") or str(error).encode()
        pytest.skip(f"PostgreSQL does not start here: {reason.decode()[-200:]}")
    yield f"postgresql+psycopg://tester@/%s?host={folder}"
    run(control, "-D", str(folder / "data"), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return ""
    server: str = request.getfixturevalue("postgres")
    name = "t" + os.urandom(6).hex()
    admin = create_engine(server % "postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server % name


@pytest.fixture
def engine(url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(url, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(engine: Engine) -> AccountBook:
    return AccountBook(engine, QUICK)


@pytest.fixture
def ann(accounts: AccountBook) -> Account:
    return accounts.add("ann", PASSWORD, ["press"], TESTER, "Ann")


@pytest.fixture
def bob(accounts: AccountBook) -> Account:
    return accounts.add("bob", PASSWORD, ["approver", "press"], TESTER, "Bob")
