"""The numbered passages a model is given, within a budget, and the evidence they are for its sentences.

What stands in a passage is quoted material: it cannot close its own quotation, and sentences that
speak to a model are withheld, from the prompt and from the evidence alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.generative.instructions import without_instructions
from rag.domain.answers import Citation
from rag.domain.documents import Description
from rag.domain.passages import Translation
from rag.domain.ports import EnrichedLibrary, TokenCounter
from rag.domain.retrieval import Hit
from rag.domain.sentences import split_sentences
from rag.domain.spans import OMISSION, join_spans

LANGUAGE_NAMES = {"en": "English", "nl": "Dutch", "da": "Danish"}
_LONGEST_LABEL = 160
_FENCES = str.maketrans({"<": "‹", ">": "›"})


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the model sees it: `citation.number` is its number, `block` its place in the prompt."""

    citation: Citation
    evidence: tuple[str, ...]
    block: str


Material = tuple[Source, ...]


def gather(
    hits: Sequence[Hit],
    language: str,
    library: EnrichedLibrary,
    tokens: TokenCounter,
    budget_tokens: int,
) -> Material:
    """As many of the hits as the budget holds, best first, numbered from 1.

    The translation is left out where only the original fits, and the first passage is shortened
    from its end rather than left out; a passage in the middle that does not fit is passed over.
    """
    found: list[Source] = []
    left = budget_tokens
    for hit in hits:
        source = _source(hit, len(found) + 1, language, library, tokens, left, shorten=not found)
        if source is None:
            continue
        found.append(source)
        left -= tokens.count(source.block)
    return tuple(found)


def _source(
    hit: Hit,
    number: int,
    language: str,
    library: EnrichedLibrary,
    tokens: TokenCounter,
    left: int,
    *,
    shorten: bool,
) -> Source | None:
    citation = _citation(hit, number, language, library)
    quote = without_instructions(citation.quote)
    translated = without_instructions(citation.translation.text) if citation.translation else ""
    if not quote:
        return None
    header = _header(citation, library.document(hit.passage.document).description)
    texts = [(quote, translated), (quote, "")]
    if shorten:
        texts += [(shorter, "") for shorter in _shortened(quote)]
    evidence = tuple(text for text in (quote, translated) if text)
    for original, translation in texts:
        block = _block(header, original, translation, language)
        if tokens.count(block) <= left:
            return Source(citation, evidence, block)
    return None


def _citation(hit: Hit, number: int, language: str, library: EnrichedLibrary) -> Citation:
    passage = hit.passage
    spans = join_spans((*passage.context, *passage.spans))
    found = hit.translation(language)
    translation = None
    if found:
        text = f"{found.context} {found.text}".strip()
        translation = Translation(language, text, found.origin, found.context)
    return Citation(number, passage, spans, library.document(passage.document).reading(spans), translation)


def _header(citation: Citation, description: Description) -> str:
    passage = citation.passage
    label = " ".join(passage.label.translate(_FENCES).split())[:_LONGEST_LABEL]
    facts = (
        label,
        f"{description.force.value}, {description.standing.value}",
        f"date {description.date}",
        LANGUAGE_NAMES.get(passage.language, passage.language),
    )
    return f"[{citation.number}] {'; '.join(facts)}"


def _block(header: str, quote: str, translation: str, language: str) -> str:
    words = quote.translate(_FENCES)
    if translation:
        name = LANGUAGE_NAMES.get(language, language)
        words += f"\n(Unofficial translation into {name}:) {translation.translate(_FENCES)}"
    return f"{header}\n<<<PASSAGE\n{words}\nPASSAGE>>>"


def _shortened(quote: str) -> list[str]:
    """The quote less its last sentence, its last two, and so on."""
    ranges = split_sentences(quote)
    return [quote[: ranges[count - 1][1]] + OMISSION.rstrip() for count in range(len(ranges) - 1, 0, -1)]
