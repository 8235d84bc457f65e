"""Commands of the press desk: a draft from an enquiry, and the check of a reply that came back."""

from __future__ import annotations

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
    from rag.assembly import build_assistant
    from rag.cli import replies
    from rag.drafting.sheets import make_sheet

    kind = replies.kind_of(out)
    replies.check_language(language)
    letter = replies.opened(enquiry)
    settings = load_settings(data_dir=data)
    read = replies.questions_in(letter, enquiry)
    spoken = language or read.language
    with index_progress(_errors) as progress:
        assistant = build_assistant(settings, progress)
    house = replies.house_in_force(settings, spoken)
    parts = replies.composer(settings, assistant, house).parts(read.questions, spoken)
    frame, provenance = replies.frame_of(read, spoken, house), replies.provenance_of(settings, assistant)
    sheet = make_sheet(frame, parts, provenance, reference=enquiry.stem)
    replies.write(sheet, kind, out)
    replies.report(parts)
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
