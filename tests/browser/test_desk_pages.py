"""Officers at the press desk: from a pasted enquiry to an approved document, two at once, through a crash."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from docx import Document
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag.drafting.checking import verify_file
from rag.drafting.letters import open_letter
from rag.settings import PROJECT
from rag.web.server import make_server, open_port
from tests.browser.test_chat_page import OVERFLOW, check_structure
from tests.drafting.conftest import ENQUIRIES, NAMES
from tests.drafting.corpus_assistant import library
from tests.web.desk import PASSWORD, make_rooms

START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture(scope="module")
def desk_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    rooms = make_rooms(tmp_path_factory.mktemp("desk"), port=free_port())
    port = open_port(rooms.settings)
    server = make_server(rooms.app())
    thread = threading.Thread(target=lambda: server.run(sockets=[port]))
    thread.start()
    ends = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < ends:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{rooms.settings.port}"
    server.should_exit = True
    thread.join(START_SECONDS)
    port.close()
    rooms.staff.engine.dispose()


@dataclass
class Person:
    page: Page
    site: str
    complaints: list[str]

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()


class Office:
    """Signs people in, each in a browser of their own."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []

    def person(self, name: str, **options: object) -> Person:
        context = self.browser.new_context(locale="en-GB", **options)  # type: ignore[arg-type]
        self.contexts.append(context)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto(f"{self.site}/desk")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Press desk")
        return Person(page, self.site, complaints)


@pytest.fixture
def office(browser: Browser, desk_site: str) -> Iterator[Office]:
    made = Office(browser, desk_site)
    yield made
    for context in made.contexts:
        context.close()


def begin(person: Person, name: str) -> str:
    """Paste a letter (or choose the file of a mail); the draft's address."""
    page = person.open("/desk")
    if name.endswith(".eml"):
        page.get_by_label("Or choose a file").set_input_files(ENQUIRIES / name)
    else:
        page.get_by_label("Paste the letter").fill((ENQUIRIES / name).read_text("utf-8"))
    person.press("Make a draft")
    page.wait_for_url(re.compile("/desk/drafts/"))
    return page.url.split("#")[0].removeprefix(person.site)


@pytest.mark.parametrize("name", NAMES)
def test_an_enquiry_goes_from_paste_to_an_approved_word_file(
    office: Office, name: str, tmp_path: Path
) -> None:
    ann, bob = office.person("ann"), office.person("bob")
    started = time.monotonic()
    draft = begin(ann, name)
    assert time.monotonic() - started < 60
    page = ann.page
    letter = open_letter(name, (ENQUIRIES / name).read_bytes())
    expect(page.get_by_text("From", exact=True).first).to_be_visible()
    assert page.locator("article.sentence").count() >= 2
    # What a source does not bear out is kept as the officer's own words, or it cannot be submitted.
    for sentence in page.locator("article.sentence.unsupported").all():
        sentence.get_by_label("our own words").check()
        expect(sentence.locator(".badge").first).to_have_text("own words")
    expect(page.locator("article.sentence.unsupported")).to_have_count(0)
    ann.press("Submit for review")
    expect(page.locator("#state")).to_have_text("in review")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    bob.open(draft)
    bob.press("Approve")
    expect(bob.page.locator("#state")).to_have_text("approved")
    with bob.page.expect_download() as download:
        bob.page.get_by_role("link", name="DOCX", exact=True).click()
    path = tmp_path / "reply.docx"
    download.value.save_as(path)
    sheet, problems = verify_file(path, library())
    assert problems == ()
    assert sheet.approval is not None
    assert sheet.approval.by == "Bob"
    shown = "\n".join(p.text for p in Document(str(path)).paragraphs)
    for part in sheet.parts:
        if part.kind == "question":
            assert part.question in shown
    assert letter.subject in shown
    assert ann.complaints == bob.complaints == []


def test_what_is_typed_is_judged_at_once_and_kept_by_itself(office: Office) -> None:
    ann = office.person("ann")
    draft = begin(ann, "english_numbered.txt")
    anchor = ann.page.locator("article.sentence.supported").first.get_attribute("id")
    sentence = ann.page.locator(f"#{anchor}")
    box = sentence.get_by_role("textbox")
    words = box.input_value()
    box.fill(words.rstrip(".") + " in 1987 for 640 people.")
    badge = sentence.locator(".standing .badge")
    expect(badge).not_to_have_text("supported")
    assert sentence.locator(".reasons").text_content()
    expect(ann.page.locator("#kept")).to_have_text("Everything is saved.")
    ann.open(draft)
    kept = ann.page.locator(f"#{anchor} textarea")
    expect(kept).to_have_value(words.rstrip(".") + " in 1987 for 640 people.")
    kept.fill(words)
    expect(badge).to_have_text("supported")
    assert ann.complaints == []


