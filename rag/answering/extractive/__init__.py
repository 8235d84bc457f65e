"""Answers in the sources' own words."""

from rag.answering.extractive.answerer import ExtractiveAnswerer

__all__ = ["ExtractiveAnswerer"]
