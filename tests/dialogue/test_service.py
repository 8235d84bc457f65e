"""Questions about the service itself: recognised in three languages, told what is true, and never mistaken for
questions about the rules."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.dialogue.service import WORDING, Facts, ServiceRouter, about_service
from rag.domain.answers import Referral, SmallTalk
from rag.settings import PROJECT
from tests.web.handmade import DOCUMENT

LANGUAGES = ("en", "nl", "da")
ASKED = json.loads(Path(__file__).with_name("service_questions.json").read_text(encoding="utf-8"))
SAY = tomllib.loads(WORDING.read_text(encoding="utf-8"))["say"]
STATES = {"logged", "unlogged", "model", "no_model", "dated", "undated"}


class Hearing:
    """A router that hears what it is told to."""

    def __init__(self, heard: Referral | SmallTalk | None = None) -> None:
        self._heard = heard

    def route(self, question: str, language: str) -> Referral | SmallTalk | None:
        return self._heard


def told(
    question: str,
    language: str = "en",
    *,
    documents: tuple[Any, ...] = (DOCUMENT,),
    logs: bool = False,
    model: str = "",
) -> str:
    facts = Facts(lambda: documents, logs_questions=logs, model=model)
    reply = ServiceRouter(Hearing(), facts).route(question, language)
    assert isinstance(reply, SmallTalk)
    return reply.message


def about_nothing(within: Hearing) -> ServiceRouter:
    return ServiceRouter(within, Facts(tuple, logs_questions=False, model=""))


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (kind, question)
        for kinds in ASKED["service"].values()
        for kind, qs in kinds.items()
        for question in qs
    ],
)
def test_a_question_about_the_service_is_known_by_its_kind(kind: str, question: str) -> None:
    assert about_service(question) == kind


@pytest.mark.parametrize("question", [q for questions in ASKED["rules"].values() for q in questions])
def test_a_question_about_the_rules_or_a_greeting_with_the_same_words_is_none(question: str) -> None:
    assert about_service(question) is None


def known_questions() -> Iterator[str]:
    """Every development question, and every question the built-in texts are known to answer."""
    for path in sorted((PROJECT / "evals" / "suites").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["split"] == "development":
                yield record["question"]
    for path in sorted((PROJECT / "corpus" / "enrichment").glob("*.jsonl")):
        yield from (
            q for line in path.read_text(encoding="utf-8").splitlines() for q in strings(json.loads(line))
        )


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.endswith("?"):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def test_no_question_that_the_texts_are_known_to_answer_is_caught() -> None:
    questions = list(known_questions())
    assert len(questions) > 3_000
    assert [q for q in questions if about_service(q)] == []


def test_every_kind_is_asked_and_told_in_every_language() -> None:
    ask = tomllib.loads(WORDING.read_text(encoding="utf-8"))["ask"]
    assert set(ask) == set(ASKED["service"]) == set(LANGUAGES)
    assert all(set(ask[language]["kinds"]) == set(SAY) for language in LANGUAGES)
    assert all(set(kinds) == set(SAY) for kinds in ASKED["service"].values())


def test_each_sentence_says_the_same_facts_in_every_language() -> None:
    for sentences in SAY.values():
        for one in sentences:
            assert one.get("if", "logged") in STATES
            named = [set(re.findall(r"{\w+}", one[language])) for language in LANGUAGES]
            assert named[0] == named[1] == named[2]


@pytest.mark.parametrize(("language", "word"), [("en", "log"), ("nl", "logboek"), ("da", "log")])
@pytest.mark.parametrize("logs", [True, False])
def test_what_is_said_of_the_log_is_what_the_settings_say(language: str, word: str, logs: bool) -> None:
    sentences = {one["if"]: one[language] for one in SAY["privacy"] if "if" in one}
    said = told("Do you keep my questions?", language, logs=logs)
    assert word in said
    assert (sentences["logged"] in said, sentences["unlogged"] in said) == (logs, not logs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", ["Are you an AI?", "Do you keep my questions?"])
def test_a_language_model_is_named_only_where_there_is_one(language: str, question: str) -> None:
    assert "ollama:llama" in told(question, language, model="ollama:llama")
    assert "ollama" not in told(question, language)


def test_the_texts_are_those_of_the_library_in_the_askers_language() -> None:
    assert "En afgørelse" in told("Hvilke tekster bruger du?", "da")
    said = told("Which texts do you use?", documents=(DOCUMENT,) * 20)
    assert "20" in said
    assert said.count("A decision") == 12
    assert "…" in said


def test_a_title_may_hold_braces() -> None:
    odd = replace(DOCUMENT, description=replace(DOCUMENT.description, titles=(("en", "{model} {0}"),)))
    assert "“{model} {0}”" in told("Which texts do you use?", documents=(odd,))


def test_the_years_are_those_of_the_texts_if_they_are_known() -> None:
    assert "2000 to 2000" in told("How current is this?")
    assert "not recorded" in told("How current is this?", documents=())


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Do you keep my questions when somebody is hurting me?", "help"),
        ("Are you a person?", "danger"),
        ("Are you a person?", "refusal"),
    ],
)
def test_care_comes_before_the_service(question: str, reason: str) -> None:
    care = Referral("Call.", (), reason)
    assert about_service(question)
    assert about_nothing(Hearing(care)).route(question, "en") is care


def test_a_few_words_about_the_service_are_no_call_for_help() -> None:
    reply = about_nothing(Hearing(Referral("Call.", (), "help"))).route("Am I anonymous?", "en")
    assert isinstance(reply, SmallTalk)


@pytest.mark.parametrize("heard", [None, SmallTalk("Hello.")])
def test_all_else_is_left_to_the_router_within(heard: SmallTalk | None) -> None:
    assert about_nothing(Hearing(heard)).route("Who keeps the reports?", "en") is heard


def test_the_longest_message_is_read_in_no_time() -> None:
    start = time.perf_counter()
    assert about_service("hi " * 600) is None
    assert about_service("are you " + "really " * 17 + "?") is None
    assert time.perf_counter() - start < 0.5
