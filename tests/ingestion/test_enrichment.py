"""Reading enrichment: the corpus's own files, fresh and stale entries, damaged lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.domain.errors import EnrichmentError
from rag.domain.passages import Passage, PassageKind, Translation
from rag.ingestion.enrichment import load_enrichment, passage_hash, read_entries, sort_fresh


def passage(name: str = "doc#1", text: str = "Ord om børn.", context: str = "") -> Passage:
    return Passage(name, "doc", "da", PassageKind.LIST_ITEM, (), text, (), context, "Doc, 1", (), (0,))


def line(of: Passage, **changes: object) -> str:
    fields: dict[str, object] = {
        "passage": of.id,
        "hash": passage_hash(of),
        "translations": {"en": "Words on children."},
        "context_translations": {"en": "They say:"},
        "questions": {"en": ["What?"], "da": ["Hvad?", "Hvem?"]},
    }
    return json.dumps({**fields, **changes}, ensure_ascii=False)


def folder(tmp_path: Path, *lines: str, name: str = "doc.jsonl") -> Path:
    (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_what_was_written_of_a_passage_is_found_by_its_id(tmp_path: Path) -> None:
    (enrichment,) = load_enrichment(folder(tmp_path, line(passage()))).values()
    assert enrichment.translation("en") == Translation("en", "Words on children.", context="They say:")
    assert enrichment.questions == (("en", "What?"), ("da", "Hvad?"), ("da", "Hvem?"))


def test_no_folder_is_no_enrichment(tmp_path: Path) -> None:
    assert load_enrichment(tmp_path / "none") == {}


def test_the_hash_covers_context_and_words() -> None:
    assert passage_hash(passage(text="b", context="a")) == "c8687a08aa5d"  # sha256 of "a b"
    assert passage_hash(passage(text="b")) != passage_hash(passage(text="b", context="a"))


def test_entries_that_no_longer_fit_are_told_apart_with_the_reason(tmp_path: Path) -> None:
    old, gone, good = passage("doc#1", "Old words."), passage("doc#2"), passage("doc#3")
    entries = read_entries(folder(tmp_path, line(old), line(gone), line(good)))
    fresh, stale = sort_fresh([passage("doc#1", "New words."), good], entries)
    assert list(fresh) == ["doc#3"]
    assert [(s.placed.line, s.reason.split("(")[0].strip()) for s in stale] == [
        (1, "the passage now reads otherwise"),
        (2, "no passage has the id doc#2"),
    ]


@pytest.mark.parametrize("hand_first", [True, False])
def test_an_entry_made_by_hand_outranks_a_models(tmp_path: Path, hand_first: bool) -> None:
    lines = [line(passage(), by="hand"), line(passage(), by="openai:x", translations={"en": "By a model."})]
    entries = read_entries(folder(tmp_path, *(lines if hand_first else lines[::-1])))
    fresh, _ = sort_fresh([passage()], entries)
    assert fresh["doc#1"].translations[0].text == "Words on children."


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{broken", r"doc\.jsonl, line 2: .*JSON"),
        (line(passage(), hash="xyz"), r'line 2: field "hash"'),
        (line(passage(), translations={"en": " "}), r'line 2: field "translations.en"'),
        (line(passage(), translations=["en"]), r'line 2: field "translations"'),
        (line(passage(), answer="x"), r'line 2: field "answer"'),
    ],
)
def test_a_damaged_line_is_told_with_file_line_and_field(tmp_path: Path, bad: str, told: str) -> None:
    with pytest.raises(EnrichmentError, match=told):
        read_entries(folder(tmp_path, line(passage()), bad, line(passage())))


def test_a_last_line_cut_off_by_a_crash_is_forgiven_only_where_a_machine_writes(tmp_path: Path) -> None:
    cut = folder(tmp_path, line(passage()), line(passage("doc#2"))[:40])
    assert len(read_entries(cut, forgive_last=True)) == 1
    with pytest.raises(EnrichmentError, match="line 2"):
        read_entries(cut)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "doc.jsonl").write_bytes(line(passage(), label="børn").encode("cp1252"))
    with pytest.raises(EnrichmentError, match=r"doc\.jsonl is not UTF-8"):
        read_entries(tmp_path)
