"""The page of a whole source, the list of sources, the unedited text."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from tests.web.handmade import DOCUMENT, NOTICES, TEXT, spans_query


def soup(client: TestClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:400]
    return BeautifulSoup(answer.text, "html.parser")


def test_the_cited_words_are_marked_and_the_first_mark_is_the_target(client: TestClient) -> None:
    spans = DOCUMENT.blocks[2].spans
    page = soup(client, f"/source/decision?spans={spans_query(spans)}")
    marks = page.select("mark")
    assert "".join(mark.text for mark in marks) == DOCUMENT.reading(spans)
    assert [mark.get("id") for mark in marks].count("cited") == 1
    assert marks[0]["id"] == "cited"
    assert page.select_one(".cited-notice a[href='#cited']")


def test_a_shared_address_opens_the_same_passage(client: TestClient) -> None:
    first = soup(client, f"/source/decision?spans={spans_query(DOCUMENT.blocks[5].spans)}&lang=nl")
    shared = first.select_one("#share")
    assert shared
    address = str(shared["value"])
    assert address.endswith("#cited")
    assert "lang=" not in address
    again = soup(client, address)
    assert [m.text for m in again.select("mark")] == [m.text for m in first.select("mark")]


def test_a_page_without_spans_marks_nothing(client: TestClient) -> None:
    page = soup(client, "/source/decision")
    assert not page.select("mark")
    assert not page.select(".notice")


@pytest.mark.parametrize("spans", ["x", "5-2", "0-99999", "1-2,<script>"])
def test_wrong_ranges_show_the_whole_text_with_a_note(client: TestClient, spans: str) -> None:
    page = soup(client, f"/source/decision?spans={spans}")
    notice = page.select_one(".notice.trouble")
    assert notice
    assert "does not have" in notice.text
    assert "oprette særlige enheder" in page.text
    assert not page.select("mark")


def test_ranges_without_words_say_so(client: TestClient) -> None:
    blank = TEXT.index("\n\n")
    page = soup(client, f"/source/decision?spans={blank}-{blank + 2}")
    assert "no words" in page.select_one(".notice.trouble").text  # type: ignore[union-attr]


def test_hostile_titles_and_texts_are_escaped(client: TestClient) -> None:
    for address in ("/source/decision", "/sources", "/source/<script>alert(9)</script>"):
        body = client.get(address).text
        assert "<script>alert" not in body
        assert "Council <i>" not in body
        assert "javascript:" not in body


def test_the_text_is_in_its_own_language_and_the_page_in_the_readers(client: TestClient) -> None:
    page = soup(client, "/source/decision?lang=nl")
    assert page.html["lang"] == "nl"  # type: ignore[index]
    assert page.select_one("article")["lang"] == "da"  # type: ignore[index]
    german = client.get("/source/decision", headers={"accept-language": "de, da;q=0.8, en;q=0.5"})
    assert '<html lang="da">' in german.text
    assert german.headers["content-language"] == "da"


def test_notes_link_to_their_calls_and_back(client: TestClient) -> None:
    page = soup(client, "/source/decision")
    call = page.select_one("sup.call")
    note = page.select_one(".notes li")
    assert call
    assert note
    assert call.a["href"] == f"#{note['id']}"  # type: ignore[index]
    assert note.select_one("a.back")["href"] == f"#{call['id']}"  # type: ignore[index]


def test_every_link_inside_the_page_has_its_target(client: TestClient) -> None:
    page = soup(client, f"/source/decision?spans={spans_query(DOCUMENT.blocks[2].spans)}")
    ids = [str(element["id"]) for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    targets = {str(a["href"])[1:] for a in page.select("a[href^='#']")}
    assert targets <= set(ids)


def test_headings_step_down_one_level_at_a_time(client: TestClient) -> None:
    page = soup(client, "/source/decision")
    levels = [int(h.name[1]) for h in page.select("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_a_row_is_read_under_its_columns(client: TestClient) -> None:
    page = soup(client, "/source/decision")
    assert [th.text for th in page.select("thead th")] == ["Akt", "Ikrafttræden", "Frist"]
    assert [c.text for c in page.select("tbody tr > *")] == ["Afgørelsen", "29.5.2000", "31.12.2000"]


def test_weight_damage_and_contact_details_are_shown(client: TestClient) -> None:
    page = soup(client, "/source/decision")
    assert "Binding act" in page.text
    assert "in force" in page.text
    assert NOTICES[0] in page.select_one(".damage").text  # type: ignore[union-attr]
    assert "+32 2 555 00 00" in page.select_one(".contact-details").text  # type: ignore[union-attr]
    assert "29 May 2000" in page.text


def test_the_unedited_text_is_the_source_code_point_by_code_point(client: TestClient) -> None:
    answer = client.get("/source/decision/raw")
    assert answer.text == TEXT
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("address", ["/source/nothing", "/source/nothing/raw"])
def test_an_unknown_text_lists_the_texts_there_are(client: TestClient, address: str) -> None:
    page = soup(client, address, 404)
    assert "nothing" in page.h1.text  # type: ignore[union-attr]
    assert page.select_one("a[href^='/source/decision']")


def test_the_list_leads_to_every_text(client: TestClient) -> None:
    page = soup(client, "/sources?lang=da")
    assert page.select_one("h2 a")["href"] == "/source/decision?lang=da"  # type: ignore[index]
    assert "Bindende retsakt" in page.text


def test_an_address_that_is_nothing_gets_a_page_with_a_way_on(client: TestClient) -> None:
    page = soup(client, "/no/such/page", 404)
    assert page.select_one("main a[href^='/sources']")
