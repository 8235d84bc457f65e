"""What an embedding model makes of one text in a single pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's vector, and per token of its own what each layer says; n tokens, special ones left out."""

    vector: Matrix
    """Unit length, shape (dimension,)."""
    tokens: Matrix
    """The last layer, unit rows, shape (n, dimension): for late interaction."""
    pieces: NDArray[np.int64]
    """The tokens' places in the model's vocabulary, shape (n,)."""
    inner: Matrix
    """The last layer but one, shape (n, width); nearer to the words than the last."""
    bare: Matrix
    """The words before any context is taken in, shape (n, width)."""
