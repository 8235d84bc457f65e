"""The prompts are data, and hold together."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from rag.answering.generative import GenerativeAnswerer
from rag.answering.generative.answerer import NOTES
from rag.answering.prompts import FOLDER, load_prompt, prompts_version
from rag.assembly import build_answerer, build_rewriter
from rag.dialogue.model_rewriting import ModelRewriter
from rag.dialogue.rewriting import RuleRewriter
from rag.domain.errors import ModelError, SettingsError
from rag.domain.retrieval import Query
from rag.models.chat import LangChainChatModel
from rag.settings import Settings
from tests.answering.generative.endpoint import Endpoint, says
from tests.answering.generative.handmade import FirstPassage, HandmadeLibrary

FIELDS = {
    "answer": {"language", "most", "passages", "question"},
    "repair": {"language", "passages", "question", "sentences"},
    "rewrite": {"history", "question"},
}


def test_every_prompt_file_is_known() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(FIELDS)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_prompt_has_just_the_fields_that_are_filled(name: str) -> None:
    prompt = load_prompt(name)
    assert set(re.findall(r"\{(\w*)\}", prompt.system + prompt.user)) == FIELDS[name]
    assert "{" not in re.sub(r"\{\w+\}", "", prompt.system + prompt.user)


def test_the_version_is_a_short_stable_name() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", prompts_version())


def test_every_note_exists_in_three_languages() -> None:
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    assert set(notes) == {"partial", "left_out", "broken_off", "replaced", "unavailable", "nothing_held"}
    assert all(set(note) == {"en", "nl", "da"} for note in notes.values())


def test_without_a_model_nothing_of_it_is_assembled() -> None:
    settings = Settings(_env_file=None, llm="")
    assert type(build_answerer(settings, HandmadeLibrary())).__name__ == "ExtractiveAnswerer"
    assert isinstance(build_rewriter(settings), RuleRewriter)


def test_the_settings_alone_put_a_model_in_place(endpoint: Endpoint) -> None:
    settings = Settings(
        _env_file=None, llm="openai:scripted", llm_base_url=endpoint.url, llm_budget_tokens=12_000
    )
    library = HandmadeLibrary()
    answerer = build_answerer(settings, library)
    assert isinstance(answerer, GenerativeAnswerer)
    assert isinstance(build_rewriter(settings), ModelRewriter)
    endpoint.will(says("Telephone calls are not scanned. [2]"))
    answer = answerer.answer(Query("Are telephone calls scanned?", "en"), library.hits())
    assert answer is not None
    assert answer.answerer == "openai:scripted"


@pytest.mark.parametrize(("llm", "error"), [("gpt-4", SettingsError), ("nobody:model", ModelError)])
def test_a_model_that_cannot_be_set_up_is_told_at_the_start(llm: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        build_answerer(Settings(_env_file=None, llm=llm), HandmadeLibrary())


def test_a_budget_too_small_for_any_passage_leaves_the_texts_own_words(
    endpoint: Endpoint, chat: LangChainChatModel, parts: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    library = HandmadeLibrary()
    small = parts | {"budget_tokens": 500}
    answerer = GenerativeAnswerer(chat, library, fallback=FirstPassage(), **small)
    endpoint.will()
    answer = answerer.answer(Query("Are calls scanned?", "en"), library.hits())
    assert answer is not None
    assert answer.answerer == "extractive"
    assert endpoint.requests == []
    assert "LLM_BUDGET_TOKENS=500" in caplog.text
