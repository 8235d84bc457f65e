"""Plain text and Markdown: only the encoding has to be found; the text is left as it is."""

from __future__ import annotations

import codecs
import unicodedata

from charset_normalizer import from_bytes

from rag.domain.errors import UnreadableDocument
from rag.ingestion.formats.extracted import Extracted

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = frozenset("æøåÆØÅéèêëÉÈÊËïîíìÏÎÍöóôòÖÓÔüúûùÜÚÛäáâàãÄÁÂÀçÇñÑß€£§°·•–—…‘’‚“”„«»©®™±½¼¾´×†‡‰\xa0")
WESTERN_SHARE = 0.9
"""Windows-1252 is believed when so much of what is not ASCII is a letter or mark of Western writing."""
SAMPLE_BYTES = 200_000
CONTROL_SHARE = 0.05


def extract_plain(data: bytes, name: str) -> Extracted:
    text = decode(data, name)
    if control_share(text) > CONTROL_SHARE:
        raise UnreadableDocument(
            f"{name} does not look like text. Save it as PDF, DOCX, HTML or plain text (UTF-8)."
        )
    return Extracted(text)


def decode(data: bytes, name: str) -> str:
    """The text of the bytes: by byte order mark, as UTF-8, UTF-16, Windows-1252, else by statistics."""
    try:
        for mark, encoding in MARKS:
            if data.startswith(mark):
                return data.decode(encoding)
        wide = _utf16_without_mark(data)
        return data.decode(wide or "utf-8")
    except UnicodeDecodeError as error:
        if error.encoding not in ("utf-8", "utf_8"):
            raise UnreadableDocument(
                f"{name} is damaged {error.encoding} text (byte {error.start}). Save it again as UTF-8."
            ) from error
    return _decode_legacy(data, name)


def control_share(text: str) -> float:
    """How much of the beginning of a text is control characters that no text has."""
    sample = text[:20_000]
    odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co") and c not in "\t\n\r\f\v\x85" for c in sample)
    return odd / max(1, len(sample))


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:2_000]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    half = len(sample) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _decode_legacy(data: bytes, name: str) -> str:
    western = data.decode("cp1252", errors="replace")
    foreign = [character for character in western if ord(character) > 127]
    if sum(character in WESTERN for character in foreign) >= WESTERN_SHARE * len(foreign):
        return western
    best = from_bytes(data[:SAMPLE_BYTES]).best()
    if best is None:
        raise UnreadableDocument(f"{name} is in no known text encoding. Save it as UTF-8.")
    return data.decode(best.encoding, errors="replace")
