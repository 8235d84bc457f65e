"""Enquiries, and replies composed from the real texts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from rag.answering.support import SupportVerifier
from rag.domain.ports import LanguageIdentifier
from rag.drafting.compose import Composer
from rag.drafting.enquiry import Enquiry, read_enquiry
from rag.drafting.house import around, house_style
from rag.drafting.letters import open_letter
from rag.drafting.sheet import Approval, Sheet, corpus_hash
from rag.drafting.sheets import Frame, Provenance, make_sheet
from rag.models.languages import LinguaIdentifier
from tests.drafting.corpus_assistant import CorpusAssistant, library

ENQUIRIES = Path(__file__).parent / "enquiries"
NAMES = tuple(sorted(path.name for path in ENQUIRIES.iterdir()))
RECEIVED = datetime(2026, 11, 24, 9)


@pytest.fixture(scope="session")
def languages() -> LanguageIdentifier:
    return LinguaIdentifier()


def enquiry(name: str, languages: LanguageIdentifier) -> Enquiry:
    return read_enquiry(open_letter(name, (ENQUIRIES / name).read_bytes()), languages, RECEIVED)


def composer(language: str) -> Composer:
    assistant = CorpusAssistant()
    house = house_style()[language]
    return Composer(assistant.ask, assistant.search, library(), SupportVerifier(), house, LinguaIdentifier())


def reply_to(read: Enquiry, language: str) -> Sheet:
    texts = around(
        house_style()[language],
        language=language,
        name=read.sender,
        outlet=read.outlet,
        subject=read.subject,
        attribution="for attribution",
    )
    frame = Frame(
        title=read.subject or "Reply",
        language=language,
        greeting=texts["greeting"],
        background=texts["background"],
        attribution_text=texts["attribution_text"],
        contact=texts["contact"],
        sender=read.sender,
        outlet=read.outlet,
    )
    provenance = Provenance(
        "2026-11-24", CorpusAssistant.fingerprint, corpus_hash(library().documents()), "https://rules.example"
    )
    parts = composer(language).parts(read.questions, language)
    made = make_sheet(frame, parts, provenance, reference="abc", version=1, state="approved")
    approval = Approval(by="Bob <&>", at="2026-11-24T10:00:00+00:00")
    return made.model_copy(update={"approval": approval}).sealed()


@pytest.fixture(scope="session", params=NAMES)
def sheet(request: pytest.FixtureRequest, languages: LanguageIdentifier) -> Sheet:
    read = enquiry(request.param, languages)
    return reply_to(read, read.language)


@pytest.fixture(scope="session", params=[name for name in NAMES if "hostile" not in name])
def quoting(request: pytest.FixtureRequest, languages: LanguageIdentifier) -> Sheet:
    """A reply with quotations; to the hostile letter the stand-in finds none."""
    read = enquiry(request.param, languages)
    return reply_to(read, read.language)
