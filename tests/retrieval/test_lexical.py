from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.domain.errors import IndexFailure
from rag.domain.passages import Origin, Representation
from rag.domain.retrieval import Query
from rag.retrieval.glossary import Glossary
from rag.retrieval.lexical import Field, LexicalIndex, build_lexical
from tests.retrieval.leg_contract import TEXTS, Leg, LegContract


def row(text: str, language: str = "en", origin: Origin = Origin.OWN_WORDS) -> list[Representation]:
    return [Representation("x", origin, language, text)]


def built(
    folder: Path, passages: list[list[Representation]], glossary: Glossary | None = None
) -> LexicalIndex:
    folder.mkdir(exist_ok=True)
    build_lexical(folder, passages)
    return LexicalIndex(folder, glossary or Glossary([]))


class TestLexicalLeg(LegContract):
    @pytest.fixture
    def leg(self, tmp_path: Path) -> Leg:
        index = built(tmp_path / "t", [row(text) for text in TEXTS])
        return lambda text, limit: index.search(Query(text, "en"), limit).by_field[Field.WORDS]

    def test_a_question_without_a_shared_word_finds_nothing(self, leg: Leg) -> None:
        assert leg("quantum chromodynamics", 5) == {}
        assert leg("", 5) == {}


def test_the_score_is_bm25_worked_by_hand(tmp_path: Path) -> None:
    index = built(tmp_path / "t", [row("ferry ferry boat"), row("boat"), row("train tram")])
    # "ferry": n=1 of N=3, tf 2, length 3, mean length 2
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 * 2.2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 2))
    found = index.search(Query("ferry", "en"), 5).by_field[Field.WORDS]
    assert found == {0: pytest.approx(expected, rel=1e-4)}


def test_each_kind_of_representation_has_a_field_of_its_own(tmp_path: Path) -> None:
    passages = [
        row("bridge"),
        row("bridge", origin=Origin.QUESTION),
        row("bridge", origin=Origin.HEADER),
        row("bridge", origin=Origin.TRANSLATION),
    ]
    found = built(tmp_path / "t", passages).search(Query("bridges", "en"), 5).by_field
    assert {field: set(scores) for field, scores in found.items()} == {
        Field.WORDS: {0, 3},
        Field.QUESTIONS: {1},
        Field.HEADER: {2},
        Field.GRAMS: {0, 3},  # "ridge" and "bridg" of a word with more than five letters
    }


def test_a_glossary_term_finds_text_in_another_language(tmp_path: Path) -> None:
    passages = [row("havnechefen fører tilsyn", "da"), row("kongen bor på slottet", "da")]
    glossary = Glossary([{"en": ["harbour master"], "da": ["havnechefen"]}])
    query = Query("Who is the harbour master?", "en")
    assert set(built(tmp_path / "a", passages, glossary).search(query, 5).by_field[Field.WORDS]) == {0}
    assert built(tmp_path / "b", passages).search(query, 5).by_field[Field.WORDS] == {}


def test_a_reference_is_found_whatever_the_language(tmp_path: Path) -> None:
    index = built(tmp_path / "t", [row("se direktiv 2011/93/EU", "da"), row("ingen henvisning", "da")])
    assert set(index.search(Query("What is Directive 2011/93/EU?", "en"), 5).by_field[Field.WORDS]) == {0}


def test_a_part_of_a_compound_finds_it(tmp_path: Path) -> None:
    index = built(tmp_path / "t", [row("het strafregisteruittreksel", "nl"), row("de spoorbrug", "nl")])
    assert set(index.search(Query("uittreksel", "nl"), 5).by_field[Field.GRAMS]) == {0}


def test_other_languages_are_searched_with_their_own_words(tmp_path: Path) -> None:
    index = built(tmp_path / "t", [row("die Brücke wird geprüft", "de")])
    assert set(index.search(Query("Brücken", "de"), 5).by_field[Field.WORDS]) == {0}


def test_a_rare_word_weighs_more_than_a_common_one(tmp_path: Path) -> None:
    index = built(tmp_path / "t", [row("boat ferry"), row("boat"), row("boat")])
    assert index.rarity("ferri", "en") > index.rarity("boat", "en") > 0
    assert index.rarity("unheard", "en") > index.rarity("ferri", "en")


def test_an_index_of_nothing_answers_nothing(tmp_path: Path) -> None:
    assert built(tmp_path / "t", []).search(Query("bridge", "en"), 5).by_field[Field.WORDS] == {}


@pytest.mark.parametrize("text", ['"', "bridge AND (", "words_en:bridge", "a" * 5_000, "\\", "*"])
def test_a_question_is_never_query_syntax(tmp_path: Path, text: str) -> None:
    built(tmp_path / "t", [row("bridge")]).search(Query(text, "en"), 5)


def test_threads_get_what_one_caller_gets(tmp_path: Path) -> None:
    index = built(tmp_path / "t", [row(text) for text in TEXTS])
    queries = [Query(text, "en") for text in TEXTS] * 10
    expected = [index.search(q, 3).by_field for q in queries]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda q: index.search(q, 3).by_field, queries)) == expected


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexFailure, match="nowhere"):
        build_lexical(tmp_path / "nowhere", [row("bridge")])


def test_a_damaged_index_says_how_to_make_a_new_one(tmp_path: Path) -> None:
    built(tmp_path / "t", [row("bridge")])
    for path in (tmp_path / "t").iterdir():
        path.write_bytes(b"\xff" * 50)
    with pytest.raises(IndexFailure, match="index --rebuild"):
        LexicalIndex(tmp_path / "t", Glossary([]))
