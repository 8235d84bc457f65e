from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.domain.errors import IndexMissing, UnknownDocument
from rag.domain.passages import Enrichment, Origin, PassageKind
from rag.domain.retrieval import Query
from rag.retrieval.generations import Generations
from rag.retrieval.langchain import PassageRetriever
from rag.retrieval.searching import HybridRetriever
from rag.retrieval.serving import ServingIndex
from tests.fake_embedder import FakeEmbedder
from tests.retrieval.small_texts import WEIGHTS, build, index_text, serving, three_texts


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    generations = Generations(tmp_path / "index")
    build(generations)
    return generations


@pytest.fixture
def index(generations: Generations) -> ServingIndex:
    return serving(generations)


@pytest.fixture
def retriever(index: ServingIndex) -> HybridRetriever:
    return HybridRetriever(index, FakeEmbedder(), WEIGHTS)


@pytest.mark.parametrize(
    ("question", "language", "document"),
    [
        ("Who inspects every bridge?", "en", "bridges"),
        ("reizen fietsers gratis?", "nl", "ferries"),
        ("Hvad er gebyret om året?", "da", "harbours"),
        ("What does the harbour master supervise?", "en", "harbours"),
        ("Who watches over vessels?", "en", "harbours"),
        ("Wie houdt toezicht in de haven?", "nl", "harbours"),
    ],
    ids=["en", "nl", "da", "translation", "question", "question of another language"],
)
def test_a_passage_is_found_under_each_of_its_representations(
    retriever: HybridRetriever, question: str, language: str, document: str
) -> None:
    assert retriever.search(Query(question, language), 3)[0].passage.document == document


def test_hits_come_best_first_each_passage_once(retriever: HybridRetriever) -> None:
    hits = retriever.search(Query("the harbour master and every bridge", "en"), 10)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert len({h.passage.id for h in hits}) == len(hits) == 3
    assert len(retriever.search(Query("bridge", "en"), 1)) == 1


def test_a_hit_says_why_it_was_found(retriever: HybridRetriever) -> None:
    hit = retriever.search(Query("Who watches over vessels in port?", "en"), 1)[0]
    by_leg = {e.leg: e for e in hit.evidence}
    assert by_leg["dense question"].origin is Origin.QUESTION
    assert by_leg["dense question"].text == "Who watches over vessels in port?"
    assert by_leg["dense question"].score == pytest.approx(1.0, abs=1e-3)
    assert sum(e.share for e in hit.evidence) == pytest.approx(hit.score)


def test_a_hit_knows_which_of_its_sentences_answers(retriever: HybridRetriever) -> None:
    for question, language in (
        ("Gebyret er 725 000 kroner om året", "da"),
        ("The fee is 725,000 kroner a year", "en"),
    ):
        hit = retriever.search(Query(question, language), 1)[0]
        assert hit.passage.document == "harbours"
        assert len(hit.sentences) == 2
        assert hit.sentences[1] > hit.sentences[0]


def test_a_hit_knows_what_of_the_question_it_covers(retriever: HybridRetriever) -> None:
    hit = retriever.search(Query("Does the inspector of every bridge wear hats?", "en"), 1)[0]
    assert 0 < hit.coverage.share < 1
    assert {word for word, _ in hit.coverage.missing} == {"wear", "hats"}


def test_a_question_of_unknown_words_still_gets_an_answerable_result(retriever: HybridRetriever) -> None:
    assert len(retriever.search(Query("zzz qqq", "unknown"), 3)) <= 3


def test_a_running_index_picks_up_a_new_generation(
    generations: Generations, index: ServingIndex, retriever: HybridRetriever
) -> None:
    question = Query("Where do trains wait?", "en")
    assert retriever.fingerprint == "first"
    old = index.current()
    assert index.current() is old
    build(
        generations,
        [*three_texts(), index_text("trains", "Trains wait at the station.\n", "en")],
        None,
        "new",
    )
    assert retriever.search(question, 1)[0].passage.document == "trains"
    assert retriever.fingerprint == "new"
    assert [d.id for d in index.documents()] == ["bridges", "ferries", "harbours", "trains"]


