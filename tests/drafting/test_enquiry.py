"""What is recognised in a letter."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain.errors import RecordError
from rag.domain.ports import LanguageIdentifier
from rag.drafting.deadline import find_deadline
from rag.drafting.enquiry import read_enquiry
from rag.drafting.letters import open_letter, pasted
from tests.drafting.conftest import RECEIVED, enquiry


@pytest.mark.parametrize(
    ("name", "language", "sender", "outlet", "deadline", "questions"),
    [
        ("english_numbered.txt", "en", "Helen Marsh", "The Northern Ledger", "2026-11-25T17:00", 4),
        ("dutch_false_premise.eml", "nl", "Joris van Dam", "De Avondpost", "2026-11-26T12:00", 3),
        ("danish_six.txt", "da", "Sofie Kjær", "Morgenbladet Øst", "2026-11-27T15:00", 6),
        ("english_hostile.txt", "en", "R. Stone", "The Daily Grumble", "2026-11-25T12:00", 2),
        ("dutch_prose.txt", "nl", "Amira Bakker", "Radio Delta", None, 4),
    ],
)
def test_a_letter_is_taken_apart(
    languages: LanguageIdentifier,
    name: str,
    language: str,
    sender: str,
    outlet: str,
    deadline: str | None,
    questions: int,
) -> None:
    read = enquiry(name, languages)
    assert (read.language, read.sender, read.outlet) == (language, sender, outlet)
    moment = read.deadline.moment if read.deadline else None
    assert (moment.isoformat(timespec="minutes") if moment else None) == deadline
    assert len(read.questions) == questions


def test_a_question_that_leans_on_its_premise_keeps_it(languages: LanguageIdentifier) -> None:
    first = enquiry("dutch_false_premise.eml", languages).questions[0]
    assert first == (
        "Wij horen dat het Europees Parlement in 2021 alle aanbieders heeft verplicht om alle privéberichten "
        "te scannen. Klopt dat?"
    )


def test_neither_the_earlier_letter_nor_the_wish_for_a_quick_reply_is_a_question(
    languages: LanguageIdentifier,
) -> None:
    joined = " ".join(enquiry("dutch_false_premise.eml", languages).questions)
    assert "Wat is uw vraag" not in joined
    assert "reageren" not in joined
    assert "interview" not in " ".join(enquiry("dutch_prose.txt", languages).questions)


def test_a_word_file_with_a_list_is_read(languages: LanguageIdentifier) -> None:
    document = Document()
    document.add_paragraph("Dear all,")
    document.add_paragraph("I have two questions:")
    document.add_paragraph("What does the Council say about prevention", style="List Bullet")
    document.add_paragraph("Who pays for the centre?", style="List Number")
    written = io.BytesIO()
    document.save(written)
    read = read_enquiry(open_letter("letter.docx", written.getvalue()), languages, RECEIVED)
    assert read.questions == ("What does the Council say about prevention", "Who pays for the centre?")


def test_an_html_mail_is_read_without_what_it_quotes(languages: LanguageIdentifier) -> None:
    mail = (
        b"From: A <a@paper.example>\nSubject: =?utf-8?q?Sp=C3=B8rgsm=C3=A5l?=\n"
        b"Content-Type: text/html; charset=utf-8\n\n"
        b"<p>Hej</p><p>Hvad siger R&aring;det?</p><blockquote>Hvad vil du?</blockquote><script>x?</script>"
    )
    letter = open_letter("m.eml", mail)
    assert letter.subject == "Spørgsmål"
    assert read_enquiry(letter, languages, RECEIVED).questions == ("Hvad siger Rådet?",)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("My deadline is 17:00 today.", "2026-11-24T17:00"),
        ("Please reply by 5 pm tomorrow.", "2026-11-25T17:00"),
        ("We publish on Friday.", "2026-11-27T23:59"),
        ("Deadline: 2026-12-01 at 09:30", "2026-12-01T09:30"),
        ("I need this by 3 December.", "2026-12-03T23:59"),
        ("I need this before January 5th.", "2027-01-05T23:59"),
        ("Graag uiterlijk 1 december om 14.30 uur.", "2026-12-01T14:30"),
        ("Vóór vrijdag 12 uur graag.", "2026-11-27T12:00"),
        ("Senest torsdag kl. 10.", "2026-11-26T10:00"),
        ("Fristen er den 2. december kl. 9.15.", "2026-12-02T09:15"),
        ("By 30/11 please.", "2026-11-30T23:59"),
        ("The decision was taken on 29 May 2000 by the Council.", None),
        ("Articles 5 and 6 by themselves say nothing.", None),
        ("Nothing about time here.", None),
    ],
)
def test_deadlines_are_worked_out_from_the_day_of_receipt(sentence: str, expected: str | None) -> None:
    found = find_deadline([sentence], RECEIVED)
    assert (found.moment.isoformat(timespec="minutes") if found and found.moment else None) == expected


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"%PDF", "cannot be read as an enquiry"),
        ("a.docx", b"not a zip", "damaged"),
        ("a.txt", b"  \n ", "empty"),
        ("a.txt", b"x" * 60_000, "at most 50,000"),
    ],
)
def test_what_is_no_letter_is_refused_with_the_reason(name: str, data: bytes, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        open_letter(name, data)


def test_a_letter_of_another_encoding_is_read() -> None:
    assert (
        "Spørgsmål"
        in open_letter("a.txt", "Spørgsmål til jer: hvad gælder på området?".encode("cp1252")).text
    )


@pytest.mark.parametrize("text", ["?", "???? !!", "Dear\n\n\n--\nX", "From: x\n\nHello", "- \n- \n1."])
def test_a_letter_without_a_question_has_none(languages: LanguageIdentifier, text: str) -> None:
    assert read_enquiry(pasted(text), languages, datetime(2026, 1, 1)).questions == ()


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["eml", "txt", "docx"]), st.binary(max_size=400))
def test_any_bytes_are_a_letter_or_refused_in_words(ending: str, data: bytes) -> None:
    head = b"From: a <b@c.example>\nSubject: x\nDate: y\n" if ending == "eml" else b""
    for content in (data, head + data):
        try:
            assert open_letter(f"a.{ending}", content).text.strip()
        except RecordError as error:
            said = str(error)
            assert said


PIECES = (
    "?",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "Klopt dat",
    "Deadline: 31/2 kl. 25",
    "Kind regards,",
    "by 99 May",
    "æ",
    "--",
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=25).map("".join))
def test_any_text_is_taken_apart_without_stumbling(text: str) -> None:
    class Unknown:
        def identify(self, text: str) -> str:
            return "unknown"

    try:
        letter = pasted(text)
    except RecordError:
        return
    read = read_enquiry(letter, Unknown(), RECEIVED)
    assert read.language == "en"
    assert all(question.strip() for question in read.questions)
