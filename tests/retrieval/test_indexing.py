from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.domain.errors import IndexFailure
from rag.domain.passages import Enrichment
from rag.domain.retrieval import Query
from rag.retrieval.generations import Generations
from rag.retrieval.indexing import fingerprint_of
from rag.retrieval.searching import HybridRetriever
from rag.settings import PROJECT
from tests.fake_embedder import FakeEmbedder
from tests.retrieval.small_texts import BRIDGES, WEIGHTS, build, index_text, serving, three_texts

QUESTION = Query("Who inspects every bridge?", "en")


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "index")


def best(generations: Generations) -> str:
    retriever = HybridRetriever(serving(generations), FakeEmbedder(), WEIGHTS)
    return retriever.search(QUESTION, 3)[0].passage.document


def test_a_build_counts_what_it_holds(generations: Generations) -> None:
    manifest = build(generations)
    assert (manifest.documents, manifest.passages, manifest.dimension) == (3, 3, 64)
    assert manifest.representations > 10
    assert generations.manifest() == manifest


def test_a_second_build_embeds_nothing(generations: Generations) -> None:
    first, second = FakeEmbedder(), FakeEmbedder()
    build(generations, embedder=first)
    assert first.embedded
    build(generations, embedder=second, fingerprint="second")
    assert second.embedded == []
    assert best(generations) == "bridges"


def test_no_text_is_embedded_twice_in_one_build(generations: Generations) -> None:
    embedder = FakeEmbedder()
    build(generations, [*three_texts(), index_text("again", BRIDGES, "en")], embedder)
    repeated = {t for t in embedder.embedded if embedder.embedded.count(t) > 1}
    titles = {"Bridges", "Ferries", "Harbours", "Again"}
    assert not repeated - titles


def test_only_what_changed_is_embedded(generations: Generations) -> None:
    build(generations)
    embedder = FakeEmbedder()
    changed = index_text("bridges", BRIDGES + "\nThe toll is paid by drivers.\n", "en")
    build(generations, [changed, *three_texts()[1:]], embedder, "second")
    assert set(embedder.embedded) == {"The toll is paid by drivers."}


def test_a_question_written_later_is_all_that_is_embedded(generations: Generations) -> None:
    build(generations)
    embedder = FakeEmbedder()
    told = Enrichment(questions=(("nl", "Wie kijkt de brug na?"),))
    build(generations, [index_text("bridges", BRIDGES, "en", [told]), *three_texts()[1:]], embedder, "second")
    assert embedder.embedded == ["Wie kijkt de brug na?"]


def test_another_model_embeds_everything_anew(generations: Generations) -> None:
    first, other = FakeEmbedder(), FakeEmbedder("other", dimension=32)
    build(generations, embedder=first)
    manifest = build(generations, embedder=other, fingerprint="second")
    assert sorted(other.embedded) == sorted(first.embedded)
    assert (manifest.dimension, manifest.embedder) == (32, other.fingerprint)
    retriever = HybridRetriever(serving(generations), other, WEIGHTS)
    assert retriever.search(QUESTION, 1)[0].passage.document == "bridges"


def test_progress_reaches_the_whole(generations: Generations) -> None:
    from rag.retrieval.indexing import build_index

    seen: list[tuple[str, int, int]] = []
    embedder = FakeEmbedder()
    build_index(generations, three_texts(), embedder, "f", progress=lambda *s: seen.append(s))
    assert {stage for stage, _, _ in seen} == {"texts", "words", "vectors"}
    done, total = [(d, t) for stage, d, t in seen if stage == "vectors"][-1]
    assert done == total == len(embedder.embedded)


def test_a_model_that_fails_leaves_the_old_index_serving(generations: Generations) -> None:
    build(generations)

    class Failing(FakeEmbedder):
        def embed_passages(self, texts):  # type: ignore[no-untyped-def]
            raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        build(generations, embedder=Failing("failing"), fingerprint="second")
    assert best(generations) == "bridges"
    assert len(list(generations.folder.glob("g-*"))) == 1


def test_an_index_of_no_texts_can_be_built_and_searched(generations: Generations) -> None:
    build(generations, [])
    assert HybridRetriever(serving(generations), FakeEmbedder(), WEIGHTS).search(QUESTION, 3) == ()


def test_a_fingerprint_changes_with_every_part_and_their_bounds() -> None:
    assert fingerprint_of(["a", "b"]) == fingerprint_of(["a", "b"])
    assert len({fingerprint_of(p) for p in (["a", "b"], ["b", "a"], ["ab"], ["a", "b", ""], [])}) == 5


def _garble(path: Path) -> None:
    path.write_bytes(random.Random(3).randbytes(max(64, path.stat().st_size)))


def _store(folder: Path) -> None:
    _garble(folder / "store.sqlite")


def _tantivy(folder: Path) -> None:
    for path in (folder / "tantivy").iterdir():
        _garble(path)


def _tantivy_gone(folder: Path) -> None:
    for path in (folder / "tantivy").iterdir():
        path.unlink()


def _chroma(folder: Path) -> None:
    _garble(folder / "chroma" / "chroma.sqlite3")


def _sentences(folder: Path) -> None:
    _garble(folder / "sentences.npy")


@pytest.mark.parametrize("damage", [_store, _tantivy, _tantivy_gone, _chroma, _sentences])
def test_a_damaged_index_is_named_and_building_anew_heals_it(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """In a folder moved into place, as after a crash: nothing of it is open in this process."""
    build(Generations(tmp_path / "made"))
    (tmp_path / "made").rename(tmp_path / "index")
    generations = Generations(tmp_path / "index")
    damage(generations.current())
    with pytest.raises(IndexFailure, match="index --rebuild"):
        best(generations)
    build(generations, fingerprint="second")
    assert best(generations) == "bridges"


BUILDER = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from rag.retrieval.generations import Generations
    from rag.retrieval.indexing import build_index
    from tests.fake_embedder import FakeEmbedder
    from tests.retrieval.small_texts import three_texts

    folder, stage = Path(sys.argv[1]), sys.argv[2]

    def progress(name, done, total):
        if name == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    texts = three_texts()
    number = 0
    while True:
        number += 1
        print(number, flush=True)
        name = f"model {number}"  # so that everything is embedded every time
        build_index(Generations(folder), texts, FakeEmbedder(name), str(number), progress=progress)
    """
)


def _builder(folder: Path, stage: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(folder), stage],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )


@pytest.mark.parametrize("stage", ["texts", "words", "vectors"])
def test_a_run_killed_at_a_stage_leaves_the_old_index_serving(generations: Generations, stage: str) -> None:
    build(generations)
    with _builder(generations.folder, stage) as killed:
        assert killed.wait(timeout=60) == -signal.SIGKILL
    assert generations.manifest() is not None
    assert generations.manifest().fingerprint == "first"
    assert best(generations) == "bridges"
    build(generations, fingerprint="next")
    assert best(generations) == "bridges"
    assert len(list(generations.folder.glob("g-*"))) <= 2


def test_runs_killed_at_random_moments_never_leave_a_broken_index(generations: Generations) -> None:
    build(generations)
    for _ in range(4):
        wait = random.uniform(0, 1.0)
        with _builder(generations.folder, "") as running:
            assert running.stdout is not None
            running.stdout.readline()
            time.sleep(wait)
            running.kill()
        assert best(generations) == "bridges", f"killed after {wait} s"
    build(generations, fingerprint="next")
    assert generations.manifest().fingerprint == "next"
    assert best(generations) == "bridges"
    assert len(list(generations.folder.glob("g-*"))) <= 2
