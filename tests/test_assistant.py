"""The flow over fakes: which stage is asked, with what, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.parts import QuestionParts
from rag.assistant import LANGUAGES, Assistant
from rag.domain.answers import Abstention, Answer, Citation, Referral, SmallTalk, Statement
from rag.domain.conversations import History, Turn
from rag.domain.documents import Description, Document
from rag.domain.errors import QuestionError
from rag.domain.passages import Enrichment, Passage, PassageKind
from rag.domain.retrieval import Coverage, Hit, Query, QuestionPart
from rag.domain.spans import Span
from rag.researching import Researcher
from rag.stages import Comparer, Mender

PASSAGE = Passage("t#1", "t", "en", PassageKind.PARAGRAPH, (Span(0, 4),), "Rule", (), "", "1", (), (0,))
HIT = Hit(PASSAGE, Enrichment(), 1.0)
DRAFT = Answer((Statement("Rule", (1,)),), (Citation(1, PASSAGE, PASSAGE.spans, "Rule"),), 0.0)
NAMED_TEXT = Document("t", "Rule", "en", Description((("en", "The rules"),), "The rules"), "")
HELP = Referral("Call.", (), "help")
HELP_TOO = Referral("Call.", (), "help", also_answer=True)


class Stages:
    """All ports at once; each method notes that it was called."""

    fingerprint = "abc"
    threshold = 0.5

    def __init__(self) -> None:
        self.called: list[str] = []
        self.routed: Referral | SmallTalk | None = None
        self.found: tuple[Hit, ...] = (HIT,)
        self.sure = 0.9
        self.draft: Answer | None = DRAFT
        self.verdict: Answer | None = DRAFT
        self.spoken = "en"
        self.query: Query | None = None
        self.limit = 0
        self.remarks: tuple[str, ...] = ()

    def identify(self, text: str) -> str:
        return self.spoken

    def route(self, question: str, language: str) -> Referral | SmallTalk | None:
        self.called.append("route")
        return self.routed

    def rewrite(self, question: str, language: str, history: History) -> str:
        self.called.append("understand")
        return f"{question} ({history[-1].question})" if history else question

    def search(self, query: Query, limit: int) -> tuple[Hit, ...]:
        self.called.append("retrieve")
        self.query, self.limit = query, limit
        return self.found

    def confidence(self, query: Query, hits: Sequence[Hit]) -> float:
        return self.sure

    def answer(self, question: Query, hits: Sequence[Hit]) -> Answer | None:
        self.called.append("answer")
        return self.draft

    def verified(self, answer: Answer, query: Query, hits: Sequence[Hit]) -> Answer | None:
        self.called.append("verify")
        return self.verdict

    def remarked(self, answer: Answer, query: Query) -> Answer:
        return replace(answer, notes=(*answer.notes, *self.remarks))

    def document(self, document_id: str) -> Document:
        return NAMED_TEXT

    def abstain(self, query: Query, hits: Sequence[Hit], confidence: float) -> Abstention:
        self.called.append("abstain")
        return Abstention(f"Nothing on {query.text}.", (), confidence)


@pytest.fixture
def stages() -> Stages:
    return Stages()


def assistant_of(
    stages: Stages,
    comparer: Comparer | None = None,
    *,
    mender: Mender | None = None,
    max_characters: int = 2000,
    hits: int = 12,
) -> Assistant:
    return Assistant(
        languages=stages,
        router=stages,
        rewriter=stages,
        researcher=Researcher(
            retriever=stages,
            library=stages,
            confidence=stages,
            answerer=stages,
            verifier=stages,
            abstainer=stages,
            hits=hits,
        ),
        library=stages,
        parts=QuestionParts(),
        premises=stages,
        comparer=comparer,
        mender=mender,
        max_characters=max_characters,
    )


@pytest.fixture
def assistant(stages: Stages) -> Assistant:
    return assistant_of(stages)


def test_a_question_goes_one_way_through_the_stages(assistant: Assistant, stages: Stages) -> None:
    response = assistant.ask("What applies?")
    assert stages.called == ["route", "understand", "retrieve", "answer", "verify"]
    assert isinstance(response.reply, Answer)
    assert response.reply.confidence == 0.9
    assert (response.index, response.language, response.understood_as) == ("abc", "en", "What applies?")


def test_every_stage_is_timed_and_the_total_is_their_sum(assistant: Assistant) -> None:
    timings = {s.name: s.milliseconds for s in assistant.ask("What applies?").timings}
    assert list(timings) == ["route", "understand", "retrieve", "answer", "verify", "total"]
    assert timings["total"] == pytest.approx(sum(v for k, v in timings.items() if k != "total"))


TWO_THINGS = "Who runs the EU centre, and when does it start?"


def test_every_part_of_a_question_is_researched_and_every_stage_timed_once(
    assistant: Assistant, stages: Stages
) -> None:
    response = assistant.ask(TWO_THINGS)
    assert stages.called == ["route", "understand", *["retrieve", "answer", "verify"] * 2]
    assert [s.name for s in response.timings] == [
        "route", "understand", "retrieve", "answer", "verify", "total",
    ]  # fmt: skip
    assert response.understood_as == TWO_THINGS
    assert isinstance(response.reply, Answer)
    assert response.reply.notes == ()


def test_a_part_that_is_not_answered_is_named_beside_the_answer_to_the_other(
    assistant: Assistant, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "confidence", lambda query, hits: 0.9 * ("start" not in query.text))
    reply = assistant.ask(TWO_THINGS).reply
    assert isinstance(reply, Answer)
    assert reply.notes == ("Nothing was found that clearly answers: “When does it start?”",)


class Mends:
    """Puts "wrod" right."""

    def mended(self, question: str, language: str, fingerprint: str) -> str:
        return question.replace("wrod", "word")


def test_a_question_that_finds_nothing_is_asked_again_without_its_misspellings(
    stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "confidence", lambda query, hits: 0.9 * ("word" in query.text))
    assistant = assistant_of(stages, mender=Mends())
    found = assistant.ask("Which wrod applies?")
    assert isinstance(found.reply, Answer)
    assert (found.question, found.understood_as) == ("Which wrod applies?", "Which word applies?")
    assert assistant.ask("Which word applies?").understood_as == "Which word applies?"
    unknown = assistant.ask("Which rule applies?")
    assert isinstance(unknown.reply, Abstention)
    monkeypatch.setattr(stages, "confidence", lambda query, hits: 0.0)
    neither = assistant.ask("Which wrod applies?")
    assert isinstance(neither.reply, Abstention)
    assert neither.understood_as == "Which wrod applies?"


@pytest.mark.parametrize(("name", "noted"), [("Europol", False), ("Frontex", True)])
def test_what_comes_nearest_to_a_part_and_is_told_with_its_name_is_not_denied(
    stages: Stages, monkeypatch: pytest.MonkeyPatch, name: str, noted: bool
) -> None:
    passage = replace(HIT.passage, text=f"{HIT.passage.text} It may sit at Europol.")
    told = Answer((Statement("It may.", (1,)),), (Citation(1, passage, (), "It may."),), 0.9)
    monkeypatch.setattr(stages, "answer", lambda query, hits: told)
    monkeypatch.setattr(stages, "abstain", lambda query, hits, sure: Abstention("", told.citations, sure))
    monkeypatch.setattr(stages, "confidence", lambda query, hits: 0.9 * (name not in query.text))
    reply = assistant_of(stages).ask(f"Who runs the EU centre, and does it sit at {name}?").reply
    assert isinstance(reply, Answer)
    assert bool(reply.notes) is noted


def test_a_part_that_leans_is_looked_for_first_where_the_one_before_it_was_answered(
    assistant: Assistant, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[frozenset[str]] = []

    def search(query: Query, limit: int) -> tuple[Hit, ...]:
        asked.append(query.documents)
        return (HIT,)

    monkeypatch.setattr(stages, "search", search)
    assistant.ask(TWO_THINGS)
    assert asked == [frozenset(), frozenset({HIT.passage.document})]
    asked.clear()
    monkeypatch.setattr(stages, "confidence", lambda query, hits: 0.9 * (not query.documents))
    assert isinstance(assistant.ask(TWO_THINGS).reply, Answer)
    assert asked == [frozenset(), frozenset({HIT.passage.document}), frozenset()]


def test_texts_compared_are_each_searched(stages: Stages) -> None:
    class Comparer:
        def divide(self, query: Query, fingerprint: str) -> tuple[QuestionPart, ...]:
            texts = ("one", "other") if fingerprint == "abc" else ()
            return tuple(QuestionPart(t, replace(query, documents=frozenset({t}))) for t in texts)

        def alone(self, query: Query, fingerprint: str) -> QuestionPart | None:
            return None

        def elsewhere(self, part: QuestionPart) -> QuestionPart | None:
            return None

    assistant = assistant_of(stages, comparer=Comparer())
    response = assistant.ask("How do the texts differ?")
    assert stages.called == ["route", "understand", *["retrieve", "answer", "verify"] * 2]
    assert isinstance(response.reply, Answer)


def test_a_text_that_does_not_name_the_topic_is_silent_and_the_others_are_named(
    stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Comparer:
        def divide(self, query: Query, fingerprint: str) -> tuple[QuestionPart, ...]:
            return tuple(
                QuestionPart(t, replace(query, documents=frozenset({t})), speaker=t, named=True)
                for t in ("one", "other")
            )

        def alone(self, query: Query, fingerprint: str) -> QuestionPart | None:
            return None

        def elsewhere(self, part: QuestionPart) -> QuestionPart | None:
            return None

    def search(query: Query, limit: int) -> tuple[Hit, ...]:
        share = 1.0 if query.documents == {"one"} else 0.2
        return (replace(HIT, coverage=Coverage(share)),)

    monkeypatch.setattr(stages, "search", search)
    assistant = assistant_of(stages, comparer=Comparer())
    reply = assistant.ask("What does each text say about it?").reply
    assert isinstance(reply, Answer)
    assert [s.speaker for s in reply.statements] == ["The rules"]
    assert reply.notes == ("Nothing about this was found in: other.",)
    stages.sure = 0.1  # of every text: to hold the words is not enough
    assert isinstance(assistant.ask("What does each text say about it?").reply, Abstention)


class AsksOne:
    """A comparer for questions of the text `named`, which other texts may answer."""

    def __init__(self, named: str, *, says: bool, sought: bool = False) -> None:
        self.named, self.says, self.sought = named, says, sought

    def divide(self, query: Query, fingerprint: str) -> tuple[QuestionPart, ...]:
        return ()

    def alone(self, query: Query, fingerprint: str) -> QuestionPart | None:
        asked = Query("What does it say about rules?", query.language, frozenset({self.named}))
        return QuestionPart(query.text, asked, speaker=self.named, named=self.says, sought=self.sought)

    def elsewhere(self, part: QuestionPart) -> QuestionPart | None:
        return replace(part, query=replace(part.query, documents=frozenset({"t"})), speaker="")


def test_what_one_text_says_is_taken_from_it_alone(stages: Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    stages.found = (replace(HIT, coverage=Coverage(1.0)),)
    reply = (
        assistant_of(stages, comparer=AsksOne("t", says=True)).ask("What does the text say of rules?").reply
    )
    assert isinstance(reply, Answer)
    assert reply.notes == ()
    assert stages.query is not None
    assert stages.query.documents == {"t"}


def test_a_text_named_by_maker_and_year_is_searched_first_if_the_texts_together_answer(
    stages: Stages,
) -> None:
    assistant = assistant_of(stages, comparer=AsksOne("t", says=False, sought=True))
    assert isinstance(assistant.ask("What did they want in 2019?").reply, Answer)
    assert stages.query is not None
    assert stages.query.documents == {"t"}
    assert stages.called == ["route", "understand", *["retrieve"] * 2, "answer", "verify"]
    stages.sure = 0.1
    assert isinstance(assistant.ask("What did they want in 2019?").reply, Abstention)


@pytest.mark.parametrize("says", [True, False])
def test_where_only_others_answer_the_text_named_is_said_to_be_silent(
    stages: Stages, monkeypatch: pytest.MonkeyPatch, says: bool
) -> None:
    named = (replace(HIT, coverage=Coverage(1.0)),)
    monkeypatch.setattr(stages, "search", lambda query, limit: () if "u" in query.documents else named)
    reply = assistant_of(stages, comparer=AsksOne("u", says=says)).ask("What does u say of rules?").reply
    assert isinstance(reply, Answer)
    assert reply.notes == ("Nothing about this was found in: u.",)


def test_a_question_none_of_whose_parts_is_answered_is_declined_as_a_whole(
    assistant: Assistant, stages: Stages
) -> None:
    stages.sure = 0.1
    reply = assistant.ask(TWO_THINGS).reply
    assert isinstance(reply, Abstention)
    assert TWO_THINGS in reply.message


def test_what_the_answer_does_not_bear_out_is_remarked_on(assistant: Assistant, stages: Stages) -> None:
    stages.remarks = ("The question names 2021.",)
    reply = assistant.ask("What applied in 2021?").reply
    assert isinstance(reply, Answer)
    assert reply.notes == ("The question names 2021.",)


def test_below_the_threshold_nothing_is_drafted(assistant: Assistant, stages: Stages) -> None:
    stages.sure = 0.49
    reply = assistant.ask("What applies?").reply
    assert isinstance(reply, Abstention)
    assert reply.confidence == 0.49
    assert "answer" not in stages.called


@pytest.mark.parametrize("missing", ["found", "draft", "verdict"])
def test_without_passage_draft_or_support_the_service_abstains(
    assistant: Assistant, stages: Stages, missing: str
) -> None:
    setattr(stages, missing, () if missing == "found" else None)
    assert isinstance(assistant.ask("What applies?").reply, Abstention)


@pytest.mark.parametrize("routed", [HELP, SmallTalk("Hello.")])
def test_care_and_small_talk_come_before_any_search(
    assistant: Assistant, stages: Stages, routed: Referral | SmallTalk
) -> None:
    stages.routed = routed
    assert assistant.ask("Help me").reply == routed
    assert stages.called == ["route"]


def test_help_comes_with_the_answer_where_both_are_asked(assistant: Assistant, stages: Stages) -> None:
    stages.routed = HELP_TOO
    reply = assistant.ask("Where do I report, and what applies?").reply
    assert isinstance(reply, Answer)
    assert reply.care == HELP_TOO


def test_help_stands_alone_where_the_texts_do_not_answer(assistant: Assistant, stages: Stages) -> None:
    stages.routed, stages.sure = HELP_TOO, 0.0
    assert assistant.ask("Where do I report?").reply == HELP_TOO


def test_contacts_that_stand_in_for_the_texts_are_left_out_where_these_answer(
    assistant: Assistant, stages: Stages
) -> None:
    stages.routed = replace(HELP_TOO, unless_answered=True)
    reply = assistant.ask("What number do I ring?").reply
    assert isinstance(reply, Answer)
    assert reply.care is None
    stages.sure = 0.0
    assert assistant.ask("What number do I ring?").reply == stages.routed


def test_a_follow_up_is_searched_as_understood(assistant: Assistant, stages: Stages) -> None:
    response = assistant.ask("And then?", history=(Turn("Who reports?", "Who reports?", "All."),))
    assert response.understood_as == "And then? (Who reports?)"
    assert stages.query == Query("And then? (Who reports?)", "en")
    assert response.question == "And then?"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_asked_for_wins(assistant: Assistant, stages: Stages, language: str) -> None:
    stages.spoken = "da"
    assert assistant.ask("Rule?", language).language == language


@pytest.mark.parametrize(("spoken", "replied"), [("nl", "nl"), ("fr", "en"), ("unknown", "en")])
def test_a_question_in_another_language_is_answered_in_english(
    assistant: Assistant, stages: Stages, spoken: str, replied: str
) -> None:
    stages.spoken = spoken
    assert assistant.ask("Rule?").language == replied


@pytest.mark.parametrize("language", ["fr", "EN", "english", "e", "\0"])
def test_a_language_that_is_not_spoken_is_named(assistant: Assistant, language: str) -> None:
    with pytest.raises(QuestionError, match="not one of en, nl, da"):
        assistant.ask("Rule?", language)


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "?!…", "\x00\x01\x02", "\u200b\u2028", "👍"])
def test_an_empty_question_is_refused(assistant: Assistant, stages: Stages, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        assistant.ask(question)
    assert stages.called == []


def test_a_question_of_10_000_characters_is_refused_with_both_numbers(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match=r"10,000 characters; at most 2,000"):
        assistant.ask("a" * 10_000)


def test_the_longest_question_allowed_is_taken(stages: Stages) -> None:
    assistant = assistant_of(stages, max_characters=10, hits=3)
    assistant.ask("a" * 10)
    assert stages.limit == 3
    with pytest.raises(QuestionError):
        assistant.ask("a" * 11)


def test_control_characters_are_left_out(assistant: Assistant) -> None:
    assert assistant.ask("What\x00 is\x1b[31m \r\n the  rule?\u200b").question == "What is [31m the rule?"


@given(st.text(max_size=300))
def test_a_question_taken_is_printable_and_on_one_line(question: str) -> None:
    assistant = assistant_of(Stages())
    try:
        taken = assistant.checked(question)
    except QuestionError:
        assert not any(c.isalnum() for c in question)
        return
    assert taken.isprintable()
    assert assistant.checked(taken) == taken
    assert [c for c in taken if c.isalnum()] == [c for c in question if c.isalnum()]


def test_search_takes_the_same_questions(assistant: Assistant, stages: Stages) -> None:
    assert assistant.search("rule\n?", "nl", 4) == (HIT,)
    assert (stages.query, stages.limit) == (Query("rule ?", "nl"), 4)
    with pytest.raises(QuestionError):
        assistant.search("")
