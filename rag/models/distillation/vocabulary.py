"""New word pieces for the languages to learn, and a good start for their rows.

The pieces come from what training will see, so a source weighs in the vocabulary as it weighs in
training. A row starts as the mean of the English pieces it occurs with in the pairs (smoothed Dice
coefficient, squared), at the length of an ordinary row: untrained, that already carries half the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.delta import extend_tokenizer
from rag.models.distillation.network import tokenizer_from

UNKNOWN = "[UNK]"
_CANDIDATES = 1.7  # times the pieces wanted: the trainer also proposes pieces the base already has
_LETTERS = 1000  # the trainer's vocabulary also holds every letter, alone and inside a word
_DICE_SMOOTHING = 8.0
_COMMON_SHARE = 0.35  # English pieces in more of the pairs than this ("the", ".") explain nothing
_LONGEST_STRETCH = 1.6
_ROWS_AT_ONCE = 500
_TEXTS_AT_ONCE = 20_000
_ORDINARY_ROWS = slice(1000, 29_000)  # of BERT's vocabulary: before it lie unused places and letters


@dataclass(frozen=True, slots=True)
class AlignedTexts:
    """A text, its English counterpart, and how often the pair counts."""

    other: str
    english: str
    weight: float = 1.0


def choose_pieces(
    texts: Sequence[str], base_tokenizer: dict[str, Any], wanted: int, least_frequency: int
) -> tuple[str, ...]:
    """The most frequent word pieces of the texts that the base lacks, most frequent first."""
    candidates = _candidates(texts, base_tokenizer, wanted, least_frequency)
    extended = tokenizer_from(extend_tokenizer(base_tokenizer, candidates))
    first = len(base_tokenizer["model"]["vocab"])
    counts = np.zeros(first + len(candidates), np.int64)
    for encodings in _encoded(extended, texts):
        for encoding in encodings:
            np.add.at(counts, encoding.ids, 1)
    order = np.argsort(-counts[first:], kind="stable")[:wanted]
    return tuple(candidates[i] for i in order if counts[first + i] > 0)


def _candidates(
    texts: Sequence[str], base_tokenizer: dict[str, Any], wanted: int, least_frequency: int
) -> tuple[str, ...]:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=int(wanted * _CANDIDATES) + _LETTERS,
        special_tokens=[UNKNOWN],
        show_progress=False,
        min_frequency=least_frequency,
    )
    tokenizer.train_from_iterator(texts, trainer=trainer)
    known = base_tokenizer["model"]["vocab"]
    return tuple(sorted(piece for piece in tokenizer.get_vocab() if piece not in known))


def start_rows(
    pairs: Sequence[AlignedTexts],
    base_tokenizer: dict[str, Any],
    pieces: tuple[str, ...],
    base_rows: NDArray[np.float32],
    neighbours: int,
) -> NDArray[np.float32]:
    """Rows for the pieces, shape (pieces, width), from their English company in the pairs."""
    first = len(base_tokenizer["model"]["vocab"])
    extended = tokenizer_from(extend_tokenizer(base_tokenizer, pieces))
    weights = np.array([pair.weight for pair in pairs], np.float32)
    others = _incidence(extended, [pair.other for pair in pairs], first + len(pieces))[:, first:]
    english = _incidence(tokenizer_from(base_tokenizer), [pair.english for pair in pairs], first)
    piece_counts = np.asarray(others.T @ weights).ravel()
    english_counts = np.asarray(english.T @ weights).ravel()
    telling = (english_counts <= _COMMON_SHARE * weights.sum()).astype(np.float32)
    weighted = english.multiply(weights[:, None]).multiply(telling[None]).tocsr()
    by_piece = others.T.tocsr()
    rows = np.zeros((len(pieces), base_rows.shape[1]), np.float32)
    for start in range(0, len(pieces), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        together = (by_piece[some] @ weighted).toarray()
        affinity = _affinity(together, piece_counts[some], english_counts, float(weights.sum()))
        rows[some] = _mean_of_nearest(affinity, base_rows, neighbours)
    return _at_ordinary_length(rows, base_rows)


def _affinity(
    together: NDArray[Any], piece_counts: NDArray[Any], english_counts: NDArray[Any], total: float
) -> NDArray[np.float32]:
    """Squared smoothed Dice coefficient; nothing where the company is what chance would give."""
    dice = 2 * together / (piece_counts[:, None] + english_counts[None] + _DICE_SMOOTHING)
    chance = piece_counts[:, None] * english_counts[None] / total
    least = np.minimum(2, piece_counts)[:, None]
    dice[(together < least) | (together < 1.5 * chance)] = 0
    return np.asarray(dice**2, np.float32)


def _mean_of_nearest(
    affinity: NDArray[np.float32], base_rows: NDArray[np.float32], neighbours: int
) -> NDArray[np.float32]:
    rows = np.zeros((len(affinity), base_rows.shape[1]), np.float32)
    neighbours = min(neighbours, affinity.shape[1] - 1)
    nearest = np.argpartition(-affinity, neighbours, axis=1)[:, :neighbours]
    for number, indices in enumerate(nearest):
        weights = affinity[number, indices]
        if weights.sum() > 0:
            rows[number] = (weights / weights.sum()) @ base_rows[indices]
    return rows


def _at_ordinary_length(rows: NDArray[np.float32], base_rows: NDArray[np.float32]) -> NDArray[np.float32]:
    ordinary = base_rows[_ORDINARY_ROWS] if len(base_rows) > _ORDINARY_ROWS.stop else base_rows
    rows[np.abs(rows).sum(1) == 0] = ordinary.mean(0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    target = np.linalg.norm(ordinary, axis=1).mean()
    return np.asarray(rows * np.minimum(_LONGEST_STRETCH, target / np.maximum(lengths, 1e-6)), np.float32)


def _encoded(tokenizer: Any, texts: Sequence[str]) -> Iterable[Any]:
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        yield tokenizer.encode_batch(list(texts[start : start + _TEXTS_AT_ONCE]), add_special_tokens=False)


def _incidence(tokenizer: Any, texts: Sequence[str], width: int) -> Any:
    """A sparse matrix (texts, pieces) with 1 where the text has the piece."""
    from scipy import sparse

    starts, columns = [0], []
    for encodings in _encoded(tokenizer, texts):
        for encoding in encodings:
            columns += sorted({i for i in encoding.ids if i < width})
            starts.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    return sparse.csr_matrix((ones, np.array(columns), np.array(starts)), shape=(len(texts), width))
