"""Ask the Rules: answers about policy texts, every sentence cited to its source."""

__version__ = "0.1.0"
