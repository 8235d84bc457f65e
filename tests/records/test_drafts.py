"""Drafts: two officers at once, what becomes of a reply, and what the trail holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from rag.domain.errors import RecordError
from rag.records.accounts import Account
from rag.records.conflict import Conflict, Settled
from rag.records.draft_values import Draft, NewSection, NewSentence, State
from rag.records.drafts import DraftBook
from rag.records.trail import Trail


def section(question: str, *texts: str) -> NewSection:
    return NewSection(
        "question", question, "answer", sentences=tuple(NewSentence(t, "supported") for t in texts)
    )


def words(draft: Draft) -> list[str]:
    return [s.text for part in draft.sections for s in part.sentences]


@pytest.fixture
def book(engine: Engine) -> DraftBook:
    return DraftBook(engine)


@pytest.fixture
def draft(book: DraftBook, ann: Account) -> str:
    parts = [section("A?", "One.", "Two."), section("B?", "Three.")]
    return book.create("Title", "en", {"outlet": "The Paper"}, {}, parts, ann.who)


def hand_over(book: DraftBook, draft: str, by: Account, to: State) -> Draft:
    seen = book.draft(draft).revision
    return book.sign_offs.step(
        draft, seen, to, by, lambda d: {"words": words(d)}, lambda d: " ".join(words(d))
    )


def test_a_change_to_a_sentence_names_who_and_raises_its_revision(
    book: DraftBook, draft: str, bob: Account
) -> None:
    first = book.draft(draft).sections[0].sentences[0]
    changed = book.change_sentence(draft, first.id, 1, NewSentence("New.", "own words"), bob.who)
    assert (changed.text, changed.revision, changed.changed_by) == ("New.", 2, "Bob")
    assert words(book.draft(draft)) == ["New.", "Two.", "Three."]


def test_two_officers_on_one_sentence_the_second_is_shown_what_stands(
    book: DraftBook, draft: str, ann: Account, bob: Account
) -> None:
    first = book.draft(draft).sections[0].sentences[0]
    book.change_sentence(draft, first.id, 1, NewSentence("Ann's.", "own words"), ann.who)
    with pytest.raises(Conflict) as caught:
        book.change_sentence(draft, first.id, 1, NewSentence("Bob's.", "own words"), bob.who)
    assert (caught.value.text, caught.value.who, caught.value.revision) == ("Ann's.", "Ann", 2)
    assert words(book.draft(draft))[0] == "Ann's."


def test_two_officers_on_two_sentences_both_keep_their_words(
    book: DraftBook, draft: str, ann: Account, bob: Account
) -> None:
    one, two = book.draft(draft).sections[0].sentences
    book.change_sentence(draft, one.id, 1, NewSentence("Ann's.", "own words"), ann.who)
    book.change_sentence(draft, two.id, 1, NewSentence("Bob's.", "own words"), bob.who)
    assert words(book.draft(draft))[:2] == ["Ann's.", "Bob's."]


def test_of_many_at_the_same_moment_exactly_one_wins_and_no_word_is_lost(
    engine: Engine, book: DraftBook, draft: str, ann: Account
) -> None:
    first = book.draft(draft).sections[0].sentences[0]

    def change(number: int) -> bool:
        try:
            book.change_sentence(draft, first.id, 1, NewSentence(f"Writer {number}.", "own words"), ann.who)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(change, range(8)))
    assert won.count(True) == 1
    assert words(book.draft(draft))[0] == f"Writer {won.index(True)}."
    changes = [e for e in Trail(engine).of(f"draft:{draft}") if e.action == "sentence changed"]
    assert [e.detail["before"]["text"] for e in changes] == ["One."]  # type: ignore[index]


def test_parts_are_merged_split_and_put_in_order(book: DraftBook, draft: str, ann: Account) -> None:
    a, b = book.draft(draft).sections
    book.arrange(draft, 1, [b.id, a.id], ann.who)
    assert [s.question for s in book.draft(draft).sections] == ["B?", "A?"]
    book.replace_sections(draft, 2, [b.id, a.id], [section("Both?", "Three.", "One.")], ann.who)
    assert [s.question for s in book.draft(draft).sections] == ["Both?"]
    both = book.draft(draft).sections[0]
    book.replace_sections(draft, 3, [both.id], [section("A?", "One."), section("C?")], ann.who)
    assert [s.question for s in book.draft(draft).sections] == ["A?", "C?"]
    with pytest.raises(Conflict):
        book.arrange(draft, 3, [], ann.who)


def test_what_is_removed_stays_in_the_trail(
    engine: Engine, book: DraftBook, draft: str, ann: Account
) -> None:
    a, b = book.draft(draft).sections
    book.remove_sentence(draft, a.sentences[0].id, 1, ann.who)
    book.arrange(draft, 1, [a.id], ann.who)
    kept = Trail(engine).of(f"draft:{draft}")
    assert [e.detail["text"] for e in kept if e.action == "sentence removed"] == ["One."]
    assert [e.detail["sentences"] for e in kept if e.action == "part removed"] == [["Three."]]
    assert b.id not in [s.id for s in book.draft(draft).sections]


def test_an_approved_text_changes_only_as_a_new_version(
    book: DraftBook, draft: str, ann: Account, bob: Account
) -> None:
    first = book.draft(draft).sections[0].sentences[0]
    hand_over(book, draft, ann, State.IN_REVIEW)
    for state in ("in review", "approved"):
        with pytest.raises(Settled, match=state):
            book.change_sentence(draft, first.id, 1, NewSentence("X.", "own words"), ann.who)
        with pytest.raises(Settled):
            book.arrange(draft, book.draft(draft).revision, [], ann.who)
        if state == "in review":
            hand_over(book, draft, bob, State.APPROVED)
    assert book.sign_offs.version(draft, 1).content == {"words": ["One.", "Two.", "Three."]}
    hand_over(book, draft, ann, State.DRAFT)
    book.change_sentence(draft, first.id, 1, NewSentence("X.", "own words"), ann.who)
    assert hand_over(book, draft, ann, State.IN_REVIEW).version == 2
    assert [v.content["words"][0] for v in book.sign_offs.versions(draft)] == ["One.", "X."]  # type: ignore[index]


def test_each_step_needs_its_role_its_turn_and_a_second_pair_of_eyes(
    book: DraftBook, draft: str, ann: Account, bob: Account
) -> None:
    with pytest.raises(RecordError, match="cannot become approved"):
        hand_over(book, draft, bob, State.APPROVED)
    hand_over(book, draft, bob, State.IN_REVIEW)
    with pytest.raises(RecordError, match="for approver"):
        hand_over(book, draft, ann, State.APPROVED)
    with pytest.raises(RecordError, match="ask a colleague"):
        hand_over(book, draft, bob, State.APPROVED)
    hand_over(book, draft, ann, State.DRAFT)
    hand_over(book, draft, ann, State.IN_REVIEW)
    hand_over(book, draft, bob, State.APPROVED)
    hand_over(book, draft, ann, State.SENT)
    history = book.sign_offs.history(draft)
    assert [(s.who, s.version, s.state.value) for s in history] == [
        ("Bob", 1, "in review"),
        ("Ann", 1, "draft"),
        ("Ann", 2, "in review"),
        ("Bob", 2, "approved"),
        ("Ann", 2, "sent"),
    ]


def test_a_step_on_a_page_that_is_out_of_date_is_refused(book: DraftBook, draft: str, ann: Account) -> None:
    hand_over(book, draft, ann, State.IN_REVIEW)
    with pytest.raises(Conflict):
        book.sign_offs.step(draft, 1, State.DRAFT, ann, lambda d: {}, lambda d: "")


def test_past_replies_are_found_by_all_their_words_once_approved(
    book: DraftBook, draft: str, ann: Account, bob: Account
) -> None:
    hand_over(book, draft, ann, State.IN_REVIEW)
    assert book.sign_offs.past("one") == ()
    hand_over(book, draft, bob, State.APPROVED)
    hand_over(book, draft, ann, State.SENT)
    assert [(f.draft, f.state) for f in book.sign_offs.past("THREE one")] == [(draft, State.SENT)]
    assert book.sign_offs.past("one seventeen") == ()
    assert book.sign_offs.past("100%") == ()
