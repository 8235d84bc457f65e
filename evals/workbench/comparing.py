"""People compared with each other, with the automatic labels, and with the known answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.agreement import Agreement, Rating, agreement, cohen_kappa
from evals.statistics import Estimate, rate
from evals.workbench.settling import Opinions
from rag.records.ratings import Item, Label

ORDER = (Label.CONTRADICTED.value, Label.UNSUPPORTED.value, Label.PARTIAL.value, Label.SUPPORTED.value)
"""From the worst to the best; "cannot tell" has no rank and is left out of the ordinal alpha."""
PEOPLE, AUTOMATIC = "people", "automatic"


@dataclass(frozen=True, slots=True)
class AgainstAutomatic:
    """The settled labels beside the verifier's, "contradicted" counted as "unsupported".

    `table` counts (people's label, automatic label). "Cannot tell" is not compared.
    """

    agree: Estimate
    on_planted: Estimate
    """The same on planted errors alone."""
    kappa: float | None
    table: Mapping[tuple[str, str], int]
    differing: tuple[Opinions, ...]


@dataclass(frozen=True, slots=True)
class KnownScore:
    """A person's labels beside the known ones: exactly right, and right on supported or not."""

    who: str
    rated: int
    exact: int
    direction: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a batch's ratings say."""

    agreement: Agreement
    supported: Estimate
    """The share of settled claims that people found fully supported; planted errors are left out."""
    settled: int
    slices: tuple[tuple[str, str, Estimate], ...]
    """The same share by system and by language: (dimension, value, share)."""
    automatic: AgainstAutomatic
    known: tuple[KnownScore, ...]


def compare(claims: Sequence[Opinions], names: Mapping[int, str]) -> Comparison:
    """`names` are the raters' account names by id."""
    given = [
        Rating(names.get(r.account_id, f"#{r.account_id}"), c.item.id, r.label.value)
        for c in claims
        for r in c.ratings
    ]
    decided = [c for c in claims if c.settled is not None]
    judged = [c for c in decided if c.settled is not Label.CANNOT_TELL]
    own = [c for c in judged if not is_planted(c.item)]
    return Comparison(
        agreement=agreement(given, ORDER),
        supported=supported_share(own),
        settled=len(decided),
        slices=(
            *slices("system", own, lambda c: systems_of(c.item)),
            *slices("language", own, lambda c: [str(c.item.shown.get("language", ""))]),
        ),
        automatic=against_automatic(judged),
        known=known_scores(claims, names),
    )


def supported_share(judged: Sequence[Opinions]) -> Estimate:
    return rate([float(c.settled is Label.SUPPORTED) for c in judged], [base_of(c.item) for c in judged])


def slices(
    dimension: str, judged: Sequence[Opinions], values_of: Callable[[Opinions], Sequence[str]]
) -> Iterator[tuple[str, str, Estimate]]:
    """The share per value; a claim that several systems made counts for each."""
    for value in sorted({value for c in judged for value in values_of(c)}):
        yield dimension, value, supported_share([c for c in judged if value in values_of(c)])


def systems_of(item: Item) -> list[str]:
    found = item.hidden.get("systems")
    return [str(one) for one in found] if isinstance(found, list) else []


def base_of(item: Item) -> str:
    """What claims share that are not independent: the base question."""
    return str(item.hidden.get("base", item.id))


def is_planted(item: Item) -> bool:
    return "planted" in item.hidden


def folded(label: Label) -> str:
    return Label.UNSUPPORTED.value if label is Label.CONTRADICTED else label.value


def against_automatic(judged: Sequence[Opinions]) -> AgainstAutomatic:
    compared = [
        (c, folded(c.settled), c.item.automatic_label)
        for c in judged
        if c.settled is not None and c.item.automatic_label is not None
    ]
    pairs = [
        Rating(rater, c.item.id, label)
        for c, people, automatic in compared
        for rater, label in ((PEOPLE, people), (AUTOMATIC, automatic))
    ]
    return AgainstAutomatic(
        agree=same_label(compared),
        on_planted=same_label([one for one in compared if is_planted(one[0].item)]),
        kappa=cohen_kappa(pairs, PEOPLE, AUTOMATIC),
        table=Counter((p, a) for _, p, a in compared),
        differing=tuple(c for c, p, a in compared if p != a),
    )


def same_label(compared: Sequence[tuple[Opinions, str, str]]) -> Estimate:
    return rate([float(p == a) for _, p, a in compared], [base_of(c.item) for c, _, _ in compared])


def known_scores(claims: Sequence[Opinions], names: Mapping[int, str]) -> tuple[KnownScore, ...]:
    """One per person who rated a claim with a known answer."""
    found: dict[int, list[tuple[Label, Label]]] = {}
    for claim in claims:
        if claim.item.known_label is not None:
            for rating in claim.ratings:
                found.setdefault(rating.account_id, []).append((rating.label, claim.item.known_label))
    return tuple(
        KnownScore(
            names.get(account, f"#{account}"),
            len(pairs),
            sum(given is known for given, known in pairs),
            sum((given is Label.SUPPORTED) == (known is Label.SUPPORTED) for given, known in pairs),
        )
        for account, pairs in sorted(found.items())
    )
