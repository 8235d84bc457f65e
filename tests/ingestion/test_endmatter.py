"""Contact details and end matter of texts that are none of the built-in ones."""

from __future__ import annotations

import pytest

from rag.domain.documents import Description, Document
from rag.domain.passages import Passage, PassageKind
from rag.ingestion.endmatter import statements
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages

PROSE = (
    "The council met on Monday and agreed that the rules for all ministries will be the same from now on.\n\n"
)
BESIDE = (PassageKind.CONTACT, PassageKind.END_MATTER)


def read(text: str) -> Document:
    return parse(text, id="text", language="en", description=Description((("en", "T"),), "T"), sha256="")


def beside(text: str) -> list[Passage]:
    return [p for p in passages(read(text)) if p.kind in BESIDE]


def told(text: str) -> list[tuple[str, str]]:
    return [(p.heading, p.text) for p in beside(text)]


@pytest.mark.parametrize("heading", ["Press contact", "Kontaktpersoner", "Contactpersonen"])
def test_a_person_is_one_passage_under_the_heading_of_the_contacts(heading: str) -> None:
    text = f"{PROSE}{heading}\n\nJane Doe\nPress Officer\n\n+32 2 555 01 02\n\njane.doe@example.org\n\nJohn Roe\n+32 2 555 03 04\n"
    assert told(text) == [
        (heading, "Jane Doe Press Officer +32 2 555 01 02 jane.doe@example.org"),
        (heading, "John Roe +32 2 555 03 04"),
    ]


def test_a_heading_on_the_line_above_the_name_is_not_read_as_part_of_the_person() -> None:
    text = f"{PROSE}Contact\nJane Doe\n+32 2 555 01 02\n"
    assert told(text) == [("Contact", "Jane Doe +32 2 555 01 02")]


def test_numbers_without_a_name_are_each_their_own() -> None:
    text = f"{PROSE}press@example.org\n\ninfo@example.org\n"
    assert told(text) == [("", "press@example.org"), ("", "info@example.org")]


def test_a_contact_box_in_mid_text_opens_no_section() -> None:
    more = "The ministries report on the first of March each year to the council and to the public at large."
    text = f"{PROSE}Rules\n\n{PROSE}Contact\n\nJane Doe\n+32 2 555 01 02\n\n{more}\n\nJohn Roe\n+32 2 555 03 04\n"
    found = {p.text: p for p in passages(read(text))}
    assert found[more].section == ("Rules",)
    assert found[more].label == "T, Rules, paragraph 2"
    assert found["Jane Doe +32 2 555 01 02"].label == "T, contact 1"
    assert found["John Roe +32 2 555 03 04"].section == ()


def test_each_title_of_a_list_of_links_is_a_passage_wrapped_or_not() -> None:
    text = f"{PROSE}Further information\nVideo of the debate (5.7.2021)\nReport on the rules for the ministries\nof all countries\n"
    assert told(text) == [
        ("Further information", "Video of the debate (5.7.2021)"),
        ("Further information", "Report on the rules for the ministries of all countries"),
    ]


def test_navigation_and_cookie_lines_of_an_end_say_nothing() -> None:
    text = f"{PROSE}Last updated: 1.2.2020\nHome\nCookie settings of this site\nTop\n"
    assert told(text) == [("", "Last updated: 1.2.2020")]


def test_a_menu_at_the_foot_is_furniture_but_a_wrapped_sentence_is_not() -> None:
    body = PROSE * 3
    assert told(f"{body}About us\nOur work\nVacancies\n") == []
    assert told(f"{body}This site is run\nby the Ministry of\nJustice and Home Affairs\n") == [
        ("", "This site is run by the Ministry of Justice and Home Affairs")
    ]


def test_notices_below_one_another_are_told_apart_by_their_like_openings() -> None:
    notices = "The site is paid for\nby the Union\nThe site is kept\nby the Ministry of\nJustice"
    assert told(f"{PROSE * 3}Last updated: 1.2.2020\n{notices}\n") == [
        ("", "Last updated: 1.2.2020"),
        ("", "The site is paid for by the Union"),
        ("", "The site is kept by the Ministry of Justice"),
    ]


def test_labels_count_the_lines_under_each_heading() -> None:
    text = f"{PROSE}Links:\nThe rules of 2020\nThe rules of 2021\n\nLast updated: 1.2.2020\n"
    assert [p.label for p in beside(text)] == [
        "T, Links, line 1",
        "T, Links, line 2",
        "T, end matter, line 1",
    ]


@pytest.mark.parametrize(
    ("titles", "expected"), [(True, [(1, 3), (3, 4)]), (False, [(1, 4)])], ids=["titles", "prose"]
)
def test_lines_that_read_on_are_one(titles: bool, expected: list[tuple[int, int]]) -> None:
    assert statements(["Last", "One", "and two", "Three"], 1, titles=titles) == expected
