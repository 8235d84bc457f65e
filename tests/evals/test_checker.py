"""The gold suites are held to their sources, and the checker finds what is planted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.checker import check
from evals.gold import GoldQuestion, Quote, SourceFinder, found_share, load_suites
from rag.ingestion.catalogue import load_catalogue
from rag.settings import PROJECT
from tests.evals.tiny import ACT, CONTACT, FORCE, TEXTS, question


def corpus_texts() -> dict[str, str]:
    return {entry.id: entry.read() for entry in load_catalogue(PROJECT / "corpus" / "catalogue.toml")}


def test_the_suites_have_no_problem() -> None:
    assert not list(check(load_suites(), corpus_texts()))


def test_every_quote_lies_in_its_source_letter_for_letter() -> None:
    texts = corpus_texts()
    finder = SourceFinder(texts)
    quotes = {quote for q in load_suites() for quote in (*q.evidence, *q.also)}
    assert len(quotes) > 100
    for quote in quotes:
        span = finder.find(quote)
        assert found_share(span, texts[quote.document], [span]) == 1.0
        wanted = [c for c in quote.quote if c.isalnum()]
        found = iter(c for c in texts[quote.document][span.start : span.end] if c.isalnum())
        assert all(c in found for c in wanted), quote  # in order; note markers and links may stand between


def three(base: str, **fields: object) -> list[GoldQuestion]:
    return [replace(question(f"{base}-{code}", evidence=[FORCE]), **fields) for code in ("en", "nl", "da")]


def test_a_clean_suite_has_no_problem() -> None:
    assert check(three("q1"), TEXTS) == ()


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (three("q1", evidence=(Quote("act", "The act was withdrawn"),)), "does not hold"),
        (three("q1", evidence=(Quote("treaty", "Words"),)), "no text 'treaty'"),
        (three("q1", split="training"), "split 'training'"),
        (three("q1", kind="shrug", evidence=()), "kind 'shrug'"),
        (three("q1", kind="abstention"), "cannot have evidence"),
        (three("q1", type="follow-up"), "needs the turn it follows"),
        (three("q1", facts=((),)), "no surface form"),
        (three("q1", question=" "), "is empty"),
        (three("q1")[:2], "each language once"),
        ([*three("q1")[:2], replace(three("q1")[2], split="test")], "differ in split"),
        ([*three("q1"), *three("q1")], "used twice"),
        ([*three("q1"), *three("q2", split="test")], "share evidence across splits"),
    ],
)
def test_what_is_planted_is_found(questions: list[GoldQuestion], said: str) -> None:
    assert any(said in problem for problem in check(questions, TEXTS))


def test_a_quote_is_found_through_mark_up_and_line_breaks() -> None:
    texts = {"act": "Each **country**  names\none [contact](http://x.eu/a_(b)) point¹."}
    span = SourceFinder(texts).find(Quote("act", "Each country names one contact point."))
    assert (span.start, span.end) == (0, len(texts["act"]))
    assert ACT.index(CONTACT[1]) == SourceFinder(TEXTS).find(Quote(*CONTACT)).start
