"""Agreement, disagreements and files of the workbench, beside sums done by hand (see bench.py)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.gold import GoldQuestion, load_suites
from evals.workbench.claims import claims_of
from evals.workbench.comparing import compare
from evals.workbench.exporting import as_csv, as_jsonl, rows
from evals.workbench.order import next_unrated, order_for
from evals.workbench.planting import planted
from evals.workbench.sampling import Wish, asking, make_items, sample
from evals.workbench.settling import Opinions, opinions
from rag.domain.answers import Support, Verdict
from rag.records.ratings import Label, Purpose
from rag.web.staff import Staff
from rag.wire import reply_line
from tests.evals.bench import (
    ALPHA,
    ANN,
    BATCH,
    BOB,
    CANNOT_TELL,
    CONTRADICTED,
    KAPPA,
    PARTIAL,
    RAW,
    SUPPORTED,
    TEST,
    UNSUPPORTED,
    add_six,
    new_item,
    open_store,
)
from tests.web.handmade import TRANSLATION, HandmadeAssistant


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Staff]:
    opened = open_store(tmp_path)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def names(staff: Staff) -> dict[int, str]:
    return {account.id: account.name for account in staff.accounts.every()}


def heard(staff: Staff) -> tuple[Opinions, ...]:
    return opinions(staff.ratings.items(BATCH), staff.ratings.ratings(BATCH))


def rate_all(staff: Staff) -> None:
    add_six(staff)
    for name, labels in (("ann", ANN), ("bob", BOB)):
        who = staff.accounts.find(name).who
        for item in staff.ratings.items(BATCH):
            staff.ratings.rate(item.id, who, labels[item.claim], f"{name} on {item.claim}")


def test_agreement_is_as_worked_out_by_hand(staff: Staff, names: dict[int, str]) -> None:
    rate_all(staff)
    found = compare(heard(staff), names)
    assert found.agreement.raw.value == pytest.approx(RAW)
    assert found.agreement.nominal.value == pytest.approx(ALPHA)
    assert found.agreement.nominal.clusters == 6
    assert found.agreement.counts["ann"] == {"partial": 1, "supported": 3, "unsupported": 2}
    low, high = found.agreement.nominal.low, found.agreement.nominal.high
    assert low is not None
    assert high is not None
    assert low < ALPHA < high


def test_people_and_automatic_labels_are_compared_where_people_are_of_one_mind(
    staff: Staff, names: dict[int, str]
) -> None:
    rate_all(staff)
    automatic = compare(heard(staff), names).automatic
    assert automatic.agree.value == pytest.approx(3 / 4)
    assert automatic.kappa == pytest.approx(KAPPA)
    assert [c.item.claim for c in automatic.differing] == ["Claim two."]
    assert automatic.table[("supported", "partial")] == 1


def test_an_adjudication_settles_a_claim_and_counts_in_every_sum(staff: Staff, names: dict[int, str]) -> None:
    rate_all(staff)
    waiting = [c for c in heard(staff) if c.is_open]
    assert [c.item.claim for c in waiting] == ["Claim three.", "Claim five."]
    eve = staff.accounts.find("eve").who
    for claim, label in zip(waiting, (PARTIAL, CONTRADICTED), strict=True):
        staff.ratings.rate(claim.item.id, eve, label, "read again", Purpose.ADJUDICATION)
    claims = heard(staff)
    assert not any(c.is_open for c in claims)
    found = compare(claims, names)
    assert found.settled == 6
    # Supported by people: claims one and two. Like the automatic label: one, four, five (contradicted counts
    # as unsupported), six; not two, not three.
    assert found.supported.value == pytest.approx(2 / 6)
    assert found.automatic.agree.value == pytest.approx(4 / 6)
    assert found.agreement.nominal.value == pytest.approx(ALPHA)  # adjudications are no ratings
    assert ("system", "system-under-test", pytest.approx(2 / 6)) == (
        *found.slices[0][:2],
        found.slices[0][2].value,
    )


def test_the_last_adjudication_stands(staff: Staff) -> None:
    rate_all(staff)
    claim = next(c for c in heard(staff) if c.is_open)
    for label in (UNSUPPORTED, SUPPORTED):
        staff.ratings.rate(claim.item.id, staff.accounts.find("eve").who, label, "so", Purpose.ADJUDICATION)
    found = next(c for c in heard(staff) if c.item.id == claim.item.id)
    assert found.settled is SUPPORTED
    assert len(found.adjudications) == 2


def test_who_rates_again_changes_their_mind_and_both_ratings_are_kept(
    staff: Staff, names: dict[int, str]
) -> None:
    add_six(staff)
    item = staff.ratings.items(BATCH)[0]
    ann = staff.accounts.find("ann").who
    staff.ratings.rate(item.id, ann, UNSUPPORTED, "first")
    staff.ratings.rate(item.id, ann, SUPPORTED, "on reading it again")
    claims = heard(staff)
    assert [r.label for r in claims[0].ratings] == [SUPPORTED]
    kept = list(rows(staff.ratings.batch(BATCH), claims, staff.ratings.ratings(BATCH), names))
    assert [(row["label"], row["stands"]) for row in kept] == [("unsupported", False), ("supported", True)]


def test_nothing_is_said_where_nothing_can_be(staff: Staff, names: dict[int, str]) -> None:
    add_six(staff)
    found = compare(heard(staff), names)
    assert found.agreement.nominal.value is None
    assert found.supported.value is None
    assert found.automatic.agree.value is None
    item = staff.ratings.items(BATCH)[0]
    staff.ratings.rate(item.id, staff.accounts.find("ann").who, CANNOT_TELL)
    found = compare(heard(staff), names)
    assert found.settled == 1
    assert found.supported.value is None


def test_known_answers_are_counted_exactly_and_by_direction(staff: Staff, names: dict[int, str]) -> None:
    items = [
        new_item("A.", known=SUPPORTED),
        new_item("B.", known=CONTRADICTED),
        new_item("C.", known=PARTIAL),
    ]
    staff.ratings.add_batch("Known", items, TEST, kind="calibration", id=BATCH)
    ann = staff.accounts.find("ann").who
    # A exactly right; B wrong label, right direction; C wrong and wrong direction.
    for item, label in zip(staff.ratings.items(BATCH), (SUPPORTED, UNSUPPORTED, SUPPORTED), strict=True):
        staff.ratings.rate(item.id, ann, label)
    (score,) = compare(heard(staff), names).known
    assert (score.who, score.rated, score.exact, score.direction) == ("ann", 3, 1, 2)


def test_the_files_hold_who_when_why_and_the_settled_label(staff: Staff, names: dict[int, str]) -> None:
    rate_all(staff)
    claims, ratings = heard(staff), staff.ratings.ratings(BATCH)
    found = list(rows(staff.ratings.batch(BATCH), claims, ratings, names))
    lines = [json.loads(line) for line in as_jsonl(found).splitlines()]
    assert len(lines) == 12
    first = lines[0]
    assert (first["rater"], first["label"], first["why"]) == ("ann", "supported", "ann on Claim one.")
    assert first["at"].endswith("+00:00")
    assert first["settled"] == "supported"
    assert first["passages"][0]["quote"].startswith("Kilden siger")
    table = list(csv.DictReader(io.StringIO(as_csv(found).removeprefix("\ufeff"))))
    assert [row["label"] for row in table] == [line["label"] for line in lines]
    assert table[4]["settled"] == ""  # Ann and Bob differ on claim three


def test_a_reason_that_looks_like_a_formula_is_only_text_in_a_spreadsheet(
    staff: Staff, names: dict[int, str]
) -> None:
    add_six(staff)
    item = staff.ratings.items(BATCH)[0]
    staff.ratings.rate(item.id, staff.accounts.find("ann").who, SUPPORTED, "=1+1, it says")
    found = list(rows(staff.ratings.batch(BATCH), heard(staff), staff.ratings.ratings(BATCH), names))
    (row,) = csv.DictReader(io.StringIO(as_csv(found).removeprefix("\ufeff")))
    assert row["why"] == "'=1+1, it says"
    assert json.loads(as_jsonl(found))["why"] == "=1+1, it says"


def test_each_person_has_an_order_of_their_own_that_never_changes(staff: Staff) -> None:
    items = tuple(new_item(f"Claim {n}.") for n in range(30))
    staff.ratings.add_batch("Thirty", items, TEST, id=BATCH)
    kept = staff.ratings.items(BATCH)
    ann, again, bob = order_for(kept, 1, 10), order_for(kept, 1, 10), order_for(kept, 1, 11)
    assert ann == again
    assert ann != bob
    assert ann != kept
    assert sorted(i.id for i in ann) == sorted(i.id for i in kept)
    assert next_unrated(ann, {ann[1].id, ann[2].id}, ann[0].id) == ann[3]
    assert next_unrated(ann, {i.id for i in ann[1:]}, ann[5].id) == ann[0]
    assert next_unrated(ann, {i.id for i in ann}) is None


def verdict_by_word(statement: str, evidence: object) -> Verdict:
    supported = statement in tuple(evidence)  # type: ignore[arg-type]
    return Verdict(Support.FULL if supported else Support.NONE, 0.9 if supported else 0.1, ("by word",))


class WordVerifier:
    verify = staticmethod(verdict_by_word)


def test_each_sentence_of_an_answer_is_a_claim_beside_what_it_cites() -> None:
    assistant = HandmadeAssistant()
    reply = reply_line(assistant.ask("Which measures?"), assistant.library.document, "q")
    items = claims_of(reply, WordVerifier(), {"systems": ["s"]})
    assert [i.claim for i in items] == [s.text for s in reply.statements]
    first, second = items
    assert first.claim == TRANSLATION
    assert first.automatic_label == Label.SUPPORTED  # the evidence holds the translation too
    assert [p["quote"] for p in second.shown["passages"]] == [  # type: ignore[attr-defined]
        reply.citations[n - 1].quote for n in reply.statements[1].citations
    ]
    assert first.shown["answer"] == [s.text for s in reply.statements]
    assert second.shown["at"] == 1
    assert "systems" not in first.shown


def test_replies_that_are_no_answers_hold_no_claims() -> None:
    assistant = HandmadeAssistant()
    reply = reply_line(assistant.ask("Will the weather hold?"), assistant.library.document, "q")
    assert reply.kind == "abstention"
    assert claims_of(reply, WordVerifier(), {}) == ()


def test_the_same_seed_draws_the_same_questions_and_another_seed_others() -> None:
    suite = load_suites()
    drawn = sample(suite, Wish(seed=3, split="development"))
    assert drawn == sample(suite, Wish(seed=3, split="development"))
    assert drawn != sample(suite, Wish(seed=4, split="development"))
    assert len({q.base for q in drawn}) == len(drawn) > 15
    assert {q.split for q in drawn} == {"development"}
    assert {q.kind for q in drawn} == {"answer"}
    assert [q.language for q in drawn[:3]] == ["en", "nl", "da"]
    assert {q.language for q in sample(suite, Wish(language="nl"))} == {"nl"}


def gold(number: int) -> GoldQuestion:
    return GoldQuestion(f"q{number}-en", f"q{number}", "en", "test", "answer", "who", "Which measures?")


def test_asking_says_how_far_it_is_and_hides_the_system() -> None:
    ticks: list[tuple[int, int]] = []
    suite = [gold(n) for n in range(9)]
    wish = Wish(questions=2, planted=1)
    items = list(
        make_items(asking(HandmadeAssistant()), suite, wish, WordVerifier(), lambda *t: ticks.append(t))
    )
    assert ticks == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [i.hidden["systems"] for i in items] == [["extractive"]] * 5
    assert ["planted" in i.hidden for i in items] == [False] * 4 + [True]
    assert len({i.hidden["base"] for i in items}) == 3  # errors are planted in answers to other questions
    assert all("systems" not in i.shown and "planted" not in i.shown for i in items)


def test_a_planted_error_changes_one_sentence_and_looks_like_any_other_claim() -> None:
    reply = reply_line(HandmadeAssistant().ask("Which measures?"), HandmadeAssistant().library.document, "q")
    whole = claims_of(reply, WordVerifier(), {"systems": ["s"]})
    altered = planted(whole, WordVerifier())
    assert altered is not None
    at = altered.shown["at"]
    original = whole[at]  # type: ignore[index]
    assert altered.claim != original.claim
    assert altered.shown["answer"][at] == altered.claim  # type: ignore[index]
    assert altered.shown.keys() == original.shown.keys()
    assert altered.shown["passages"] == original.shown["passages"]
    assert altered.known_label is CONTRADICTED
    assert altered.automatic_label == Label.UNSUPPORTED
    assert planted((new_item("Nothing here fits"),), WordVerifier()) is None


def test_planted_errors_count_for_agreement_but_not_for_what_people_found(
    staff: Staff, names: dict[int, str]
) -> None:
    items = [
        new_item("A.", SUPPORTED),
        new_item("B.", PARTIAL, CONTRADICTED, planted="number"),
        new_item("C.", UNSUPPORTED, CONTRADICTED, planted="date"),
    ]
    staff.ratings.add_batch("Planted", items, TEST, id=BATCH)
    ann = staff.accounts.find("ann").who
    for item, label in zip(staff.ratings.items(BATCH), (SUPPORTED, CONTRADICTED, CONTRADICTED), strict=True):
        staff.ratings.rate(item.id, ann, label)
    found = compare(heard(staff), names)
    assert (found.supported.value, found.supported.n) == (1.0, 1)
    assert found.automatic.agree.value == pytest.approx(2 / 3)  # A, and C as "unsupported"
    assert found.automatic.on_planted.value == pytest.approx(1 / 2)
    assert [(s.rated, s.exact) for s in found.known] == [(2, 2)]
