"""Says so where two texts that are cited give different years for the same event.

By rule, and only when sure: the question asks when; in each of two texts the sentence that answers
best names one year; both name what the question is about, and the same event close to the year. Other
values are not compared: what a number counts, and when, is seldom certain from a sentence alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path

from rag.answering.support.facts import Sentence
from rag.answering.support.names import Aliases
from rag.answering.support.reading import Reader
from rag.answering.wording import say
from rag.domain.answers import Answer, Citation
from rag.domain.ports import AnswerVerifier
from rag.domain.retrieval import Hit, Query
from rag.domain.sentences import split_sentences

CUES = Path(__file__).with_name("differences.toml")
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"(?<=[\w,] )[A-ZÆØÅ]\w+")
NEAR_WORDS = 5
"""So many words that carry meaning, on either side of the year, tell what happened in it."""
PIVOT = "en"
"""Sentences of different languages are compared in it, where they are translated."""


@dataclass(frozen=True, slots=True)
class _Telling:
    """The sentence that answers best, in each language it is known in."""

    citation: Citation
    sentences: Mapping[str, Sentence]


class DifferenceTeller:
    """Implements the AnswerVerifier port: what another lets through, with the differences noted."""

    def __init__(self, checker: AnswerVerifier) -> None:
        self._checker = checker
        self._reader = Reader(Aliases(()))

    def verified(self, answer: Answer, query: Query, hits: Sequence[Hit]) -> Answer | None:
        """None when nothing of the answer is borne out."""
        checked = self._checker.verified(answer, query, hits)
        if checked is None or not asks_when(query):
            return checked
        notes = tuple(dict.fromkeys(self._differences(checked, query, hits)))
        return replace(checked, notes=(*checked.notes, *notes))

    def _differences(self, answer: Answer, query: Query, hits: Sequence[Hit]) -> Iterator[str]:
        known = {hit.passage.id: hit for hit in hits}
        found = [
            self._telling(citation, known[citation.passage.id], query)
            for citation in answer.citations
            if citation.passage.id in known
        ]
        for one, other in combinations(found, 2):
            years = _years(one, other, query)
            if years:
                yield say(
                    "texts_differ",
                    query.language,
                    one=one.citation.passage.label,
                    first=years[0],
                    other=other.citation.passage.label,
                    second=years[1],
                )

    def _telling(self, citation: Citation, hit: Hit, query: Query) -> _Telling:
        passage = hit.passage
        texts = {t.language: t.text for t in hit.enrichment.translations} | {passage.language: passage.text}
        sentences: dict[str, Sentence] = {}
        for language in dict.fromkeys((query.language, PIVOT, passage.language)):
            pieces = (
                [texts[language][a:b] for a, b in split_sentences(texts[language])]
                if language in texts
                else []
            )
            if pieces and len(pieces) == max(len(hit.sentences), 1):
                best = max(range(len(pieces)), key=lambda i: hit.sentences[i] if hit.sentences else 0.0)
                read = self._reader.read(pieces[best], language).sentences
                if len(read) == 1:
                    sentences[language] = read[0]
        return _Telling(citation, sentences)


def asks_when(query: Query) -> bool:
    """Whether the question asks for a point in time."""
    pattern = _cues()[0].get(query.language)
    return bool(pattern and pattern.search(query.text))


def _years(one: _Telling, other: _Telling, query: Query) -> tuple[int, int] | None:
    """The two years, if the texts are two and surely speak of one event."""
    if one.citation.passage.document == other.citation.passage.document:
        return None
    for language, mine in one.sentences.items():
        theirs = other.sentences.get(language)
        if theirs is None:
            continue
        first, second = _year(mine), _year(theirs)
        if first and second and first != second and _same_event(mine, theirs, query):
            return first, second
    return None


def _year(sentence: Sentence) -> int | None:
    """Its only year."""
    years = {date.year for date in sentence.dates if date.year}
    return years.pop() if len(years) == 1 else None


def _same_event(mine: Sentence, theirs: Sentence, query: Query) -> bool:
    if not _same_names(mine, theirs, query):
        return False
    acts, others = ({r.key for r in s.references} for s in (mine, theirs))
    if acts and others and not acts & others:
        return False
    return bool(_events(mine) & _events(theirs))


def _same_names(mine: Sentence, theirs: Sentence, query: Query) -> bool:
    """Whether both name all that the question names, and neither under a name that the other has not:
    "Harbour Centre" and "Harbour House" are two."""
    asked = {word.casefold() for word in _WORD.findall(query.text)} - _cues()[1]
    first, second = _named(mine, asked), _named(theirs, asked)
    named = {word.casefold() for word in _NAME.findall(query.text)} - _cues()[1]
    shared = first & second & asked
    return bool(shared) and named <= shared and (first <= second or second <= first)


def _named(sentence: Sentence, asked: set[str]) -> set[str]:
    """The words of the names that hold one of those asked about."""
    runs = [{word.casefold() for word in _WORD.findall(name.written)} for name in sentence.names]
    return {word for run in runs if run & asked for word in run}


def _events(sentence: Sentence) -> set[str]:
    """Stems of the words around the year that are no names."""
    named = {i for name in sentence.names for i in range(name.start, name.end)}
    places = list(sentence.content)
    near: set[int] = set()
    for date in sentence.dates:
        near.update([i for i in places if i < date.start][-NEAR_WORDS:])
        near.update([i for i in places if i >= date.end][:NEAR_WORDS])
    return {sentence.tokens[i].key for i in near - named}


@cache
def _cues() -> tuple[Mapping[str, re.Pattern[str]], frozenset[str]]:
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    when = {code: re.compile(pattern, re.IGNORECASE) for code, pattern in data["when"].items()}
    return when, frozenset(data["names"]["general"].split())
