"""Answers that a language model writes, from the scripted endpoint through the flow to the chat: shown
sentence by sentence as each is verified, and never anything that is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup

from rag.answering.checking import AnswerChecker
from rag.answering.generative import GenerativeAnswerer
from rag.answering.generative.answerer import note
from rag.answering.parts import QuestionParts
from rag.answering.support import SupportVerifier
from rag.assistant import Assistant
from rag.dialogue.rewriting import RuleRewriter
from rag.domain.answers import Abstention, Answer, Referral
from rag.domain.ports import Answerer
from rag.domain.retrieval import Hit, Query
from rag.models.chat import LangChainChatModel
from rag.models.languages import LinguaIdentifier
from rag.models.tokens import PromptTokenCounter
from rag.researching import Researcher
from rag.settings import Settings
from rag.ui.answering import Answering
from rag.ui.conversation import Conversation
from rag.ui.service import Desk
from rag.ui.words import load_words
from tests.answering.generative.endpoint import Act, Endpoint, chunk, hangs, running, says, sends, warm_up
from tests.answering.generative.handmade import REPORTING, FirstPassage, HandmadeLibrary

QUESTION = "Within how many hours must providers report what they find?"
FIRST = "Providers must report what they find within 72 hours to the national authority."
SECOND = "Telephone calls are not scanned."
UNTRUE = "Providers must report what they find within 24 hours to the national authority."
DROP = says("1) DROP")
TIMEOUT_SECONDS = 1.5
TURNS = {
    "en": QUESTION,
    "nl": "Hoeveel meldingen ontving de Commissie in 2019?",
    "da": "Hvor mange indberetninger modtog Kommissionen i 2019?",
}
TOLD = {
    "en": f"{FIRST} [1]",
    "nl": "De Commissie ontving 725 000 meldingen in 2019. [4]",
    "da": "Kommissionen modtog 725 000 indberetninger i 2019. [4]",
}


@dataclass
class Rest:
    """What stands around the answerer: everything is an ordinary question that the texts answer."""

    library: HandmadeLibrary
    referral: Referral | None = None
    fingerprint: str = "f00d"
    threshold: float = 0.5

    def route(self, question: str, language: str) -> Referral | None:
        return self.referral

    def search(self, query: Query, limit: int) -> tuple[Hit, ...]:
        return self.library.hits()

    def confidence(self, query: Query, hits: Sequence[Hit]) -> float:
        return 0.9

    def abstain(self, query: Query, hits: Sequence[Hit], confidence: float) -> Abstention:
        return Abstention("Nothing.", (), confidence)

    def remarked(self, answer: Answer, query: Query) -> Answer:
        return answer


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with running() as server:
        warm_up(server)
        yield server


def assistant_of(answerer: Answerer, rest: Rest) -> Assistant:
    return Assistant(
        languages=LinguaIdentifier(),
        router=rest,
        rewriter=RuleRewriter(),
        researcher=Researcher(
            retriever=rest,
            library=rest.library,
            confidence=rest,
            answerer=answerer,
            verifier=AnswerChecker(SupportVerifier()),
            abstainer=rest,
        ),
        library=rest.library,
        parts=QuestionParts(),
        premises=rest,
    )


@pytest.fixture(scope="module")
def rest() -> Rest:
    return Rest(HandmadeLibrary())


@pytest.fixture(scope="module")
def assistant(endpoint: Endpoint, rest: Rest) -> Assistant:
    return assistant_of(
        GenerativeAnswerer(
            LangChainChatModel("openai:scripted", endpoint.url, TIMEOUT_SECONDS, retries=0),
            rest.library,
            verifier=SupportVerifier(),
            languages=LinguaIdentifier(),
            tokens=PromptTokenCounter(),
            budget_tokens=12_000,
            fallback=FirstPassage(),
        ),
        rest,
    )


class Watching:
    """A person at the chat: the last turn each time the page changes."""

    def __init__(self, assistant: Assistant) -> None:
        self._answering = Answering(Desk(assistant), Settings(_env_file=None))
        self.talk: Conversation | tuple[()] = ()

    def ask(self, question: str) -> Iterator[tuple[BeautifulSoup, BeautifulSoup]]:
        """The newest turn, and the status."""
        for markup, status, _, _, _, talk in self._answering.stream(question, "en", self.talk):
            self.talk = talk
            turns = BeautifulSoup(markup, "html.parser").select("article.turn")
            yield BeautifulSoup(str(turns[-1]), "html.parser"), BeautifulSoup(str(status), "html.parser")

    def turns(self, question: str = QUESTION) -> list[BeautifulSoup]:
        return [turn for turn, _ in self.ask(question)]


@pytest.fixture
def watching(assistant: Assistant) -> Watching:
    return Watching(assistant)


def words(turn: BeautifulSoup) -> list[str]:
    return [found.text for found in turn.select(".statement-words")]


def in_time(gate: threading.Event, *lines: str) -> Act:
    """Says the first line, and the others only once the gate is open."""

    def act(handler: object) -> None:
        handler.begin()  # type: ignore[attr-defined]  # the endpoint's handler
        for number, line in enumerate(lines):
            if number:
                gate.wait(5)
            handler.wfile.write(chunk(f"{line}\n"))  # type: ignore[attr-defined]
            handler.wfile.flush()  # type: ignore[attr-defined]
        handler.wfile.write(b"data: [DONE]\n\n")  # type: ignore[attr-defined]

    return act


def test_a_sentence_is_shown_with_its_citation_while_the_rest_is_being_written(
    endpoint: Endpoint, watching: Watching
) -> None:
    gate = threading.Event()
    # The sentence after the first shows that the first is at its end.
    endpoint.will(in_time(gate, f"{FIRST} [1]", f"{SECOND} [2]"))
    seen = watching.ask(QUESTION)
    pending, _ = next(seen)
    assert words(pending) == []
    growing, status = next(seen)
    assert not gate.is_set()
    assert words(growing) == [FIRST]
    assert [a.text for a in growing.select("a.marker")] == ["[1]"]
    assert "spans=" in str(growing.select_one("a.marker")["href"])  # type: ignore[index]
    assert status.text == load_words("en")("checking")
    gate.set()
    final, status = list(seen)[-1]
    assert words(final) == [FIRST, SECOND]
    assert len(final.select(".source")) == 2
    assert status.text == load_words("en")("answer_ready")


@pytest.mark.parametrize("language", TURNS)
def test_the_status_is_in_the_askers_language(endpoint: Endpoint, watching: Watching, language: str) -> None:
    endpoint.will(says(TOLD[language]))
    _, (_, status), *_ = watching.ask(TURNS[language])
    assert status.text == load_words(language)("checking")
    assert status.span
    assert status.span["lang"] == language


def test_nothing_that_is_shown_moves_when_more_comes(endpoint: Endpoint, watching: Watching) -> None:
    endpoint.will(says(f"{FIRST} [1]\n{SECOND} [2]\nHotlines take reports from the public. [3]\n"))
    _, *growing, final = watching.turns()
    shown = [words(turn) for turn in growing]
    assert [len(found) for found in shown] == [1, 2, 3]
    assert all(final_words == found for found in shown for final_words in [words(final)[: len(found)]])
    assert all(not turn.select(".sources, .origin, .note") for turn in growing)
    ids = [turn.article["id"] for turn in (*growing, final)]  # type: ignore[index]
    assert len(set(ids)) == 1


def test_while_it_grows_what_is_being_done_is_said_once_to_screen_readers(
    endpoint: Endpoint, watching: Watching
) -> None:
    endpoint.will(says(f"{FIRST} [1]\n"))
    _, growing, final = watching.turns()
    looking = growing.select_one(".looking")
    assert looking
    assert looking["aria-hidden"] == "true"
    assert not final.select(".looking, .growing")


def test_a_later_sentence_that_the_texts_do_not_bear_out_is_never_shown(
    endpoint: Endpoint, watching: Watching
) -> None:
    endpoint.will(says(f"{FIRST} [1]\n{UNTRUE} [1]\n{SECOND} [2]\n"), DROP)
    turns = watching.turns()
    assert all("24 hours" not in turn.text for turn in turns)
    assert words(turns[-1]) == [FIRST, SECOND]
    assert note("left_out", "en") in turns[-1].text


def test_a_repaired_sentence_comes_with_the_whole_answer(endpoint: Endpoint, watching: Watching) -> None:
    endpoint.will(says(f"{UNTRUE} [1]\n{SECOND} [2]\n"), says(f"1) {FIRST} [1]"))
    _, *growing, final = watching.turns()
    assert [words(turn) for turn in growing] == [[SECOND]]
    assert words(final) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "breaking",
    [
        pytest.param(hangs(4, after=f"{FIRST} [1]\nTelephone calls are"), id="stalls"),
        pytest.param(sends(b"data: {broken\n\n", after=f"{FIRST} [1]\nTelephone calls are"), id="stops"),
    ],
)
def test_when_the_model_fails_midway_the_texts_own_words_stand_in_and_that_is_said(
    endpoint: Endpoint, watching: Watching, breaking: Act
) -> None:
    endpoint.will(breaking)
    _, growing, final = watching.turns()
    assert words(growing) == [FIRST]
    assert " ".join(words(final)[:2]) == REPORTING
    assert note("replaced", "en") in final.text
    assert all("Telephone calls are" not in turn.text for turn in (growing, final))


def test_a_model_that_never_speaks_is_replaced_without_a_word_of_its_own(
    endpoint: Endpoint, watching: Watching
) -> None:
    endpoint.will(hangs(4))
    pending, final = watching.turns()
    assert words(pending) == []
    assert " ".join(words(final)[:2]) == REPORTING
    assert note("unavailable", "en") in final.text


def test_without_a_model_the_answer_comes_at_once(rest: Rest) -> None:
    pending, final = Watching(assistant_of(FirstPassage(), rest)).turns()
    assert pending.select(".pending")
    assert " ".join(words(final)[:2]) == REPORTING


def test_help_stands_first_from_the_first_sentence_on(
    endpoint: Endpoint, assistant: Assistant, rest: Rest, watching: Watching
) -> None:
    rest.referral = Referral("Call.", (), "help", also_answer=True)
    endpoint.will(says(f"{FIRST} [1]\n"))
    try:
        _, growing, final = watching.turns()
    finally:
        rest.referral = None
    assert all(turn.select_one(".care .message").text == "Call." for turn in (growing, final))  # type: ignore[union-attr]


def test_the_parts_of_a_question_grow_one_after_the_other(endpoint: Endpoint, watching: Watching) -> None:
    endpoint.will(says(f"{FIRST} [1]\n"), says(f"{SECOND} [2]\n"))
    turns = watching.turns("When must providers report what they find, and who scans telephone calls?")
    assert [words(turn) for turn in turns] == [[], [FIRST], [FIRST, SECOND], [FIRST, SECOND]]
    assert "do not seem to say" not in turns[-1].text


def test_asked_without_watching_the_answer_is_the_same(endpoint: Endpoint, assistant: Assistant) -> None:
    told = says(f"{FIRST} [1]\n{SECOND} [2]\n")
    endpoint.will(told)
    asked = assistant.ask(QUESTION).reply
    endpoint.will(told)
    watched = Watching(assistant)
    assert isinstance(asked, Answer)
    assert words(watched.turns()[-1]) == [s.text for s in asked.statements]


def test_each_step_may_be_taken_by_another_thread(endpoint: Endpoint, watching: Watching) -> None:
    """As Gradio takes them."""
    endpoint.will(says(f"{FIRST} [1]\n{SECOND} [2]\n"))
    seen = watching.ask(QUESTION)
    with ThreadPoolExecutor(8) as pool:
        steps = [pool.submit(copy_context().run, next, seen, None).result() for _ in range(5)]
    assert [words(step[0]) for step in steps if step] == [[], [FIRST], [FIRST, SECOND], [FIRST, SECOND]]
    assert steps[-1] is None


def test_whoever_leaves_does_not_wait_for_the_rest_of_the_reply(
    endpoint: Endpoint, assistant: Assistant
) -> None:
    endpoint.will(in_time(threading.Event(), f"{FIRST} [1]", f"{SECOND} [2]"))
    growing = assistant.watch(QUESTION)
    next(growing)
    left = time.monotonic()
    growing.close()
    assert time.monotonic() - left < TIMEOUT_SECONDS / 2
