from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.settings import Settings
from tests.cli.conftest import Run

WIRE = {
    "id", "question", "language", "understood_as", "kind", "text", "statements", "citations", "contacts",
    "notes", "confidence", "answerer", "index", "timings_ms",
}  # fmt: skip


def test_an_answer_is_readable_with_its_sources(run: Run, corpus_settings: Settings) -> None:
    ran = run(
        "ask",
        "How does Eurojust help national investigators and prosecutors, according to the Council?",
        "--data",
        corpus_settings.data_dir,
        EMBEDDING_MODEL="",
    )
    assert (ran.code, ran.err) == (0, "")
    words, _, sources = ran.out.partition("Sources")
    assert "[1]" in words
    assert "Eurojust" in words
    assert "[1] 12862/19, point 19: 2019-10-08, political conclusions" in sources
    assert "“Rådet understreger også Eurojusts rolle" in sources
    assert "unofficial translation" in sources
    assert "/source/council-12862-19?spans=" in sources
    assert all(
        len(line) <= 100 for line in ran.out.splitlines() if " " in line.strip() and "/source" not in line
    )


def test_json_is_the_wire_format(run: Run, corpus_settings: Settings) -> None:
    ran = run(
        "ask",
        "How does Eurojust help national investigators and prosecutors, according to the Council?",
        "--json",
        "--data",
        corpus_settings.data_dir,
        EMBEDDING_MODEL="",
    )
    assert (ran.code, ran.err) == (0, "")
    [line] = ran.lines
    assert set(line) == WIRE
    assert (line["question"], line["language"], line["kind"]) == (
        "How does Eurojust help national investigators and prosecutors, according to the Council?",
        "en",
        "answer",
    )
    assert line["citations"][0]["document"] == "council-12862-19"


def test_the_language_can_be_chosen(run: Run, own_library: Path) -> None:
    ran = run("ask", "Bridges?", "--json", "-l", "da", "--data", own_library)
    assert ran.lines[0]["language"] == "da"


LINES = [
    {"id": "a", "question": "Who inspects every bridge?", "ignored": True},
    {"id": 2, "question": "Wanneer vaart de veerpont?", "language": "nl"},
    {"question": "Bridge inspections, how often?"},
]


@pytest.mark.parametrize("from_file", [True, False], ids=["file", "standard input"])
def test_json_lines_are_answered_one_by_one_in_order(
    run: Run, own_library: Path, tmp_path: Path, from_file: bool
) -> None:
    text = "\ufeff" + "\n".join(json.dumps(line) for line in LINES) + "\n\n"
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    source = tmp_path / "in.jsonl" if from_file else "-"
    ran = run("ask", "--jsonl", source, "--data", own_library, stdin=text)
    assert (ran.code, ran.err) == (0, "")
    assert [line["id"] for line in ran.lines] == ["a", 2, None]
    assert ran.lines[1]["language"] == "nl"
    assert all(set(line) == WIRE for line in ran.lines)


def test_a_line_that_cannot_be_answered_is_named_and_the_rest_goes_on(run: Run, own_library: Path) -> None:
    asked = [{"id": "empty", "question": " "}, {"id": "long", "question": "a" * 10_000}, LINES[0]]
    ran = run("ask", "--jsonl", "-", "--data", own_library, stdin="\n".join(map(json.dumps, asked)))
    assert ran.code == 0
    assert [line["id"] for line in ran.lines] == ["a"]
    assert "'empty' was passed over: The question is empty" in ran.said
    assert "'long' was passed over" in ran.said


def test_earlier_turns_make_a_follow_up_whole(run: Run, own_library: Path) -> None:
    line = {"question": "And who writes the report?", "history": [{"question": "Who inspects every bridge?"}]}
    ran = run("ask", "--jsonl", "-", "--data", own_library, stdin=json.dumps(line))
    assert ran.lines[0]["question"] == "And who writes the report?"
    assert ran.lines[0]["understood_as"]


def test_a_follow_up_says_how_it_was_understood(capsys: pytest.CaptureFixture[str]) -> None:
    from rag.cli.readable import show_reply
    from rag.domain.answers import Abstention, Response
    from rag.wire import reply_line

    response = Response("And then?", "en", "And then, at the bridge?", Abstention("No.", (), 0.1), "abc", ())
    show_reply(reply_line(response, lambda _: None), response)
    assert capsys.readouterr().out.startswith("(understood as: And then, at the bridge?)\n\nNo.")


@pytest.mark.parametrize("arguments", [[], ["a question?", "--jsonl", "-"]], ids=["neither", "both"])
def test_a_question_or_lines_are_needed_and_not_both(run: Run, arguments: list[str]) -> None:
    ran = run("ask", *arguments)
    assert ran.code == 2
    assert "give a question, or --jsonl FILE" in ran.said
