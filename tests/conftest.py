"""What several rooms' tests share: one index of the built-in corpus for the whole run, and a small model."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from rag.assembly import build_assistant
from rag.assistant import Assistant
from rag.settings import Settings
from tests.small_model import write_small_model

os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all the workers of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def corpus_settings(shared_folder: Path) -> Settings:
    """Settings of a data folder with the built-in corpus indexed by the bundled model. Do not write there.

    RULES_TEST_DATA names a folder to keep it in between runs: then only what changed is embedded.
    """
    kept = os.environ.get("RULES_TEST_DATA")
    settings = Settings(_env_file=None, data_dir=Path(kept) if kept else shared_folder / "corpus-data")
    with FileLock(shared_folder / "corpus.lock"):
        ready = shared_folder / "corpus.ready"
        if not ready.exists():
            build_assistant(settings)
            ready.touch()
    return settings


@pytest.fixture(scope="session")
def corpus_assistant(corpus_settings: Settings) -> Assistant:
    """The service as it is delivered, over the built-in corpus."""
    return build_assistant(corpus_settings)


@pytest.fixture(scope="session")
def small_model(shared_folder: Path) -> Path:
    """A model with random weights that reads 256 tokens: quick, and wrong about everything."""
    folder = shared_folder / "small-model"
    with FileLock(shared_folder / "small-model.lock"):
        if not folder.exists():
            write_small_model(folder)
    return folder
