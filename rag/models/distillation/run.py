"""One distillation from a folder of parallel text to a delta file and its figures.

Steps, each continued where an earlier run left off: read, vocabulary, teacher, training, packing,
figures. OUT/work holds what may be deleted afterwards.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.domain.errors import ModelError
from rag.models.base_model import check_base_folder, file_sha256, packaged_base_folder
from rag.models.bundled import write_model
from rag.models.delta import WORD_ROWS, extend_tokenizer, read_delta
from rag.models.distillation.corpus import LEXICON_FILE, Corpus, Pair, read_corpus
from rag.models.distillation.evaluation import evaluate
from rag.models.distillation.examples import Example, make_examples
from rag.models.distillation.glosses import Lexicon, gloss_examples, lexicon_pairs, read_lexicon
from rag.models.distillation.misspelling import misspelt_examples
from rag.models.distillation.network import load_encoder, tokenizer_description, tokenizer_from
from rag.models.distillation.packing import pack
from rag.models.distillation.parameters import Layout, carry_over, lay_out, learnt, load_state, save_state
from rag.models.distillation.settings import DistillationSettings
from rag.models.distillation.teacher import TeacherCache, teach
from rag.models.distillation.training import STATE_FILE, train
from rag.models.distillation.training_set import write_training_set
from rag.models.distillation.vocabulary import AlignedTexts, choose_pieces, start_rows

Progress = Callable[[str], None]
DELTA_NAME = "delta.npz"
FIGURES_NAME = "figures.json"
_PREPARED = "prepared.json"
_LEXICON_WEIGHT = 20.0  # of a dictionary entry among the sentences, when rows are started
_ALIGNMENT_WORDS = 30  # longer sentences blur which words belong together


def distil(folder: Path, out: Path, settings: DistillationSettings, progress: Progress) -> dict[str, Any]:
    """Teach the base model the languages of the folder; writes OUT/delta.npz and OUT/figures.json.

    Returns the figures. Raises ModelError if the folder holds no usable pairs or the base is not
    the expected one.
    """
    base = base_folder(settings)
    work = out / "work"
    if not (work / _PREPARED).exists():
        prepare(folder, work, base, settings, progress)
    train(work, base, settings, progress)
    return finish(work, out, settings, progress)


def base_folder(settings: DistillationSettings) -> Path:
    return settings.base or check_base_folder(packaged_base_folder())


def prepare(folder: Path, work: Path, base: Path, settings: DistillationSettings, progress: Progress) -> None:
    """Everything before training: pairs, examples, vocabulary, teacher vectors, first checkpoint."""
    work.mkdir(parents=True, exist_ok=True)
    corpus = read_corpus(folder, settings)
    if not corpus.training:
        raise ModelError(
            f"no usable pairs in {folder}: it needs en-XX.tsv files with sources named in the settings"
        )
    lexicon = read_lexicon(folder / LEXICON_FILE, settings.triple_languages)
    examples = _examples(corpus, lexicon, settings)
    progress(f"read {len(corpus.training)} pairs: {len(examples)} examples")
    tokenizer = _prepare_vocabulary(work, base, corpus, lexicon, examples, settings, progress)
    cache = TeacherCache(work / "teacher")
    teach(
        [example.english for example in examples],
        base,
        cache,
        workers=settings.workers,
        max_tokens=settings.max_tokens,
        niceness=settings.niceness,
        progress=progress,
    )
    write_training_set(work / "set", examples, tokenizer_from(tokenizer), cache, settings.max_tokens)
    _write_json(work / "held-out.json", [asdict(pair) for pair in corpus.held_out])
    counts = Counter(f"{example.source} {example.language}" for example in examples)
    _write_json(work / _PREPARED, {"pairs": _pair_counts(corpus.training), "examples": dict(counts)})


def finish(work: Path, out: Path, settings: DistillationSettings, progress: Progress) -> dict[str, Any]:
    """Pack the last checkpoint and measure it; may be called while training still runs."""
    base = base_folder(settings)
    pieces = read_pieces(work)
    about = {"base_sha256": file_sha256(base / "model.safetensors"), **settings.extra}
    size = pack(work / STATE_FILE, pieces, base, out / DELTA_NAME, about)
    progress(f"packed {out / DELTA_NAME}: {size / 1e6:.1f} MB; measuring")
    held_out = [Pair(**row) for row in _read_json(work / "held-out.json")]
    figures = {
        "delta": {"bytes": size, "sha256": file_sha256(out / DELTA_NAME)},
        "trained on": _read_json(work / _PREPARED),
        "models": measure({"distilled": out / DELTA_NAME}, base, held_out, settings),
    }
    _write_json(out / FIGURES_NAME, figures)
    return figures


def read_pieces(work: Path) -> tuple[str, ...]:
    return tuple((work / "pieces.txt").read_text(encoding="utf-8").split("\n"))


def measure(
    deltas: dict[str, Path], base: Path, held_out: Sequence[Pair], settings: DistillationSettings
) -> dict[str, Any]:
    """Figures of the base and of the base with each delta, as it would be shipped."""
    with tempfile.TemporaryDirectory() as place:
        models = {"base": base}
        for name, path in deltas.items():
            models[name] = Path(place) / name
            models[name].mkdir()
            write_model(base, read_delta(path), models[name])
        return evaluate(models, base, held_out, settings.evaluation_limit, settings.max_tokens)


def _examples(corpus: Corpus, lexicon: Lexicon, settings: DistillationSettings) -> list[Example]:
    examples = make_examples(corpus.training, settings)
    glosses = gloss_examples(corpus.training, examples, lexicon, settings)
    return [*examples, *glosses, *misspelt_examples(corpus.training, settings)]


def _prepare_vocabulary(
    work: Path,
    base: Path,
    corpus: Corpus,
    lexicon: Lexicon,
    examples: Sequence[Example],
    settings: DistillationSettings,
    progress: Progress,
) -> dict[str, Any]:
    """Choose the pieces, start their rows, write the first checkpoint; returns the tokenizer."""
    description = tokenizer_description(base)
    encoder = load_encoder(base)
    if settings.continue_from and settings.continue_from.is_file():
        delta = read_delta(settings.continue_from)
        layout, flat = learnt(encoder, delta)
        progress(f"continuing what {settings.continue_from} holds, with its {len(delta.pieces)} pieces")
        return _write_start(work, description, delta.pieces, layout, flat)
    texts = [example.text for example in examples]
    pieces = choose_pieces(texts, description, settings.new_pieces, settings.piece_frequency)
    progress(f"vocabulary: {len(pieces)} new pieces")
    rows = start_rows(
        _aligned(corpus, lexicon),
        description,
        pieces,
        encoder.state_dict()[WORD_ROWS].numpy().astype(np.float32),
        settings.row_neighbours,
    )
    layout, flat = lay_out(encoder, rows)
    if settings.continue_from:
        old_layout, old_flat, step = load_state(settings.continue_from / STATE_FILE)
        old = (old_layout, old_flat)
        flat = carry_over(old, read_pieces(settings.continue_from), (layout, flat), pieces)
        progress(f"continuing what {settings.continue_from} had learnt in {step} steps")
    return _write_start(work, description, pieces, layout, flat)


def _write_start(
    work: Path,
    description: dict[str, Any],
    pieces: tuple[str, ...],
    layout: Layout,
    flat: NDArray[np.float32],
) -> dict[str, Any]:
    save_state(work / STATE_FILE, layout, flat, 0)
    (work / "pieces.txt").write_text("\n".join(pieces), encoding="utf-8")
    return extend_tokenizer(description, pieces)


def _aligned(corpus: Corpus, lexicon: Lexicon) -> list[AlignedTexts]:
    entries = [AlignedTexts(p.other, p.english, _LEXICON_WEIGHT) for p in lexicon_pairs(lexicon)]
    sentences = [
        AlignedTexts(pair.other, pair.english)
        for pair in corpus.training
        if len(pair.english.split()) <= _ALIGNMENT_WORDS
    ]
    return [*entries, *sentences]


def _pair_counts(pairs: Sequence[Pair]) -> dict[str, int]:
    return dict(Counter(f"{pair.source} {pair.language}" for pair in pairs))


def _write_json(path: Path, content: Any) -> None:
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(path)


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
