"""Says so where a question takes a number, a year, a law or a deed for granted that nothing cited holds.

Whoever asks about 2021 and is shown the figure of 2019 must not take it for that of 2021; whoever asks why
something was abolished must not take what is shown for the reason. Only what can be compared for certain
is: other premises are left to the words of the texts, which stand in the answer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from rag.answering.places.cues import cues
from rag.answering.support.names import Aliases
from rag.answering.support.reading import Reader
from rag.answering.wording import say
from rag.domain.answers import Answer, Citation
from rag.domain.ports import Library
from rag.domain.retrieval import Query
from rag.domain.sentences import split_sentences

CUES = Path(__file__).with_name("premises.toml")
_DIGITS = re.compile(r"\d+")
_ACT_YEAR = re.compile(r"(?<![\d/])((?:19|20)\d\d)/\d")

Value = tuple[str, float | str]
"""Its kind ("number" or "act") and what it is, whatever language wrote it. A year is a number."""


class PremiseTeller:
    """Adds a note to answers whose passages lack a value that the question names."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._reader = Reader(Aliases(()))

    def remarked(self, answer: Answer, query: Query) -> Answer:
        """The answer, with the note if there is anything to note."""
        text = _asked(query.text)
        asked = dict(self._values(text, query.language))
        acts = _acts_granted(text)
        if not asked and not acts:
            return answer
        told = [words for citation in answer.citations for words in self._told(citation, query.language)]
        known = {value for text, language in told for value, _ in self._values(text, language)}
        noted = [(note, query.language) for note in answer.notes]  # what a note speaks of needs no other
        figures = {figure for text, _ in [*told, *noted] for figure in _DIGITS.findall(text)}
        named = self._years_of_acts(answer) if _text().search(text) else set()
        missing = [
            written
            for value, written in asked.items()
            if value not in known and not _printed(written, figures | named)
        ]
        missing += [f"“{word}”" for done, word in acts if not any(done.search(text) for text, _ in told)]
        if not missing:
            return answer
        note = say("not_named", query.language, values=", ".join(missing))
        return replace(answer, notes=(*answer.notes, note))

    def _years_of_acts(self, answer: Answer) -> set[str]:
        """Of the acts that the texts cited refer to: "the 2011 directive" is one of them by its number."""
        texts = {c.passage.document for c in answer.citations}
        return {year for text in texts for year in _ACT_YEAR.findall(self._library.document(text).text)}

    def _told(self, citation: Citation, language: str) -> Iterator[tuple[str, str]]:
        """What the citation shows, each text with its language."""
        document = self._library.document(citation.passage.document)
        description = document.description
        yield citation.quote, citation.passage.language
        yield citation.passage.full_text, citation.passage.language
        if citation.translation:
            yield citation.translation.text, citation.translation.language
        yield description.title(language), language
        for words in (citation.passage.label, description.reference, description.date):
            yield words, "en"

    def _values(self, text: str, language: str) -> Iterator[tuple[Value, str]]:
        for sentence in self._reader.read(text, language).sentences:
            for date in sentence.dates:
                if date.year:
                    yield ("number", float(date.year)), date.written
            for quantity in sentence.quantities:
                if _DIGITS.search(
                    quantity.written
                ):  # what is spelt out may be worked out ("nine years before")
                    yield ("number", quantity.measure[1]), quantity.written
            for reference in sentence.references:
                yield ("act", reference.key), reference.written


def _asked(message: str) -> str:
    """Its questions: what somebody tells beside them ("My son of 13 ...") is not asked of the texts."""
    said = [message[start:end] for start, end in split_sentences(message)]
    return " ".join(s for s in said if s.endswith("?")) or message


def _acts_granted(question: str) -> list[tuple[re.Pattern[str], str]]:
    """What the question takes to have been done: how texts would say it, and the question's word for it."""
    granted, acts = _cues()
    if not granted.search(question):
        return []
    return [(done, found[0]) for act, done in acts if (found := act.search(question))]


@cache
def _cues() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]]:
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    rows = ([row] * 2 if isinstance(row, str) else row for row in data["acts"].values())

    def compiled(words: str) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{words})\w*", re.IGNORECASE)

    return (
        re.compile(rf"(?<!\w)(?:{data['granted']})(?!\w)", re.IGNORECASE),
        tuple((compiled(asked), compiled(told)) for asked, told in rows),
    )


@cache
def _text() -> re.Pattern[str]:
    """What a text of the law is called."""
    return re.compile("|".join(f"(?:{kind.pattern})" for kind in cues().texts.values()), re.IGNORECASE)


def _printed(written: str, figures: set[str]) -> bool:
    """Whether its figures stand somewhere as they are, however they were read."""
    mine: Sequence[str] = _DIGITS.findall(written)
    return bool(mine) and set(mine) <= figures
