"""Asks each of the texts that a question compares, so that all of them are heard.

"What do the 2019 conclusions and the 2020 strategy say about encryption?", "What does each text say about
encryption?": a search of all texts at once finds most in one of them. Shy, like all that takes a question
apart: the texts must be named, and either compared in so many words, named side by side, or named each
after "according to"; or every text must be asked what it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from rag.answering.places.cues import Pattern, cues
from rag.answering.places.mentions import TextMention, according, compares, joint, text_mentions
from rag.answering.places.naming import Card, card_of
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Query, QuestionPart

MOST_TEXTS = 4
MOST_WORDS_BETWEEN = 4
"""Between texts named side by side: "the conclusions of 2019 and the strategy"."""

MOST_TEXTS_HEARD = 8
"""Of a larger library not every text is asked: nobody reads that many answers."""
MOST_WORDS_OF_FRAME = 5
FEWEST_WORDS_LEFT = 3
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"\b[A-ZÆØÅ]\w{2,}")


class TextComparer:
    """Divides a question by the texts it compares."""

    def __init__(self, library: EnrichedLibrary) -> None:
        self._library = library
        self._cards: tuple[str, tuple[Card, ...]] = ("", ())

    def divide(self, query: Query, fingerprint: str) -> tuple[QuestionPart, ...]:
        """For each text (or each institution's texts): what to call it, and its question, without the
        names of the others; nothing if none are compared.

        `fingerprint` names the index that is served, so that its texts are read once.
        """
        every = self._each_text(query, fingerprint)
        if every:
            return every
        mentions = text_mentions(query.text, self._cards_of(fingerprint))
        if cited := _cited_in_turn(query.text, mentions):
            return self._asked_of(_groups(cited), query, _without(cited, query.text))
        topic = _topic(query.text)
        if topic and (named := _named_in_turn(query.text, mentions)):
            return self._asked_of(_groups(named), query, _says(topic, query), named=True)
        groups = _groups(mentions)
        if not 1 < len(groups) <= MOST_TEXTS or sum(map(len, groups)) > len(frozenset().union(*groups)):
            return ()
        if not compares().search(query.text) and not _side_by_side(query.text, mentions):
            return ()
        return tuple(
            QuestionPart(
                f"{query.text} ({self._called(group)})",
                Query(_about(group, query.text, mentions), query.language, group),
                speaker=self._called(group),
            )
            for group in groups
        )

    def alone(self, query: Query, fingerprint: str) -> QuestionPart | None:
        """The question asked of the one text that it names; None if it names none, or several."""
        mentions = text_mentions(query.text, self._cards_of(fingerprint))
        groups = _groups(mentions)
        if len(groups) != 1 or len(groups[0]) != 1 or not any(m.dated or m.of_a_kind for m in mentions):
            return None
        topic = _topic(query.text)
        asked = _says(topic, query) if topic else query.text
        part = self._asked_of(groups, query, asked, named=bool(topic))[0]
        return replace(part, sought=any(m.dated and m.of_a_maker for m in mentions))

    def elsewhere(self, part: QuestionPart) -> QuestionPart | None:
        """The same asked of all other texts, where none of the names asked about stands in the part's own
        ones ("WeProtect"): what comes nearest there is not about it. None where it does, or no name is asked."""
        topic = _topic(part.query.text)
        names = [word.casefold() for word in _NAME.findall(topic)]
        others = {d.id for d in self._library.documents()} - part.query.documents
        if not names or not others or any(name in self._words(part.query.documents) for name in names):
            return None
        return replace(part, query=replace(part.query, documents=frozenset(others)), speaker="")

    def _words(self, texts: frozenset[str]) -> str:
        """All that stands in these texts and was written about them."""
        found: list[str] = []
        for passage in (p for text in texts for p in self._library.passages(text)):
            known = self._library.enriched(passage.id)
            told = [t.text for t in known[1].translations] if known else []
            asked = [question for _, question in known[1].questions] if known else []
            found += [passage.heading, passage.full_text, *told, *asked]
        return "\n".join(found).casefold()

    def _each_text(self, query: Query, fingerprint: str) -> tuple[QuestionPart, ...]:
        """Every text's question, if that is what is asked."""
        found = _every().search(query.text)
        topic = _topic(query.text)
        if found is None or not topic:
            return ()
        cards = self._cards_of(fingerprint)
        makers = {name for name, cue in cues().institutions.items() if cue.search(found[0])}
        texts = [card.id for card in cards if makers <= card.institutions]
        if not 1 < len(texts) <= MOST_TEXTS_HEARD:
            return ()
        return self._asked_of([frozenset({text}) for text in texts], query, _says(topic, query), named=True)

    def _asked_of(
        self, groups: Sequence[frozenset[str]], query: Query, asked: str, *, named: bool = False
    ) -> tuple[QuestionPart, ...]:
        """The same question of each of them."""
        return tuple(
            QuestionPart(
                f"{query.text} ({self._called(group)})",
                Query(asked, query.language, group),
                speaker=self._called(group),
                named=named,
            )
            for group in groups
        )

    def _cards_of(self, fingerprint: str) -> tuple[Card, ...]:
        known, cards = self._cards
        if known != fingerprint:
            cards = tuple(map(card_of, self._library.documents()))
            self._cards = fingerprint, cards
        return cards

    def _called(self, texts: frozenset[str]) -> str:
        found = (self._library.document(text).description.short_title or text for text in sorted(texts))
        return ", ".join(found)


def _side_by_side(question: str, mentions: Sequence[TextMention]) -> bool:
    """Whether they are dated, and joined to each other ("and", "versus")."""
    return all(m.dated for m in mentions) and _joined(question, mentions)


def _joined(question: str, mentions: Sequence[TextMention]) -> bool:
    between = [question[one.end : other.start] for one, other in pairwise(mentions)]
    return all(joint().search(words) and len(_WORD.findall(words)) <= MOST_WORDS_BETWEEN for words in between)


def _several(mentions: Sequence[TextMention]) -> bool:
    """Whether they are some texts, each of them once."""
    groups = {m.texts for m in mentions}
    return 1 < len(groups) <= MOST_TEXTS and sum(map(len, groups)) == len(frozenset().union(*groups))


def _groups(mentions: Sequence[TextMention]) -> list[frozenset[str]]:
    return list(dict.fromkeys(m.texts for m in mentions))


def _without(run: Sequence[TextMention], question: str) -> str:
    """The question without "according to" these texts."""
    before = according().sub("", question[: run[0].start]).rstrip(" ,")
    return " ".join(f"{before}{question[run[-1].end :]}".split()).lstrip(" ,")


def _cited_in_turn(question: str, mentions: Sequence[TextMention]) -> Sequence[TextMention]:
    """Texts named each after "according to", or joined to one that is."""
    run: list[TextMention] = []
    for mention in mentions:
        before = question[run[-1].end if run else 0 : mention.start]
        if according().search(before) or (run and _and_only().fullmatch(before)):
            run.append(mention)
    return run if _several(run) and _joined(question, run) else ()


def _named_in_turn(question: str, mentions: Sequence[TextMention]) -> Sequence[TextMention]:
    """Texts of a kind or a year, named side by side before what they say."""
    if compares().search(question):
        return ()
    says = _says_of().search(question)
    run = [m for m in mentions if (m.dated or m.of_a_kind) and says and m.end <= says.start("about")]
    return run if _several(run) and _joined(question, run) else ()


def _topic(question: str) -> str:
    """What texts are asked to say something about."""
    found = _says_of().search(question)
    return question[found.end("about") :].strip(" ?.!") if found else ""


def _says(topic: str, query: Query) -> str:
    """The question what one text says of it, in as many words in every language."""
    return cues().says_of.get(query.language, "{topic}?").format(topic=topic)


def _about(texts: frozenset[str], question: str, mentions: Sequence[TextMention]) -> str:
    """The question without what names other texts."""
    for mention in reversed(mentions):
        if mention.texts != texts:
            question = f"{question[: mention.start].rstrip()} {question[mention.end :].lstrip()}"
    return _unframed(question.strip())


def _unframed(question: str) -> str:
    """Without "What is the difference between ..." and "... and where do they differ?"."""
    body, comma, tail = question.rpartition(",")
    if comma and len(tail.split()) <= MOST_WORDS_OF_FRAME and compares().search(tail):
        question = body
    found = _frame().match(question)
    if found and len(question[found.end() :].split()) >= FEWEST_WORDS_LEFT:
        return question[found.end() :]
    return question


@cache
def _frame() -> Pattern:
    words = cues().words
    before = rf"(?:[\w'’]+\s+){{0,{MOST_WORDS_OF_FRAME - 1}}}?"
    between = rf"(?:[\s,:]+(?:{words['compared']})(?!\w))*[\s,:]*"
    return re.compile(rf"{before}(?:{words['frames']})(?!\w){between}", re.IGNORECASE)


@cache
def _every() -> Pattern:
    words = cues().words
    makers = "|".join(cue.pattern for cue in cues().institutions.values())
    counted = rf"(?:(?:{words['counts']})\s+)"
    texts = rf"(?:(?:{makers})\s+)?(?:{words['texts']})"
    return re.compile(
        rf"(?<!\w)(?:(?:{words['every']})\s+{counted}?{texts}|(?:{words['articles']})\s+{counted}{texts})(?!\w)",
        re.IGNORECASE,
    )


@cache
def _says_of() -> Pattern:
    """That it is asked what a text says of something."""
    words = cues().words
    return re.compile(
        rf"(?<!\w)(?:{words['says']})(?!\w).*?(?<!\w)(?P<about>{words['about']})(?!\w)", re.IGNORECASE
    )


@cache
def _and_only() -> Pattern:
    words = cues().words
    return re.compile(rf"\W*(?:{words['joins']})\W+(?:(?:{words['articles']})\W+)?", re.IGNORECASE)
