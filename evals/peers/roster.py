"""The peers by name, and how to install the ones that are optional."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from evals.peers.port import Peer
from evals.peers.product import ProductPeer
from rag.domain.errors import RulesError
from rag.domain.ports import Embedder
from rag.settings import Settings


class PeerMissing(RulesError):
    """A peer's package is not installed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`needs` are the modules a peer imports; `package` what pip installs for them."""

    name: str
    module: str
    peer: str
    needs: tuple[str, ...]
    package: str


PRODUCT = "ask-the-rules"
ROSTER = (
    Entry(
        "bm25",
        "evals.peers.bm25",
        "Bm25Peer",
        ("tantivy", "langchain_text_splitters"),
        "langchain-text-splitters",
    ),
    Entry(
        "langchain",
        "evals.peers.langchain",
        "LangChainPeer",
        ("langchain_chroma", "langchain_text_splitters"),
        "langchain-chroma langchain-text-splitters",
    ),
    Entry("llamaindex", "evals.peers.llamaindex", "LlamaIndexPeer", ("llama_index",), "llama-index-core"),
    Entry("haystack", "evals.peers.haystack", "HaystackPeer", ("haystack",), "haystack-ai"),
    Entry("txtai", "evals.peers.txtai", "TxtaiPeer", ("txtai",), "txtai"),
)
NAMES = (PRODUCT, *(entry.name for entry in ROSTER))


def make_peer(name: str, embedder: Embedder, settings: Settings) -> Peer:
    """Raises PeerMissing with the command that installs it."""
    if name == PRODUCT:
        return ProductPeer(embedder, settings)
    entry = next((e for e in ROSTER if e.name == name), None)
    if entry is None:
        raise PeerMissing(f"There is no peer '{name}'. Known: {', '.join(NAMES)}.")
    if any(find_spec(module) is None for module in entry.needs):
        raise PeerMissing(f"{name} is not installed. Install it with: pip install {entry.package}")
    peer: Peer = getattr(import_module(entry.module), entry.peer)(embedder)
    return peer
