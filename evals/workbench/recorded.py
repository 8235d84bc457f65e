"""Replies of recorded evaluation runs: several systems in one batch, and nobody sees which is which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from evals.gold import GoldQuestion
from evals.workbench.sampling import Replies
from rag.domain.errors import RulesError
from rag.wire import ReplyLine

RECORDS = "records.jsonl"
MOST_LISTED = 30


def run_folders(parents: Sequence[Path]) -> dict[str, Path]:
    """Run folders by name, the newest first (their names begin with the time)."""
    found = {path.parent.name: path.parent for parent in parents for path in parent.glob(f"*/{RECORDS}")}
    return dict(sorted(found.items(), reverse=True)[:MOST_LISTED])


def recorded(
    folders: Sequence[Path], suite: Sequence[GoldQuestion]
) -> tuple[Replies, tuple[GoldQuestion, ...]]:
    """The runs' replies, and the questions that every one of them was asked. Raises RulesError."""
    by_run = {folder.name: read_replies(folder) for folder in folders}
    shared = tuple(q for q in suite if all(q.id in replies for replies in by_run.values()))

    def replies(question: GoldQuestion) -> Iterator[tuple[tuple[str, ...], ReplyLine]]:
        """Equal replies of several runs are one, so that nobody rates the same twice."""
        alike: dict[str, tuple[list[str], ReplyLine]] = {}
        for run, found in by_run.items():
            reply = found[question.id]
            alike.setdefault(_content(reply), ([], reply))[0].append(run)
        yield from ((tuple(runs), reply) for runs, reply in alike.values())

    return replies, shared


def read_replies(folder: Path) -> dict[str, ReplyLine]:
    """By question id. Raises RulesError naming the folder."""
    from evals.runs.record import Record  # loads the metrics: not at the server's start

    try:
        lines = (folder / RECORDS).read_text(encoding="utf-8").splitlines()
        records = [Record.model_validate_json(line) for line in lines if line]
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise RulesError(f"The run {folder.name} cannot be read; make another.") from error
    return {record.id: record.reply for record in records}


def _content(reply: ReplyLine) -> str:
    """What a rater would see of it."""
    statements = [(s.text, s.citations) for s in reply.statements]
    return repr((reply.kind, statements, [(c.document, c.spans, c.number) for c in reply.citations]))
