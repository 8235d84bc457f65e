"""The law that binds positions to words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain.sentences import split_sentences
from rag.domain.spans import OMISSION, Repair, RepairKind, Span, join_spans, locate, read, subtract

SOURCE = "Fra **kodeksen**¹ for elektronisk\n\n¹ En  note her.\n\nkommunikation gælder."
BODY = (Span(0, 33), Span(52, 73))
NOTE = (Span(37, 50),)
REPAIRS = (
    Repair(Span(4, 6), "", RepairKind.MARKUP),
    Repair(Span(14, 16), "", RepairKind.MARKUP),
    Repair(Span(16, 17), "", RepairKind.MARKER),
    Repair(Span(33, 35), " ", RepairKind.WHITESPACE),
    Repair(Span(33, 52), " ", RepairKind.INTERRUPTION),
    Repair(Span(35, 37), "", RepairKind.MARKUP),
    Repair(Span(39, 41), " ", RepairKind.WHITESPACE),
    Repair(Span(50, 52), " ", RepairKind.WHITESPACE),
)


def test_a_cut_sentence_reads_whole() -> None:
    assert read(SOURCE, REPAIRS, BODY) == "Fra kodeksen for elektronisk kommunikation gælder."


def test_what_interrupts_it_can_be_read_too() -> None:
    assert read(SOURCE, REPAIRS, NOTE) == "En note her."


def test_text_left_out_between_spans_shows() -> None:
    assert read("one two three", (), (Span(0, 3), Span(8, 13))) == f"one{OMISSION}three"


def test_a_gap_of_whitespace_is_no_omission() -> None:
    assert read("one two", (), (Span(0, 3), Span(4, 7))) == "one two"


def test_a_slice_across_an_interruption_is_located_on_both_sides() -> None:
    reading = read(SOURCE, REPAIRS, BODY)
    start = reading.index("elektronisk")
    found = locate(SOURCE, REPAIRS, BODY, start, start + len("elektronisk kommunikation"))
    assert found == (Span(22, 33), Span(52, 65))


def test_a_slice_of_nothing_is_nowhere() -> None:
    assert locate("a  b", (), (Span(0, 4),), 1, 2) == ()


@given(st.data())
@settings(max_examples=300)
def test_locate_is_the_inverse_of_read(data: st.DataObject) -> None:
    reading = read(SOURCE, REPAIRS, BODY)
    start = data.draw(st.integers(0, len(reading)))
    end = data.draw(st.integers(start, len(reading)))
    assert read(SOURCE, REPAIRS, locate(SOURCE, REPAIRS, BODY, start, end)) == reading[start:end].strip()


@st.composite
def repaired(draw: st.DrawFn) -> tuple[str, tuple[Repair, ...], tuple[Span, ...]]:
    text = draw(st.text("ab. \n", min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    ranges = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    repairs = tuple(Repair(s, draw(st.sampled_from(["", " "])), RepairKind.MARKUP) for s in ranges if len(s))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return text, repairs, spans


@given(repaired(), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=500)
def test_locate_gives_back_any_slice_that_omits_nothing(
    case: tuple[str, tuple[Repair, ...], tuple[Span, ...]], first: int, second: int
) -> None:
    text, repairs, spans = case
    reading = read(text, repairs, spans)
    if "…" in reading:
        return
    start, end = sorted((first, second))
    assert read(text, repairs, locate(text, repairs, spans, start, end)) == reading[start:end].strip()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10))))
def test_joined_spans_cover_the_same_positions_apart(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(start, start + length) for start, length in pairs]
    joined = join_spans(spans)
    assert {i for s in spans for i in range(s.start, s.end)} == {
        i for s in joined for i in range(s.start, s.end)
    }
    assert all(a.end < b.start for a, b in zip(joined, joined[1:], strict=False))


def test_holes_are_cut_out() -> None:
    assert subtract((Span(0, 10),), (Span(2, 3), Span(5, 7))) == (Span(0, 2), Span(3, 5), Span(7, 10))


SENTENCES = [
    ("Status pr. 17. juni 2020. Mere findes her.", ["Status pr. 17. juni 2020.", "Mere findes her."]),
    ("Det gælder f.eks. Danmark. Men ikke andre.", ["Det gælder f.eks. Danmark.", "Men ikke andre."]),
    (
        "Vedtaget på 3717. samling den 8. oktober 2019. Det var alt.",
        ["Vedtaget på 3717. samling den 8. oktober 2019.", "Det var alt."],
    ),
    (
        "Jf. artikel 15, stk. 1, og EUT L 321 af 17.12.2018. Se s. 13.",
        ["Jf. artikel 15, stk. 1, og EUT L 321 af 17.12.2018.", "Se s. 13."],
    ),
    ("Billeder, ofre osv. Næste sætning.", ["Billeder, ofre osv.", "Næste sætning."]),
    ("In EU (f.eks. ofre. Og flere) stiger det. Ja.", ["In EU (f.eks. ofre. Og flere) stiger det.", "Ja."]),
    (
        "Zie bijv. Nederland en art. 5 enz. De rest volgt.",
        ["Zie bijv. Nederland en art. 5 enz.", "De rest volgt."],
    ),
    ("Zij zei: “Dat is goed.” Daarna ging zij.", ["Zij zei: “Dat is goed.”", "Daarna ging zij."]),
    (
        "Agencies (CEPOL, ENISA, etc.), bodies. The end!",
        ["Agencies (CEPOL, ENISA, etc.), bodies.", "The end!"],
    ),
    (
        "By L. Pedersen, i.e. Lars, on p. 4. Was it No. 7? Yes.",
        ["By L. Pedersen, i.e. Lars, on p. 4.", "Was it No. 7?", "Yes."],
    ),
    ("En sag af denne art. Derfor handler vi.", ["En sag af denne art.", "Derfor handler vi."]),
    ('mandated therein.".', ['mandated therein.".']),
    ("", []),
]


@pytest.mark.parametrize(("text", "wanted"), SENTENCES)
def test_sentences_end_where_a_reader_ends_them(text: str, wanted: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == wanted


@given(st.text('aB1. ,()"\n', max_size=80))
def test_sentences_keep_every_word_in_order(text: str) -> None:
    ranges = split_sentences(text)
    kept = "".join("".join(text[start:end].split()) for start, end in ranges)
    assert kept == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in zip(ranges, ranges[1:], strict=False))
