"""Word-by-word glosses: where sentences of a language are scarce, a dictionary stretches them.

`lexicon.tsv` has one column per language, each cell one or more words divided by `/`, the first the
usual one. A gloss is an English sentence whose known words are exchanged for the other language's;
its target is the English sentence. Entries themselves are examples, too. Refuses to gloss where too
few words are known.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rag.models.distillation.corpus import Pair
from rag.models.distillation.examples import Example
from rag.models.distillation.settings import DistillationSettings

Lexicon = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By language: English word or phrase (lower case) to its translations."""

SOURCE = "lexicon"
_TOKEN = re.compile(r"\w+(?:'\w+)?|\W")
_LEAST_KNOWN = 0.6
_MOST_WORDS = 25
_ENTRY_COPIES = 4


def read_lexicon(path: Path, languages: Sequence[str]) -> Lexicon:
    """The dictionary by language; empty if there is no such file."""
    tables: dict[str, dict[str, tuple[str, ...]]] = {language: {} for language in languages[1:]}
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.split("\t")]
            if len(cells) == len(languages):
                for language, cell in zip(languages[1:], cells[1:], strict=True):
                    words = tuple(word.strip() for word in cell.split("/") if word.strip())
                    for english in cells[0].lower().split("/"):
                        known = tables[language].get(english.strip(), ())
                        tables[language][english.strip()] = tuple(dict.fromkeys((*known, *words)))
    return tables


def lexicon_pairs(lexicon: Lexicon) -> Iterator[Pair]:
    """Each entry as a pair, for alignment."""
    for language, table in lexicon.items():
        for english, words in table.items():
            for word in words:
                yield Pair(english, word, language, SOURCE, SOURCE)


def gloss_examples(
    pairs: Sequence[Pair],
    examples: Sequence[Example],
    lexicon: Lexicon,
    settings: DistillationSettings,
) -> list[Example]:
    """Entries, and glosses of English sentences that training uses anyway (their target is known)."""
    found = [
        Example(pair.other, pair.english, pair.language, SOURCE)
        for pair in lexicon_pairs(lexicon)
        for _ in range(_ENTRY_COPIES)
    ]
    chance = random.Random(f"{settings.seed}:{SOURCE}")
    sentences = sorted({e.english for e in examples if 3 <= len(e.english.split()) <= _MOST_WORDS})
    chance.shuffle(sentences)
    wanted = int(settings.gloss_share * len(examples))
    for language in settings.gloss_languages:
        table = lexicon.get(language, {})
        glosses = _glosses(sentences, table, language, chance) if table else iter(())
        found += [gloss for gloss, _ in zip(glosses, range(wanted), strict=False)]
    return found


def _glosses(
    sentences: Sequence[str],
    table: Mapping[str, tuple[str, ...]],
    language: str,
    chance: random.Random,
) -> Iterator[Example]:
    for sentence in sentences:
        text = gloss(sentence, table, chance)
        if text:
            yield Example(text, sentence, language, f"{SOURCE}, gloss")


def gloss(sentence: str, table: Mapping[str, tuple[str, ...]], chance: random.Random) -> str | None:
    """The sentence with known words exchanged; None if fewer than six in ten are known."""
    tokens, known, words = _TOKEN.findall(sentence), 0, 0
    for place, token in enumerate(tokens):
        if token[0].isalpha():
            words += 1
            choices = table.get(token.lower())
            if choices:
                known += 1
                tokens[place] = chance.choice(choices)
    return "".join(tokens) if words and known >= _LEAST_KNOWN * words else None
