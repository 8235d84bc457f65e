"""The pages made on the server, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_chat_page import OVERFLOW, check_structure
from tests.web.handmade import DOCUMENT, TRANSLATION, spans_query
from tests.web.test_highlighting import corpus, squashed

IDS = [document.id for document in corpus()]


@pytest.mark.parametrize("document", corpus(), ids=IDS)
def test_a_passage_deep_in_a_text_is_scrolled_into_view(desktop: Visit, document: object) -> None:
    block = [b for b in document.blocks if len(document.reading(b.spans)) > 60][-1]  # type: ignore[attr-defined]
    page = desktop.open(f"/source/{document.id}?spans={spans_query(block.spans)}#cited")  # type: ignore[attr-defined]
    expect(page.locator("#cited")).to_be_in_viewport()
    shown = "".join(page.locator("mark").all_text_contents())
    assert squashed(shown) == squashed(document.reading(block.spans))  # type: ignore[attr-defined]
    assert desktop.outside == []
    assert desktop.complaints == []


@pytest.mark.parametrize(
    "path", [*(f"/source/{i}" for i in IDS), "/source/decision", "/sources", "/docs", "/plain?q=rules"]
)
def test_no_page_scrolls_sideways_on_a_phone_and_all_are_well_formed(phone: Visit, path: str) -> None:
    page = phone.open(path)
    assert page.evaluate(OVERFLOW) <= 0
    check_structure(page)
    assert phone.outside == []


def test_a_note_and_its_call_lead_to_each_other(desktop: Visit) -> None:
    page = desktop.open("/source/com-2020-607")
    call = page.locator("sup.call a").nth(20)
    call.click()
    note = page.locator(".notes li:target")
    expect(note).to_be_in_viewport()
    note.locator("a.back").first.click()
    expect(page.locator("sup.call:target")).to_be_in_viewport()


def test_the_address_of_a_passage_can_be_copied(desktop: Visit) -> None:
    desktop.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desktop.site)
    page = desktop.open(f"/source/decision?spans={spans_query(DOCUMENT.blocks[2].spans)}")
    page.get_by_role("button", name="Copy address").click()
    expect(page.locator("#copy-status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#share").input_value()
    page.goto(copied)
    expect(page.locator("#cited")).to_be_in_viewport()


def test_without_scripts_a_question_is_answered_and_its_passage_shown(without_scripts: Visit) -> None:
    page = without_scripts.open("/plain")
    page.get_by_label("Your question").fill("Which measures?")
    page.keyboard.press("Enter")
    expect(page.locator(".statement").first).to_contain_text(TRANSLATION)
    page.goto(without_scripts.site + str(page.locator("a.marker").first.get_attribute("href")))
    expect(page.locator("#cited")).to_be_in_viewport()


def test_the_text_can_be_read_in_dark_and_light(desktop: Visit) -> None:
    page = desktop.open("/source/decision")
    colours = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2
