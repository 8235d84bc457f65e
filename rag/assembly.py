"""The only place that chooses implementations and puts them together.

What they work on is read by `rag.holdings`; the names imported as themselves are offered here too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.answering.abstention import PlainAbstainer
from rag.answering.checking import AnswerChecker
from rag.answering.confidence import LogisticConfidence
from rag.answering.differences import DifferenceTeller
from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.nearness import NearnessTeller
from rag.answering.parts import QuestionParts
from rag.answering.places import DateFinder, FirstFinder, PlaceFinder
from rag.answering.places.comparing import TextComparer
from rag.answering.premises import PremiseTeller
from rag.answering.prompts import load_prompt
from rag.answering.support import SupportVerifier
from rag.answering.support.names import glossary_groups
from rag.assistant import Assistant
from rag.dialogue.model_rewriting import ModelRewriter, RewritePrompt
from rag.dialogue.rewriting import RuleRewriter
from rag.dialogue.service import Facts, ServiceRouter
from rag.dialogue.spelling import SpellingMender
from rag.domain.errors import SettingsError, UnreadableDocument
from rag.domain.passages import Passage, PassageKind
from rag.domain.ports import (
    Answerer,
    ChatModel,
    Embedder,
    EnrichedLibrary,
    LanguageIdentifier,
    Reranker,
    Rewriter,
    Verifier,
)
from rag.holdings import all_passages, enrichment_folders, glossary_of, index_fingerprint
from rag.holdings import catalogue as catalogue
from rag.holdings import enrichment_entries as enrichment_entries
from rag.holdings import index_text as index_text
from rag.holdings import list_sources as list_sources
from rag.holdings import open_library as open_library
from rag.holdings import precedents as precedents
from rag.holdings import text_library as text_library
from rag.ingestion.enrichment_check import Problem, check_enrichment
from rag.ingestion.enrichment_writer import EnrichmentWriter, Estimate, Written, estimate, plan
from rag.ingestion.intake import Intake, Outcome
from rag.ingestion.precedents import answered_by_passage, unanswered_near
from rag.models.bundled import bundled_model_folder
from rag.models.embedding import SentenceTransformerEmbedder
from rag.models.languages import LinguaIdentifier
from rag.models.tokens import PromptTokenCounter
from rag.researching import Researcher
from rag.retrieval.fusion import load_weights
from rag.retrieval.generations import Generations, Manifest
from rag.retrieval.indexing import Progress, build_index, no_progress
from rag.retrieval.searching import HybridRetriever
from rag.retrieval.serving import ServingIndex
from rag.safety.classifier import trained
from rag.safety.contacts import load_contacts
from rag.safety.routing import CareRouter
from rag.settings import Settings

BESIDE_THE_TEXT = frozenset(
    {PassageKind.CONTACT, PassageKind.END_MATTER, PassageKind.CONTENTS, PassageKind.LIST}
)
ORDINARY_QUESTIONS_STEP = 4
"""One in so many of the questions written for passages teaches the safety classifier what is ordinary."""


def build_assistant(settings: Settings, progress: Progress = no_progress) -> Assistant:
    """Everything put together, the index brought up to date first. Raises RulesError."""
    embedder = build_embedder(settings)
    ensure_index(settings, progress, embedder=embedder)
    index = serving_index(settings)
    languages = language_identifier()
    return Assistant(
        languages=languages,
        router=ServiceRouter(
            build_router(settings, index, embedder),
            Facts(index.documents, logs_questions=settings.log_questions, model=settings.llm),
        ),
        rewriter=build_rewriter(settings),
        researcher=Researcher(
            retriever=build_retriever(settings, index, embedder),
            library=index,
            confidence=LogisticConfidence.load(),
            answerer=build_answerer(settings, index),
            verifier=NearnessTeller(DifferenceTeller(AnswerChecker(build_support_verifier(settings)))),
            abstainer=PlainAbstainer(index),
            places=FirstFinder(PlaceFinder(index, ExtractiveAnswerer(index)), DateFinder(index)),
            hits=settings.hits,
        ),
        library=index,
        parts=QuestionParts(),
        premises=PremiseTeller(index),
        comparer=TextComparer(index),
        mender=SpellingMender(index),
        max_characters=settings.max_question_characters,
    )


def build_embedder(settings: Settings) -> Embedder:
    """The configured embedding model, or else the bundled one."""
    if settings.embedding_model:
        return SentenceTransformerEmbedder(settings.embedding_model)
    folder = bundled_model_folder(settings.data_dir, delta_file=settings.delta_file)
    return SentenceTransformerEmbedder(str(folder))


def build_support_verifier(settings: Settings) -> Verifier:
    """Says of any sentence how far given words bear it out: in answers, and while officers write."""
    return SupportVerifier(glossary_groups(settings.corpus_dir / "glossary.toml"))


def build_retriever(settings: Settings, index: ServingIndex, embedder: Embedder) -> HybridRetriever:
    return HybridRetriever(index, embedder, load_weights(), build_reranker(settings))


def build_router(settings: Settings, index: ServingIndex, embedder: Embedder) -> CareRouter:
    classifiers = trained(embedder, settings.data_dir / "safety", ordinary_questions(settings, index))
    return CareRouter(classifiers, embedder, load_contacts(settings.corpus_dir / "contacts.toml"))


def ordinary_questions(settings: Settings, index: ServingIndex) -> list[str]:
    """Every few of the questions written for passages, and all that ask for what stands beside a text, such as
    its press contacts: in form ("send me ...") these are most like what is refused.

    With the precedents of every passage too, the classifier refused less of what it should.
    """
    known = {q for known in answered_by_passage(precedents(settings)).values() for _, q in known.questions}
    written = [q for q in index.questions() if q not in known][::ORDINARY_QUESTIONS_STEP]
    beside = [q for p, e in index.current().passages if p.kind in BESIDE_THE_TEXT for _, q in e.questions]
    return list(dict.fromkeys(written + beside))


def build_answerer(settings: Settings, library: EnrichedLibrary) -> Answerer:
    """The texts' own sentences; worded by a language model, and checked, where one is configured."""
    extractive = ExtractiveAnswerer(library)
    if not settings.llm:
        return extractive
    from rag.answering.generative import GenerativeAnswerer

    return GenerativeAnswerer(
        build_chat_model(settings),
        library,
        verifier=build_support_verifier(settings),
        languages=language_identifier(),
        tokens=PromptTokenCounter(),
        budget_tokens=settings.llm_budget_tokens,
        fallback=extractive,
    )


