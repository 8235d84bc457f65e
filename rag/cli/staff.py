"""Commands that make and change staff accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from rag.domain.errors import RecordError
from rag.records.accounts import AccountBook, Role
from rag.records.trail import Who
from rag.settings import load_settings

staff = typer.Typer(help="Accounts for the press desk and the workbench.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
DataDir = Annotated[Path | None, typer.Option("--data", help="Data folder.")]
Roles = Annotated[list[Role], typer.Option("--role", "-r", help="May be given several times.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input (for scripts).")
]
OPERATOR = Who(None, "command line")


@contextmanager
def _book(data: Path | None) -> Iterator[AccountBook]:
    from rag.records.database import open_database

    settings = load_settings(data_dir=data)
    engine = open_database(settings.database_url, settings.data_dir)
    try:
        yield AccountBook(engine)
    finally:
        engine.dispose()


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise RecordError("There is no terminal to ask for the password; use --password-stdin.")
    return str(typer.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True))


@staff.command()
def add(
    name: Name,
    role: Roles,
    display_name: Annotated[str, typer.Option("--display-name", help="As colleagues see it.")] = "",
    password_stdin: FromInput = False,
    data: DataDir = None,
) -> None:
    """Make an account."""
    with _book(data) as book:
        made = book.add(name, _password(password_stdin), [r.value for r in role], OPERATOR, display_name)
    print(f"{made.name} may now sign in as {', '.join(sorted(made.roles))}.")


@staff.command(name="list")
def list_accounts(data: DataDir = None) -> None:
    """List the accounts."""
    with _book(data) as book:
        for account in book.every():
            shut = "  (disabled)" if account.disabled else ""
            print(f"{account.name:<24} {account.display_name:<24} {', '.join(sorted(account.roles))}{shut}")


@staff.command()
def password(name: Name, password_stdin: FromInput = False, data: DataDir = None) -> None:
    """Set a new password; the person is signed out everywhere."""
    with _book(data) as book:
        account = book.find(name)
        book.set_password(account.name, _password(password_stdin), OPERATOR)
    print(f"{account.name} has a new password.")


@staff.command()
def roles(name: Name, role: Roles, data: DataDir = None) -> None:
    """Give an account other roles."""
    with _book(data) as book:
        book.set_roles(name, [r.value for r in role], OPERATOR)
    print(f"{name} is now {', '.join(sorted(role))}.")


@staff.command()
def disable(name: Name, data: DataDir = None) -> None:
    """Shut an account; what it did stays in the trail."""
    with _book(data) as book:
        book.set_disabled(name, True, OPERATOR)
    print(f"{name} can no longer sign in.")


@staff.command()
def enable(name: Name, data: DataDir = None) -> None:
    """Open an account again."""
    with _book(data) as book:
        book.set_disabled(name, False, OPERATOR)
    print(f"{name} can sign in again.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(staff, name="staff")
