"""What holds for every text, however strange."""

from __future__ import annotations

from itertools import pairwise

import pytest
from completeness import claims, lost
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.domain.documents import Description, Document, Footnote, Furniture, ListItem
from rag.domain.sentences import sentences
from rag.domain.spans import OMISSION, RepairKind
from rag.ingestion.parsing import parse
from rag.ingestion.passages import LONGEST_WORDS, PART_WORDS, passages

PIECES = st.sampled_from(
    [
        "¹ ", "² Note.", "word¹", "⇒ *x* ", "- item", "1. ", "(a) ", "I. ", "Article 1", "**bold** ", "[a](#)",
        "\\(", "Heading", "EN", "https://x.eu/a", "(+32) 2 28 40731", "a b  c  d  e", "5", "| a | b |", "|--|--|",
        "\n", "\n\n", " ", "Long sentence that ends. ", "cut here and", "goes on, f.eks. so.", "29.5.2000",
        "# ", "> ", "*", "\t", "\r\n", "\f", "\u00a0", "\u00ad", "dr ie  jaar  en  zo", "2008¹", "Intro:",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200)
DESCRIPTION = Description(titles=(), short_title="Text")


def read(text: str) -> Document:
    return parse(text, id="t", language="unknown", description=DESCRIPTION, sha256="")


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("| a | b |\n|--|--|\n¹ ")
def test_every_character_is_in_one_block_a_repair_or_whitespace(text: str) -> None:
    document = read(text)
    assert lost(document) == ""
    assert all(a.end <= b.start for a, b in pairwise(claims(document)))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_repairs_are_sorted_and_disjoint_but_for_interruptions(text: str) -> None:
    repairs = read(text).repairs
    assert list(repairs) == sorted(repairs)
    plain = [r.span for r in repairs if r.kind is not RepairKind.INTERRUPTION]
    assert all(a.end <= b.start for a, b in pairwise(plain))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_block_reads_as_words_with_single_spaces(text: str) -> None:
    document = read(text)
    for block in document.blocks:
        words = document.reading(block.spans)
        assert words
        assert words == " ".join(words.split())
        assert OMISSION not in words or "…" in text


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_sentences_of_a_block_are_its_reading_cut_in_pieces(text: str) -> None:
    document = read(text)
    for block in document.blocks:
        found = [document.reading(spans) for spans in sentences(document, block.spans)]
        assert " ".join(found).split() == document.reading(block.spans).split()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_law_holds_for_every_passage(text: str) -> None:
    document = read(text)
    found = passages(document)
    assert len({p.id for p in found}) == len(found)
    for passage in found:
        assert document.reading(passage.spans) == passage.text
        assert document.reading(passage.context) == passage.context_text
        assert passage.text
        assert not any(isinstance(document.blocks[i], Furniture) for i in passage.blocks)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_links_between_blocks_point_backwards_and_inside(text: str) -> None:
    document = read(text)
    for index, block in enumerate(document.blocks):
        if isinstance(block, ListItem) and block.lead_in is not None:
            assert 0 <= block.lead_in < index
        if isinstance(block, Footnote) and block.caller is not None:
            assert 0 <= block.caller < len(document.blocks)


@pytest.mark.parametrize("text", ["", " \n\n\t", "\ufeff", "word", "word " * 3000, "One. " * 3000])
def test_plain_extremes_are_read(text: str) -> None:
    document = read(text)
    assert (
        " ".join(document.reading(b.spans) for b in document.blocks).split()
        == text.replace("\ufeff", "").split()
    )


def test_one_huge_line_is_cut_into_passages_of_readable_size() -> None:
    found = passages(read("The council met and the council spoke. " * 2000))
    assert max(len(p.text.split()) for p in found) <= LONGEST_WORDS
    assert min(len(p.text.split()) for p in found) >= PART_WORDS // 2


def test_words_without_any_stop_are_cut_too() -> None:
    found = passages(read("word " * 5000))
    assert max(len(p.text.split()) for p in found) <= LONGEST_WORDS


def test_ids_stay_when_text_is_added_elsewhere() -> None:
    before = {
        p.id for p in passages(read("First paragraph of the text is here and says a good deal of things."))
    }
    text = "First paragraph of the text is here and says a good deal of things.\n\nAnother paragraph comes after it."
    assert before <= {p.id for p in passages(read(text))}
