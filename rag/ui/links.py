"""What may become a link or an attribute: anything else stays text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


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


def is_date(text: str) -> bool:
    """Whether `text` is a day on which something was checked, rather than a remark about it."""
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None
