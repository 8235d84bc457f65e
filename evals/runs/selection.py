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

    Every kind has its share, and one question at least; within a kind the sample is systematic over
    base questions sorted by type, each in one language, languages in turn. It depends on the suite
    alone, not on chance.
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
        picked = _sample(bases, wanted, from_middle=not rounds)
        turn = len(rounds) // len(bases)
        rounds += [_in_turn(base, number + turn) for number, base in enumerate(picked)]
    return tuple(rounds)


def _sample(
    bases: Sequence[list[GoldQuestion]], wanted: int, *, from_middle: bool
) -> list[list[GoldQuestion]]:
    """So many of them, of every kind its share; fewer than there are kinds: of the commonest.

    `from_middle` of each stretch, so that the last type has its share too; else from its beginning.
    """
    kinds: dict[str, list[list[GoldQuestion]]] = {}
    for base in bases:
        kinds.setdefault(base[0].kind, []).append(base)
    commonest = sorted(kinds, key=lambda kind: -len(kinds[kind]))[:wanted]
    exact = {kind: wanted * len(kinds[kind]) / len(bases) for kind in commonest}
    shares = {kind: max(1, int(share)) for kind, share in exact.items()}
    while (missing := wanted - sum(shares.values())) != 0:
        free = [kind for kind in shares if missing > 0 or shares[kind] > 1]
        shares[max(free, key=lambda kind: (exact[kind] - shares[kind]) * missing)] += 1 if missing > 0 else -1
    return [
        kinds[kind][(2 * i + from_middle) * len(kinds[kind]) // (2 * share)]
        for kind, share in shares.items()
        for i in range(share)
    ]


def _stratum(base: Sequence[GoldQuestion]) -> tuple[str, str, int]:
    first = base[0]
    return first.kind, first.type, zlib.crc32(f"{SEED} {first.base}".encode())


def _in_turn(base: Sequence[GoldQuestion], number: int) -> GoldQuestion:
    ordered = sorted(base, key=lambda q: LANGUAGES.index(q.language))
    return ordered[number % len(ordered)]
