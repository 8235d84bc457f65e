"""Web pages: what is kept of them and in which form."""

from __future__ import annotations

import pytest

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats import extract


def text_of(body: str) -> str:
    return extract(f"<!doctype html><html><body>{body}</body></html>".encode(), "a.html").text


CASES = [
    (
        "<h1>Rules</h1><h3>Part</h3><p>Words  of\n the <b>part</b>.</p>",
        "# Rules\n\n### Part\n\nWords of the part.\n",
    ),
    ("<p>one<br>two</p>", "one\ntwo\n"),
    ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c\n"),
    ("<ol start='3'><li>c</li><li><p>d</p></li></ol>", "3. c\n4. d\n"),
    ("<ul><li>with a<br>break</li></ul>", "- with a break\n"),
    ("<p>It says so<sup>12</sup>.</p><p><sup>[12]</sup> The note.</p>", "It says so¹².\n\n¹² The note.\n"),
    (
        "<table><tr><th>Act</th><th>Date</th></tr><tr><td>A</td><td>1.1.2020</td></tr></table>",
        "| Act | Date |\n|---|---|\n| A | 1.1.2020 |\n",
    ),
    (
        "<table><tr><td>(1)</td><td>first</td></tr><tr><td>(2)</td><td>second</td></tr></table>",
        "(1) first\n\n(2) second\n",
    ),
    ("<table><tr><td><p>only a frame</p></td></tr></table>", "only a frame\n"),
    (
        "<nav>menu</nav><header>site</header><p>kept</p><footer>foot</footer><script>x()</script><style>p{}</style>",
        "kept\n",
    ),
    ("<header><h1>Title</h1></header><p>kept</p>", "# Title\n\nkept\n"),
    (
        "<div role='navigation'>menu</div><p hidden>no</p><p style='display: none'>no</p><p aria-hidden='true'>no</p><p>kept</p>",
        "kept\n",
    ),
    (
        "<div>loose <i>words</i> <!-- a remark --> here<div>and more</div>after</div>",
        "loose words here\n\nand more\n\nafter\n",
    ),
    ("<p>R&oslash;dgr&oslash;d &amp; fl&oslash;de&nbsp;&lt;b&gt;</p>", "Rødgrød & fløde <b>\n"),
    ("<dl><dt>Term</dt><dd>What it means.</dd></dl>", "Term\n\nWhat it means.\n"),
]


@pytest.mark.parametrize(("body", "text"), CASES)
def test_the_words_are_kept_in_a_form_the_parser_reads(body: str, text: str) -> None:
    assert text_of(body) == text


def test_the_main_part_is_taken_for_the_page() -> None:
    main = "<p>What the page is about, in many words.</p>" * 5
    assert "Related" not in text_of(f"<div>Related pages</div><main>{main}</main>")


def test_title_and_language_come_from_the_page() -> None:
    page = b"<html lang='nl-BE'><head><title>Site | Regels</title></head><body><h1>De regels</h1><p>Tekst</p></body></html>"
    found = extract(page, "a.html")
    assert (found.title, found.language_hint) == ("De regels", "nl")


def test_the_declared_encoding_is_used() -> None:
    page = "<html><head><meta charset='windows-1252'></head><body><p>børn – “også”</p></body></html>".encode(
        "cp1252"
    )
    assert extract(page, "a.html").text == "børn – “også”\n"


@pytest.mark.parametrize(
    "page", ["<html><body><script>all()</script></body></html>", "<html><body></body></html>"]
)
def test_a_page_without_words_is_told(page: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"a\.html holds no text"):
        extract(page.encode(), "a.html")


def test_a_page_nested_deeply_is_read_and_one_without_end_refused() -> None:
    def nested(depth: int) -> bytes:
        return ("<div>" * depth + "deep words" + "</div>" * depth).encode()

    assert extract(nested(200), "a.html").text == "deep words\n"
    with pytest.raises(UnreadableDocument, match=r"a\.html is nested too deeply"):
        extract(nested(20_000), "a.html")
