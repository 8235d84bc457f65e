"""Who may see and do what at /workbench, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from evals.workbench.calibration import BATCH as CALIBRATION
from evals.workbench.preparing import FIRST_BATCH
from evals.workbench.sampling import Tick, Wish
from rag.domain.errors import RulesError
from rag.records.ratings import NewItem, Purpose
from rag.web.staff import Staff
from tests.evals.bench import (
    BATCH,
    CONTRADICTED,
    PARTIAL,
    PASSWORD,
    SUPPORTED,
    TEST,
    UNSUPPORTED,
    Evaluator,
    add_six,
    make_app,
    new_item,
    open_store,
    six_items,
)

HIDDEN = ("system-under-test", "utomatic label", "Known answer")


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Staff]:
    opened = open_store(tmp_path)
    add_six(opened)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def app(staff: Staff) -> FastAPI:
    return make_app(staff)[0]


@pytest.fixture
def enter(app: FastAPI) -> Iterator[Callable[[str], Evaluator]]:
    """Signs people in."""
    entered: list[Evaluator] = []

    def one(name: str) -> Evaluator:
        entered.append(Evaluator(app, name))
        return entered[-1]

    yield one
    for person in entered:
        person.http.close()


def items(staff: Staff) -> list[str]:
    return [item.id for item in staff.ratings.items(BATCH)]


def rate_everything(person: Evaluator, staff: Staff) -> None:
    for item in items(staff):
        assert person.rate(item, SUPPORTED).status_code == 303  # type: ignore[attr-defined]


PAGES = (
    "",
    "/preparing",
    "/batches/six",
    "/batches/six/next",
    "/batches/six/results",
    "/batches/six/results/live",
    "/batches/six/disagreements",
    "/batches/six/export.csv",
    "/batches/six/export.jsonl",
    "/claims/{item}",
    "/claims/{item}/settle",
)
DEEDS = ("/batches", "/batches/six/finish", "/batches/six/look", "/claims/{item}", "/claims/{item}/settle")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_shown_to_anybody_who_is_not_signed_in(app: FastAPI, staff: Staff, path: str) -> None:
    with TestClient(app, follow_redirects=False) as nobody:
        answer = nobody.get("/workbench" + path.format(item=items(staff)[0]))
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/staff/sign-in")
        assert "Claim" not in answer.text


@pytest.mark.parametrize("path", DEEDS)
def test_nothing_is_taken_from_anybody_who_is_not_signed_in(app: FastAPI, staff: Staff, path: str) -> None:
    with TestClient(app, follow_redirects=False) as nobody:
        answer = nobody.post("/workbench" + path.format(item=items(staff)[0]), data={"label": "supported"})
        assert answer.status_code in (401, 422)
    assert staff.ratings.ratings(BATCH) == ()


@pytest.mark.parametrize("path", PAGES)
def test_the_press_desk_s_people_stay_outside(app: FastAPI, staff: Staff, path: str) -> None:
    staff.accounts.add("pia", PASSWORD, ["press", "approver"], TEST)
    with TestClient(app, follow_redirects=False) as pia:
        pia.post("/staff/sign-in", data={"name": "pia", "password": PASSWORD})
        assert pia.get("/workbench" + path.format(item=items(staff)[0])).status_code == 403


def test_a_rating_without_the_session_s_own_token_is_refused(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    ann = enter("ann")
    item = items(staff)[0]
    for token in ("", "guessed"):
        answer = ann.http.post(f"/workbench/claims/{item}", data={"csrf": token, "label": "supported"})
        assert answer.status_code == 403
    assert staff.ratings.ratings(BATCH) == ()


def test_a_rating_is_kept_with_who_and_why_and_leads_to_the_next_claim(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    ann = enter("ann")
    first = ann.http.get("/workbench/batches/six/next").headers["location"]
    answer = ann.rate(first.rsplit("/", 1)[1], PARTIAL, " one half only ")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    onward = answer.headers["location"]  # type: ignore[attr-defined]
    assert onward.startswith("/workbench/claims/")
    assert not onward.startswith(first)
    (rating,) = staff.ratings.ratings(BATCH)
    assert (rating.who, rating.label, rating.why, rating.purpose) == (
        "Ann",
        PARTIAL,
        "one half only",
        Purpose.RATING,
    )
    page = ann.http.get(onward).text
    assert "is rated: partial" in page
    assert "1 of 6 rated" in page


def test_whoever_rates_sees_neither_system_nor_automatic_label_nor_other_people(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    bob = enter("bob")
    for item in items(staff):
        bob.rate(item, CONTRADICTED, "bob was here")
    ann = enter("ann")
    ann.rate(items(staff)[0], SUPPORTED)
    for path in ("/batches/six", "/batches/six/results", *(f"/claims/{item}" for item in items(staff))):
        answer = ann.http.get("/workbench" + path, follow_redirects=True)
        assert answer.status_code == 200
        for word in (*HIDDEN, "bob was here", "is rated: contradicted"):
            assert word not in answer.text, (path, word)
    for path in ("/batches/six/results/live", "/batches/six/disagreements", "/batches/six/export.csv"):
        assert ann.http.get("/workbench" + path).status_code == 403
    item = items(staff)[0]
    assert ann.http.get(f"/workbench/claims/{item}/settle").status_code == 403
    settled = ann.post(f"/workbench/claims/{item}/settle", label="supported", why="early")
    assert settled.status_code == 403  # type: ignore[attr-defined]


def test_finishing_opens_the_results_and_closes_the_ratings(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    ann = enter("ann")
    early = ann.post("/workbench/batches/six/finish")
    assert early.status_code == 409  # type: ignore[attr-defined]
    rate_everything(ann, staff)
    done = ann.post("/workbench/batches/six/finish")
    assert done.headers["location"] == "/workbench/batches/six/results"  # type: ignore[attr-defined]
    page = ann.http.get("/workbench/batches/six/results").text
    assert "Krippendorff" in page
    assert "system-under-test" in page
    claim = ann.http.get(f"/workbench/claims/{items(staff)[0]}").text
    assert 'id="rating"' not in claim
    assert "Automatic label" in ann.http.get(f"/workbench/claims/{items(staff)[0]}/settle").text
    late = ann.rate(items(staff)[0], UNSUPPORTED)
    assert late.status_code == 409  # type: ignore[attr-defined]
    assert len(staff.ratings.ratings(BATCH)) == 6
    assert [e.action for e in staff.trail.of("batch:six")] == ["batch made", "rating finished"]


def test_who_looks_without_rating_can_rate_no_more_and_it_is_noted(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    eve = enter("eve")
    eve.post("/workbench/batches/six/look")
    assert eve.http.get("/workbench/batches/six/results").status_code == 200
    assert eve.rate(items(staff)[0], SUPPORTED).status_code == 409  # type: ignore[attr-defined]
    assert staff.ratings.ratings(BATCH) == ()
    entry = staff.trail.of("batch:six")[-1]
    assert (entry.who, entry.action) == ("Eve", "results opened without rating")


def test_a_disagreement_is_settled_with_a_reason_and_leaves_the_queue(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    ann, bob, eve = enter("ann"), enter("bob"), enter("eve")
    disputed = items(staff)[2]
    ann.rate(disputed, SUPPORTED, "all of it stands there")
    bob.rate(disputed, UNSUPPORTED, "<script>alert(1)</script>")
    eve.post("/workbench/batches/six/look")
    queue = eve.http.get("/workbench/batches/six/disagreements").text
    assert "Waiting: 1" in queue
    page = eve.http.get(f"/workbench/claims/{disputed}/settle").text
    assert "all of it stands there" in page
    assert "Person A" in page
    assert "Ann" not in page
    assert "<script>alert" not in page
    assert "Automatic label" not in page  # people and verifier stay independent
    without = eve.post(f"/workbench/claims/{disputed}/settle", label="partial", why="  ")
    assert without.status_code == 422  # type: ignore[attr-defined]
    eve.post(f"/workbench/claims/{disputed}/settle", label="partial", why="only the first half")
    queue = eve.http.get("/workbench/batches/six/disagreements").text
    assert "Waiting: 0" in queue
    assert "Settled: 1" in queue
    assert "Automatic label" in eve.http.get(f"/workbench/claims/{disputed}/settle").text
    last = staff.ratings.ratings(BATCH)[-1]
    assert (last.purpose, last.who, last.why) == (Purpose.ADJUDICATION, "Eve", "only the first half")


def test_the_files_come_as_attachments_that_no_cache_keeps(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    ann = enter("ann")
    rate_everything(ann, staff)
    ann.post("/workbench/batches/six/finish")
    for form, kind in (("csv", "text/csv"), ("jsonl", "application/x-ndjson")):
        answer = ann.http.get(f"/workbench/batches/six/export.{form}")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == f'attachment; filename="six-all.{form}"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.text.count("system-under-test") == 6
    assert ann.http.get("/workbench/batches/six/export.exe").status_code == 404
    assert ann.http.get("/workbench/batches/six/export.csv?purpose=x").status_code == 422


@pytest.mark.parametrize(
    "path", ["/batches/none", "/batches/none/results", "/claims/none", "/claims/none/settle"]
)
def test_what_does_not_exist_is_not_found(enter: Callable[[str], Evaluator], path: str) -> None:
    assert enter("ann").http.get("/workbench" + path).status_code == 404


def test_words_of_sources_and_answers_are_shown_as_text(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    page = enter("ann").http.get(f"/workbench/claims/{items(staff)[0]}").text
    assert "<b>Claim one.</b>" not in page
    assert "&lt;b&gt;Claim one.&lt;/b&gt;" in page


def test_an_unknown_label_is_refused(enter: Callable[[str], Evaluator], staff: Staff) -> None:
    answer = enter("ann").post(f"/workbench/claims/{items(staff)[0]}", label="splendid")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert staff.ratings.ratings(BATCH) == ()


def test_the_first_visit_makes_the_calibration_round_and_the_first_batch_once(staff: Staff) -> None:
    asked: list[Wish] = []

    def make(wish: Wish, tick: Tick) -> tuple[NewItem, ...]:
        asked.append(wish)
        tick(1, 2)
        return six_items()

    app, preparation = make_app(staff, make)
    ann = Evaluator(app, "ann")
    assert ann.http.get("/workbench").status_code == 200
    preparation.wait()
    page = ann.http.get("/workbench").text
    preparation.wait()
    assert "Answers to the default questions" in page
    assert page.index("Calibration round") < page.index("Answers to the default questions")
    assert len(asked) == 1
    assert {b.id for b in staff.ratings.batches()} == {BATCH, CALIBRATION, FIRST_BATCH}
    ann.http.close()


def test_while_a_batch_is_made_the_page_says_how_far_it_is(staff: Staff) -> None:
    import threading

    reached, going_on = threading.Event(), threading.Event()

    def make(wish: Wish, tick: Tick) -> tuple[NewItem, ...]:
        tick(3, 12)
        reached.set()
        assert going_on.wait(30)
        return six_items()

    app, preparation = make_app(staff, make)
    ann = Evaluator(app, "ann")
    ann.http.get("/workbench")
    assert reached.wait(60)
    assert "3 of 12 questions" in ann.http.get("/workbench").text
    assert "3 of 12 questions" in ann.http.get("/workbench/preparing").text
    refused = ann.post(
        "/workbench/batches", title="T", questions="3", planted="1", seed="1", split="all", language="all"
    )
    assert refused.status_code == 409  # type: ignore[attr-defined]
    going_on.set()
    preparation.wait()
    assert "data-reload" in ann.http.get("/workbench/preparing").text
    ann.http.close()


def test_a_batch_that_cannot_be_made_says_why_and_does_not_try_for_ever(staff: Staff) -> None:
    tries: list[Wish] = []

    def make(wish: Wish, tick: Tick) -> tuple[NewItem, ...]:
        tries.append(wish)
        raise RulesError("The index is damaged.")

    app, preparation = make_app(staff, make)
    ann = Evaluator(app, "ann")
    for _ in range(3):
        ann.http.get("/workbench")
        preparation.wait()
    assert "could not be made" in ann.http.get("/workbench").text
    assert "The index is damaged." in ann.http.get("/workbench").text
    assert len(tries) == 1
    ann.http.close()


def test_an_evaluator_makes_a_batch_of_their_own(staff: Staff) -> None:
    wishes: list[Wish] = []

    def make(wish: Wish, tick: Tick) -> tuple[NewItem, ...]:
        wishes.append(wish)
        return six_items()

    app, preparation = make_app(staff, make)
    ann = Evaluator(app, "ann")
    ann.post(
        "/workbench/batches",
        title=" My  batch ",
        questions="5",
        planted="2",
        seed="9",
        split="all",
        language="da",
    )
    preparation.wait()
    assert wishes == [Wish(5, 2, 9, "all", "da")]
    made = next(b for b in staff.ratings.batches() if b.title == "My batch")
    assert (made.made_by, made.seed, made.detail["language"]) == ("Ann", 9, "da")
    ann.http.close()


def test_the_calibration_round_tells_the_known_answer_and_the_first_answer_counts(
    enter: Callable[[str], Evaluator], staff: Staff
) -> None:
    known = new_item("It rains.", SUPPORTED, CONTRADICTED, known_why="The passage says that it is dry.")
    staff.ratings.add_batch("Round", [known], TEST, kind="calibration", id="round")
    (item,) = staff.ratings.items("round")
    ann = enter("ann")
    before = ann.http.get(f"/workbench/claims/{item.id}").text
    assert "says that it is dry" not in before
    answer = ann.rate(item.id, UNSUPPORTED)
    after = ann.http.get(answer.headers["location"]).text  # type: ignore[attr-defined]
    assert "The known answer is another one." in after
    assert "says that it is dry" in after
    assert ann.rate(item.id, CONTRADICTED).status_code == 409  # type: ignore[attr-defined]
    assert [r.label for r in staff.ratings.ratings("round")] == [UNSUPPORTED]
