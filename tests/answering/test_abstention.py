from __future__ import annotations

import pytest

from rag.answering.abstention import NEAREST, PlainAbstainer
from rag.domain.retrieval import Query
from tests.answering.corpus_library import CorpusLibrary, corpus_library


@pytest.fixture
def library() -> CorpusLibrary:
    return corpus_library()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("The texts do not seem to say", "5 texts", "nearest passages")),
        ("nl", ("De teksten lijken daar niets over te zeggen", "5 teksten", "dichtstbijzijnde passages")),
        ("da", ("Det ser teksterne ikke ud til at sige", "5 tekster", "nærmeste afsnit")),
        ("xx", ("The texts do not seem to say",)),
    ],
)
def test_an_abstention_says_what_was_looked_for_in_the_askers_language(
    library: CorpusLibrary, language: str, words: tuple[str, ...]
) -> None:
    found = PlainAbstainer(library).abstain(Query("tax on bread", language), library.hits()[:1], 0.1)
    assert all(w in found.message for w in ("tax on bread", *words))
    assert found.confidence == 0.1


@pytest.mark.parametrize(
    ("language", "words"), [("en", "in one text and"), ("nl", "in één tekst en"), ("da", "i én tekst og")]
)
def test_one_text_is_not_called_texts(
    library: CorpusLibrary, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    only = library.documents()[:1]
    monkeypatch.setattr(library, "documents", lambda: only)
    assert words in PlainAbstainer(library).abstain(Query("tax on bread", language), [], 0.1).message


@pytest.mark.parametrize("language", ["en", "nl", "da"])
def test_the_nearest_passages_are_quoted_exactly(library: CorpusLibrary, language: str) -> None:
    hits = library.hits()
    for start in range(0, len(hits), NEAREST):
        few = hits[start : start + NEAREST + 2]
        found = PlainAbstainer(library).abstain(Query("?", language), few, 0.0)
        assert [c.number for c in found.nearest] == list(range(1, min(NEAREST, len(few)) + 1))
        for citation in found.nearest:
            document = library.document(citation.passage.document)
            assert document.reading(citation.spans) == citation.quote
            assert bool(citation.translation) == (document.language != language)


def test_with_nothing_near_nothing_is_offered(library: CorpusLibrary) -> None:
    found = PlainAbstainer(library).abstain(Query("tax on bread", "en"), [], 0.0)
    assert found.nearest == ()
    assert "nearest" not in found.message


def test_a_long_question_is_shortened_between_words(library: CorpusLibrary) -> None:
    found = PlainAbstainer(library).abstain(Query("word " * 300, "en"), [], 0.0)
    assert len(found.message) < 400
    assert "word …”" in found.message
