"""Names the language of a text, the shortest questions included.

Two witnesses are heard: the small words of a language (function_words.toml) and lingua's n-gram models.
The first decides most short questions, the second longer ones. Languages the service does not speak are
named all the same, so that nobody is answered in the wrong one; what cannot be told is "unknown".
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

SERVED = ("en", "nl", "da")
UNKNOWN = "unknown"

READ_CHARACTERS = 2_000
"""A longer text shows its language in this much of it; identification stays a few milliseconds."""

WORD_WEIGHT = 0.7
SERVED_PRIOR = 0.15
LEAST_SCORE = 0.45
LEAST_LEAD = 0.03
"""Set on the table of short questions in tests/models/test_languages.py (2026-11-22)."""

FEW_WORDS = 2

HEADING_WORDS = 4
"""Fewer words in capitals are taken for abbreviations."""

WORD = re.compile(r"[^\W\d_]+")
NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\b[A-Z]{2,}\b(?:\(\d{4}\))?")


class LinguaIdentifier:
    """A `LanguageIdentifier`; lingua is loaded at the first text (about 0.2 s, 35 MB)."""

    def __init__(self) -> None:
        self._detector: LanguageDetector | None = None

    def identify(self, text: str) -> str:
        """The ISO 639-1 code of the language of `text`, or "unknown"."""
        shown = text[:READ_CHARACTERS]
        prose = shown if _is_heading(shown) else NOT_PROSE.sub(" ", shown)
        words = [word for word in (w.casefold() for w in WORD.findall(prose)) if word not in names()]
        if not words:
            return UNKNOWN
        scores = self._scores(" ".join(words), words)
        (score, best), (second, _) = sorted(((v, k) for k, v in scores.items()), reverse=True)[:2]
        if score < LEAST_SCORE or score - second < LEAST_LEAD:
            return UNKNOWN
        return best

    def _scores(self, prose: str, words: list[str]) -> dict[str, float]:
        evidence = word_evidence(words)
        scores = defaultdict(float, dict.fromkeys(SERVED, SERVED_PRIOR))
        for language, share in evidence.items():
            scores[language] += WORD_WEIGHT * share
        # One or two words that a served language knows are not lingua's to give to another.
        ours = len(words) <= FEW_WORDS and any(evidence[language] for language in SERVED)
        for language, confidence in self._confidences(prose):
            if language in SERVED or not ours:
                scores[language] += confidence
        if not any(word in only_norwegian() for word in words):
            # Written Norwegian and Danish share most words: without a word that Danish lacks, it is Danish.
            scores["da"] += max(0.0, scores["nb"] - WORD_WEIGHT * evidence["nb"])
            scores["nb"] = 0.0
        return scores

    def _confidences(self, prose: str) -> list[tuple[str, float]]:
        if self._detector is None:
            self._detector = _build_detector()
        found = self._detector.compute_language_confidence_values(prose)
        return [(value.language.iso_code_639_1.name.lower(), value.value) for value in found]


def word_evidence(words: list[str]) -> dict[str, float]:
    """Per language, how many of the words are its own; a word of several languages is shared out."""
    evidence: dict[str, float] = defaultdict(float)
    for word in words:
        languages = speakers().get(word, ())
        for language in languages:
            evidence[language] += 1 / len(languages)
    return evidence


@cache
def _tables() -> dict[str, frozenset[str]]:
    source = resources.files("rag.models").joinpath("function_words.toml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(source).items()}


@cache
def names() -> frozenset[str]:
    """Names and terms that are the same in every language, and so show none."""
    return _tables()["names"]


def _is_heading(text: str) -> bool:
    return text.isupper() and len(WORD.findall(text)) >= HEADING_WORDS


@cache
def speakers() -> dict[str, tuple[str, ...]]:
    """Word to the languages that have it."""
    table: dict[str, list[str]] = {}
    for language, words in _tables().items():
        if language == "names":
            continue
        for word in words:
            table.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in table.items()}


@cache
def only_norwegian() -> frozenset[str]:
    return frozenset(
        word for word, languages in speakers().items() if "nb" in languages and "da" not in languages
    )


def _build_detector() -> LanguageDetector:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [
        getattr(IsoCode639_1, code.upper())
        for code in ("en", "nl", "da", "de", "fr", "sv", "nb", "es", "it", "pt", "pl", "fi")
    ]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
