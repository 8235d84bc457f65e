"""Support verification: does the evidence bear a statement out, fully, in part, or not at all?

Works without a model, in English, Dutch and Danish. It reads facts and compares them; it does
not reason, and does not know anything that the evidence does not say.
"""

from rag.answering.support.verifier import SupportVerifier

__all__ = ["SupportVerifier"]
