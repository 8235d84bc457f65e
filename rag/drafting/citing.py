"""Citations of answers and hits of searches as quotations of a reply."""

from __future__ import annotations

from rag.domain.answers import Citation
from rag.domain.documents import Document
from rag.domain.passages import Passage, Translation
from rag.domain.ports import Library
from rag.domain.retrieval import Hit
from rag.domain.spans import Spans, join_spans
from rag.drafting.sheet import Cited


def cited(citation: Citation, library: Library, language: str) -> Cited:
    document = library.document(citation.passage.document)
    return _cited(document, citation.passage, citation.spans, citation.translation, language)


def cited_hit(hit: Hit, library: Library, language: str) -> Cited:
    """The whole passage found, with the words it needs to be understood."""
    passage = hit.passage
    document = library.document(passage.document)
    spans = join_spans((*passage.context, *passage.spans))
    translation = hit.translation(language)
    if translation and translation.context and passage.context:
        text = f"{translation.context.rstrip()} {translation.text}"
        translation = Translation(translation.language, text, translation.origin)
    return _cited(document, passage, spans, translation, language)


def _cited(
    document: Document, passage: Passage, spans: Spans, translation: Translation | None, language: str
) -> Cited:
    description = document.description
    pairs = ",".join(f"{s.start}-{s.end}" for s in spans)
    return Cited(
        document=document.id,
        document_sha256=document.sha256,
        passage=passage.id,
        spans=tuple((s.start, s.end) for s in spans),
        quote=document.reading(spans),
        label=passage.label,
        language=document.language,
        title=description.title(language) or document.id,
        reference=description.reference,
        date=description.date,
        force=description.force.value,
        status=description.standing.value,
        viewer=f"/source/{document.id}?spans={pairs}#cited",
        translation_language=translation.language if translation else "",
        translation=translation.text if translation else "",
        translation_origin=translation.origin if translation else "",
    )
