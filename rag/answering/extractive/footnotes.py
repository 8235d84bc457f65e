"""Footnotes that say little themselves: those that send the reader elsewhere, those that only name a work.

Read in the source's own words, so that every language of asking sees the same.
"""

from __future__ import annotations

import re

from rag.domain.passages import Passage, PassageKind
from rag.domain.sentences import split_sentences

SHORT_FOOTNOTE_CHARACTERS = 90
"""A footnote shorter than this is quoted with the sentence that calls it."""

LONGEST_REFERENCE = 160
"""In a longer sentence that begins with a reference, more is said than where to look."""

_ELSEWHERE = re.compile(
    r"https?://\S+$"
    r"|(?:see|cf\.|se|jf\.|zie|vgl\.),?\s"
    r"|(?:there is |der findes |er is )?(?:more|further|additional|yderligere|nærmere|flere|nadere|meer|verdere)"
    r"\s+(?:information|details|oplysninger|informatie|gegevens)\b.*"
    r"\b(?:here|her|hier|available|found|findes|fås|herom|te vinden|beschikbaar)\b"
    r"|.{0,80}\b(?:(?:found|available|findes|fås) (?:here|her)|hier (?:te vinden|beschikbaar))\.?$"
    r"|(?:as of|as at|pr\.|stand van|accessed|tilgået|geraadpleegd)\s.{0,40}$"
    r"|(?:as (?:reported|announced|stated|communicated)|som (?:meddelt|rapporteret|oplyst|indberettet)"
    r"|zoals (?:gemeld|meegedeeld|bericht)|ifølge det oplyste)\s.{0,80}$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"\((?:EUT|EFT|OJ|PB) [LC]\b")
"""The official journal, as the three languages call it."""
_BRACKETED = re.compile(r"\([^()]*\)")
_SAYS = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|will|would|shall|should|must|may|which|who"
    r"|er|var|har|havde|kan|kunne|vil|ville|skal|skulle|må|bør|blev|bliver|ydes|findes|gælder|som|der"
    r"|wordt|worden|werd|werden|zijn|waren|heeft|hebben|kunnen|zal|zullen|zou|moet|moeten|geldt"
    r"|\w{3,}ede|\w{3,}[ae]tes)\b",
    re.IGNORECASE,
)
"""Verbs, and words that begin a clause: without any of them a footnote is a name."""


def points_elsewhere(sentence: str) -> bool:
    """Whether the sentence only says where, by whom or as of when more is told."""
    return len(sentence) <= LONGEST_REFERENCE and bool(_ELSEWHERE.match(sentence))


def is_title(sentence: str) -> bool:
    """Whether the sentence of a footnote is no more than the title of an act, and where it was published."""
    return bool(_PUBLISHED.search(sentence)) and not _SAYS.search(_BRACKETED.sub("", sentence))


def only_points_elsewhere(passage: Passage) -> bool:
    """Whether the passage is a footnote all of whose sentences point elsewhere."""
    return passage.kind is PassageKind.FOOTNOTE and all(map(points_elsewhere, _sentences(passage)))


def states_nothing(passage: Passage) -> bool:
    """Whether the passage is a footnote that by itself says nothing: a title, a reference, a fragment.

    Verbs in brackets do not count: "All but DK (which is not bound)" leaves open all of what.
    """
    if passage.kind is not PassageKind.FOOTNOTE:
        return False
    return all(points_elsewhere(s) or not _SAYS.search(_BRACKETED.sub("", s)) for s in _sentences(passage))


def is_remainder(passage: Passage) -> bool:
    """Whether the passage is a footnote that goes on from its call, and names no work: its verbs are in brackets."""
    told = [s for s in _sentences(passage) if not points_elsewhere(s)]
    return states_nothing(passage) and any(_SAYS.search(s) for s in told)


def needs_its_call(passage: Passage) -> bool:
    """Whether the passage is a footnote too short, or too empty, to be quoted without the sentence that calls it."""
    if passage.kind is not PassageKind.FOOTNOTE or not passage.context:
        return False
    return len(passage.text) < SHORT_FOOTNOTE_CHARACTERS or states_nothing(passage)


def is_called_in(note: Passage, passage: Passage) -> bool:
    """Whether the passage holds the sentence that calls the footnote."""
    return note.document == passage.document and all(
        any(own.start <= call.start and call.end <= own.end for own in passage.spans) for call in note.context
    )


def _sentences(passage: Passage) -> list[str]:
    return [passage.text[a:b] for a, b in split_sentences(passage.text, passage.language)]
