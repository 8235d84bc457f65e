"""How much of a question a passage covers, word by word: a signal of whether it answers at all."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

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

    def __init__(self, lexical: LexicalIndex) -> None:
        self._lexical = lexical
        self._stems: OrderedDict[tuple[str, str], frozenset[str]] = OrderedDict()
        self._lock = Lock()

    def measure(self, query: Query, passage: Passage, enrichment: Enrichment) -> Coverage:
        known = self._stems_of(passage, enrichment, query.language)
        weights: dict[str, float] = {}
        found: dict[str, bool] = {}
        for word in content_words(query.text, query.language):
            key = stem(word, query.language)
            weights[word] = self._lexical.rarity(key, query.language)
            found[word] = _holds(known, key) or self._named_otherwise(word, query.language, known)
        for term in references(query.text):
            found[term] = term in known
            weights[term] = max(weights.values(), default=1.0)
        total = sum(weights.values())
        if not total:
            return Coverage(0.0)
        missing = sorted(((w, weights[w]) for w, held in found.items() if not held), key=lambda m: -m[1])
        return Coverage(sum(weights[w] for w, held in found.items() if held) / total, tuple(missing))

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
        stems = {stem(w, code) for code, text in texts for w in content_words(text, code)}
        stems |= set(references(passage.full_text))
        frozen = frozenset(stems)
        with self._lock:
            self._stems[key] = frozen
            while len(self._stems) > _REMEMBERED:
                self._stems.popitem(last=False)
        return frozen


def _holds(known: frozenset[str], key: str) -> bool:
    if key in known:
        return True
    if len(key) < _SHARED_PREFIX:
        return False
    head = fold(key)[:_SHARED_PREFIX]
    return any(head in other for other in known)
