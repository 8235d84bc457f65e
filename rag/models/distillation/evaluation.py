"""What a distilled model can do on pairs it never saw, against the base model.

Sentence matching: of n sentences, how many have their own translation nearest (accuracy@1, both
ways). English unharmed: how near English stays to the teacher, and how often the first half of an
English sentence finds its second half. Says nothing about answering questions; `evals` does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.distillation.corpus import Pair
from rag.models.distillation.network import encode_texts, load_encoder, load_tokenizer

Vectors = NDArray[np.float32]
_HALF_WORDS = 6  # a half sentence needs that many words to mean something
_Z95 = 1.959964


def evaluate(
    models: Mapping[str, Path], base: Path, held_out: Sequence[Pair], limit: int, max_tokens: int
) -> dict[str, Any]:
    """Figures per model name; at most `limit` pairs of each source and language."""
    groups = _groups(held_out, limit)
    teacher = Reader(base, max_tokens)
    return {
        name: evaluate_one(Reader(folder, max_tokens), teacher, groups) for name, folder in models.items()
    }


class Reader:
    """Sentences to unit vectors with the model of a folder; remembers what it has read."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        self._encoder, self._tokenizer = load_encoder(folder), load_tokenizer(folder)
        self._max_tokens = max_tokens
        self._known: dict[str, Vectors] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        new = sorted({text for text in texts if text not in self._known})
        if new:
            vectors = encode_texts(self._encoder, self._tokenizer, new, self._max_tokens)
            self._known.update(zip(new, vectors, strict=True))
        return np.stack([self._known[text] for text in texts])


def evaluate_one(
    student: Reader, teacher: Reader, groups: Mapping[tuple[str, str], Sequence[Pair]]
) -> dict[str, Any]:
    """The figures of one model."""
    matching: dict[str, Any] = {}
    for (source, language), pairs in groups.items():
        other, english = student([p.other for p in pairs]), student([p.english for p in pairs])
        cosine = (other * teacher([p.english for p in pairs])).sum(1).mean()
        matching[f"{source} en-{language}"] = {
            f"{language} to en": rate(_hits(other, english), len(pairs)),
            f"en to {language}": rate(_hits(english, other), len(pairs)),
            "cosine to teacher": round(float(cosine), 4),
        }
    matching |= _between_others(student, groups)
    sentences = sorted({pair.english for pairs in groups.values() for pair in pairs})
    return {"matching": matching, "english": _english(student, teacher, sentences)}


def rate(hits: int, n: int) -> dict[str, float | int | list[float]]:
    """A share with its n and 95 % interval (Wilson, 1927)."""
    if not n:
        return {"n": 0}
    p, z2 = hits / n, _Z95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    margin = _Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    interval = [round(max(0.0, centre - margin), 4), round(min(1.0, centre + margin), 4)]
    return {"value": round(p, 4), "n": n, "interval": interval}


def _groups(held_out: Sequence[Pair], limit: int) -> dict[tuple[str, str], list[Pair]]:
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in held_out:
        group = groups.setdefault((pair.source, pair.language), [])
        if len(group) < limit and all(pair.english != other.english for other in group):
            group.append(pair)
    return groups


def _hits(queries: Vectors, pool: Vectors) -> int:
    return int(((queries @ pool.T).argmax(1) == np.arange(len(queries))).sum())


def _between_others(student: Reader, groups: Mapping[tuple[str, str], Sequence[Pair]]) -> dict[str, Any]:
    """Danish to Dutch and back, where a source has both for the same English sentence."""
    figures: dict[str, Any] = {}
    for source in sorted({source for source, _ in groups}):
        sides = {
            language: {pair.english: pair.other for pair in pairs}
            for (name, language), pairs in groups.items()
            if name == source
        }
        languages = sorted(sides)
        for place, one in enumerate(languages):
            for two in languages[place + 1 :]:
                shared = [english for english in sides[one] if english in sides[two]]
                if not shared:
                    continue
                first = student([sides[one][english] for english in shared])
                second = student([sides[two][english] for english in shared])
                figures[f"{source} {one}-{two}"] = {
                    f"{one} to {two}": rate(_hits(first, second), len(shared)),
                    f"{two} to {one}": rate(_hits(second, first), len(shared)),
                }
    return figures


def _english(student: Reader, teacher: Reader, sentences: Sequence[str]) -> dict[str, Any]:
    cosine = (student(sentences) * teacher(sentences)).sum(1).mean()
    halves = [_halves(sentence) for sentence in sentences]
    kept = [pair for pair in halves if min(len(half.split()) for half in pair) >= _HALF_WORDS]
    figures: dict[str, Any] = {"cosine to teacher": round(float(cosine), 4), "n": len(sentences)}
    if kept:
        first, second = [one for one, _ in kept], [two for _, two in kept]
        figures["half finds half"] = rate(_hits(student(first), student(second)), len(kept))
    return figures


def _halves(sentence: str) -> tuple[str, str]:
    words = sentence.split()
    middle = len(words) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])
