"""The seams: what each room needs of another, as small protocols.

Implementations are chosen in `rag.assembly` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from rag.domain.answers import Abstention, Answer, Referral, SmallTalk, Verdict
from rag.domain.conversations import History
from rag.domain.documents import Document
from rag.domain.passages import Enrichment, Passage
from rag.domain.readings import Reading
from rag.domain.retrieval import Hit, Query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


class TokenCounter(Protocol):
    """Counts tokens as a given model would, without truncation."""

    def count(self, text: str) -> int: ...


class Embedder(TokenCounter, Protocol):
    """Sentence embeddings; rows are unit length, float32, shape (len(texts), dimension)."""

    @property
    def fingerprint(self) -> str:
        """Changes when the vectors would: model name, weights hash, prompts."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens the model reads of one text, special tokens excluded."""

    def embed_passages(self, texts: Sequence[str]) -> Matrix: ...

    def embed_query(self, text: str) -> Matrix:
        """Shape (dimension,)."""

    def read_query(self, text: str) -> Reading:
        """The query's vector (`embed_query`), and what each layer says of its tokens, from one pass."""

    def read_queries(self, texts: Sequence[str]) -> Iterator[tuple[int, Reading]]:
        """`read_query` of many, each with its place in `texts`, in any order."""

    def embed_with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[Matrix]]:
        """`embed_passages`, and per text the vectors of its tokens."""


class Reranker(Protocol):
    """Scores query-passage pairs; higher is better."""

    def scores(self, query: str, passages: Sequence[str]) -> Sequence[float]: ...


class LanguageIdentifier(Protocol):
    """Names the language of a short text by ISO 639-1 code, or "unknown"."""

    def identify(self, text: str) -> str: ...


class Retriever(Protocol):
    """Finds passages; hits come best first, each passage once."""

    @property
    def fingerprint(self) -> str: ...

    def search(self, query: Query, limit: int) -> tuple[Hit, ...]: ...


class Library(Protocol):
    """The texts that the serving index was built from."""

    def document(self, document_id: str) -> Document:
        """Raises UnknownDocument."""

    def documents(self) -> Sequence[Document]: ...

    def passages(self, document_id: str) -> Sequence[Passage]:
        """In reading order."""


class EnrichedLibrary(Library, Protocol):
    """A library that also knows what was written about each passage."""

    def enriched(self, passage_id: str) -> tuple[Passage, Enrichment] | None: ...


class Router(Protocol):
    """The first stage: care and small talk. None means: an ordinary question."""

    def route(self, question: str, language: str) -> Referral | SmallTalk | None: ...


class Rewriter(Protocol):
    """Makes a follow-up a standalone question; returns the question unchanged if it is one."""

    def rewrite(self, question: str, language: str, history: History) -> str: ...


class Answerer(Protocol):
    """Draws an answer from hits; None when they do not answer."""

    def answer(self, question: Query, hits: Sequence[Hit]) -> Answer | None: ...


class Verifier(Protocol):
    """Decides whether `evidence` (the cited words, and their translations) bears `statement` out."""

    def verify(self, statement: str, evidence: Sequence[str]) -> Verdict: ...


class AnswerVerifier(Protocol):
    """Lets only borne-out statements through; None when nothing of the draft survives."""

    def verified(self, answer: Answer, query: Query, hits: Sequence[Hit]) -> Answer | None: ...


class Abstainer(Protocol):
    """Says, in the asker's language, what was not found, and shows the nearest passages."""

    def abstain(self, query: Query, hits: Sequence[Hit], confidence: float) -> Abstention: ...


class ConfidenceModel(Protocol):
    """The probability that the texts answer the question, in [0, 1], and the threshold to answer."""

    @property
    def threshold(self) -> float: ...

    def confidence(self, query: Query, hits: Sequence[Hit]) -> float: ...


class ChatModel(Protocol):
    """A configured language model: a system and a user message in, text out, piece by piece."""

    @property
    def name(self) -> str: ...

    def stream(self, system: str, user: str) -> Iterator[str]:
        """Raises ModelUnavailable."""
