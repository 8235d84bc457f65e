"""Makes a follow-up question stand on its own, offline and by rules.

A rewrite holds only words of the conversation: it never adds a fact. Whoever asked sees it
("understood as").
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.domain.conversations import History

CUES = Path(__file__).with_name("cues.toml")
ELLIPTIC_WORDS = 4
"""A question of fewer words than this that opens like a follow-up has no topic of its own."""
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_FEW = 3
LONGEST_LEANING_WORDS = 16
"""A longer question brings its own topic along, whatever pronouns it uses."""
_ANCHOR = re.compile(r"(?<=[\w,] )[A-ZÆØÅ]\w|\d")
"""A name or a number inside the question: it has a topic of its own."""
_CAPITAL = r"(?-i:[A-ZÆØÅ])"
NAME = rf"(?:(?:the|de|het|den|det) )?{_CAPITAL}[\w’'-]*(?: (?:(?:of|on|for|van|voor|af|til) )?{_CAPITAL}[\w-]*)*"
_NAME = re.compile(NAME, re.IGNORECASE)
_SETTING = re.compile(r"(?<=[\w,] )[A-ZÆØÅ][\w-]*(?: [A-ZÆØÅ][\w-]*)*|\b(?:19|20)\d{2}\b")
"""Names and years: who and when."""
_CARRIED = re.compile(r"\((?P<words>[^()]*)\)\W*$")
"""What a follow-up carries of the question before it."""


@dataclass(frozen=True, slots=True)
class Cues:
    """How follow-ups look in one language."""

    opens: re.Pattern[str]
    points: re.Pattern[str]
    not_pointing: re.Pattern[str]
    defines: re.Pattern[str]
    about: re.Pattern[str]
    bare: re.Pattern[str]
    says: re.Pattern[str]
    does: re.Pattern[str]
    full: re.Pattern[str]
    article: re.Pattern[str]
    ends: re.Pattern[str]


@lru_cache(maxsize=1)
def load_cues() -> dict[str, Cues]:
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    return {
        language: Cues(
            **{name: re.compile(p.replace("NAME", NAME), re.IGNORECASE) for name, p in patterns.items()}
        )
        for language, patterns in data.items()
    }


class RuleRewriter:
    """Implements the Rewriter port."""

    def rewrite(self, question: str, language: str, history: History) -> str:
        """The question with what it leans on of the one before; unchanged if it leans on nothing."""
        cues = load_cues().get(language)
        if not history or cues is None or not leans_back(question, cues):
            return question
        before = history[-1].understood_as or history[-1].question
        return _joined(question, before, cues)


def leans_back(question: str, cues: Cues) -> bool:
    """Whether the question cannot be understood without the one before."""
    if cues.defines.search(question):
        return False
    if cues.opens.search(question) or cues.ends.search(question) or len(question.split()) <= _FEW:
        return True
    if len(question.split()) > LONGEST_LEANING_WORDS or _ANCHOR.search(question):
        return False
    return bool(cues.points.search(cues.not_pointing.sub(" ", question)))


def _joined(question: str, before: str, cues: Cues) -> str:
    before = before.rstrip(" ?.!")
    years, earlier = _YEAR.findall(question), _YEAR.findall(before)
    if len(years) == 1 and earlier and len(question.split()) <= ELLIPTIC_WORDS:
        return f"{_replace_last(before, earlier[-1], years[0])}?"
    return _with_name(question, before, cues) or _with_topic(question.strip(), before, cues)


def _with_name(question: str, before: str, cues: Cues) -> str | None:
    """ "And Europol?" after "What does Eurojust do": the same question about another."""
    asked = cues.about.match(question.strip()) or cues.bare.match(question.strip())
    same = cues.does.match(before)
    if not asked or not same or not _NAME.fullmatch(asked["topic"].strip()):
        return None
    return f"{same['before']} {asked['topic'].strip()}{same['after']}?"


def _with_topic(question: str, before: str, cues: Cues) -> str:
    """The question, and of the one before what the question leaves open: a topic of its own is not
    to be drowned by the last one."""
    about = cues.about.match(question)
    topic = about["topic"].strip() if about else _topic(question, cues)
    if not topic or (cues.points.match(topic) and not cues.article.match(topic)):
        return f"{question} ({_flat(before)})"
    named = _NAME.fullmatch(topic)
    carried = _head(before, cues, fits=_NAME if named else None)
    if carried is None and about and not named and cues.full.search(topic):
        carried = ", ".join(dict.fromkeys(_SETTING.findall(before)))
    if carried is not None:
        return f"{question} ({carried})" if carried else question
    return f"{before}: {topic}?" if named and about else f"{question} ({_flat(before)})"


def _flat(before: str) -> str:
    """What is carried of a question that carries another itself: one bracket is enough."""
    return re.sub(r"\s*\(([^()]*)\)", r" \1", before)


def _topic(question: str, cues: Cues) -> str:
    """What a question other than "What about X?" is about: "And X?", "And what does it say about X?"."""
    bare = cues.bare.match(question)
    if bare and _NAME.fullmatch(bare["topic"].strip()):
        return bare["topic"].strip()
    said = cues.says.match((bare["topic"] if bare else question).rstrip(" ?"))
    return (said["topic"] or "").strip() if said else ""


def _head(before: str, cues: Cues, fits: re.Pattern[str] | None) -> str | None:
    """The question before without its topic, if it is one into which any topic fits (or only one that
    is, like it, a name)."""
    carried = _CARRIED.search(before)
    said = cues.says.match(carried["words"] if carried else before)
    if said is None or not (said["topic"] or carried):
        return None
    if fits and said["topic"] and not fits.fullmatch(said["topic"].strip()):
        return None
    return said["head"]


def _replace_last(text: str, old: str, new: str) -> str:
    head, _, tail = text.rpartition(old)
    return f"{head}{new}{tail}"
