"""Turns pairs into what training sees: single sentences, joined windows and glosses, in random order."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.models.distillation.corpus import Pair
from rag.models.distillation.settings import DistillationSettings

_LEGAL = re.compile(
    r"\b(regulation|directive|member states?|council|commission|parliament|law|legal|legislation|"
    r"police|crimes?|criminal|court|rights?|obligations?|shall|pursuant|article|protection|children|"
    r"child|victims?|data|privacy|authorit(?:y|ies)|internet|online|report|offences?)\b",
    re.IGNORECASE,
)
_LEGAL_WORDS = 3  # that many of them make a sentence legal: about one Europarl sentence in nine


@dataclass(frozen=True, slots=True)
class Example:
    """The student reads `text` in `language`; its vector should be the teacher's for `english`."""

    text: str
    english: str
    language: str
    source: str


def make_examples(pairs: Sequence[Pair], settings: DistillationSettings) -> list[Example]:
    """Single sentences and joined windows by the plan of each source, shuffled by the seed.

    Each source draws from its own generator: more text in one changes nothing in the others, so
    the teacher's cache stays good.
    """
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((pair.source, pair.language), []).append(pair)
    examples: list[Example] = []
    for name, group in groups.items():
        chance = _generator(settings, *name)
        examples += _singles(group, settings, chance)
        examples += _windows(group, settings, chance)
    _generator(settings, "order").shuffle(examples)
    return examples


def _generator(settings: DistillationSettings, *name: str) -> random.Random:
    return random.Random(":".join((str(settings.seed), *name)))


def is_emphasised(english: str) -> bool:
    """A question, or a sentence with at least three words of law and policy."""
    return english.rstrip().endswith("?") or len(_LEGAL.findall(english)) >= _LEGAL_WORDS


def _singles(
    pairs: Sequence[Pair], settings: DistillationSettings, chance: random.Random
) -> Iterator[Example]:
    for pair in pairs:
        copies = settings.sources[pair.source].copies
        if copies < 1:
            if is_emphasised(pair.english):
                copies *= settings.emphasis
            if len(pair.english.split()) > settings.preferred_words:
                copies /= 2
        times = int(copies) + (chance.random() < copies - int(copies))
        for _ in range(times):
            yield Example(pair.other, pair.english, pair.language, pair.source)


def _windows(
    pairs: Sequence[Pair], settings: DistillationSettings, chance: random.Random
) -> Iterator[Example]:
    for start, pair in enumerate(pairs):
        share = settings.sources[pair.source].windows / 100
        while chance.random() < share:
            share -= 1
            window = _window(pairs, start, settings, chance)
            if len(window) > 1:
                yield Example(
                    " ".join(p.other for p in window),
                    " ".join(p.english for p in window),
                    pair.language,
                    f"{pair.source}, joined",
                )


def _window(
    pairs: Sequence[Pair], start: int, settings: DistillationSettings, chance: random.Random
) -> list[Pair]:
    first = pairs[start]
    wanted = chance.randint(*settings.window_sentences)
    window, words = [first], len(first.english.split())
    for pair in pairs[start + 1 : start + wanted]:
        words += len(pair.english.split())
        if pair.document != first.document or words > settings.window_words:
            break
        window.append(pair)
    return window
