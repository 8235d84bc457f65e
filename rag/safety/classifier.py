"""What kind of message this is, by its likeness to examples.

Logistic regression over sentence embeddings and words of the examples (`examples.toml`, `other.toml`);
it generalises where patterns cannot. A second one has also read `mixed.toml`, where a call for help stands
beside a question about the rules. Trained on this machine for the embedding model in use, in some forty
seconds, and kept in the data folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
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
MIXED = Path(__file__).with_name("mixed.toml")
ORDINARY = "policy"
"""The kind of questions about the rules, and of everything that is none of our business."""
_INVERSE_REGULARISATION = 10.0
"""Of 3, 10, 30 and 100, 3 and 10 hear all calls of the development split and refuse all it asks to refuse;
10 refuses more of held-out examples (0.68 against 0.63), 3 hears more of them (0.87 against 0.85)."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_FEATURES = "embedding, words and pairs, length with unknown words"
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


@dataclass(frozen=True, slots=True)
class Classifiers:
    """`plain` has read messages of one thought; `mixed` also such of several, and the sentences of those
    that hold no call for help."""

    plain: MessageClassifier
    mixed: MessageClassifier


def trained(embedder: Embedder, folder: Path, ordinary: Sequence[str] = ()) -> Classifiers:
    """The classifiers for this embedding model, from `folder` or trained now and kept there.

    `ordinary` are further questions about the rules: those the texts are known to answer.
    """
    plain = _examples() + [(text, ORDINARY) for text in ordinary]
    both = plain + _mixed_examples()
    vectors: dict[str, Matrix] = {}

    def classifier(examples: list[tuple[str, str]]) -> MessageClassifier:
        path = folder / f"messages-{_key(examples, embedder)}.npz"
        kept = _read(path)
        if kept is not None:
            return kept
        if not vectors:
            texts = list(dict.fromkeys(text for text, _ in both))
            vectors.update(zip(texts, _embedded(embedder, texts), strict=True))
        learnt = _train(np.array([vectors[text] for text, _ in examples]), examples)
        _keep(path, learnt)
        return learnt

    return Classifiers(classifier(plain), classifier(both))


def _key(examples: list[tuple[str, str]], embedder: Embedder) -> str:
    """Of what a classifier has learnt from."""
    learnt = [_FEATURES, embedder.fingerprint, examples]
    return hashlib.sha256(json.dumps(learnt).encode()).hexdigest()[:16]


def sentences_of(message: str) -> list[str]:
    """As people write: after every stop, whatever letter follows; fragments of one word are left out."""
    return [s for s in _SENTENCE_END.split(message.strip()) if len(s.split()) > 1]


def _examples() -> list[tuple[str, str]]:
    other = tomllib.loads(OTHER.read_text(encoding="utf-8"))
    return _told(EXAMPLES) + [(text, ORDINARY) for texts in other.values() for text in texts]


def _mixed_examples() -> list[tuple[str, str]]:
    """Each message, and each sentence of those that hold no call for help."""
    messages = _told(MIXED)
    ordinary = [sentences_of(text) for text, kind in messages if kind == ORDINARY]
    return messages + [(s, ORDINARY) for found in ordinary if len(found) > 1 for s in found]


def _told(path: Path) -> list[tuple[str, str]]:
    return [(e["text"], e["kind"]) for e in tomllib.loads(path.read_text(encoding="utf-8"))["example"]]


def _embedded(embedder: Embedder, texts: list[str]) -> Matrix:
    """Unit rows; a text longer than the model reads at once is read as a long question is."""
    long = [i for i, text in enumerate(texts) if embedder.count(text) > embedder.max_tokens]
    vectors = embedder.embed_passages([text if i not in long else "" for i, text in enumerate(texts)])
    for i in long:
        vectors[i] = embedder.embed_query(texts[i])
    return vectors


def _train(vectors: Matrix, examples: list[tuple[str, str]]) -> MessageClassifier:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    texts, kinds = [text for text, _ in examples], [kind for _, kind in examples]
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
