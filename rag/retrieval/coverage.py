"""How much of a question a passage covers, word by word: a signal of whether it answers at all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from rag.domain.documents import Description
from rag.domain.passages import Enrichment, Passage
from rag.domain.retrieval import Coverage, Query
from rag.retrieval.analysis import content_words, fold, references, stem
from rag.retrieval.lexical import LexicalIndex

_REMEMBERED = 4096
"""Passages whose stems are kept."""
_SHARED_PREFIX = 6
"""Stems that agree this far count as the same word: compounds, and cognates across languages."""


class CoverageMeter:
    """Measures coverage for one index; remembers the stems of passages lately seen."""

    def __init__(self, lexical: LexicalIndex, describe: Callable[[str], Description]) -> None:
        self._lexical = lexical
        self._describe = describe
        self._stems: OrderedDict[tuple[str, str], frozenset[str]] = OrderedDict()
        self._lock = Lock()

    def measure(self, query: Query, passage: Passage, enrichment: Enrichment) -> Coverage:
        known = self._stems_of(passage, enrichment, query.language)
        weights: dict[str, float] = {}
        found: dict[str, bool] = {}
        unheard: set[str] = set()
        for word in content_words(query.text, query.language):
            key = stem(word, query.language)
            weights[word] = self._lexical.rarity(key, query.language)
            found[word] = _holds(known, key) or self._named_otherwise(word, query.language, known)
            if not found[word] and not self._lexical.frequency(key, query.language):
                unheard.add(word)
        for term in references(query.text):
            found[term] = term in known
            weights[term] = max(weights.values(), default=1.0)
        total = sum(weights.values())
        if not total:
            return Coverage(0.0)
        missing = sorted(((w, weights[w]) for w, held in found.items() if not held), key=lambda m: -m[1])
        share = sum(weights[w] for w, held in found.items() if held) / total
        return Coverage(share, tuple(missing), frozenset(unheard))

    def _named_otherwise(self, word: str, language: str, known: frozenset[str]) -> bool:
        for code, forms in self._lexical.expansions(word, language).items():
            for form in forms:
                stems = [stem(w, code) for w in content_words(form, code)]
                if stems and all(_holds(known, s) for s in stems):
                    return True
        return False

    def _stems_of(self, passage: Passage, enrichment: Enrichment, language: str) -> frozenset[str]:
        key = (passage.id, language)
        with self._lock:
            if key in self._stems:
                self._stems.move_to_end(key)
                return self._stems[key]
        texts = [(passage.language, passage.full_text), (passage.language, passage.heading)]
        texts += [(t.language, f"{t.context} {t.text}") for t in enrichment.translations]
        texts += [(code, question) for code, question in enrichment.questions]
        texts += _about(self._describe(passage.document), passage.language)
        stems = {stem(w, code) for code, text in texts for w in content_words(text, code)}
        stems |= {term for _, text in texts for term in references(text)}
        frozen = frozenset(stems)
        with self._lock:
            self._stems[key] = frozen
            while len(self._stems) > _REMEMBERED:
                self._stems.popitem(last=False)
        return frozen


def _about(description: Description, language: str) -> list[tuple[str, str]]:
    """What is known of the whole text: a question may name its title, year, number or maker."""
    facts = f"{description.date} {description.date[:4]} {description.reference} {description.institution}"
    return [*description.titles, (language, f"{facts} {description.kind} {description.short_title}")]


def _holds(known: frozenset[str], key: str) -> bool:
    if key in known:
        return True
    if len(key) < _SHARED_PREFIX:
        return False
    head = fold(key)[:_SHARED_PREFIX]
    return any(head in other for other in known)
