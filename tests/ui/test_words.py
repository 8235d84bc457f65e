"""The interface says the same in every language."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from rag.domain.documents import LegalForce, Standing
from rag.ui import words as module
from rag.ui.rendering import force_key, standing_key
from rag.ui.words import LANGUAGES, OWN_NAMES, choose_language, load_examples, load_words

TABLES = tomllib.loads((Path(module.__file__).parent / "strings.toml").read_text("utf-8"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_language_has_its_table() -> None:
    assert tuple(TABLES) == LANGUAGES == tuple(OWN_NAMES)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    assert TABLES[language].keys() == TABLES["en"].keys()
    for key, text in TABLES[language].items():
        assert placeholders(text) == placeholders(TABLES["en"][key]), key
        assert text.strip() == text != "", key


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_few_words_are_left_in_english(language: str) -> None:
    same = {key for key in TABLES["en"] if TABLES[language][key] == TABLES["en"][key]}
    international = {"status", "website", "original_in", "date_form", "language_en", "note_call"}
    months = {key for key in same if key.startswith("month_")}
    assert same - international - months <= {"reference", "institution"}


def test_every_word_used_in_a_template_or_module_exists() -> None:
    room = Path(module.__file__).parent
    used: set[str] = set()
    for folder in (room, room.parent / "web"):
        for file in (*folder.glob("*.py"), *folder.glob("templates/*.html")):
            used |= set(re.findall(r"""\bwords\(\s*["']([a-z_0-9]+)["']""", file.read_text("utf-8")))
    assert len(used) > 60
    assert used <= TABLES["en"].keys()


@pytest.mark.parametrize("force", LegalForce)
def test_every_legal_force_is_named_and_explained(force: LegalForce) -> None:
    assert TABLES["en"][force_key(force)]
    assert TABLES["en"][force_key(force) + "_explained"]


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_is_named(standing: Standing) -> None:
    assert TABLES["en"][standing_key(standing.value)]


@pytest.mark.parametrize(
    ("language", "date", "shown"),
    [
        ("en", "2020-07-24", "24 July 2020"),
        ("nl", "2020-07-24", "24 juli 2020"),
        ("da", "2019-10-08", "8. oktober 2019"),
        ("en", "unknown", "date unknown"),
        ("en", "2020-13-01", "2020-13-01"),
        ("en", "summer 2020", "summer 2020"),
    ],
)
def test_dates_are_written_as_people_of_the_language_write_them(language: str, date: str, shown: str) -> None:
    assert load_words(language).date(date) == shown


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen"),
    [
        ("nl", "da", "nl"),
        ("fr", "da", "da"),
        (None, "de-DE, nl-BE;q=0.7, en;q=0.6", "nl"),
        (None, "en;q=0.2, da;q=0.9", "da"),
        (None, "da;q=0, nl;q=x", "en"),
        (None, None, "en"),
    ],
)
def test_the_page_speaks_the_readers_language(asked: str | None, accepted: str | None, chosen: str) -> None:
    assert choose_language(asked, accepted) == chosen


def test_there_are_examples_in_every_language() -> None:
    assert {example.language for example in load_examples()} == set(LANGUAGES)
