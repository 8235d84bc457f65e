"""JSON lines in and out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from rag.domain.errors import QuestionError
from rag.wire import QuestionLine


def read_questions(source: str) -> Iterator[QuestionLine]:
    """The questions of a file, or of standard input for "-". Raises QuestionError naming the line."""
    for number, line in enumerate(_lines(source), start=1):
        if not line.strip():
            continue
        try:
            yield QuestionLine.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise QuestionError(
                f"{source}, line {number}: {where}: {first['msg']}. "
                'Each line is a JSON object with "id" and "question".'
            ) from error


def _lines(source: str) -> Iterator[str]:
    try:
        if source == "-":
            for line in sys.stdin:
                yield line.removeprefix("\ufeff")
            return
        with Path(source).open(encoding="utf-8-sig") as stream:
            yield from stream
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{source} cannot be read as UTF-8 text: {error}.") from error


def write_line(line: BaseModel, *, exclude_none: bool = False) -> None:
    """One JSON object on one line, at once (so that a reader at the other end can follow)."""
    print(line.model_dump_json(exclude_none=exclude_none), flush=True)
