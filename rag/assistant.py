"""The one flow of a question: route, understand, retrieve, answer, verify, reply.

Knows ports only; `rag.assembly` chooses what stands behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from rag.domain.answers import Abstention, Answer, Referral, Reply, Response, SmallTalk, Stage
from rag.domain.conversations import History
from rag.domain.errors import QuestionError
from rag.domain.ports import LanguageIdentifier, Library, Rewriter, Router
from rag.domain.retrieval import Hit, Query, QuestionPart
from rag.growing import Growing, mapped, whole
from rag.researching import Clock, Researcher, attributed
from rag.stages import Comparer, Mender, Parts, Premises

_NAME = re.compile(r"(?<=\s)[A-ZÆØÅ]\w{2,}")
LANGUAGES = ("en", "nl", "da")
"""Languages the service speaks; a question in another is answered in English."""

SURE_WHEN_MENDED = 0.3
"""Confidence that an answer must have to a question whose words were changed: more than one as it was written.

Of 231 fresh development questions that found nothing and could be mended, 0.3 answers 68 of 95 that the texts
answer and 6 of 136 others; 0.5 answers 50 and 4.
"""


class Assistant:
    """Answers questions; safe to use from several threads."""

    def __init__(
        self,
        *,
        languages: LanguageIdentifier,
        router: Router,
        rewriter: Rewriter,
        researcher: Researcher,
        library: Library,
        parts: Parts,
        premises: Premises,
        comparer: Comparer | None = None,
        mender: Mender | None = None,
        max_characters: int = 2000,
    ) -> None:
        self._languages = languages
        self._router = router
        self._rewriter = rewriter
        self._researcher = researcher
        self._parts = parts
        self._premises = premises
        self._comparer = comparer
        self._mender = mender
        self._max_characters = max_characters
        self.library = library

    @property
    def fingerprint(self) -> str:
        """Of the serving index."""
        return self._researcher.fingerprint

    def ask(self, question: str, language: str | None = None, history: History = ()) -> Response:
        """The reply to a question. Raises QuestionError if it is empty or too long."""
        return whole(self._respond(question, language, history, watched=False))

    def watch(
        self, question: str, language: str | None = None, history: History = ()
    ) -> Growing[Response, Response]:
        """What `ask` returns, and on the way there the answer whenever it has grown.

        All that is yielded has been verified. Only what a language model writes grows.
        """
        return self._respond(question, language, history, watched=True)

    def _respond(
        self, question: str, language: str | None, history: History, *, watched: bool
    ) -> Growing[Response, Response]:
        clock = Clock()
        question = self.checked(question)
        with clock.stage("route"):
            spoken = self.language_of(question, language)
            routed = self._router.route(question, spoken)
        understood, early = question, self._early_reply(routed)

        def response(reply: Reply, timings: tuple[Stage, ...] = ()) -> Response:
            return Response(question, spoken, understood, reply, self.fingerprint, timings)

        if early is not None:
            return response(early, clock.total())
        with clock.stage("understand"):
            asked = routed.asked if isinstance(routed, Referral) else ""
            understood = self._rewriter.rewrite(asked or question, spoken, history)
        growing = self._answered(Query(understood, spoken), clock, watched)
        reply: Reply = yield from mapped(growing, lambda so_far: response(_cared_for(so_far, routed)))
        if isinstance(reply, Abstention) and (mended := self._mended(understood, spoken)):
            again = whole(self._answered(Query(mended, spoken), clock, watched=False))
            if isinstance(again, Answer) and again.confidence >= SURE_WHEN_MENDED:
                understood, reply = mended, again
        if isinstance(reply, Answer):
            with clock.stage("verify"):
                reply = self._premises.remarked(reply, Query(question, spoken))
        return response(_cared_for(reply, routed), clock.total())

    def _mended(self, question: str, language: str) -> str:
        """The question without its misspellings; nothing if it has none."""
        mended = self._mender.mended(question, language, self.fingerprint) if self._mender else question
        return mended if mended != question else ""

    def search(self, question: str, language: str | None = None, limit: int = 10) -> tuple[Hit, ...]:
        """The passages found for a question, best first."""
        question = self.checked(question)
        return self._researcher.search(Query(question, self.language_of(question, language)), limit)

    def checked(self, question: str) -> str:
        """The question without control characters and surplus white space."""
        if len(question) > self._max_characters:
            raise QuestionError(
                f"The question has {len(question):,} characters; at most "
                f"{self._max_characters:,} can be taken. Shorten it, or ask in parts."
            )
        cleaned = " ".join("".join(c if c.isprintable() else " " for c in question).split())
        if not any(c.isalnum() for c in cleaned):
            raise QuestionError("The question is empty. Write what you want to know.")
        return cleaned

    def language_of(self, question: str, language: str | None) -> str:
        """The language asked for, or else the one the question is in; English if not spoken here."""
        if language:
            if language not in LANGUAGES:
                raise QuestionError(
                    f"Language '{language}' is not one of {', '.join(LANGUAGES)}. "
                    "Leave it out to have it recognised."
                )
            return language
        found = self._languages.identify(question)
        return found if found in LANGUAGES else "en"

    @staticmethod
    def _early_reply(routed: Referral | SmallTalk | None) -> Reply | None:
        if isinstance(routed, SmallTalk):
            return routed
        if isinstance(routed, Referral) and not routed.also_answer:
            return routed
        return None

    def _answered(self, query: Query, clock: Clock, watched: bool) -> Growing[Answer, Answer | Abstention]:
        """Part by part where several things are asked.

        What a part does not find, the whole question may: a part is said to be unanswered only if
        the question as a whole finds no further passage.
        """
        parts = self._parts.divide(query.text, query.language)
        if len(parts) == 1 and self._comparer is not None:
            parts = self._comparer.divide(query, self.fingerprint) or parts
        if len(parts) == 1:
            return (yield from self._of_one(query, clock, watched))
        replies: list[Answer | Abstention] = []
        answers: list[tuple[QuestionPart, Answer | None]] = []
        for part in parts:
            joined = partial(self._joined, tuple(answers), part, query.language)
            reply = yield from mapped(self._of_part(part, answers, clock, watched), joined)
            replies.append(reply)
            answers.append((part, reply if isinstance(reply, Answer) else None))
        if parts[0].named and not self._sure_of_any([answer for _, answer in answers]):
            return self._researcher.abstained(query, clock)
        answers = [
            (part, answer)
            for (part, answer), reply in zip(answers, replies, strict=True)
            if answer or not _told_beside(part, reply, answers)
        ]
        missing = any(answer is None for _, answer in answers)
        if parts[0].speaker and any(answer for _, answer in answers):
            missing = False  # what other texts say is no answer to what this one says
        asked_whole = whole(self._researcher.answered(query, clock, watched=False)) if missing else None
        rest = asked_whole if isinstance(asked_whole, Answer) else None
        answer = self._parts.join(answers, rest, query.language)
        return (
            attributed(answer, self.library, always=bool(parts[0].speaker))
            if answer
            else asked_whole or replies[0]
        )

    def _of_one(self, query: Query, clock: Clock, watched: bool) -> Growing[Answer, Answer | Abstention]:
        """A question of one part: what a text says of something, or its maker in its year, is taken from that
        text alone; where only others answer, it is said to be silent."""
        named = self._comparer.alone(query, self.fingerprint) if self._comparer else None
        if named and (named.named or (named.sought and self._researcher.is_sure(query, clock))):
            own = yield from self._of_part(named, (), clock, watched)
            if isinstance(own, Answer) and self._sure_of_any([own]):
                return own
        other = self._comparer.elsewhere(named) if self._comparer and named and named.named else None
        if other is None:
            reply = yield from self._researcher.answered(query, clock, watched)
        else:
            reply = yield from self._of_part(other, (), clock, watched)
            reply = reply if isinstance(reply, Answer) else self._researcher.abstained(query, clock)
        if named is None or not isinstance(reply, Answer):
            return reply
        if any(c.passage.document in named.query.documents for c in reply.citations):
            return reply
        heard = [(QuestionPart(query.text, query), reply), (named, None)]
        return self._parts.join(heard, None, query.language) or reply

    def _sure_of_any(self, answers: Sequence[Answer | None]) -> bool:
        """Whether one of the texts, at least, answers as surely as is asked of one question alone."""
        return any(answer and answer.confidence >= self._researcher.threshold for answer in answers)

    def _of_part(
        self,
        part: QuestionPart,
        before: Sequence[tuple[QuestionPart, Answer | None]],
        clock: Clock,
        watched: bool,
    ) -> Growing[Answer, Answer | Abstention]:
        """A part that leans on an earlier one is looked for first in the text that answered that one."""
        texts = [answer.citations[0].passage.document for _, answer in before if answer is not None]
        if part.leans and texts:
            beside = replace(part.query, documents=frozenset(texts[-1:]))
            reply = yield from self._researcher.answered(beside, clock, watched)
            if isinstance(reply, Answer):
                return reply
        return (yield from self._researcher.answered(part.query, clock, watched, named=part.named))

    def _joined(
        self,
        before: Sequence[tuple[QuestionPart, Answer | None]],
        part: QuestionPart,
        language: str,
        so_far: Answer,
    ) -> Answer | None:
        """What there is of an answer in parts while one of them grows."""
        found = [(earlier, answer) for earlier, answer in before if answer is not None]
        joined = self._parts.join([*found, (part, so_far)], None, language)
        return attributed(joined, self.library, always=bool(part.speaker)) if joined else None


def _told_beside(
    part: QuestionPart, reply: Answer | Abstention, answers: Sequence[tuple[QuestionPart, Answer | None]]
) -> bool:
    """Whether what comes nearest to an unanswered part is told for another one, with every name of it."""
    names = _NAME.findall(part.asked)
    if part.speaker or not names or not isinstance(reply, Abstention) or not reply.nearest:
        return False
    nearest = reply.nearest[0]
    told = {c.passage.id for _, answer in answers if answer for c in answer.citations}
    return nearest.passage.id in told and all(name in nearest.passage.full_text for name in names)


def _cared_for(reply: Reply, routed: Referral | SmallTalk | None) -> Reply:
    """The reply with the help that the question also asked for; the help alone where there is no answer."""
    if not isinstance(routed, Referral):
        return reply
    if isinstance(reply, Answer):
        return reply if routed.unless_answered else replace(reply, care=routed)
    return routed
