"""Words that tell how a question wants to be answered."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

_LIST_QUESTION = {
    "en": r"\b(which|what)\s+(\w+\s+){0,2}?(\w{3,}s)\s+(are|were|have|do|does|should|must|can|will)\b"
    r"|\bwhich\s+(?!does\b)(?:\w+\s+)?(?!does\b)\w{3,}s\s+(?:and|or)\s+\w{3,}s\b"
    r"|\b(what|which|who)\s+(are|were)\s+(the|all|its|their)\s+(\w+\s+){0,2}?\w{3,}s\b"
    r"|\b(list|name all|enumerate|give all|give me all|measures|steps|tasks|examples|actions|all the)\b"
    r"|\bwhat (all|else)\b",
    "nl": r"\b(welke|wat voor)\s+(\w+\s+)?(\w+(en|s))\b|\b(lijst|noem|geef alle|opsomming|maatregelen|stappen|taken"
    r"|voorbeelden|acties|allemaal)\b|\bsom\b.*\bop\b"
    r"|\b(wat|wie)\s+(zijn|waren)\s+(de|alle)\s+(\w+\s+){0,2}?\w+(en|s)\b",
    "da": r"\bhvilke\b|\b(liste|nævn|opregn|opremser?|giv alle|foranstaltninger|tiltag|skridt|opgaver|eksempler)\b"
    r"|\b(hvad|hvem)\s+(er|var)\s+(de|alle)\s+(\w+\s+){0,2}?\w+(er|erne)\b",
}
_LISTS = {code: re.compile(pattern, re.IGNORECASE) for code, pattern in _LIST_QUESTION.items()}

_WHO = r"(?P<who>\w+(?:\s+\w+){0,3}?)"
_BY_NL = r"(?:(?:volgens|krachtens|onder|ingevolge|op grond van)\b.*\b)?"
_BY_DA = r"(?:(?:efter|ifølge|i henhold til|i medfør af|under)\b.*\b)?"
_DUTY_QUESTIONS = {
    "en": (
        rf"\bwhat\s+(?:must|should|shall|will|can)\s+{_WHO}\s+do\b",
        rf"\bwhat\s+(?:do|does|did|are|is|were|was)\s+{_WHO}\s+"
        r"(?:(?:have|need|ought)|(?:required|obliged|supposed|asked|expected|bound))\s+to\s+do\b",
        rf"\b(?:what|which)\s+(?:measures|steps|actions?)\s+(?:must|should|shall|will)\s+{_WHO}\s+take\b",
    ),
    "nl": (
        rf"\bwat\s+(?:moet|moeten|zal|zullen|dient|dienen|kan|kunnen)\s+{_WHO}\s+{_BY_NL}(?:te\s+)?doen\b",
        rf"\bwelke\s+(?:maatregelen|stappen|acties)\s+(?:moet|moeten|zal|zullen|dient|dienen)\s+{_WHO}\s+"
        rf"{_BY_NL}(?:te\s+)?(?:nemen|treffen)\b",
    ),
    "da": (
        rf"\bhvad\s+(?:skal|bør|vil|må|kan)\s+{_WHO}\s+{_BY_DA}gøre\b",
        rf"\bhvilke\s+(?:foranstaltninger|tiltag|skridt)\s+(?:skal|bør|vil|må)\s+{_WHO}\s+"
        rf"{_BY_DA}(?:træffe|tage|gennemføre)\b",
    ),
}
_DUTIES = {
    code: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    for code, patterns in _DUTY_QUESTIONS.items()
}
_NO_NAMES = frozenset(
    "the a an all every each i we you they it he she "
    "de het een alle elke ik wij we je jij u zij ze men hij "
    "den det en et hver jeg vi du man han hun".split()
)
_STEM_LETTERS = 6
"""So much of a word counts: "medlemsstater" and "medlemsstaterne" are the same."""


def asks_for_list(question: str, language: str) -> bool:
    """Whether the question asks for several things at once."""
    pattern = _LISTS.get(language)
    return bool(pattern and pattern.search(question))


def asks_for_sources(question: str, language: str) -> bool:
    """Whether what is asked for may be a work, an act, its date or its maker: what a footnote names."""
    return _wants("sources", question, language)


def asks_for_exact_words(question: str, language: str) -> bool:
    """Whether the question asks for a quotation."""
    return _wants("exact_words", question, language)


def _wants(what: str, question: str, language: str) -> bool:
    pattern = _cues()[what].get(language)
    return bool(pattern and pattern.search(question))


@lru_cache(maxsize=1)
def _cues() -> dict[str, dict[str, re.Pattern[str]]]:
    data = tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8"))
    return {
        what: {code: re.compile(cue, re.IGNORECASE) for code, cue in by_language.items()}
        for what, by_language in data.items()
    }


def asks_what_must_be_done_by(question: str, language: str) -> str:
    """Of whom a question asks what they must do ("What must Member States do?"), or nothing."""
    found = next((m for p in _DUTIES.get(language, ()) if (m := p.search(question))), None)
    return " ".join(w for w in found["who"].split() if w.casefold() not in _NO_NAMES) if found else ""


def names(who: str, sentence: str) -> bool:
    """Whether the sentence names them, whatever the endings of the words."""
    said = [word[:_STEM_LETTERS] for word in re.findall(r"\w+", sentence.casefold())]
    return all(word[:_STEM_LETTERS] in said for word in who.casefold().split())
