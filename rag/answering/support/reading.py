"""Reads evidence and statements into sentences with facts, and remembers those read lately."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from rag.answering.support.alignment import Source
from rag.answering.support.facts import Sentence, read_sentence
from rag.answering.support.names import Aliases
from rag.answering.support.vocabulary import guess_language
from rag.answering.support.words import normalise
from rag.domain.sentences import split_sentences

REMEMBERED_SENTENCES = 20_000
REMEMBERED_SOURCES = 64
REMEMBERED_LANGUAGES = 1_000
LANGUAGE_WORDS = 80
"""Words looked at to tell the language of a text."""

SAME_WORDS = 0.5
"""A statement with this share of its words in a text is in the language of the text."""

_PARAGRAPH = re.compile(
    r"\n\s*\n|\n(?=\s*(?:[-*•⇒]|\d{1,2}[.)]|\(?[a-z]\))\s)|(?<=[.!?:;])\s*\n|\n(?=[A-Z#][\w# .]{0,24}:\s)"
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text read: its language and sentences."""

    language: str
    sentences: tuple[Sentence, ...]


class Reader:
    """Safe to share between threads; holds no more than the constants above say."""

    def __init__(self, aliases: Aliases) -> None:
        self._aliases = aliases
        self._sentences: OrderedDict[tuple[str, str], Sentence] = OrderedDict()
        self._sources: OrderedDict[tuple[str, ...], tuple[Source, ...]] = OrderedDict()
        self._lock = Lock()

    def sources(self, evidence: Sequence[str], otherwise: str) -> tuple[Source, ...]:
        """The evidence by language; texts of unknown language are taken to be in `otherwise`."""
        key = (otherwise, *evidence)
        with self._lock:
            if key in self._sources:
                self._sources.move_to_end(key)
                return self._sources[key]
        read = [self.read(text, otherwise=otherwise) for text in evidence]
        languages = Counter(text.language for text in read)
        made = tuple(self._source(read, language) for language in languages)
        with self._lock:
            self._sources[key] = made
            while len(self._sources) > REMEMBERED_SOURCES:
                self._sources.popitem(last=False)
        return made

    def _source(self, read: Sequence[Text], language: str) -> Source:
        numbered = [
            (sentence, number)
            for number, text in enumerate(read)
            if text.language == language
            for sentence in text.sentences
        ]
        return Source(tuple(s for s, _ in numbered), language, tuple(n for _, n in numbered))

    def read(self, text: str, language: str = "", otherwise: str = "en") -> Text:
        """Divide a text into sentences and read each."""
        spoken = language or tell_language(text)
        if spoken == "unknown":
            spoken = otherwise
        pieces: list[str] = []
        for paragraph in _PARAGRAPH.split(text):
            flat = normalise(paragraph)
            pieces.extend(flat[a:b] for a, b in split_sentences(flat, spoken))
        return Text(spoken, tuple(self._sentence(piece, spoken) for piece in pieces if piece))

    def _sentence(self, text: str, language: str) -> Sentence:
        key = (language, text)
        with self._lock:
            if key in self._sentences:
                self._sentences.move_to_end(key)
                return self._sentences[key]
        sentence = read_sentence(text, language, self._aliases)
        with self._lock:
            self._sentences[key] = sentence
            while len(self._sentences) > REMEMBERED_SENTENCES:
                self._sentences.popitem(last=False)
        return sentence


@lru_cache(maxsize=REMEMBERED_LANGUAGES)
def tell_language(text: str) -> str:
    """One of en, nl, da, or "unknown"."""
    words: list[str] = []
    for match in _WORD.finditer(text):
        words.append(match[0].lower())
        if len(words) == LANGUAGE_WORDS:
            break
    return guess_language(words)


def shares_words(statement: str, texts: Sequence[str]) -> bool:
    """Whether the texts use most of the statement's words ("Two men die" is English among English)."""
    words = {match[0].lower() for match in _WORD.finditer(statement)}
    said = {match[0].lower() for text in texts for match in _WORD.finditer(text)}
    return len(words & said) >= SAME_WORDS * len(words)
