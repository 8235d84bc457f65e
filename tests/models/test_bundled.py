from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from rag.domain.errors import ModelError
from rag.models import bundled
from rag.models.base_model import check_base_folder, file_sha256, packaged_base_folder
from rag.models.bundled import DELTA_FILE, bundled_model_folder
from rag.models.delta import Delta, write_delta
from rag.models.embedding import SentenceTransformerEmbedder
from tests.models.tiny import WIDTH


@pytest.fixture(scope="module")
def base_sha256(tiny_model: Path) -> str:
    return file_sha256(tiny_model / "model.safetensors")


@pytest.fixture(scope="module")
def delta_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("delta") / "delta.npz"
    rows = np.random.default_rng(0).normal(size=(2, WIDTH)).astype(np.float32)
    bias = np.full(WIDTH, 0.25, np.float32)
    write_delta(path, Delta({"embeddings.LayerNorm.bias": bias}, rows, ("hund", "##en"), {}))
    return path


@pytest.fixture
def build(tiny_model: Path, base_sha256: str, delta_file: Path):
    def build_in(data: Path, delta: Path = delta_file) -> Path:
        return bundled_model_folder(data, delta_file=delta, base=tiny_model, base_sha256=base_sha256)

    return build_in


def test_the_packaged_base_is_the_expected_one() -> None:
    folder = packaged_base_folder()
    assert check_base_folder(folder) == folder


def test_another_base_is_refused_with_both_hashes(tiny_model: Path, base_sha256: str) -> None:
    with pytest.raises(ModelError, match=f"{base_sha256[:12]}.*53aa51172d14.*reinstall"):
        check_base_folder(tiny_model)


def test_the_built_model_knows_the_new_pieces_and_keeps_the_old(build, tiny_model, tmp_path) -> None:
    model = SentenceTransformerEmbedder(str(build(tmp_path)))
    base = SentenceTransformerEmbedder(str(tiny_model))
    assert base.count("hunden") == 6
    assert model.count("hunden") == 2
    assert model.count("the dog") == base.count("the dog") == 2
    assert not np.allclose(model.embed_query("the dog"), base.embed_query("the dog"), atol=1e-4)


def test_a_second_start_reuses_the_folder_untouched(build, tmp_path) -> None:
    weights = build(tmp_path) / "model.safetensors"
    before = weights.stat().st_mtime_ns
    assert build(tmp_path) / "model.safetensors" == weights
    assert weights.stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_damaged_file_is_noticed_and_built_again(build, tmp_path, name: str, caplog) -> None:
    damaged = build(tmp_path) / name
    good = damaged.read_bytes()
    damaged.write_bytes(good[:-3] + b"xyz")
    with caplog.at_level(logging.WARNING, "rag.models.bundled"):
        assert (build(tmp_path) / name).read_bytes() == good
    assert "is damaged: building it again" in caplog.text


@pytest.mark.parametrize("name", ["manifest.json", "1_Pooling/config.json"])
def test_a_lost_file_is_noticed_and_built_again(build, tmp_path, name: str) -> None:
    (build(tmp_path) / name).unlink()
    assert (build(tmp_path) / name).is_file()


def test_another_delta_gets_a_folder_of_its_own(build, tmp_path) -> None:
    other = tmp_path / "other.npz"
    rows = np.ones((1, WIDTH), np.float32)
    write_delta(other, Delta({}, rows, ("kat",), {}))
    assert build(tmp_path) != build(tmp_path, other)


def test_nothing_but_the_model_folder_is_left_behind(build, tmp_path) -> None:
    folder = build(tmp_path)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [folder.name]


def _build_slowly(data: str, delta: str, base: str, sha256: str) -> None:
    write = bundled.write_model

    def write_and_wait(*arguments: object) -> None:
        write(*arguments)  # type: ignore[arg-type]
        Path(data, "written").touch()
        time.sleep(60)

    bundled.write_model = write_and_wait  # type: ignore[assignment]
    bundled_model_folder(Path(data), delta_file=Path(delta), base=Path(base), base_sha256=sha256)


def test_a_killed_build_leaves_nothing_that_passes_for_a_model(
    build, tmp_path, tiny_model, base_sha256, delta_file
) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_build_slowly, args=(str(tmp_path), str(delta_file), str(tiny_model), base_sha256)
    )
    process.start()
    deadline = time.monotonic() + 60
    while not (tmp_path / "written").exists():
        assert time.monotonic() < deadline, "the build never got to its last step"
        time.sleep(0.05)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    leftovers = list((tmp_path / "models").iterdir())
    assert [path.name.startswith(".building-") for path in leftovers] == [True]
    folder = build(tmp_path)
    assert json.loads((folder / "manifest.json").read_text())["files"]
    an_hour_ago = time.time() - 3700
    os.utime(leftovers[0], (an_hour_ago, an_hour_ago))
    (folder / "manifest.json").unlink()
    build(tmp_path)
    assert not leftovers[0].exists()


def test_without_a_delta_the_plain_base_serves_and_the_log_says_so(
    build, tiny_model, tmp_path, caplog
) -> None:
    with caplog.at_level(logging.WARNING, "rag.models.bundled"):
        assert build(tmp_path, tmp_path / "none.npz") == tiny_model
    assert "knows English only" in caplog.text


def test_a_delta_for_another_base_is_refused(build, tmp_path) -> None:
    path = tmp_path / "foreign.npz"
    write_delta(path, Delta({}, np.ones((1, WIDTH), np.float32), ("kat",), {"base_sha256": "0" * 64}))
    with pytest.raises(ModelError, match="made for another base model"):
        build(tmp_path, path)
    assert not (tmp_path / "models").exists()


def test_a_data_folder_that_cannot_be_written_is_an_error_with_the_next_step(build, tmp_path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(ModelError, match=r"cannot be written.*choose another data folder"):
        build(tmp_path)


@pytest.mark.skipif(not DELTA_FILE.is_file(), reason="the shipped delta is not in this checkout")
def test_the_shipped_delta_is_small_enough_and_fits_the_packaged_base(tmp_path) -> None:
    assert DELTA_FILE.stat().st_size <= 20_000_000
    folder = bundled_model_folder(tmp_path)
    assert folder.parent == tmp_path / "models"
