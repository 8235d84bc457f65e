"""Commands of the press desk: a draft from an enquiry, and the check of a reply that came back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rag.cli.progress import index_progress
from rag.domain.errors import RecordError
from rag.settings import load_settings

_errors = Console(stderr=True)
DataDir = Annotated[Path | None, typer.Option("--data", help="Data folder.")]


def draft(
    enquiry: Annotated[Path, typer.Option("--enquiry", help="The letter: .eml, .docx or .txt.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write: .docx, .pdf, .html, .md or .json.")],
    language: Annotated[
        str, typer.Option("--language", "-l", help="en, nl or da; the enquiry's own if left out.")
    ] = "",
    data: DataDir = None,
) -> None:
    """Draft a reply to an enquiry: every question answered from the texts, with the quotations."""
    from rag.assembly import build_assistant, build_support_verifier, language_identifier
    from rag.drafting.compose import Composer
    from rag.drafting.enquiry import LANGUAGES, read_enquiry
    from rag.drafting.export import KINDS, export
    from rag.drafting.house import around, in_force
    from rag.drafting.letters import open_letter
    from rag.drafting.sheet import corpus_hash
    from rag.drafting.sheets import Frame, Provenance, make_sheet
    from rag.records.database import open_database
    from rag.records.house import HouseBook

    kind = out.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise RecordError(f"A reply cannot be written as '{out.name}'. End it in one of {', '.join(KINDS)}.")
    if language and language not in LANGUAGES:
        raise RecordError(f"Language '{language}' is not one of {', '.join(LANGUAGES)}.")
    try:
        letter = open_letter(enquiry.name, enquiry.read_bytes())
    except OSError as error:
        raise RecordError(f"{enquiry} cannot be read: {error.strerror}.") from error
    settings = load_settings(data_dir=data)
    read = read_enquiry(letter, language_identifier(), datetime.now(UTC).replace(tzinfo=None))
    if not read.questions:
        raise RecordError(
            f"No question was found in {enquiry}. Write each as a sentence with a question mark."
        )
    spoken = language or read.language
    with index_progress(_errors) as progress:
        assistant = build_assistant(settings, progress)
    engine = open_database(settings.database_url, settings.data_dir)
    house = in_force(spoken, HouseBook(engine).texts())
    engine.dispose()
    composer = Composer(
        assistant.ask,
        assistant.search,
        assistant.library,
        build_support_verifier(settings),
        house,
        language_identifier(),
    )
    parts = composer.parts(read.questions, spoken)
    texts = around(
        house,
        language=spoken,
        name=read.sender,
        outlet=read.outlet,
        subject=read.subject,
        attribution="for attribution",
    )
    frame = Frame(
        title=read.subject,
        language=spoken,
        greeting=texts["greeting"],
        background=texts["background"],
        attribution_text=texts["attribution_text"],
        contact=texts["contact"],
        sender=read.sender,
        outlet=read.outlet,
    )
    today = datetime.now(UTC).date().isoformat()
    corpus = corpus_hash(assistant.library.documents())
    provenance = Provenance(today, assistant.fingerprint, corpus, settings.public_url)
    sheet = make_sheet(frame, parts, provenance, reference=enquiry.stem)
    try:
        out.write_bytes(export(sheet, kind))
    except OSError as error:
        raise RecordError(f"{out} cannot be written: {error.strerror}.") from error
    for number, part in enumerate(parts, start=1):
        if part.kind == "question":
            print(f"{number}. {part.question}\n   {part.outcome}, {len(part.sentences)} sentences")
        for note in part.notes:
            print(f"   note: {note}")
    print(f"Written: {out} ({len(sheet.citations)} quotations). It is a draft; nobody approved it.")


def verify_draft(
    files: Annotated[list[Path], typer.Argument(help="Replies: .json, .docx, .html, .md or .pdf.")],
    data: DataDir = None,
) -> None:
    """Check every quotation of a reply against the texts; fails on the smallest change."""
    from rag.assembly import text_library
    from rag.drafting.checking import verify_file

    library = text_library(load_settings(data_dir=data))
    wrong = 0
    for file in files:
        sheet, problems = verify_file(file, library)
        for problem in problems:
            print(f"{file}: {problem}")
        if not problems:
            approved = f"approved by {sheet.approval.by}" if sheet.approval else "not approved"
            print(f"{file}: all {len(sheet.citations)} quotations stand in the texts ({approved}).")
        wrong += bool(problems)
    if wrong:
        raise RecordError(f"{wrong} of {len(files)} replies are not what was made here.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(draft)
    app.command(name="verify-draft")(verify_draft)
