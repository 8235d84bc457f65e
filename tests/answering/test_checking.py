from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.answering.checking import AnswerChecker, evidence_of, renumbered
from rag.answering.support import SupportVerifier
from rag.domain.answers import Answer, Citation, Statement, Support, Verdict
from rag.domain.passages import Passage, PassageKind, Translation
from rag.domain.retrieval import Query
from rag.domain.spans import Span

QUERY = Query("What applies?", "en")


def citation(number: int, quote: str, translation: str = "") -> Citation:
    spans = (Span(0, len(quote)),)
    passage = Passage(
        f"text#{number}",
        "text",
        "en",
        PassageKind.PARAGRAPH,
        spans,
        quote,
        (),
        "",
        f"{number}",
        (),
        (number,),
    )
    return Citation(number, passage, spans, quote, Translation("nl", translation) if translation else None)


class ByWord:
    """Supports what holds the word "true", half of what holds "half"; counts its calls."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def verify(self, statement: str, evidence: Sequence[str]) -> Verdict:
        self.asked.append((statement, tuple(evidence)))
        support = next(
            (s for w, s in (("true", Support.FULL), ("half", Support.PARTIAL)) if w in statement), None
        )
        return Verdict(support or Support.NONE, 0.5)


@pytest.fixture
def verifier() -> ByWord:
    return ByWord()


def checked(verifier: ByWord, *statements: tuple[str, tuple[int, ...]], quotes: int = 3) -> Answer | None:
    answer = Answer(
        tuple(Statement(text, numbers) for text, numbers in statements),
        tuple(citation(n, f"Rule {n} applies. It is old.") for n in range(1, quotes + 1)),
        0.7,
    )
    return AnswerChecker(verifier).verified(answer, QUERY, [])


def test_the_words_quoted_are_borne_out() -> None:
    statements = tuple(Statement(text, (1,)) for text in ("Rule 1 applies.", "It is  old."))
    answer = Answer(statements, (citation(1, "Rule 1 applies. It is old."),), 0.7)
    found = AnswerChecker(SupportVerifier()).verified(answer, QUERY, [])
    assert [s.support for s in found.statements] == [Support.FULL, Support.FULL]


def test_what_contradicts_the_words_quoted_is_not() -> None:
    answer = Answer((Statement("Rule 7 applies.", (1,)),), (citation(1, "Rule 1 applies. It is old."),), 0.7)
    assert AnswerChecker(SupportVerifier()).verified(answer, QUERY, []) is None


def test_what_is_not_borne_out_goes_and_its_citation_with_it(verifier: ByWord) -> None:
    found = checked(verifier, ("Invented.", (1,)), ("A true claim.", (3,)))
    assert [s.text for s in found.statements] == ["A true claim."]
    assert [(c.number, c.passage.label) for c in found.citations] == [(1, "3")]
    assert found.statements[0].citations == (1,)


def test_what_is_half_borne_out_is_marked(verifier: ByWord) -> None:
    [statement] = checked(verifier, ("Only half so.", (1,))).statements
    assert statement.support is Support.PARTIAL


def test_when_nothing_is_borne_out_there_is_no_answer(verifier: ByWord) -> None:
    assert checked(verifier, ("Invented.", (1,)), ("Made up.", (2,))) is None


def test_only_the_cited_words_are_evidence(verifier: ByWord) -> None:
    checked(verifier, ("A true claim.", (2,)))
    assert verifier.asked == [("A true claim.", ("Rule 2 applies. It is old.",))]


def test_a_translation_is_evidence_beside_the_quote() -> None:
    assert evidence_of([citation(1, "Rule."), citation(2, "Law.", "Wet.")]) == ["Rule.", "Law.", "Wet."]


def test_citations_are_numbered_as_they_are_first_used() -> None:
    answer = Answer(
        (Statement("a", (3, 1)), Statement("b", (2, 3))), tuple(citation(n, f"q{n}") for n in (1, 2, 3)), 0.5
    )
    found = renumbered(answer)
    assert [s.citations for s in found.statements] == [(1, 2), (3, 1)]
    assert [(c.number, c.quote) for c in found.citations] == [(1, "q3"), (2, "q1"), (3, "q2")]
