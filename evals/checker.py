"""Holds the gold suites to the sources and to themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evals.gold import GoldQuestion, SourceFinder, SuiteError
from rag.assistant import LANGUAGES

SPLITS = ("development", "test")
KINDS = ("answer", "abstention", "referral", "refusal", "smalltalk")


def check(questions: Sequence[GoldQuestion], texts: Mapping[str, str]) -> tuple[str, ...]:
    """Everything wrong with the suites, one sentence each; nothing wrong is an empty tuple."""
    finder = SourceFinder(texts)
    by_base: dict[str, list[GoldQuestion]] = {}
    problems: list[str] = [*_repeated_ids(questions)]
    for question in questions:
        by_base.setdefault(question.base, []).append(question)
        problems += _wrong_values(question)
        problems += _unfound_quotes(question, finder)
    for base, group in by_base.items():
        problems += _unlike_translations(base, group)
    return (*problems, *_leaks(by_base.values(), finder))


def _repeated_ids(questions: Iterable[GoldQuestion]) -> Iterator[str]:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            yield f"{question.id}: the id is used twice."
        seen.add(question.id)


def _wrong_values(question: GoldQuestion) -> Iterator[str]:
    if question.language not in LANGUAGES:
        yield f"{question.id}: language '{question.language}' is not one of {', '.join(LANGUAGES)}."
    if question.split not in SPLITS:
        yield f"{question.id}: split '{question.split}' is not one of {', '.join(SPLITS)}."
    if question.kind not in KINDS:
        yield f"{question.id}: the kind '{question.kind}' is not one of {', '.join(KINDS)}."
    if not question.question.strip():
        yield f"{question.id}: the question is empty."
    if question.kind != "answer" and question.evidence:
        yield f"{question.id}: an unanswerable question cannot have evidence."
    if any(not forms or not all(forms) for forms in question.facts):
        yield f"{question.id}: a fact has no surface form."
    if (question.type == "follow-up") and not question.history:
        yield f"{question.id}: a follow-up needs the turn it follows."


def _unfound_quotes(question: GoldQuestion, finder: SourceFinder) -> Iterator[str]:
    for quote in (*question.evidence, *question.also):
        try:
            finder.find(quote)
        except SuiteError as error:
            yield f"{question.id}: {error}"


def _unlike_translations(base: str, group: Sequence[GoldQuestion]) -> Iterator[str]:
    if sorted(q.language for q in group) != sorted(LANGUAGES):
        yield f"{base}: asked in {', '.join(q.language for q in group)}; each language once is wanted."
    if len({(q.split, q.kind, q.type, q.evidence, q.also, q.facts) for q in group}) > 1:
        yield f"{base}: its translations differ in split, kind, type, evidence or facts."


def _leaks(groups: Iterable[Sequence[GoldQuestion]], finder: SourceFinder) -> Iterator[str]:
    """The splits are cut by section of a text: the same words in both would leak."""
    used: dict[tuple[str, int], tuple[str, str]] = {}
    for group in groups:
        for quote in group[0].evidence:
            try:
                key = (quote.document, finder.find(quote).start)
            except SuiteError:
                continue  # named already
            base, split = used.setdefault(key, (group[0].base, group[0].split))
            if split != group[0].split:
                yield f"{group[0].base} ({group[0].split}) and {base} ({split}) share evidence across splits."
