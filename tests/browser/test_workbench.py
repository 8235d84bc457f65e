"""Two people rate the same batch in two browsers; by keyboard, on a phone, with a screen reader, without scripts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag.records.ratings import Label, Purpose
from rag.settings import Settings
from rag.web.server import make_server, open_port
from rag.web.staff import Staff
from tests.browser.conftest import START_SECONDS, _free_port
from tests.browser.test_chat_page import OVERFLOW, check_structure
from tests.evals.bench import (
    ANN,
    BATCH,
    BOB,
    PASSWORD,
    TEST,
    add_six,
    make_app,
    new_item,
    open_store,
    six_items,
)

KEYS = {label: str(number) for number, label in enumerate(Label, start=1)}
AFTER_LOADING_MS = 400
"""Keys pressed in the first moments of a page are taken for a slip and left out."""


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Staff]:
    opened = open_store(tmp_path)
    add_six(opened)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def bench(staff: Staff) -> Iterator[str]:
    """Where the workbench is served."""
    settings = Settings(_env_file=None, data_dir=staff.settings.data_dir, port=_free_port())
    port = open_port(settings)
    app, preparation = make_app(staff, lambda wish, tick: six_items())
    server = make_server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
    thread.start()
    ends = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < ends:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{settings.port}"
    server.should_exit = True
    thread.join(START_SECONDS)
    preparation.wait()
    port.close()


def sign_in(browser: Browser, site: str, name: str, **options: object) -> Page:
    context = browser.new_context(viewport=options.pop("viewport", {"width": 1280, "height": 900}), **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/workbench/batches/{BATCH}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Six claims")
    return page


def press(page: Page, key: str) -> None:
    page.wait_for_load_state("load")
    page.wait_for_timeout(AFTER_LOADING_MS)
    page.keyboard.press(key)


def rate_by_keyboard(page: Page, labels: Mapping[str, Label]) -> list[str]:
    """Rate until the batch is done; the claims in the order met."""
    met = []
    page.get_by_role("link", name="Start").click()
    for number in range(len(labels)):
        expect(page.locator(".meter")).to_contain_text(f"{number} of {len(labels)} rated")
        claim = page.locator("blockquote.claim").inner_text()
        met.append(claim)
        press(page, KEYS[labels[claim]])
        page.wait_for_url(lambda url: "rated=" in url)
        expect(page.get_by_role("status")).to_contain_text(f"is rated: {labels[claim].value}")
    return met


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish and see the results").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Results")


def fact(page: Page, term: str) -> str:
    return (
        page.locator(".facts > div", has=page.get_by_text(term, exact=True)).locator("dd").first.inner_text()
    )


def test_two_people_rate_disagree_settle_and_export(browser: Browser, bench: str, staff: Staff) -> None:
    ann, bob = sign_in(browser, bench, "ann"), sign_in(browser, bench, "bob")
    assert rate_by_keyboard(ann, ANN) != rate_by_keyboard(bob, BOB)  # each has an order of their own
    finish(ann)
    finish(bob)
    # The sums: see tests/evals/bench.py.
    assert fact(bob, "Krippendorff’s alpha, nominal").startswith("0.560 (")
    assert fact(bob, "Raw agreement of pairs").startswith("0.667 (")
    assert fact(bob, "Same label").startswith("0.750 (")
    expect(bob.locator("[data-live]")).to_contain_text("2 claims wait to be settled, 0 settled")
    row = bob.get_by_role("region", name="Labels by person").get_by_role("row").filter(has_text="ann")
    assert row.get_by_role("cell").all_inner_texts() == ["6 of 6, finished", "3", "1", "2", "0", "0"]

    bob.get_by_role("link", name="Open the queue").click()
    bob.get_by_role("link", name="Claim three.").click()
    expect(bob.locator(".voices")).to_contain_text("Person B")
    bob.get_by_role("textbox", name="Why").fill("the second half is missing")
    bob.get_by_role("button", name="Partial").click()
    expect(bob.locator("blockquote.claim")).to_have_text("Claim five.")
    press(bob, "w")
    bob.keyboard.type("it is the other way round: 4")
    bob.keyboard.press("Escape")
    bob.keyboard.press("4")
    expect(bob.get_by_role("heading", name="Waiting: 0")).to_be_visible()

    # Ann's page follows by itself.
    expect(ann.locator("[data-live]")).to_contain_text(
        "0 claims wait to be settled, 2 settled", timeout=15_000
    )
    assert fact(ann, "Same label").startswith("0.667 (")
    assert fact(ann, "Supported").startswith("0.333 (")
    assert fact(ann, "Krippendorff’s alpha, nominal").startswith("0.560 (")

    with ann.expect_download() as download:
        ann.get_by_role("link", name="All, as JSON lines", exact=True).click()
    lines = [json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()]
    given = {(line["rater"], line["claim"]): line["label"] for line in lines if line["purpose"] == "rating"}
    wanted = {("ann", c): v.value for c, v in ANN.items()} | {("bob", c): v.value for c, v in BOB.items()}
    assert given == wanted
    settled = {
        line["claim"]: (line["label"], line["why"]) for line in lines if line["purpose"] == "adjudication"
    }
    assert settled == {
        "Claim three.": ("partial", "the second half is missing"),
        "Claim five.": ("contradicted", "it is the other way round: 4"),
    }
    assert [r.who for r in staff.ratings.standing(BATCH, Purpose.ADJUDICATION)] == ["Bob", "Bob"]
    for page in (ann, bob):
        page.context.close()


def test_a_slip_of_the_finger_can_be_taken_back(browser: Browser, bench: str, staff: Staff) -> None:
    page = sign_in(browser, bench, "ann")
    page.get_by_role("link", name="Start").click()
    first = page.locator("blockquote.claim").inner_text()
    press(page, "5")
    page.wait_for_url(lambda url: "rated=" in url)
    press(page, "b")
    expect(page.locator("blockquote.claim")).to_have_text(first)
    expect(page.locator(".done")).to_contain_text("cannot tell")
    press(page, "1")
    page.wait_for_url(lambda url: "rated=" in url)
    assert [r.label.value for r in staff.ratings.ratings(BATCH)] == ["cannot tell", "supported"]
    assert [r.label.value for r in staff.ratings.standing(BATCH)] == ["supported"]
    page.context.close()


def test_a_key_held_down_rates_one_claim_only(browser: Browser, bench: str, staff: Staff) -> None:
    page = sign_in(browser, bench, "ann")
    page.get_by_role("link", name="Start").click()
    page.wait_for_timeout(AFTER_LOADING_MS)
    for _ in range(4):
        page.keyboard.down("1")  # without letting go: the browser repeats it
    page.wait_for_url(lambda url: "rated=" in url)
    page.wait_for_timeout(AFTER_LOADING_MS)
    page.keyboard.down("1")
    page.keyboard.up("1")
    page.wait_for_timeout(AFTER_LOADING_MS)
    assert len(staff.ratings.ratings(BATCH)) == 1
    page.context.close()


def test_keys_rate_nothing_while_a_reason_is_written_or_when_switched_off(
    browser: Browser, bench: str, staff: Staff
) -> None:
    page = sign_in(browser, bench, "ann")
    page.get_by_role("link", name="Start").click()
    press(page, "w")
    expect(page.get_by_role("textbox", name="Why")).to_be_focused()
    page.keyboard.type("1 of 2 numbers")
    expect(page.get_by_role("textbox", name="Why")).to_have_value("1 of 2 numbers")
    page.keyboard.press("Escape")
    page.get_by_label("Keys:").uncheck()
    press(page, "1")
    page.reload()
    expect(page.get_by_label("Keys:")).not_to_be_checked()
    press(page, "1")
    page.wait_for_timeout(AFTER_LOADING_MS)
    assert staff.ratings.ratings(BATCH) == ()
    page.get_by_label("Keys:").check()
    press(page, "1")
    page.wait_for_url(lambda url: "rated=" in url)
    assert len(staff.ratings.ratings(BATCH)) == 1
    page.context.close()


def test_all_of_it_works_without_scripts(browser: Browser, bench: str, staff: Staff) -> None:
    page = sign_in(browser, bench, "ann", java_script_enabled=False)
    page.get_by_role("link", name="Start").click()
    for _ in range(6):
        page.get_by_role("textbox", name="Why").fill("read")
        page.get_by_role("button", name="Unsupported").click()
    finish(page)
    assert [r.why for r in staff.ratings.ratings(BATCH)] == ["read"] * 6
    page.context.close()


def phone_page(browser: Browser, site: str) -> tuple[BrowserContext, Page]:
    page = sign_in(
        browser, site, "eve", viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark"
    )
    return page.context, page


def test_every_page_fits_a_phone_and_is_well_formed(browser: Browser, bench: str, staff: Staff) -> None:
    long = "Retshåndhævelsesmyndighedernes" * 4
    staff.ratings.add_batch("Long words", [new_item(long)], TEST, id="long")
    context, page = phone_page(browser, bench)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    disputed = staff.ratings.items(BATCH)[0].id
    for name, label in (("ann", Label.SUPPORTED), ("bob", Label.PARTIAL)):
        staff.ratings.rate(disputed, staff.accounts.find(name).who, label, "so " * 40)
    (wide,) = staff.ratings.items("long")

    def check(path: str) -> None:
        page.goto(f"{bench}/workbench{path}")
        assert page.evaluate(OVERFLOW) <= 0, path
        check_structure(page)
        for button in page.locator("main button:visible").all():
            box = button.bounding_box()
            assert box
            assert box["height"] >= 44, path

    for path in ("", f"/batches/{BATCH}", f"/claims/{disputed}", f"/claims/{wide.id}"):
        check(path)
    page.goto(f"{bench}/workbench/batches/{BATCH}")
    page.get_by_text("See the results without rating").click()
    page.get_by_role("button", name="Open the results").click()
    for path in (
        f"/batches/{BATCH}/results",
        f"/batches/{BATCH}/disagreements",
        f"/claims/{disputed}/settle",
        f"/claims/{disputed}",
    ):
        check(path)
    assert complaints == []
    context.close()


def test_a_screen_reader_hears_where_it_is_and_in_what_language(browser: Browser, bench: str) -> None:
    page = sign_in(browser, bench, "ann")
    page.get_by_role("link", name="Start").click()
    expect(page).to_have_title("Claim 1 of 6 – Six claims – Ask the Rules")
    expect(page.get_by_role("region", name="The claim")).to_be_visible()
    passages = page.get_by_role("region", name="The cited passage")
    expect(passages.locator("blockquote").nth(0)).to_have_attribute("lang", "da")
    expect(passages.locator("blockquote").nth(1)).to_have_attribute("lang", "en")
    group = page.get_by_role("group", name="Do the cited passages bear the claim out?")
    assert group.get_by_role("button").all_inner_texts() == [
        f"{number} {label.value.capitalize()}" for number, label in enumerate(Label, start=1)
    ]
    expect(group.get_by_role("button", name="Contradicted")).to_have_accessible_description(
        "The passages say otherwise; both cannot be true."
    )
    page.context.close()


def test_the_first_visit_ends_with_two_batches_to_rate(browser: Browser, bench: str) -> None:
    page = sign_in(browser, bench, "ann")
    page.goto(f"{bench}/workbench")
    expect(page.get_by_role("heading", name="Answers to the default questions")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Start with Calibration round").click()
    press(page, "1")
    expect(page.get_by_role("status")).to_contain_text("Known: ")
    press(page, "n")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Claim 1 of 18")
    page.context.close()
