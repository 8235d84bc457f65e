"""Which questions a run asks."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from evals.gold import GoldQuestion
from rag.assistant import LANGUAGES

FAST_QUESTIONS = 120
SEED = "fast-1"


def select(
    questions: Sequence[GoldQuestion], *, split: str = "all", limit: int | None = None
) -> tuple[GoldQuestion, ...]:
    """The questions of a split, in order; with a limit, a stratified sample of that many.

    The sample is systematic over base questions sorted by kind and type (so each type has its
    share), each in one language, languages in turn. It depends on the suite alone, not on chance.
    """
    chosen = [q for q in questions if split in ("all", q.split)]
    if limit is None or limit >= len(chosen):
        return tuple(chosen)
    by_base: dict[str, list[GoldQuestion]] = {}
    for question in chosen:
        by_base.setdefault(question.base, []).append(question)
    bases = sorted(by_base.values(), key=_stratum)
    rounds: list[GoldQuestion] = []
    while len(rounds) < limit:  # a limit above the number of bases asks for second languages too
        wanted = min(limit - len(rounds), len(bases))
        middle = 0 if rounds else len(bases) // 2  # of each stretch: the last kind has its share too
        picked = [bases[(i * len(bases) + middle) // wanted] for i in range(wanted)]
        turn = len(rounds) // len(bases)
        rounds += [_in_turn(base, number + turn) for number, base in enumerate(picked)]
    return tuple(rounds)


def _stratum(base: Sequence[GoldQuestion]) -> tuple[str, str, int]:
    first = base[0]
    return first.kind, first.type, zlib.crc32(f"{SEED} {first.base}".encode())


def _in_turn(base: Sequence[GoldQuestion], number: int) -> GoldQuestion:
    ordered = sorted(base, key=lambda q: LANGUAGES.index(q.language))
    return ordered[number % len(ordered)]
