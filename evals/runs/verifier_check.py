"""The verifier's error, measured anew in every run on statements it was not built on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from evals.contrast.run import CONTRAST, UNTOUCHED, read_contrast
from evals.metrics.verifier_error import Labelled, VerifierError, verifier_error
from rag.domain.ports import Verifier

CLAIMS = CONTRAST.with_name("claims.jsonl")
SPLIT = "test"


def measured_error(verifier: Verifier) -> tuple[VerifierError, ...]:
    """On edited sentences of the corpus, and on hand-written claims about other texts."""
    return (
        verifier_error(verifier, "edited sentences of the corpus", edited_sentences()),
        verifier_error(verifier, "hand-written claims about other texts", written_claims()),
    )


def edited_sentences() -> Iterator[Labelled]:
    for item in read_contrast():
        if item.split == SPLIT:
            yield Labelled(item.statement, item.evidence, item.kind == UNTOUCHED, item.passage)


def written_claims(path: Path = CLAIMS) -> Iterator[Labelled]:
    for line in path.read_text(encoding="utf-8").splitlines():
        claim = json.loads(line)
        if claim["split"] == SPLIT:
            yield Labelled(claim["claim"], (claim["context"],), bool(claim["supported"]), claim["context"])
