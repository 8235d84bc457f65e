"""Numbered places of named texts: "point 13 of the 2019 conclusions" is looked up, not searched for; so are
the dates of all texts."""

from rag.answering.places.dates import DateFinder
from rag.answering.places.finder import PlaceFinder
from rag.answering.places.first import FirstFinder

__all__ = ["DateFinder", "FirstFinder", "PlaceFinder"]
