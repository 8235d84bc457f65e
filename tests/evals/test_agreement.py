"""Agreement statistics against published worked examples."""

from __future__ import annotations

import pytest

from evals.agreement import Rating, agreement, cohen_kappa, krippendorff_alpha, label_counts, raw_agreement

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve
# units, missing data. Published: nominal 0.743, ordinal 0.815.
KRIPPENDORFF = {
    "A": ["1", "2", "3", "3", "2", "1", "4", "1", "2", None, None, None],
    "B": ["1", "2", "3", "3", "2", "2", "4", "1", "2", "5", None, "3"],
    "C": [None, "3", "3", "3", "2", "3", "4", "2", "2", "5", "1", None],
    "D": ["1", "2", "3", "3", "2", "4", "4", "1", "2", "5", "1", None],
}
# The same paper, section A: two observers, ten units, binary, four mismatches, six ones among twenty
# values. Published: 1 - 19 * 4 / (14 * 6) = 0.095.
BINARY = {"Meg": "0100000000", "Jon": "1110010010"}


def ratings_of(rows: dict[str, list[str | None]] | dict[str, str]) -> list[Rating]:
    return [
        Rating(rater, f"unit {unit}", label)
        for rater, labels in rows.items()
        for unit, label in enumerate(labels)
        if label is not None
    ]


def test_nominal_alpha_is_that_of_krippendorffs_example() -> None:
    assert krippendorff_alpha(ratings_of(KRIPPENDORFF), resamples=10).value == pytest.approx(0.743, abs=5e-4)


def test_ordinal_alpha_is_that_of_krippendorffs_example() -> None:
    found = krippendorff_alpha(ratings_of(KRIPPENDORFF), level="ordinal", order="12345", resamples=10)
    assert found.value == pytest.approx(0.815, abs=5e-4)


def test_alpha_of_two_observers_of_binary_data_is_the_published_one() -> None:
    assert krippendorff_alpha(ratings_of(BINARY), resamples=10).value == pytest.approx(0.095, abs=5e-4)


def test_alpha_counts_only_items_rated_twice() -> None:
    found = krippendorff_alpha(ratings_of(KRIPPENDORFF), resamples=10)
    # Unit 12 has one rating; 41 ratings in all, 40 of them pairable, in 11 units.
    assert (found.n, found.clusters) == (40, 11)


def test_alphas_interval_holds_the_value_and_is_the_same_each_time() -> None:
    first, second = (krippendorff_alpha(ratings_of(KRIPPENDORFF), resamples=300) for _ in range(2))
    assert first == second
    assert first.low is not None
    assert first.high is not None
    assert first.value is not None
    assert first.low < first.value <= first.high <= 1


def test_alpha_of_one_label_only_is_undefined_not_perfect() -> None:
    same = ratings_of({"A": "yyy", "B": "yyy"})
    assert krippendorff_alpha(same).value is None


def test_alpha_of_nobody_rating_the_same_item_is_undefined() -> None:
    assert krippendorff_alpha([Rating("A", "1", "x"), Rating("B", "2", "y")]).value is None


def cohens_table() -> list[Rating]:
    """20 both yes, 5 yes/no, 10 no/yes, 15 both no."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    return [
        Rating(rater, str(item), label)
        for item, pair in enumerate(pairs)
        for rater, label in zip("AB", pair, strict=True)
    ]


def test_kappa_of_the_textbook_table_is_two_fifths() -> None:
    # observed (20 + 15) / 50 = 0.7; expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5; (0.7 - 0.5) / (1 - 0.5) = 0.4
    assert cohen_kappa(cohens_table(), "A", "B") == pytest.approx(0.4)


def test_raw_agreement_is_the_share_of_agreeing_pairs() -> None:
    found = raw_agreement(cohens_table())
    assert found.value == pytest.approx(0.7)  # 35 / 50
    assert found.n == 50


def test_raw_agreement_of_three_raters_counts_each_pair() -> None:
    three = [Rating("A", "1", "x"), Rating("B", "1", "x"), Rating("C", "1", "y")]
    assert raw_agreement(three).value == pytest.approx(1 / 3)  # of AB, AC, BC only AB agrees


def test_kappa_where_both_always_say_the_same_is_undefined() -> None:
    assert cohen_kappa(ratings_of({"A": "yy", "B": "yy"}), "A", "B") is None


def test_who_rates_an_item_again_has_changed_their_mind() -> None:
    changed = [Rating("A", "1", "x"), Rating("A", "1", "y"), Rating("B", "1", "y")]
    assert label_counts(changed) == {"A": {"y": 1}, "B": {"y": 1}}
    assert raw_agreement(changed).value == 1.0


def test_ordinal_alpha_leaves_out_labels_without_a_rank() -> None:
    order = ("none", "partial", "full")
    rows = [
        *ratings_of({"A": ["none", "partial", "full", "full"], "B": ["none", "partial", "full", "none"]}),
        Rating("A", "odd", "cannot tell"),
        Rating("B", "odd", "full"),
    ]
    found = agreement(rows, order)
    assert found.ordinal is not None
    assert found.ordinal.clusters == 4
    assert found.nominal.clusters == 5
    assert (found.items, found.raters) == (5, 2)
    assert [pair[:2] for pair in found.kappas] == [("A", "B")]
