"""Three short texts in three languages, and an index over them, for tests that need no real corpus."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain.documents import Description
from rag.domain.passages import Enrichment, Translation
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages
from rag.retrieval.fusion import Leg, WeightTable
from rag.retrieval.generations import Generations, Manifest
from rag.retrieval.glossary import Glossary
from rag.retrieval.indexing import IndexText, build_index
from rag.retrieval.serving import ServingIndex
from tests.fake_embedder import FakeEmbedder

BRIDGES = "# Bridges\n\nEvery bridge shall be inspected twice a year. The inspector writes a report.\n"
FERRIES = "# Veerponten\n\nDe veerpont vaart elk uur. Fietsers reizen gratis mee op zondag.\n"
HARBOURS = "# Havne\n\nHavnechefen fører tilsyn med alle skibe. Gebyret er 725 000 kroner om året.\n"

GLOSSARY = Glossary([{"en": ["harbour master"], "nl": ["havenmeester"], "da": ["havnechefen"]}])
WEIGHTS = WeightTable(
    {
        "enriched": {Leg.DENSE_TEXT: 1.0, Leg.DENSE_QUESTION: 1.0, Leg.WORDS: 1.0, Leg.QUESTION_WORDS: 1.0},
        "plain": {Leg.DENSE_TEXT: 1.0, Leg.WORDS: 1.0, Leg.GRAMS: 0.2},
    }
)


def index_text(
    identifier: str, text: str, language: str, enrichments: Sequence[Enrichment] | None = None
) -> IndexText:
    description = Description(titles=((language, identifier.title()),), short_title=identifier)
    document = parse(text, id=identifier, language=language, description=description, sha256="0" * 64)
    cut = passages(document)
    return IndexText(document, cut, tuple(enrichments or [Enrichment()] * len(cut)))


def three_texts() -> list[IndexText]:
    told = Enrichment(
        (
            Translation(
                "en",
                "The harbour master supervises all ships. The fee is 725,000 kroner a year.",
                context="Ships:",
            ),
        ),
        (("en", "Who watches over vessels in port?"), ("nl", "Wie houdt toezicht in de haven?")),
    )
    return [
        index_text("bridges", BRIDGES, "en"),
        index_text("ferries", FERRIES, "nl"),
        index_text("harbours", HARBOURS, "da", [told]),
    ]


def build(
    generations: Generations,
    texts: Sequence[IndexText] | None = None,
    embedder: FakeEmbedder | None = None,
    fingerprint: str = "first",
) -> Manifest:
    chosen = three_texts() if texts is None else texts
    return build_index(generations, chosen, embedder or FakeEmbedder(), fingerprint)


def serving(generations: Generations) -> ServingIndex:
    return ServingIndex(generations, GLOSSARY)
