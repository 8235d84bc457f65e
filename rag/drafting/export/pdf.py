"""A reply as PDF, with its sheet attached; set in Roboto, which has the letters of European languages."""

from __future__ import annotations

import logging
from datetime import datetime
from importlib import resources

import pypdfium2
from fpdf import FPDF
from fpdf.embed import EmbeddedFile  # noqa: F401  # fpdf2 has attachments

from rag.drafting.layout import Layout
from rag.drafting.sheet import Cited, Sheet

SHEET = "reply-sheet.json"
MARGIN_MM = 24
