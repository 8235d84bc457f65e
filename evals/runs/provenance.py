"""What a run's numbers depend on: versions, and hashes of code, prompts, corpus and gold questions."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from evals.gold import SUITES
from rag.settings import PROJECT, Settings

PACKAGES = (
    "chromadb", "gradio", "langchain", "langchain-core", "numpy", "scikit-learn", "scipy",
    "sentence-transformers", "tantivy", "tiktoken", "tokenizers", "torch", "transformers",
)  # fmt: skip
RECORDED_SETTINGS = ("embedding_model", "reranker_model", "llm", "hits", "max_question_characters")
"""Settings that change what is answered; addresses and folders stay out of what may be published."""


def versions() -> dict[str, str]:
    """Of Python, the machine and every package that numbers depend on."""
    found = {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpus": str(os.cpu_count()),
    }
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def hashes(settings: Settings, index: str) -> dict[str, str]:
    """Of everything that the numbers depend on besides settings and versions."""
    return {
        "index": index,
        "corpus": _hash(sorted(settings.corpus_dir.rglob("*.*"))),
        "gold questions": _hash(sorted(SUITES.glob("*.jsonl"))),
        "prompts": _hash(sorted((PROJECT / "rag").rglob("prompts/*.txt"))),
        "code": _hash(sorted((PROJECT / "rag").rglob("*.py"))),
        "coefficients": _hash(sorted((PROJECT / "rag").rglob("*.toml"))),
        "model delta": _hash([settings.delta_file] if settings.delta_file.is_file() else []),
        "commit": _commit(),
    }


def recorded_settings(settings: Settings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in RECORDED_SETTINGS}


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    found = [path for path in files if path.is_file()]
    for path in found:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16] if found else "none"


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    command = [git, "-C", str(PROJECT), "describe", "--always", "--dirty", "--abbrev=12"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"
