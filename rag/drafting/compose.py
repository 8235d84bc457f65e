"""From questions to the parts of a draft: answers, what the texts do not say, and what else was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.domain.answers import Answer, Citation, Referral, Response, SmallTalk
from rag.domain.passages import Translation
from rag.domain.ports import LanguageIdentifier, Library, Verifier
from rag.domain.retrieval import Hit
from rag.domain.sentences import split_sentences
from rag.drafting.citing import cited, cited_hit
from rag.drafting.sheet import Cited, Standing
from rag.drafting.standing import judge

Ask = Callable[[str, str], Response]
"""Question and language of the reply. Raises QuestionError."""
Search = Callable[[str, str, int], Sequence[Hit]]

LANGUAGES = ("en", "nl", "da")
ALTERNATIVES = 8
MOST_CITED = 30
"""Passages looked through for the translations of those cited."""
SHORTEST_LINE, LONGEST_LINE = 30, 220
"""Characters of a line to take: short enough to be quoted whole, long enough to say something."""
_LEANING = re.compile(
    r"^(?:\W*)(?:this|these|it|they|such|those|he|she|depending|also|moreover|in addition|furthermore|"
    r"dit|deze|die|dat|zij|hij|daar|daarnaast|ook|hiervoor|afhankelijk|"
    r"dette|disse|det|den|de|dem|derudover|desuden|også|herunder)\b|"
    r"\b(?:following|volgende|følgende)\W*$|:\s*$|\b(?:these|this|such|deze|dit|dette|disse)\b",
    re.IGNORECASE,
)
"""Words by which a sentence leans on one that is not quoted with it."""
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


@dataclass(frozen=True, slots=True)
class DraftSentence:
    text: str
    standing: Standing
    reasons: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """A passage beside the answer; `rank` from 1, 0 for one that an officer looked up."""

    rank: int
    score: float
    cited: Cited
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class DraftPart:
    """`notes` are for the officer, not for the journalist."""

    kind: str
    question: str
    outcome: str
    sentences: tuple[DraftSentence, ...]
    alternatives: tuple[Alternative, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes parts in one language over one library."""

    ask: Ask
    search: Search
    library: Library
    verifier: Verifier
    house: Mapping[str, str]
    """Texts of the house style in the reply's language; "not_in_texts" and "not_for_us" are used here."""
    languages: LanguageIdentifier | None = None
    """Names a question's own language, in which it is asked; without it, the reply's is taken."""

    def parts(self, questions: Sequence[str], language: str) -> tuple[DraftPart, ...]:
        """A part for each question, and the lines to take where there are any."""
        answered = tuple(self.part(question, language) for question in questions)
        lines = lines_to_take(answered)
        return (*answered, lines) if lines else answered

    def part(self, question: str, language: str) -> DraftPart:
        spoken = self.spoken(question, language)
        response = self.ask(question, spoken)
        alternatives = self.alternatives(question, language)
        reply = response.reply
        match reply:
            case Answer():
                same = spoken == language
                sentences = (
                    self._sentences(reply, language) if same else self._rendered(question, reply, language)
                )
                notes = (*reply.notes, *worded_by(reply), *unmet_numbers(question, sentences))
                return DraftPart("question", question, "answer", sentences, alternatives, notes)
            case Referral():
                outcome, text = "referral", self.house["not_for_us"]
                notes = (reply.message,)
            case SmallTalk():
                outcome, text, notes = "abstention", self.house["not_in_texts"], ()
            case _:
                outcome, text, notes = "abstention", self.house["not_in_texts"], (reply.message,)
        own = (DraftSentence(text, "own words"),)
        return DraftPart("question", question, outcome, own, alternatives, notes)

    def alternatives(
        self, question: str, language: str, limit: int = ALTERNATIVES
    ) -> tuple[Alternative, ...]:
        hits = self.search(question, self.spoken(question, language), limit)
        return tuple(
            Alternative(rank, round(hit.score, 4), cited_hit(hit, self.library, language))
            for rank, hit in enumerate(hits, start=1)
        )

    def spoken(self, question: str, language: str) -> str:
        """The language to ask the question in: its own, if it is one of those spoken here."""
        found = self.languages.identify(question) if self.languages else ""
        return found if found in LANGUAGES else language

    def _rendered(self, question: str, answer: Answer, language: str) -> tuple[DraftSentence, ...]:
        """An answer found in the question's language, told in the reply's: what it cites, translated."""
        hits = self.search(question, self.spoken(question, language), MOST_CITED)
        known = {hit.passage.id: hit.enrichment for hit in hits}
        made: list[DraftSentence] = []
        for citation in answer.citations:
            enrichment = known.get(citation.passage.id)
            translation = enrichment.translation(language) if enrichment else None
            told = told_in(citation, translation)
            shown = replace(translation, text=" ".join(told)) if translation else None
            source = cited(replace(citation, translation=shown), self.library, language)
            for text in told:
                judged = judge(text, (source,), self.verifier)
                made.append(DraftSentence(text, judged.standing, judged.reasons, (source,)))
        return tuple(made)

    def _sentences(self, answer: Answer, language: str) -> tuple[DraftSentence, ...]:
        by_number: dict[int, Citation] = {c.number: c for c in answer.citations}
        made = []
        for statement in answer.statements:
            sources = tuple(cited(by_number[n], self.library, language) for n in statement.citations)
            judged = judge(statement.text, sources, self.verifier)
            made.append(DraftSentence(statement.text, judged.standing, judged.reasons, sources))
        return tuple(made)


