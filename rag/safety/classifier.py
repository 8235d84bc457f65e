"""What kind of message this is, by its likeness to examples.

Logistic regression over sentence embeddings and words of the examples (`examples.toml`, `other.toml`);
it generalises where patterns cannot. Trained on this machine for the embedding model in use, in about
ten seconds, and kept in the data folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.domain.ports import Embedder
from rag.safety.words import Words

if TYPE_CHECKING:
    from rag.domain.ports import Matrix

EXAMPLES = Path(__file__).with_name("examples.toml")
OTHER = Path(__file__).with_name("other.toml")
ORDINARY = "policy"
"""The kind of questions about the rules, and of everything that is none of our business."""
_INVERSE_REGULARISATION = 10.0
"""Of 3, 10, 30 and 100, 3 and 10 hear all calls of the development split and refuse all it asks to refuse;
10 refuses more of held-out examples (0.68 against 0.63), 3 hears more of them (0.87 against 0.85)."""
_FEATURES = "embedding, words and pairs"
"""What a classifier in the data folder was trained on; one of another kind is not read."""


@dataclass(frozen=True, slots=True)
class MessageClassifier:
    """Kinds and the linear model over embeddings and words: `weights` has columns for both, in that order."""

    kinds: tuple[str, ...]
    weights: Matrix
    intercepts: Matrix
    words: Words

    def probabilities(self, text: str, vector: Matrix) -> dict[str, float]:
        """The probability of each kind; they sum to 1."""
        places, shares = self.words.found(text)
        of_words = self.weights[:, len(vector) :][:, places] @ shares
        scores = self.weights[:, : len(vector)] @ vector + of_words + self.intercepts
        odds = np.exp(scores - scores.max())
        return dict(zip(self.kinds, (odds / odds.sum()).tolist(), strict=True))


def trained(embedder: Embedder, folder: Path, ordinary: Sequence[str] = ()) -> MessageClassifier:
    """The classifier for this embedding model, from `folder` or trained now and kept there.

    `ordinary` are further questions about the rules: those the texts are known to answer.
    """
    texts, kinds = _examples()
    texts, kinds = texts + list(ordinary), kinds + [ORDINARY] * len(ordinary)
    learnt = json.dumps([_FEATURES, embedder.fingerprint, texts, kinds])
    key = hashlib.sha256(learnt.encode()).hexdigest()[:16]
    path = folder / f"messages-{key}.npz"
    kept = _read(path)
    if kept is not None:
        return kept
    classifier = _train(_embedded(embedder, texts), texts, kinds)
    _keep(path, classifier)
    return classifier


def _examples() -> tuple[list[str], list[str]]:
    examples = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["example"]
    other = tomllib.loads(OTHER.read_text(encoding="utf-8"))
    texts = [e["text"] for e in examples] + [text for texts in other.values() for text in texts]
    kinds = [e["kind"] for e in examples]
    return texts, kinds + [ORDINARY] * (len(texts) - len(kinds))


def _embedded(embedder: Embedder, texts: list[str]) -> Matrix:
    """Unit rows; a text longer than the model reads at once is read as a long question is."""
    long = [i for i, text in enumerate(texts) if embedder.count(text) > embedder.max_tokens]
    vectors = embedder.embed_passages([text if i not in long else "" for i, text in enumerate(texts)])
    for i in long:
        vectors[i] = embedder.embed_query(texts[i])
    return vectors


def _train(vectors: Matrix, texts: list[str], kinds: list[str]) -> MessageClassifier:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    words = Words.of(texts)
    found = [words.found(text) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in found)])
    of_words = csr_matrix(
        (
            np.concatenate([weights for _, weights in found]),
            np.concatenate([np.array(places, np.int32) for places, _ in found]),
            ends,
        ),
        shape=(len(texts), len(words.known)),
    )
    both = hstack([csr_matrix(vectors), of_words], format="csr")
    model = LogisticRegression(C=_INVERSE_REGULARISATION, max_iter=2000).fit(both, kinds)
    return MessageClassifier(
        tuple(str(kind) for kind in model.classes_),
        np.asarray(model.coef_, np.float32),
        np.asarray(model.intercept_, np.float32),
        words,
    )


def _read(path: Path) -> MessageClassifier | None:
    try:
        with np.load(path, allow_pickle=False) as data:
            return MessageClassifier(
                tuple(str(k) for k in data["kinds"]),
                data["weights"],
                data["intercepts"],
                Words(tuple(str(w) for w in data["words"]), data["rarity"]),
            )
    except (OSError, ValueError, KeyError):
        return None


def _keep(path: Path, classifier: MessageClassifier) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{uuid.uuid4().hex}.npz")
    np.savez_compressed(
        aside,
        kinds=np.array(classifier.kinds),
        weights=classifier.weights,
        intercepts=classifier.intercepts,
        words=np.array(classifier.words.known, np.str_),
        rarity=classifier.words.rarity,
    )
    os.replace(aside, path)
