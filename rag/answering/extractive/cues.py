"""Words that tell how a question wants to be answered and which sentences belong together."""

from __future__ import annotations

import re

_LIST_QUESTION = {
    "en": r"\b(which|what)\s+(\w+\s+){0,2}?(\w{3,}s)\s+(are|were|have|do|does|should|must|can|will)\b"
    r"|\b(list|name all|measures|steps|tasks|examples|actions|all the)\b"
    r"|\bwhat (all|else)\b",
    "nl": r"\b(welke|wat voor)\s+(\w+\s+)?(\w+(en|s))\b|\b(lijst|noem|opsomming|maatregelen|stappen|taken"
    r"|voorbeelden|acties|allemaal)\b",
    "da": r"\bhvilke\b|\b(liste|nævn|opregn|foranstaltninger|tiltag|skridt|opgaver|eksempler)\b",
}
_LISTS = {code: re.compile(pattern, re.IGNORECASE) for code, pattern in _LIST_QUESTION.items()}

_CONTINUES = re.compile(
    r"^(however|but|yet|nevertheless|unless|except|provided|only if|this (also )?(applies|does not)"
    r"|in that case"
    r"|otherwise|moreover|furthermore|in addition"
    r"|echter|maar|toch|tenzij|behalve|mits|evenwel|daarbij|bovendien|anders|in dat geval|dit geldt"
    r"|dog|men|medmindre|undtagen|forudsat|imidlertid|derudover|desuden|endvidere|ellers|i så fald"
    r"|dette gælder)\b",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"^(it|they|he|she|this|these|that|those|such|its|their|here|there|thereby|therefore"
    r"|het|hij|zij|ze|dit|dat|deze|die|daarmee|daardoor|daarom|hiermee|hier|er"
    r"|det|den|de|dette|denne|disse|dermed|derved|derfor|herved|hermed|her|der)\b",
    re.IGNORECASE,
)


def asks_for_list(question: str, language: str) -> bool:
    """Whether the question asks for several things at once."""
    pattern = _LISTS.get(language)
    return bool(pattern and pattern.search(question))


def continues(sentence: str) -> bool:
    """Whether the sentence limits or adds to the one before it (a condition, an exception)."""
    return bool(_CONTINUES.match(sentence))


def refers_back(sentence: str) -> bool:
    """Whether the sentence cannot be understood without the one before it."""
    return bool(_REFERS_BACK.match(sentence))
