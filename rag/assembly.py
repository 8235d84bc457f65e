"""The only place that chooses implementations and puts them together."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from rag.answering.abstention import PlainAbstainer
from rag.answering.checking import AnswerChecker
from rag.answering.confidence import LogisticConfidence
from rag.answering.differences import DifferenceTeller
from rag.answering.extractive import ExtractiveAnswerer
from rag.answering.parts import QuestionParts
from rag.answering.places import PlaceFinder
from rag.answering.places.comparing import TextComparer
from rag.answering.premises import PremiseTeller
from rag.answering.prompts import load_prompt
from rag.answering.support import SupportVerifier
from rag.answering.support.names import glossary_groups
from rag.assistant import Assistant, Limits
from rag.dialogue.model_rewriting import ModelRewriter, RewritePrompt
from rag.dialogue.rewriting import RuleRewriter
from rag.dialogue.service import Facts, ServiceRouter
from rag.domain.documents import Document
from rag.domain.errors import SettingsError, UnreadableDocument
from rag.domain.passages import Enrichment, Passage
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
from rag.drafting.shelf import Shelf
from rag.ingestion.catalogue import Entry, load_catalogue
from rag.ingestion.enrichment import Placed, read_entries, read_file, sort_fresh
from rag.ingestion.enrichment_check import Problem, check_enrichment
from rag.ingestion.enrichment_writer import EnrichmentWriter, Estimate, Written, estimate, plan
from rag.ingestion.intake import Intake, Outcome
from rag.ingestion.library import DocumentLibrary
from rag.ingestion.parsing import parse
from rag.ingestion.passages import passages
from rag.ingestion.precedents import Precedent, answered_by_passage, read_precedents, unanswered_near
from rag.ingestion.sources import SourceText, sources
from rag.models.bundled import bundled_model_folder
from rag.models.embedding import SentenceTransformerEmbedder
from rag.models.languages import LinguaIdentifier
from rag.models.tokens import PromptTokenCounter
from rag.retrieval.fusion import load_weights
from rag.retrieval.generations import Generations, Manifest
from rag.retrieval.glossary import Glossary, load_glossary
from rag.retrieval.indexing import IndexText, Progress, build_index, fingerprint_of, no_progress
from rag.retrieval.precedents import METRIC_FILE
from rag.retrieval.searching import HybridRetriever, ServingIndex
from rag.safety.classifier import trained
from rag.safety.contacts import load_contacts
from rag.safety.routing import CareRouter
from rag.settings import PROJECT, Settings

CODE_THAT_SHAPES_AN_INDEX = ("domain", "ingestion", "retrieval")
"""Packages whose source is part of an index's fingerprint: an upgrade that reads texts otherwise
builds a new index by itself."""

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
        retriever=build_retriever(settings, index, embedder),
        library=index,
        confidence=LogisticConfidence.load(),
        answerer=build_answerer(settings, index),
        verifier=DifferenceTeller(AnswerChecker(build_support_verifier(settings))),
        abstainer=PlainAbstainer(index),
        parts=QuestionParts(),
        premises=PremiseTeller(index),
        limits=Limits(settings.max_question_characters, settings.hits),
        places=PlaceFinder(index, ExtractiveAnswerer(index)),
        comparer=TextComparer(index),
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
    classifier = trained(embedder, settings.data_dir / "safety", ordinary_questions(settings, index))
    return CareRouter(classifier, embedder, load_contacts(settings.corpus_dir / "contacts.toml"))


def ordinary_questions(settings: Settings, index: ServingIndex) -> list[str]:
    """Every few of the questions written for passages; with the precedents too, the classifier refused less."""
    besides = {q for asked in answered_by_passage(precedents(settings)).values() for _, q in asked}
    return [q for q in index.questions() if q not in besides][::ORDINARY_QUESTIONS_STEP]


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


def glossary_of(settings: Settings) -> Glossary:
    return load_glossary(settings.corpus_dir / "glossary.toml")


def serving_index(settings: Settings) -> ServingIndex:
    return ServingIndex(generations(settings), glossary_of(settings), settings.chroma_url)


def generations(settings: Settings) -> Generations:
    return Generations(settings.data_dir / "index")


def open_library(settings: Settings, *, with_default_corpus: bool = True) -> DocumentLibrary:
    """The data folder's library; `with_default_corpus` counts only when it is made now."""
    return DocumentLibrary.open(settings.data_dir, with_default_corpus=with_default_corpus)


