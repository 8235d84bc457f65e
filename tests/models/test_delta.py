from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.domain.errors import ModelError
from rag.models.delta import WORD_ROWS, Delta, apply_delta, extend_tokenizer, read_delta, write_delta

MATRIX = np.array([[1.27, -0.5, 0.01], [0, 0, 0], [-2.54, 2.54, 0]], np.float32)
ROWS = np.array([[0.3, -0.3, 0.1], [5, 1, 0.5]], np.float32)


def test_what_is_written_is_read_back_within_half_a_level(tmp_path: Path) -> None:
    delta = Delta({"a.weight": MATRIX, "a.bias": MATRIX[0]}, ROWS, ("hund", "##en"), {"note": "x"})
    size = write_delta(tmp_path / "delta.npz", delta)
    back = read_delta(tmp_path / "delta.npz")
    assert size == (tmp_path / "delta.npz").stat().st_size
    assert back.pieces == delta.pieces
    assert back.about["note"] == "x"
    for found, original in ((back.differences["a.weight"], MATRIX), (back.new_rows, ROWS)):
        # a level is a 127th of the row's greatest value; float16 scales add a two-thousandth
        allowed = np.abs(original).max(1, keepdims=True) * (0.5 / 127 + 1 / 2000)
        assert (np.abs(found - original) <= allowed).all()
    np.testing.assert_allclose(back.differences["a.bias"], MATRIX[0], rtol=1e-3)


def test_no_difference_is_not_stored(tmp_path: Path) -> None:
    write_delta(tmp_path / "d.npz", Delta({"a": np.zeros((2, 2), np.float32)}, ROWS, ("a", "b"), {}))
    assert read_delta(tmp_path / "d.npz").differences == {}


def test_the_smallest_differences_do_not_become_infinite(tmp_path: Path) -> None:
    tiny = np.full((2, 2), 1e-9, np.float32)
    write_delta(tmp_path / "d.npz", Delta({"a": tiny}, ROWS, ("a", "b"), {}))
    assert np.isfinite(read_delta(tmp_path / "d.npz").differences["a"]).all()


def test_differences_are_added_and_rows_appended() -> None:
    base = {"a": np.ones((1, 2), np.float32), WORD_ROWS: np.zeros((4, 3), np.float32)}
    full = apply_delta(base, Delta({"a": np.full((1, 2), 0.5, np.float32)}, ROWS, ("x", "y"), {}))
    np.testing.assert_array_equal(full["a"], [[1.5, 1.5]])
    np.testing.assert_array_equal(full[WORD_ROWS][4:], ROWS)
    np.testing.assert_array_equal(base["a"], [[1, 1]])


@pytest.mark.parametrize("name", ["b", "a"])
def test_a_delta_of_another_shape_is_refused(name: str) -> None:
    base = {"a": np.ones((1, 3), np.float32), WORD_ROWS: np.zeros((4, 3), np.float32)}
    with pytest.raises(ModelError, match=f"changes {name}"):
        apply_delta(base, Delta({name: np.ones((1, 2), np.float32)}, ROWS, ("x", "y"), {}))


def test_new_pieces_follow_the_old_ones() -> None:
    base = {"model": {"vocab": {"a": 0, "b": 1}}}
    assert extend_tokenizer(base, ("c", "d"))["model"]["vocab"] == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert base["model"]["vocab"] == {"a": 0, "b": 1}


def test_a_piece_the_base_has_is_refused() -> None:
    with pytest.raises(ModelError, match="already in the base"):
        extend_tokenizer({"model": {"vocab": {"a": 0}}}, ("a",))


@pytest.mark.parametrize("content", [b"", b"not a delta", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "delta.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"delta\.npz is damaged.*restore it"):
        read_delta(path)


def test_a_file_cut_short_is_named(tmp_path: Path) -> None:
    path = tmp_path / "delta.npz"
    write_delta(path, Delta({"a.weight": MATRIX}, ROWS, ("a", "b"), {}))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ModelError, match="is damaged"):
        read_delta(path)


def test_pieces_and_rows_that_do_not_match_are_refused(tmp_path: Path) -> None:
    write_delta(tmp_path / "d.npz", Delta({}, ROWS, ("one",), {}))
    with pytest.raises(ModelError, match="1 word pieces for 2 rows"):
        read_delta(tmp_path / "d.npz")
