"""The calibration round's claims are there, and their known labels fit what the contrast set says of them."""

from __future__ import annotations

import json
import tomllib
from collections import Counter

from evals.contrast.run import read_contrast
from evals.workbench.calibration import CLAIMS, PICKED, SPLIT, calibration_items
from rag.answering.support import SupportVerifier
from rag.assembly import catalogue
from rag.records.ratings import Label
from rag.settings import Settings

LANGUAGES = {entry.id: entry.language for entry in catalogue(Settings(_env_file=None))}


def picked() -> list[dict[str, object]]:
    return tomllib.loads(PICKED.read_text("utf-8"))["claim"]


def test_known_labels_fit_the_contrast_set() -> None:
    claims = {c["id"]: c for c in map(json.loads, CLAIMS.read_text("utf-8").splitlines())}
    for entry in picked():
        parts = [claims[id] for id in entry["ids"]]  # type: ignore[attr-defined]
        assert {p["split"] for p in parts} == {SPLIT}
        supported = [p["supported"] for p in parts]
        match entry["label"]:
            case "supported":
                assert supported == [True]
            case "partial":
                assert sorted(supported) == [False, True]
            case _:
                assert supported == [False]


def test_a_claim_of_two_sentences_is_about_one_passage() -> None:
    claims = {c["id"]: c for c in map(json.loads, CLAIMS.read_text("utf-8").splitlines())}
    for entry in picked():
        first, *others = (claims[id] for id in entry["ids"])  # type: ignore[attr-defined]
        assert all(first["context"] in other["context"] for other in others)


def test_the_round_has_every_label_but_cannot_tell_and_every_language() -> None:
    items = calibration_items(SupportVerifier(), LANGUAGES)
    labels = Counter(item.known_label for item in items)
    assert set(labels) == {Label.SUPPORTED, Label.PARTIAL, Label.UNSUPPORTED, Label.CONTRADICTED}
    assert min(labels.values()) >= 2
    assert {item.shown["language"] for item in items} == {"en", "nl", "da"}
    assert len({item.claim for item in items}) == len(items)
    assert all(item.hidden["known_why"] for item in items)


def test_sentences_of_the_corpus_stand_beside_their_own_passage() -> None:
    known = {i.statement: i for i in read_contrast()}
    items = [i for i in calibration_items(SupportVerifier(), LANGUAGES) if i.claim in known]
    assert len(items) == 6
    for item in items:
        (passage,) = item.shown["passages"]  # type: ignore[misc]
        assert passage["quote"] == known[item.claim].evidence[0]
        assert passage["language"] == LANGUAGES[known[item.claim].document]