def test_two_officers_see_each_others_words_and_choose(office: Office) -> None:
    ann, cas = office.person("ann"), office.person("cas")
    draft = begin(ann, "english_numbered.txt")
    cas.open(draft)
    for person, words in ((ann, "Ann wrote this."), (cas, "Cas wrote that.")):
        first = person.page.locator("article.sentence").first
        first.get_by_label("our own words").check()
        first.get_by_role("textbox").fill(words)
        if person is ann:
            expect(person.page.locator("#kept")).to_have_text("Everything is saved.")
    conflict = cas.page.locator(".conflict").first
    expect(conflict).to_contain_text("Ann changed this sentence in the meantime.")
    expect(conflict).to_contain_text("Ann wrote this.")
    expect(cas.page.locator("article.sentence textarea").first).to_have_value("Cas wrote that.")
    ann.open(draft)
    expect(ann.page.locator("article.sentence textarea").first).to_have_value("Ann wrote this.")
    cas.page.get_by_role("button", name="Keep my words").click()
    expect(cas.page.locator("#kept")).to_have_text("Everything is saved.")
    ann.open(draft + "/trail")
    expect(ann.page.get_by_role("table")).to_contain_text("Ann wrote this.")
    expect(ann.page.get_by_role("table")).to_contain_text("Cas wrote that.")


def test_a_button_pressed_at_once_waits_for_the_words(office: Office) -> None:
    ann = office.person("ann")
    draft = begin(ann, "english_hostile.txt")
    first = ann.page.locator("article.sentence").first
    first.get_by_label("our own words").check()
    first.get_by_role("textbox").fill("The very last word.")
    ann.press("Submit for review")
    expect(ann.page.locator("#state")).to_have_text("in review")
    ann.open(draft)
    expect(ann.page.locator("article.sentence textarea").first).to_have_value("The very last word.")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_well_formed_and_never_scroll_sideways(office: Office, width: int) -> None:
    ann = office.person("ann", viewport={"width": width, "height": 900})
    draft = begin(ann, "danish_six.txt")
    for path in ("/desk", draft, f"{draft}/versions", f"{draft}/trail", "/desk/house"):
        page = ann.open(path)
        for summary in page.locator("main details > summary").all()[:12]:
            if summary.is_visible():
                summary.click()
        assert page.evaluate(OVERFLOW) <= 0, path
        check_structure(page)


def test_without_scripts_every_button_still_works(office: Office) -> None:
    ann = office.person("ann", java_script_enabled=False)
    begin(ann, "english_numbered.txt")
    first = ann.page.locator("article.sentence").first
    first.get_by_label("our own words").check()
    first.get_by_role("textbox").fill("Kept without scripts.")
    first.get_by_role("button", name="Save").click()
    expect(ann.page.locator("article.sentence textarea").first).to_have_value("Kept without scripts.")


def _serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.browser.desk_server", str(folder), str(port)]
    server = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        try:
            urlopen(f"http://127.0.0.1:{port}/staff/sign-in").close()
            return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise AssertionError("the desk did not start")


def test_a_crash_loses_at_most_the_sentence_that_was_being_typed(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    server = _serve(tmp_path, port)
    office = Office(browser, f"http://127.0.0.1:{port}")
    try:
        ann = office.person("ann")
        draft = begin(ann, "danish_six.txt")
        articles = ann.page.locator("article.sentence")
        count = articles.count() - 1
        for number in range(count):
            articles.nth(number).get_by_label("our own words").check()
            articles.nth(number).get_by_role("textbox").fill(f"Sentence number {number} was typed.")
            if number < count - 1:
                articles.nth(number).get_by_role("textbox").blur()
                expect(ann.page.locator("#kept")).to_have_text("Everything is saved.")
        server.send_signal(signal.SIGKILL)
        server.wait()
        server = _serve(tmp_path, port)
        again = office.person("ann")
        again.open(draft)
        boxes = again.page.locator("article.sentence textarea")
        for number in range(count - 1):
            expect(boxes.nth(number)).to_have_value(f"Sentence number {number} was typed.")
    finally:
        server.kill()
        server.wait()
        for context in office.contexts:
            context.close()
