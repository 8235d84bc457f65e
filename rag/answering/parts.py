"""Takes a question of several parts apart, and puts the answers to its parts together.

By rules, and shy of it: a question left whole is answered as ever, one cut wrongly is not. A part must
be a question by itself, with a question word and its verb in the order of a question.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rag.answering.checking import renumbered
from rag.answering.wording import say
from rag.domain.answers import Answer, Citation, Statement
from rag.domain.passages import PassageKind
from rag.domain.retrieval import Query, QuestionPart
from rag.domain.sentences import split_sentences

CUES = Path(__file__).with_name("parts.toml")
MOST_PARTS = 4
FEWEST_WORDS = 3
"""A part of fewer words leans on the rest ("and why?", "and how many?")."""
MOST_LEANING_WORDS = 8
"""A longer part without a name or number of its own brings its topic along all the same."""
MOST_PASSAGES = 2
"""Passages cited for one part; a single question is given three."""
_CARRIED = re.compile(r"\s*(\([^()]*\))\s*$")
_ANCHOR = re.compile(r"(?<=[\w,] )[A-ZÆØÅ]\w|\d")


@dataclass(frozen=True, slots=True)
class _Grammar:
    question: re.Pattern[str]
    """The beginning of a question by itself: its verb stands before its subject."""
    joint: re.Pattern[str]
    """Where two questions may be joined within a sentence."""
    opening: re.Pattern[str]
    """Question word and verb, which a later part does not need of an earlier one."""
    asker: re.Pattern[str]
    """The words that ask, up to the verb."""
    listed: re.Pattern[str]
    """Where one of three questions or more begins, the last of which is joined with "and"."""
    short: re.Pattern[str]
    """ "And for how long?", at the end: the verb is the first question's."""
    open_pair: re.Pattern[str]
    """ "Between 2010 ...": what follows "and" is its other end."""
    also: re.Pattern[str]
    points: re.Pattern[str]
    name: re.Pattern[str]
    """A name that tells one thing from all others, unlike that of an institution."""


@cache
def _grammars() -> Mapping[str, _Grammar]:
    return {code: _grammar(words) for code, words in tomllib.loads(CUES.read_text(encoding="utf-8")).items()}


def _grammar(words: Mapping[str, str]) -> _Grammar:
    asks, who, which, how = (words[k] for k in ("asks", "asks_who", "asks_which", "how"))
    verbs, opens = words["verbs"], words["opens"]
    noun = rf"(?!(?:{opens}|{verbs})\b)\w+"
    before = rf"(?:(?:{words['before']})\s+)?"
    # A verb we know, or one that a subject follows: "wanneer begint het", but not "wanneer het begint".
    subject = (
        rf"(?:(?:{opens})\b|(?-i:[A-ZÆØÅ])" + (rf"|{words['definite']}" if "definite" in words else "") + ")"
    )
    verb = rf"(?:(?:{verbs})\b|(?!(?:{opens})\b)(?-i:[a-zæøåéë])\w+(?:s|t|ed|er|de|te)\b(?=\s+{subject}))"
    # After the thing asked about, a regular past is a verb too: "how many members voted".
    done = rf"(?:(?:{verbs})\b|(?-i:[a-zæøå])\w+(?:{words['past']})\b)"
    asking = (
        rf"{before}(?:(?:{asks}|{who})\s+{verb}"
        rf"|{words.get('does', '(?!)')}"
        rf"|{how}\s+(?:{words['degree']})\s+(?:of\s+\w+\s+)?(?:{noun}\s+){{0,4}}?{done}"
        rf"|(?:{which})\s+(?:{noun}\s+){{1,3}}?(?:{done}|{verb}))"
    )
    asker = (
        rf"{before}(?:{how}\s+(?:{words['degree']})(?:\s+of\s+\w+)?(?:\s+{noun}){{0,4}}?"
        rf"|(?:{which})(?:\s+{noun}){{1,3}}?|(?:{asks}|{who}))\s+(?={done}|{verb})"
    )
    short = rf"{before}(?:{words['short']})"
    yes_no = rf"(?:{verbs})\b(?=\s+{subject})"
    question = rf"(?:{asking}|{yes_no})"
    return _Grammar(
        re.compile(question, re.IGNORECASE),
        re.compile(rf",?\s+(?:{words['and']})\s+(?=(?:{question}))", re.IGNORECASE),
        re.compile(rf"{question}\s*", re.IGNORECASE),
        re.compile(asker, re.IGNORECASE),
        re.compile(rf",\s+(?=(?:{question}))", re.IGNORECASE),
        re.compile(rf",?\s+(?:{words['and']})\s+(?P<short>{short})\s*\?$", re.IGNORECASE),
        re.compile(rf"\b(?:{words['pairs']})\b(?!.*\b(?:{words['and']})\b)", re.IGNORECASE),
        re.compile(rf"^(?:(?:{words['also']}),?\s+)+", re.IGNORECASE),
        re.compile(rf"\b(?:{words['points']})\b", re.IGNORECASE),
        re.compile(rf"\b(?!(?:{words['general']})\b)[A-ZÆØÅ]\w+"),
    )


