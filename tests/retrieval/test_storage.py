from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from rag.assembly import catalogue, enrichment_entries, index_text
from rag.domain.documents import (
    Block,
    Contact,
    Description,
    Document,
    EndMatter,
    Footnote,
    FootnoteCall,
    Furniture,
    Heading,
    LegalForce,
    ListItem,
    Paragraph,
    Standing,
    TableRow,
    Title,
)
from rag.domain.errors import IndexFailure, UnknownDocument
from rag.domain.passages import Enrichment, Translation
from rag.domain.spans import Repair, RepairKind, Span
from rag.ingestion.sources import SourceText
from rag.retrieval.storage import Store
from rag.settings import PROJECT, Settings

AT = (Span(0, 2), Span(3, 5))
BLOCKS: tuple[Block, ...] = (
    Title(AT),
    Heading(AT, "I", level=2),
    Paragraph(AT, "7", calls=(FootnoteCall("12", Span(1, 2)),)),
    ListItem(AT, "a", level=2, lead_in=2, calls=(FootnoteCall("13", Span(3, 4)),)),
    ListItem(AT),
    Footnote(AT, "12", caller=2, call=Span(1, 2)),
    Footnote(AT, "80"),
    TableRow(AT, columns=((Span(0, 1),), (Span(1, 2), Span(3, 4))), cells=((Span(3, 4),), ())),
    Contact(AT),
    Contact(AT, heading=3),
    EndMatter(AT),
    EndMatter(AT, heading=3),
    Furniture(AT),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store.sqlite")
    store.create()
    return store


def document(*blocks: Block) -> Document:
    return Document(
        id="text",
        text="ab cdæ",
        language="da",
        description=Description(
            titles=(("da", "Titel"), ("en", "Title")),
            short_title="T",
            institution="Council",
            kind="conclusions",
            date="2019-10-08",
            reference="1/19",
            force=LegalForce.CONCLUSIONS,
            standing=Standing.HISTORICAL,
            force_note="Not binding.",
            force_checked="2026-01-01",
            source_page="https://example.eu/",
            reuse="free",
            force_notes=(("en", "Not binding."), ("da", "Ikke bindende.")),
        ),
        sha256="f" * 64,
        blocks=blocks,
        repairs=tuple(Repair(Span(i, i + 1), " ", kind) for i, kind in enumerate(RepairKind)),
        notices=("the call of note 80 was lost",),
    )


@pytest.mark.parametrize("block", BLOCKS, ids=lambda b: type(b).__name__)
def test_every_kind_of_block_comes_back_as_it_was(store: Store, block: Block) -> None:
    store.add_document(1, document(block))
    assert store.document("text") == document(block)
    assert type(store.document("text").blocks[0]) is type(block)


def test_no_field_of_a_description_is_at_its_default_above() -> None:
    """So that a field added later cannot be forgotten by the store unseen."""
    described = document().description
    for field in dataclasses.fields(Description):
        if field.default is not dataclasses.MISSING:
            assert getattr(described, field.name) != field.default, field.name


ENTRIES = catalogue(Settings(_env_file=None))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_each_of_the_five_texts_comes_back_with_passages_and_enrichment(store: Store, entry) -> None:
    source = SourceText(entry.id, entry.read(), entry.language, entry.description, entry.sha256)
    known = enrichment_entries(Settings(_env_file=None, data_dir=PROJECT / "no-such-folder"))
    text = index_text(source, known, {})
    pairs = list(zip(text.passages, text.enrichments, strict=True))
    store.add_document(1, text.document)
    store.add_passages(0, pairs)
    assert store.document(entry.id) == text.document
    assert list(store.passages()) == pairs
    assert all(e.questions and e.translations for _, e in pairs)


def test_the_translation_of_a_lead_in_is_kept(store: Store) -> None:
    from tests.retrieval.small_texts import BRIDGES, index_text

    told = Enrichment((Translation("da", "Ord.", "unofficial", "Indledning:"),), (("en", "Why?"),))
    one = index_text("bridges", BRIDGES, "en", [told])
    store.add_passages(0, [(one.passages[0], told)])
    assert next(store.passages()) == (one.passages[0], told)


def test_documents_keep_their_order_and_passages_their_numbers(store: Store) -> None:
    for position, name in enumerate(("zebra", "ape", "lion")):
        store.add_document(position, dataclasses.replace(document(), id=name))
    assert store.document_ids() == ("zebra", "ape", "lion")


def test_a_document_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(UnknownDocument, match="nothing-such"):
        store.document("nothing-such")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\xff" * 200, b"no database at all" * 20])
def test_a_damaged_file_says_how_to_make_a_new_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(content)
    with pytest.raises(IndexFailure, match="index --rebuild"):
        list(Store(path).passages())


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"no database at all" * 20)
    with pytest.raises(IndexFailure, match=r"store\.sqlite cannot be written"):
        Store(tmp_path / "store.sqlite").create()
    with pytest.raises(IndexFailure, match=r"elsewhere"):
        Store(tmp_path / "elsewhere" / "store.sqlite").create()
