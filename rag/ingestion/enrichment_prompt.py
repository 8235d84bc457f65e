"""The request for one passage's enrichment, and the reading of the reply. The wording is in prompts/enrich.txt."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pydantic import ValidationError

from rag.domain.errors import EnrichmentError
from rag.domain.passages import Passage
from rag.ingestion.enrichment import LANGUAGES, Entry, passage_hash
from rag.ingestion.enrichment_check import FEWEST_QUESTIONS

ASKED_QUESTIONS = 5
FIELD = re.compile(r"\{(\w+)\}")
NAMES = {"en": "English", "nl": "Dutch", "da": "Danish"}


@dataclass(frozen=True, slots=True)
class Request:
    system: str
    user: str

    def again(self, reply: str, problems: Sequence[str]) -> Request:
        """The same request with the faulty reply and what was wrong with it."""
        faults = _parts()[2].replace("{problems}", "\n".join(f"- {problem}" for problem in problems))
        return Request(self.system, f"{self.user}\n\nYour reply was:\n{reply}\n\n{faults}")


def request_for(passage: Passage, title: str) -> Request:
    """What is asked of the model about `passage` of the document `title`."""
    targets = [language for language in LANGUAGES if language != passage.language]
    pattern = ", ".join(f'"{language}": "…"' for language in targets)
    has_context = bool(passage.context_text)
    fields = {
        "title": title,
        "section": " > ".join(passage.section) or "none",
        "language": NAMES.get(passage.language, passage.language),
        "context": f"What stands before it:\n<<<\n{passage.context_text}\n>>>\n\n" if has_context else "",
        "context_task": '   "context_translations": what stands before it, likewise.\n'
        if has_context
        else "",
        "context_json": f'"context_translations": {{{pattern}}}, ' if has_context else "",
        "targets": " and ".join(NAMES[language] for language in targets),
        "targets_json": pattern,
        "fewest": str(FEWEST_QUESTIONS),
        "most": str(ASKED_QUESTIONS),
        "passage": passage.text,
    }
    system, user, _ = _parts()
    # One pass, so that braces in the passage are not taken for fields.
    return Request(system, FIELD.sub(lambda found: fields.get(found[1], found[0]), user))


def entry_from(reply: str, passage: Passage, model: str) -> Entry:
    """The entry that a reply holds. Raises EnrichmentError saying what is wrong with the reply."""
    start, end = reply.find("{"), reply.rfind("}")
    try:
        fields = json.loads(reply[start : end + 1]) if 0 <= start < end else None
    except (ValueError, RecursionError) as error:
        raise EnrichmentError(f"the reply is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise EnrichmentError("the reply holds no JSON object")
    given = {name: fields.get(name, {}) for name in ("translations", "context_translations", "questions")}
    try:
        return Entry.model_validate(
            {
                "passage": passage.id,
                "hash": passage_hash(passage),
                "label": passage.label,
                "by": model,
                **given,
            }
        )
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, d['loc']))}: {d['msg']}" for d in error.errors(include_url=False))
        raise EnrichmentError("the reply has the wrong form: " + "; ".join(faults)) from error


@cache
def _parts() -> tuple[str, str, str]:
    text = resources.files("rag.ingestion").joinpath("prompts", "enrich.txt").read_text(encoding="utf-8")
    system, user, again = (part.strip() for part in text.split("\n=====\n"))
    return system, user, again
