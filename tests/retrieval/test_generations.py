from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.domain.errors import IndexFailure, IndexMissing
from rag.retrieval.generations import KEPT, Generations, Manifest

MANIFEST = Manifest("abc", "fake", 3, 1, 2, 3)


def finish(generations: Generations, fingerprint: str = "abc") -> Path:
    with generations.building() as folder:
        generations.switch_to(folder, Manifest(fingerprint, "fake", 3, 1, 2, 3))
    return folder


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


def test_before_the_first_build_there_is_nothing_and_the_next_step_is_named(generations: Generations) -> None:
    assert generations.manifest() is None
    with pytest.raises(IndexMissing, match="python -m rag index"):
        generations.current()


def test_a_finished_build_serves(generations: Generations) -> None:
    folder = finish(generations)
    assert generations.current() == folder
    assert generations.manifest() == MANIFEST


def test_while_a_build_goes_on_the_old_one_serves(generations: Generations) -> None:
    old = finish(generations)
    with generations.building() as folder:
        assert folder != old
        assert generations.current() == old
        generations.switch_to(folder, MANIFEST)
        assert generations.current() == folder


def test_a_build_that_fails_leaves_nothing_behind(generations: Generations) -> None:
    old = finish(generations)

    with pytest.raises(RuntimeError), generations.building() as folder:
        _half_write(folder)
    assert generations.current() == old
    assert list(generations.folder.glob("g-*")) == [old]
    finish(generations)


def _half_write(folder: Path) -> None:
    (folder / "half").write_text("half")
    raise RuntimeError


def test_an_unfinished_generation_is_swept_by_the_next_build(generations: Generations) -> None:
    finish(generations)
    left = generations.folder / "g-killed"
    left.mkdir()
    (left / "store.sqlite").write_text("half")
    finish(generations)
    assert not left.exists()


def test_only_the_newest_are_kept_and_the_serving_one_always(generations: Generations) -> None:
    made = [finish(generations, str(n)) for n in range(KEPT + 3)]
    assert [p for p in made if p.exists()] == made[-KEPT:]
    assert generations.current() == made[-1]


def test_a_second_indexer_is_told_to_wait(generations: Generations) -> None:
    with (
        generations.building(),
        pytest.raises(IndexFailure, match="Another process is indexing"),
        Generations(generations.folder).building(),
    ):
        pass
    finish(generations)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(IndexFailure, match="cannot be written"),
        Generations(tmp_path / "file" / "x").building(),
    ):
        pass


def test_a_full_disk_in_the_middle_is_named_and_the_old_one_serves(generations: Generations) -> None:
    old = finish(generations)
    with pytest.raises(IndexFailure, match="No space left"), generations.building():
        raise OSError(28, "No space left on device")
    assert generations.current() == old


@pytest.mark.parametrize(
    "content",
    [b"", b"g-nowhere", b"\xff\xfe\x00", b"../../etc", b"\x00"],
    ids=["empty", "gone", "bytes", "up", "nul"],
)
def test_a_damaged_pointer_is_no_index_and_a_new_build_heals_it(
    generations: Generations, content: bytes
) -> None:
    finish(generations)
    (generations.folder / "CURRENT").write_bytes(content)
    with pytest.raises(IndexMissing, match="index"):
        generations.current()
    assert generations.manifest() is None
    folder = finish(generations)
    assert generations.current() == folder


@pytest.mark.parametrize("content", ["", "[]", '{"fingerprint": "x"}', '{"unknown": 1}', "\0"])
def test_a_damaged_manifest_is_no_manifest(generations: Generations, content: str) -> None:
    (finish(generations) / "manifest.json").write_text(content)
    assert generations.manifest() is None
    finish(generations)
    assert generations.manifest() == MANIFEST


def test_the_manifest_is_readable_by_others(generations: Generations) -> None:
    data = json.loads((finish(generations) / "manifest.json").read_text())
    assert data["passages"] == 2
