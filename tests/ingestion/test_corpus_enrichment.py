"""The built-in enrichment: every passage covered, every entry fresh, facts kept, nothing copied or left untranslated."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rag.domain.passages import Passage
from rag.ingestion.catalogue import load_catalogue
from rag.ingestion.enrichment import Placed, read_entries
from rag.ingestion.enrichment_check import Problem, check_enrichment
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages
from rag.models.languages import LinguaIdentifier

CORPUS = Path(__file__).parents[2] / "corpus"


@cache
def corpus_passages() -> tuple[Passage, ...]:
    found: list[Passage] = []
    for entry in load_catalogue(CORPUS / "catalogue.toml"):
        document = parse(
            entry.read(),
            id=entry.id,
            language=entry.language,
            description=entry.description,
            sha256=entry.sha256,
        )
        found += passages(document)
    return tuple(found)


@cache
def entries() -> tuple[Placed, ...]:
    return read_entries(CORPUS / "enrichment")


@cache
def problems() -> tuple[Problem, ...]:
    return tuple(check_enrichment(corpus_passages(), entries(), LinguaIdentifier()))


def told(*kinds: str) -> str:
    return "\n".join(str(problem) for problem in problems() if problem.kind in kinds)


def test_every_passage_is_covered_in_all_three_languages() -> None:
    assert told("missing", "questions", "language") == ""


def test_every_entry_is_fresh_and_stands_once() -> None:
    assert told("stale", "entry twice") == ""


def test_numbers_dates_references_and_names_are_those_of_the_source() -> None:
    assert told("fact", "length") == ""


def test_nothing_is_left_in_the_source_language() -> None:
    assert told("untranslated", "question language") == ""


def test_no_question_is_asked_twice_or_copied_from_its_passage() -> None:
    assert told("question twice", "copied") == ""


def test_the_built_in_entries_are_made_by_hand() -> None:
    assert entries()
    assert {placed.entry.by for placed in entries()} == {"hand"}
