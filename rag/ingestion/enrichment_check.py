"""Judges enrichment: coverage, freshness, facts kept, no question twice or copied, nothing left untranslated.

It finds what a machine can find; whether a translation is good is for readers of both languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.domain.passages import Passage, PassageKind
from rag.domain.ports import LanguageIdentifier
from rag.ingestion.enrichment import LANGUAGES, Entry, Placed, sort_fresh
from rag.ingestion.facts import differences, official_names

FEWEST_QUESTIONS = 3
MOST_QUESTIONS = 14
COPIED_WORDS = 6
"""A question that shares so many words in a row with its passage was copied, not asked."""
JUDGED_WORDS = 7
"""A sentence of fewer words does not show its language surely enough to complain about."""
CITED_SHARE = 0.7
SHORTEST, LONGEST = 0.55, 1.9
"""A translation outside these shares of its source's length has lost or gained something."""
LENGTH_JUDGED = 80
SET_IN_CAPITALS = (PassageKind.TITLE_PAGE, PassageKind.CONTENTS)

WORD = re.compile(r"\w+")
APOSTROPHE = re.compile(r"(?<=\w)['’](?:s\b)?")
SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+(?=[\"“A-ZÆØÅ])")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an entry (or with a passage that has none); `where` is file and line, or empty."""

    kind: str
    passage: str
    message: str
    where: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.passage, self.kind, self.message) if part)


def check_enrichment(
    passages: Sequence[Passage],
    entries: Sequence[Placed],
    identifier: LanguageIdentifier,
    *,
    coverage: bool = True,
) -> list[Problem]:
    """Every problem found, in the order of the entries; passages without entry last (only with `coverage`)."""
    known = {passage.id: passage for passage in passages}
    _, stale = sort_fresh(passages, entries)
    problems = [Problem("stale", s.placed.entry.passage, s.reason, _where(s.placed)) for s in stale]
    problems += _entries_twice(entries)
    for placed in entries:
        passage = known.get(placed.entry.passage)
        if passage is not None:
            found = check_entry(passage, placed.entry, identifier)
            problems += [Problem(p.kind, p.passage, p.message, _where(placed)) for p in found]
    problems += _questions_twice(entries)
    if coverage:
        covered = {placed.entry.passage for placed in entries}
        problems += [
            Problem("missing", p.id, f"no entry for {p.label}") for p in passages if p.id not in covered
        ]
    return problems


def check_entry(passage: Passage, entry: Entry, identifier: LanguageIdentifier) -> list[Problem]:
    """The problems of one entry by itself."""
    checks = (
        _unexpected_languages(passage, entry),
        _missing_languages(passage, entry),
        _changed_facts(passage, entry),
        _odd_lengths(passage, entry),
        _untranslated(passage, entry, identifier),
        _question_counts(entry),
        _question_languages(entry, identifier),
        _copied_questions(passage, entry),
    )
    return [Problem(kind, passage.id, message) for check in checks for kind, message in check]


Found = Iterator[tuple[str, str]]


def _targets(passage: Passage) -> tuple[str, ...]:
    return tuple(language for language in LANGUAGES if language != passage.language)


def _unexpected_languages(passage: Passage, entry: Entry) -> Found:
    for language in {**entry.translations, **entry.context_translations}:
        if language not in _targets(passage):
            yield "language", f'a translation into "{language}" is not asked for'
    for language in entry.questions:
        if language not in LANGUAGES:
            yield "language", f'questions in "{language}" are not asked for'


def _missing_languages(passage: Passage, entry: Entry) -> Found:
    for language in _targets(passage):
        if language not in entry.translations:
            yield "missing", f"no translation into {language}"


def _pairs(passage: Passage, entry: Entry) -> Iterator[tuple[str, str, str, str]]:
    """What, source, language, translation."""
    for language in _targets(passage):
        if language in entry.translations:
            yield "translation", passage.text, language, entry.translations[language]
        if passage.context_text and language in entry.context_translations:
            yield "context translation", passage.context_text, language, entry.context_translations[language]


def _changed_facts(passage: Passage, entry: Entry) -> Found:
    for what, source, language, translation in _pairs(passage, entry):
        for difference in differences(source, passage.language, translation, language):
            if passage.kind in SET_IN_CAPITALS and "name" in difference:
                continue  # a common word cannot be told from a name
            yield "fact", f"{what} {language} {difference}"


def _odd_lengths(passage: Passage, entry: Entry) -> Found:
    for what, source, language, translation in _pairs(passage, entry):
        share = len(translation) / max(1, len(source))
        if len(source) >= LENGTH_JUDGED and not SHORTEST <= share <= LONGEST:
            yield "length", f"{what} {language} has {share:.0%} of the source's length"


def _untranslated(passage: Passage, entry: Entry, identifier: LanguageIdentifier) -> Found:
    for what, source, language, translation in _pairs(passage, entry):
        for sentence in SENTENCE_END.split(translation):
            seen = identifier.identify(sentence) if len(WORD.findall(sentence)) >= JUDGED_WORDS else language
            if seen == language or seen not in LANGUAGES:
                continue
            if seen == passage.language or not _cited(sentence, source):
                yield "untranslated", f"{what} {language} has a sentence in {seen}: {sentence[:70]}"


def _cited(sentence: str, source: str) -> bool:
    """Whether the sentence is mostly a title that the source itself gives in a third language."""
    words, given = normalised(sentence).split(), set(normalised(source).split())
    return sum(word in given for word in words) >= CITED_SHARE * len(words)


def _question_counts(entry: Entry) -> Found:
    for language in LANGUAGES:
        count = len(entry.questions.get(language, ()))
        if not FEWEST_QUESTIONS <= count <= MOST_QUESTIONS:
            yield "questions", f"{count} questions in {language}, not {FEWEST_QUESTIONS} to {MOST_QUESTIONS}"


def _question_languages(entry: Entry, identifier: LanguageIdentifier) -> Found:
    for language, questions in entry.questions.items():
        for question in questions:
            seen = identifier.identify(question)
            if len(WORD.findall(question)) >= JUDGED_WORDS and seen in LANGUAGES and seen != language:
                yield "question language", f"a question filed under {language} is in {seen}: {question}"


def _copied_questions(passage: Passage, entry: Entry) -> Found:
    texts: Mapping[str, str] = {passage.language: passage.full_text, **entry.translations}
    for language, questions in entry.questions.items():
        for question in questions:
            run = shared_run(question, texts.get(language, ""))
            if run:
                yield "copied", f'question "{question}" shares "{run}" with the text'


def shared_run(question: str, text: str) -> str:
    """The first run of `COPIED_WORDS` words that both have, or nothing. Three of them must be more than small words."""
    asked, written = _named(question).split(), f" {_named(text)} "
    for start in range(len(asked) - COPIED_WORDS + 1):
        run = asked[start : start + COPIED_WORDS]
        if f" {' '.join(run)} " in written and sum(len(word) > 4 for word in run) >= 3:
            return " ".join(run)
    return ""


def normalised(text: str) -> str:
    """Words only, lower case, one space between; "EU's" is "eu"."""
    plain = APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(WORD.findall(plain))


def _named(text: str) -> str:
    """`normalised`, with each official name as one word: to use it is not to copy."""
    words = f" {normalised(text)} "
    for name in official_names():
        words = words.replace(f" {name} ", f" {name.replace(' ', '_')} ")
    return words.strip()


def _questions_twice(entries: Iterable[Placed]) -> Iterator[Problem]:
    first: dict[str, Placed] = {}
    for placed in entries:
        for language, questions in placed.entry.questions.items():
            for question in questions:
                earlier = first.setdefault(normalised(question), placed)
                if earlier is not placed or _count(placed.entry, question) > 1:
                    message = f'{language} "{question}" is asked already ({_where(earlier)}, {earlier.entry.passage})'
                    yield Problem("question twice", placed.entry.passage, message, _where(placed))


def _count(entry: Entry, question: str) -> int:
    wanted = normalised(question)
    return sum(normalised(q) == wanted for questions in entry.questions.values() for q in questions)


def _entries_twice(entries: Iterable[Placed]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Placed] = {}
    for placed in entries:
        earlier = first.setdefault((placed.entry.passage, placed.entry.by), placed)
        if earlier is not placed:
            yield Problem(
                "entry twice", placed.entry.passage, f"stands already at {_where(earlier)}", _where(placed)
            )


def _where(placed: Placed) -> str:
    return f"{placed.file.name}:{placed.line}"
