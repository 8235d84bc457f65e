"""What was asked, where its evidence stands, and what the service did: all that metrics look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evals.gold import GoldQuestion, Quote, SourceFinder
from rag.domain.spans import Span, Spans
from rag.wire import ReplyLine

POLICY_KINDS = ("answer", "abstention")
"""Kinds expected of ordinary questions; the others are referrals, refusals and small talk."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a source text, by position."""

    document: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Case:
    """A gold question with its evidence placed in the source.

    `texts` are the source texts by id; `languages` say in what language each is.
    """

    question: GoldQuestion
    evidence: tuple[Place, ...]
    also: tuple[Place, ...]
    texts: Mapping[str, str]
    languages: Mapping[str, str]

    @property
    def pair(self) -> str:
        """Question language and language of the evidence: "nl-da"; several texts join theirs: "nl-da+en"."""
        of_texts = sorted({self.languages[place.document] for place in self.evidence})
        return f"{self.question.language}-{'+'.join(of_texts)}" if of_texts else ""


@dataclass(frozen=True, slots=True)
class Observation:
    """What the service did with a case.

    `route` is the reply's kind: answer, abstention, referral, refusal, smalltalk or error; `cared`
    whether help was pointed to, alone or with an answer. `hits` are what a search finds, best first;
    `spoken` is the language the reply's text was identified as ("unknown" if too short to say).
    """

    case: Case
    reply: ReplyLine
    route: str
    cared: bool
    hits: tuple[Place, ...]
    spoken: str

    @property
    def answered(self) -> bool:
        return self.route == "answer"

    @property
    def cited(self) -> tuple[Place, ...]:
        """The citations of an answer; those of an abstention are suggestions and do not count."""
        if not self.answered:
            return ()
        return tuple(
            Place(c.document, tuple(Span(start, end) for start, end in c.spans)) for c in self.reply.citations
        )


def place(
    question: GoldQuestion, finder: SourceFinder, texts: Mapping[str, str], languages: Mapping[str, str]
) -> Case:
    """The case of a question. Raises SuiteError if a quote is not in its source."""

    def placed(quotes: tuple[Quote, ...]) -> tuple[Place, ...]:
        return tuple(Place(q.document, (finder.find(q),)) for q in quotes)

    return Case(question, placed(question.evidence), placed(question.also), texts, languages)
