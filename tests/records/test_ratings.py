"""Ratings are appended; the last of each person counts."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from rag.domain.errors import RecordError
from rag.records.accounts import Account
from rag.records.ratings import Label, NewItem, Purpose, RatingBook
from tests.records.conftest import TESTER


@pytest.fixture
def book(engine: Engine) -> RatingBook:
    return RatingBook(engine)


def test_a_batch_is_kept_whole_and_in_order(book: RatingBook) -> None:
    items = [NewItem("first", {"a": 1}, {"system": "x"}, "full", 0.9, Label.SUPPORTED), NewItem("second", {})]
    batch = book.add_batch("Batch", items, TESTER, kind="calibration", seed=7, detail={"suite": "s"}, id="b1")
    assert book.batches() == (batch,)
    first, second = book.items("b1")
    assert (first.claim, first.shown, first.hidden) == ("first", {"a": 1}, {"system": "x"})
    assert (first.automatic_label, first.automatic_score, first.known_label) == ("full", 0.9, Label.SUPPORTED)
    assert second.known_label is None
    with pytest.raises(RecordError, match="already"):
        book.add_batch("Again", [], TESTER, id="b1")


def test_a_changed_mind_is_added_and_counts_and_the_first_rating_stays(
    book: RatingBook, ann: Account, bob: Account
) -> None:
    batch = book.add_batch("Batch", [NewItem("claim", {})], TESTER)
    item = book.items(batch.id)[0].id
    book.rate(item, ann.who, Label.PARTIAL, "hasty")
    book.rate(item, bob.who, Label.SUPPORTED)
    book.rate(item, ann.who, Label.SUPPORTED, "read again")
    book.rate(item, bob.who, Label.CONTRADICTED, "settled", Purpose.ADJUDICATION)
    assert [(r.who, r.label, r.why) for r in book.ratings(batch.id)][:1] == [("Ann", Label.PARTIAL, "hasty")]
    assert {(r.who, r.label) for r in book.standing(batch.id)} == {
        ("Ann", Label.SUPPORTED),
        ("Bob", Label.SUPPORTED),
    }
    settled = book.standing(batch.id, Purpose.ADJUDICATION)
    assert [r.label for r in settled] == [Label.CONTRADICTED]


def test_a_rating_needs_a_claim_and_a_person(book: RatingBook, ann: Account) -> None:
    with pytest.raises(RecordError, match="no claim"):
        book.rate("none", ann.who, Label.PARTIAL)
    with pytest.raises(RecordError, match="signed in"):
        book.rate("none", TESTER, Label.PARTIAL)
