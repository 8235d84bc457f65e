"""`check`: the gold suites held to their sources."""

from __future__ import annotations

import sys
from collections import Counter

from evals.checker import check as problems_of
from evals.cli.options import DataDir
from evals.gold import load_suites
from rag.assembly import list_sources
from rag.settings import load_settings


def check(data: DataDir = None) -> None:
    """Check that every quote stands in its source and every question has its translations."""
    questions = load_suites()
    texts = {source.id: source.text for source in list_sources(load_settings(data_dir=data))}
    problems = problems_of(questions, texts)
    for problem in problems:
        print(problem)
    kinds = Counter(q.kind for q in questions)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    bases = len({q.base for q in questions})
    print(f"{len(questions)} questions from {bases} base questions ({counted}): {len(problems)} problems.")
    sys.exit(1 if problems else 0)