def test_searches_go_on_while_generations_change(
    generations: Generations, retriever: HybridRetriever
) -> None:
    question = Query("Who inspects every bridge?", "en")
    texts = three_texts()
    with ThreadPoolExecutor(3) as pool:
        found = [pool.submit(retriever.search, question, 1) for _ in range(20)]
        for number in range(2):
            build(generations, texts[: 3 - number], None, f"next {number}")
            found += [pool.submit(retriever.search, question, 1) for _ in range(20)]
    assert {f.result()[0].passage.document for f in found} == {"bridges"}


def test_the_library_serves_texts_passages_and_what_was_written_of_them(index: ServingIndex) -> None:
    [passage] = index.passages("harbours")
    known = index.enriched(passage.id)
    assert known is not None
    assert known[0] == passage
    assert known[1].translation("en").context == "Ships:"
    assert index.questions() == ["Who watches over vessels in port?", "Wie houdt toezicht in de haven?"]
    assert index.enriched("harbours#none") is None
    assert index.passages("none") == ()
    with pytest.raises(UnknownDocument, match="none"):
        index.document("none")


def test_every_passage_reads_as_it_is_stored(index: ServingIndex) -> None:
    for document in index.documents():
        for passage in index.passages(document.id):
            assert document.reading(passage.spans) == passage.text


def test_without_an_index_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m rag index"):
        serving(Generations(tmp_path / "none")).current()


class LongestFirst:
    """A reranker by length, to see its word taken."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]:
        self.asked.append((query, tuple(passages)))
        return [float(len(p)) for p in passages]


def test_a_reranker_has_the_last_word(index: ServingIndex) -> None:
    reranker = LongestFirst()
    retriever = HybridRetriever(index, FakeEmbedder(), WEIGHTS, reranker)
    hits = retriever.search(Query("reizen fietsers gratis?", "nl"), 2)
    lengths = sorted((len(p.full_text) for p, _ in index.current().passages), reverse=True)
    assert [hit.score for hit in hits] == lengths[:2]
    assert hits[0].evidence[-1].leg == "reranker"
    [(question, passages)] = reranker.asked
    assert question == "reizen fietsers gratis?"
    assert len(passages) == 3  # more than the two asked for were shown to it


class AlwaysDutch:
    def identify(self, text: str) -> str:
        return "nl"


def test_the_retriever_is_a_langchain_retriever(retriever: HybridRetriever) -> None:
    chain = PassageRetriever(retriever=retriever, languages=AlwaysDutch(), limit=2)
    found = chain.invoke("reizen fietsers gratis?")
    assert len(found) == 2
    assert found[0].page_content.startswith("De veerpont vaart elk uur.")
    assert found[0].metadata["document"] == "ferries"
    assert found[0].metadata["language"] == "nl"
    assert found[0].metadata["score"] == retriever.search(Query("reizen fietsers gratis?", "nl"), 1)[0].score
    start, end = found[0].metadata["spans"][0]
    assert 0 <= start < end


def test_a_list_is_found_as_a_whole_only_by_who_asks_for_it(tmp_path: Path) -> None:
    text = (
        "# Harbours\n\nThe ministries will:\n\n- paint every bridge green;\n- count all ships in spring.\n\n"
        "The harbour master supervises the fees that are paid for mooring along the northern quay all year.\n"
    )
    cut = index_text("plan", text, "en").passages
    asked = {PassageKind.LIST: Enrichment((), (("en", "What are the ministries going to do?"),))}
    enriched = [asked.get(p.kind, Enrichment((), (("en", f"Who says {p.text}?"),))) for p in cut]
    generations = Generations(tmp_path)
    build(generations, [index_text("plan", text, "en", enriched)])
    retriever = HybridRetriever(serving(generations), FakeEmbedder(), WEIGHTS)
    kinds = [h.passage.kind for h in retriever.search(Query("What are the ministries going to do?", "en"), 5)]
    assert kinds[0] is PassageKind.LIST
    others = [h.passage.kind for h in retriever.search(Query("harbour master mooring fees", "en"), 5)]
    assert others
    assert PassageKind.LIST not in others