def build_rewriter(settings: Settings) -> Rewriter:
    """Rules, or the language model watched by them."""
    if not settings.llm:
        return RuleRewriter()
    prompt = load_prompt("rewrite")
    return ModelRewriter(
        build_chat_model(settings),
        RewritePrompt(prompt.system, prompt.user),
        tokens=PromptTokenCounter(),
        languages=language_identifier(),
        fallback=RuleRewriter(),
    )


def build_chat_model(settings: Settings) -> ChatModel:
    """The configured chat model. Raises SettingsError if none is, ModelError if it cannot be set up."""
    from rag.models.chat import LangChainChatModel

    if not settings.llm:
        raise SettingsError("No language model is configured. Set LLM, for example LLM=ollama:llama3.1.")
    model = LangChainChatModel(
        settings.llm, base_url=settings.llm_base_url, timeout_seconds=settings.llm_timeout_seconds
    )
    model.prepare()
    return model


def build_reranker(settings: Settings) -> Reranker | None:
    if not settings.reranker_model:
        return None
    from rag.models.reranking import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker_model)


@lru_cache(maxsize=1)
def language_identifier() -> LanguageIdentifier:
    return LinguaIdentifier()


def serving_index(settings: Settings) -> ServingIndex:
    return ServingIndex(generations(settings), glossary_of(settings), settings.chroma_url)


def generations(settings: Settings) -> Generations:
    return Generations(settings.data_dir / "index")


def ensure_index(
    settings: Settings,
    progress: Progress = no_progress,
    *,
    rebuild: bool = False,
    embedder: Embedder | None = None,
) -> tuple[Manifest, bool]:
    """The serving index's manifest, and whether it had to be built."""
    embedder = embedder or build_embedder(settings)
    found = list(list_sources(settings))
    if not found:
        raise SettingsError(
            f"The data folder {settings.data_dir} holds no documents. "
            "Add some with `python -m rag ingest PATH --data DIR`."
        )
    fingerprint = index_fingerprint(settings, found, embedder)
    manifest = generations(settings).manifest()
    if manifest is not None and manifest.fingerprint == fingerprint and not rebuild:
        return manifest, False
    entries = enrichment_entries(settings)
    known = precedents(settings)
    answered = answered_by_passage(known)
    texts = (index_text(source, entries, answered) for source in found)
    built = build_index(
        generations(settings),
        texts,
        embedder,
        fingerprint,
        unanswered=unanswered_near(known, {source.id for source in found}),
        chroma_url=settings.chroma_url,
        progress=progress,
    )
    return built, True


def ingest_paths(
    settings: Settings, paths: Sequence[Path], *, keep_default_corpus: bool, progress: Progress = no_progress
) -> list[str]:
    """Take documents into the library, index them, and say what became of each.

    Raises UnreadableDocument if none of them could be read.
    """
    library = open_library(settings, with_default_corpus=keep_default_corpus)
    results = Intake(library, language_identifier()).take(paths)
    lines = [
        f"{r.outcome.value}: {r.id or r.source}" + (f" ({r.notice})" if r.notice else "") for r in results
    ]
    if results and all(r.outcome is Outcome.REFUSED for r in results):
        raise UnreadableDocument("Nothing could be taken in.\n" + "\n".join(lines))
    manifest, _ = ensure_index(settings, progress)
    lines.append(f"Indexed: {manifest.documents} documents, {manifest.passages} passages.")
    return lines


@dataclass(frozen=True, slots=True)
class EnrichmentJob:
    """What `python -m rag enrich` is about to do."""

    unenriched: tuple[Passage, ...]
    done: int
    estimate: Estimate
    run: Callable[[Callable[[int, int, str], None]], Written]


def enrichment_job(settings: Settings) -> EnrichmentJob:
    """The passages without enrichment and the means to write it, with the configured model."""
    every, titles = all_passages(settings)
    entries = [e for found in enrichment_entries(settings).values() for e in found]
    planned = plan(every, entries)
    writer = EnrichmentWriter(
        enrichment_folders(settings)[1], build_chat_model(settings), language_identifier()
    )
    return EnrichmentJob(
        planned.unenriched,
        planned.done,
        estimate(planned.unenriched, titles, PromptTokenCounter()),
        lambda progress: writer.write(every, titles, also=entries, progress=progress),
    )


def check_enrichments(settings: Settings) -> list[Problem]:
    """What is wrong with the enrichment of every document in the library."""
    every, _ = all_passages(settings)
    entries = [e for found in enrichment_entries(settings).values() for e in found]
    return check_enrichment(every, entries, language_identifier())
