"""Answers worded by a language model, every sentence checked against the passages it cites."""

from rag.answering.generative.answerer import GenerativeAnswerer

__all__ = ["GenerativeAnswerer"]
