"""Batches drawn from recorded runs: several systems, blind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.gold import GoldQuestion
from evals.runs.record import Record
from evals.workbench.recorded import recorded, run_folders
from evals.workbench.sampling import Wish, make_items
from rag.domain.answers import Support, Verdict
from rag.domain.errors import RulesError
from rag.web.staff import Staff
from rag.wire import ReplyLine, reply_line
from tests.evals.bench import BATCH, Evaluator, add_six, make_app, open_store
from tests.web.handmade import HandmadeAssistant


class Lenient:
    def verify(self, statement: str, evidence: object) -> Verdict:
        return Verdict(Support.FULL, 1.0)


def gold(name: str) -> GoldQuestion:
    return GoldQuestion(f"{name}-en", name, "en", "test", "answer", "who", f"Which measures, {name}?")


SUITE = tuple(gold(name) for name in ("q1", "q2", "q3"))


def reply_to(question: GoldQuestion, words: str = "") -> ReplyLine:
    assistant = HandmadeAssistant()
    reply = reply_line(assistant.ask(question.question), assistant.library.document, question.id)
    if words:
        reply.statements[0].text = words
    return reply


def write_run(parent: Path, name: str, replies: list[ReplyLine]) -> Path:
    folder = parent / name
    folder.mkdir(parents=True)
    known = {question.id: question for question in SUITE}
    records = [
        Record(
            id=str(reply.id), base=known[str(reply.id)].base, language="en", split="test", kind="answer",
            type="who", style="", question=reply.question, pair="", documents=[], evidence=[], facts=[],
            route="answer", cared=False, spoken="en", reply=reply, hits=[], scores={},
        )
        for reply in replies
    ]  # fmt: skip
    (folder / "records.jsonl").write_text("".join(r.model_dump_json() + "\n" for r in records), "utf-8")
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """The systems say the same on q1 and differ on q2; only the first was asked q3."""
    parent = tmp_path / "runs"
    first = [reply_to(SUITE[0]), reply_to(SUITE[1]), reply_to(SUITE[2])]
    second = [reply_to(SUITE[0]), reply_to(SUITE[1], "Something else altogether.")]
    return [write_run(parent, "1-old", first), write_run(parent, "2-new", second)]


def test_equal_replies_are_rated_once_and_count_for_both_systems(runs: list[Path]) -> None:
    replies, shared = recorded(runs, SUITE)
    assert [q.base for q in shared] == ["q1", "q2"]
    items = list(make_items(replies, shared, Wish(5, 0), Lenient(), lambda done, total: None))
    found = sorted((str(i.hidden["base"]), i.hidden["systems"], i.claim) for i in items)
    assert [(base, systems) for base, systems, _ in found] == [
        ("q1", ["1-old", "2-new"]),
        ("q1", ["1-old", "2-new"]),
        ("q2", ["1-old"]),
        ("q2", ["1-old"]),
        ("q2", ["2-new"]),
        ("q2", ["2-new"]),
    ]
    assert "Something else altogether." in [claim for _, systems, claim in found if systems == ["2-new"]]
    assert all("1-old" not in str(i.shown) for i in items)


def test_the_newest_runs_are_offered_first(runs: list[Path], tmp_path: Path) -> None:
    assert list(run_folders([tmp_path / "runs", tmp_path / "none"])) == ["2-new", "1-old"]


def test_a_damaged_run_is_named(runs: list[Path]) -> None:
    (runs[0] / "records.jsonl").write_text("{}\n", "utf-8")
    with pytest.raises(RulesError, match="1-old"):
        recorded(runs, SUITE)


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Staff]:
    opened = open_store(tmp_path)
    add_six(opened)
    yield opened
    opened.engine.dispose()


def test_runs_are_chosen_by_name_and_no_other_folder_can_be_named(staff: Staff, runs: list[Path]) -> None:
    wishes: list[Wish] = []
    app, preparation = make_app(staff, lambda wish, tick: wishes.append(wish) or ())  # type: ignore[func-returns-value]
    ann = Evaluator(app, "ann")
    form = {"title": "Two", "questions": "5", "planted": "0", "seed": "1", "split": "all", "language": "all"}
    refused = ann.post("/workbench/batches", runs="../../etc", **form)
    assert refused.status_code == 422  # type: ignore[attr-defined]
    taken = ann.http.post("/workbench/batches", data={"csrf": ann.csrf, "runs": ["1-old", "2-new"], **form})
    assert taken.status_code == 303
    preparation.wait()
    assert [wish.runs for wish in wishes] == [("1-old", "2-new")]
    page = ann.http.get("/workbench").text
    preparation.wait()
    assert 'name="runs" value="1-old"' in page
    assert BATCH in page
    ann.http.close()
