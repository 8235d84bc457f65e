"""Conversation: follow-ups made standalone, and how much of the past is remembered."""