class QuestionParts:
    """Divides questions and joins answers; the flow asks for each part what it asks for a question."""

    def divide(self, question: str, language: str) -> tuple[QuestionPart, ...]:
        """The parts, each with the topic it leans on; the question itself, alone, unless every part
        can stand by itself."""
        grammar = _grammars().get(language)
        found = _divided(question, language, grammar) if grammar else ()
        return found or (QuestionPart(question, Query(question, language)),)

    def join(
        self, answers: Sequence[tuple[QuestionPart, Answer | None]], whole: Answer | None, language: str
    ) -> Answer | None:
        """One answer of all parts, in their order; None if none is answered.

        Where a part has no answer, `whole`, the answer to the question as it was asked, is added if
        it cites something further; if it does not, the part is said to be unanswered. What two parts
        have in common is given once. Of texts heard side by side the silent ones are named.
        """
        found = [_foremost(answer) for _, answer in answers if answer is not None]
        if not found:
            return None
        missing = [part for part, answer in answers if answer is None]
        cited = {c.passage.id for answer in found for c in answer.citations}
        notes = list(_unanswered(missing, language))
        if missing and whole is not None and any(c.passage.id not in cited for c in whole.citations):
            found, notes = [*found, whole], []
        notes += [note for answer in found for note in answer.notes]
        statements: list[Statement] = []
        citations: list[Citation] = []
        for answer in found:
            numbers = {c.number: _number_of(c, citations) for c in answer.citations}
            said = {s.text for s in statements}
            statements += [
                replace(s, citations=tuple(numbers[n] for n in s.citations))
                for s in answer.statements
                if s.text not in said
            ]
        named = next((a.answerer for a in found if a.answerer != "extractive"), "extractive")
        return renumbered(
            Answer(
                tuple(statements),
                tuple(citations),
                confidence=min(answer.confidence for answer in found),
                answerer=named,
                notes=tuple(dict.fromkeys(notes)),
            )
        )


def _unanswered(missing: Sequence[QuestionPart], language: str) -> Iterator[str]:
    silent = [part.speaker for part in missing if part.speaker]
    yield from (say("not_answered", language, question=part.asked) for part in missing if not part.speaker)
    if silent:
        yield say("silent", language, texts="; ".join(silent))


def _foremost(answer: Answer) -> Answer:
    """Its likeliest passages: a question of several parts is read sooner if each is answered briefly.

    A list stays whole.
    """
    kept = {
        c.number
        for place, c in enumerate(answer.citations)
        if place < MOST_PASSAGES or c.passage.kind is PassageKind.LIST_ITEM
    }
    statements = tuple(s for s in answer.statements if set(s.citations) <= kept)
    used = {number for s in statements for number in s.citations}
    if not statements:
        return answer
    citations = tuple(c for c in answer.citations if c.number in used)
    return replace(answer, statements=statements, citations=citations)


