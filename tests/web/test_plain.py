"""The page without scripts gives the same answer."""

from __future__ import annotations

from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from tests.web.handmade import TRANSLATION


def ask(client: TestClient, question: str, language: str = "en") -> BeautifulSoup:
    answer = client.get("/plain", params={"q": question, "lang": language})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return BeautifulSoup(answer.text, "html.parser")


def test_the_form_works_without_scripts_and_its_field_is_labelled(client: TestClient) -> None:
    page = BeautifulSoup(client.get("/plain?lang=nl").text, "html.parser")
    field = page.select_one("form[method=get] input[name=q]")
    assert field
    assert page.select_one(f"label[for={field['id']}]").text == "Uw vraag"  # type: ignore[union-attr]
    assert not page.select("script")
    assert len(page.select(".examples a")) >= 6


def test_an_answer_has_numbered_citations_that_open_the_passage(client: TestClient) -> None:
    page = ask(client, "What must they do?")
    assert TRANSLATION in page.text
    marker = page.select_one("a.marker")
    assert marker
    assert marker.text == "[1]"
    opened = BeautifulSoup(client.get(str(marker["href"])).text, "html.parser")
    assert "Medlemsstaterne skal handle" in opened.select_one("#cited").text  # type: ignore[union-attr]


def test_a_hostile_question_is_shown_as_text(client: TestClient) -> None:
    page = ask(client, '"><script>alert(1)</script> weather')
    assert not page.select("script")
    assert page.select_one("input[name=q]")["value"] == '"><script>alert(1)</script> weather'  # type: ignore[index]


def test_a_question_that_is_too_long_is_told_its_length(client: TestClient) -> None:
    page = ask(client, "x" * 3000, "da")
    assert "3000 tegn" in page.text


def test_blank_asks_nothing(client: TestClient) -> None:
    assert not ask(client, "   ").select(".turn")
