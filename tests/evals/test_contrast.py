"""The contrast set: made by rule, committed as made, and caught by the verifier."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.contrast.editing import rules
from evals.contrast.edits import EDITORS, edits_of
from evals.contrast.run import CONTRAST, UNTOUCHED, make_contrast, read_contrast, run_contrast, write_contrast
from evals.contrast.statements import TrueStatement
from rag.answering.support import SupportVerifier
from rag.answering.support.names import glossary_groups
from rag.answering.support.vocabulary import vocabulary
from rag.answering.support.words import stem
from rag.domain.answers import Support, Verdict

CORPUS = Path(__file__).parents[2] / "corpus"
LANGUAGES = ("en", "nl", "da")


def statement(text: str, language: str = "en") -> TrueStatement:
    return TrueStatement(text, language, "doc", "doc#1", "dev", (text,), False)


def edited(text: str, kind: str, language: str = "en") -> set[str]:
    return {e.text for e in edits_of(statement(text, language), ()) if e.kind == kind}


@pytest.mark.parametrize(
    ("kind", "language", "text", "expected"),
    [
        ("number", "en", "They sent 725 000 reports to the hotline.", "They sent 325 000 reports to the hotline."),
        ("date", "da", "Rådet mødtes den 8. oktober 2019 i byen.", "Rådet mødtes den 8. september 2019 i byen."),
        ("reference", "nl", "Artikel 5, lid 1, is van toepassing op diensten.", "Artikel 12, lid 1, is van toepassing op diensten."),
        ("name", "en", "Today Europol informs the police of a case.", "Today Eurojust informs the police of a case."),
        ("order", "en", "Europol shall tell the other agency, named Eurojust.", None),
        ("order", "en", "Europol shall now inform Eurojust of it.", "Eurojust shall now inform Europol of it."),
        ("negation added", "nl", "De lidstaten moeten dit melden.", "De lidstaten moeten niet dit melden."),
        ("negation dropped", "da", "Det gælder ikke for lyd på nettet.", "Det gælder for lyd på nettet."),
        ("negation dropped", "da", "Det gælder ikke kun for lyd på nettet.", None),
        ("modality", "en", "Providers shall report every case.", "Providers may report every case."),
        ("quantifier", "da", "I dag deltager alle lande i det.", "I dag deltager nogle lande i det."),
        ("bound", "en", "It costs at least 500 euros a year.", "It costs at most 500 euros a year."),
        ("bound", "en", "They met over lunch in the town hall.", None),
        ("unit", "en", "It must be done within 24 hours of the order.", "It must be done within 24 days of the order."),
        ("from-to", "en", "Send it from Paris to Rome by post.", "Send it from Rome to Paris by post."),
        ("condition dropped", "nl", "De regels gelden drie jaar, tenzij er nieuwe regels komen.", "De regels gelden drie jaar."),
    ],
)  # fmt: skip
def test_an_edit_changes_what_it_should_and_only_that(
    kind: str, language: str, text: str, expected: str | None
) -> None:
    found = edited(text, kind, language)
    assert (expected in found) if expected else not found


def test_a_number_of_another_sentence_is_glued_in_where_there_was_one() -> None:
    one, other = statement("The first office has 14 people."), statement("The second office has 52 people.")
    texts = {e.text for e in edits_of(one, (one, other)) if e.kind == "glue"}
    assert texts == {"The first office has 52 people."}


@pytest.mark.parametrize("kind", ["modality", "quantifier", "bound", "direction", "unit"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_replaces_a_word_by_itself_or_a_synonym(kind: str, language: str) -> None:
    words = vocabulary(language)
    for word, other in rules()[kind][language]:
        assert word.lower() != other.lower()
        if kind == "direction":
            assert not words.are_synonyms(stem(word, language), stem(other, language)), (word, other)


def test_bodies_that_stand_in_for_one_another_are_not_the_same_body() -> None:
    groups = glossary_groups(CORPUS / "glossary.toml")
    for language in LANGUAGES:
        names = rules()["name"][language]
        for group in groups:
            forms = {form.lower() for form in group[language]}
            same = [name for name in names if name.lower() in forms]
            assert len({n.split()[-1] for n in same}) <= 1, same


def test_the_committed_set_is_large_and_has_every_kind_language_and_split() -> None:
    items = [item for item in read_contrast() if item.kind != UNTOUCHED]
    assert len(items) >= 500
    assert {item.kind for item in items} == {*EDITORS, "glue"}
    for field in ("language", "split"):
        assert min(Counter(getattr(item, field) for item in items).values()) >= 100
    assert len({item.statement for item in items}) == len(items)


def test_no_passage_is_in_both_splits() -> None:
    splits: dict[str, set[str]] = {}
    for item in read_contrast():
        splits.setdefault(item.passage, set()).add(item.split)
    assert all(len(found) == 1 for found in splits.values())


def test_no_edit_stands_in_its_evidence_and_every_original_does() -> None:
    for item in read_contrast():
        evidence = " ".join(" ".join(item.evidence).split())
        assert item.original in evidence
        assert item.kind in (UNTOUCHED, "condition dropped") or item.statement not in evidence


def test_the_committed_set_is_what_the_generator_makes(tmp_path: Path) -> None:
    path = tmp_path / "contrast.jsonl"
    assert write_contrast(CORPUS, path) == len(make_contrast(CORPUS))
    assert path.read_text("utf-8") == CONTRAST.read_text("utf-8"), "run evals.contrast.run.write_contrast"


def test_the_verifier_rejects_the_edits_and_passes_the_originals() -> None:
    rows = run_contrast(SupportVerifier(glossary_groups(CORPUS / "glossary.toml")))
    edits = [row for row in rows if row.kind != UNTOUCHED]
    originals = [row for row in rows if row.kind == UNTOUCHED]
    judged, passed = sum(r.judged for r in edits), sum(r.passed for r in edits)
    assert passed <= 0.01 * judged, [row for row in edits if row.passed]
    assert sum(r.judged - r.passed for r in originals) <= 0.01 * sum(r.judged for r in originals)


def test_a_verifier_that_passes_everything_rejects_nothing() -> None:
    class Credulous:
        def verify(self, statement: str, evidence: object) -> Verdict:
            return Verdict(Support.FULL, 1.0)

    items = list(read_contrast())[:200]
    assert {row.rejected for row in run_contrast(Credulous(), items)} == {0.0}


@pytest.mark.parametrize("name", ["claims", "general"])
def test_the_claims_are_many_varied_and_divided(name: str) -> None:
    lines = (CONTRAST.parent / f"{name}.jsonl").read_text("utf-8").splitlines()
    claims = [json.loads(line) for line in lines]
    assert len(claims) >= 300
    assert len({claim["id"] for claim in claims}) == len(claims)
    assert len({claim["kind"] for claim in claims}) >= 10
    assert {claim["split"] for claim in claims} == {"dev", "test"}
    assert all(claim["claim"].strip() and claim["context"].strip() for claim in claims)
