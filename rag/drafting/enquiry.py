"""Takes an enquiry apart: who asks, for whom, until when, in which language, and what.

Rules, no model: what it misses the officer sees at once and corrects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rag.domain.ports import LanguageIdentifier
from rag.domain.sentences import split_sentences
from rag.drafting.cues import cues
from rag.drafting.deadline import Deadline, find_deadline
from rag.drafting.letters import Letter

LANGUAGES = ("en", "nl", "da")
MOST_QUESTIONS = 20
LONGEST_QUESTION = 1500
FEWEST_LETTERS = 8
LONGEST_SIGNATURE_LINES = 4
LONGEST_NAME = 60
_ITEM = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.):]|\(?[a-h][.)])\s+(?=\S)", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*>")
_EARLIER = re.compile(
    r"^(?:-{2,}\s*(?:original message|oorspronkelijk bericht|oprindelig meddelelse).*|"
    r"(?:on|op|den) .{5,80}(?:wrote|schreef|skrev).*:)\s*$",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"@|https?:|www\.|\+?\d[\d\s()/-]{6,}")
_COMMON_HOSTS = frozenset("gmail outlook hotmail yahoo icloud proton protonmail live me mail example".split())


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What a letter says; everything may be corrected by the officer."""

    text: str
    subject: str
    sender: str
    outlet: str
    language: str
    deadline: Deadline | None
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    text: str
    is_item: bool


def read_enquiry(letter: Letter, languages: LanguageIdentifier, now: datetime) -> Enquiry:
    """`now` stands for the day of receipt where the letter does not say it."""
    lines = _own_lines(letter.text)
    body, signature = _divided(lines)
    units = tuple(_units(body))
    found = languages.identify(" ".join(unit.text for unit in units) or letter.subject)
    spoken = [words for unit in units for words in _sentences(unit.text)]
    return Enquiry(
        text=letter.text,
        subject=letter.subject,
        sender=letter.sender or _signed(signature),
        outlet=_outlet(letter, body, signature),
        language=found if found in LANGUAGES else "en",
        deadline=find_deadline([letter.subject, *spoken], letter.sent or now),
        questions=tuple(_questions(units))[:MOST_QUESTIONS],
    )


def _own_lines(text: str) -> list[str]:
    """Without what is quoted from earlier letters."""
    kept: list[str] = []
    for line in text.splitlines():
        if _EARLIER.match(line.strip()):
            break
        if not _QUOTED.match(line):
            kept.append(line.rstrip())
    return kept


def _divided(lines: list[str]) -> tuple[list[str], list[str]]:
    """The letter and what stands under it."""
    for index, line in enumerate(lines):
        closing = line.rstrip() == "--" or line == "-- " or cues().found("closing", line.strip())
        if closing and index and not any("?" in later for later in lines[index + 1 :]):
            return lines[:index], lines[index + 1 :]
    return _without_closing(lines)


def _without_closing(lines: list[str]) -> tuple[list[str], list[str]]:
    """A last short block of lines that are no sentences is taken for the signature."""
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    first = last
    while first and lines[first - 1].strip():
        first -= 1
    block = lines[first:last]
    is_name = 0 < len(block) <= LONGEST_SIGNATURE_LINES and all(
        len(line) <= LONGEST_NAME and not line.rstrip().endswith((".", "?", "!", ":", ";")) for line in block
    )
    return (lines[:first], block) if first and is_name else (lines, [])


def _units(lines: list[str]) -> Iterator[_Unit]:
    """Paragraphs and list items, with the lines of each joined."""
    words: list[str] = []
    is_item = False
    for line in [*lines, ""]:
        starts = _ITEM.match(line)
        if (not line.strip() or starts or (words and words[-1].endswith(":"))) and words:
            yield _Unit(" ".join(words), is_item)
            words = []
        if line.strip():
            is_item = bool(starts) if not words else is_item
            words.append(_ITEM.sub("", line).strip())
    return


def _sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text)]


def _questions(units: tuple[_Unit, ...]) -> Iterator[str]:
    asked: list[str] = []
    listing = False
    for unit in units:
        before = ""
        if unit.is_item and listing and "?" not in unit.text:
            asked.append(unit.text)
        else:
            for sentence in _sentences(unit.text):
                if not _asks(sentence):
                    before = sentence
                    continue
                leaning = cues().found("leans", sentence)
                if leaning and before:
                    asked.append(f"{before} {sentence}")
                elif leaning and asked:
                    asked[-1] = f"{asked[-1]} {sentence}"
                else:
                    asked.append(sentence)
                before = ""
        listing = bool(cues().found("lead_in", unit.text)) or (listing and unit.is_item)
    for question in dict.fromkeys(asked):
        if sum(c.isalpha() for c in question) >= FEWEST_LETTERS:
            yield question[:LONGEST_QUESTION]


def _asks(sentence: str) -> bool:
    if cues().found("logistics", sentence):
        return False
    return sentence.rstrip("\"'”’») ").endswith("?") or cues().found("asks", sentence) is not None


def _signed(signature: list[str]) -> str:
    """The first line under the closing that is a name."""
    for line in signature:
        line = line.strip(" ,")
        if line and not _CONTACT.search(line):
            return line.split(",")[0].split("|")[0].strip()[:80]
    return ""


def _outlet(letter: Letter, body: list[str], signature: list[str]) -> str:
    for text in (" ".join(body), "\n".join(signature)):
        if found := cues().found("outlet", text):
            return re.split(r"\s+(?:and|en|og|working|where|about|on|over|om)\s", found["outlet"])[0].strip()
    names = [line.strip(" ,") for line in signature if line.strip() and not _CONTACT.search(line)]
    if len(names) > 1:
        return re.split(r"[,|]", names[-1])[-1].strip()
    first = names[0] if names else ""
    if "," in first or "|" in first:
        return re.split(r"[,|]", first)[-1].strip()
    host = letter.address.rpartition("@")[2].split(".")
    return host[-2].capitalize() if len(host) > 1 and host[-2].lower() not in _COMMON_HOSTS else ""
