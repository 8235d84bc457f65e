from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from rag.models.distillation.corpus import Pair, read_corpus
from rag.models.distillation.settings import Adoption, DistillationSettings, SourcePlan


def settings(**fields: object) -> DistillationSettings:
    sources = {name: SourcePlan() for name in ("good", "own", "en-da.tsv")}
    return DistillationSettings(**{"sources": sources, **fields})  # type: ignore[arg-type]


def write(path: Path, *rows: str) -> None:
    path.write_text("".join(row.replace("|", "\t") + "\n" for row in rows), encoding="utf-8")


def test_pairs_carry_language_source_and_reference(tmp_path: Path) -> None:
    write(tmp_path / "en-da.tsv", "A dog barks.|En hund gør.|good|doc:3")
    assert read_corpus(tmp_path, settings()).training == (
        Pair("A dog barks.", "En hund gør.", "da", "good", "doc:3"),
    )


def test_compressed_files_are_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "en-nl.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("A dog barks.\tEen hond blaft.\tgood\t1\n")
    assert [pair.language for pair in read_corpus(tmp_path, settings()).training] == ["nl"]


def test_a_file_of_three_languages_gives_a_pair_for_each(tmp_path: Path) -> None:
    write(tmp_path / "own.tsv", "A dog.|En hund.|Een hond.", "A line|with too few")
    pairs = read_corpus(tmp_path, settings()).training
    assert [(p.language, p.other, p.source) for p in pairs] == [
        ("da", "En hund.", "own"),
        ("nl", "Een hond.", "own"),
    ]


def test_known_questions_give_a_pair_for_each_language_they_are_asked_in(tmp_path: Path) -> None:
    asked = [
        {"en": "Who pays?", "nl": "Wie betaalt?", "da": "Hvem betaler?"},
        {"nl": "Wie leidt het?", "da": "Hvem leder det?"},
        {"en": "Who leads it?", "da": "Hvem leder det?"},
    ]
    lines = [json.dumps({"id": f"p{n}", "questions": questions}) for n, questions in enumerate(asked)]
    (tmp_path / "precedents.jsonl").write_text("\n".join(lines), encoding="utf-8")
    pairs = read_corpus(tmp_path, settings(sources={"precedents": SourcePlan()})).training
    assert [(p.english, p.other, p.language) for p in pairs] == [
        ("Who pays?", "Hvem betaler?", "da"),
        ("Who leads it?", "Hvem leder det?", "da"),
        ("Who pays?", "Wie betaalt?", "nl"),
    ]
    assert len({p.document for p in pairs}) == 2


def test_a_source_no_plan_names_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "en-da.tsv", "A dog.|En hund.|unlicensed|1", "A cat.|En kat.|good|1")
    assert [p.english for p in read_corpus(tmp_path, settings()).training] == ["A cat."]


def test_rows_found_in_a_known_source_are_adopted_the_others_left_out(tmp_path: Path) -> None:
    write(tmp_path / "en-da.tsv", "We met in the house.|Vi mødtes i huset.|good|1")
    write(
        tmp_path / "en-nl.tsv",
        "we met in the house|wij kwamen samen in het huis|mixed|7",
        "From some film.|Uit een film.|mixed|8",
    )
    sources = {"good": SourcePlan(), "good (mixed)": SourcePlan()}
    found = read_corpus(tmp_path, settings(sources=sources, adoptions=(Adoption("mixed", "good"),)))
    assert [(p.source, p.reference) for p in found.training] == [("good", "1"), ("good (mixed)", "7")]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("See https://example.org now|Se siden nu her|good|1", "an address"),
        ("<b>Bold</b> words here|Fede ord her|good|1", "mark-up"),
        ("Short|En meget meget lang oversættelse af et kort ord|good|1", "lengths too different"),
        ("|Tom|good|1", "one side empty"),
        (" ".join(["word"] * 61) + "|" + " ".join(["ordet"] * 61) + "|good|1", "too long"),
    ],
)
def test_unusable_pairs_are_left_out(tmp_path: Path, row: str, why: str) -> None:
    write(tmp_path / "en-da.tsv", row, "A cat.|En kat.|good|1")
    assert [p.english for p in read_corpus(tmp_path, settings()).training] == ["A cat."], why


def test_the_same_pair_is_kept_once(tmp_path: Path) -> None:
    write(tmp_path / "en-da.tsv", "A cat.|En kat.|good|1", "a CAT|en kat|good|2", "A cat.|Katten.|good|3")
    assert len(read_corpus(tmp_path, settings()).training) == 2


def test_seven_words_of_a_protected_text_are_never_trained_on(tmp_path: Path) -> None:
    text = tmp_path / "texts" / "law.txt"
    text.parent.mkdir()
    text.write_text("The providers shall, without delay,\nreport to the police.", encoding="utf-8")
    write(
        tmp_path / "en-da.tsv",
        "Then providers shall without delay report to everyone.|Så skal udbydere straks melde til alle.|good|1",
        "Here the providers shall without delay report to me.|Her skal udbydere straks melde til mig.|good|2",
    )
    kept = read_corpus(tmp_path, settings(protected=(text.parent,))).training
    # the first shares six words in a row, the second seven
    assert [pair.reference for pair in kept] == ["1"]


def many(tmp_path: Path, count: int) -> None:
    write(tmp_path / "own.tsv", *(f"Sentence {n} here.|Sætning {n} her.|Zin {n} hier." for n in range(count)))


def test_held_out_sentences_are_held_out_in_all_languages(tmp_path: Path) -> None:
    many(tmp_path, 400)
    corpus = read_corpus(tmp_path, settings(sources={"own": SourcePlan(held_out=0.2)}))
    held_out = {pair.english for pair in corpus.held_out}
    assert 40 < len(held_out) < 120  # 80 expected
    assert not held_out & {pair.english for pair in corpus.training}
    assert len(corpus.held_out) == 2 * len(held_out)


def test_a_growing_file_moves_no_sentence_from_held_out_to_training(tmp_path: Path) -> None:
    plan = settings(sources={"own": SourcePlan(held_out=0.2)})
    many(tmp_path, 200)
    before = {pair.english for pair in read_corpus(tmp_path, plan).held_out}
    many(tmp_path, 400)
    assert before <= {pair.english for pair in read_corpus(tmp_path, plan).held_out}
