"""The command line: the same flow and the same wire format as the API."""

from rag.cli.main import main

__all__ = ["main"]
