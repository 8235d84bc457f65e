"""Headers, and a start that is not finished."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from rag.domain.errors import IndexFailure, SettingsError
from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.application import create_app
from tests.web.handmade import HandmadeAssistant

PAGES = ("/sources", "/source/decision", "/plain", "/docs", "/health", "/nothing", "/look/base.css")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES[:4])
def test_no_page_names_another_site_to_load_from(client: TestClient, path: str) -> None:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(client.get(path).text, "html.parser")
    loaded = [*page.select("script[src], img[src], link[href]")]
    assert loaded
    assert all(str(tag.get("src") or tag.get("href")).startswith("/look/") for tag in loaded)
    assert not page.select("script:not([src]), style, [style], [onclick]")


def test_other_sites_may_frame_the_pages_where_the_operator_says_so() -> None:
    settings = Settings(_env_file=None, frame_ancestors="'self' https://intranet.example")
    with TestClient(create_app(Desk(HandmadeAssistant()), settings)) as client:
        headers = client.get("/sources").headers
    assert "frame-ancestors 'self' https://intranet.example" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


@pytest.mark.parametrize("value", ["'self'; script-src *", "a\r\nX: y", ""])
def test_a_setting_that_would_break_the_header_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="FRAME_ANCESTORS"):
        create_app(Desk(HandmadeAssistant()), Settings(_env_file=None, frame_ancestors=value))


def test_large_pages_are_compressed(client: TestClient) -> None:
    answer = client.get("/source/decision", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/", "/plain", "/sources", "/source/decision"])
def test_a_page_opened_too_early_shows_the_progress_and_asks_again(path: str, settings: Settings) -> None:
    desk = Desk()
    desk.report("vectors", 30, 120)
    with TestClient(create_app(desk, settings)) as client:
        answer = client.get(path, headers={"accept-language": "da"})
    assert answer.status_code == 503
    assert "30 af 120" in answer.text
    assert 'http-equiv="refresh"' in answer.text
    assert 'max="120" value="30"' in answer.text


def test_a_start_that_failed_is_told_and_not_tried_again(settings: Settings) -> None:
    def build(_: object) -> HandmadeAssistant:
        raise IndexFailure("The index folder is full. Make room & start again.")

    desk = Desk()
    with pytest.raises(IndexFailure):
        desk.open(build)
    with TestClient(create_app(desk, settings)) as client:
        page = client.get("/")
        health = client.get("/health").json()
    assert "The index folder is full. Make room &amp; start again." in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert health["status"] == "failed"


def test_an_error_nobody_foresaw_keeps_its_message_to_itself(settings: Settings) -> None:
    def build(_: object) -> HandmadeAssistant:
        raise ValueError("a secret path")

    desk = Desk()
    with pytest.raises(ValueError, match="secret"):
        desk.open(build)
    assert desk.progress.message == ""


def test_the_desk_opens_once_the_assistant_is_built(settings: Settings) -> None:
    desk = Desk()
    with TestClient(create_app(desk, settings)) as client:
        assert client.get("/health").status_code == 503
        desk.open(lambda report: HandmadeAssistant())
        assert client.get("/health").status_code == 200
        assert client.get("/sources").status_code == 200
