"""The five built-in texts, held to inventories that people wrote with the source before them."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from completeness import lost

from rag.domain.documents import (
    Contact,
    Document,
    EndMatter,
    Footnote,
    Furniture,
    Heading,
    ListItem,
    Paragraph,
    TableRow,
    Title,
)
from rag.domain.passages import WHOLES, PassageKind
from rag.domain.sentences import sentences
from rag.domain.spans import OMISSION
from rag.ingestion.catalogue import find, load_catalogue
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages

CATALOGUE = Path(__file__).parents[2] / "corpus" / "catalogue.toml"
INVENTORIES = Path(__file__).parent / "inventory"
IDS = sorted(path.stem for path in INVENTORIES.glob("*.json"))


@cache
def document(document_id: str) -> Document:
    text = find(load_catalogue(CATALOGUE), document_id)
    source = text.path.read_bytes()
    return parse(
        source.decode("utf-8"),
        id=text.id,
        language=text.language,
        description=text.description,
        sha256=text.sha256,
    )


def inventory(document_id: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((INVENTORIES / f"{document_id}.json").read_text(encoding="utf-8"))
    return found


def readings(text: Document, kind: type) -> list[str]:
    return [text.reading(block.spans) for block in text.blocks if isinstance(block, kind)]


def test_every_built_in_text_has_an_inventory() -> None:
    assert {t.id for t in load_catalogue(CATALOGUE)} == set(IDS)


@pytest.mark.parametrize("document_id", IDS)
def test_blocks_are_as_many_of_each_kind_as_the_source_has(document_id: str) -> None:
    counts = Counter(type(block).__name__ for block in document(document_id).blocks)
    assert dict(counts) == inventory(document_id)["counts"]


@pytest.mark.parametrize("document_id", IDS)
def test_headings_have_their_numbers_and_levels(document_id: str) -> None:
    text = document(document_id)
    found = [[b.number, b.level, text.reading(b.spans)] for b in text.blocks if isinstance(b, Heading)]
    assert found == inventory(document_id)["headings"]


@pytest.mark.parametrize("document_id", IDS)
def test_titles_read_as_a_person_reads_them(document_id: str) -> None:
    assert set(inventory(document_id)["titles"]) <= set(readings(document(document_id), Title))


@pytest.mark.parametrize("document_id", IDS)
def test_lists_hang_on_the_words_that_introduce_them(document_id: str) -> None:
    text = document(document_id)
    found: Counter[str] = Counter()
    for block in text.blocks:
        if isinstance(block, ListItem) and block.lead_in is not None:
            found[text.reading(text.blocks[block.lead_in].spans)] += 1
    wanted = inventory(document_id)["lead_ins"]
    by_ending = {ending: sum(n for lead, n in found.items() if lead.endswith(ending)) for ending in wanted}
    assert by_ending == wanted
    assert sum(found.values()) == sum(wanted.values())


@pytest.mark.parametrize("document_id", [i for i in IDS if "numbered_paragraphs" in inventory(i)])
def test_numbered_paragraphs_run_without_a_gap(document_id: str) -> None:
    found = [b.number for b in document(document_id).blocks if isinstance(b, Paragraph) and b.number]
    assert found == inventory(document_id)["numbered_paragraphs"]


@pytest.mark.parametrize("document_id", [i for i in IDS if "items" in inventory(i)])
def test_numbered_items_run_without_a_gap(document_id: str) -> None:
    found = [b.number for b in document(document_id).blocks if isinstance(b, ListItem) and b.number]
    assert found == inventory(document_id)["items"]


@pytest.mark.parametrize("document_id", IDS)
def test_each_footnote_is_tied_to_the_block_that_calls_it(document_id: str) -> None:
    text = document(document_id)
    wanted = {n: opening for opening, ns in inventory(document_id)["callers"].items() for n in ns}
    called = [b for b in text.blocks if isinstance(b, Footnote) and b.caller is not None]
    assert [b.number for b in called] == list(wanted)
    for note in called:
        assert note.caller is not None
        assert note.number is not None
        caller = text.reading(text.blocks[note.caller].spans)
        assert caller.startswith(wanted[note.number]), (note.number, caller[:60])


@pytest.mark.parametrize("document_id", IDS)
def test_a_call_span_holds_the_marker_itself(document_id: str) -> None:
    text = document(document_id)
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    for block in text.blocks:
        if isinstance(block, Footnote) and block.call is not None:
            assert text.text[block.call.start : block.call.end].translate(digits) == block.number


@pytest.mark.parametrize("document_id", IDS)
def test_footnotes_whose_call_is_lost_are_kept_and_named(document_id: str) -> None:
    text = document(document_id)
    lost = [b.number for b in text.blocks if isinstance(b, Footnote) and b.call is None]
    assert lost == inventory(document_id)["uncalled"]
    wanted = inventory(document_id)["notices"]
    assert len(text.notices) == len(wanted)
    assert all(part in notice for part, notice in zip(wanted, text.notices, strict=True))


def test_digits_glued_to_words_are_calls_of_absent_notes() -> None:
    text = document("council-cybercrime-2010")
    found = {b.number: b.calls[0].number for b in text.blocks if isinstance(b, ListItem) and b.calls}
    assert found == inventory("council-cybercrime-2010")["calls"]


@pytest.mark.parametrize("document_id", IDS)
def test_damaged_sentences_are_whole_again(document_id: str) -> None:
    text = document(document_id)
    found = {text.reading(s) for block in text.blocks for s in sentences(text, block.spans)}
    missing = [sentence for sentence in inventory(document_id)["sentences"] if sentence not in found]
    assert missing == []


@pytest.mark.parametrize("document_id", IDS)
def test_footnotes_cut_by_a_page_end_are_whole_again(document_id: str) -> None:
    text = document(document_id)
    notes = {b.number: text.reading(b.spans) for b in text.blocks if isinstance(b, Footnote)}
    for number, words in inventory(document_id)["notes_whole"].items():
        assert words in notes[number]


def test_the_flattened_table_is_one_row_under_its_columns() -> None:
    text = document("summary-decision-2000-375")
    wanted = inventory(text.id)["row"]
    row = next(block for block in text.blocks if isinstance(block, TableRow))
    assert [text.reading(column) for column in row.columns] == wanted["columns"]
    assert [text.reading(cell) for cell in row.cells] == wanted["cells"]


def test_contacts_are_kept_apart_person_by_person() -> None:
    text = document("ep-press-2021-07-06")
    found = readings(text, Contact)
    names = inventory(text.id)["contacts"]
    assert all(block.startswith(name) for block, name in zip(found, names, strict=True))
    assert all("@europarl.europa.eu" in block for block in found)


@pytest.mark.parametrize("document_id", [i for i in IDS if "beside" in inventory(i)])
def test_contacts_and_end_matter_are_passages_under_their_own_headings(document_id: str) -> None:
    kinds = (PassageKind.CONTACT, PassageKind.END_MATTER)
    short_title = document(document_id).description.short_title
    found = [
        [p.label.removeprefix(f"{short_title}, "), p.heading, p.text]
        for p in passages(document(document_id))
        if p.kind in kinds
    ]
    assert found == inventory(document_id)["beside"]


@pytest.mark.parametrize("document_id", IDS)
def test_labels_are_those_a_person_would_cite(document_id: str) -> None:
    found = {passage.label for passage in passages(document(document_id))}
    assert set(inventory(document_id)["labels"]) <= found


@pytest.mark.parametrize("document_id", IDS)
def test_every_reading_is_clean(document_id: str) -> None:
    text = document(document_id)
    words = [text.reading(b.spans) for b in text.blocks if not isinstance(b, Furniture)]
    words += [w for p in passages(text) for w in (p.text, p.context_text)]
    damage = re.compile(r"\s\s|\n|\*|\]\(|\\|[⁰¹²³⁴-⁹⇒•]|\s[.,;]")
    assert [w for w in words if damage.search(w)] == []


@pytest.mark.parametrize("document_id", IDS)
def test_the_law_holds_for_every_passage(document_id: str) -> None:
    text = document(document_id)
    for passage in passages(text):
        assert text.reading(passage.spans) == passage.text
        assert text.reading(passage.context) == passage.context_text
        assert passage.kind in WHOLES or OMISSION not in passage.text


@pytest.mark.parametrize("document_id", IDS)
def test_passages_leave_no_block_of_substance_out(document_id: str) -> None:
    text = document(document_id)
    covered = {index for p in passages(text) if p.kind not in WHOLES for index in p.blocks}
    leads = {b.lead_in for b in text.blocks if isinstance(b, ListItem)}
    for index, block in enumerate(text.blocks):
        if isinstance(block, Paragraph | ListItem | TableRow) and index not in leads:
            assert index in covered, text.reading(block.spans)
        if isinstance(block, Footnote) and len(text.reading(block.spans).split()) >= 5:
            assert index in covered, text.reading(block.spans)
        if isinstance(block, Contact | EndMatter):
            assert index in covered, text.reading(block.spans)
        if isinstance(block, Furniture | Heading):
            assert index not in covered
        if isinstance(block, Title) and index in covered:
            assert passages(text)[0].kind is PassageKind.TITLE_PAGE


@pytest.mark.parametrize("document_id", IDS)
def test_nothing_of_the_source_is_lost(document_id: str) -> None:
    assert lost(document(document_id)) == ""
