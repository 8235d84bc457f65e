from __future__ import annotations

from pathlib import Path

import pytest

from rag.domain.errors import SettingsError
from rag.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_everything_works_without_a_setting() -> None:
    settings = load_settings()
    assert settings.port == 7860
    assert settings.data_dir == Path("data")
    assert (settings.corpus_dir / "catalogue.toml").is_file()
    assert settings.llm == settings.embedding_model == settings.chroma_url == ""


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=8001\nHITS=7\n", encoding="utf-8")
    assert (load_settings().port, load_settings().hits) == (8001, 7)
    monkeypatch.setenv("PORT", "8002")
    assert (load_settings().port, load_settings().hits) == (8002, 7)


def test_what_a_command_is_given_wins_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert load_settings(data_dir=Path("here")).data_dir == Path("here")
    assert load_settings(data_dir=None).data_dir == Path("elsewhere")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("HITS", "-1"),
        ("LLM_TIMEOUT_SECONDS", "0"),
        ("LOG_QUESTIONS", "perhaps"),
    ],
)
def test_a_wrong_value_is_named_with_the_next_step(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert f"{name}='{value}'" in str(caught.value)
    assert "python -m rag settings" in str(caught.value)


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("HITS", "few")
    with pytest.raises(SettingsError, match=r"(?s)PORT.*HITS"):
        load_settings()


def test_every_setting_says_what_it_is_for() -> None:
    assert [n for n, f in Settings.model_fields.items() if not f.description] == []
