"""Lists and contents as a whole, in texts that are none of the built-in ones."""

from __future__ import annotations

import pytest

from rag.domain.documents import Description, Document
from rag.domain.passages import WHOLES, Passage, PassageKind
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages

PROSE = (
    "The council met on Monday and agreed that the rules for all ministries will be the same from now on.\n\n"
)


def read(text: str) -> Document:
    return parse(text, id="text", language="en", description=Description((("en", "T"),), "T"), sha256="")


def wholes(text: str) -> list[Passage]:
    return [p for p in passages(read(text)) if p.kind in WHOLES]


def plan(announcement: str, headings: list[str]) -> str:
    return f"# Plan\n\n{announcement}\n\n" + "".join(f"## {words}\n\n{PROSE}" for words in headings)


@pytest.mark.parametrize(
    "announcement",
    [
        "The plan that the ministers agreed on last Monday in the capital contains three measures for harbours.",
        "Het plan waarover de ministers het maandag in de hoofdstad eens werden, bevat drie maatregelen.",
        "Planen, som ministrene blev enige om i mandags i hovedstaden, indeholder tre foranstaltninger.",
    ],
)
def test_numbered_headings_are_the_contents_led_in_by_the_sentence_that_counts_them(
    announcement: str,
) -> None:
    [contents] = wholes(plan(announcement, ["1. Ships", "2. Bridges", "3. Ferries"]))
    assert contents.kind is PassageKind.CONTENTS
    assert contents.text == "1. Ships … 2. Bridges … 3. Ferries"
    assert contents.context_text == announcement
    assert contents.label == "T, contents"


def test_another_count_announces_nothing() -> None:
    four = "The plan that the ministers agreed on last Monday in the capital contains four measures for harbours."
    [contents] = wholes(plan(four, ["1. Ships", "2. Bridges", "3. Ferries"]))
    assert contents.context_text == ""


def test_two_headings_or_headings_without_numbers_are_no_contents() -> None:
    assert wholes(plan(PROSE, ["1. Ships", "2. Bridges"])) == []
    assert wholes(plan(PROSE, ["Ships", "Bridges", "Ferries"])) == []


def test_long_contents_come_in_pieces_that_hold_every_heading_once() -> None:
    headings = [
        f"{n}. The rules for harbours and the ships that moor in them each year" for n in range(1, 41)
    ]
    found = wholes(plan(PROSE, headings))
    assert len(found) > 1
    assert [p.label for p in found] == [f"T, contents {n}" for n in range(1, len(found) + 1)]
    assert all(len(p.text.split()) <= 300 for p in found)
    assert [words for p in found for words in p.text.split(" … ")] == headings


def test_a_list_has_a_passage_of_its_own_if_its_lead_in_has_none() -> None:
    short = f"{PROSE}The ministries will:\n\n- count the ships;\n- paint the bridges.\n"
    [found] = wholes(short)
    items = [p for p in passages(read(short)) if p.kind is PassageKind.LIST_ITEM]
    assert (found.kind, found.text) == (PassageKind.LIST, "The ministries will:")
    assert {item.group for item in items} == {found.id}
    long = "The ministries of all the countries that agreed on the rules for harbours in spring will:"
    assert wholes(f"{PROSE}{long}\n\n- count the ships;\n- paint the bridges.\n") == []


def test_lists_that_begin_alike_in_several_sections_are_one() -> None:
    sections = "".join(
        f"## {name}\n\n{PROSE}{caption}\n\n- {name} will be counted by the ministry each year.\n\n"
        for name, caption in (
            ("Ships", "Key action:"),
            ("Bridges", "Key actions:"),
            ("Ferries", "Key action:"),
        )
    )
    [found] = wholes(f"# Plan\n\n{sections}")
    assert len(found.blocks) == 3
    assert found.label == "T, Key action"


def test_contacts_under_one_heading_are_one_list() -> None:
    people = "Jane Doe\n+32 2 555 01 02\n\nJohn Roe\n+32 2 555 03 04\n"
    assert [p.label for p in wholes(f"{PROSE}Contact\n\n{people}")] == ["T, contacts"]
    assert wholes(f"{PROSE}Contact\n\nJane Doe\n+32 2 555 01 02\n") == []
