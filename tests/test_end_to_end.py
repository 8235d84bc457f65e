"""The service as delivered, over the built-in corpus: the right passage, quoted exactly, without a network."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.assembly import serving_index
from rag.assistant import Assistant
from rag.domain.answers import Abstention, Answer
from rag.settings import PROJECT, Settings
from rag.wire import reply_line

TEN = json.loads((Path(__file__).parent / "ten_questions.json").read_text(encoding="utf-8"))
SHARDS = 8
"""The large sample is divided, so that several workers share it."""
SAMPLE_STEP = 50


def test_the_ten_questions_are_about_all_texts_in_all_languages() -> None:
    asked = [(q["document"], q["language"]) for q in TEN]
    assert {document: sum(d == document for d, _ in asked) for document, _ in asked} == dict.fromkeys(
        (d for d, _ in asked), 2
    )
    assert len({d for d, _ in asked}) == 5
    assert {language for _, language in asked} == {"en", "nl", "da"}


@pytest.mark.parametrize("asked", TEN, ids=[q["question"][:50] for q in TEN])
def test_the_right_passage_is_cited(corpus_assistant: Assistant, asked: dict[str, str]) -> None:
    response = corpus_assistant.ask(asked["question"])
    assert response.language == asked["language"]
    assert isinstance(response.reply, Answer), "the service abstained"
    by_label = {c.passage.label: c for c in response.reply.citations}
    assert asked["label"] in by_label
    assert asked["words"] in by_label[asked["label"]].quote
    assert by_label[asked["label"]].passage.document == asked["document"]


def _sampled_questions(settings: Settings) -> list[str]:
    known = serving_index(settings).questions()[::SAMPLE_STEP]
    asked: list[str] = []
    for suite in sorted((PROJECT / "evals" / "suites").glob("*.jsonl")):
        for line in suite.read_text(encoding="utf-8").splitlines():
            question = json.loads(line)
            if question["split"] == "development":
                asked.append(question["question"])
    return known + asked[::2]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_quotation_stands_in_its_source(
    corpus_assistant: Assistant, corpus_settings: Settings, shard: int
) -> None:
    """The law of the house, over known questions and half the development split of the suites."""
    questions = _sampled_questions(corpus_settings)
    assert len(questions) > 700
    cited = 0
    for question in questions[shard::SHARDS]:
        response = corpus_assistant.ask(question)
        reply = response.reply
        citations = (
            reply.citations
            if isinstance(reply, Answer)
            else reply.nearest
            if isinstance(reply, Abstention)
            else ()
        )
        for citation in citations:
            document = corpus_assistant.library.document(citation.passage.document)
            assert document.reading(citation.spans) == citation.quote, question
            assert citation.quote, question
            assert all(s.end <= len(document.text) for s in citation.spans), question
            cited += 1
        line = reply_line(response, corpus_assistant.library.document)
        assert [c.number for c in line.citations] == list(range(1, len(line.citations) + 1)), question
        assert len(set(_uses(line.text))) <= len(line.citations), question
    assert cited > 50


def _uses(text: str) -> Iterator[str]:
    import re

    yield from re.findall(r"(?<=\S )\[(\d+)\](?=\[|$|\n)", text)


@pytest.fixture
def data(corpus_settings: Settings, tmp_path: Path) -> Path:
    """The indexed corpus under a folder of one's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("index", "models", "safety", "library"):
        (folder / name).symlink_to(corpus_settings.data_dir / name)
    return folder


def _cut_off(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.no_network", *map(str, command)],
        cwd=PROJECT,
        env=_environment(environment),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _environment(more: dict[str, str]) -> dict[str, str]:
    own = {name.upper() for name in Settings.model_fields}
    kept = {k: v for k, v in os.environ.items() if k not in own and not k.startswith("HF_")}
    return {**kept, **more}


def test_the_ways_out_are_closed_in_these_tests() -> None:
    script = Path(__file__).parent / "try_the_network.py"
    ran = _cut_off(script)
    assert ran.returncode != 0
    assert "WAY OUT: example.org" in ran.stderr


def test_documents_are_indexed_without_a_network(data: Path, tmp_path: Path) -> None:
    """With the bundled model, which is not fetched either."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "models").symlink_to(data / "models")
    (tmp_path / "ferries.txt").write_text("De veerpont vaart elk uur.\n", encoding="utf-8")
    ran = _cut_off("rag", "ingest", tmp_path / "ferries.txt", "--data", own)
    assert (ran.returncode, ran.stderr.strip()) == (0, "")
    assert "Indexed: 1 documents" in ran.stdout


def test_a_question_is_answered_without_a_network(data: Path) -> None:
    ran = _cut_off("rag", "ask", TEN[5]["question"], "--json", "--data", data)
    assert (ran.returncode, ran.stderr.strip()) == (0, "")
    assert json.loads(ran.stdout)["citations"][0]["label"] == TEN[5]["label"]


def test_the_server_answers_without_a_network(data: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.no_network", "app.py"],
        cwd=PROJECT,
        env=_environment({"DATA_DIR": str(data), "PORT": str(port), "HOST": "127.0.0.1"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            reply = _asked(port, TEN[5]["question"], server)
        finally:
            server.terminate()
            output = server.communicate(timeout=60)[0]
    assert "WAY OUT" not in output
    assert reply["citations"][0]["label"] == TEN[5]["label"]


def _asked(port: int, question: str, server: subprocess.Popen[str]) -> dict:
    """The reply over HTTP, once the server has opened its index."""
    body = json.dumps({"question": question}).encode()
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/ask", body, {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != 503:  # 503: still opening its index
                raise
        except OSError:
            pass  # not listening yet
        time.sleep(0.2)
    raise AssertionError("the server did not answer in time")
