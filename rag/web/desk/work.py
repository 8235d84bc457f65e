"""The press desk's deeds: each brings the assistant, the drafting room and the store together once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rag.domain.answers import Response
from rag.domain.errors import QuestionError, RecordError
from rag.domain.ports import LanguageIdentifier, Verifier
from rag.domain.retrieval import Hit
from rag.drafting.citing import cited_hit
from rag.drafting.compose import Alternative, Composer, DraftPart, DraftSentence
from rag.drafting.enquiry import LANGUAGES, Enquiry, read_enquiry
from rag.drafting.house import around, in_force
from rag.drafting.letters import Letter
from rag.drafting.sheet import Cited, corpus_hash
from rag.drafting.standing import Judged, judge
from rag.records.draft_values import Draft, NewSentence, Section, Sentence
from rag.records.trail import Who
from rag.ui.service import Desk
from rag.web.desk.keeping import (
    alternative_json,
    alternatives_of,
    citations_of,
    kept_part,
    sentence_to_keep,
    standing_of,
    to_keep,
)
from rag.web.desk.sheets import Sheets
from rag.web.staff.rooms import Staff

FOUND_BY_HAND = 6


@dataclass(frozen=True, slots=True)
class Work:
    """What officers do; safe to share between threads."""

    desk: Desk
    staff: Staff
    verifier: Verifier
    languages: LanguageIdentifier

    @property
    def sheets(self) -> Sheets:
        """Replies as they are signed and sent."""
        return Sheets(self.desk, self.staff)

    # -- from the letter to a draft ---------------------------------------------------------------

    def begin(self, letter: Letter, language: str, by: Who) -> str:
        """A draft with an answer to every question found; its id. `language` "" is the enquiry's own."""
        enquiry = read_enquiry(letter, self.languages, datetime.now(UTC).replace(tzinfo=None))
        spoken = language if language in LANGUAGES else enquiry.language
        parts = self.composer(spoken).parts(enquiry.questions, spoken)
        title = enquiry.subject or (enquiry.questions[0] if enquiry.questions else enquiry.outlet) or "Reply"
        return self.staff.drafts.create(
            title[:300],
            spoken,
            _enquiry_json(enquiry),
            self.frame_json(spoken, enquiry.sender, enquiry.outlet, enquiry.subject),
            [to_keep(part) for part in parts],
            by,
        )

    def composer(self, language: str) -> Composer:
        service = self.desk.service()

        def ask(question: str, spoken: str) -> Response:
            return service.ask(question, spoken)

        def search(question: str, spoken: str, limit: int) -> Sequence[Hit]:
            return service.search(question, spoken, limit)

        return Composer(ask, search, service.library, self.verifier, self.house(language), self.languages)

    def house(self, language: str) -> dict[str, str]:
        """The house style in force: what officers changed over what comes with the product."""
        return in_force(language, self.staff.house.texts())

    def frame_json(
        self,
        language: str,
        sender: str,
        outlet: str,
        subject: str,
        attribution: str = "for attribution",
    ) -> dict[str, object]:
        texts = around(
            self.house(language),
            language=language,
            name=sender,
            outlet=outlet,
            subject=subject,
            attribution=attribution,
        )
        return {
            **texts,
            "retrieved": datetime.now(UTC).date().isoformat(),
            "index": self.desk.service().fingerprint,
            "corpus": corpus_hash(self.desk.service().library.documents()),
        }

    # -- questions ----------------------------------------------------------------------------------

    def reword(self, draft: Draft, seen: int, section: Section, question: str, by: Who, *, ask: bool) -> None:
        """Change a question; with `ask` it is answered anew, else its sentences stay."""
        pinned = [a for a in alternatives_of(section) if a.pinned]
        if ask:
            part = self.composer(draft.language).part(_asked(question), draft.language)
        else:
            part = replace(kept_part(section), question=_asked(question))
        self.staff.drafts.replace_sections(draft.id, seen, [section.id], [to_keep(part, pinned)], by)

    def merge(self, draft: Draft, seen: int, section: Section, by: Who) -> None:
        """Make one of a question and the next; every sentence of both stays."""
        questions = [s for s in draft.sections if s.kind == "question"]
        following = questions[questions.index(section) + 1 :]
        if not following:
            raise RecordError("There is no question after this one to merge it with.")
        one, two = kept_part(section), kept_part(following[0])
        known = {a.cited.place for a in one.alternatives}
        merged = DraftPart(
            "question",
            f"{one.question} {two.question}",
            one.outcome if one.outcome == "answer" else two.outcome,
            (*one.sentences, *two.sentences),
            (*one.alternatives, *(a for a in two.alternatives if a.cited.place not in known)),
            tuple(dict.fromkeys((*one.notes, *two.notes))),
        )
        self.staff.drafts.replace_sections(
            draft.id, seen, [section.id, following[0].id], [to_keep(merged)], by
        )

    def split(self, draft: Draft, seen: int, section: Section, first: str, second: str, by: Who) -> None:
        """Make two questions of one: the sentences stay with the first, the second is answered anew."""
        kept = replace(kept_part(section), question=_asked(first))
        part = self.composer(draft.language).part(_asked(second), draft.language)
        self.staff.drafts.replace_sections(draft.id, seen, [section.id], [to_keep(kept), to_keep(part)], by)

    def add_question(self, draft: Draft, seen: int, question: str, by: Who) -> None:
        part = self.composer(draft.language).part(_asked(question), draft.language)
        ids = self.staff.drafts.replace_sections(draft.id, seen, [], [to_keep(part)], by)
        lines = [s.id for s in draft.sections if s.kind == "lines"]
        if lines:
            order = [s.id for s in draft.sections if s.kind != "lines"]
            self.staff.drafts.arrange(draft.id, seen + 1, [*order, *ids, *lines], by)

    def move(self, draft: Draft, seen: int, section: Section, by_places: int, by: Who) -> None:
        order = [s.id for s in draft.sections]
        place = order.index(section.id)
        order.insert(max(0, min(len(order) - 1, place + by_places)), order.pop(place))
        self.staff.drafts.arrange(draft.id, seen, order, by)

    def remove(self, draft: Draft, seen: int, section: Section, by: Who) -> None:
        order = [s.id for s in draft.sections if s.id != section.id]
        self.staff.drafts.arrange(draft.id, seen, order, by)

    # -- sentences ----------------------------------------------------------------------------------

    def judged(self, text: str, citations: Sequence[Cited], *, own_words: bool) -> Judged:
        return judge(text, citations, self.verifier, own_words=own_words)

    def save(
        self, draft: Draft, sentence: Sentence, seen: int, text: str, by: Who, *, own_words: bool
    ) -> Sentence:
        """Keep the words with their standing. Raises Conflict."""
        citations = citations_of(sentence)
        text = " ".join(text.split())
        if not text:
            raise RecordError("The sentence is empty. Remove it instead.")
        judged = self.judged(text, citations, own_words=own_words)
        new = NewSentence(text, judged.standing, judged.reasons, sentence.citations)
        return self.staff.drafts.change_sentence(draft.id, sentence.id, seen, new, by)

    def add_own_words(self, draft: Draft, section: Section, text: str, by: Who) -> Sentence:
        text = " ".join(text.split())
        if not text:
            raise RecordError("Write the sentence first.")
        new = NewSentence(text, "own words")
        return self.staff.drafts.add_sentence(draft.id, section.id, new, by)

    def drop_citation(self, draft: Draft, sentence: Sentence, seen: int, place: int, by: Who) -> Sentence:
        left = tuple(c for i, c in enumerate(citations_of(sentence)) if i != place)
        return self._recited(draft, sentence, seen, sentence.text, left, by)

    def take_line(self, draft: Draft, sentence: Sentence, seen: int, by: Who) -> None:
        """Copy a sentence with its sources to the lines to take."""
        lines = next((s for s in draft.sections if s.kind == "lines"), None)
        kept = DraftSentence(sentence.text, standing_of(sentence), sentence.reasons, citations_of(sentence))
        if lines is None:
            part = to_keep(DraftPart("lines", "", "lines", (kept,)))
            self.staff.drafts.replace_sections(draft.id, seen, [], [part], by)
        else:
            self.staff.drafts.add_sentence(draft.id, lines.id, sentence_to_keep(kept), by)

    # -- passages -----------------------------------------------------------------------------------

    def look_up(self, draft: Draft, section: Section, query: str, by: Who) -> None:
        """Put the passages found for `query` beside the question, before those it had."""
        service = self.desk.service()
        hits = service.search(
            query, self.composer(draft.language).spoken(query, draft.language), FOUND_BY_HAND
        )
        found = [
            Alternative(0, round(hit.score, 4), cited_hit(hit, service.library, draft.language))
            for hit in hits
        ]
        held = alternatives_of(section)
        pinned = [a for a in held if a.pinned]
        taken = {a.cited.place for a in pinned}
        new = [a for a in found if a.cited.place not in taken]
        taken |= {a.cited.place for a in new}
        left = [a for a in held if not a.pinned and a.cited.place not in taken]
        self._set(draft, section, [*pinned, *new, *left], by)

    def pin(self, draft: Draft, section: Section, passage: str, by: Who) -> None:
        """Pin a passage, or unpin it; pinned ones stand first and stay when the question is answered anew."""
        held = [
            replace(a, pinned=not a.pinned) if a.cited.passage == passage else a
            for a in alternatives_of(section)
        ]
        self._set(draft, section, sorted(held, key=lambda a: not a.pinned), by)

    def use(
        self, draft: Draft, section: Section, passage: str, how: str, by: Who, into: str = "", seen: int = 0
    ) -> None:
        """Add a passage as a sentence, exchange it for one, or cite it in one. Raises Conflict."""
        one = next((a.cited for a in alternatives_of(section) if a.cited.passage == passage), None)
        if one is None:
            raise RecordError("This passage is no longer beside the question; search for it again.")
        text = one.translation or one.quote
        if how == "add":
            judged = self.judged(text, [one], own_words=False)
            added = DraftSentence(text, judged.standing, judged.reasons, (one,))
            self.staff.drafts.add_sentence(draft.id, section.id, sentence_to_keep(added), by)
            return
        target = draft.sentence(into)
        if target is None:
            raise RecordError("This sentence was removed by a colleague in the meantime.")
        if how == "exchange":
            self._recited(draft, target, seen, text, (one,), by)
        else:
            held = citations_of(target)
            cited = held if one.place in [c.place for c in held] else (*held, one)
            self._recited(draft, target, seen, target.text, cited, by)

    def _recited(
        self, draft: Draft, sentence: Sentence, seen: int, text: str, cited: tuple[Cited, ...], by: Who
    ) -> Sentence:
        judged = self.judged(text, cited, own_words=False)
        new = sentence_to_keep(DraftSentence(text, judged.standing, judged.reasons, cited))
        return self.staff.drafts.change_sentence(draft.id, sentence.id, seen, new, by)

    def _set(self, draft: Draft, section: Section, held: Sequence[Alternative], by: Who) -> None:
        kept = [alternative_json(a) for a in held]
        self.staff.drafts.set_alternatives(draft.id, section.id, kept, by)


def _asked(question: str) -> str:
    question = " ".join(question.split())
    if not question:
        raise QuestionError("The question is empty. Write what you want to know.")
    return question


def _enquiry_json(enquiry: Enquiry) -> dict[str, object]:
    deadline = enquiry.deadline
    return {
        "text": enquiry.text,
        "subject": enquiry.subject,
        "sender": enquiry.sender,
        "outlet": enquiry.outlet,
        "language": enquiry.language,
        "deadline": deadline.moment.isoformat(timespec="minutes") if deadline and deadline.moment else "",
        "deadline_words": deadline.words if deadline else "",
    }
