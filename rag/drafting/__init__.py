"""From a journalist's enquiry to a reply that can be sent, and back from a reply to the texts.

Knows the domain only: answers, searches and verdicts come in as functions. It never writes a
sentence about the subject itself; it arranges what the assistant found and what officers write.
"""
