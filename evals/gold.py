"""Gold questions: what they hold, and where their evidence stands in the source.

A quote is written as a person reads it; its offsets are derived, never stored. A quote that is
not found in its source is an error of the suite, never a zero for the product.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.domain.errors import RulesError
from rag.domain.spans import Span

SUITES = Path(__file__).with_name("suites")
_SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_LINK_TARGET = re.compile(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")


class SuiteError(RulesError):
    """A gold record is malformed or its quote is not in the source."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a source that answer, wholly or in part."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldTurn:
    """An earlier turn of a follow-up."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """One question in one language; `base` names what its translations share.

    `split` is "development" or "test"; `kind` the reply expected ("answer", "abstention",
    "referral", "refusal", "smalltalk"); `type` the question type or, for the others, the category.
    `facts` are lists of surface forms any of which counts.
    """

    id: str
    base: str
    language: str
    split: str
    kind: str
    type: str
    question: str
    style: str = ""
    evidence: tuple[Quote, ...] = ()
    also: tuple[Quote, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    history: tuple[GoldTurn, ...] = ()
    note: str = ""

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of the texts the evidence stands in."""
        return tuple(dict.fromkeys(q.document for q in self.evidence))


def load_suites(folder: Path = SUITES) -> tuple[GoldQuestion, ...]:
    """Every question of every suite. Raises SuiteError naming file and line."""
    return tuple(one for path in sorted(folder.glob("*.jsonl")) for one in load_suite(path))


def load_suite(path: Path) -> tuple[GoldQuestion, ...]:
    """The questions of one file. Raises SuiteError naming file and line."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return tuple(_question(line, f"{path.name}, line {number}") for number, line in lines if line.strip())


def _question(line: str, where: str) -> GoldQuestion:
    try:
        data = json.loads(line)
        return GoldQuestion(
            id=data["id"],
            base=data["base"],
            language=data["language"],
            split=data["split"],
            kind=data.get("kind_expected", "answer"),
            type=data.get("type") or data["category"],
            question=data["question"],
            style=data.get("style", ""),
            evidence=_quotes(data.get("evidence", ())),
            also=_quotes(data.get("also", ())),
            facts=tuple(tuple(forms) for forms in data.get("facts", ())),
            history=tuple(GoldTurn(t["question"], t.get("answer", "")) for t in data.get("history") or ()),
            note=data.get("note", ""),
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise SuiteError(f"{where}: {error!r} is missing or malformed. Correct the record.") from error


def _quotes(data: Iterable[Mapping[str, str]]) -> tuple[Quote, ...]:
    return tuple(Quote(q["document"], q["quote"]) for q in data)


class SourceFinder:
    """Finds quotes in source texts, blind to mark-up, note markers and line breaks."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._plain = {id: _plain(text) for id, text in texts.items()}

    def find(self, quote: Quote) -> Span:
        """The source range of the quote. Raises SuiteError if it is not there."""
        if quote.document not in self._plain:
            raise SuiteError(f"There is no text '{quote.document}' for the quote {quote.quote[:60]!r}.")
        plain, offsets = self._plain[quote.document]
        wanted, _ = _plain(quote.quote)
        at = plain.find(wanted.strip())
        if at < 0 or not wanted.strip():
            raise SuiteError(f"{quote.document} does not hold {quote.quote[:90]!r}. Correct the quote.")
        return Span(offsets[at], offsets[at + len(wanted.strip()) - 1] + 1)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text without mark-up and doubled white space, and where each character came from."""
    dropped = {i for m in _LINK_TARGET.finditer(text) for i in range(*m.span())}
    characters: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        if index in dropped or character in _SUPERSCRIPTS or character in "*_\\[":
            continue
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "
        characters.append(character)
        offsets.append(index)
    return "".join(characters), offsets


def found_share(evidence: Span, text: str, spans: Iterable[Span]) -> float:
    """The share of the evidence's letters and digits that the spans cover."""
    inside = bytearray(len(evidence))
    for span in spans:
        for position in range(max(span.start, evidence.start), min(span.end, evidence.end)):
            inside[position - evidence.start] = 1
    letters = [i for i in range(len(evidence)) if text[evidence.start + i].isalnum()]
    return sum(inside[i] for i in letters) / len(letters) if letters else 0.0
