"""`bench` and `peers`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from evals.bench.asking import AskingTimes, time_asking
from evals.bench.indexing import IndexingTimes, time_indexing
from evals.cli.options import ChosenSplit, DataDir, Output, Split, wide_console
from evals.gold import SourceFinder, load_suites
from evals.metrics.observation import place
from evals.peers.measuring import NONE, OURS, PLAIN, Measured, measure
from evals.peers.roster import NAMES, make_peer
from evals.peers.table import markdown, pair_table, table
from evals.runs.selection import select
from evals.statistics import Estimate
from rag.assembly import build_assistant, build_embedder, build_retriever, list_sources, serving_index
from rag.domain.errors import RulesError
from rag.domain.retrieval import Query
from rag.settings import Settings, load_settings

QUESTIONS = Annotated[int, typer.Option(min=1, help="How many questions, a stratified sample.")]
PEER_COLUMNS = 132
NOWHERE = Path("/nonexistent/delta.npz")


class Embedding(StrEnum):
    OURS = "ours"
    PLAIN = "plain"
    BOTH = "both"


def bench(
    questions: QUESTIONS = 40,
    with_index: Annotated[
        bool, typer.Option("--index/--no-index", help="Time building an index too.")
    ] = True,
    out: Output = None,
    data: DataDir = None,
) -> None:
    """Time retrieval, answers and indexing, as ratios to the embedding model alone."""
    settings = load_settings(data_dir=data)
    assistant, embedder = build_assistant(settings), build_embedder(settings)
    retriever = build_retriever(settings, serving_index(settings), embedder)
    chosen = select([q for q in load_suites() if q.kind == "answer" and not q.history], limit=questions)
    queries = [Query(q.question, q.language) for q in chosen]
    asking = time_asking(assistant, retriever, embedder, queries, hits=settings.hits)
    indexing = time_indexing(settings, embedder) if with_index else None
    for line in _bench_lines(asking, indexing):
        print(line)
    if out:
        rates = {"ratio": indexing.ratio, "texts_per_second": indexing.texts_per_second} if indexing else {}
        found = {"asking": asdict(asking), "indexing": {**asdict(indexing), **rates} if indexing else None}
        out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _bench_lines(asking: AskingTimes, indexing: IndexingTimes | None) -> list[str]:
    shares = ", ".join(f"{name} {share:.0%}" for name, share in asking.shares.items())
    lines = [
        f"{asking.questions} questions, medians:",
        f"  query embedding alone         {asking.embedding_ms:7.1f} ms",
        f"  retrieval besides embedding   {asking.retrieval_besides_embedding_ms:7.1f} ms",
        f"  whole answer                  {asking.answer_ms:7.1f} ms = "
        f"{asking.answer_to_embedding:.2f} x the query embedding ({shares})",
    ]
    if indexing:
        lines.append(
            f"Index of {indexing.passages} passages, {indexing.texts} distinct texts: "
            f"{indexing.texts_per_second:.0f} texts a second, {indexing.ratio:.2f} of the bare embedding's "
            f"{indexing.embedded_per_second:.0f}."
        )
    return lines


def peers(
    only: Annotated[str, typer.Option(help=f"Names, comma-separated, of {', '.join(NAMES)}.")] = ",".join(
        NAMES
    ),
    embedding: Annotated[
        Embedding, typer.Option(help="Our extended MiniLM, the plain one, or both.")
    ] = Embedding.BOTH,
    split: ChosenSplit = Split.TEST,
    limit: Annotated[int | None, typer.Option(min=1, help="A stratified sample of so many.")] = None,
    out: Output = None,
    data: DataDir = None,
    worker: Annotated[bool, typer.Option("--worker", hidden=True)] = False,
) -> None:
    """Measure other retrieval libraries beside ours: same embedding, same texts, same questions."""
    names = [name.strip() for name in only.split(",") if name.strip()]
    settings = load_settings(data_dir=data)
    if worker:
        print(json.dumps(asdict(_measured(names[0], embedding, settings, split, limit))))
        return
    errors = Console(stderr=True)
    measured: list[Measured] = []
    for kind in [Embedding.OURS, Embedding.PLAIN] if embedding is Embedding.BOTH else [embedding]:
        for name in names:
            if name == "bm25" and measured and any(m.peer == name for m in measured):
                continue  # it embeds nothing
            found = _in_own_process(name, kind, split, limit, settings)
            if isinstance(found, Measured):
                measured.append(found)
            else:
                errors.print(found, highlight=False, markup=False, soft_wrap=True)
    console = wide_console(PEER_COLUMNS)
    console.print(table(measured))
    console.print(pair_table(measured))
    if out:
        out.write_text(json.dumps([asdict(m) for m in measured], indent=1) + "\n", encoding="utf-8")
        out.with_suffix(".md").write_text(markdown(measured), encoding="utf-8")


def _in_own_process(
    name: str, embedding: Embedding, split: Split, limit: int | None, settings: Settings
) -> Measured | str:
    command = [
        sys.executable,
        "-m",
        "evals",
        "peers",
        "--worker",
        "--only",
        name,
        "--embedding",
        embedding.value,
    ]
    command += ["--split", split.value, "--data", str(settings.data_dir)]
    command += ["--limit", str(limit)] if limit else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{name}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}"
    return _read(json.loads(done.stdout.strip().splitlines()[-1]))


def _read(values: dict[str, Any]) -> Measured:
    estimates = {name: Estimate(**values[name]) for name in ("recall_budget", "mrr", "ndcg")}
    recall = {pair: Estimate(**value) for pair, value in values["recall"].items()}
    return Measured(**{**values, **estimates, "recall": recall})


def _measured(
    name: str, embedding: Embedding, settings: Settings, split: Split, limit: int | None
) -> Measured:
    plain = settings.model_copy(update={"delta_file": NOWHERE, "embedding_model": ""})
    chosen = plain if embedding is Embedding.PLAIN else settings
    embedder = build_embedder(chosen)
    sources = list(list_sources(settings))
    texts, languages = {s.id: s.text for s in sources}, {s.id: s.language for s in sources}
    finder = SourceFinder(texts)
    asked = [q for q in load_suites() if q.evidence and not q.history]
    cases = [place(q, finder, texts, languages) for q in select(asked, split=split.value, limit=limit)]
    if not cases:
        raise RulesError("No question has evidence to look for. Choose another split.")
    peer = make_peer(name, embedder, chosen)
    label = PLAIN if embedding is Embedding.PLAIN else settings.embedding_model or OURS
    return measure(name, NONE if name == "bm25" else label, peer, embedder, cases)
