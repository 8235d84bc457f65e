"""A response as safe HTML. Pure: the same response gives the same markup; every text is escaped.

Nothing is decided here about what is true or shown first; that is the answer's. A quotation is
printed exactly as the citation holds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from rag.domain.answers import (
    Abstention,
    Answer,
    Citation,
    HelpContact,
    Referral,
    Reply,
    Response,
    SmallTalk,
    Statement,
    Support,
)
from rag.domain.documents import LegalForce
from rag.domain.passages import PassageKind
from rag.ui.links import is_date, language_tag, passage_link, phone_link, web_link
from rag.ui.words import EMERGENCY_NUMBER, Words, load_words
from rag.wire import CitationLine, DocumentLookup, citation_line

LONG_QUOTE_CHARACTERS = 700
"""A longer quotation starts folded, and so does one whose words already stand in the answer."""


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as listed under an answer."""

    line: CitationLine
    anchor: str
    link: str
    force: LegalForce
    unfolded: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring statements that rest on the same passage first."""

    statements: tuple[Statement, ...]
    item: bool
    translated: bool
    opens: bool = False
    """Whether another text begins to speak here, which is then named; not where one text says all."""


def urgent(words: Words) -> Markup:
    """Where to call when a child is in danger, the number ready to be dialled."""
    number = Markup('<a href="tel:{0}">{0}</a>').format(EMERGENCY_NUMBER)
    return escape(words("urgent")).format(number=number)


def force_key(force: LegalForce) -> str:
    return f"force_{force.name.lower()}"


def standing_key(standing: str) -> str:
    return "standing_" + standing.replace(" ", "_")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        language_tag=language_tag,
        phone_link=phone_link,
        web_link=web_link,
        force_key=force_key,
        urgent=urgent,
        standing_key=standing_key,
    )
    return environment


def render(template: str, values: Mapping[str, object]) -> Markup:
    """One of this room's templates, filled in; all values are escaped."""
    return Markup(_environment().get_template(template).render(values))  # autoescaped


def render_response(
    response: Response, lookup: DocumentLookup, anchor: str = "a1", *, growing: bool = False
) -> Markup:
    """The question and its reply, labelled in the language of the question.

    `anchor` begins every id in the markup and is unique on the page. Of a reply that is still
    `growing` the sentences are shown, with their citations; what stands below them would only move.
    """
    reply, words = response.reply, load_words(response.language)
    shown = " ".join(s.text for s in reply.statements) if isinstance(reply, Answer) else ""
    sources = tuple(_source(citation, lookup, words, shown, anchor) for citation in _cited(reply))
    return render(
        "reply.html",
        {
            "response": response,
            "reply": reply,
            "kind": reply_kind(reply),
            "care": reply.care if isinstance(reply, Answer) else None,
            "contacts": reply.contacts if isinstance(reply, Referral) else (),
            "sources": {source.line.number: source for source in sources},
            "words": words,
            "anchor": anchor,
            "growing": growing,
            "origin": _origin(reply, words),
            "runs": group_statements(reply) if isinstance(reply, Answer) else (),
            "is_partial": is_partial,
            "spoken_in": partial(spoken_in, response),
            "is_date": is_date,
            "by_country": by_country,
        },
    )


def render_pending(question: str, words: Words) -> Markup:
    """A question that is being answered."""
    return render("pending.html", {"question": question, "words": words})


def render_checking(response: Response) -> Markup:
    """What is being done while a reply grows, in the asker's language."""
    words = load_words(response.language)
    return Markup('<span lang="{}">{}</span>').format(words.language, words("checking"))


def render_trouble(question: str, message: str, words: Words, anchor: str) -> Markup:
    """A question that could not be answered, and why in plain words."""
    return render(
        "trouble.html", {"question": question, "message": message, "words": words, "anchor": anchor}
    )


