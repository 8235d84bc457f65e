"""Makes a run from end to end: questions to records, provenance and verifier error included."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from evals.gold import GoldQuestion, SourceFinder
from evals.metrics.attribution import Supports
from evals.metrics.catalogue import score
from evals.metrics.observation import place
from evals.runs.asking import Asked, observe
from evals.runs.folder import About, Run, make_run
from evals.runs.provenance import hashes, recorded_settings, versions
from evals.runs.record import Record, record
from evals.runs.verifier_check import measured_error
from rag.answering.support import SupportVerifier
from rag.assembly import build_assistant, ensure_index, language_identifier
from rag.domain.answers import Support
from rag.domain.ports import LanguageIdentifier, Verifier
from rag.retrieval.indexing import Progress, no_progress
from rag.settings import Settings

Tick = Callable[[int, int], None]
"""Called with the number of questions asked and of those there are."""


def ask_all(
    assistant: Asked,
    questions: Iterable[GoldQuestion],
    languages: LanguageIdentifier,
    supports: Supports,
    *,
    tell_language: bool = False,
    tick: Tick = lambda done, total: None,
) -> tuple[Record, ...]:
    """The scored record of every question. Raises SuiteError if a quote is not in its source."""
    documents = assistant.library.documents()
    texts: Mapping[str, str] = {d.id: d.text for d in documents}
    finder, spoken = SourceFinder(texts), {d.id: d.language for d in documents}
    cases = [place(q, finder, texts, spoken) for q in questions]
    records: list[Record] = []
    for seen, hits in observe(assistant, cases, languages, tell_language=tell_language):
        records.append(record(seen, hits, score(seen, supports)))
        tick(len(records), len(cases))
    return tuple(records)


def supports_by(verifier: Verifier) -> Supports:
    """Whether a verifier finds a statement fully supported."""
    return lambda statement, evidence: verifier.verify(statement, evidence).support is Support.FULL


def run_product(
    settings: Settings,
    questions: tuple[GoldQuestion, ...],
    *,
    name: str,
    suite: str,
    split: str,
    tell_language: bool = False,
    progress: Progress = no_progress,
    tick: Tick = lambda done, total: None,
) -> Run:
    """Ask the assembled product. Raises RulesError if it cannot be put together."""
    started, clock = datetime.now(UTC), time.perf_counter()
    manifest, built = ensure_index(settings, progress)
    index_seconds = time.perf_counter() - clock if built else None
    assistant = build_assistant(settings, progress)
    verifier = SupportVerifier()
    clock = time.perf_counter()
    records = ask_all(
        assistant,
        questions,
        language_identifier(),
        supports_by(verifier),
        tell_language=tell_language,
        tick=tick,
    )
    about = About(
        name=name,
        started=started.isoformat(timespec="seconds"),
        suite=suite,
        split=split,
        questions=len(records),
        seconds=round(time.perf_counter() - clock, 1),
        tell_language=tell_language,
        index_seconds=index_seconds,
        index_representations=manifest.representations,
        settings=recorded_settings(settings),
        versions=versions(),
        hashes=hashes(settings, assistant.fingerprint),
        verifier=measured_error(verifier),
    )
    return make_run(about, records)
