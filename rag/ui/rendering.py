"""A response as safe HTML. Pure: the same response gives the same markup; every text is escaped.

Nothing is decided here about what is true or shown first; that is the answer's. A quotation is
printed exactly as the citation holds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

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
from rag.ui.words import EMERGENCY_NUMBER, Words
from rag.wire import CitationLine, DocumentLookup, citation_line

LONG_QUOTE_CHARACTERS = 700
"""A longer quotation starts folded, and so does one whose words already stand in the answer."""

_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as listed under an answer."""

    line: CitationLine
    anchor: str
    link: str
    force: LegalForce
    unfolded: bool


def language_tag(code: str) -> str:
    """A value fit for a `lang` attribute: "und" (undetermined) for anything else."""
    return code if _LANGUAGE.fullmatch(code) and code != "unknown" else "und"


def phone_link(phone: str) -> str:
    """The `tel:` address of a number, or nothing if it is not a number."""
    return "tel:" + re.sub(r"[^0-9+]", "", phone) if _PHONE.fullmatch(phone) else ""


def web_link(url: str) -> str:
    """The address if it is a web address, or nothing: no other scheme becomes a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("https", "http") and parts.netloc else ""


def passage_link(viewer: str, language: str) -> str:
    """The address of a passage, its page shown in the reader's language."""
    address, _, fragment = viewer.partition("#")
    return f"{address}&lang={language}#{fragment}"


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


def render_response(response: Response, lookup: DocumentLookup, words: Words, anchor: str = "a1") -> Markup:
    """The question and its reply. `anchor` begins every id in the markup and is unique on the page."""
    reply = response.reply
    shown = [s.text for s in reply.statements] if isinstance(reply, Answer) else []
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
            "origin": _origin(reply, words),
            "is_partial": is_partial,
            "is_translated": partial(is_translated, reply),
            "spoken_in": partial(spoken_in, response),
            "is_date": is_date,
            "by_country": by_country,
        },
    )


def render_pending(question: str, words: Words) -> Markup:
    """A question that is being answered."""
    return render("pending.html", {"question": question, "words": words})


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
    """The language a statement is in: its source's where it is quoted, else the asker's."""
    for citation in _cited(response.reply):
        if citation.number in statement.citations and statement.text in citation.quote:
            return citation.passage.language
    return response.language


def is_date(text: str) -> bool:
    """Whether `text` is a day on which something was checked, rather than a remark about it."""
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None


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


def _source(
    citation: Citation, lookup: DocumentLookup, words: Words, shown: Sequence[str], anchor: str
) -> Source:
    line = citation_line(citation, lookup, words.language)
    return Source(
        line=line,
        anchor=f"{anchor}-source-{citation.number}",
        link=passage_link(line.viewer, words.language),
        force=lookup(line.document).description.force,
        unfolded=len(line.quote) <= LONG_QUOTE_CHARACTERS and not any(line.quote in text for text in shown),
    )


def _origin(reply: Reply, words: Words) -> str:
    """One sentence on who wrote the answer."""
    if not isinstance(reply, Answer):
        return ""
    if reply.answerer != "extractive":
        return words("answer_by_model", model=reply.answerer)
    if any(is_translated(reply, statement) for statement in reply.statements):
        return words("answer_translated")
    return words("answer_from_sources")
