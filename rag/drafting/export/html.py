"""A reply as one HTML page that needs nothing else; the sheet stands in it as data."""

from __future__ import annotations

from html import escape

from bs4 import BeautifulSoup

from rag.drafting.layout import Layout
from rag.drafting.sheet import Cited, ReplySentence, Sheet

_STYLE = """body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.0625rem/1.6 Georgia,serif;color:#17202c}
h1,h2,footer,.standing{font-family:system-ui,sans-serif}h2{font-size:1.1rem;margin-top:2rem}
.notes{font-size:.9rem;border-top:2px solid #7a8696;margin-top:2rem;padding-top:1rem}
.notes li{margin-bottom:.8rem}blockquote{margin:.2rem 0;padding-left:.8rem;border-left:3px solid #b27d00}
.standing{font-weight:700}footer{color:#4a5666;font-size:.85rem;overflow-wrap:anywhere}"""


def to_html(sheet: Sheet) -> str:
    layout = Layout(sheet)
    title = escape(sheet.title or layout.label("reply"))
    parts = "".join(_part(layout, number) for number in range(1, len(sheet.parts) + 1))
    notes = "".join(_note(layout, n, cited) for n, cited in enumerate(sheet.citations, start=1))
    data = sheet.to_json().replace("<", "\\u003c")
    return f"""<!doctype html>
<html lang="{escape(sheet.language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{_STYLE}</style></head>
<body>
<h1>{title}</h1>
{_paragraphs(layout.letter_head, "standing")}
{_paragraphs(layout.opening)}
{parts}
{_paragraphs(layout.closing)}
<section class="notes"><h2>{escape(layout.label("sources"))}</h2><ol>{notes}</ol></section>
<footer>{_paragraphs(layout.colophon)}</footer>
<script type="application/json" id="sheet">{data}</script>
</body>
</html>
"""


def read_html(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """The sheet's JSON, the sentences and the quotations a reader sees; None where there is no sheet."""
    page = BeautifulSoup(text, "html.parser")
    data = page.find("script", id="sheet")
    if data is None:
        return None
    sentences = tuple(one.get_text() for one in page.select(".sentence"))
    quotations = tuple(one.get_text() for one in page.select(".quotation"))
    return data.get_text(), sentences, quotations


def _paragraphs(texts: tuple[str, ...], kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return "\n".join(f"<p{attribute}>{escape(text).replace(chr(10), '<br>')}</p>" for text in texts)


def _part(layout: Layout, number: int) -> str:
    part = layout.sheet.parts[number - 1]
    shown = [_sentence(layout, sentence) for sentence in part.sentences]
    if part.kind == "lines":
        body = "<ul>" + "".join(f"<li>{line}</li>" for line in shown) + "</ul>"
    else:
        body = f"<p>{' '.join(shown)}</p>"
    return f"<section><h2>{escape(layout.heading(part, number))}</h2>{body}</section>\n"


def _sentence(layout: Layout, sentence: ReplySentence) -> str:
    opening, closing = layout.around(sentence)
    calls = "".join(f'<sup><a href="#note-{n}">{n}</a></sup>' for n in sentence.citations)
    remark = layout.remark(sentence)
    words = f'{opening}<span class="sentence">{escape(sentence.text)}</span>{closing}{calls}'
    return words + (f" <small>{escape(remark)}</small>" if remark else "")


def _note(layout: Layout, number: int, cited: Cited) -> str:
    link = layout.sheet.link(cited)
    source = escape(layout.source(cited))
    source = f'<a href="{escape(link)}">{source}</a>' if link else source
    translation = ""
    if cited.translation:
        kind, words = escape(layout.translated(cited)), escape(cited.translation)
        translation = f'<p>{kind}: <span lang="{escape(cited.translation_language)}">{words}</span></p>'
    return (
        f'<li id="note-{number}"><p>{source}. {escape(layout.weight(cited))}.</p>'
        f"<p>{escape(layout.quote_kind(cited))}:</p>"
        f'<blockquote class="quotation" lang="{escape(cited.language)}">{escape(cited.quote)}</blockquote>'
        f"{translation}</li>\n"
    )
