"""The questions that no text answers: read whole or refused, and sound in the built-in corpus."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from rag.ingestion.unanswered import Unanswered, read_unanswered, unanswered_questions

from rag.domain.errors import CorpusError
from rag.ingestion.catalogue import load_catalogue
from rag.ingestion.enrichment import read_entries

CORPUS = Path(__file__).parents[2] / "corpus"


def built_in() -> list[Unanswered]:
    return read_unanswered(CORPUS / "unanswered.jsonl")


def test_every_entry_asks_in_all_three_languages_near_a_text_we_have() -> None:
    texts = {entry.id for entry in load_catalogue(CORPUS / "catalogue.toml")}
    entries = built_in()
    assert len(entries) > 500
    assert {entry.near for entry in entries} == texts | {""}
    assert [e.id for e in entries if set(e.questions) != {"en", "nl", "da"}] == []
    assert [e.id for e in entries if not all(q.strip() for q in (*e.questions.values(), e.lacks))] == []


def test_no_entry_stands_twice_and_none_is_known_to_be_answered() -> None:
    entries = built_in()
    assert [i for i, count in Counter(e.id for e in entries).items() if count > 1] == []
    asked = Counter((code, q.casefold()) for e in entries for code, q in e.questions.items())
    assert [q for q, count in asked.items() if count > 1] == []
    answered = {
        (code, q.casefold())
        for placed in read_entries(CORPUS / "enrichment")
        for code, questions in placed.entry.questions.items()
        for q in questions
    }
    assert asked.keys() & answered == set()


def test_only_questions_near_the_texts_of_the_library_count() -> None:
    here = Unanswered("1", "bridges", "cost", {"en": "What does it cost?", "nl": "Wat kost het?"})
    there = Unanswered("2", "ferries", "crew", {"en": "How large is the crew?"})
    assert unanswered_questions([here, there, here], {"bridges"}) == ["What does it cost?", "Wat kost het?"]


def test_a_missing_file_is_an_empty_list(tmp_path: Path) -> None:
    assert read_unanswered(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize("content", [b"{", b'{"id": "1"}', b"[]", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "unanswered.jsonl"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=r"unanswered\.jsonl"):
        read_unanswered(path)
