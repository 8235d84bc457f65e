"""A whole distillation, small enough for a test: a random tiny model, 240 pairs, some seconds."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from rag.domain.errors import ModelError
from rag.models.base_model import file_sha256
from rag.models.bundled import bundled_model_folder
from rag.models.distillation import DistillationSettings, SourcePlan, distil
from rag.models.distillation.run import finish
from rag.models.embedding import SentenceTransformerEmbedder

WORDS = {  # a language that is English word by word, so that it can be learnt in seconds
    "the": "den", "dog": "hund", "cat": "kat", "rule": "regel", "is": "er", "and": "og", "old": "gammel",
    "new": "ny", "big": "stor", "small": "lille", "house": "hus", "law": "lov", "data": "data", "child": "barn",
}  # fmt: skip


def write_pairs(path: Path, count: int) -> None:
    chance = random.Random(4)
    lines = []
    for number in range(count):
        english = [chance.choice(list(WORDS)) for _ in range(chance.randint(3, 7))]
        danish = [WORDS[word] for word in english]
        lines.append(f"{' '.join(english)}\t{' '.join(danish)}\tsmall\t{number // 20}:{number}\n")
    path.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def run(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("distil")
    write_pairs(place / "en-da.tsv", 240)
    settings = DistillationSettings(
        sources={"small": SourcePlan(copies=2, windows=10, held_out=0.2)},
        base=tiny_model,
        new_pieces=12,
        steps=120,
        workers=2,
        batch_tokens=400,
        max_tokens=40,
        chunk_examples=256,
        warmup_steps=10,
        checkpoint_seconds=1,
        niceness=0,
    )
    said: list[str] = []
    figures = distil(place, place / "out", settings, said.append)
    return place, settings, figures, said


def test_the_delta_teaches_what_the_base_does_not_know(run) -> None:
    _, _, figures, _ = run
    base, taught = (figures["models"][name]["matching"]["small en-da"] for name in ("base", "distilled"))
    assert 1 - taught["cosine to teacher"] < 0.75 * (1 - base["cosine to teacher"])
    assert taught["da to en"]["value"] > base["da to en"]["value"] + 0.05
    assert taught["da to en"]["n"] > 20


def test_figures_lie_next_to_the_delta_and_name_it(run) -> None:
    place, _, figures, _ = run
    written = json.loads((place / "out" / "figures.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(figures))
    assert written["delta"]["sha256"] == file_sha256(place / "out" / "delta.npz")
    assert written["trained on"]["pairs"]["small da"] > 150


def test_the_bundled_model_can_be_built_from_the_delta(run, tiny_model: Path, tmp_path: Path) -> None:
    place, _, _, _ = run
    folder = bundled_model_folder(
        tmp_path,
        delta_file=place / "out" / "delta.npz",
        base=tiny_model,
        base_sha256=file_sha256(tiny_model / "model.safetensors"),
    )
    model, base = (SentenceTransformerEmbedder(str(f)) for f in (folder, tiny_model))
    english, danish = "the old dog and the new cat", "den gammel hund og den ny kat"
    assert model.embed_query(danish) @ base.embed_query(english) > base.embed_query(
        danish
    ) @ base.embed_query(english)
    assert model.count(danish) < base.count(danish)


def test_a_checkpoint_can_be_packed_and_measured_again(run) -> None:
    place, settings, figures, said = run
    again = finish(place / "out" / "work", place / "out", settings, said.append)
    assert again["models"] == figures["models"]


def test_training_goes_on_from_the_checkpoint_and_stops_when_told(run) -> None:
    place, settings, _, said = run
    work = place / "out" / "work"
    before = np.load(work / "state.npz")["flat"]
    log_before = (work / "log.txt").read_text().count("\n")
    (work / "stop").touch()  # against the 120 steps of the settings
    distil(place, place / "out", settings, said.append)
    (work / "stop").unlink()
    after = np.load(work / "state.npz")
    assert int(after["step"]) == 1
    assert 0 < np.abs(after["flat"] - before).max() < 0.1
    assert (work / "log.txt").read_text().count("\n") == log_before + 1


def test_a_folder_without_usable_pairs_is_an_error(tmp_path: Path, tiny_model: Path) -> None:
    settings = DistillationSettings(sources={}, base=tiny_model)
    with pytest.raises(ModelError, match="no usable pairs"):
        distil(tmp_path, tmp_path / "out", settings, print)
