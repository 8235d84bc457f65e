"""Misspelt words are put right by the words of the library, and nothing else is."""

from __future__ import annotations

import pytest

from rag.dialogue.spelling import SpellingMender
from tests.answering.corpus_library import corpus_library

MENDER = SpellingMender(corpus_library())


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("en", "Whcih databse does Interpl manage?", "Which database does Interpol manage?"),
        ("nl", "Hoeveel medlingen deed Facbook?", "Hoeveel meldingen deed Facebook?"),
        ("da", "Hvor mange indberetniger kom fra Facebok?", "Hvor mange indberetninger kom fra Facebook?"),
        ("da", "hvd er inhope", "hvad er inhope"),
        ("en", "whch networks", "which networks"),
    ],
)
def test_a_word_one_letter_off_is_put_right(language: str, written: str, meant: str) -> None:
    assert MENDER.mended(written, language, "an index") == meant


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Which database does Interpol manage?"),
        ("en", "What does a pancake cost in Xanadu?"),  # nothing near it is known
        ("en", "Wat is de EU?"),  # known in another language
        ("en", "Is HWO heard?"),  # short and with capitals: a name
        ("nl", "Wat zegt Sippel over encryption?"),  # known in another language
        ("da", ""),
        ("en", "databse" * 5),  # hostile lengths are not tried
        ("eo", "Kiu administras la datumbazon?"),
    ],
)
def test_what_is_known_or_unlike_all_that_is_known_stays(language: str, question: str) -> None:
    assert MENDER.mended(question, language, "an index") == question


def test_the_words_are_read_again_for_another_index() -> None:
    library = corpus_library()
    mender = SpellingMender(library)
    assert mender.mended("Interpl", "en", "one") == "Interpol"
    library.documents = list  # type: ignore[method-assign, assignment]
    assert mender.mended("Interpl", "en", "one") == "Interpol"
    assert mender.mended("Interpl", "en", "other") == "Interpl"
