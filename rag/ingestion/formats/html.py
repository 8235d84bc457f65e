"""Web pages: the words of the page without its navigation, with headings, lists, tables and notes marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup, UnicodeDammit
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats.extracted import SUPERSCRIPTS, Extracted, hint
from rag.ingestion.formats.tables import table_lines

DROPPED = frozenset(
    "script style noscript template nav footer aside form button select input textarea iframe object svg "
    "canvas audio video dialog head menu".split()
)
DROPPED_ROLES = frozenset("navigation banner contentinfo search menu menubar dialog complementary".split())
BLOCKS = frozenset(
    "html body main article section div p blockquote pre address figure figcaption header details summary center "
    "fieldset dl dt dd ul ol li table caption h1 h2 h3 h4 h5 h6 hr".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
MAIN_SHARE = 0.4
"""A <main> or <article> is taken for the whole page when it has so much of its words."""
SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
NOTE_CALL = re.compile(r"\[?\(?(\d{1,3})\)?\]?")
HIDDEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def extract_html(data: bytes, name: str) -> Extracted:
    """Raises UnreadableDocument."""
    markup = UnicodeDammit(data, is_html=True).unicode_markup
    if markup is None:
        raise UnreadableDocument(f"{name} is in no known encoding. Save the page again as UTF-8.")
    try:
        page = BeautifulSoup(markup, "lxml")
        for tag in [tag for tag in page.find_all(True) if _dropped(tag)]:
            tag.extract()
        paragraphs = [p for p in _blocks(_main(page)) if p.strip()]
    except RecursionError as error:
        raise UnreadableDocument(f"{name} is nested too deeply to be read. Save it as plain text.") from error
    title = _inline(page.title).strip() if page.title else ""
    first = page.find("h1")
    language = page.html.get("lang") if page.html else None
    heading = _inline(first).strip() if isinstance(first, Tag) else ""
    source = BeautifulSoup(markup, "lxml").title if not title else None
    return Extracted(
        _joined(paragraphs),
        heading or (_inline(source).strip() if source else title),
        hint(str(language or "")),
    )


def _dropped(tag: Tag) -> bool:
    if tag.name == "header":
        return tag.find(["h1", "h2"]) is None
    return (
        tag.name in DROPPED
        or tag.get("role") in DROPPED_ROLES
        or tag.get("aria-hidden") == "true"
        or tag.has_attr("hidden")
        or bool(HIDDEN.search(str(tag.get("style") or "")))
    )


def _main(page: BeautifulSoup) -> Tag:
    body = page.body or page
    whole = len(body.get_text())
    for candidate in page.find_all(["main", "article"]):
        if len(candidate.get_text()) >= MAIN_SHARE * whole:
            return candidate
    return body


def _joined(paragraphs: list[str]) -> str:
    """List items and table rows on lines of their own, all else apart by an empty line."""
    pieces: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        if index:
            together = _marked(paragraph) and _marked(paragraphs[index - 1])
            pieces.append("\n" if together else "\n\n")
        pieces.append(paragraph)
    return "".join(pieces) + "\n"


def _marked(paragraph: str) -> bool:
    return bool(re.match(r"\s*(- |\d+[.)] |\|)", paragraph))


def _blocks(tag: Tag, depth: int = 0) -> Iterator[str]:
    run: list[PageElement] = []
    number = _start(tag)
    for child in tag.children:
        if not isinstance(child, Tag) or not _is_block(child):
            run.append(child)
            continue
        yield _text(run)
        run = []
        if child.name == "li":
            yield from _item(child, depth, "- " if tag.name != "ol" else f"{number}. ")
            number += 1
        else:
            yield from _block(child, depth)
    yield _text(run)


def _block(tag: Tag, depth: int) -> Iterator[str]:
    if tag.name in HEADINGS:
        words = _text([tag])
        yield f"{'#' * HEADINGS[tag.name]} {words}" if words else ""
    elif tag.name == "table":
        yield from _table(tag, depth)
    elif tag.name in ("ul", "ol"):
        yield from _blocks(tag, depth + 1)
    elif tag.name != "hr":
        yield from _blocks(tag, depth)


def _item(tag: Tag, depth: int, mark: str) -> Iterator[str]:
    pieces = [piece for piece in _blocks(tag, depth) if piece.strip()]
    indent = "  " * max(0, depth - 1)
    for index, piece in enumerate(pieces):
        yield f"{indent}{mark}{piece.replace(chr(10), ' ')}" if index == 0 and not _marked(piece) else piece


def _start(tag: Tag) -> int:
    start = str(tag.get("start") or "1")
    return int(start) if start.isdigit() else 1


def _table(tag: Tag, depth: int) -> Iterator[str]:
    rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    cells = [[cell for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row] for row in rows]
    if tag.find("table") or max((len(row) for row in cells), default=0) <= 1:  # a table for layout
        for row in cells:
            for cell in row:
                yield from _blocks(cell, depth)
        return
    caption = tag.find("caption")
    if isinstance(caption, Tag):
        yield _text([caption])
    header = bool(cells) and all(cell.name == "th" for cell in cells[0])
    yield from table_lines(
        [[" ".join(_text([cell]).split()) for cell in row] for row in cells], header=header
    )


def _is_block(tag: Tag) -> bool:
    return tag.name in BLOCKS or tag.find(list(BLOCKS)) is not None


def _text(run: Iterable[PageElement]) -> str:
    lines = "".join(_inline(element) for element in run).split("\v")
    return "\n".join(line for line in (SPACE.sub(" ", line).strip() for line in lines) if line)


def _inline(element: PageElement | None) -> str:
    if isinstance(element, NavigableString):
        return "" if isinstance(element, PreformattedString) else str(element)
    if not isinstance(element, Tag):
        return ""
    if element.name == "br":
        return "\v"
    if element.name == "img":
        return ""
    words = "".join(_inline(child) for child in element.children)
    if element.name == "sup":
        call = NOTE_CALL.fullmatch(words.strip())
        return call[1].translate(SUPERSCRIPTS) if call else words
    return words
