"""The word data: complete in every language, and at peace with itself."""

from __future__ import annotations

import tomllib
from importlib import resources
from itertools import combinations

import pytest

from rag.answering.support.vocabulary import LANGUAGES, guess_language, vocabulary

FOLDER = resources.files("rag.answering.support.lexicon")
DATA = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in LANGUAGES}
SENSES = {
    "modality": {"must", "should", "may", "will"},
    "quantifiers": {"all", "most", "many", "some", "few", "only", "none"},
    "bounds": {"at_least", "at_most", "more_than", "less_than", "about"},
    "conditions": {"exception", "condition"},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", SENSES)
def test_every_language_has_words_for_every_sense(language: str, table: str) -> None:
    assert set(DATA[language][table]) == SENSES[table]
    assert all(DATA[language][table].values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ["quantifiers", "conditions"])
def test_no_word_has_two_senses_of_one_kind(language: str, table: str) -> None:
    for (_, one), (_, other) in combinations(DATA[language][table].items(), 2):
        assert not set(one) & set(other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_lower_case_and_phrases_have_single_spaces(language: str) -> None:
    for table in ("modality", "quantifiers", "bounds", "conditions", "units"):
        for words in DATA[language][table].values():
            assert all(word == " ".join(word.lower().split()) for word in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_count_alike(language: str) -> None:
    words = vocabulary(language)
    assert len(DATA[language]["numbers"]["ones"]) == 20
    assert len(DATA[language]["numbers"]["tens"]) == 10
    assert len(DATA[language]["dates"]["months"]) == 12
    spelt = {"en": "forty-seven", "nl": "zevenenveertig", "da": "syvogfyrre"}
    assert words.numbers[spelt[language]] == 47
    assert words.numbers[{"en": "hundred", "nl": "driehonderd", "da": "trehundrede"}[language]] in (
        100,
        300,
    )


def test_the_languages_know_the_same_units() -> None:
    assert len({frozenset(DATA[language]["units"]) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_its_own_opposite(language: str) -> None:
    words = vocabulary(language)
    assert not [word for word, others in words.antonyms.items() if word in others]
    assert all(word in words.antonyms[other] for word, others in words.antonyms.items() for other in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_negators_are_function_words_or_turn_a_sentence_and_never_soft(language: str) -> None:
    assert not set(DATA[language]["negators"]) & vocabulary(language).soft_negators


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the rules do not apply to them", "en"),
        ("de regels gelden niet voor hen", "nl"),
        ("reglerne gælder ikke for dem", "da"),
        ("Europol Eurojust", "unknown"),
    ],
)
def test_a_language_is_told_by_its_function_words(text: str, language: str) -> None:
    assert guess_language(text.lower().split()) == language
