"""What is taken of a passage for an answer, and how several such excerpts are told as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answering.extractive.arrangement import same_list
from rag.answering.extractive.leaning import introduces
from rag.answering.wording import say
from rag.domain.answers import Answer, Citation, Statement
from rag.domain.passages import Passage, PassageKind, Translation
from rag.domain.spans import Spans

LEAST_REPEATED = 20
"""Characters: shorter words at the end of a sentence may be a statement of their own elsewhere."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is taken of one passage: source spans, quote, what leads in, and sentences to show.

    `led_in` is the place among them of the one that the lead-in leads in to.
    """

    passage: Passage
    spans: Spans
    quote: str
    lead: str
    shown: tuple[str, ...]
    translation: Translation | None
    led_in: int = 0
    note_first: bool = False
    """Whether the footnote itself is what is wanted, and the sentence that calls it explains it."""

    def told_after(self, earlier: Excerpt | None) -> tuple[str, ...]:
        """The sentences with what leads in to them, unless that was just said of the item before."""
        if not self.lead or not self.shown:
            return self.shown
        if self.passage.kind is not PassageKind.LIST_ITEM:
            return (*self.shown, self.lead) if self.note_first else (self.lead, *self.shown)
        if earlier and earlier.leads_in_to(self):
            return self.shown
        led = f"{self.lead.rstrip()} {self.shown[self.led_in]}"
        return (*self.shown[: self.led_in], led, *self.shown[self.led_in + 1 :])

    def leads_in_to(self, item: Excerpt) -> bool:
        """Whether a person who has just read this needs no lead-in to the item."""
        if same_list(self.passage, item.passage):
            return self.lead == item.lead
        return item.passage.group == self.passage.id and bool(self.shown) and introduces(self.shown[-1])


def told_of(excerpts: Sequence[Excerpt]) -> Answer | None:
    """What is shown of them, each sentence once; None if there is nothing."""
    if not excerpts:
        return None
    citations = tuple(
        Citation(number, e.passage, e.spans, e.quote, e.translation)
        for number, e in enumerate(excerpts, start=1)
    )
    sources: dict[str, list[int]] = {}
    for number, (earlier, excerpt) in enumerate(pairwise((None, *excerpts)), start=1):
        for text in excerpt.told_after(earlier) if excerpt else ():
            # Two footnotes may share their sentence, and a footnote may be called by an item told before.
            said = next((told for told in sources if _says_again(told, text)), text)
            sources.setdefault(said, []).append(number)
    statements = tuple(Statement(text, tuple(dict.fromkeys(n))) for text, n in sources.items())
    return Answer(statements, citations, confidence=0.0)


def repeats(excerpt: Excerpt, earlier: Sequence[Excerpt]) -> bool:
    words = " ".join(excerpt.told_after(None)).casefold()
    return any(words in " ".join(e.told_after(None)).casefold() for e in earlier)


def original_words(answer: Answer, language: str) -> list[str]:
    """The first translated quotation as it was written, for a reader who might take ours for it."""
    first = next((c for c in answer.citations if c.translation), None)
    return [say("translated_quote", language, words=first.quote)] if first else []


def _says_again(told: str, text: str) -> bool:
    """Whether the sentence is the same as one told before, or all of its last part."""
    told, text = told.rstrip(" .;,"), text.rstrip(" .;,")
    return told == text or (len(text) >= LEAST_REPEATED and told.endswith(f" {text}"))
