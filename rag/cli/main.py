"""The commands, and how an error reaches the person at the terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from rag.cli import press, staff, workshop
from rag.cli.lines import read_questions, write_line
from rag.cli.progress import index_progress
from rag.cli.readable import show_hits, show_reply
from rag.domain.errors import QuestionError, RulesError
from rag.settings import Settings, load_settings
from rag.wire import HitsLine, history_of, hit_line, reply_line

app = typer.Typer(
    help="Ask what the rules say; every sentence of an answer is cited to its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
workshop.register(app)
press.register(app)
staff.register(app)
errors = Console(stderr=True)
_PASSWORD = re.compile(r"(//[^/@\s:]*:)[^@\s]*@")
"""A password in an address; it is never printed."""

DataDir = Annotated[
    Path | None, typer.Option("--data", help="Data folder (indexes, models, your documents).")
]
Language = Annotated[
    str | None, typer.Option("--language", "-l", help="en, nl or da; recognised if left out.")
]
Lines = Annotated[
    str | None,
    typer.Option("--jsonl", help="File of JSON lines with id and question, or - for standard input."),
]


def main() -> None:
    """Run the command line; an error of ours is one clear message and exit code 1."""
    try:
        app()
    except RulesError as error:
        errors.print("Error:", style="bold red", end=" ")
        errors.print(str(error), highlight=False, markup=False, soft_wrap=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        errors.print("Stopped.")
        sys.exit(130)


def _settings(data: Path | None) -> Settings:
    return load_settings(data_dir=data)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    jsonl: Lines = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the wire format.")] = False,
    language: Language = None,
    data: DataDir = None,
) -> None:
    """Answer a question, or one question a line."""
    from rag.assembly import build_assistant

    if (question is None) == (jsonl is None):
        raise typer.BadParameter("give a question, or --jsonl FILE")
    settings = _settings(data)
    with index_progress(errors) as progress:
        assistant = build_assistant(settings, progress)
    if question is not None:
        response = assistant.ask(question, language)
        line = reply_line(response, assistant.library.document)
        if as_json:
            write_line(line)
        else:
            show_reply(line, response)
        return
    assert jsonl is not None
    for one in read_questions(jsonl):
        try:
            response = assistant.ask(one.question, one.language or language, history_of(one))
        except QuestionError as error:
            errors.print(
                f"Line {one.id!r} was passed over: {error}", highlight=False, markup=False, soft_wrap=True
            )
            continue
        write_line(reply_line(response, assistant.library.document, one.id))


@app.command()
def search(
    question: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    jsonl: Lines = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Passages to print.")] = 5,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show which leg and representation found each passage."),
    ] = False,
    language: Language = None,
    data: DataDir = None,
) -> None:
    """Find passages without answering."""
    from rag.assembly import build_assistant

    if (question is None) == (jsonl is None):
        raise typer.BadParameter("give a question, or --jsonl FILE")
    settings = _settings(data)
    with index_progress(errors) as progress:
        assistant = build_assistant(settings, progress)
    if question is not None:
        show_hits(assistant.search(question, language, limit), explain=explain)
        return
    assert jsonl is not None
    for one in read_questions(jsonl):
        try:
            hits = assistant.search(one.question, one.language or language, limit)
        except QuestionError as error:
            errors.print(
                f"Line {one.id!r} was passed over: {error}", highlight=False, markup=False, soft_wrap=True
            )
            continue
        lines = [hit_line(hit, explain=explain) for hit in hits]
        write_line(HitsLine(id=one.id, question=one.question, hits=lines), exclude_none=not explain)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, or .jsonl of documents.")],
    with_default_corpus: Annotated[
        bool, typer.Option(help="Keep the built-in corpus beside your documents.")
    ] = False,
    data: DataDir = None,
) -> None:
    """Add documents to the library and index them."""
    from rag.assembly import ingest_paths, open_library

    settings = _settings(data)
    if with_default_corpus:
        open_library(settings).use_default_corpus(True)
    with index_progress(errors) as progress:
        report = ingest_paths(
            settings,
            paths,
            keep_default_corpus=data is None,
            progress=progress,
        )
    for line in report:
        print(line)


@app.command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build anew even if nothing changed.")] = False,
    data: DataDir = None,
) -> None:
    """Bring the index up to date."""
    from rag.assembly import ensure_index

    settings = _settings(data)
    with index_progress(errors) as progress:
        manifest, built = ensure_index(settings, progress, rebuild=rebuild)
    print(
        f"{'Indexed' if built else 'Up to date'}: {manifest.documents} documents, "
        f"{manifest.passages} passages, {manifest.representations} representations "
        f"(index {manifest.fingerprint})."
    )


@app.command()
def sources(data: DataDir = None) -> None:
    """List the texts that answers are drawn from."""
    from rag.assembly import list_sources

    table = Table("id", "title", "language", "date", "legal force", show_lines=False)
    for one in list_sources(_settings(data)):
        description = one.description
        table.add_row(
            one.id,
            description.title(one.language) or one.id,
            one.language,
            description.date,
            f"{description.force.value} ({description.standing.value})",
        )
    Console().print(table)


@app.command(name="settings")
def show_settings(data: DataDir = None) -> None:
    """Show every setting, its value and what it is for."""
    settings = _settings(data)
    table = Table("setting", "value", "meaning", show_lines=False)
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        shown = _PASSWORD.sub(r"\1***@", str(value)) if value != "" else "(none)"
        table.add_row(name.upper(), shown, field.description or "")
    Console().print(table)
