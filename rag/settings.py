"""One typed settings object: environment first, then `.env`, then the defaults here."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.domain.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting of the product; the environment variable is the field's name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(7860, ge=1, le=65535, description="Port the server listens on.")
    data_dir: Path = Field(Path("data"), description="Where indexes, models and your documents lie.")
    corpus_dir: Path = Field(PROJECT / "corpus", description="The built-in corpus.")
    embedding_model: str = Field(
        "",
        description="A sentence-transformers model by hub name or path; empty: the bundled model.",
    )
    delta_file: Path = Field(
        PROJECT / "rag" / "models" / "delta.npz",
        description="The Danish and Dutch extension of the bundled model.",
    )
    reranker_model: str = Field("", description="A CrossEncoder by hub name or path; empty: none.")
    llm: str = Field(
        "",
        description="A chat model, provider:model, as LangChain's init_chat_model takes; empty: none.",
    )
    llm_base_url: str = Field("", description="Address of an OpenAI-compatible endpoint.")
    llm_timeout_seconds: float = Field(30.0, gt=0, description="Longest wait for the chat model.")
    llm_budget_tokens: int = Field(6000, ge=500, description="Prompt budget of the chat model.")
    chroma_url: str = Field("", description="A Chroma server; empty: Chroma on disk.")
    hits: int = Field(12, ge=1, le=100, description="Passages retrieved for an answer.")
    max_question_characters: int = Field(2000, ge=10, description="Longest question taken.")
    log_questions: bool = Field(False, description="Write question text to the log.")
    public_url: str = Field("", description="Address people reach the service at, for shared links.")
    frame_ancestors: str = Field("'self'", description="Who may embed the pages (CSP frame-ancestors).")
    database_url: str = Field(
        "",
        description="Database of the staff rooms, as SQLAlchemy takes it (postgresql+psycopg://...); "
        "empty: records.sqlite3 in the data folder.",
    )
    session_hours: float = Field(10.0, gt=0, description="Hours after which staff sign in again.")
    max_concurrent_questions: int = Field(8, ge=1, description="Questions answered at once.")


def load_settings(**overrides: object) -> Settings:
    """The settings in force. Raises SettingsError naming each wrong value."""
    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]  # pydantic validates
    except ValidationError as error:
        lines = [
            f"{str(problem['loc'][0]).upper()}={problem.get('input')!r}: {problem['msg']}."
            for problem in error.errors()
        ]
        raise SettingsError(
            "A setting has a wrong value:\n  "
            + "\n  ".join(lines)
            + "\nCorrect it in the environment or in .env; `python -m rag settings` shows them all."
        ) from error
