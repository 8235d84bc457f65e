"""Conversation: follow-ups made standalone, and what is remembered."""
