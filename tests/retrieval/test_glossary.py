from __future__ import annotations

from pathlib import Path

import pytest

from rag.domain.errors import CorpusError
from rag.retrieval.glossary import Glossary, load_glossary
from rag.settings import PROJECT

TERMS = Glossary(
    [
        {
            "en": ["child pornography", "child abuse material"],
            "nl": ["kinderpornografie"],
            "da": ["børnepornografi"],
        },
        {"en": ["child"], "nl": ["kind"], "da": ["barn", "børn"]},
        {"en": ["hotline"], "nl": ["meldpunt"], "da": ["hotline"]},
    ]
)


def test_a_term_names_its_counterparts_and_synonyms() -> None:
    found = TERMS.expand("Is child pornography reported?", "en")
    assert found["nl"] == ("kinderpornografie",)
    assert found["da"] == ("børnepornografi",)
    assert "child abuse material" in found["en"]


def test_the_longest_term_wins() -> None:
    assert "kind" not in TERMS.expand("child pornography", "en")["nl"]
    assert TERMS.expand("child pornography and a child", "en")["nl"] == ("kinderpornografie", "kind")


def test_inflected_forms_are_recognised() -> None:
    assert TERMS.expand("de meldpunten", "nl")["en"] == ("hotline",)


@pytest.mark.parametrize(
    ("text", "language"), [("hotline", "xx"), ("", "en"), ("nothing of ours", "en"), ("meldpunt", "en")]
)
def test_what_is_no_term_in_the_language_expands_to_nothing(text: str, language: str) -> None:
    assert TERMS.expand(text, language) == {}


@pytest.mark.parametrize(
    ("text", "language", "other", "expected"),
    [
        ("Where is the hotline?", "en", "nl", "meldpunt"),
        ("Wat is kinderlokkerij?", "nl", "en", "grooming"),
        ("Hvad gør Rådet?", "da", "en", "Council"),
        ("Hvad gør Rådet?", "da", "nl", "Raad"),
        ("What does Europol do?", "en", "da", "Europol"),
    ],
)
def test_the_built_in_glossary_crosses_the_languages(
    text: str, language: str, other: str, expected: str
) -> None:
    glossary = load_glossary(PROJECT / "corpus" / "glossary.toml")
    assert len(glossary) > 200
    assert expected in glossary.expand(text, language)[other]


def test_no_file_is_an_empty_glossary(tmp_path: Path) -> None:
    assert len(load_glossary(tmp_path / "none.toml")) == 0


@pytest.mark.parametrize("content", [b"[[term]\n", b"term = 3\n", b'term = ["x"]\n', b"\xff\xfe"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "glossary.toml"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=r"glossary\.toml"):
        load_glossary(path)
