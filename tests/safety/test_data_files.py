"""The rules and examples of the safety room agree with each other and with the contacts."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rag.safety.classifier import EXAMPLES, MIXED, ORDINARY, OTHER
from rag.safety.contacts import choose, load_contacts, named_country
from rag.safety.routing import CONTACTS, REFUSAL, ROUTES, SMALL_TALK
from rag.safety.signals import PATTERNS, Signals
from rag.settings import PROJECT

LANGUAGES = ("en", "nl", "da")
MOST_TIMES = 2
"""As many examples a kind may have in one language as in another: no language is learnt from the others alone."""
CONTACT_FILE = PROJECT / "corpus" / "contacts.toml"
SUITE = PROJECT / "evals" / "suites" / "other-kinds.jsonl"


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


ROUTE_TABLE = read(ROUTES)
EXAMPLE_LIST = read(EXAMPLES)["example"]
MIXED_LIST = read(MIXED)["example"]
KINDS = sorted(ROUTE_TABLE)
REFERRALS = [kind for kind in KINDS if kind not in SMALL_TALK]


def test_every_kind_with_examples_has_a_route_and_every_route_examples() -> None:
    kinds = {example["kind"] for example in EXAMPLE_LIST}
    assert kinds - {ORDINARY} == set(ROUTE_TABLE) - {CONTACTS}


@pytest.mark.parametrize("kind", [*(kind for kind in KINDS if kind != CONTACTS), ORDINARY])
def test_every_kind_has_enough_examples_in_each_language(kind: str) -> None:
    count = Counter(e["language"] for e in EXAMPLE_LIST if e["kind"] == kind)
    assert set(count) == set(LANGUAGES)
    assert min(count.values()) >= 20
    assert max(count.values()) <= MOST_TIMES * min(count.values())


def test_messages_of_several_thoughts_are_of_known_kinds_in_each_language() -> None:
    assert {e["kind"] for e in MIXED_LIST} <= {*REFERRALS, ORDINARY}
    by_language = {
        code: Counter(e["kind"] for e in MIXED_LIST if e["language"] == code) for code in LANGUAGES
    }
    for kind in {*by_language["en"], *by_language["nl"], *by_language["da"]}:
        counts = [by_language[code][kind] for code in LANGUAGES]
        assert max(counts) <= MOST_TIMES * min(counts), kind


def test_no_example_stands_twice_or_under_two_kinds() -> None:
    told = [(e["language"], e["text"]) for e in EXAMPLE_LIST + MIXED_LIST]
    told += [(language, text) for language, texts in read(OTHER).items() for text in texts]
    times = Counter((language, text.casefold().strip(" ?!.")) for language, text in told)
    assert [key for key, count in times.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_route_says_something_in_each_language(kind: str, language: str) -> None:
    message = ROUTE_TABLE[kind][language]
    assert len(message) > 10
    assert message[-1] in ".!"


@pytest.mark.parametrize("kind", [kind for kind in REFERRALS if kind != REFUSAL])
def test_the_number_for_danger_is_said_or_shown_on_every_route_to_help(kind: str) -> None:
    route = ROUTE_TABLE[kind]
    assert "emergency" in route["contacts"]
    if kind != "help_own_thoughts":
        assert all("112" in route[language] for language in LANGUAGES)


def test_a_refusal_is_one_sentence_with_the_line_for_people_who_want_to_stop() -> None:
    route = ROUTE_TABLE[REFUSAL]
    assert route["contacts"] == ["stop-help"]
    assert not route.get("also_answer")
    for language in LANGUAGES:
        assert route[language].count(".") == 1


@pytest.mark.parametrize("kind", REFERRALS)
def test_every_contact_kind_of_a_route_exists(kind: str) -> None:
    known = {contact.kind for contact in load_contacts(CONTACT_FILE)}
    assert set(ROUTE_TABLE[kind]["contacts"]) <= known


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REFERRALS)
def test_every_route_leads_to_somebody_in_each_language(kind: str, language: str) -> None:
    chosen = choose(load_contacts(CONTACT_FILE), tuple(ROUTE_TABLE[kind]["contacts"]), "", language)
    assert chosen
    assert all(contact.phone or contact.url for contact in chosen)
    assert all(contact.about for contact in chosen)


def test_the_country_named_comes_before_the_country_of_the_language() -> None:
    chosen = choose(load_contacts(CONTACT_FILE), ("child-helpline",), "I live in Denmark", "nl")
    assert any("DK" in contact.countries for contact in chosen)
    assert not any("NL" in contact.countries for contact in chosen)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("I live in the Netherlands", "NL"),
        ("Vi bor i Danmark", "DK"),
        ("Ik woon in Vlaanderen", "BE"),
        ("we live in Sweden", "SE"),
        ("somewhere", None),
    ],
)
def test_countries_are_recognised_by_their_names(text: str, country: str | None) -> None:
    assert named_country(text) == country


def test_every_pattern_belongs_to_a_routed_kind_and_every_kind_has_its_priority() -> None:
    data = read(PATTERNS)
    kinds = {signal["kind"] for signal in data["signal"]}
    assert kinds <= set(ROUTE_TABLE)
    assert sorted(data["priority"]) == sorted(set(data["priority"]))
    assert kinds <= set(data["priority"])


def test_patterns_do_not_fire_on_ordinary_questions() -> None:
    signals = Signals.load()
    ordinary = [e["text"] for e in EXAMPLE_LIST if e["kind"] == ORDINARY]
    ordinary += [text for texts in read(OTHER).values() for text in texts]
    fired = [text for text in ordinary if signals.kind(text)]
    assert fired == []


def test_no_example_is_taken_from_the_development_questions() -> None:
    records = [json.loads(line) for line in SUITE.read_text(encoding="utf-8").splitlines()]
    asked = {r["question"].casefold() for r in records if r["split"] == "development"}
    short = {text for text in asked if len(text.split()) <= 4}  # greetings are alike everywhere
    assert {e["text"].casefold() for e in EXAMPLE_LIST} & (asked - short) == set()
