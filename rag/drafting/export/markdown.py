"""A reply as Markdown with footnotes; the sheet follows in a comment."""

from __future__ import annotations

import base64
import re

from rag.drafting.layout import Layout
from rag.drafting.sheet import Cited, ReplySentence, Sheet

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$])")
_SHEET = re.compile(r"\n<!-- sheet: ([A-Za-z0-9+/=]+) -->\n?$")


def to_markdown(sheet: Sheet) -> str:
    packed = base64.b64encode(sheet.to_json().encode()).decode()
    return f"{body(sheet)}\n<!-- sheet: {packed} -->\n"


def split(text: str) -> tuple[str, str] | None:
    """The visible text and the sheet's JSON, or None where there is no sheet."""
    found = _SHEET.search(text.replace("\r\n", "\n"))
    if found is None:
        return None
    visible = text.replace("\r\n", "\n")[: found.start()]
    return visible, base64.b64decode(found[1]).decode()


def body(sheet: Sheet) -> str:
    layout = Layout(sheet)
    lines = [f"# {_escaped(sheet.title or layout.label('reply'))}"]
    lines += [_escaped(line) for line in (*layout.letter_head, *layout.opening)]
    for number, part in enumerate(sheet.parts, start=1):
        lines.append(f"## {_escaped(layout.heading(part, number))}")
        shown = [_sentence(layout, sentence) for sentence in part.sentences]
        lines += [f"- {line}" for line in shown] if part.kind == "lines" else [" ".join(shown)]
    lines += [_escaped(text) for text in layout.closing]
    lines.append("---")
    lines += [f"*{_escaped(line)}*" for line in layout.colophon]
    lines += [_note(layout, n, cited) for n, cited in enumerate(sheet.citations, start=1)]
    return "\n\n".join(line for line in lines if line) + "\n"


def _sentence(layout: Layout, sentence: ReplySentence) -> str:
    opening, closing = layout.around(sentence)
    calls = "".join(f"[^{n}]" for n in sentence.citations)
    remark = layout.remark(sentence)
    return f"{opening}{_escaped(sentence.text)}{closing}{calls}" + (f" {_escaped(remark)}" if remark else "")


def _note(layout: Layout, number: int, cited: Cited) -> str:
    opening, closing = layout.marks
    lines = [
        f"[^{number}]: {opening}{_escaped(cited.quote)}{closing}",
        f"    {_escaped(layout.quote_kind(cited))}. {_escaped(layout.source(cited))}. "
        f"{_escaped(layout.weight(cited))}.",
    ]
    if cited.translation:
        lines.append(f"    {_escaped(layout.translated(cited))}: {_escaped(cited.translation)}")
    if layout.sheet.link(cited):
        lines.append(f"    <{layout.sheet.link(cited)}>")
    return "\n\n".join(lines)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split("\n")))
