"""Writes what the documents say of commands and settings, from the code itself.

    python docs/make_reference.py

makes `docs/cli.md` and the table of settings in `README.md`; tests/test_documents.py holds both equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

PROJECT = Path(__file__).resolve().parent.parent
CLI, README = PROJECT / "docs" / "cli.md", PROJECT / "README.md"
SETTINGS = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- /settings -->)", re.DOTALL)
HEAD = (
    "# Command line\n\nMade from the commands themselves by `python docs/make_reference.py`; a test holds it equal.\n"
    "Every command exits with 0 when it did what it was asked, with 1 and one clear message when it could not,\n"
    "and with 2 when it was called wrongly.\n"
)


def cli_reference() -> str:
    """Every command of `python -m rag` and `python -m evals`, with its arguments and options."""
    from evals.cli.main import app as evals
    from rag.cli.main import app as rag

    return HEAD + "".join((*_program("python -m rag", rag), *_program("python -m evals", evals)))


def settings_table() -> str:
    """Every setting with its default and meaning, as a Markdown table."""
    from rag.settings import Settings

    rows = [
        f"| `{name.upper()}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(("| Setting | Default | Meaning |", "|---|---|---|", *rows, ""))


def _default(value: object) -> str:
    if isinstance(value, Path):
        value = value.relative_to(PROJECT) if value.is_absolute() else value
    return "(empty)" if value == "" else f"`{value}`"


def _program(name: str, app: typer.Typer) -> Iterator[str]:
    group: Any = get_command(app)
    yield f"\n## {name}\n\n{group.help}\n"
    yield from _commands(name, group)


def _commands(name: str, group: Any) -> Iterator[str]:
    for word, command in group.commands.items():
        if getattr(command, "commands", None):
            yield from _commands(f"{name} {word}", command)
        elif not command.hidden:
            yield _section(f"{name} {word}", command)


def _section(name: str, command: Any) -> str:
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join((name, *command.collect_usage_pieces(context)))
    records = [parameter.get_help_record(context) for parameter in command.params]
    rows = "".join(
        f"| `{_one_line(names)}` | {_one_line(help)} |\n"
        for names, help in (record for record in records if record)
    )
    table = f"\n| Argument or option | Meaning |\n|---|---|\n{rows}" if rows else ""
    return f"\n### {name}\n\n{_one_line(command.help or '')}\n\n    {usage}\n{table}"


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def with_settings(readme: str) -> str:
    """The README with its table of settings made anew."""
    return SETTINGS.sub(lambda _: settings_table(), readme)


def main() -> None:
    CLI.write_text(cli_reference(), encoding="utf-8")
    README.write_text(with_settings(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
