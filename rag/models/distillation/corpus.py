"""Reads a folder of parallel text and decides which pairs a run may see.

Three kinds of file: `en-XX.tsv[.gz]` with the columns English, other language, source, reference; any
other `*.tsv[.gz]` with one column per language of `triple_languages`, whose source is its name; and
`precedents.jsonl`, known questions each in several languages, whose source is its name, too.
Refuses sources that no plan names, mark-up, odd lengths, and pairs that share seven words in a row
with a protected text (the texts the product will be judged on).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from rag.models.distillation.settings import DistillationSettings

PROTECTED_RUN_WORDS = 7
LEXICON_FILE = "lexicon.tsv"
QUESTIONS_FILE = "precedents.jsonl"
_MARKUP = re.compile(r"https?://|www\.|</?\w+>|\{\{|&\w+;|\\\w|[|]{2}")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence in English and in another language, and where it was found."""

    english: str
    other: str
    language: str
    source: str
    reference: str

    @property
    def document(self) -> str:
        """The part of the reference that neighbours share; only they are joined."""
        return self.reference.rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Training pairs in reading order, and the pairs that are never trained on."""

    training: tuple[Pair, ...]
    held_out: tuple[Pair, ...]


def read_corpus(folder: Path, settings: DistillationSettings) -> Corpus:
    """All usable pairs of the folder; deterministic, and stable when files grow."""
    pairs = list(_usable(_adopt(_read(folder, settings), settings), settings))
    reserved = {key(pair.english) for pair in pairs if _is_reserved(pair, settings)}
    return Corpus(
        training=tuple(pair for pair in pairs if key(pair.english) not in reserved),
        held_out=tuple(pair for pair in pairs if _is_reserved(pair, settings)),
    )


def key(text: str) -> int:
    """A 64-bit number that is the same for texts with the same words."""
    words = " ".join(_WORD.findall(text.lower()))
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big")


def protected_runs(paths: Iterable[Path]) -> frozenset[int]:
    """Hashes of every run of seven words in the given text files and folders of text files."""
    runs: set[int] = set()
    for path in paths:
        files = sorted(path.rglob("*.txt")) if path.is_dir() else [path]
        for file in files:
            runs.update(_runs(file.read_text(encoding="utf-8")))
    return frozenset(runs)


def _runs(text: str) -> Iterator[int]:
    words = _WORD.findall(text.lower())
    for start in range(len(words) - PROTECTED_RUN_WORDS + 1):
        yield hash(tuple(words[start : start + PROTECTED_RUN_WORDS]))


def _lines(path: Path) -> Iterator[list[str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield [cell.strip() for cell in line.rstrip("\n").split("\t")]


def _read(folder: Path, settings: DistillationSettings) -> Iterator[Pair]:
    for path in sorted([*folder.rglob("*.tsv"), *folder.rglob("*.tsv.gz")]):
        if path.name == LEXICON_FILE:
            continue
        bilingual = re.fullmatch(r"en-([a-z]{2})\.tsv(?:\.gz)?", path.name)
        if bilingual:
            yield from _bilingual(path, bilingual[1])
        else:
            yield from _multilingual(path, settings.triple_languages)
    for path in sorted(folder.rglob(QUESTIONS_FILE)):
        yield from _questions(path, settings.triple_languages)


def _bilingual(path: Path, language: str) -> Iterator[Pair]:
    for number, cells in enumerate(_lines(path)):
        if len(cells) >= 2:
            source = cells[2] if len(cells) > 2 else path.name
            reference = cells[3] if len(cells) > 3 else str(number)
            yield Pair(cells[0], cells[1], language, source, reference)


def _multilingual(path: Path, languages: tuple[str, ...]) -> Iterator[Pair]:
    source = path.name.split(".")[0]
    rows = [cells for cells in _lines(path) if len(cells) == len(languages)]
    for column, language in enumerate(languages[1:], start=1):
        for number, cells in enumerate(rows):
            yield Pair(cells[0], cells[column], language, source, f"{source}:{number}")


def _questions(path: Path, languages: tuple[str, ...]) -> Iterator[Pair]:
    """Those asked in English and another language; each is a document of its own, so none are joined."""
    source = path.name.split(".")[0]
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for language in languages[1:]:
        for entry in entries:
            asked = entry["questions"]
            if languages[0] in asked and language in asked:
                reference = f"{source}:{entry['id']}:0"
                yield Pair(asked[languages[0]], asked[language], language, source, reference)


def _adopt(pairs: Iterable[Pair], settings: DistillationSettings) -> Iterator[Pair]:
    """Give rows of unmarked sources the source they are found in, or leave them as they are."""
    unmarked = {adoption.source: adoption.origin for adoption in settings.adoptions}
    waiting: list[Pair] = []
    known: dict[str, set[int]] = {origin: set() for origin in unmarked.values()}
    for pair in pairs:
        if pair.source in unmarked:
            waiting.append(pair)
            continue
        if pair.source in known:
            known[pair.source].add(key(pair.english))
        yield pair
    for pair in waiting:
        origin = unmarked[pair.source]
        if key(pair.english) in known[origin]:
            yield Pair(pair.english, pair.other, pair.language, f"{origin} ({pair.source})", pair.reference)


def _usable(pairs: Iterable[Pair], settings: DistillationSettings) -> Iterator[Pair]:
    forbidden = protected_runs(settings.protected)
    seen: set[tuple[int, int]] = set()
    for pair in pairs:
        plan = settings.sources.get(pair.source)
        if plan is None or plan.copies <= 0 or not _is_clean(pair, settings):
            continue
        identity = (key(pair.english), key(pair.other))
        if identity in seen:
            continue
        seen.add(identity)
        if forbidden and any(run in forbidden for t in (pair.english, pair.other) for run in _runs(t)):
            continue
        yield pair


def _is_clean(pair: Pair, settings: DistillationSettings) -> bool:
    least, most = settings.words
    for text in (pair.english, pair.other):
        if not least <= len(text.split()) <= most or _MARKUP.search(text):
            return False
    ratio = len(pair.english) / len(pair.other)
    return 1 / settings.length_ratio <= ratio <= settings.length_ratio


def _is_reserved(pair: Pair, settings: DistillationSettings) -> bool:
    """By the hash of the English side: both languages of a sentence are held out together."""
    share = settings.sources[pair.source].held_out
    return key(pair.english) / 2**64 < share
