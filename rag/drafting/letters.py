"""An enquiry as it comes in: pasted text, .eml, .docx or .txt, as text with what its head says."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from bs4 import BeautifulSoup
from docx import Document

from rag.domain.errors import RecordError

LONGEST_LETTER = 50_000
MOST_UNPACKED_BYTES = 50 * 1024 * 1024
_HEAD = re.compile(
    r"^(?P<key>from|van|fra|subject|onderwerp|emne|to|aan|til|date|datum|dato|sent|verzonden|sendt|cc):\s*(?P<value>.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Letter:
    text: str
    subject: str = ""
    sender: str = ""
    address: str = ""
    sent: datetime | None = None
    """In the sender's own time, without a zone: deadlines are meant in it."""


def open_letter(name: str, data: bytes) -> Letter:
    """Raises RecordError for a file that is not a letter."""
    suffix = name.lower().rpartition(".")[2] if "." in name else "txt"
    try:
        if suffix == "eml":
            letter = _mail(data)
        elif suffix == "docx":
            letter = pasted(_docx(data))
        elif suffix in ("txt", "text", "md"):
            letter = pasted(_decoded(data))
        else:
            raise RecordError(f"'{name}' cannot be read as an enquiry: .eml, .docx and .txt can.")
    except (zipfile.BadZipFile, KeyError, ValueError, LookupError) as error:
        raise RecordError(f"'{name}' is damaged or not what its ending says.") from error
    if not letter.text.strip():
        raise RecordError(f"'{name}' holds no text.")
    return letter


def pasted(text: str) -> Letter:
    """Text from the clipboard; a mail's head at its top is read as such. Raises RecordError."""
    if len(text) > LONGEST_LETTER:
        raise RecordError(f"The enquiry has {len(text):,} characters; at most {LONGEST_LETTER:,} are read.")
    if not text.strip():
        raise RecordError("The enquiry is empty. Paste the letter, or choose a file.")
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    head: dict[str, str] = {}
    while lines and (found := _HEAD.match(lines[0].strip())):
        head[found["key"].lower()] = found["value"].strip()
        lines.pop(0)
    name, address = parseaddr(head.get("from") or head.get("van") or head.get("fra") or "")
    subject = head.get("subject") or head.get("onderwerp") or head.get("emne") or ""
    sent = _moment(head.get("date") or head.get("datum") or head.get("dato") or "")
    return Letter("\n".join(lines).strip("\n"), subject, name, address, sent)


def _mail(data: bytes) -> Letter:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    name, address = parseaddr(str(message.get("From", "")))
    sent = _moment(str(message.get("Date", "")))
    body = message.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        text = _html_text(text)
    if len(text) > LONGEST_LETTER:
        raise RecordError(f"The enquiry has {len(text):,} characters; at most {LONGEST_LETTER:,} are read.")
    return Letter(text.replace("\r\n", "\n"), str(message.get("Subject", "")), name, address, sent)


def _moment(text: str) -> datetime | None:
    """The sender's own clock; None where the date is not written as mails write it."""
    try:
        return parsedate_to_datetime(text).replace(tzinfo=None)
    except ValueError:
        return None


def _html_text(html: str) -> str:
    page = BeautifulSoup(html, "html.parser")
    for gone in page(["script", "style", "head"]):
        gone.decompose()
    for quoted in page.select("blockquote"):
        quoted.decompose()
    for item in page.select("li"):
        item.insert(0, "- ")
    for block in page.select("p, div, li, br, tr, h1, h2, h3"):
        block.insert_after("\n" if block.name in ("br", "tr") else "\n\n")
    return "\n".join(line.strip() for line in page.get_text().splitlines())


def _docx(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(entry.file_size for entry in package.infolist()) > MOST_UNPACKED_BYTES:
            raise RecordError("The DOCX is too large to be an enquiry.")
    lines = []
    for paragraph in Document(io.BytesIO(data)).paragraphs:
        is_item = "List" in (paragraph.style.name or "") if paragraph.style else False
        lines.append(("- " if is_item else "") + paragraph.text + ("" if is_item else "\n"))
    return "\n".join(lines)


def _decoded(data: bytes) -> str:
    """UTF-8, or else what western Europe wrote before it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
