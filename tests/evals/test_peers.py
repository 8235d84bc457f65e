"""Peers behind one port, each held to the same contract where its package is installed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from evals.metrics.observation import Place
from evals.peers.measuring import NONE, OURS, measure
from evals.peers.roster import NAMES, PRODUCT, ROSTER, PeerMissing, make_peer
from evals.peers.table import HEAD, group_of, markdown, rows
from rag.settings import Settings
from tests.evals.tiny import CONTACT, FORCE, KEPT, TEXTS, at, case, question

LONG = {
    id: "\n\n".join(f"{text}Part {n} of the text, about matter {n}." for n in range(60))
    for id, text in TEXTS.items()
}


class WordEmbedder:
    """A bag of hashed words; reads twenty words of a text and no more."""

    fingerprint = "words"
    dimension = 64
    max_tokens = 20

    def count(self, text: str) -> int:
        return len(text.split())

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        assert all(self.count(text) <= self.max_tokens for text in texts)
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(
            len(texts), self.dimension
        )

    def embed_query(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in text.lower().split():
            vector[int(sha256(word.strip(".,?").encode()).hexdigest(), 16) % self.dimension] += 1
        return vector / np.linalg.norm(vector)

    def token_vectors(self, texts: Sequence[str]) -> list[np.ndarray]:
        raise NotImplementedError


def installed() -> list[object]:
    return [
        pytest.param(
            entry.name,
            marks=pytest.mark.skipif(
                any(find_spec(module) is None for module in entry.needs),
                reason=f"pip install {entry.package}",
            ),
        )
        for entry in ROSTER
    ]


@pytest.mark.parametrize("name", installed())
def test_a_peer_finds_places_that_stand_in_the_texts(name: str, tmp_path: Path) -> None:
    peer = make_peer(name, WordEmbedder(), Settings())
    peer.index(LONG, tmp_path)
    found = peer.search("about matter 41?", 5)
    assert 0 < len(found) <= 5
    for place in found:
        (span,) = place.spans
        assert 0 <= span.start < span.end <= len(LONG[place.document])
    assert "matter 41" in " ".join(LONG[p.document][p.spans[0].start : p.spans[0].end] for p in found)


@pytest.mark.parametrize("name", ["bm25", "langchain"])
def test_these_peers_need_nothing_but_what_make_setup_installs(name: str) -> None:
    entry = next(e for e in ROSTER if e.name == name)
    assert all(find_spec(module) for module in entry.needs)


def test_a_question_without_a_word_finds_nothing_by_words(tmp_path: Path) -> None:
    peer = make_peer("bm25", WordEmbedder(), Settings())
    peer.index(TEXTS, tmp_path)
    assert peer.search("?!", 5) == []


def test_a_missing_peer_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.peers.roster.find_spec", lambda module: None)
    with pytest.raises(PeerMissing, match="pip install haystack-ai"):
        make_peer("haystack", WordEmbedder(), Settings())


def test_an_unknown_peer_names_the_known_ones() -> None:
    with pytest.raises(PeerMissing, match="bm25, langchain"):
        make_peer("elastic", WordEmbedder(), Settings())
    assert NAMES[0] == PRODUCT


class ScriptedPeer:
    """Finds what it is told to."""

    def __init__(self, found: dict[str, list[Place]]) -> None:
        self._found = found

    def index(self, texts: object, folder: Path) -> None:
        assert list(folder.iterdir()) == []

    def search(self, question: str, limit: int) -> list[Place]:
        return self._found.get(question, [])[:limit]


def test_a_peers_row_by_hand() -> None:
    cases = [
        case(question("p1-en", "one", evidence=[FORCE])),
        case(question("p2-en", "two", evidence=[CONTACT])),
        case(question("p3-da", "three", evidence=[KEPT])),
    ]
    peer = ScriptedPeer({"one": [at(*FORCE)], "three": [at(*FORCE), at(*KEPT)]})
    ticks = iter(float(n) for n in range(100))  # each reading of the clock is a second later
    one = measure("scripted", OURS, peer, WordEmbedder(), cases, clock=lambda: next(ticks))
    assert one.recall["all"].value == pytest.approx(2 / 3)
    assert one.recall["en-en"].value == 0.5
    assert one.recall["da-en"].value == 1.0
    assert one.mrr.value == pytest.approx((1 + 0 + 1 / 2) / 3)
    assert (one.index_seconds, one.search_ms_p50) == (1.0, 1000.0)
    assert one.peak_megabytes > 10
    cells = dict(zip(HEAD, rows([one])[0], strict=True))
    assert cells["same lang."] == "0.50"
    assert cells["across"] == "1.00"
    assert markdown([one]).count("\n") == 3


@pytest.mark.parametrize(
    ("pair", "group"),
    [("da-da", "same language"), ("en-da", "across languages"), ("en-da+en", ""), ("all", "")],
)
def test_pairs_are_grouped_by_whether_languages_are_crossed(pair: str, group: str) -> None:
    assert group_of(pair) == group


def test_a_peer_without_an_embedding_never_loads_one() -> None:
    class Untouchable(WordEmbedder):
        def embed_query(self, text: str) -> np.ndarray:
            raise AssertionError("loaded")

    cases = [case(question("p1-en", "one", evidence=[FORCE]))]
    assert measure("bm25", NONE, ScriptedPeer({}), Untouchable(), cases).recall["all"].value == 0.0
