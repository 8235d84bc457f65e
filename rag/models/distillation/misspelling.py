"""Questions as they are typed in a hurry: the student learns to read them as if they were spelt well."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from rag.models.distillation.corpus import Pair
from rag.models.distillation.examples import Example
from rag.models.distillation.settings import DistillationSettings

_WORD = re.compile(r"\w+|\W+")
_LEAST_LETTERS = 4
_WORDS_PER_SLIP = 6
_CARELESS = 0.5
"""Share of texts that lose their capitals and their last stop as well."""


def misspelt_examples(pairs: Sequence[Pair], settings: DistillationSettings) -> Iterator[Example]:
    """Misspelt copies as the plan of each source says: of the other language's side, and half as many of the
    English one. The target is that of the English side spelt well."""
    english = settings.triple_languages[0]
    for pair in pairs:
        share = settings.sources[pair.source].misspelt
        if share <= 0:
            continue
        chance = random.Random(f"{settings.seed}:misspelt:{pair.language}:{pair.reference}")
        source = f"{pair.source}, misspelt"
        if chance.random() < share:
            yield Example(misspelt(pair.other, chance), pair.english, pair.language, source)
        if chance.random() < share / 2:
            yield Example(misspelt(pair.english, chance), pair.english, english, source)


def misspelt(text: str, chance: random.Random) -> str:
    """The text with one slip for every six words, at least one, and perhaps no capitals."""
    tokens = _WORD.findall(text)
    long = [i for i, token in enumerate(tokens) if len(token) >= _LEAST_LETTERS and token.isalpha()]
    for place in chance.sample(long, min(len(long), 1 + len(tokens) // (2 * _WORDS_PER_SLIP))):
        tokens[place] = _slip(tokens[place], chance)
    result = "".join(tokens)
    return result.lower().rstrip("?.! ") if chance.random() < _CARELESS else result


def _slip(word: str, chance: random.Random) -> str:
    """One letter left out, doubled, exchanged with the next, or a double letter made single."""
    doubled = [i for i in range(1, len(word)) if word[i] == word[i - 1]]
    if doubled and chance.random() < 0.5:
        place = chance.choice(doubled)
        return word[:place] + word[place + 1 :]
    place = chance.randrange(1, len(word) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    return chance.choice((before + after, before + here + here + after, before + after[0] + here + after[1:]))
