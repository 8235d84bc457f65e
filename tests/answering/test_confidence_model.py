from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.confidence import FEATURES, LogisticConfidence, features
from rag.answering.linear import Logistic, load_logistic, write_logistic
from rag.answering.relevance import RELEVANCE_FEATURES, Relevance
from rag.domain.passages import Enrichment, Origin
from rag.domain.retrieval import Coverage, Evidence, Hit, Query
from tests.answering.test_checking import citation

QUERY = Query("Who must report to the Council?", "en")


def hit(
    *, text: float = 0.0, question: float = 0.0, score: float = 1.0, coverage: Coverage | None = None
) -> Hit:
    evidence = (
        Evidence("dense text", Origin.OWN_WORDS, "en", "", text, 0.5),
        Evidence("dense question", Origin.QUESTION, "en", "", question, 0.5),
    )
    return Hit(
        citation(1, "Rule.").passage,
        Enrichment(),
        score,
        evidence,
        (text, text / 2),
        coverage or Coverage(1.0),
    )


def named(query: Query, hits: list[Hit]) -> dict[str, float]:
    return dict(zip(FEATURES, features(query, hits, [0.5 for _ in hits]), strict=True))


def test_nothing_found_is_no_confidence() -> None:
    assert features(QUERY, [], []) == (0.0,) * len(FEATURES)
    assert LogisticConfidence.load().confidence(QUERY, []) == 0.0


def test_the_features_worked_by_hand() -> None:
    hits = [
        hit(text=0.6, question=0.9, score=0.9, coverage=Coverage(0.75, (("lithuania", 1.5), ("1999", 0.5)))),
        hit(text=0.7, question=0.4, score=0.5, coverage=Coverage(0.75, (("1999", 0.5), ("other", 1.5)))),
    ]
    query = Query("When did Lithuania report in 1999?", "en")
    found = named(query, hits)
    assert found["text"] == pytest.approx(0.7)
    assert found["sentence"] == pytest.approx(0.7)
    assert found["question"] == pytest.approx(0.9)
    assert found["question_margin"] == pytest.approx(0.5)
    assert found["coverage"] == pytest.approx(0.75)
    # missing 2.0 of a total of 2.0 / 0.25 = 8; both lack only "1999" (0.5): 1 - 0.5 / 8
    assert found["coverage_together"] == pytest.approx(0.9375)
    assert found["rarest_missing"] == pytest.approx(0.5 / 6)
    assert found["number_missing"] == 1.0
    assert found["name_missing"] == 0.0
    assert found["margin"] == pytest.approx(0.9)  # there is no fifth: nothing stands against the first
    assert found["length"] == pytest.approx(6 / 12)


def test_a_name_that_no_passage_holds_is_noticed() -> None:
    lacking = hit(coverage=Coverage(0.5, (("lithuania", 2.0),)))
    assert named(Query("What of Lithuania?", "en"), [lacking])["name_missing"] == 1.0
    assert named(Query("What of lithuania?", "en"), [lacking])["name_missing"] == 0.0


def test_a_word_missing_in_the_first_but_held_by_the_second_is_not_missing() -> None:
    first = hit(coverage=Coverage(0.5, (("9", 1.0),)))
    assert named(QUERY, [first, hit()])["number_missing"] == 0.0


def test_the_first_question_of_equal_ones_stands_out_by_nothing() -> None:
    assert named(QUERY, [hit(question=0.8), hit(question=0.8)])["question_margin"] == 0.0


def test_the_logistic_model_worked_by_hand() -> None:
    # -1 + 1 * 0.6 = -0.4; 1 / (1 + e^0.4) = 0.40131
    model = Logistic(tuple(1.0 if name == "text" else 0.0 for name in FEATURES), -1.0, 0.5)
    found = LogisticConfidence(model, Relevance.load()).confidence(QUERY, [hit(text=0.6)])
    assert found == pytest.approx(0.40131, abs=1e-5)


def test_the_fitted_coefficients_name_every_feature() -> None:
    for fitted, names in (
        (LogisticConfidence.load().model, FEATURES),
        (Relevance.load().model, RELEVANCE_FEATURES),
    ):
        assert len(fitted.weights) == len(names)
        assert 0 < fitted.threshold < 1
        assert any(fitted.weights)


def test_a_model_comes_back_as_it_was_written(tmp_path: Path) -> None:
    model = Logistic((0.5, -2.25), 1.5, 0.75)
    write_logistic(tmp_path / "m.toml", model, ("a", "b"), "Two lines\nof comment.")
    assert load_logistic(tmp_path / "m.toml", ("a", "b")) == model
    assert load_logistic(tmp_path / "m.toml", ("b", "a")).weights == (-2.25, 0.5)
    with pytest.raises(KeyError, match="c"):
        load_logistic(tmp_path / "m.toml", ("a", "c"))


def test_relevance_is_one_probability_a_hit() -> None:
    found = Relevance.load().probabilities(QUERY, [hit(text=0.9, question=0.9), hit(text=0.1, score=0.1)])
    assert len(found) == 2
    assert 1 >= found[0] > found[1] >= 0
    assert Relevance.load().probabilities(QUERY, []) == []


unit = st.floats(min_value=0, max_value=1)
hits = st.lists(
    st.builds(
        lambda t, q, s, c, m: hit(text=t, question=q, score=s, coverage=Coverage(c, tuple(m))),
        unit,
        unit,
        unit,
        unit,
        st.lists(st.tuples(st.sampled_from(["a", "council", "7"]), st.floats(0.1, 8)), max_size=3),
    ),
    max_size=8,
)


@given(hits)
def test_confidence_is_a_probability_whatever_was_found(found: list[Hit]) -> None:
    model = LogisticConfidence.load()
    assert 0.0 <= model.confidence(QUERY, found) <= 1.0
    steep = dataclasses.replace(model, model=Logistic(tuple(1e6 for _ in FEATURES), 0.0, 0.5))
    assert 0.0 <= steep.confidence(QUERY, found) <= 1.0