def reply_kind(reply: Reply) -> str:
    """ "answer", "abstention", "referral", "refusal" or "small_talk"."""
    match reply:
        case Answer():
            return "answer"
        case Abstention():
            return "abstention"
        case Referral(reason="refusal"):
            return "refusal"
        case Referral():
            return "referral"
        case SmallTalk():
            return "small_talk"


def is_partial(statement: Statement) -> bool:
    return statement.support is not Support.FULL


def group_statements(answer: Answer) -> tuple[tuple[Group, ...], ...]:
    """The statements as paragraphs and lists: neighbours from one passage stand together, items form lists.

    So do the headings of a text's contents, after the sentence that announces them.
    """
    kinds = {c.number: c.passage.kind for c in answer.citations}
    groups: list[Group] = []
    for number, members in groupby(answer.statements, lambda s: s.citations[0]):
        said = list(members)
        if kinds[number] is PassageKind.CONTENTS and len(said) > 1:
            groups.append(_group(answer, said[:1], item=False))
            groups += [_group(answer, [one], item=True) for one in said[1:]]
        else:
            groups.append(_group(answer, said, item=kinds[number] is PassageKind.LIST_ITEM))
    told = _opening(answer, groups)
    return tuple(tuple(run) for _, run in groupby(told, lambda group: group.item))


def _opening(answer: Answer, groups: Sequence[Group]) -> list[Group]:
    """The groups, those marked at which another text begins to speak and is not named yet."""
    text_of = {c.number: c.passage.document for c in answer.citations}
    texts = [text_of[group.statements[0].citations[0]] for group in groups]
    if len(set(texts)) < 2:
        return list(groups)
    return [
        replace(group, opens=text != before and not group.statements[0].speaker)
        for group, text, before in zip(groups, texts, ["", *texts], strict=False)
    ]


def _group(answer: Answer, statements: Sequence[Statement], *, item: bool) -> Group:
    return Group(tuple(statements), item, all(is_translated(answer, s) for s in statements))


def is_translated(reply: Reply, statement: Statement) -> bool:
    """Whether the statement is a translation that a citation carries, rather than the source's words."""
    return any(
        citation.number in statement.citations
        and citation.translation is not None
        and statement.text not in citation.quote
        and statement.text in citation.translation.text
        for citation in _cited(reply)
    )


def spoken_in(response: Response, statement: Statement) -> str:
    """The language a statement is in: its source's where it is the source's own words, else the asker's."""
    reply = response.reply
    extracted = isinstance(reply, Answer) and reply.answerer == "extractive"
    for citation in _cited(reply):
        own = statement.text in citation.quote or (extracted and citation.translation is None)
        if citation.number in statement.citations and own:
            return citation.passage.language
    return response.language


def by_country(contact: HelpContact, words: Words) -> str:
    """The countries a contact serves, as printed."""
    return ", ".join(words("about_everywhere") if c == "EU" else c for c in contact.countries)


def _cited(reply: Reply) -> tuple[Citation, ...]:
    match reply:
        case Answer():
            return reply.citations
        case Abstention():
            return reply.nearest
    return ()


def _source(citation: Citation, lookup: DocumentLookup, words: Words, shown: str, anchor: str) -> Source:
    line = citation_line(citation, lookup, words.language)
    return Source(
        line=line,
        anchor=f"{anchor}-source-{citation.number}",
        link=passage_link(line.viewer, words.language),
        force=lookup(line.document).description.force,
        unfolded=len(line.quote) <= LONG_QUOTE_CHARACTERS and line.quote not in shown,
    )


def _origin(reply: Reply, words: Words) -> str:
    """One sentence on who wrote the answer."""
    if not isinstance(reply, Answer):
        return ""
    if reply.answerer != "extractive":
        return words("answer_by_model", model=reply.answerer)
    translated = [is_translated(reply, statement) for statement in reply.statements]
    if any(translated):
        return words("answer_all_translated" if all(translated) else "answer_translated")
    return words("answer_from_sources")
