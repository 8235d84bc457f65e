"""The law of the house on the page: the marks of a span read as the span does."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain.documents import Description, Document
from rag.domain.spans import Span, join_spans
from rag.ingestion.parsing import parse
from rag.settings import PROJECT
from rag.web.highlighting import BadSpans, parse_spans
from rag.web.placement import unplaced
from rag.web.source_view import SourceView
from tests.web.handmade import DOCUMENT, TEXT, at


@cache
def corpus() -> tuple[Document, ...]:
    folder = PROJECT / "corpus"
    entries = tomllib.loads((folder / "catalogue.toml").read_text("utf-8"))["text"]
    return tuple(
        parse(
            (folder / "documents" / entry["file"]).read_bytes().decode("utf-8"),
            id=entry["id"],
            language=entry["language"],
            description=Description((), entry["short_title"]),
            sha256=entry["sha256"],
        )
        for entry in entries
    )


def marked(document: Document, *spans: Span) -> str:
    return "".join(run.words for run in SourceView(document, join_spans(spans)).marked_runs)


def squashed(words: str) -> str:
    """Without blanks, the sign between table cells and the sign of an omission: these stand between marks."""
    return re.sub(r"[\s|…]+", "", words)


def test_the_marks_of_a_sentence_cut_by_a_footnote_are_its_reading() -> None:
    spans = DOCUMENT.blocks[2].spans
    assert (
        marked(DOCUMENT, *spans)
        == "Medlemsstaterne skal handle hurtigt og i fællesskab, når et tip kommer ind."
    )
    assert marked(DOCUMENT, *spans) == DOCUMENT.reading(spans)


def test_a_span_inside_a_word_marks_only_those_letters() -> None:
    inside = Span(at("handle").start + 1, at("handle").end - 1)
    assert marked(DOCUMENT, inside) == "andl"


def test_a_span_across_blocks_is_split_at_the_border() -> None:
    across = Span(at("navnlig:").start, at("a. oprette").end)
    runs = SourceView(DOCUMENT, (across,)).marked_runs
    assert [run.words for run in runs] == ["navnlig:", "a. oprette"]


def test_table_cells_are_marked_one_by_one() -> None:
    runs = SourceView(DOCUMENT, (at("29.5.2000 31.12.2000"),)).marked_runs
    assert [run.words for run in runs] == ["29.5.2000", "31.12.2000"]


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 60))
def test_any_range_of_the_handmade_text_is_marked_as_it_reads(start: int, length: int) -> None:
    check_law(DOCUMENT, Span(start, min(len(TEXT), start + length)))


def check_law(document: Document, span: Span) -> None:
    """Within each block, what is marked is what the cited part of the block reads."""
    for block in document.blocks:
        own = tuple(
            Span(max(s.start, span.start), min(s.end, span.end)) for s in block.spans if s.overlaps(span)
        )
        if own:
            runs = SourceView(document, own).marked_runs
            assert squashed("".join(run.words for run in runs)) == squashed(document.reading(own))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_range_of_the_five_texts_is_marked_as_it_reads(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(corpus()), label="document")
    block = data.draw(st.sampled_from([b for b in document.blocks if b.spans]), label="block")
    start = data.draw(st.integers(block.spans[0].start, block.spans[-1].end - 1), label="start")
    end = data.draw(st.integers(start + 1, block.spans[-1].end), label="end")
    own = tuple(
        Span(max(s.start, start), min(s.end, end)) for s in block.spans if s.overlaps(Span(start, end))
    )
    if own:
        assert squashed(marked(document, *own)) == squashed(document.reading(own))


@pytest.mark.parametrize("document", corpus(), ids=lambda document: document.id)
def test_every_block_of_the_five_texts_is_marked_exactly_as_it_reads(document: Document) -> None:
    for block in document.blocks:
        assert squashed(marked(document, *block.spans)) == squashed(document.reading(block.spans))


@pytest.mark.parametrize("document", corpus(), ids=lambda document: document.id)
def test_the_page_shows_every_word_of_the_source(document: Document) -> None:
    shown = re.findall(r"\w+", " ".join(words_shown(SourceView(document))))
    missing = set(re.findall(r"\w+", " ".join(document.reading(b.spans) for b in document.blocks))) - set(
        shown
    )
    assert not missing
    assert not list(unplaced(document))


def words_shown(view: SourceView) -> list[str]:
    return ["".join(run.words for run in group if run.call is None) for group in view.groups]


def test_text_that_no_block_holds_is_still_shown() -> None:
    assert [TEXT[s.start : s.end].strip() for s in unplaced(DOCUMENT)] == ["Nye ord uden afsnit her."]
    assert "Nye ord uden afsnit her." in words_shown(SourceView(DOCUMENT))


def test_a_document_without_blocks_is_shown_as_it_stands() -> None:
    bare = Document("bare", "One.\n\nTwo.", "en", DOCUMENT.description, "")
    (part,) = SourceView(bare, (Span(6, 9),)).parts
    assert part.kind == "unparsed"
    assert marked(bare, Span(6, 9)) == "Two"


def test_calls_and_notes_are_linked_both_ways() -> None:
    view = SourceView(DOCUMENT)
    (note,) = view.notes
    calls = [run for group in view.groups for run in group if run.call]
    assert [f"call-{run.position}" for run in calls] == list(note.callers)
    assert view.note_anchors == {"1": note.anchor}


@pytest.mark.parametrize("document", corpus()[:2], ids=lambda document: document.id)
def test_every_note_that_is_called_shows_its_call_once(document: Document) -> None:
    view = SourceView(document)
    shown = sorted(f"call-{run.position}" for group in view.groups for run in group if run.call)
    assert shown == sorted({caller for note in view.notes for caller in note.callers})
    assert len(shown) >= 15


@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc",
        "5",
        "5-",
        "-5",
        "9-3",
        "4-4",
        "0-99999",
        "1-2,,3-4",
        "１-２",
        "1-2;3-4",
        ",".join(["1-2"] * 300),
    ],
)
def test_ranges_that_the_text_does_not_have_are_refused(value: str) -> None:
    with pytest.raises(BadSpans):
        parse_spans(value, 100)


def test_ranges_are_sorted_and_joined() -> None:
    assert parse_spans("30-40, 1-5,5-9", 100) == (Span(1, 9), Span(30, 40))


def test_a_column_without_a_name_is_the_first_one() -> None:
    summary = next(document for document in corpus() if document.id == "summary-decision-2000-375")
    (table,) = [part for part in SourceView(summary).parts if part.kind == "table"]
    pairs = [
        ("".join(r.words for r in c), "".join(r.words for r in v))
        for c, v in zip(table.columns, table.rows[0], strict=True)
    ]
    assert pairs == [
        ("", "Council Decision of 29 May 2000"),
        ("Entry into force - Expiry date", "29.5.2000"),
        ("Deadline for implementation in Member States", "31.12.2000"),
        ("Official Journal", "OJ L 138 of 9.6.2000"),
    ]


def test_printed_numbers_are_not_shown_twice() -> None:
    (items,) = [part for part in SourceView(DOCUMENT).parts if part.kind == "list"]
    assert [item.number for item in items.items] == ["", "b"]
