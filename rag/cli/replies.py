"""The steps from a letter on disk to a reply on disk. They load the drafting room: import them in a command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rag.assembly import build_support_verifier, language_identifier
from rag.assistant import Assistant
from rag.domain.errors import RecordError
from rag.drafting.compose import Composer, DraftPart
from rag.drafting.enquiry import LANGUAGES, Enquiry, read_enquiry
from rag.drafting.export import KINDS, export
from rag.drafting.house import around, in_force
from rag.drafting.letters import Letter, open_letter
from rag.drafting.sheet import Sheet, corpus_hash
from rag.drafting.sheets import Frame, Provenance
from rag.records.database import open_database
from rag.records.house import HouseBook
from rag.settings import Settings


def kind_of(out: Path) -> str:
    """The kind of document that the file's name asks for. Raises RecordError."""
    kind = out.suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise RecordError(f"A reply cannot be written as '{out.name}'. End it in one of {', '.join(KINDS)}.")
    return kind


def check_language(language: str) -> None:
    """Raises RecordError; "" stands for the enquiry's own."""
    if language and language not in LANGUAGES:
        raise RecordError(f"Language '{language}' is not one of {', '.join(LANGUAGES)}.")


def opened(enquiry: Path) -> Letter:
    """Raises RecordError."""
    try:
        return open_letter(enquiry.name, enquiry.read_bytes())
    except OSError as error:
        raise RecordError(f"{enquiry} cannot be read: {error.strerror}.") from error


def questions_in(letter: Letter, enquiry: Path) -> Enquiry:
    """The letter read. Raises RecordError where it asks nothing."""
    read = read_enquiry(letter, language_identifier(), datetime.now(UTC).replace(tzinfo=None))
    if not read.questions:
        raise RecordError(
            f"No question was found in {enquiry}. Write each as a sentence with a question mark."
        )
    return read


def house_in_force(settings: Settings, language: str) -> dict[str, str]:
    """The house style with what officers changed in it."""
    engine = open_database(settings.database_url, settings.data_dir)
    house = in_force(language, HouseBook(engine).texts())
    engine.dispose()
    return house


def composer(settings: Settings, assistant: Assistant, house: dict[str, str]) -> Composer:
    return Composer(
        assistant.ask,
        assistant.search,
        assistant.library,
        build_support_verifier(settings),
        house,
        language_identifier(),
    )


def frame_of(read: Enquiry, language: str, house: dict[str, str]) -> Frame:
    """What stands around the answers."""
    texts = around(
        house,
        language=language,
        name=read.sender,
        outlet=read.outlet,
        subject=read.subject,
        attribution="for attribution",
    )
    return Frame(
        title=read.subject,
        language=language,
        greeting=texts["greeting"],
        background=texts["background"],
        attribution_text=texts["attribution_text"],
        contact=texts["contact"],
        sender=read.sender,
        outlet=read.outlet,
    )


def provenance_of(settings: Settings, assistant: Assistant) -> Provenance:
    today = datetime.now(UTC).date().isoformat()
    corpus = corpus_hash(assistant.library.documents())
    return Provenance(today, assistant.fingerprint, corpus, settings.public_url)


def write(sheet: Sheet, kind: str, out: Path) -> None:
    """Raises RecordError."""
    try:
        out.write_bytes(export(sheet, kind))
    except OSError as error:
        raise RecordError(f"{out} cannot be written: {error.strerror}.") from error


def report(parts: Sequence[DraftPart]) -> None:
    """Say what became of each question, and the notes for the officer."""
    for number, part in enumerate(parts, start=1):
        if part.kind == "question":
            print(f"{number}. {part.question}\n   {part.outcome}, {len(part.sentences)} sentences")
        for note in part.notes:
            print(f"   note: {note}")
