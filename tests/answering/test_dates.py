"""When the texts date from is told of all of them, each with the place that says so."""

from __future__ import annotations

import pytest

from rag.answering.places import DateFinder
from rag.domain.retrieval import Query
from tests.answering.corpus_library import corpus_library

FINDER = DateFinder(corpus_library())


@pytest.mark.parametrize(
    ("question", "language", "oldest", "newest"),
    [
        ("When were the five texts adopted?", "en", "29 May 2000.", "6.7.2021."),
        ("When were the texts adopted or published?", "en", "29 May 2000.", "6.7.2021."),
        ("What are the dates of the documents?", "en", "29 May 2000.", "6.7.2021."),
        ("Wanneer zijn de vijf teksten vastgesteld of gepubliceerd?", "nl", "29 mei 2000.", "6.7.2021."),
        ("Uit welk jaar zijn de teksten?", "nl", "29 mei 2000.", "6.7.2021."),
        ("Hvornår er teksterne fra?", "da", "29 maj 2000.", "6.7.2021."),
        ("Hvornår blev de fem tekster vedtaget?", "da", "29 maj 2000.", "6.7.2021."),
    ],
)
def test_every_text_has_its_date(question: str, language: str, oldest: str, newest: str) -> None:
    reply = FINDER.looked_up(Query(question, language), "index")
    assert reply is not None
    assert [s.text for s in (reply.statements[0], reply.statements[-1])] == [oldest, newest]
    assert len({s.speaker for s in reply.statements}) == len(reply.citations) == 5
    assert "12862/19, title page" in [c.passage.label for c in reply.citations]
    assert reply.notes == ()


@pytest.mark.parametrize(
    "question",
    [
        "When was the strategy adopted?",
        "When were the five texts adopted by the Member States?",
        "When do the texts say that the centre starts?",
        "How old are the victims?",
        "When?",
    ],
)
def test_other_questions_are_left_to_the_search(question: str) -> None:
    assert FINDER.looked_up(Query(question, "en"), "index") is None