def told_in(citation: Citation, translation: Translation | None) -> tuple[str, ...]:
    """The cited sentences as the translation tells them, or in their own words where there is none.

    Sentence answers to sentence where both have as many; else the whole translation is told.
    """
    passage = citation.passage
    own = _split(passage.text)
    picked = [i for i, sentence in enumerate(own) if sentence in citation.quote] or list(range(len(own)))
    if translation is None:
        return tuple(own[i] for i in picked)
    told = _split(translation.text)
    chosen = [told[i] for i in picked] if len(told) == len(own) else told
    if translation.context and passage.context_text and passage.context_text in citation.quote and chosen:
        chosen[0] = f"{translation.context.rstrip()} {chosen[0]}"
    return tuple(chosen)


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def lines_to_take(parts: Sequence[DraftPart]) -> DraftPart | None:
    """The shortest quotable sentence of each answer that its source bears out."""
    lines: list[DraftSentence] = []
    for part in parts:
        fit = [
            s
            for s in part.sentences
            if s.standing == "supported"
            and SHORTEST_LINE <= len(s.text) <= LONGEST_LINE
            and not _LEANING.search(s.text)
        ]
        if fit and part.kind == "question":
            line = min(fit, key=lambda s: len(s.text))
            if line.text not in [one.text for one in lines]:
                lines.append(line)
    return DraftPart("lines", "", "lines", tuple(lines)) if lines else None


def worded_by(answer: Answer) -> tuple[str, ...]:
    """A note where a language model chose the words: the source's own stand under each sentence."""
    if answer.answerer == "extractive":
        return ()
    return (f"Worded by {answer.answerer} and checked; the source's own words stand under each sentence.",)


def unmet_numbers(question: str, sentences: Sequence[DraftSentence]) -> tuple[str, ...]:
    """A note on numbers the question takes for granted and no cited passage holds."""
    quoted = " ".join(
        f"{one.quote} {one.label} {one.title} {one.reference} {one.date}"
        for s in sentences
        for one in s.citations
    )
    known = set(_NUMBER.findall(quoted))
    missing = [n for n in dict.fromkeys(_NUMBER.findall(question)) if n not in known]
    if not missing:
        return ()
    return (f"Check the premise: the question says {', '.join(missing)}, and no cited passage does.",)
