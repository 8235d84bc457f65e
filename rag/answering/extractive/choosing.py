"""Which of the passages found are told: the likeliest, or a whole list where that is what is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.extractive.cues import asks_for_list, asks_what_must_be_done_by, names
from rag.answering.extractive.selection import Settings, chosen_hits
from rag.answering.lists import announced, opened, whole_list
from rag.answering.relevance import Relevance
from rag.domain.passages import WHOLES, PassageKind
from rag.domain.ports import EnrichedLibrary
from rag.domain.retrieval import Hit, Query


class PassageChooser:
    """Chooses by how likely each passage is to answer, and by what the question asks for."""

    def __init__(self, library: EnrichedLibrary, relevance: Relevance, settings: Settings) -> None:
        self._library = library
        self._relevance = relevance
        self._settings = settings

    def wanted(self, query: Query, hits: Sequence[Hit]) -> list[Hit]:
        """The likeliest first, or the members of a list in order; nothing if there is nothing to tell."""
        relevances = self._relevance.probabilities(query, hits)
        if whole := self._asked_as_a_whole(query, hits, relevances):
            return whole
        known = [(h, r) for h, r in zip(hits, relevances, strict=True) if h.passage.kind not in WHOLES]
        if not known:
            return []
        hits, relevances = [h for h, _ in known], [r for _, r in known]
        chosen = chosen_hits(hits, relevances, self._relevance.threshold, self._settings)
        if asks_for_list(query.text, query.language):
            likely = {h.passage.id for h, r in known if r >= self._settings.list_relevance}
            if listed := self._listed(chosen, likely):
                return listed
        return self._duties(query, hits, chosen[0].passage.document) or chosen

    def _listed(self, chosen: Sequence[Hit], likely: set[str]) -> list[Hit]:
        """The list of the likeliest hit; the contents it announces; ahead of a lone item, another list."""
        whole = whole_list(chosen[0], self._library)
        if sum(h.passage.id in likely for h in whole) >= self._settings.list_items_found:
            return whole
        if chosen[0].passage.kind is not PassageKind.LIST_ITEM:
            return announced(chosen[0], self._library)
        for hit in chosen[1:]:
            items = whole_list(hit, self._library) if hit.passage.kind is PassageKind.PARAGRAPH else []
            if items:
                members = {h.passage.id for h in (hit, *items)}
                return [hit, *items, *(h for h in chosen if h.passage.id not in members)]
        return []

    def _asked_as_a_whole(self, query: Query, hits: Sequence[Hit], relevances: Sequence[float]) -> list[Hit]:
        """The members of a list, or the contents, if that is what is asked for."""
        found = next((i for i, hit in enumerate(hits) if hit.passage.kind in WHOLES), None)
        if found is None:
            return []
        likely = relevances[found] >= self._settings.list_relevance
        listed = likely and asks_for_list(query.text, query.language)
        first = found in (0, max(range(len(hits)), key=relevances.__getitem__))
        return opened([hits[found]], self._library) if first or listed else []

    def _duties(self, query: Query, hits: Sequence[Hit], document: str) -> list[Hit]:
        """The list of what somebody must do, where that is asked and its lead-in names them.

        The passages that name an act are closer to "What must they do under the act?" than the items
        of a list in it, which seldom name either: so the lead-in decides, in the text that fits best.
        """
        who = asks_what_must_be_done_by(query.text, query.language)
        found: dict[str, list[Hit]] = {}
        for hit in hits:
            passage = hit.passage
            if who and passage.kind is PassageKind.LIST_ITEM and passage.document == document:
                translation = hit.translation(query.language)
                if names(who, translation.context if translation else passage.context_text):
                    found.setdefault(f"{passage.group} {passage.section}", []).append(hit)
        items = max(found.values(), key=len, default=[])
        return whole_list(items[0], self._library) if len(items) >= self._settings.list_items_found else []
