"""The fused search against its parts: the comparison by hand, and over a tiny collection of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli.main import app
from evals.foreign.collection import Collection, load_collections
from evals.foreign.measuring import Measured, measure
from evals.foreign.searches import BM25, EXTENDED, FUSED, LATE, MINILM, Compared, opened
from evals.foreign.table import NOT_ABOVE, markdown
from evals.gold import SourceFinder, SuiteError
from evals.metrics.observation import Place
from rag.settings import Settings
from tests.evals.tiny import ACT, CONTACT, FORCE, KEPT, at, question
from tests.fake_embedder import FakeEmbedder

RULES = """# Rules of the library

## Lending

A reader may borrow ten books at a time and keep each of them for three weeks before it must come back.

A book that comes back late costs its reader twenty cents for every day that the library is open.

## Visiting

The reading room is open from nine to five on every weekday, and on Saturday until one in the afternoon.

Dogs must stay outside, but a guide dog may come into the reading room with the person whom it leads.
"""
ASKED = {
    "How many books may a reader borrow?": "A reader may borrow ten books at a time",
    "What does a late book cost a reader for every day?": "costs its reader twenty cents for every day",
    "May a guide dog come into the room?": "a guide dog may come into the reading room",
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with one small text and its questions."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "rules.md").write_text(RULES, encoding="utf-8")
    records = [
        {
            "id": f"r{n}-en", "base": f"r{n}", "language": "en", "split": "test", "type": "number",
            "question": text, "evidence": [{"document": "rules", "quote": quote}],
        }
        for n, (text, quote) in enumerate(ASKED.items())
    ]  # fmt: skip
    (folder / "rules.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return folder


def test_the_collections_are_complete_and_every_quote_stands_once_in_its_text() -> None:
    found = load_collections()
    assert [(c.name, len(c.questions), len(c.unanswered)) for c in found] == [
        ("arbejdsmiljo-da", 60, 50), ("funding-en", 60, 50), ("gemeente-nl", 90, 50),
        ("huurreglement-nl", 60, 50), ("privacy-en", 90, 50), ("rulebook-en", 90, 50),
    ]  # fmt: skip
    for collection in found:
        text = collection.text.read_text(encoding="utf-8")
        finder = SourceFinder({collection.name: text})
        for one in collection.questions:
            (quote,) = one.evidence
            assert finder.find(quote)
            assert text.count(quote.quote) == 1, one.id
        questions = collection.questions + collection.unanswered
        assert (
            len({one.question for one in questions}) == len({one.id for one in questions}) == len(questions)
        )
        assert {one.kind for one in collection.unanswered} == {"abstention"}
        assert not any(one.evidence for one in collection.unanswered)


def test_every_search_finds_passages_of_the_text(rules: Path) -> None:
    (collection,) = load_collections(rules)
    with opened(collection, Settings(_env_file=None), FakeEmbedder("plain"), FakeEmbedder()) as compared:
        assert compared.passages == 4
        assert list(compared.searches) == [BM25, MINILM, EXTENDED, LATE, FUSED]
        for search in compared.searches.values():
            best = search("May a guide dog come into the room?", 2)
            assert 0 < len(best) <= 2
            words = " ".join(compared.text[s.start : s.end] for s in best[0].spans)
            assert words.startswith("Dogs must stay outside")


def test_bm25_finds_nothing_where_no_word_is_shared(rules: Path) -> None:
    (collection,) = load_collections(rules)
    with opened(collection, Settings(_env_file=None), FakeEmbedder("plain"), FakeEmbedder()) as compared:
        assert compared.searches[BM25]("Parkeervergunning?", 5) == []


def test_a_question_on_no_text_of_the_folder_is_an_error(rules: Path) -> None:
    (rules / "rules.md").rename(rules / "other.md")
    with pytest.raises(SuiteError, match=r"rules\.jsonl has no text. Its questions must be on one of other"):
        load_collections(rules)


def test_evidence_in_another_text_is_an_error(rules: Path) -> None:
    (rules / "other.md").write_text(RULES, encoding="utf-8")
    (rules / "rules.jsonl").rename(rules / "other.jsonl")
    with pytest.raises(SuiteError, match=r"r0-en must have its evidence in other"):
        load_collections(rules)


def test_a_text_without_questions_is_an_error(rules: Path) -> None:
    (rules / "more.md").write_text("More.", encoding="utf-8")
    with pytest.raises(SuiteError, match=r"more\.md has no questions"):
        load_collections(rules)


def measured(fused: Sequence[Place], bm25: Sequence[Place] = ()) -> Measured:
    """Two questions, `fused` and `bm25` given for both; plain MiniLM finds nothing."""
    asked = (question("f1-en", "one", evidence=[FORCE]), question("f2-en", "two", evidence=[KEPT]))
    searches = {
        BM25: lambda question, limit: bm25,
        MINILM: lambda question, limit: (),
        FUSED: lambda question, limit: fused,
    }
    unanswered = (
        replace(question("u1-en", "three", kind="abstention"), type="near-miss"),
        replace(question("u2-en", "four", kind="abstention"), type="off-topic"),
    )
    collection = Collection("act", Path("act.md"), asked, unanswered)
    return measure(collection, Compared(ACT, "en", 3, searches, lambda text: text in ("one", "three")))


def test_a_comparison_by_hand() -> None:
    # fused has the first question's evidence first and the second's second; BM25 the first's second
    one = measured([at(*FORCE), at(*KEPT)], [at(*CONTACT), at(*FORCE)])
    rows = {row.search: row for row in one.rows}
    assert rows[FUSED].recall_at_1.value == 1 / 2
    assert rows[FUSED].recall_at_5.value == 1.0
    assert rows[FUSED].mrr.value == (1 + 1 / 2) / 2
    assert rows[BM25].mrr.value == (1 / 2 + 0) / 2
    (against_bm25, against_minilm) = one.against
    assert against_bm25.gain.value == (1 / 2 + 1 / 2) / 2
    assert (against_bm25.won, against_bm25.lost) == (2, 0)
    assert against_bm25.p == 0.5  # of the four patterns of signs two are as far out
    assert against_minilm.gain.value == rows[FUSED].mrr.value
    assert one.asked[1].ranks == {BM25: None, MINILM: None, FUSED: 2}
    assert one.declined is not None
    assert one.declined.answerable.value == 1 / 2
    assert (one.declined.near_misses.value, one.declined.off_topic.value) == (0.0, 1.0)
    assert one.is_above_its_legs
    assert "above both" in markdown([one])
    assert "| act | 0.50" in markdown([one])
    assert NOT_ABOVE not in markdown([one])


def test_where_one_figure_is_only_equal_the_table_says_that_fused_is_not_above_both() -> None:
    one = measured([at(*FORCE)], [at(*FORCE)])
    assert not one.is_above_its_legs
    table = markdown([one])
    assert NOT_ABOVE in table
    assert "| act, n=2 | BM25 |" in table
    assert "+0.00" in table


def test_the_command_writes_what_it_prints(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.cli.foreign.build_embedder", lambda settings: FakeEmbedder())
    runs = tmp_path / "runs"
    result = CliRunner().invoke(app, ["foreign", "--texts", str(rules), "--runs", str(runs)])
    assert result.exit_code == 0, result.output
    (folder,) = runs.iterdir()
    assert (folder / "foreign.md").read_text(encoding="utf-8") in result.output
    written = json.loads((folder / "foreign.json").read_text(encoding="utf-8"))
    assert [one["collection"] for one in written["collections"]] == ["rules"]
    assert set(written["collections"][0]["asked"][0]["ranks"]) == {BM25, MINILM, EXTENDED, LATE, FUSED}
