"""The lexical leg: BM25 in tantivy over stems per language, character n-grams and references.

One tantivy document a passage. Text is analysed by `rag.retrieval.analysis` and stored as
terms, so that question and passage go through the very same code. Scores are tantivy's BM25
(Robertson & Zaragoza, 2009; k1 1.2, b 0.75).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import tantivy

from rag.domain.errors import IndexFailure
from rag.domain.passages import Origin, Representation
from rag.domain.retrieval import Query
from rag.retrieval.analysis import content_words, grams, references, stem
from rag.retrieval.glossary import LANGUAGES, Glossary

OTHER = "xx"
"""Field suffix of languages outside the three."""
SYNONYM_BOOST = 0.3
EXPANSION_BOOST = 0.7
REFERENCE_BOOST = 2.0
_WRITER_BYTES = 64_000_000


class Field(StrEnum):
    WORDS = "words"
    QUESTIONS = "questions"
    HEADER = "header"
    GRAMS = "grams"


_FIELD_OF = {
    Origin.OWN_WORDS: Field.WORDS,
    Origin.TRANSLATION: Field.WORDS,
    Origin.QUESTION: Field.QUESTIONS,
    Origin.HEADER: Field.HEADER,
}


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """BM25 by passage number, per field; a passage that matched nothing is absent."""

    by_field: dict[Field, dict[int, float]]


def _suffix(language: str) -> str:
    return language if language in LANGUAGES else OTHER


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True, fast=True)
    names = [
        f"{field.value}_{suffix}"
        for field in (Field.WORDS, Field.QUESTIONS, Field.HEADER)
        for suffix in (*LANGUAGES, OTHER)
    ]
    for name in (*names, Field.GRAMS.value, "references"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _terms_of(representations: Iterable[Representation]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for one in representations:
        field, suffix = _FIELD_OF[one.origin], _suffix(one.language)
        stems = [stem(w, one.language) for w in content_words(one.text, one.language)]
        fields.setdefault(f"{field.value}_{suffix}", []).extend(stems)
        if field is Field.WORDS:
            fields.setdefault(Field.GRAMS.value, []).extend(grams(one.text, one.language))
            fields.setdefault("references", []).extend(references(one.text))
    return fields


def build_lexical(folder: Path, passages: Sequence[Sequence[Representation]]) -> None:
    """Write the index of `passages` (each given by its representations) into an empty folder."""
    try:
        index = tantivy.Index(_schema(), path=str(folder))
        writer = index.writer(_WRITER_BYTES, 1)
        for number, representations in enumerate(passages):
            document = tantivy.Document()
            document.add_unsigned("number", number)
            for name, terms in _terms_of(representations).items():
                document.add_text(name, " ".join(terms))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    except (OSError, ValueError) as error:
        raise IndexFailure(
            f"The lexical index could not be written to {folder}: {error}. "
            "Check free disk space and permissions, then run `python -m rag index` again."
        ) from error


class LexicalIndex:
    """An opened index; safe to search from several threads."""

    def __init__(self, folder: Path, glossary: Glossary) -> None:
        self._folder = folder
        try:
            self._index = tantivy.Index.open(str(folder))
        except (OSError, ValueError) as error:
            raise _damaged(folder, error) from error
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._glossary = glossary

    def search(self, query: Query, limit: int) -> LexicalScores:
        """The best `limit` passages of each field."""
        language = query.language
        stems = list(dict.fromkeys(stem(w, language) for w in content_words(query.text, language)))
        expansions = self._glossary.expand(query.text, language)
        own = _suffix(language)
        words = [(f"words_{own}", s, 1.0) for s in stems]
        questions = [(f"questions_{own}", s, 1.0) for s in stems]
        headers = [(f"header_{own}", s, 1.0) for s in stems]
        for code, forms in expansions.items():
            boost = SYNONYM_BOOST if code == language else EXPANSION_BOOST
            for form_stem in _expansion_stems(forms, code):
                if code == language and form_stem in stems:
                    continue
                words.append((f"words_{code}", form_stem, boost))
                headers.append((f"header_{code}", form_stem, boost))
        words += [("references", term, REFERENCE_BOOST) for term in references(query.text)]
        gram_terms = [(Field.GRAMS.value, g, 1.0) for g in dict.fromkeys(grams(query.text, language))]
        return LexicalScores(
            {
                Field.WORDS: self._scores(words, limit),
                Field.QUESTIONS: self._scores(questions, limit),
                Field.HEADER: self._scores(headers, limit),
                Field.GRAMS: self._scores(gram_terms, limit),
            }
        )

    def rarity(self, term: str, language: str) -> float:
        """Inverse document frequency of a stem among passages' words and questions (natural log)."""
        count, found = self._searcher.num_docs, self.frequency(term, language)
        return math.log(1 + (count - found + 0.5) / (found + 0.5))

    def frequency(self, term: str, language: str) -> int:
        """In how many passages' words, or questions, the stem stands."""
        suffix = _suffix(language)
        return max(
            int(self._searcher.doc_freq(f"{field.value}_{suffix}", term))
            for field in (Field.WORDS, Field.QUESTIONS)
        )

    def expansions(self, text: str, language: str) -> dict[str, tuple[str, ...]]:
        """The glossary's counterparts of the terms in `text`, by language."""
        return self._glossary.expand(text, language)

    def _scores(self, terms: Sequence[tuple[str, str, float]], limit: int) -> dict[int, float]:
        if not terms:
            return {}
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(name, term, boost)) for name, term, boost in terms]
        )
        try:
            found = self._searcher.search(query, limit, count=False).hits
            return {int(self._searcher.doc(address)["number"][0]): float(score) for score, address in found}
        except (OSError, ValueError) as error:
            raise _damaged(self._folder, error) from error

    def _term(self, name: str, term: str, boost: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, name, term, index_option="freq")
        return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def _damaged(folder: Path, error: Exception) -> IndexFailure:
    return IndexFailure(
        f"The lexical index in {folder} cannot be read: {error}. Run `python -m rag index --rebuild`."
    )


def _expansion_stems(forms: Sequence[str], language: str) -> list[str]:
    return list(dict.fromkeys(stem(w, language) for form in forms for w in content_words(form, language)))
