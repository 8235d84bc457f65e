"""What is read from one sentence: numbers, dates, references, names and turning words."""

from __future__ import annotations

import pytest

from rag.answering.support.facts import Sentence, read_sentence
from rag.answering.support.names import Aliases
from rag.answering.support.words import normalise, value_of

NO_ALIASES = Aliases()


def read(text: str, language: str = "en") -> Sentence:
    return read_sentence(normalise(text), language, NO_ALIASES)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("725 000", 725_000), ("725,000", 725_000), ("725.000", 725_000), ("1.234.567", 1_234_567),
        ("2.5", 2.5), ("2,5", 2.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("0.125", 0.125), ("72", 72),
    ],
)  # fmt: skip
def test_a_number_has_one_value_however_it_is_written(written: str, value: float) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    ("text", "language", "measure", "bound"),
    [
        ("almost 3 million images", "en", ("", 3e6), "about"),
        ("næsten 3 mio. billeder", "da", ("", 3e6), "about"),
        ("bijna 3 miljoen beelden", "nl", ("", 3e6), "about"),
        ("two hundred and six experts", "en", ("", 206), ""),
        ("three hundred thousand people", "en", ("", 3e5), ""),
        ("within 24 hours", "en", ("second", 86400), "at_most"),
        ("a 24-hour network", "en", ("second", 86400), ""),
        ("inden for 72 timer", "da", ("second", 259200), "at_most"),
        ("ten minste twee jaar", "nl", ("month", 24), "at_least"),
        ("no more than 30 days", "en", ("second", 2592000), "at_most"),
        ("not higher than 40 percent", "en", ("percent", 40), "at_most"),
        ("vijfentwintig procent", "nl", ("percent", 25), ""),
        ("femogtyve procent", "da", ("percent", 25), ""),
        ("64 per cent of cases", "en", ("percent", 64), ""),
        ("$2.5m in costs", "en", ("dollar", 2.5e6), ""),
        ("5 mia. kr.", "da", ("kroner", 5e9), ""),
        ("half an hour", "en", ("second", 1800), ""),
        ("half of the families", "en", ("percent", 50), ""),
        ("30 cases or more", "en", ("", 30), ""),
    ],
)
def test_a_quantity_has_a_value_a_unit_and_a_bound(
    text: str, language: str, measure: tuple[str, float], bound: str
) -> None:
    (quantity,) = read(text, language).quantities
    assert (quantity.measure, quantity.bound) == (measure, bound)


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("on 29 May 2000", "en", (2000, 5, 29)), ("on May 29, 2000", "en", (2000, 5, 29)),
        ("on 29.5.2000", "en", (2000, 5, 29)), ("on 2000-05-29", "en", (2000, 5, 29)),
        ("den 8. oktober 2019", "da", (2019, 10, 8)), ("op 6 juli 2021", "nl", (2021, 7, 6)),
        ("in October 2019", "en", (2019, 10, None)), ("i december", "da", (None, 12, None)),
        ("since 2009", "en", (2009, None, None)), ("on 3rd March", "en", (None, 3, 3)),
        ("in May", "en", (None, 5, None)),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_way_of_writing(
    text: str, language: str, parts: tuple[int | None, int | None, int | None]
) -> None:
    (date,) = read(text, language).dates
    assert (date.year, date.month, date.day) == parts


@pytest.mark.parametrize("text", ["They may march on.", "It may be 5 metres.", "some 1850 people"])
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert not read(text).dates


@pytest.mark.parametrize(
    ("text", "language", "keys"),
    [
        ("Directive 2011/93/EU", "en", {"ref:2011/93"}),
        ("direktiv 2011/93/EF", "da", {"ref:2011/93"}),
        ("COM(2020) 607 final", "en", {"ref:com2020/607"}),
        ("(COM/2016/0871 final)", "da", {"ref:com2016/871"}),
        (
            "artikel 5, lid 1, en artikel 6, lid 2",
            "nl",
            {"article:5", "paragraph:1", "article:6", "paragraph:2"},
        ),
        ("artikel 15, stk. 1", "da", {"article:15", "paragraph:1"}),
        ("Articles 5 and 6", "en", {"article:5", "article:6"}),
    ],
)
def test_references_have_one_form(text: str, language: str, keys: set[str]) -> None:
    assert {reference.key for reference in read(text, language).references} == keys


def test_a_reference_is_not_a_quantity() -> None:
    sentence = read("Article 5 of Directive 2011/93/EU and COM(2020) 607")
    assert not sentence.quantities
    assert not sentence.dates


def test_names_are_capitals_inside_a_sentence_and_runs_of_them() -> None:
    names = [(name.written, name.sure) for name in read("Europol and Anna Berg met in May.").names]
    assert names == [("Europol", False), ("Anna Berg", True)]


@pytest.mark.parametrize(
    ("text", "language", "kinds"),
    [
        ("They shall not do it.", "en", {"modality", "negation"}),
        ("They don't know.", "en", {"negation"}),
        ("It is not only lawful but useful.", "en", set()),
        ("De regels gelden niet.", "nl", {"negation"}),
        ("Het geldt niet alleen online.", "nl", set()),
        ("Det gælder ikke kun online.", "da", set()),
        (
            "Det må ikke ske, medmindre alle er enige.",
            "da",
            {"modality", "negation", "condition", "quantifier"},
        ),
    ],
)
def test_turning_words_are_found(text: str, language: str, kinds: set[str]) -> None:
    assert {marker.kind for marker in read(text, language).markers} == kinds


def test_a_movement_has_two_ends() -> None:
    (movement,) = read("The data go from Europol to Eurojust.").movements
    assert (movement.departure, movement.arrival) == (frozenset({"europol"}), frozenset({"eurojust"}))
