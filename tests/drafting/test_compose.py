"""What a draft is composed of, and how a sentence stands by its sources."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.support import SupportVerifier
from rag.domain.answers import Answer, Response
from rag.domain.conversations import History
from rag.domain.ports import LanguageIdentifier
from rag.drafting.compose import DraftPart, DraftSentence, lines_to_take, unmet_numbers
from rag.drafting.house import PARTS, filled, house_style
from rag.drafting.layout import _labels
from rag.drafting.sheet import Cited
from rag.drafting.standing import judge
from rag.models.languages import LinguaIdentifier
from tests.drafting.conftest import NAMES, composer, enquiry
from tests.drafting.corpus_assistant import CorpusAssistant, library


@pytest.mark.parametrize("name", NAMES)
def test_every_quotation_of_a_draft_is_the_reading_of_its_place(
    languages: LanguageIdentifier, name: str
) -> None:
    from rag.domain.spans import Span

    read = enquiry(name, languages)
    parts = composer(read.language).parts(read.questions, read.language)
    cited = [c for p in parts for s in p.sentences for c in s.citations]
    cited += [a.cited for p in parts for a in p.alternatives]
    assert cited
    for one in cited:
        document = library().document(one.document)
        assert document.reading(tuple(Span(a, b) for a, b in one.spans)) == one.quote
        assert document.sha256 == one.document_sha256


def test_what_the_texts_do_not_say_is_marked_and_offers_passages(languages: LanguageIdentifier) -> None:
    part = composer("en").part("How many astronauts will visit Jupiter in 2027?", "en")
    assert part.outcome == "abstention"
    assert [s.standing for s in part.sentences] == ["own words"]
    assert part.sentences[0].text == house_style()["en"]["not_in_texts"]
    assert [a.rank for a in part.alternatives] == list(range(1, 9))


def test_a_referral_is_told_to_the_officer_and_not_written_into_the_reply() -> None:
    part = composer("en").part("A child is in danger", "en")
    assert part.outcome == "referral"
    assert part.notes == ("You are not alone.",)
    assert "not alone" not in part.sentences[0].text


def _cited(quote: str, language: str = "en", translation: str = "") -> Cited:
    return Cited(
        document="d",
        document_sha256="0",
        passage="d#1",
        spans=((0, 1),),
        quote=quote,
        label="D 1",
        language=language,
        title="D",
        reference="D",
        date="2020-01-01",
        force="strategy",
        status="in force",
        viewer="/source/d",
        translation=translation,
        translation_language="en" if translation else "",
    )


QUOTE = "Member States must not delete the data before 31 December 2000."


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        (QUOTE, {"supported"}),
        (QUOTE.replace("not ", ""), {"unsupported"}),
        (QUOTE.replace("2000", "2001"), {"unsupported"}),
        (QUOTE.replace("31", "30"), {"unsupported"}),
        ("Fishing quotas rise every spring.", {"unsupported"}),
    ],
)
def test_a_changed_number_or_a_dropped_not_shows_at_once(text: str, standing: set[str]) -> None:
    assert judge(text, [_cited(QUOTE)], SupportVerifier()).standing in standing


def test_own_words_are_not_judged_and_words_without_a_source_are_not_supported() -> None:
    verifier = SupportVerifier()
    assert judge("We are pleased.", [], verifier, own_words=True).standing == "own words"
    assert judge("We are pleased.", [], verifier).standing == "unsupported"


def test_a_translation_bears_out_the_sentence_drawn_from_it() -> None:
    cited = _cited("Medlemsstaterne skal handle.", "da", "The Member States must act.")
    assert judge("The Member States must act.", [cited], SupportVerifier()).standing == "supported"


def test_lines_to_take_are_short_borne_out_and_stand_on_their_own() -> None:
    good = "The fight against these crimes has a high priority for the Union."
    sentences = (
        DraftSentence("This is why it does so, and it does so without any delay at all.", "supported"),
        DraftSentence("x" * 300, "supported"),
        DraftSentence("The Council said something that its source does not bear out.", "unsupported"),
        DraftSentence(good.replace("these", "such"), "supported"),
        DraftSentence(good.replace("these crimes", "crime"), "supported"),
    )
    lines = lines_to_take([DraftPart("question", "Q?", "answer", sentences)])
    assert lines is not None
    assert [s.text for s in lines.sentences] == [good.replace("these crimes", "crime")]
    assert lines_to_take([]) is None


def test_a_number_the_question_takes_for_granted_is_pointed_out() -> None:
    sentence = DraftSentence("x", "supported", (), (_cited("In 2020 the Commission acted."),))
    assert unmet_numbers("Why did 45 states vote in 2020?", [sentence]) == (
        "Check the premise: the question says 45, and no cited passage does.",
    )
    assert unmet_numbers("What happened in 2020?", [sentence]) == ()


def test_the_house_style_and_the_labels_are_whole_in_every_language() -> None:
    assert set(house_style()) == {"en", "nl", "da"}
    assert all(set(texts) == set(PARTS) for texts in house_style().values())
    tables = _labels()
    assert set(tables["en"]) == set(tables["nl"]) == set(tables["da"])


@pytest.mark.parametrize("language", ["en", "nl", "da"])
def test_a_question_is_asked_in_its_own_language_and_answered_in_the_replys(language: str) -> None:
    asked: list[str] = []

    class Listening(CorpusAssistant):
        def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
            asked.append(str(language))
            return super().ask(question, language, history)

    made = replace(composer(language), ask=Listening().ask)
    part = made.part("What does the Council say about prevention and awareness?", language)
    assert asked == ["en"]
    assert part.outcome == "answer"
    identifier = LinguaIdentifier()
    assert {identifier.identify(s.text) for s in part.sentences if len(s.text) > 60} == {language}
    assert all(s.standing in ("supported", "partial") for s in part.sentences)
    texts = {c.translation or c.quote for s in part.sentences for c in s.citations}
    assert all(any(s.text in text for text in texts) for s in part.sentences)


def test_words_of_a_model_are_announced_and_stand_beside_the_sources_own() -> None:
    class Fluent(CorpusAssistant):
        def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
            response = super().ask(question, language, history)
            assert isinstance(response.reply, Answer)
            return replace(response, reply=replace(response.reply, answerer="ollama:some-model"))

    made = replace(composer("en"), ask=Fluent().ask)
    part = made.part("What does the Council say about prevention?", "en")
    assert any("ollama:some-model" in note for note in part.notes)
    assert all(s.citations[0].quote for s in part.sentences)


def test_a_greeting_with_strange_braces_is_left_alone() -> None:
    assert filled("Dear {name}, {x} {", language="en", name="A {outlet}") == "Dear A {outlet}, {x} {"
