"""Colours keep the contrast that WCAG 2.2 asks, in both schemes, computed from the style sheet."""

from __future__ import annotations

import re

import pytest

from rag.web.pages import ROOM

BODY_TEXT, QUIET_TEXT, CONTROL = 7.0, 4.5, 3.0
PAIRS = [
    ("ink", "ground", BODY_TEXT),
    ("ink", "ground-soft", BODY_TEXT),
    ("ink", "mark", BODY_TEXT),
    ("ink", "care", BODY_TEXT),
    ("ink", "trouble", BODY_TEXT),
    ("ink-quiet", "ground", BODY_TEXT),
    ("ink-quiet", "ground-soft", QUIET_TEXT),
    ("ink-quiet", "care", QUIET_TEXT),
    ("link", "ground", BODY_TEXT),
    ("link", "ground-soft", QUIET_TEXT),
    ("link", "care", QUIET_TEXT),
    ("link-visited", "ground", QUIET_TEXT),
    ("accent-ink", "accent", BODY_TEXT),
    ("focus-ink", "focus", BODY_TEXT),
    ("line-strong", "ground", CONTROL),
    ("line-strong", "ground-soft", CONTROL),
    ("mark-edge", "ground", CONTROL),
    ("care-edge", "ground", CONTROL),
    ("trouble-edge", "ground", CONTROL),
]


def schemes() -> dict[str, dict[str, str]]:
    sheet = (ROOM / "static" / "base.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", sheet, re.S)
    )
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance: (lighter + 0.05) / (darker + 0.05)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_formula_gives_the_standard_s_own_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_every_pair_of_colours_can_be_read(scheme: str, text: str, ground: str, least: float) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= least