def catalogue(settings: Settings) -> tuple[Entry, ...]:
    return load_catalogue(settings.corpus_dir / "catalogue.toml")


def list_sources(settings: Settings) -> Iterator[SourceText]:
    """What the index is built from."""
    return sources(open_library(settings), catalogue(settings))


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


def text_library(settings: Settings) -> Shelf:
    """The library's texts without an index, for checking quotations."""
    return Shelf(
        {source.id: lru_cache(maxsize=1)(partial(parsed, source)) for source in list_sources(settings)}
    )


def parsed(source: SourceText) -> Document:
    return parse(
        source.text,
        id=source.id,
        language=source.language,
        description=source.description,
        sha256=source.sha256,
    )


def index_text(
    source: SourceText,
    entries: Mapping[str, Sequence[Placed]],
    answered: Mapping[str, Sequence[tuple[str, str]]],
) -> IndexText:
    """A text parsed and cut into passages, with the enrichment that still fits them.

    `answered`, by passage, are further questions that it answers.
    """
    document = parsed(source)
    cut = passages(document)
    fresh, _ = sort_fresh(cut, entries.get(document.id, ()))
    enriched = (fresh.get(p.id, Enrichment()).asked_also(answered.get(p.id, ())) for p in cut)
    return IndexText(document, cut, tuple(enriched))


def precedents(settings: Settings) -> list[Precedent]:
    return read_precedents(precedents_file(settings))


def precedents_file(settings: Settings) -> Path:
    """Questions that the built-in texts are known to answer, or not to answer."""
    return settings.corpus_dir / "precedents.jsonl"


def enrichment_folders(settings: Settings) -> tuple[Path, Path]:
    """The built-in enrichment, and the operator's."""
    return settings.corpus_dir / "enrichment", settings.data_dir / "enrichment"


def enrichment_entries(settings: Settings) -> dict[str, list[Placed]]:
    """Entries by the document they are about; a last line that a crash cut off is passed over."""
    built_in, own = enrichment_folders(settings)
    found = [*read_entries(built_in), *read_own_entries(own)]
    by_document: dict[str, list[Placed]] = defaultdict(list)
    for one in found:
        by_document[one.entry.passage.rsplit("#", 1)[0]].append(one)
    return by_document


def read_own_entries(folder: Path) -> Iterator[Placed]:
    for file in sorted(folder.glob("*.jsonl")):
        yield from read_file(file, forgive_last=True)


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


def all_passages(settings: Settings) -> tuple[list[Passage], dict[str, str]]:
    """Every passage of the library, and the titles of the documents by id."""
    every: list[Passage] = []
    titles: dict[str, str] = {}
    for source in list_sources(settings):
        document = parsed(source)
        titles[document.id] = document.description.title(document.language) or document.id
        every += passages(document)
    return every, titles


def index_fingerprint(settings: Settings, found: Sequence[SourceText], embedder: Embedder) -> str:
    """Names everything an index is made of: texts, descriptions, enrichment, model and code."""
    parts = [embedder.fingerprint, _code_hash()]
    parts += [f"{s.id}|{s.sha256}|{s.language}|{s.description}" for s in found]
    for folder in enrichment_folders(settings):
        parts += [hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("*.jsonl"))]
    shaping = (precedents_file(settings), METRIC_FILE)
    parts += [hashlib.sha256(path.read_bytes()).hexdigest() for path in shaping if path.exists()]
    return fingerprint_of(parts)


@lru_cache(maxsize=1)
def _code_hash() -> str:
    files = (p for name in CODE_THAT_SHAPES_AN_INDEX for p in (PROJECT / "rag" / name).rglob("*.py"))
    return fingerprint_of(p.read_text(encoding="utf-8") for p in sorted(files))
