"""The evaluators' command line: arguments in, the right room called, results shown."""

from evals.cli.main import main

__all__ = ["main"]
