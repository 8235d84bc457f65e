"""The field's terms across languages: a question's terms name their counterparts in the others."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

from rag.domain.errors import CorpusError
from rag.retrieval.analysis import stem, words

LANGUAGES = ("en", "nl", "da")
_LONGEST_TERM_WORDS = 6


class Glossary:
    """Looks up terms by their stems, longest first."""

    def __init__(self, terms: list[dict[str, list[str]]]) -> None:
        self._terms = terms
        self._by_stems: dict[str, dict[tuple[str, ...], list[int]]] = {
            language: defaultdict(list) for language in LANGUAGES
        }
        for index, term in enumerate(terms):
            for language in LANGUAGES:
                for form in term.get(language, ()):
                    key = _key(form, language)
                    if key and index not in self._by_stems[language][key]:
                        self._by_stems[language][key].append(index)

    def __len__(self) -> int:
        return len(self._terms)

    def expand(self, text: str, language: str) -> dict[str, tuple[str, ...]]:
        """Per other language (and for synonyms, the same one) the terms that `text` names.

        Overlapping terms give way to the longest, so that "child pornography" does not also
        look up "child".
        """
        tokens = [stem(w, language) for w in words(text)]
        known = self._by_stems.get(language)
        if not known:
            return {}
        found: dict[str, dict[str, None]] = {code: {} for code in LANGUAGES}
        position = 0
        while position < len(tokens):
            for length in range(min(_LONGEST_TERM_WORDS, len(tokens) - position), 0, -1):
                indices = known.get(tuple(tokens[position : position + length]))
                if indices:
                    for index in indices:
                        for code in LANGUAGES:
                            found[code].update(dict.fromkeys(self._terms[index].get(code, ())))
                    position += length - 1
                    break
            position += 1
        return {code: tuple(terms) for code, terms in found.items() if terms}


def _key(form: str, language: str) -> tuple[str, ...]:
    return tuple(stem(w, language) for w in words(form))


def load_glossary(path: Path) -> Glossary:
    """Raises CorpusError if the file cannot be read; a missing file is an empty glossary."""
    if not path.exists():
        return Glossary([])
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"The glossary {path} is not valid TOML: {error}. Correct it.") from error
    terms = data.get("term", [])
    if not isinstance(terms, list) or not all(isinstance(t, dict) for t in terms):
        raise CorpusError(f"The glossary {path} must hold [[term]] tables. Correct it.")
    return Glossary(
        [{code: [str(form) for form in term.get(code, [])] for code in LANGUAGES} for term in terms]
    )
