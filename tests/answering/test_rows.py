"""Table rows in plain words, and the list of duties where duties are asked for."""

from __future__ import annotations

import dataclasses

import pytest

from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.extractive.cues import asks_what_must_be_done_by, names
from rag.answering.extractive.rows import row_in_words
from rag.answering.linear import Logistic
from rag.answering.relevance import RELEVANCE_FEATURES, Relevance
from rag.domain.documents import Description
from rag.domain.passages import Enrichment, PassageKind
from rag.domain.retrieval import Query
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages
from tests.answering.corpus_library import corpus_library

ROW = "Summary of Decision 2000/375/JHA, row 1"
IN_WORDS = {
    "en": "Council Decision of 29 May 2000; Entry into force - Expiry date: 29.5.2000; Deadline for "
    "implementation in Member States: 31.12.2000; Official Journal: OJ L 138 of 9.6.2000.",
    "nl": "Besluit van de Raad van 29 mei 2000; Inwerkingtreding - Vervaldatum: 29.5.2000; Termijn voor "
    "uitvoering in de lidstaten: 31.12.2000; Publicatieblad: PB L 138 van 9.6.2000.",
    "da": "Rådets afgørelse af 29. maj 2000; Ikrafttrædelse - Udløbsdato: 29.5.2000; Frist for gennemførelse i "
    "medlemsstaterne: 31.12.2000; EF-Tidende: EFT L 138 af 9.6.2000.",
}


@pytest.mark.parametrize("language", ["en", "nl", "da"])
def test_a_row_is_told_in_words_and_its_citation_opens_the_row(language: str) -> None:
    library = corpus_library()
    answer = ExtractiveAnswerer(library).answer(Query("2000?", language), [library.labelled(ROW)])
    [statement], [citation] = answer.statements, answer.citations
    assert statement.text == IN_WORDS[language]
    document = library.document(citation.passage.document)
    assert citation.quote == document.reading(citation.spans)
    assert set(citation.passage.spans) <= set(citation.spans)
    assert (citation.translation.text if citation.translation else IN_WORDS["en"]) == statement.text


def test_a_translation_with_other_columns_is_told_without_naming_them() -> None:
    hit = corpus_library().labelled(ROW)
    document = corpus_library().document(hit.passage.document)
    told = dataclasses.replace(hit.enrichment.translation("nl"), context="Eén | Twee")
    assert row_in_words(document, hit.passage, told) == (
        "Besluit van de Raad van 29 mei 2000; 29.5.2000; 31.12.2000; PB L 138 van 9.6.2000."
    )


TABLE = """# Fees

The fees are set by the board each year and hold for every member of it.

| Office | Opened | Closed |
|---|---|---|
| North | 2001 | 2009 |
| South | | 2010 |
| | 2003 | - |
"""


def test_a_cell_is_put_under_its_own_column_though_cells_are_empty() -> None:
    document = parse(TABLE, id="t", language="en", description=Description((), "t"), sha256="0")
    rows = [p for p in passages(document) if p.kind is PassageKind.TABLE_ROW]
    assert [row_in_words(document, row, None) for row in rows] == [
        "Office: North; Opened: 2001; Closed: 2009.",
        "Office: South; Closed: 2010.",
        "Opened: 2003; Closed: -.",
    ]


def test_what_is_no_row_is_left_alone() -> None:
    hit = corpus_library().labelled("12862/19, point 19")
    document = corpus_library().document(hit.passage.document)
    assert row_in_words(document, hit.passage, None) is None


@pytest.mark.parametrize(
    ("question", "language", "who"),
    [
        ("What must Member States do under the decision of 2000?", "en", "Member States"),
        ("What do the Member States have to do?", "en", "Member States"),
        ("Which measures will the Member States take?", "en", "Member States"),
        ("Wat moeten de lidstaten volgens het besluit doen?", "nl", "lidstaten"),
        ("Welke maatregelen moeten de lidstaten nemen?", "nl", "lidstaten"),
        ("Hvad skal medlemsstaterne gøre?", "da", "medlemsstaterne"),
        ("Hvilke tiltag skal medlemsstaterne tage?", "da", "medlemsstaterne"),
        ("What must I do?", "en", ""),
        ("When must the report be made?", "en", ""),
        ("What must Member States do?", "xx", ""),
    ],
)
def test_whose_duties_are_asked_for_is_recognised(question: str, language: str, who: str) -> None:
    assert asks_what_must_be_done_by(question, language) == who


def test_a_name_counts_whatever_its_ending() -> None:
    assert names("medlemsstaterne", "Medlemsstater vil træffe foranstaltninger:")
    assert not names("medlemsstaterne", "Kommissionen vil:")


def test_the_whole_list_of_duties_is_given_where_duties_are_asked_for() -> None:
    """The passage that names the decision fits better, and says nothing of duties."""
    library = corpus_library()
    item = "Summary of Decision 2000/375/JHA, item {}"
    hits = [library.labelled(ROW, 0.9), *(library.labelled(item.format(n), 0.4) for n in (3, 1))]
    hits[0] = dataclasses.replace(hits[0], enrichment=Enrichment())
    by_score = Relevance(Logistic((9.0, *(0.0 for _ in RELEVANCE_FEATURES[1:])), -6.0, 0.5))
    answerer = ExtractiveAnswerer(library, by_score)
    asked = answerer.answer(Query("What must Member States do under the decision of 2000?", "en"), hits)
    assert [c.passage.label for c in asked.citations] == [item.format(n) for n in (1, 2, 3)]
    other = answerer.answer(Query("When was the decision of 2000 taken?", "en"), hits)
    assert [c.passage.label for c in other.citations] == [ROW]
    nobody = answerer.answer(Query("What must the Council do under the decision of 2000?", "en"), hits)
    assert [c.passage.label for c in nobody.citations] == [ROW]
