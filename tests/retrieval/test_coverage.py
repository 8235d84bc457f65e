from __future__ import annotations

from pathlib import Path

import pytest

from rag.domain.retrieval import Coverage, Query
from rag.retrieval.generations import Generations
from rag.retrieval.serving import ServingIndex
from tests.retrieval.small_texts import build, serving


@pytest.fixture
def index(tmp_path: Path) -> ServingIndex:
    generations = Generations(tmp_path / "index")
    build(generations)
    return serving(generations)


def measured(index: ServingIndex, question: str, language: str, document: str) -> Coverage:
    [passage] = index.passages(document)
    return index.current().coverage.measure(Query(question, language), passage.id)


@pytest.mark.parametrize(
    ("question", "language", "document", "word"),
    [
        ("Who inspects the bridges?", "en", "bridges", "bridges"),
        ("Wie vaart er met de veerponten?", "nl", "ferries", "veerponten"),
        ("Who watches the vessels?", "en", "harbours", "vessels"),
        ("Wie houdt toezicht?", "nl", "harbours", "toezicht"),
        ("Is it 725,000 kroner?", "en", "harbours", "num725000"),
        ("Who is supervising?", "en", "harbours", "supervising"),
        ("Wat doet de havenmeester?", "nl", "harbours", "havenmeester"),
    ],
    ids=["inflected", "dutch", "its question", "question in dutch", "number", "translation", "glossary"],
)
def test_words_found_in_any_form_are_covered(
    index: ServingIndex, question: str, language: str, document: str, word: str
) -> None:
    missing = {w for w, _ in measured(index, question, language, document).missing}
    assert word not in missing
    elsewhere = "ferries" if document != "ferries" else "bridges"
    assert word in {w for w, _ in measured(index, question, language, elsewhere).missing}


def test_what_is_missing_is_named_rarest_first(index: ServingIndex) -> None:
    covered = measured(index, "Does a unicorn inspect the bridge in 1999?", "en", "bridges")
    assert {w for w, _ in covered.missing} >= {"unicorn"}
    assert [w for _, w in covered.missing] == sorted((w for _, w in covered.missing), reverse=True)
    assert 0 < covered.share < 1


def test_a_number_that_is_elsewhere_is_missing(index: ServingIndex) -> None:
    assert "num999000" in {w for w, _ in measured(index, "999 000 kroner", "da", "harbours").missing}
    assert measured(index, "725 000 kroner", "da", "harbours").share > 0.5


@pytest.mark.parametrize("question", ["", "?", "what is the"])
def test_a_question_without_content_covers_nothing(index: ServingIndex, question: str) -> None:
    assert measured(index, question, "en", "bridges").share == 0.0
