"""Every error the product raises on purpose. A message names the thing, the value, the next step.

RulesError
├── SettingsError          a setting has a wrong value
├── QuestionError          a question is empty or too long
├── CorpusError            a document or the catalogue cannot be used
│   ├── UnknownDocument
│   ├── HashMismatch
│   ├── UnreadableDocument
│   └── EnrichmentError
├── IndexFailure           the index is missing, damaged or cannot be written
│   └── IndexMissing
├── ModelError             an embedding or language model cannot be used
│   └── ModelUnavailable
├── ServerError            the server cannot start
└── RecordError            drafts, ratings and accounts
"""


class RulesError(Exception):
    """Base of all; `str(error)` is fit to be shown to a person."""


class SettingsError(RulesError):
    pass


class QuestionError(RulesError):
    pass


class CorpusError(RulesError):
    pass


class UnknownDocument(CorpusError):
    pass


class HashMismatch(CorpusError):
    pass


class UnreadableDocument(CorpusError):
    pass


class EnrichmentError(CorpusError):
    pass


class IndexFailure(RulesError):
    pass


class IndexMissing(IndexFailure):
    pass


class ModelError(RulesError):
    pass


class ModelUnavailable(ModelError):
    pass


class ServerError(RulesError):
    pass


class RecordError(RulesError):
    pass
