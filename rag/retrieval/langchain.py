"""The retriever as a LangChain `BaseRetriever`, for chains that others write."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from rag.domain.ports import LanguageIdentifier, Retriever
from rag.domain.retrieval import Query


class PassageRetriever(BaseRetriever):
    """Finds passages; each document's metadata holds `document`, `label`, `spans` and `score`."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: SkipValidation[Retriever]
    languages: SkipValidation[LanguageIdentifier]
    limit: int = 5

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        hits = self.retriever.search(Query(query, self.languages.identify(query)), self.limit)
        return [
            LangChainDocument(
                id=hit.passage.id,
                page_content=hit.passage.full_text,
                metadata={
                    "document": hit.passage.document,
                    "label": hit.passage.label,
                    "language": hit.passage.language,
                    "spans": [(s.start, s.end) for s in (*hit.passage.context, *hit.passage.spans)],
                    "score": hit.score,
                },
            )
            for hit in hits
        ]
