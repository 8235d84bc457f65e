"""Numbered places of named texts: "point 13 of the 2019 conclusions" is looked up, not searched for."""

from rag.answering.places.finder import PlaceFinder

__all__ = ["PlaceFinder"]
