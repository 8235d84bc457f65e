"""What surrounds a text without being part of it: page furniture, end matter, contact details."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto

from rag.ingestion.lines import Chunk
from rag.ingestion.markers import FURNITURE_LINE, URL_LINE
from rag.ingestion.words import count_words, is_capitals, is_finished, last_mark, starts_lower

_NAVIGATION = re.compile(
    r"(?:site ?map|home(?:page)?|menu|search|login|log in|skip to (?:main )?content|contents?|"
    r"print|share|back to top|top|sitemap|oversigt|forside|zoeken|inhoud|startpagina|next|previous)",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"(?:last (?:updated|modified)|sidst (?:opdateret|ændret)|laatst (?:bijgewerkt|gewijzigd))\b.*",
    re.IGNORECASE,
)
_CONTACT_HEADING = re.compile(
    r"(?:press |media )?contacts?(?: details)?|contactpersonen|kontakt(?:er|personer)?|"
    r"(?:pers|presse)(?:contact|kontakt)(?:en|er)?",
    re.IGNORECASE,
)
_LINKS_HEADING = re.compile(
    r"(?:more|further) information|related (?:links|documents)|links|see also|meer informatie|"
    r"zie ook|(?:yderligere|mere) (?:oplysninger|information)|læs mere|se også",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:tel\S*|tlf\S*|phone|mobile|mob\S*)?[:\s]*\(?\+\d[\d\s()/.-]{6,}(?:\([A-Z]{2,4}\))?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?:e-?mail:?\s*)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_REPEATS = 3
_SHORT = 12


class Part(Enum):
    """What a chunk is to the reader."""

    BODY = auto()
    FURNITURE = auto()
    END_MATTER = auto()
    """Lists of further reading, when the page was updated, who runs the site."""
    CONTACT = auto()


def parts_of(text: str, chunks: Sequence[Chunk]) -> list[Part]:
    """For each chunk of the running text, whether it is furniture, end matter, a contact or the text itself."""
    running_heads = _running_heads(chunks)
    parts = [_part(text, chunk, running_heads) for chunk in chunks]
    _mark_language_heads(text, chunks, parts)
    _mark_names(chunks, parts)
    _mark_link_lists(text, chunks, parts)
    _mark_headings(text, chunks, parts)
    _mark_footer(text, chunks, parts)
    return parts


def _lines(text: str, chunk: Chunk) -> list[str]:
    return [text[line.start : line.end] for line in chunk.lines]


def _running_heads(chunks: Sequence[Chunk]) -> set[str]:
    seen = Counter(
        chunk.words for chunk in chunks if len(chunk.lines) == 1 and not chunk.marker and chunk.words
    )
    return {
        words
        for words, times in seen.items()
        if times >= _REPEATS * 2 and count_words(words) <= _SHORT and last_mark(words) not in ".:;,!?"
    }


def _part(text: str, chunk: Chunk, running_heads: set[str]) -> Part:
    lines = _lines(text, chunk)
    if all(URL_LINE.fullmatch(line) or FURNITURE_LINE.fullmatch(line) for line in lines):
        return Part.FURNITURE
    if chunk.words in running_heads or is_navigation(chunk.words):
        return Part.FURNITURE
    if is_update(lines[0]) and all(count_words(line) <= _SHORT for line in lines):
        return Part.END_MATTER
    if any(map(is_reachable, lines)) and all(count_words(line) <= _SHORT // 2 for line in lines):
        return Part.CONTACT
    return Part.BODY


def _mark_language_heads(text: str, chunks: Sequence[Chunk], parts: list[Part]) -> None:
    """A short line of capitals directly above a language code is the page's letterhead."""
    for index in range(len(chunks) - 1):
        following = chunks[index + 1]
        code = parts[index + 1] is Part.FURNITURE and following.words.isupper() and following.gap == 0
        if code and is_capitals(chunks[index].words) and count_words(chunks[index].words) <= 5:
            parts[index] = Part.FURNITURE


def _mark_names(chunks: Sequence[Chunk], parts: list[Part]) -> None:
    """The name and office above a telephone number belong to the contact."""
    for index in range(len(chunks) - 1):
        short = all(line.end - line.start <= 60 for line in chunks[index].lines)
        is_name = short and len(chunks[index].lines) <= 4 and last_mark(chunks[index].words).isalpha()
        if parts[index + 1] is Part.CONTACT and parts[index] is Part.BODY and is_name:
            parts[index] = Part.CONTACT


def _mark_link_lists(text: str, chunks: Sequence[Chunk], parts: list[Part]) -> None:
    """ "More information" with a list of unpunctuated titles below it."""
    for index, chunk in enumerate(chunks):
        lines = _lines(text, chunk)
        if parts[index] is Part.BODY and is_links_heading(lines[0]):
            titles = lines[1:]
            if titles and not any(is_finished(title) for title in titles):
                parts[index] = Part.END_MATTER


def _mark_headings(text: str, chunks: Sequence[Chunk], parts: list[Part]) -> None:
    """A "Contact" or "Links" heading with nothing of the text under it."""
    for index, chunk in enumerate(chunks):
        heading = is_contact_heading(chunk.words) or is_links_heading(chunk.words)
        below = parts[index + 1] if index + 1 < len(chunks) else Part.FURNITURE
        if parts[index] is Part.BODY and heading and below is not Part.BODY:
            parts[index] = Part.FURNITURE


def _mark_footer(text: str, chunks: Sequence[Chunk], parts: list[Part]) -> None:
    """After the last sentence: chunks of three or more short lines without any punctuation.

    If a line begins in mid-sentence they say something; if none does they are a menu.
    """
    for index in range(len(chunks) - 1, -1, -1):
        if parts[index] is not Part.BODY:
            continue
        lines = _lines(text, chunks[index])
        short = len(lines) >= 3 and all(count_words(line) <= 8 for line in lines)
        loose = not chunks[index].marker and last_mark(lines[-1]).isalpha()
        if len(chunks) > 2 and short and loose:
            parts[index] = Part.END_MATTER if is_wrapped(lines) else Part.FURNITURE
        else:
            break


def is_contact_heading(words: str) -> bool:
    return _CONTACT_HEADING.fullmatch(_bare(words)) is not None


def is_links_heading(words: str) -> bool:
    return _LINKS_HEADING.fullmatch(_bare(words)) is not None


def is_navigation(words: str) -> bool:
    return _NAVIGATION.fullmatch(words) is not None


def is_update(line: str) -> bool:
    """Whether a line says when the page was last changed."""
    return _UPDATED.fullmatch(line.strip()) is not None


def is_reachable(line: str) -> bool:
    """Whether a line is a telephone number or an e-mail address and nothing else."""
    return _PHONE.fullmatch(line) is not None or _MAIL.fullmatch(line) is not None


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether a sentence goes over several of these lines, the first of which begins it."""
    return bool(lines) and not starts_lower(lines[0]) and any(map(starts_lower, lines[1:]))


def _bare(words: str) -> str:
    return words.strip(" :*#.")
