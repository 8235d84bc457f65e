"""What is said when the texts do not answer: what was looked for, and what comes nearest."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.lists import opened
from rag.domain.answers import Abstention, Citation
from rag.domain.passages import Translation
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Hit, Query

NEAREST = 3
"""Passages offered with an abstention."""
_LONGEST_QUESTION = 160

_MESSAGES = {
    "en": "The texts do not seem to say. I looked for “{question}” in {texts} and found no passage that clearly "
    "answers it.",
    "nl": "De teksten lijken daar niets over te zeggen. Ik zocht naar “{question}” in {texts} en vond geen "
    "passage die daar duidelijk op antwoordt.",
    "da": "Det ser teksterne ikke ud til at sige noget om. Jeg ledte efter “{question}” i {texts} og fandt ikke "
    "noget afsnit, der klart svarer på det.",
}
_TEXTS = {
    "en": ("one text", "{count} texts"),
    "nl": ("één tekst", "{count} teksten"),
    "da": ("én tekst", "{count} tekster"),
}
"""How many texts were looked in: one, and any other number."""
_NEAREST = {
    "en": " The nearest passages are below; they may help, but they may not answer the question.",
    "nl": " De dichtstbijzijnde passages staan hieronder; ze kunnen helpen, maar beantwoorden de vraag misschien niet.",
    "da": " De nærmeste afsnit står nedenfor; de kan måske hjælpe, men besvarer måske ikke spørgsmålet.",
}


class PlainAbstainer:
    """Implements the Abstainer port."""

    def __init__(self, library: EnrichedLibrary) -> None:
        self._library = library

    def abstain(self, query: Query, hits: Sequence[Hit], confidence: float) -> Abstention:
        language = query.language if query.language in _MESSAGES else "en"
        question = query.text
        if len(question) > _LONGEST_QUESTION:
            question = question[:_LONGEST_QUESTION].rsplit(" ", 1)[0] + " …"
        count = len(self._library.documents())
        texts = _TEXTS[language][count != 1].format(count=count)
        message = _MESSAGES[language].format(question=question, texts=texts)
        nearest = tuple(
            self._citation(number, hit, language)
            for number, hit in enumerate(opened(hits, self._library)[:NEAREST], start=1)
        )
        return Abstention(message + (_NEAREST[language] if nearest else ""), nearest, confidence)

    def _citation(self, number: int, hit: Hit, language: str) -> Citation:
        passage = hit.passage
        quote = self._library.document(passage.document).reading(passage.spans)
        found = hit.translation(language)
        translation = Translation(found.language, found.text, found.origin) if found else None
        return Citation(number, passage, passage.spans, quote, translation)
