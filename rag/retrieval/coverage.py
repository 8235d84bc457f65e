"""How much of a question a passage covers, word by word: a signal of whether it answers at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rag.domain.documents import Description
from rag.domain.passages import Enrichment, Passage
from rag.domain.retrieval import Coverage, Query
from rag.retrieval.analysis import content_words, references, stem
from rag.retrieval.lexical import LexicalIndex

_REMEMBERED = 4096
"""Passages whose stems are kept."""
_REMEMBERED_QUESTIONS = 8
_APART = "\n|\n"
"""Between texts read at once."""
_SHARED_PREFIX = 6
"""Stems that agree this far count as the same word: compounds, and cognates across languages."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question: its stem, weight, and the stems of its counterparts, form by form."""

    word: str
    key: str
    weight: float
    known_anywhere: bool
    otherwise: tuple[tuple[str, ...], ...]


class _Held:
    """The stems of a passage; the joined form makes looking for a shared prefix one search."""

    __slots__ = ("joined", "stems")

    def __init__(self, joined: str) -> None:
        self.stems = frozenset(joined.split("\n"))
        self.joined = joined

    def holds(self, key: str) -> bool:
        if key in self.stems:
            return True
        return len(key) >= _SHARED_PREFIX and key[:_SHARED_PREFIX] in self.joined

    def names(self, word: _Word) -> bool:
        return self.holds(word.key) or any(all(self.holds(s) for s in form) for form in word.otherwise)


def stems_held(passage: Passage, enrichment: Enrichment, description: Description) -> str:
    """One a line: of the passage's words and what is known of it, and the references in its words."""
    texts = [(passage.language, passage.full_text), (passage.language, passage.heading)]
    texts += [(t.language, f"{t.context} {t.text}") for t in enrichment.translations]
    texts += _about(description, passage.language)
    terms = references(_APART.join(text for _, text in texts))
    by_language: dict[str, list[str]] = defaultdict(list)
    for code, text in (*texts, *enrichment.questions):
        by_language[code].append(text)
    stems = {
        stem(word, code)
        for code, found in by_language.items()
        for word in set(content_words(_APART.join(found), code))
    }
    return "\n".join(sorted(stems.union(terms)))


class CoverageMeter:
    """Measures coverage for one index; remembers the stems of passages lately seen."""

    def __init__(self, lexical: LexicalIndex, stems_of: Callable[[str], str]) -> None:
        """`stems_of` a passage, by id: what `stems_held` made."""
        self._lexical = lexical
        self._held = lru_cache(maxsize=_REMEMBERED)(lambda passage: _Held(stems_of(passage)))
        self._asked = lru_cache(maxsize=_REMEMBERED_QUESTIONS)(self._read)

    def measure(self, query: Query, passage_id: str) -> Coverage:
        words, terms = self._asked(query.text, query.language)
        held = self._held(passage_id)
        weights = {w.word: w.weight for w in words}
        found = {w.word: held.names(w) for w in words}
        unheard = frozenset(w.word for w in words if not found[w.word] and not w.known_anywhere)
        for term in terms:
            found[term] = term in held.stems
            weights[term] = max(weights.values(), default=1.0)
        total = sum(weights.values())
        if not total:
            return Coverage(0.0)
        missing = sorted(
            ((w, weights[w]) for w, is_held in found.items() if not is_held), key=lambda m: -m[1]
        )
        share = sum(weights[w] for w, is_held in found.items() if is_held) / total
        return Coverage(share, tuple(missing), unheard)

    def _read(self, text: str, language: str) -> tuple[tuple[_Word, ...], tuple[str, ...]]:
        """The question's words and references: the same for every passage it is held against."""
        words = []
        for word in dict.fromkeys(content_words(text, language)):
            key = stem(word, language)
            forms = [
                tuple(stem(w, code) for w in content_words(form, code))
                for code, named in self._lexical.expansions(word, language).items()
                for form in named
            ]
            rarity, frequency = self._lexical.rarity(key, language), self._lexical.frequency(key, language)
            words.append(_Word(word, key, rarity, bool(frequency), tuple(f for f in forms if f)))
        return tuple(words), tuple(references(text))


def _about(description: Description, language: str) -> list[tuple[str, str]]:
    """What is known of the whole text: a question may name its title, year, number or maker."""
    facts = f"{description.date} {description.date[:4]} {description.reference} {description.institution}"
    return [*description.titles, (language, f"{facts} {description.kind} {description.short_title}")]
