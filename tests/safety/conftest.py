from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from rag import assembly
from rag.domain.ports import Embedder
from rag.ingestion.enrichment import read_entries
from rag.safety.classifier import trained
from rag.safety.contacts import load_contacts
from rag.safety.routing import CareRouter
from rag.settings import Settings, load_settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(data_dir=tmp_path_factory.mktemp("data"), embedding_model="")


@pytest.fixture(scope="session")
def embedder(settings: Settings) -> Embedder:
    """The bundled model."""
    return assembly.build_embedder(settings)


@pytest.fixture(scope="session")
def router(settings: Settings, embedder: Embedder, pytestconfig: pytest.Config) -> CareRouter:
    """As `assembly.build_router` makes it, without an index.

    The first run trains the classifiers (about 40 s on an idle machine) and leaves it in pytest's cache.
    """
    cache = pytestconfig.cache
    folder = Path(cache.mkdir("safety")) if cache else settings.data_dir / "safety"
    entries = read_entries(settings.corpus_dir / "enrichment")
    known = [q for e in entries for texts in e.entry.questions.values() for q in texts]
    ordinary = known[:: assembly.ORDINARY_QUESTIONS_STEP]
    with FileLock(folder / "training.lock"):  # one worker trains, the others read what it kept
        classifiers = trained(embedder, folder, ordinary)
    return CareRouter(classifiers, embedder, load_contacts(settings.corpus_dir / "contacts.toml"))
