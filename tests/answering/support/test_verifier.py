"""The offline verifier: a table of cases per fact and language, and properties that hold for all."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering.support import SupportVerifier
from rag.domain.answers import Support

TABLE = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
CASES = [
    pytest.param(group["evidence"], statement, expected, id=f"{group['fact']}-{group['language']}-{n}")
    for group in TABLE
    for n, (statement, expected) in enumerate(group["cases"])
]
VERIFIER = SupportVerifier()

TRUE = (
    "Met 537 stemmen voor, 133 tegen en 24 onthoudingen is de verordening goedgekeurd.",
    "Antallet af indberetninger steg fra 23 000 i 2010 til 725 000 i 2019.",
    "The provider shall remove the material within 72 hours of the order of 29 May 2000.",
)


@pytest.mark.parametrize(("evidence", "statement", "expected"), CASES)
def test_a_statement_gets_the_verdict_a_careful_reader_gives(
    evidence: str, statement: str, expected: str
) -> None:
    verdict = VERIFIER.verify(statement, [evidence])
    if expected.startswith("not "):
        assert verdict.support != expected[4:], verdict
    else:
        assert verdict.support == expected, verdict


@pytest.mark.parametrize("group", TABLE, ids=lambda g: f"{g['fact']}-{g['language']}")
def test_every_sentence_of_the_evidence_supports_itself(group: dict[str, str]) -> None:
    assert VERIFIER.verify(group["evidence"], [group["evidence"]]).support is Support.FULL


def test_the_reason_names_both_numbers() -> None:
    verdict = VERIFIER.verify(
        "The provider must answer within 24 hours.", ["The provider must answer within 72 hours."]
    )
    assert verdict.reasons == ("the source says 72 hours, the statement 24 hours",)


def test_a_verdict_that_is_not_full_gives_a_reason_where_the_words_are_the_sources() -> None:
    verdict = VERIFIER.verify("The rules apply to sound.", ["The rules do not apply to sound."])
    assert verdict.support is Support.NONE
    assert any("not" in reason for reason in verdict.reasons)


def test_nothing_supports_an_empty_statement_and_no_evidence_supports_nothing() -> None:
    assert VERIFIER.verify("  ", ["A text."]).support is Support.NONE
    assert VERIFIER.verify("A text.", []).support is Support.NONE
    assert VERIFIER.verify("A text.", ["", " "]).support is Support.NONE


def test_names_of_the_glossary_stand_for_one_another() -> None:
    groups = [{"en": ("European Commission", "EU executive")}]
    evidence = ["The European Commission will publish the study in June."]
    statement = "The EU executive will publish the study in June."
    assert SupportVerifier(groups).verify(statement, evidence).support is Support.FULL
    assert SupportVerifier().verify(statement, evidence).support is not Support.FULL


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Rules apply to sound.", Support.NONE),
        ("The rules apply to text.", Support.FULL),
    ],
)
def test_a_quotation_begins_where_a_sentence_does(statement: str, expected: Support) -> None:
    evidence = ["No Rules apply to sound. The rules apply to text."]
    assert VERIFIER.verify(statement, evidence).support is expected


def test_the_worst_sentence_of_a_statement_decides() -> None:
    evidence = ["The office opened in 2010. It employs 40 people."]
    verdict = VERIFIER.verify("The office opened in 2010. It employs 400 people.", evidence)
    assert verdict.support is Support.NONE


def test_a_long_context_with_the_sentence_in_it_supports_and_its_mutation_does_not() -> None:
    filler = "The committee discussed item {} of the agenda and postponed it to a later meeting. "
    context = "".join(filler.format(n) for n in range(300))
    context += "The bridge at Harwick carries 18 000 vehicles a day. " + context
    assert VERIFIER.verify("The bridge at Harwick carries 18 000 vehicles a day.", [context]).support is (
        Support.FULL
    )
    assert VERIFIER.verify("The bridge at Harwick carries 81 000 vehicles a day.", [context]).support is (
        Support.NONE
    )


def test_another_language_without_similarity_is_never_full() -> None:
    verdict = VERIFIER.verify(
        "The Council adopted the conclusions on 8 October 2019.",
        ["Rådet vedtog konklusionerne den 8. oktober 2019."],
    )
    assert verdict.support is not Support.FULL


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("The Council adopted the conclusions on 8 October 2019.", Support.FULL),
        ("The Council adopted the conclusions on 9 October 2019.", Support.NONE),
        ("The Council did not adopt the conclusions on 8 October 2019.", Support.NONE),
        ("The Council adopted 40 conclusions on 8 October 2019.", Support.PARTIAL),
    ],
)
def test_across_languages_likeness_counts_only_where_no_fact_differs(
    statement: str, expected: Support
) -> None:
    verifier = SupportVerifier(similarity=lambda text, others: [0.9 for _ in others])
    evidence = ["Rådet vedtog på sit møde i Luxembourg disse konklusioner den 8. oktober 2019."]
    assert verifier.verify(statement, evidence).support is expected


def test_across_languages_unlike_texts_are_not_supported_whatever_their_numbers() -> None:
    verifier = SupportVerifier(similarity=lambda text, others: [0.2 for _ in others])
    evidence = ["Rådet vedtog disse konklusioner den 8. oktober 2019."]
    verdict = verifier.verify("The shop closed on 8 October 2019 for repairs.", evidence)
    assert verdict.support is Support.NONE


def test_a_translation_beside_the_source_is_what_the_statement_is_compared_with() -> None:
    evidence = [
        "Reglerne gælder ikke for lydbeskeder mellem brugere.",
        "The rules do not apply to audio messages between users.",
    ]
    assert VERIFIER.verify("The rules do not apply to audio messages.", evidence).support is not (
        Support.NONE
    )
    assert VERIFIER.verify("The rules apply to audio messages.", evidence).support is Support.NONE


@given(st.sampled_from(TRUE), st.integers(0, 5), st.integers(1, 9))
def test_a_quotation_with_a_changed_digit_is_never_full(true: str, place: int, shift: int) -> None:
    digits = [match.start() for match in re.finditer(r"\d", true)]
    at = digits[place % len(digits)]
    changed = true[:at] + str((int(true[at]) + shift) % 10) + true[at + 1 :]
    assert VERIFIER.verify(changed, [true]).support is not Support.FULL


@settings(deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=300), max_size=3))
def test_any_text_gets_a_verdict_and_always_the_same(statement: str, evidence: list[str]) -> None:
    first = SupportVerifier().verify(statement, evidence)
    assert first == SupportVerifier().verify(statement, evidence)
    assert 0.0 <= first.score <= 1.0


@settings(deadline=None)
@given(st.lists(st.sampled_from(" ".join(TRUE).split()), min_size=1, max_size=25))
def test_words_of_the_corpus_in_any_order_never_raise(words: list[str]) -> None:
    verdict = VERIFIER.verify(" ".join(words), TRUE)
    assert isinstance(verdict.support, Support)


@given(st.sampled_from([c.values[0] for c in CASES]))
def test_a_full_verdict_has_a_score_of_support_and_no_other_has(evidence: str) -> None:
    for group in TABLE:
        if group["evidence"] != evidence:
            continue
        for statement, _ in group["cases"]:
            verdict = VERIFIER.verify(statement, [evidence])
            assert verdict.support is not Support.FULL or verdict.score >= 0.5
            assert verdict.support is not Support.NONE or verdict.score < 0.5


def test_threads_share_a_verifier() -> None:
    verifier = SupportVerifier()
    statements = [statement for group in TABLE for statement, _ in group["cases"]]
    evidence = [TABLE[0]["evidence"]]
    alone = [VERIFIER.verify(statement, evidence) for statement in statements]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda s: verifier.verify(s, evidence), statements))
    assert together == alone
