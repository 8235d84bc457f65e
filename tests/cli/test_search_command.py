from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_passages_are_listed_best_first(run: Run, own_library: Path) -> None:
    ran = run("search", "Fietsers reizen gratis mee op zondag.", "--limit", "1", "--data", own_library)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1. ")
    assert "Fietsers reizen gratis mee" in ran.out
    assert "2. " not in ran.out


def test_explain_shows_leg_representation_and_score(run: Run, own_library: Path) -> None:
    ran = run("search", "Fietsers reizen gratis mee op zondag.", "--explain", "--data", own_library)
    assert "dense text" in ran.out
    assert "lexical words" in ran.out
    assert "own words (nl)" in ran.out


def test_json_lines_give_hits_with_their_places(run: Run, own_library: Path) -> None:
    asked = [
        {"id": 1, "question": "Fietsers reizen gratis mee op zondag."},
        {"id": 2, "question": "Every bridge shall be inspected twice a year."},
    ]
    ran = run(
        "search",
        "--jsonl",
        "-",
        "--limit",
        "2",
        "--data",
        own_library,
        stdin="\n".join(map(json.dumps, asked)),
    )
    assert (ran.code, ran.err) == (0, "")
    one, two = ran.lines
    assert set(one) == {"id", "question", "hits"}
    assert len(one["hits"]) == 2
    assert set(one["hits"][0]) == {"document", "spans", "score", "label"}
    assert [one["hits"][0]["document"], two["hits"][0]["document"]] == ["ferries", "bridges"]
    assert one["hits"][0]["score"] >= one["hits"][1]["score"]


def test_json_lines_explain_too(run: Run, own_library: Path) -> None:
    ran = run(
        "search", "--jsonl", "-", "--explain", "--data", own_library, stdin='{"id": 1, "question": "bridge"}'
    )
    legs = {e["leg"] for e in ran.lines[0]["hits"][0]["evidence"]}
    assert {"dense text", "lexical words"} <= legs


def test_a_limit_out_of_range_is_refused(run: Run, own_library: Path) -> None:
    assert run("search", "bridge", "--limit", "0", "--data", own_library).code == 2
