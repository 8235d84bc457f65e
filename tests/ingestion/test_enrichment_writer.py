"""`python -m rag enrich` against a scripted model: what is asked, kept, refused, resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.domain.errors import EnrichmentError, ModelUnavailable
from rag.domain.passages import Passage, PassageKind
from rag.ingestion.enrichment import Entry, Placed, passage_hash, read_entries
from rag.ingestion.enrichment_prompt import entry_from, request_for
from rag.ingestion.enrichment_writer import EnrichmentWriter, estimate, plan

TEXT = "Medlemsstaterne indberettede 725 000 sager i 2019."


def passage(number: int = 1, context: str = "") -> Passage:
    return Passage(
        f"doc#{number}",
        "doc",
        "da",
        PassageKind.PARAGRAPH,
        (),
        TEXT,
        (),
        context,
        f"Doc, {number}",
        ("Part I",),
        (0,),
    )


def reply(number: int = 1, **changes: object) -> str:
    fields: dict[str, object] = {
        "translations": {
            "en": "Member States reported 725,000 cases in 2019.",
            "nl": "De lidstaten meldden 725.000 zaken in 2019.",
        },
        "questions": {
            "en": [f"How many cases {number}?", f"Who reported {number}?", f"When {number}?"],
            "nl": [f"Hoeveel zaken {number}?", f"Wie meldde {number}?", f"Wanneer {number}?"],
            "da": [f"Hvor mange sager {number}?", f"Hvem {number}?", f"Hvornår {number}?"],
        },
    }
    return json.dumps({**fields, **changes}, ensure_ascii=False)


class Scripted:
    """Gives the replies one after the other and keeps what it was asked."""

    name = "openai:scripted"

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.asked: list[str] = []

    def stream(self, system: str, user: str) -> Iterator[str]:
        self.asked.append(user)
        if not self.replies:
            raise ModelUnavailable("The model does not answer. Try again later.")
        text = self.replies.pop(0)
        yield text[: len(text) // 2]
        yield text[len(text) // 2 :]


class Silent:
    def identify(self, text: str) -> str:
        return "unknown"


class Words:
    def count(self, text: str) -> int:
        return len(text.split())


def write(folder: Path, model: Scripted, *passages: Passage, also: tuple[Placed, ...] = ()) -> object:
    return EnrichmentWriter(folder, model, Silent()).write(passages, {"doc": "The Strategy"}, also=also)


def test_a_good_reply_is_written_as_an_entry_of_the_model(tmp_path: Path) -> None:
    result = write(tmp_path, Scripted(f"Here it is:\n```json\n{reply()}\n```"), passage())
    (placed,) = read_entries(tmp_path)
    assert (result.written, result.refused) == (1, ())
    assert (placed.entry.by, placed.entry.hash, placed.file.name) == (
        "openai:scripted",
        passage_hash(passage()),
        "doc.jsonl",
    )
    assert placed.entry.translations["nl"] == "De lidstaten meldden 725.000 zaken in 2019."


def test_the_request_shows_the_passage_its_place_and_what_stands_before_it() -> None:
    asked = request_for(passage(context="Rådet minder om {passage}:"), "The Strategy").user
    for words in (
        TEXT,
        "The Strategy",
        "Part I",
        "Danish",
        "English and Dutch",
        "om {passage}:",
        '"context_translations": {"en": "…", "nl": "…"}',
    ):
        assert words in asked
    without = request_for(passage(), "The Strategy").user
    assert "context" not in without
    assert "{targets" not in asked + without


def test_a_wrong_number_is_told_to_the_model_and_its_second_reply_taken(tmp_path: Path) -> None:
    wrong = reply(
        translations={
            "en": "Member States reported 72,500 cases in 2019.",
            "nl": "De lidstaten meldden 725.000 zaken in 2019.",
        }
    )
    model = Scripted(wrong, reply())
    assert write(tmp_path, model, passage()).written == 1
    assert "lacks number 725000" in model.asked[1]


@pytest.mark.parametrize(
    "bad", ["no JSON", "{broken", "[1]", reply(questions={"en": "x"}), reply(translations={})]
)
def test_two_bad_replies_are_refused_and_nothing_is_written(tmp_path: Path, bad: str) -> None:
    result = write(tmp_path, Scripted(bad, bad, reply(2)), passage(1), passage(2))
    assert [r.passage for r in result.refused] == ["doc#1"]
    assert result.refused[0].reasons
    assert [p.entry.passage for p in read_entries(tmp_path)] == ["doc#2"]


def test_a_run_goes_on_where_the_last_one_stopped(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        write(tmp_path, Scripted(reply(1)), passage(1), passage(2))
    second = Scripted(reply(2))
    assert write(tmp_path, second, passage(1), passage(2)).written == 1
    assert len(second.asked) == 1
    assert write(tmp_path, Scripted(), passage(1), passage(2)).written == 0


def test_a_line_that_a_kill_cut_off_is_written_anew(tmp_path: Path) -> None:
    write(tmp_path, Scripted(reply(1), reply(2)), passage(1), passage(2))
    file = tmp_path / "doc.jsonl"
    file.write_bytes(file.read_bytes()[:-30])
    assert write(tmp_path, Scripted(reply(2)), passage(1), passage(2)).written == 1
    assert [p.entry.passage for p in read_entries(tmp_path)] == ["doc#1", "doc#2"]


def test_a_whole_last_line_without_its_end_is_kept(tmp_path: Path) -> None:
    write(tmp_path, Scripted(reply(1)), passage(1))
    file = tmp_path / "doc.jsonl"
    file.write_bytes(file.read_bytes()[:-1])
    assert write(tmp_path, Scripted(reply(2)), passage(1), passage(2)).written == 1
    assert [p.entry.passage for p in read_entries(tmp_path)] == ["doc#1", "doc#2"]


def test_entries_made_by_hand_are_neither_asked_for_nor_touched(tmp_path: Path) -> None:
    by_hand = Entry.model_validate(
        {"passage": "doc#1", "hash": passage_hash(passage()), "questions": {"en": ["By hand?"]}}
    )
    file = tmp_path / "doc.jsonl"
    file.write_text(by_hand.model_dump_json() + "\n", encoding="utf-8")
    elsewhere = Placed(by_hand.model_copy(update={"passage": "doc#2"}), Path("corpus/doc.jsonl"), 1)
    model = Scripted(reply(3))
    write(tmp_path, model, passage(1), passage(2), passage(3), also=(elsewhere,))
    assert len(model.asked) == 1
    assert file.read_text(encoding="utf-8").startswith(by_hand.model_dump_json() + "\n")


def test_a_question_that_stands_elsewhere_is_left_out(tmp_path: Path) -> None:
    more = json.loads(reply(2))
    more["questions"]["en"].append("HOW many cases 1")
    write(tmp_path, Scripted(reply(1), json.dumps(more)), passage(1), passage(2))
    assert read_entries(tmp_path)[1].entry.questions["en"] == (
        "How many cases 2?",
        "Who reported 2?",
        "When 2?",
    )


def test_progress_is_told_after_each_passage(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    writer = EnrichmentWriter(tmp_path, Scripted(reply(1), reply(2)), Silent())
    writer.write([passage(1), passage(2)], {}, progress=lambda *step: told.append(step))
    assert told == [(1, 2, "Doc, 1"), (2, 2, "Doc, 2")]


def test_the_cost_is_known_before_the_start() -> None:
    unenriched = plan([passage(1), passage(2)], ()).unenriched
    cost = estimate(unenriched, {}, Words())
    request = request_for(passage(1), "doc")
    assert cost.passages == 2
    assert cost.input_tokens == 2 * (len(request.system.split()) + len(request.user.split()))
    # 7 words, 2 languages, 1.4 times as long: 19; 3 languages of 5 questions of 20 tokens: 300; JSON: 60.
    assert cost.output_tokens == 2 * (19 + 300 + 60)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(EnrichmentError, match="cannot be written"):
        write(tmp_path / "file", Scripted(reply()), passage())


def test_a_document_id_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    odd = Passage("../x#1", "../x", "da", PassageKind.PARAGRAPH, (), TEXT, (), "", "X", (), (0,))
    write(tmp_path / "in", Scripted(reply()), odd)
    assert [p.name for p in (tmp_path / "in").iterdir()] == ["..%2Fx.jsonl"]


def test_a_reply_is_read_despite_the_words_around_it() -> None:
    assert entry_from(f"Sure!\n{reply()}\nAnything else?", passage(), "m").by == "m"
