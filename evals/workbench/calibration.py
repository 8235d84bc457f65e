"""The calibration round: claims with known answers, made of the contrast set's development half.

Hand-picked claims about everyday texts, and edited and untouched sentences of the corpus in each
language. What was fitted or tested on the test half is not shown here.
"""

from __future__ import annotations

import json
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.contrast.run import CONTRAST, UNTOUCHED, Item, read_contrast
from evals.gold import SuiteError
from evals.workbench.claims import claim_item
from rag.assistant import LANGUAGES
from rag.domain.ports import Verifier
from rag.records.ratings import Label, NewItem

PICKED = Path(__file__).with_name("calibration.toml")
CLAIMS = CONTRAST.with_name("claims.jsonl")
BATCH = "calibration"
TITLE = "Calibration round"
SEED = 1
SPLIT = "dev"
EDITED = ("number", "date")
LONGEST_WORDS = 40
GRAVEST = "com-2020-607"
"""The text that describes the crimes; a first exercise does without."""


def calibration_items(verifier: Verifier, languages: Mapping[str, str]) -> tuple[NewItem, ...]:
    """Every claim with its known label and why it is known. Raises SuiteError if a claim is gone.

    `languages` are those of the corpus's texts, by document id.
    """
    return (*_picked(verifier), *_of_the_corpus(verifier, languages))


def _picked(verifier: Verifier) -> Iterator[NewItem]:
    claims = {c["id"]: c for c in map(json.loads, CLAIMS.read_text("utf-8").splitlines())}
    for entry in tomllib.loads(PICKED.read_text("utf-8"))["claim"]:
        try:
            parts = [claims[id] for id in entry["ids"]]
        except KeyError as error:
            raise SuiteError(
                f"{PICKED.name} names the claim {error}, which {CLAIMS.name} has not."
            ) from error
        context = str(parts[0]["context"])
        yield _item(
            " ".join(p["claim"] for p in parts), [("en", context)], Label(entry["label"]), entry["why"],
            "+".join(entry["ids"]), "en", verifier,
        )  # fmt: skip


def _of_the_corpus(verifier: Verifier, languages: Mapping[str, str]) -> Iterator[NewItem]:
    """In each language the first edit of a number or date and the first untouched sentence, by hash."""
    fit = [i for i in read_contrast() if _is_fit(i)]
    for language in LANGUAGES:
        for kinds in (EDITED, (UNTOUCHED,)):
            found = [i for i in fit if i.language == language and i.kind in kinds]
            if found:
                first = min(found, key=lambda i: zlib.crc32(i.statement.encode()))
                yield _corpus_item(first, languages.get(first.document, language), verifier)


def _is_fit(item: Item) -> bool:
    """Whether it is a whole sentence of moderate length from the half and the texts to draw on."""
    whole = item.statement[:1].isupper() and len(item.statement.split()) <= LONGEST_WORDS
    return whole and item.split == SPLIT and item.document != GRAVEST


def _corpus_item(item: Item, source_language: str, verifier: Verifier) -> NewItem:
    edited = item.kind != UNTOUCHED
    why = (
        f"The passage has “{item.before}” where the claim has “{item.after}”."
        if edited
        else "The claim is the passage's own sentence, or a faithful translation of it."
    )
    spoken = [source_language, item.language][: len(item.evidence)]
    return _item(
        item.statement, list(zip(spoken, item.evidence, strict=True)),
        Label.CONTRADICTED if edited else Label.SUPPORTED, why, item.statement[:80], item.language, verifier,
    )  # fmt: skip


def _item(
    claim: str,
    texts: list[tuple[str, str]],
    known: Label,
    why: str,
    base: str,
    language: str,
    verifier: Verifier,
) -> NewItem:
    shown: Mapping[str, Any] = {"question": "", "language": language, "answer": [claim], "at": 0}
    (spoken, quote), *translated = texts
    passage: dict[str, object] = {
        "label": "Passage",
        "title": "",
        "language": spoken,
        "quote": quote,
        "translation": {"language": translated[0][0], "text": translated[0][1]} if translated else None,
        "date": "",
        "viewer": "",
    }
    return claim_item(
        claim, [passage], [text for _, text in texts], verifier,
        shown=shown, hidden={"base": base, "known_why": why}, known=known,
    )  # fmt: skip
