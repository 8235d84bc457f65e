"""A person asks, reads, follows a citation, with a mouse, a keyboard, a phone, a screen reader."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from rag.ui.words import load_words
from tests.browser.conftest import Visit
from tests.web.handmade import DOCUMENT, TRANSLATION, HandmadeAssistant

CITED = DOCUMENT.reading(DOCUMENT.blocks[2].spans)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def ask(page: Page, question: str) -> None:
    page.get_by_label(re.compile("Your question|Dit spørgsmål")).fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn").last.locator("h2")).to_contain_text(question)
    expect(page.locator(".turn.pending")).to_have_count(0)


def test_a_question_is_answered_and_its_citation_opens_the_highlighted_words(desktop: Visit) -> None:
    page = desktop.open()
    ask(page, "What must the Member States do?")
    expect(page.locator(".statement").first).to_contain_text(TRANSLATION)
    with page.context.expect_page() as opened:
        page.locator("a.marker").first.click()
    source = opened.value
    source.wait_for_load_state()
    assert source.url.endswith("#cited")
    assert "".join(source.locator("mark").all_text_contents()) == CITED
    expect(source.locator("#cited")).to_be_in_viewport()
    assert desktop.outside == []
    assert desktop.complaints == []


def test_a_follow_up_shows_how_it_was_understood_and_starting_again_forgets(desktop: Visit) -> None:
    page = desktop.open()
    ask(page, "Which measures?")
    ask(page, "Why?")
    expect(page.locator(".understood")).to_contain_text("Why? (Which measures?)")
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("button", name="Start again").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()
    ask(page, "Why?")
    expect(page.locator(".understood")).to_have_count(0)


def test_the_keyboard_alone_reaches_an_answer_and_its_source(desktop: Visit) -> None:
    page = desktop.open()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.get_by_label("Your question").focus()
    page.keyboard.type("Which measures?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("a.marker").first).to_be_focused()
    outline = page.locator("a.marker").first.evaluate("e => getComputedStyle(e).outlineWidth")
    assert outline == "3px"
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator("#cited")).to_be_in_viewport()


def test_a_screen_reader_is_told_that_the_answer_is_there(desktop: Visit) -> None:
    page = desktop.open()
    ask(page, "Which measures?")
    expect(page.locator("#status")).to_have_attribute("role", "status")
    expect(page.locator("#status")).to_contain_text(load_words("en")("answer_ready"))


TOP = "e => e.getBoundingClientRect().top"


def test_an_answer_that_grows_stays_where_it_is(desktop: Visit, assistant: HandmadeAssistant) -> None:
    assistant.go_on.clear()
    page = desktop.open()
    page.get_by_label("Your question").fill("A slow question?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.growing .statement")).to_have_text(re.compile(TRANSLATION))
    expect(page.locator("#status")).to_have_text(load_words("en")("checking"))
    expect(page.locator("#status")).to_have_attribute("aria-live", "polite")
    page.mouse.wheel(0, -120)
    page.wait_for_timeout(600)  # scrolling is smooth
    before = page.locator(".turn .statement").first.evaluate(TOP)
    assistant.go_on.set()
    expect(page.locator(".turn .statement")).to_have_count(2)
    expect(page.locator(".turn h2")).to_be_focused()
    page.wait_for_timeout(600)
    assert page.locator(".turn .statement").first.evaluate(TOP) == pytest.approx(before, abs=1)
    assert desktop.complaints == []


def test_who_writes_on_while_an_answer_grows_is_not_interrupted(
    desktop: Visit, assistant: HandmadeAssistant
) -> None:
    assistant.go_on.clear()
    page = desktop.open()
    page.get_by_label("Your question").fill("A slow question?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.growing")).to_have_count(1)
    page.get_by_label("Your question").fill("And the next")
    assistant.go_on.set()
    expect(page.locator(".turn .sources")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.get_by_label("Your question")).to_have_value("And the next")


def test_starting_again_ends_an_answer_that_grows(desktop: Visit, assistant: HandmadeAssistant) -> None:
    assistant.go_on.clear()
    page = desktop.open()
    page.get_by_label("Your question").fill("A slow question?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.growing")).to_have_count(1)
    page.get_by_role("button", name="Start again").click()
    expect(page.locator(".turn")).to_have_count(0)
    assistant.go_on.set()
    page.wait_for_timeout(500)
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "Why?")
    expect(page.locator(".understood")).to_have_count(0)
    assert desktop.complaints == []


def test_the_page_has_one_main_place_one_first_heading_and_named_controls(desktop: Visit) -> None:
    page = desktop.open()
    ask(page, "help rules")
    check_structure(page)
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("banner").count() == 1
    assert page.get_by_role("contentinfo").count() == 1


def check_structure(page: Page) -> None:
    """What an accessibility checker looks at first; hidden elements aside."""
    assert page.get_by_role("heading", level=1).count() == 1
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, textarea, select, summary")]
            .filter((e) => e.checkVisibility())
            .filter((e) => !(e.getAttribute("aria-label") || e.innerText || e.labels?.[0]?.innerText || "").trim())
            .map((e) => e.outerHTML)"""
    )
    assert unnamed == []
    levels = page.evaluate(
        "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter((e) => e.checkVisibility()).map((e) => +e.tagName[1])"
    )
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels
    twice = page.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map((e) => e.id).filter(Boolean);
            return ids.filter((id, i) => ids.indexOf(id) !== i); }"""
    )
    assert twice == []


def test_controls_are_large_enough_to_touch(phone: Visit) -> None:
    page = phone.open()
    for control in page.locator("#main button:visible, #main textarea:visible").all():
        box = control.bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.parametrize("question", ["Which measures?", "weather", "help rules", "hello", "x" * 300])
def test_a_phone_never_scrolls_sideways(phone: Visit, question: str) -> None:
    page = phone.open()
    assert page.evaluate(OVERFLOW) <= 0
    ask(page, question)
    assert page.evaluate(OVERFLOW) <= 0
    assert phone.outside == []


def test_the_page_speaks_the_browsers_language_and_another_when_chosen(phone: Visit) -> None:
    page = phone.open()
    assert page.locator("html").get_attribute("lang") == "da"
    expect(page.get_by_role("button", name="Spørg", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Nederlands").check()
    expect(page.get_by_role("button", name="Vraag", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert "lang=nl" in page.url


def test_an_example_is_asked_by_one_click(desktop: Visit) -> None:
    page = desktop.open()
    example = page.locator("button.in-da").first
    expect(example).to_have_attribute("lang", "da")
    words = example.inner_text()
    example.click()
    expect(page.locator(".turn h2")).to_contain_text(words)
    expect(page.locator(".turn.pending")).to_have_count(0)


def test_help_can_be_called_from_the_page(phone: Visit) -> None:
    page = phone.open()
    ask(page, "help")
    link = page.locator(".turn a[href='tel:112']")
    expect(link).to_be_visible()
    box = link.bounding_box()
    assert box
    assert box["height"] >= 44


def test_an_empty_question_is_told_and_nothing_is_asked(desktop: Visit) -> None:
    page = desktop.open()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#status")).to_contain_text("Type a question first.")
    expect(page.locator(".turn")).to_have_count(0)


def test_a_hostile_question_is_shown_as_text(desktop: Visit) -> None:
    page = desktop.open()
    ask(page, "<img src=x onerror=document.title='taken'> weather")
    assert page.title() == "Ask the Rules"
    expect(page.locator(".turn img")).to_have_count(0)


def test_nothing_is_left_in_the_browser(desktop: Visit) -> None:
    page = desktop.open()
    ask(page, "My very own question")
    kept = page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, await indexedDB.databases()])"
    )
    assert "very own" not in kept
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".turn")).to_have_count(0)
    assert page.context.cookies() == []
