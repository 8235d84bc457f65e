from __future__ import annotations

from pathlib import Path

import numpy as np

from rag.models.delta import NEW_ROWS, read_delta
from rag.models.distillation.network import load_encoder
from rag.models.distillation.packing import pack
from rag.models.distillation.parameters import carry_over, lay_out, learnt, load_state, save_state


def test_every_trained_number_has_its_place(tiny_model: Path) -> None:
    encoder = load_encoder(tiny_model)
    layout, flat = lay_out(encoder, np.ones((3, 32), np.float32))
    assert layout.size == len(flat) == sum(int(np.prod(shape)) for _, shape in layout.slots.values())
    for name, parameter in encoder.named_parameters():
        if name in layout.slots:
            np.testing.assert_array_equal(layout.view(flat, name), parameter.detach().numpy())
    assert "embeddings.word_embeddings.weight" not in layout.slots


def test_a_checkpoint_comes_back_as_it_was(tiny_model: Path, tmp_path: Path) -> None:
    layout, flat = lay_out(load_encoder(tiny_model), np.ones((3, 32), np.float32))
    save_state(tmp_path / "state.npz", layout, flat, 17)
    back, values, step = load_state(tmp_path / "state.npz")
    assert (back, step) == (layout, 17)
    np.testing.assert_array_equal(values, flat)
    assert [path.name for path in tmp_path.iterdir()] == ["state.npz"]


def test_what_was_learnt_goes_to_the_same_pieces_at_new_places(tiny_model: Path) -> None:
    encoder = load_encoder(tiny_model)
    old, learnt = lay_out(encoder, np.array([[1.0] * 32, [2.0] * 32], np.float32))
    learnt[: old.slots[NEW_ROWS][0]] += 0.5
    new, start = lay_out(encoder, np.array([[7.0] * 32, [8.0] * 32, [9.0] * 32], np.float32))
    flat = carry_over((old, learnt), ("hund", "kat"), (new, start), ("kat", "ny", "hund"))
    assert new.view(flat, NEW_ROWS)[:, 0].tolist() == [2, 8, 1]
    encoder_part = slice(0, old.slots[NEW_ROWS][0])
    np.testing.assert_array_equal(flat[encoder_part], learnt[encoder_part])


def test_training_goes_on_from_a_delta_file(tiny_model: Path, tmp_path: Path) -> None:
    layout, flat = lay_out(load_encoder(tiny_model), np.ones((2, 32), np.float32))
    flat += np.linspace(-0.5, 0.5, len(flat), dtype=np.float32)
    save_state(tmp_path / "state.npz", layout, flat, 3)
    pack(tmp_path / "state.npz", ("hund", "kat"), tiny_model, tmp_path / "delta.npz", {})
    back, values = learnt(load_encoder(tiny_model), read_delta(tmp_path / "delta.npz"))
    assert back == layout
    np.testing.assert_allclose(values, flat, atol=0.01)
