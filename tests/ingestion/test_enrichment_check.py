"""What the checker must find, and what it must let pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.domain.passages import Passage, PassageKind
from rag.ingestion.enrichment import Entry, Placed, passage_hash
from rag.ingestion.enrichment_check import check_enrichment, shared_run
from rag.ingestion.facts import differences

DANISH = "Medlemsstaterne indberettede 725 000 tilfælde i 2019 til de nationale myndigheder i hele Unionen."
ENGLISH = "The Member States reported 725,000 cases in 2019 to the national authorities throughout the Union."
DUTCH = "De lidstaten meldden 725.000 gevallen in 2019 bij de nationale autoriteiten in de hele Unie."


def passage(name: str = "doc#1", text: str = DANISH, language: str = "da") -> Passage:
    return Passage(name, "doc", language, PassageKind.PARAGRAPH, (), text, (), "", "Doc, 1", (), (0,))


def entry(of: Passage, **changes: object) -> Entry:
    fields: dict[str, object] = {
        "passage": of.id,
        "hash": passage_hash(of),
        "translations": {"en": ENGLISH, "nl": DUTCH},
        "questions": {
            "en": ["How many cases?", "Who counted them?", "When was that?"],
            "nl": ["Hoeveel gevallen?", "Wie telde dat?", "Wanneer was dat?"],
            "da": ["Hvor mange sager?", "Hvem talte dem?", "Hvornår var det?"],
        },
    }
    return Entry.model_validate({**fields, **changes})


class ByFirstWords:
    """Knows a language by one telltale word."""

    def identify(self, text: str) -> str:
        words = set(text.casefold().split())
        telltale = (("da", {"medlemsstaterne", "hvorfor"}), ("nl", {"de", "waarom"}), ("en", {"the", "why"}))
        return next((language for language, some in telltale if words & some), "unknown")


def kinds(*entries: Entry, passages: tuple[Passage, ...] = (passage(),)) -> list[str]:
    placed = [Placed(e, Path("a.jsonl"), n) for n, e in enumerate(entries, start=1)]
    return [p.kind for p in check_enrichment(passages, placed, ByFirstWords())]


def test_a_good_entry_has_no_problem() -> None:
    assert kinds(entry(passage())) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"hash": "0" * 12}, "stale"),
        ({"passage": "doc#gone"}, "stale"),
        ({"translations": {"en": ENGLISH}}, "missing"),
        ({"translations": {"en": ENGLISH.replace("725", "752"), "nl": DUTCH}}, "fact"),
        ({"translations": {"en": ENGLISH.replace("2019", "2018"), "nl": DUTCH}}, "fact"),
        ({"translations": {"en": DANISH, "nl": DUTCH}}, "untranslated"),
        ({"translations": {"en": DUTCH, "nl": DUTCH}}, "untranslated"),
        ({"translations": {"en": "725,000 in 2019.", "nl": DUTCH}}, "length"),
        ({"translations": {"en": ENGLISH, "nl": DUTCH, "da": DANISH}}, "language"),
        (
            {"questions": {"en": ["How many?", "Who?", "When?"], "nl": ["Hoeveel?", "Wie?", "Waar?"]}},
            "questions",
        ),
    ],
)
def test_a_bad_entry_is_named_by_what_is_wrong(changes: dict[str, object], kind: str) -> None:
    assert kind in kinds(entry(passage(), **changes))


def test_an_official_name_is_not_a_copied_run() -> None:
    text = "Indsatsen i direktivet om seksuelt misbrug af børn er god."
    assert not shared_run("Hvad står i direktivet om seksuelt misbrug af børn?", text)
    assert not shared_run(
        "Is it the Council of Europe's Lanzarote body?", "in the Council of Europe's Lanzarote body"
    )
    assert shared_run(
        "Is the national police report sent to members?", "The national police report sent to members is old."
    )


def test_a_title_that_the_source_cites_in_a_third_language_may_stay() -> None:
    cited = passage(text="Europol, The threat to all the children online, 19. juni 2020.")
    translations = {
        "en": "Europol, The threat to all the children online, 19 June 2020.",
        "nl": "Europol, ‘The threat to all the children online’, 19 juni 2020.",
    }
    assert kinds(entry(cited, translations=translations), passages=(cited,)) == []


def test_a_passage_without_entry_is_missing() -> None:
    assert kinds(passages=(passage(),)) == ["missing"]


def test_a_question_may_stand_once_in_all_files() -> None:
    other = passage("doc#2")
    assert kinds(entry(passage()), entry(other), passages=(passage(), other)) == ["question twice"] * 9


def test_a_question_twice_in_one_entry_is_found_despite_case_and_marks() -> None:
    asked = {
        "en": ["Why?", "why", "When?"],
        "nl": ["Waarom?", "Wie?", "Hoe?"],
        "da": ["Hvorfor?", "Hvem?", "Hvad?"],
    }
    assert "question twice" in kinds(entry(passage(), questions=asked))


def test_a_copied_run_of_words_is_found() -> None:
    assert shared_run("Did they report cases to the national authorities throughout the Union?", ENGLISH)
    assert not shared_run("Who told national authorities of the cases?", ENGLISH)


SAME = [
    ("fra 23 000 i 2010 til 725 000", "da", "from 23,000 in 2010 to 725,000", "en"),
    ("13,5 % af alle", "da", "13.5% of all", "en"),
    ("over 50 procent", "da", "meer dan 50 %", "nl"),
    ("den 24.7.2020", "da", "on 24 July 2020", "en"),
    ("29. juni 2020", "da", "29 juni 2020", "nl"),
    ("direktiv 2011/93/EF", "da", "Directive 2011/93/EC", "en"),
    ("COM/2016/0871 final", "da", "COM(2016) 871 final", "en"),
    ("4,1 million indberetninger", "da", "4,1 miljoen meldingen", "nl"),
    ("3 milliarder euro", "da", "3 billion euro", "en"),
    ("på 3717. samling", "da", "at its 3717th meeting", "en"),
    ("en fireårig pige", "da", "a four-year-old girl", "en"),
    ("kun 2 år gamle", "da", "pas twee jaar oud", "nl"),
    ("artikel 5, stk. 1", "da", "Article 5(1)", "en"),
    ("drie jaar lang", "nl", "it may last for three years", "en"),
    ("EUT L 335 af 17.12.2011", "da", "OJ L 335, 17.12.2011", "en"),
    ("Europol og FN i USA", "da", "Europol and the UN in the United States", "en"),
    ("i maj", "da", "in May", "en"),
    ("vold mod børn⁸", "da", "violence against children", "en"),
]


@pytest.mark.parametrize(("source", "source_language", "translation", "language"), SAME)
def test_the_same_fact_may_be_written_as_each_language_writes_it(
    source: str, source_language: str, translation: str, language: str
) -> None:
    assert differences(source, source_language, translation, language) == ()


CHANGED = [
    ("725 000", "da", "72,500", "en", ("lacks number 725000", "adds number 72500")),
    ("25 %", "da", "25", "en", ("lacks number 25 %", "adds number 25")),
    ("24.7.2020", "da", "24 June 2020", "en", ("lacks month 07", "adds month 06")),
    (
        "direktiv 2011/93/EU",
        "da",
        "Directive 2011/92/EU",
        "en",
        ("lacks reference 2011/93", "adds reference 2011/92"),
    ),
    ("3 milliarder", "da", "3 million", "en", ("lacks number 3000000000", "adds number 3000000")),
    ("3 billion", "en", "3 billioner", "da", ("lacks number 3000000000", "adds number 3000000000000")),
    ("COM(2020) 607", "da", "COM(2020) 608", "en", ("lacks document 2020/607", "adds document 2020/608")),
    ("Europol støtter", "da", "The agency supports", "en", ("lacks the name europol",)),
    ("afdeling II", "da", "Section I", "en", ("lacks section II",)),
    ("se https://example.org/a", "da", "see there", "en", ("lacks address https://example.org/a",)),
]


@pytest.mark.parametrize(("source", "source_language", "translation", "language", "found"), CHANGED)
def test_a_changed_fact_is_named(
    source: str, source_language: str, translation: str, language: str, found: tuple[str, ...]
) -> None:
    assert differences(source, source_language, translation, language) == found
