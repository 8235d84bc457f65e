"""Questions known to be answered or not: read whole or refused, and sound in the built-in corpus."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from rag.domain.errors import CorpusError
from rag.domain.passages import Enrichment
from rag.domain.sentences import split_sentences
from rag.ingestion.catalogue import load_catalogue
from rag.ingestion.enrichment import read_entries
from rag.ingestion.precedents import Precedent, answered_by_passage, read_precedents, unanswered_near
from tests.answering.corpus_library import corpus_library

CORPUS = Path(__file__).parents[2] / "corpus"
EVALS = CORPUS.parent / "evals"


@pytest.fixture(scope="module")
def built_in() -> list[Precedent]:
    return read_precedents(CORPUS / "precedents.jsonl")


def test_there_are_many_of_either_kind_in_every_language_near_every_text(built_in: list[Precedent]) -> None:
    texts = {entry.id for entry in load_catalogue(CORPUS / "catalogue.toml")}
    for answered in (True, False):
        chosen = [e for e in built_in if bool(e.answered_by) is answered]
        assert {e.near for e in chosen} - {""} == texts
        asked = Counter(code for e in chosen for code in e.questions)
        assert set(asked) == {"en", "nl", "da"}
        assert min(asked.values()) > 3_000


def test_no_entry_is_empty_or_stands_twice(built_in: list[Precedent]) -> None:
    assert [
        e.id for e in built_in if not e.questions or not all(q.strip() for q in e.questions.values())
    ] == []
    assert [i for i, count in Counter(e.id for e in built_in).items() if count > 1] == []
    asked = Counter((code, q.casefold()) for e in built_in for code, q in e.questions.items())
    assert [q for q, count in asked.items() if count > 1] == []


def test_no_known_question_is_a_question_of_the_evaluation(built_in: list[Precedent]) -> None:
    """Independent authors think of the same obvious questions: then the examination keeps it."""

    def letters(text: str) -> str:
        return "".join(c for c in text.casefold() if c.isalnum())

    suites = [*(EVALS / "suites").glob("*.jsonl"), EVALS / "fitting" / "natural.jsonl"]
    records = [json.loads(line) for path in suites for line in path.read_text(encoding="utf-8").splitlines()]
    examined = {letters(record["question"]) for record in records}
    assert len(examined) > 3_000
    assert [q for e in built_in for q in e.questions.values() if letters(q) in examined] == []


def test_answers_lie_in_passages_we_have_and_no_entry_repeats_the_enrichment(
    built_in: list[Precedent],
) -> None:
    entries = [placed.entry for placed in read_entries(CORPUS / "enrichment")]
    assert {passage for e in built_in for passage, _ in e.answers} <= {entry.passage for entry in entries}
    assert [e.id for e in built_in if len(dict(e.answers)) < len(e.answers)] == []
    known = {(code, q.casefold()) for entry in entries for code, qs in entry.questions.items() for q in qs}
    asked = {(code, q.casefold()) for e in built_in for code, q in e.questions.items()}
    assert asked & known == set()


def test_sentences_that_answer_are_sentences_of_the_passage(built_in: list[Precedent]) -> None:
    entries = [placed.entry for placed in read_entries(CORPUS / "enrichment")]
    told = {e.passage: e.enrichment().told_in for e in entries}
    count = {
        h.passage.id: len(split_sentences(h.passage.text, h.passage.language))
        for h in corpus_library().hits()
    }
    beyond = [e.id for e in built_in for passage, told in e.answers if max(told, default=0) >= count[passage]]
    beyond += [p for p, known in told.items() for _, places in known if max(places) >= count[p]]
    assert beyond == []


def test_only_questions_near_the_texts_of_the_library_count() -> None:
    here = Precedent("1", "bridges", "", "cost", {"en": "What does it cost?", "nl": "Wat kost het?"})
    known = Precedent("2", "bridges", "bridges#1", "", {"en": "Who inspects it?"})
    elsewhere = Precedent("3", "ferries", "", "crew", {"en": "How large is the crew?"})
    nowhere = Precedent("4", "", "", "weather", {"en": "Will it rain?"})
    given = [here, known, elsewhere, nowhere, here]
    assert unanswered_near(given, {"bridges"}) == ("What does it cost?", "Wat kost het?", "Will it rain?")


def test_a_passage_is_told_what_it_is_known_to_answer() -> None:
    first = Precedent("1", "bridges", "bridges#1", "", {"en": "Who inspects it?"})
    second = Precedent("2", "bridges", "bridges#1", "", {"en": "How often?", "da": "Hvor ofte?"}, (1, 0))
    unanswered = Precedent("3", "bridges", "", "cost", {"en": "What does it cost?"})
    told = answered_by_passage([first, unanswered, second])
    assert told == {
        "bridges#1": Enrichment(
            questions=(("en", "Who inspects it?"), ("en", "How often?"), ("da", "Hvor ofte?")),
            told_in=(("How often?", (1, 0)), ("Hvor ofte?", (1, 0))),
        )
    }
    written = Enrichment(questions=(("en", "How often?"),), told_in=(("How often?", (2,)),))
    beside = written.asked_also(told["bridges#1"])
    assert beside.questions == (("en", "How often?"), ("en", "Who inspects it?"), ("da", "Hvor ofte?"))
    assert dict(beside.told_in) == {"How often?": (2,), "Hvor ofte?": (1, 0)}


def test_a_broad_question_is_known_of_each_passage_that_answers_it(tmp_path: Path) -> None:
    path = tmp_path / "precedents.jsonl"
    path.write_text(
        '{"id": "1", "near": "a", "answered_by": "a#1", "told_in": [2], "further": {"b#2": [1], "b#3": []},'
        ' "questions": {"en": "Who inspects?"}}\n'
    )
    (entry,) = read_precedents(path)
    assert entry.answers == (("a#1", (1,)), ("b#2", (0,)), ("b#3", ()))
    told = answered_by_passage([entry])
    assert {passage: dict(e.told_in) for passage, e in told.items()} == {
        "a#1": {"Who inspects?": (1,)},
        "b#2": {"Who inspects?": (0,)},
        "b#3": {},
    }
    assert all(e.questions == (("en", "Who inspects?"),) for e in told.values())


def test_a_missing_file_is_an_empty_list(tmp_path: Path) -> None:
    assert read_precedents(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"id": "1"}',
        b"[]",
        b"\xff\xfe\x00",
        b'{"id": "1", "near": "", "questions": {"en": "Neither?"}}',
        b'{"id": "1", "near": "a", "answered_by": "a#1", "told_in": [0], "questions": {"en": "From 1?"}}',
        b'{"id": "1", "near": "a", "lacks": "cost", "told_in": [1], "questions": {"en": "Nowhere?"}}',
        b'{"id": "1", "near": "a", "lacks": "cost", "further": {"a#2": []}, "questions": {"en": "Nowhere?"}}',
        b'{"id": "1", "near": "", "lacks": "cost", "answered_by": "a#1", "questions": {"en": "Both?"}}',
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "precedents.jsonl"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=r"precedents\.jsonl"):
        read_precedents(path)
