"""The site in a thread, and a headless Chromium that may reach nothing else.

Skipped, with the reason shown, where Chromium is not installed.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from rag.domain.documents import Document
from rag.settings import Settings
from rag.ui.service import Desk
from rag.web.server import make_server, open_port
from tests.web.handmade import DOCUMENT, HandmadeAssistant, HandmadeLibrary
from tests.web.site import make_site
from tests.web.test_highlighting import corpus

CHROMIUM = next(
    (p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None
)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
START_SECONDS = 30


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a browser test."""
    for item in items:
        if "tests/browser/" in str(item.path).replace("\\", "/"):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed: browser tests need it"))


@dataclass
class Visit:
    """A page, and what it asked for and complained about."""

    page: Page
    site: str
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.site + path)
        if path.startswith("/?") or path == "/":
            self.page.wait_for_selector("html[data-ready]", timeout=20_000)
        return self.page

    @property
    def outside(self) -> list[str]:
        return [u for u in self.requested if not u.startswith((self.site, "data:", "blob:"))]


def texts() -> tuple[Document, ...]:
    return (DOCUMENT, *corpus())


@pytest.fixture(scope="session")
def assistant() -> HandmadeAssistant:
    """The one behind the site."""
    return HandmadeAssistant(HandmadeLibrary(texts()))


@pytest.fixture(scope="session")
def site(assistant: HandmadeAssistant) -> Iterator[str]:
    settings = Settings(_env_file=None, port=1)
    settings.port = _free_port()
    port = open_port(settings)
    held = {}

    def serve() -> None:
        desk = Desk(assistant)
        held["server"] = make_server(make_site(desk, settings))
        held["server"].run(sockets=[port])

    thread = threading.Thread(target=serve)
    thread.start()
    ends = time.monotonic() + START_SECONDS
    while not (held.get("server") and held["server"].started) and time.monotonic() < ends:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{settings.port}"
    held["server"].should_exit = True
    thread.join(START_SECONDS)
    port.close()


def _free_port() -> int:
    import socket

    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _visit(browser: Browser, site: str, **options: object) -> tuple[BrowserContext, Visit]:
    context = browser.new_context(**options)  # type: ignore[arg-type]
    visit = Visit(context.new_page(), site)
    context.on("request", lambda request: visit.requested.append(request.url))
    context.on("console", lambda m: visit.complaints.append(m.text) if m.type == "error" else None)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return context, visit


@pytest.fixture
def desktop(browser: Browser, site: str) -> Iterator[Visit]:
    context, visit = _visit(browser, site, viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield visit
    context.close()


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Visit]:
    context, visit = _visit(
        browser,
        site,
        viewport={"width": 390, "height": 844},
        locale="da-DK",
        has_touch=True,
        color_scheme="dark",
    )
    yield visit
    context.close()


@pytest.fixture
def without_scripts(browser: Browser, site: str) -> Iterator[Visit]:
    context, visit = _visit(browser, site, java_script_enabled=False, locale="en-GB")
    yield visit
    context.close()
