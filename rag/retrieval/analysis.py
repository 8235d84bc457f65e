"""Turns text into index terms: stems, character n-grams, references and numbers.

Dutch and Danish write compounds as one word ("kinderpornografie", "strafferegistre");
character 5-grams find their parts where a stem cannot (McNamee & Mayfield, 2004,
"Character N-Gram Tokenization for European Language Text Retrieval").
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import local

import Stemmer

from rag.retrieval.stopwords import STOPWORDS

GRAM = 5
"""Characters in an n-gram; 5 served Dutch best in the measurements the design reports."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?", re.UNICODE)
_ACT = re.compile(
    r"\b(?:COM|SEC|SWD|JOIN|ST|PE|CELEX)\s*[(/\s]\s*(\d{4})[)/\s]{1,2}0*(\d{1,5})\b", re.IGNORECASE
)
_SLASHED = re.compile(r"\b(\d{2,5})/(\d{1,5})(?:/[A-ZÆØÅ]{2,4})?\b")
_ARTICLE = re.compile(
    r"\b(?:article|articles|artikel|artikelen|artikler|artiklen|art\.?)\s+(\d{1,3})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile("\\b\\d{1,3}(?:[., \u00a0\u202f]\\d{3})+\\b|\\b\\d+\\b")
_SNOWBALL = {
    "en": "english", "nl": "dutch", "da": "danish", "de": "german", "fr": "french", "es": "spanish",
    "it": "italian", "pt": "portuguese", "sv": "swedish", "no": "norwegian", "nb": "norwegian",
    "fi": "finnish", "ro": "romanian", "hu": "hungarian",
}  # fmt: skip
_local = local()


def fold(text: str) -> str:
    """Lower case without accents; å, ø and æ stay letters of their own as aa, oe, ae."""
    text = text.lower().replace("å", "aa").replace("ø", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words as written, lower case."""
    return [w.lower() for w in _WORD.findall(text)]


def content_words(text: str, language: str) -> list[str]:
    """The words that carry meaning: stop words of the language left out."""
    stop = STOPWORDS.get(language, frozenset())
    return [w for w in words(text) if w not in stop]


def stem(word: str, language: str) -> str:
    """The Snowball stem, accents folded; languages without a stemmer keep the word."""
    return _stem(word, language)


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    return fold(stemmer.stemWord(word) if stemmer else word)


def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _SNOWBALL.get(language)
    if name is None:
        return None
    stemmers: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if name not in stemmers:  # a Stemmer is not thread-safe
        stemmers[name] = Stemmer.Stemmer(name)
    return stemmers[name]


def stems(text: str, language: str) -> list[str]:
    """Stems of the content words, in order, repeats kept."""
    return [stem(w, language) for w in content_words(text, language)]


def grams(text: str, language: str) -> list[str]:
    """Character n-grams of the longer content words; a word of up to `GRAM` letters stands whole."""
    found: list[str] = []
    for word in content_words(text, language):
        folded = fold(word)
        if len(folded) <= GRAM:
            found.append(folded)
        else:
            found.extend(folded[i : i + GRAM] for i in range(len(folded) - GRAM + 1))
    return found


def references(text: str) -> list[str]:
    """Acts, articles and numbers as language-free terms.

    "COM(2016) 871" -> com2016x871, "2011/93/EU" -> act2011x93, "artikel 22" -> art22,
    "725 000", "725,000" and "725.000" -> num725000.
    """
    found = [f"com{year}x{number}" for year, number in _ACT.findall(text)]
    found += [f"act{a}x{b}" for a, b in _SLASHED.findall(text)]
    found += [f"art{number}" for number in _ARTICLE.findall(text)]
    found += [f"num{re.sub(r'[^0-9]', '', n).lstrip('0') or '0'}" for n in _NUMBER.findall(text)]
    return found
