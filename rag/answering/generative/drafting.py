"""One answer in the making: what was accepted, what was refused, and the one repair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rag.answering.generative.chain import SentenceChain
from rag.answering.generative.judging import Accepted, Judge, Refused
from rag.answering.generative.material import LANGUAGE_NAMES, Material
from rag.answering.generative.reading import Drafted
from rag.domain.answers import Support
from rag.domain.errors import ModelError

MOST_STATEMENTS = 8
MOST_READ = 20
"""Sentences of a reply that are looked at; a reply with more has lost its way."""
MOST_REPAIRED = 6
_NO_ANSWER = frozenset(("no answer", "geen antwoord", "intet svar", "ingen svar"))
_PARTLY = "the passages bear it out only in part"


@dataclass(frozen=True, slots=True)
class _Failing:
    """A sentence to be repaired, where it stood, and what is kept of it if that fails."""

    place: int
    text: str
    reason: str
    otherwise: Accepted | None = None


class Drafting:
    """Runs once; not shared between threads."""

    def __init__(
        self,
        answering: SentenceChain,
        repairing: SentenceChain,
        judge: Judge,
        material: Material,
        question: str,
        language: str,
    ) -> None:
        self.material = material
        self.language = language
        self.failure: ModelError | None = None
        self.lost = 0
        """Sentences that were refused for good."""
        self._answering = answering
        self._repairing = repairing
        self._judge = judge
        self._question = question
        self._placed: dict[int, Accepted] = {}
        self._failing: list[_Failing] = []

    def in_order(self) -> list[Accepted]:
        """What was accepted, in the order in which it was drafted."""
        return [self._placed[place] for place in sorted(self._placed)]

    def drafted(self) -> Iterator[Accepted]:
        """Sentences as they are accepted; those to be repaired are kept for `repair`."""
        if not self.material:
            return
        for place, sentence in enumerate(self._read(self._answering, self._fields())):
            if sentence.text.strip(" .!").casefold() in _NO_ANSWER:
                continue
            if place >= MOST_READ or len(self._placed) >= MOST_STATEMENTS:
                break
            found = self._judge.judged(sentence, self.material, self.language)
            if isinstance(found, Refused):
                self._refuse(place, found)
            elif found.support is Support.PARTIAL:
                self._failing.append(_Failing(place, found.text, _PARTLY, found))
            elif self._is_new(found):
                self._placed[place] = found
                yield found

    def repair(self) -> None:
        """Put the sentences that failed, corrected or as far as they hold, where they belong."""
        listed, beyond = self._failing[:MOST_REPAIRED], self._failing[MOST_REPAIRED:]
        mended = self._mended(listed) if listed and not self.failure else {}
        for index, failing in enumerate((*listed, *beyond)):
            chosen = mended.get(index) or failing.otherwise
            if chosen is None:
                self.lost += 1
            elif self._is_new(chosen) and len(self._placed) < MOST_STATEMENTS:
                self._placed[failing.place] = chosen

    def _mended(self, listed: list[_Failing]) -> dict[int, Accepted]:
        """By place in the list, the corrected sentences that now hold in full (or hold at all)."""
        numbered = "\n".join(
            f"{n}) {' '.join(f.text.split())}\n   Reason: {f.reason}" for n, f in enumerate(listed, start=1)
        )
        mended: dict[int, Accepted] = {}
        for order, sentence in enumerate(
            self._read(self._repairing, self._fields() | {"sentences": numbered})
        ):
            index = order if sentence.item is None else sentence.item - 1
            if order >= MOST_READ or not 0 <= index < len(listed) or index in mended:
                continue
            found = self._judge.judged(sentence, self.material, self.language)
            if isinstance(found, Accepted) and (
                found.support is Support.FULL or listed[index].otherwise is None
            ):
                mended[index] = found
        return mended

    def _fields(self) -> dict[str, str]:
        return {
            "language": LANGUAGE_NAMES[self.language],
            "question": self._question,
            "passages": "\n\n".join(source.block for source in self.material),
            "most": str(MOST_STATEMENTS),
        }

    def _read(self, chain: SentenceChain, fields: Mapping[str, str]) -> Iterator[Drafted]:
        """The sentences, up to where the model fails; a failure is kept to be told."""
        try:
            yield from chain.sentences(fields)
        except ModelError as error:
            self.failure = error

    def _refuse(self, place: int, refused: Refused) -> None:
        if refused.hopeless:
            self.lost += 1
        else:
            self._failing.append(_Failing(place, refused.text, refused.reason))

    def _is_new(self, found: Accepted) -> bool:
        words = found.text.casefold()
        return all(words != other.text.casefold() for other in self._placed.values())
