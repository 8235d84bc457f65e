"""Writes enrichment for an operator's documents with the configured language model: `python -m rag enrich`.

Resumable: each passage is one line, written and flushed before the next is asked for; what is done is not asked again.
Entries made by hand are never touched, and what the checker refuses twice is not written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from rag.domain.errors import EnrichmentError
from rag.domain.passages import Passage
from rag.domain.ports import ChatModel, LanguageIdentifier, TokenCounter
from rag.ingestion.enrichment import LANGUAGES, Entry, Placed, read_entries, sort_fresh
from rag.ingestion.enrichment_check import check_entry, normalised
from rag.ingestion.enrichment_prompt import ASKED_QUESTIONS, entry_from, request_for

ATTEMPTS = 2
TOKENS_PER_QUESTION = 20
TRANSLATION_GROWTH = 1.4
"""Dutch and Danish take more tokens than English in the usual vocabularies; taken high on purpose."""
JSON_TOKENS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """Passages still to be enriched, and how many are done already."""

    unenriched: tuple[Passage, ...]
    done: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will use, if no reply has to be asked for again."""

    passages: int
    input_tokens: int
    output_tokens: int

    def __str__(self) -> str:
        return (
            f"{self.passages} passages, about {self.input_tokens:,} tokens in and {self.output_tokens:,} out"
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A passage whose replies were faulty, and why."""

    passage: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did."""

    written: int
    refused: tuple[Refusal, ...]


Progress = Callable[[int, int, str], None]
"""Called after each passage with: how many are done, of how many, the passage's label."""


def plan(passages: Iterable[Passage], entries: Sequence[Placed]) -> Plan:
    """The passages that no fresh entry covers, whoever made it."""
    every = tuple(passages)
    fresh, _ = sort_fresh(every, entries)
    unenriched = tuple(passage for passage in every if passage.id not in fresh)
    return Plan(unenriched, len(every) - len(unenriched))


def estimate(passages: Sequence[Passage], titles: Mapping[str, str], tokens: TokenCounter) -> Estimate:
    """Counts the requests as they would be sent, and the replies by their usual length."""
    received = sent = 0
    for passage in passages:
        request = request_for(passage, titles.get(passage.document, passage.document))
        sent += tokens.count(request.system) + tokens.count(request.user)
        targets = sum(language != passage.language for language in LANGUAGES)
        received += int(tokens.count(passage.full_text) * targets * TRANSLATION_GROWTH)
        received += len(LANGUAGES) * ASKED_QUESTIONS * TOKENS_PER_QUESTION + JSON_TOKENS
    return Estimate(len(passages), sent, received)


class EnrichmentWriter:
    """Asks `model` about passages and appends its entries to `folder`, one file per document."""

    def __init__(self, folder: Path, model: ChatModel, identifier: LanguageIdentifier) -> None:
        self._folder = folder
        self._model = model
        self._identifier = identifier

    def write(
        self,
        passages: Sequence[Passage],
        titles: Mapping[str, str],
        *,
        also: Sequence[Placed] = (),
        progress: Progress = lambda done, total, label: None,
    ) -> Written:
        """Enrich the passages that lack it. `also` are entries that lie elsewhere (the built-in ones).

        Raises ModelUnavailable (what was written stays) and EnrichmentError if the folder cannot be written or read.
        """
        self._mend()
        entries = [*also, *read_entries(self._folder)]
        asked = {normalised(q) for placed in entries for qs in placed.entry.questions.values() for q in qs}
        unenriched = plan(passages, entries).unenriched
        refused: list[Refusal] = []
        for number, passage in enumerate(unenriched, start=1):
            answer = self._ask(passage, titles.get(passage.document, passage.document), asked)
            if isinstance(answer, Refusal):
                refused.append(answer)
            else:
                self._append(passage.document, answer)
                asked |= {normalised(q) for questions in answer.questions.values() for q in questions}
            progress(number, len(unenriched), passage.label)
        return Written(len(unenriched) - len(refused), tuple(refused))

    def _ask(self, passage: Passage, title: str, asked: set[str]) -> Entry | Refusal:
        request = first = request_for(passage, title)
        reasons: tuple[str, ...] = ()
        for _ in range(ATTEMPTS):
            reply = "".join(self._model.stream(request.system, request.user))
            try:
                entry = _without_repetition(entry_from(reply, passage, self._model.name), asked)
            except EnrichmentError as error:
                reasons = (str(error),)
            else:
                problems = check_entry(passage, entry, self._identifier)
                if not problems:
                    return entry
                reasons = tuple(f"{problem.kind}: {problem.message}" for problem in problems)
            request = first.again(reply, reasons)
        return Refusal(passage.id, reasons)

    def _append(self, document: str, entry: Entry) -> None:
        file = self._folder / f"{quote(document, safe=' ')}.jsonl"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8", newline="\n") as lines:
                lines.write(entry.model_dump_json() + "\n")
                lines.flush()
                os.fsync(lines.fileno())
        except OSError as error:
            raise EnrichmentError(
                f"{file} cannot be written: {error.strerror}. Free space or correct "
                "the permissions; the next run goes on from here."
            ) from error

    def _mend(self) -> None:
        """Cut off a last line that a killed run left unfinished."""
        for file in self._folder.glob("*.jsonl"):
            data = file.read_bytes()
            if data and not data.endswith(b"\n"):
                whole = data[: data.rfind(b"\n") + 1]
                try:
                    Entry.model_validate_json(data[len(whole) :])
                    whole = data + b"\n"
                except ValueError:
                    pass
                aside = file.with_suffix(".mended")
                aside.write_bytes(whole)
                aside.replace(file)


def _without_repetition(entry: Entry, asked: set[str]) -> Entry:
    """The entry less the questions that stand in it, or elsewhere, already."""
    seen = set(asked)
    kept: dict[str, tuple[str, ...]] = {}
    for language, questions in entry.questions.items():
        fresh = []
        for question in questions:
            if normalised(question) not in seen:
                seen.add(normalised(question))
                fresh.append(question)
        kept[language] = tuple(fresh)
    return entry.model_copy(update={"questions": kept})
