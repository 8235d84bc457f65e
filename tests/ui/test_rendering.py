"""A response as markup: safe, complete, true to the quotation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.answers import Answer, Citation, HelpContact, Referral, Reply, Response, Statement, Support
from rag.domain.passages import PassageKind
from rag.ui.links import language_tag, passage_link, phone_link, web_link
from rag.ui.rendering import (
    LONG_QUOTE_CHARACTERS,
    render_pending,
    render_response,
    render_trouble,
)
from rag.ui.words import LANGUAGES, load_words
from tests.web.handmade import DOCUMENT, TRANSLATION, HandmadeAssistant, citation

ASSISTANT = HandmadeAssistant()
WORDS = load_words("en")


def rendered(question: str, language: str = "en", **changes: object) -> BeautifulSoup:
    response = replace(ASSISTANT.ask(question), **changes)  # type: ignore[arg-type]
    markup = render_response(replace(response, language=language), ASSISTANT.library.document, "a7")
    return BeautifulSoup(markup, "html.parser")


def with_reply(reply: Reply) -> BeautifulSoup:
    return rendered("Which?", reply=reply)


def test_every_statement_is_followed_by_links_to_its_passages() -> None:
    first, second = rendered("Which?").select(".statement")
    assert [a.text for a in first.select("a.marker")] == ["[1]"]
    assert [a.text for a in second.select("a.marker")] == ["[2]", "[1]"]
    link = first.select_one("a.marker")
    assert link
    assert link["href"] == passage_link(f"/source/decision?spans={_spans(2)}#cited", "en")
    assert link["target"] == "_blank"
    assert "Source 1: Decision 1, <block> 2" in str(link["aria-label"])
    assert "Medlemsstaterne skal handle" in str(link["title"])


def _spans(block: int) -> str:
    return ",".join(f"{s.start}-{s.end}" for s in DOCUMENT.blocks[block].spans)


def test_every_source_shows_title_label_date_weight_and_the_exact_quotation() -> None:
    for number, (source, block) in enumerate(
        zip(rendered("Which?").select(".source"), (2, 5), strict=True), 1
    ):
        assert source["id"] == f"a7-source-{number}"
        assert f"Decision 1, <block> {block}" in source.text
        assert 'A decision & its "friends" <b>' in source.text
        assert "29 May 2000" in source.text
        assert "Binding act" in source.text
        quote = source.select_one("blockquote")
        assert quote
        assert quote.text == DOCUMENT.reading(DOCUMENT.blocks[block].spans)
        assert quote["lang"] == "da"


def test_a_translation_is_marked_unofficial_beside_the_original() -> None:
    page = rendered("Which?")
    source = page.select_one(".source")
    assert source
    assert "Unofficial translation, English" in source.text
    assert source.select_one(".translation")["lang"] == "en"  # type: ignore[index]
    assert "unofficial translation" in page.select_one(".statement").text  # type: ignore[union-attr]
    assert "unofficial translations" in page.select_one(".origin").text  # type: ignore[union-attr]


def test_a_quoted_statement_is_in_the_language_of_its_source() -> None:
    first, second = rendered("Which?").select(".statement-words")
    assert (first["lang"], second["lang"]) == ("en", "da")


def test_statements_from_one_passage_stand_together_and_items_form_a_list() -> None:
    one, two, three = citation(1, 4), item(citation(2, 5)), item(citation(3, 6))
    says = [
        Statement("A.", (1,)),
        Statement("B.", (1,)),
        Statement("C.", (2,)),
        Statement("D.", (3,)),
        Statement("E.", (1,)),
    ]
    page = with_reply(Answer(tuple(says), (one, two, three), 0.9))
    assert [p.text.split()[0::2] for p in page.select("p.statement")] == [["A.", "B."], ["E."]]
    assert [li.text.split()[0] for li in page.select("ul.statement-list > li")] == ["C.", "D."]
    assert len(page.select("a.marker")) == len(says)


def test_the_headings_of_a_text_form_a_list_after_the_sentence_that_announces_them() -> None:
    contents = citation(1, 4)
    contents = replace(contents, passage=replace(contents.passage, kind=PassageKind.CONTENTS))
    says = [Statement(words, (1,)) for words in ("There are two.", "1. One", "2. Two")]
    page = with_reply(Answer(tuple(says), (contents,), 0.9))
    assert [p.select_one(".statement-words").text for p in page.select("p.statement")] == ["There are two."]  # type: ignore[union-attr]
    headings = [li.select_one(".statement-words").text for li in page.select("ul.statement-list > li")]  # type: ignore[union-attr]
    assert headings == ["1. One", "2. Two"]


def item(cited: Citation) -> Citation:
    return replace(cited, passage=replace(cited.passage, kind=PassageKind.LIST_ITEM))


def test_a_text_set_beside_others_is_named_before_its_words() -> None:
    statements = (Statement("They act.", (1,), speaker="The <rules>"), Statement("They report.", (1,)))
    page = with_reply(Answer(statements, (citation(1, 4),), 0.9))
    [name] = page.select(".statement .speaker")
    assert name.get_text() == "The <rules>:"
    assert name.find_next_sibling(class_="statement-words").get_text() == "They act."


def test_where_several_texts_answer_each_says_what_and_of_when_it_is() -> None:
    first, second = citation(1, 4), citation(2, 4)
    second = replace(second, passage=replace(second.passage, document="other"))
    says = (Statement("One.", (1,)), Statement("Also.", (1,)), Statement("Two.", (2,)))

    def opened(*statements: Statement) -> list[bool]:
        asked = replace(ASSISTANT.ask("Which?"), reply=Answer(statements, (first, second), 0.9))
        page = BeautifulSoup(render_response(asked, lambda _: DOCUMENT, "a7"), "html.parser")
        return [bool(said.select(".opens")) for said in page.select("p.statement")]

    assert opened(*says) == [True, True]
    assert opened(*says[:2]) == [False]
    assert opened(replace(says[0], speaker="A"), *says[1:]) == [False, True]


def test_labels_are_in_the_language_of_the_question() -> None:
    page = rendered("help", "da")
    assert page.select_one("article")["lang"] == "da"  # type: ignore[index]
    assert page.select_one("a[href='tel:112']").text == "Ring 112"  # type: ignore[union-attr]


def test_a_partly_supported_statement_says_so() -> None:
    first, second = rendered("Which?").select(".statement")
    assert "only partly supported" not in first.text
    assert "only partly supported" in second.text


def test_an_answer_in_the_sources_own_words_says_so() -> None:
    own = citation(1, 4)
    page = with_reply(Answer((Statement(own.quote, (1,)),), (own,), 0.9))
    assert page.select_one(".origin").text == WORDS("answer_from_sources")  # type: ignore[union-attr]


def test_an_answer_wholly_in_translation_does_not_say_some() -> None:
    translated, own = citation(1, 2, TRANSLATION), citation(2, 4)
    statements = (Statement(TRANSLATION, (1,)), Statement(own.quote, (2,)))
    for number, key in ((1, "answer_all_translated"), (2, "answer_translated")):
        page = with_reply(Answer(statements[:number], (translated, own), 0.9))
        assert page.select_one(".origin").text == WORDS(key)  # type: ignore[union-attr]


def test_an_answer_by_a_model_names_the_model() -> None:
    page = with_reply(Answer((Statement("They act.", (1,)),), (citation(1, 4),), 0.9, answerer="ollama:x<y>"))
    assert "ollama:x<y>" in page.select_one(".origin").text  # type: ignore[union-attr]


def test_a_follow_up_shows_how_it_was_understood() -> None:
    assert "Understood as: Why does it say so?" in " ".join(
        rendered("Why?", understood_as="Why does it say so?").select_one(".understood").text.split()  # type: ignore[union-attr]
    )
    assert not rendered("Why?").select(".understood")


def test_an_abstention_shows_the_nearest_passages_as_such() -> None:
    page = rendered("weather")
    assert page.select_one("article.turn-abstention")
    assert [h.text for h in page.select("h3")] == [WORDS("abstention_title"), WORDS("nearest_title")]
    assert len(page.select(".source")) == 1
    assert not page.select(".statement")


def test_help_comes_first_with_numbers_to_call() -> None:
    page = rendered("help")
    assert page.select_one("a[href='tel:112']").text == "Call 112"  # type: ignore[union-attr]
    assert page.select_one("a[href='https://example.org/112']")
    assert "1 November 2026" in page.text


def test_care_stands_before_the_answer() -> None:
    page = rendered("help rules")
    care, reply = page.select_one(".care"), page.select_one(".reply")
    assert care
    assert reply
    assert care.sourceline is not None
    assert reply.sourceline is not None
    assert care.sourceline < reply.sourceline
    assert care.select_one("a[href^='tel:']")


def test_only_numbers_and_web_addresses_become_links() -> None:
    page = rendered("help")
    assert all(str(a["href"]).startswith(("tel:", "https:", "/source/")) for a in page.select("a"))
    assert "javascript:alert(3)" in page.text


def test_a_refusal_has_its_own_heading() -> None:
    page = with_reply(
        Referral("No.", (HelpContact("Line", "stop-help", ("DK",), "+45 20 66 77 88"),), "refusal")
    )
    assert page.select_one("h3").text == WORDS("refusal_title")  # type: ignore[union-attr]
    assert page.select_one("a[href='tel:+4520667788']")


def test_small_talk_is_a_plain_message() -> None:
    page = rendered("hello")
    assert "Hello." in page.text
    assert not page.select(".source, .contact")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", ["Which?", "weather", "help", "help rules", "hello"])
def test_ids_are_unique_and_every_reference_has_its_target(question: str, language: str) -> None:
    page = rendered(question, language)
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(identity.startswith("a7") for identity in ids)
    assert {str(tag["aria-labelledby"]) for tag in page.select("[aria-labelledby]")} <= set(ids)


def test_a_short_quotation_is_open_a_long_or_repeated_one_is_folded() -> None:
    assert rendered("Which?").select_one("#a7-source-1 details").has_attr("open")  # type: ignore[union-attr]
    assert not rendered("Which?").select_one("#a7-source-2 details").has_attr("open")  # type: ignore[union-attr]
    long = replace(citation(1, 4), quote="x" * (LONG_QUOTE_CHARACTERS + 1))
    page = with_reply(Answer((Statement("They act.", (1,)),), (long,), 0.9))
    assert not page.select_one("details").has_attr("open")  # type: ignore[union-attr]


PARTS = [*"<>&\"'/=`{}[]() \n;:#\x00", "script", "onerror", "</", "{{", "]]>", "<!--"]
HOSTILE = st.lists(st.sampled_from(PARTS)).map("".join)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_stays_text(question: str, statement: str, quote: str) -> None:
    hostile = replace(citation(1, 4), quote=quote, passage=replace(citation(1, 4).passage, label=statement))
    reply = Answer((Statement(statement, (1,), Support.FULL),), (hostile,), 0.5, notes=(quote,))
    response = Response(question, quote[:5], question + "?", reply, "f", ())
    page = BeautifulSoup(render_response(response, ASSISTANT.library.document), "html.parser")
    expected = BeautifulSoup(
        render_response(
            Response("q", "en", "q?", replace(reply, statements=(Statement("s", (1,)),)), "f", ()),
            ASSISTANT.library.document,
        ),
        "html.parser",
    )
    assert [t.name for t in page.find_all() if t.name != "span"] == [
        t.name for t in expected.find_all() if t.name != "span"
    ]
    allowed = {
        "class",
        "id",
        "href",
        "target",
        "rel",
        "title",
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "lang",
    }
    allowed |= {"tabindex", "role", "value", "cite", "open"}
    assert {name for tag in page.find_all() for name in tag.attrs} <= allowed


def test_pending_and_trouble_escape_the_question() -> None:
    for markup in (render_pending("<b>", WORDS), render_trouble("<b>", "<i>", WORDS, "a1")):
        assert "<b>" not in markup
        assert "<i>" not in markup
        assert "&lt;b&gt;" in markup


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("112", "tel:112"),
        ("116 111", "tel:116111"),
        ("+45 20-66", "tel:+452066"),
        ("call me", ""),
        ('1" x', ""),
        ("", ""),
    ],
)
def test_a_number_becomes_a_link_only_if_it_is_one(phone: str, link: str) -> None:
    assert phone_link(phone) == link


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https:", "http://[", "mailto:a@b"]
)
def test_other_addresses_are_no_links(url: str) -> None:
    assert web_link(url) == ""


@pytest.mark.parametrize(
    ("code", "tag"), [("da", "da"), ("nl-BE", "nl-BE"), ("unknown", "und"), ('x" y', "und")]
)
def test_language_tags_are_well_formed(code: str, tag: str) -> None:
    assert language_tag(code) == tag


def test_the_translation_shown_is_the_citations() -> None:
    assert rendered("Which?").select_one(".translation").text == TRANSLATION  # type: ignore[union-attr]
