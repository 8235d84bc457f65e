"""The offline verifier: quotation, comparison within a language, facts across languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rag.answering.support.alignment import Alignment, Source, align
from rag.answering.support.comparison import compare
from rag.answering.support.crossing import Similarity, verify_across
from rag.answering.support.facts import Sentence
from rag.answering.support.findings import Finding
from rag.answering.support.likeness import Likeness
from rag.answering.support.measures import measure
from rag.answering.support.names import Aliases, Groups
from rag.answering.support.quotation import (
    Quotation,
    divide,
    find_quotation,
    is_whole_sentence,
)
from rag.answering.support.reading import Reader, shares_words, tell_language
from rag.answering.support.repetition import Repetition
from rag.answering.support.scoring import (
    ALIKE_FILE,
    WEIGHTS_FILE,
    Weights,
    fits,
    fitted_weights,
    judge,
)
from rag.domain.answers import Support, Verdict

QUOTED = 1.0
QUOTED_IN_PART = 0.45
QUOTED_AGAINST_ITS_SENSE = 0.1
ORDER = (Support.NONE, Support.PARTIAL, Support.FULL)


class SupportVerifier:
    """Decides without a model whether the evidence bears a statement out.

    `aliases` are groups of names for one thing, by language (`names.glossary_groups`); `similarity`,
    if given, is asked only when statement and evidence share no language; `likeness`, if given, is
    asked of every statement that is no quotation, and brings weights of its own; `weights` stand in
    for the fitted ones. Deterministic, and safe to share between threads.
    """

    def __init__(
        self,
        aliases: Groups = (),
        similarity: Similarity | None = None,
        weights: Weights | None = None,
        likeness: Likeness | None = None,
    ) -> None:
        self._reader = Reader(Aliases(aliases))
        if likeness is not None and weights is None and not fits(likeness.fingerprint):
            likeness = None  # there are no weights for this model: the words themselves decide
        self._likeness = likeness
        self._weights = weights or fitted_weights(ALIKE_FILE if likeness else WEIGHTS_FILE)
        self._similarity = similarity

    def verify(self, statement: str, evidence: Sequence[str]) -> Verdict:
        """The verdict on the whole statement: that on its worst sentence."""
        texts = [text for text in evidence if text.strip()]
        if not statement.strip():
            return Verdict(Support.NONE, 0.0, ("the statement is empty",))
        if not texts:
            return Verdict(Support.NONE, 0.0, ("there is no source to compare with",))
        if is_whole_sentence(statement, texts):
            return Verdict(Support.FULL, QUOTED)
        language = self._language(statement, texts)
        sources = self._reader.sources(texts, language)
        quoted = self._quotation(statement, sources)
        if quoted is not None:
            return _verdict_on(quoted)
        every = self._reader.read(statement, language).sentences
        sentences = [sentence for sentence in every if sentence.says_something]
        if not sentences:
            return Verdict(Support.NONE, 0.0, ("the statement says nothing that can be compared",))
        return _worst(self._verify(sentence, sources) for sentence in sentences)

    def measures(self, statement: str, evidence: Sequence[str]) -> tuple[Mapping[str, float], ...]:
        """What the score of each sentence is made of; none where no score decides (a quotation)."""
        texts = [text for text in evidence if text.strip()]
        language = self._language(statement, texts)
        sources = self._reader.sources(texts, language)
        if is_whole_sentence(statement, texts) or self._quotation(statement, sources):
            return ()
        same = [source for source in sources if source.language == language]
        every = self._reader.read(statement, language).sentences if same else ()
        alignments = [align(sentence, same[0]) for sentence in every if sentence.says_something]
        return tuple(self._measure(alignment, *compare(alignment)) for alignment in alignments)

    def _language(self, statement: str, texts: Sequence[str]) -> str:
        spoken = [known for known in map(tell_language, texts) if known != "unknown"]
        language = tell_language(statement)
        if not spoken or language in spoken:
            return "en" if language == "unknown" else language
        return spoken[0] if language == "unknown" or shares_words(statement, texts) else language

    def _quotation(self, statement: str, sources: Sequence[Source]) -> Quotation | None:
        for source in sources:
            pieces = [self._reader.read(p, source.language).sentences for p in divide(statement)]
            found = find_quotation(pieces, [source]) if pieces else None
            if found is not None:
                return found
        return None

    def _verify(self, sentence: Sentence, sources: Sequence[Source]) -> Verdict:
        same = [source for source in sources if source.language == sentence.language]
        if not same:
            across = [verify_across(sentence, source, self._similarity) for source in sources]
            return max(across, key=lambda verdict: verdict.score)
        alignment = align(sentence, same[0])
        findings, repeated = compare(alignment)
        measures = self._measure(alignment, findings, repeated)
        return judge(self._weights.score(measures), findings, repeated)

    def _measure(
        self, alignment: Alignment, findings: Sequence[Finding], repeated: Repetition
    ) -> Mapping[str, float]:
        alike = self._likeness.measure(alignment) if self._likeness else {}
        return {**measure(alignment, findings, repeated), **alike}


def _verdict_on(quoted: Quotation) -> Verdict:
    if not quoted.lost:
        return Verdict(Support.FULL, QUOTED)
    if quoted.denied:
        return Verdict(Support.NONE, QUOTED_AGAINST_ITS_SENSE, quoted.lost)
    return Verdict(Support.PARTIAL, QUOTED_IN_PART, quoted.lost)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    every = list(verdicts)
    reasons = tuple(dict.fromkeys(reason for verdict in every for reason in verdict.reasons))
    return Verdict(
        min((verdict.support for verdict in every), key=ORDER.index),
        min(verdict.score for verdict in every),
        reasons,
    )