def _divided(question: str, language: str, grammar: _Grammar) -> tuple[QuestionPart, ...]:
    carried = _CARRIED.search(question)
    body = question[: carried.start()] if carried else question
    sentences = [body[start:end] for start, end in split_sentences(body, language)]
    setting = " ".join(s for s in sentences if not s.rstrip().endswith("?"))
    questions = [s for s in sentences if s.rstrip().endswith("?")]
    short = grammar.short.search(questions[-1].rstrip()) if questions else None
    if short:
        questions[-1] = f"{questions[-1][: short.start()]}?"
    asked = [words for s in questions for words in _asked(s, grammar)]
    if short:
        asked.append(_lengthened(short["short"], asked[-1], grammar))
    if not 1 < len(asked) <= MOST_PARTS or not body.startswith(setting):
        return ()
    if not all(_is_question(w, grammar) and len(w.split()) >= FEWEST_WORDS for w in asked):
        return ()
    lead = _lead(asked[0], grammar)
    topic = grammar.opening.sub("", asked[0][len(lead) :], count=1).strip(" ?,.")
    if not carried and not setting and not _names_something(topic, grammar):
        return ()
    parts: list[QuestionPart] = []
    for words in asked:
        words = words.rstrip(" ?.")
        shown = f"{words[:1].upper()}{words[1:]}?"
        searched = f"{lead}{words}?" if parts else shown
        last = short is not None and len(parts) == len(asked) - 1
        leans = last or (bool(parts) and _leans(words, grammar))
        leaning = f"({topic})" if leans and not last else ""
        text = " ".join(
            piece for piece in (setting, searched, leaning, carried[1] if carried else "") if piece
        )
        # What a name says is found wherever the name is; "the centre" is the one spoken of.
        parts.append(QuestionPart(shown, Query(text, language), leans and not grammar.name.search(topic)))
    return tuple(parts)


def _lengthened(short: str, question: str, grammar: _Grammar) -> str:
    """ "And for how long?" after "Do the rules apply?": for how long do the rules apply?"""
    rest = question[len(_lead(question, grammar)) :].strip()
    asker = grammar.asker.match(rest)
    rest = rest[asker.end() :] if asker else f"{rest[:1].lower()}{rest[1:]}"
    return f"{short} {rest}"


def _asked(sentence: str, grammar: _Grammar) -> list[str]:
    """The questions of one sentence."""
    words = grammar.also.sub("", sentence.strip())
    start = 0
    found: list[str] = []
    joints = list(grammar.joint.finditer(words))
    if joints:
        listed = grammar.listed.finditer(words, 0, joints[-1].start())
        joints = sorted([*joints, *listed], key=lambda joint: joint.start())
    for joint in joints:
        left = words[start : joint.start()]
        if _is_question(left, grammar) and not grammar.open_pair.search(left):
            found.append(left)
            start = joint.end()
    return [*found, words[start:]]


def _is_question(words: str, grammar: _Grammar) -> bool:
    """Whether the words ask by themselves, at once or after a setting ("According to the text, ...")."""
    return any(grammar.question.match(words, at) for at in _openings(words))


def _openings(words: str) -> list[int]:
    return [0, *(m.end() for m in re.finditer(r",\s+", words))]


def _lead(first: str, grammar: _Grammar) -> str:
    """What stands before the question word: it holds for every part."""
    return first[: next((at for at in _openings(first) if grammar.question.match(first, at)), 0)]


def _names_something(topic: str, grammar: _Grammar) -> bool:
    """Whether anything is left of it without the words that lean on something else."""
    return re.search(r"\w", grammar.points.sub("", topic)) is not None


def _leans(words: str, grammar: _Grammar) -> bool:
    if grammar.points.search(words):
        return True
    return len(words.split()) <= MOST_LEANING_WORDS and not _ANCHOR.search(words)


def _number_of(citation: Citation, known: list[Citation]) -> int:
    """Its number in the whole answer; it is added there unless the same words are cited already."""
    for one in known:
        if one.passage.id == citation.passage.id and one.spans == citation.spans:
            return one.number
    known.append(replace(citation, number=len(known) + 1))
    return len(known)
