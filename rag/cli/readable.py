"""Replies and hits as a person reads them in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rag.domain.answers import Response
from rag.domain.retrieval import Hit
from rag.wire import CitationLine, ReplyLine

_WIDTH = 96


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def show_reply(line: ReplyLine, response: Response) -> None:
    if response.understood_as != response.question:
        print(f"(understood as: {response.understood_as})\n")
    for paragraph in line.text.split("\n"):
        print(_wrapped(paragraph))
    for note in line.notes:
        print(f"\n{_wrapped(note)}")
    for contact in line.contacts:
        reach = " · ".join(part for part in (contact.phone, contact.url) if part)
        print(f"  • {contact.name}: {reach}")
    if line.citations:
        print("\nSources" if line.statements else "\nNearest passages")
    for citation in line.citations:
        _show_citation(citation)


def _show_citation(citation: CitationLine) -> None:
    standing = "current status unknown" if citation.standing == "unknown" else citation.standing
    heading = f"[{citation.number}] {citation.label}: {citation.date}, {citation.force}, {standing}"
    print("\n" + textwrap.fill(heading, _WIDTH, subsequent_indent="    "))
    print(_wrapped(f"“{citation.quote}”", "    "))
    if citation.translation:
        print(_wrapped(f"({citation.translation.origin} translation: {citation.translation.text})", "    "))
    print(f"    {citation.viewer}")


def show_hits(hits: Sequence[Hit], *, explain: bool) -> None:
    for rank, hit in enumerate(hits, start=1):
        print(f"{rank}. {hit.score:.3f}  {hit.passage.label}")
        print(_wrapped(textwrap.shorten(hit.passage.full_text, 400, placeholder=" …"), "      "))
        if explain:
            for one in sorted(hit.evidence, key=lambda e: -e.share):
                text = textwrap.shorten(one.text, 90, placeholder=" …") if one.text else ""
                print(
                    f"      {one.share:6.3f}  {one.leg:<18} {one.score:7.3f}  "
                    f"{one.origin.value} ({one.language}) {text}"
                )
