"""What is learnt from questions known to be answered, and known not to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.domain.errors import IndexFailure
from rag.domain.passages import Enrichment
from rag.domain.readings import Reading
from rag.domain.retrieval import Query
from rag.domain.sentences import split_sentences
from rag.retrieval import precedents
from rag.retrieval.generations import Generations
from rag.retrieval.indexing import build_index
from rag.retrieval.precedents import (
    FEWEST,
    NOTHING,
    KnownAnswers,
    Metric,
    Precedents,
    learn,
    load,
    question_key,
)
from rag.retrieval.searching import HybridRetriever
from tests.fake_embedder import FakeEmbedder
from tests.retrieval.small_texts import BRIDGES, WEIGHTS, index_text, serving

THINGS = [f"thing{n}" for n in range(FEWEST + 10)]
ANSWERED = [f"Who inspects the {thing}?" for thing in THINGS]
UNANSWERED = [f"What does the {thing} cost?" for thing in THINGS]
EMBEDDER = FakeEmbedder()
METRIC_FOR = precedents.metric_for


class CountingEmbedder(FakeEmbedder):
    """Remembers which questions it was asked to read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def read_queries(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        self.read += texts
        return super().read_queries(texts)


@pytest.fixture
def metric(monkeypatch: pytest.MonkeyPatch) -> Metric:
    """One that looks at bare words only, for the fake model."""
    size = EMBEDDER.dimension
    projection = np.concatenate([np.zeros((2 * size, size)), np.eye(size)]).astype(np.float32)
    fitted = Metric(
        EMBEDDER.fingerprint, np.ones(8, np.float32), np.zeros((3, size), np.float32), projection, 20.0, {}
    )
    monkeypatch.setattr(precedents, "metric_for", lambda fingerprint: fitted)
    return fitted


def leaning(known: Precedents, question: Reading) -> float:
    return known.leaning(known.likeness(question))


def test_a_new_question_leans_towards_those_it_resembles() -> None:
    learnt = learn(EMBEDDER, ANSWERED, UNANSWERED)
    assert leaning(learnt, EMBEDDER.read_query("Who inspects the harbour?")) > 1
    assert leaning(learnt, EMBEDDER.read_query("What does the harbour cost?")) < -1


def test_it_leans_so_in_a_fitted_space_too(metric: Metric) -> None:
    learnt = learn(EMBEDDER, ANSWERED, UNANSWERED)
    assert learnt.metric is metric
    assert leaning(learnt, EMBEDDER.read_query("Who inspects the harbour?")) > 1
    assert leaning(learnt, EMBEDDER.read_query("What does the harbour cost?")) < -1


def test_a_question_without_words_leans_nowhere_in_particular(metric: Metric) -> None:
    assert np.isfinite(leaning(learn(EMBEDDER, ANSWERED, UNANSWERED), EMBEDDER.read_query("")))


def test_from_too_few_nothing_is_learnt() -> None:
    learnt = learn(EMBEDDER, ANSWERED, UNANSWERED[: FEWEST - 1])
    assert learnt is NOTHING
    assert leaning(learnt, EMBEDDER.read_query(UNANSWERED[0])) == 0.0


def test_a_question_known_to_be_both_counts_as_answered() -> None:
    learnt = learn(EMBEDDER, ANSWERED, [*UNANSWERED, ANSWERED[0]])
    assert learnt.answered.sum() == len(ANSWERED)
    assert len(learnt.rows) == len(ANSWERED) + len(UNANSWERED)


def test_only_new_questions_are_read_again() -> None:
    first, second = CountingEmbedder(), CountingEmbedder()
    earlier = learn(first, ANSWERED, UNANSWERED)
    again = learn(second, [*ANSWERED, "Who paints it?"], UNANSWERED, earlier=earlier)
    assert second.read == ["Who paints it?"]
    fresh = learn(FakeEmbedder(), [*ANSWERED, "Who paints it?"], UNANSWERED)
    np.testing.assert_allclose(again.rows, fresh.rows, atol=1e-6)


def test_questions_the_metric_was_fitted_with_need_no_reading(
    metric: Metric, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {question_key(q): metric.view(EMBEDDER.read_query(q)) for q in (*ANSWERED, *UNANSWERED)}
    monkeypatch.setattr(precedents, "metric_for", lambda fingerprint: replace(metric, seen=seen))
    reader = CountingEmbedder()
    learn(reader, ANSWERED, [*UNANSWERED, "How high is it?"])
    assert reader.read == ["How high is it?"]


def test_rows_of_another_metric_are_not_taken_over(metric: Metric) -> None:
    plain = Precedents((question_key(ANSWERED[0]),), np.ones((1, 3), np.float32), np.ones(1, bool), None)
    reader = CountingEmbedder()
    learn(reader, ANSWERED, UNANSWERED, earlier=plain)
    assert ANSWERED[0] in reader.read


def test_what_is_kept_leans_as_before(tmp_path: Path) -> None:
    learnt = learn(EMBEDDER, ANSWERED, UNANSWERED)
    learnt.save(tmp_path)
    question = EMBEDDER.read_query("What does the ferry cost?")
    kept = load(tmp_path, EMBEDDER.fingerprint)
    assert leaning(kept, question) == pytest.approx(leaning(learnt, question), abs=1e-2)


def test_a_metric_is_kept_for_its_model_alone(tmp_path: Path, metric: Metric) -> None:
    path = tmp_path / "metric.npz"
    view = metric.view(EMBEDDER.read_query(ANSWERED[0]))
    precedents.save_metric(replace(metric, seen={question_key(ANSWERED[0]): view}), path)
    assert METRIC_FOR("another@1", path) is None
    kept = METRIC_FOR(EMBEDDER.fingerprint, path)
    assert kept is not None
    np.testing.assert_allclose(kept.view(EMBEDDER.read_query(ANSWERED[0])), view, atol=1e-3)
    assert kept.seen[question_key(ANSWERED[0])] == pytest.approx(np.clip(view, -0.5, 0.5), abs=0.005)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "precedents.npz").write_bytes(b"not an archive")
    with pytest.raises(IndexFailure, match=r"precedents\.npz"):
        load(tmp_path, EMBEDDER.fingerprint)


def test_an_index_made_with_another_metric_is_refused(tmp_path: Path, metric: Metric) -> None:
    replace(learn(EMBEDDER, ANSWERED, UNANSWERED), metric=None).save(tmp_path)
    with pytest.raises(IndexFailure, match="another metric"):
        load(tmp_path, EMBEDDER.fingerprint)


def test_every_hit_tells_which_way_the_question_leans(tmp_path: Path) -> None:
    generations, embedder = Generations(tmp_path), FakeEmbedder()
    told = Enrichment(questions=tuple(("en", question) for question in ANSWERED))
    texts = [index_text("bridges", BRIDGES, "en", [told])]
    build_index(generations, texts, embedder, "first", unanswered=UNANSWERED)
    retriever = HybridRetriever(serving(generations), embedder, WEIGHTS)
    assert all(h.leaning > 0 for h in retriever.search(Query("Who inspects the bridge?", "en"), 2))
    assert all(h.leaning < 0 for h in retriever.search(Query("What does the bridge cost?", "en"), 2))


def test_a_hit_tells_which_sentence_answers_the_question_likest_to_this_one(tmp_path: Path) -> None:
    generations, embedder = Generations(tmp_path), FakeEmbedder()
    text = index_text("bridges", BRIDGES, "en")
    passage = next(p for p in text.passages if len(split_sentences(p.text, "en")) > 1)
    told = Enrichment(
        questions=tuple(("en", question) for question in ANSWERED), told_in=((ANSWERED[0], (1, 0)),)
    )
    enrichments = tuple(told if p is passage else Enrichment() for p in text.passages)
    build_index(
        generations,
        [replace(text, enrichments=enrichments)],
        embedder,
        "first",
        unanswered=UNANSWERED,
    )
    hits = HybridRetriever(serving(generations), embedder, WEIGHTS).search(Query(ANSWERED[0], "en"), 5)
    [hit] = [h for h in hits if h.passage.id == passage.id]
    assert hit.known[:2] == pytest.approx((1.0, 1.0), abs=1e-2)


def test_a_sentence_without_a_known_question_is_like_none() -> None:
    enrichment = Enrichment(told_in=(("a", (1,)), ("b", (1, 2)), ("never learnt", (0,))))
    known = KnownAnswers([Enrichment(), enrichment], [question_key("a"), question_key("b")])
    likeness = np.array([0.3, 0.8], np.float32)
    assert known.sentences(0, 3, likeness) == ()
    assert known.sentences(1, 4, likeness) == pytest.approx((0.0, 0.8, 0.8, 0.0))
    assert known.sentences(1, 4, -likeness) == pytest.approx((0.0, 0.0, 0.0, 0.0))


def test_questions_vote_for_the_passages_that_answer_them_the_likest_most() -> None:
    asked = [("a", "b"), ("c",), ("b", "never learnt"), ()]
    enrichments = [Enrichment(questions=tuple(("en", q) for q in questions)) for questions in asked]
    known = KnownAnswers(enrichments, [question_key(q) for q in ("a", "b", "c", "nobody's")])
    like_a = known.shares(np.array([1.0, 0.5, 0.7, 1.0], np.float32))
    assert like_a[0] > 0.9 > 0.1 > like_a[1] > like_a[2] > like_a[3] == 0
    assert like_a.sum() == pytest.approx(1.0)
    like_b = known.shares(np.array([0.5, 1.0, 0.5, 0.5], np.float32))
    assert like_b[0] == pytest.approx(0.5, abs=0.01)
    assert like_b[2] == pytest.approx(0.5, abs=0.01)
    assert KnownAnswers(enrichments, []).shares(np.zeros(0, np.float32)).tolist() == [0, 0, 0, 0]
