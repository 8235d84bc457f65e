"""Sentences that lean on the one before, in the three languages."""

from __future__ import annotations

import pytest

from rag.answering.extractive.leaning import (
    continues,
    goes_on,
    introduces,
    leans,
    limits,
    may_lead,
)

LEANING = {
    "en": (
        "This is so.",
        "They have led, for example, to:",
        "In addition, funds are given.",
        "In addition to this, funds are given.",
        "In the specific example, few were found.",
        "NCMEC then forwards these reports to the authorities.",
        "as of 17 June 2020.",
    ),
    "nl": (
        "Dit zal verhinderen dat het stopt.",
        "Daarnaast is er geld.",
        "Het is ook nodig.",
        "Het NCMEC stuurt deze meldingen vervolgens door.",
        "In het concrete voorbeeld zijn er weinig gevonden.",
    ),
    "da": (
        "De har pligt dertil.",
        "Derudover ydes der midler.",
        "I det konkrete eksempel er der fundet få.",
        "NCMEC sender dernæst disse indberetninger videre.",
    ),
}
STANDING = {
    "en": (
        "Thistles grow here.",
        "In addition to fines, terms are served.",
        "Council and Parliament agree.",
        "Thesis work is paid.",
    ),
    "nl": ("De Raad verzoekt de lidstaten daarom.", "Het netwerk helpt de lidstaten.", "Dieren zijn welkom."),
    "da": ("Rådet opfordrer til handling.", "Demokrati kræver tid.", "I 2019 kom der flere."),
}


@pytest.mark.parametrize(
    ("language", "sentence"), [(code, s) for code, all_ in LEANING.items() for s in all_]
)
def test_a_sentence_that_leans_on_the_one_before_is_recognised(language: str, sentence: str) -> None:
    assert leans(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence"), [(code, s) for code, all_ in STANDING.items() for s in all_]
)
def test_a_sentence_that_stands_by_itself_is_free(language: str, sentence: str) -> None:
    assert not leans(sentence, language)


def test_the_words_of_one_language_say_nothing_in_another() -> None:
    """ "De" points back in Danish and is an article in Dutch."""
    assert leans("De skal handle.", "da")
    assert not leans("De Raad handelt.", "nl")
    assert not leans("This is so.", "xx")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "However, it ends."), ("nl", "Tenzij het anders is."), ("da", "Dog gælder dette ikke.")],
)
def test_a_condition_belongs_to_the_sentence_before_it(language: str, sentence: str) -> None:
    assert continues(sentence, language)
    assert leans(sentence, language)
    assert not continues(f"The text says: {sentence}", language)


def test_a_colon_at_the_end_introduces() -> None:
    assert introduces("They have led to: ")
    assert not introduces("The rule: it holds.")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "In addition, Europol cannot receive data from companies."),
        ("en", "There are signs that the crisis has made it worse."),
        ("en", "It is estimated that there are more."),
        ("en", "This regulation applies for three years, unless other rules are agreed."),
        ("nl", "Daarom heeft het Parlement een verordening goedgekeurd."),
        ("nl", "Er zijn grote verschillen tussen de landen."),
        ("nl", "Het is belangrijk om misbruik te voorkomen."),
        ("nl", "Deze verordening geldt drie jaar."),
        ("nl", "In dit concrete voorbeeld zijn er weinig gevonden."),
        ("da", "Derudover bruger børn mere tid online."),
        ("da", "Der er tegn på en forværring."),
        ("da", "De nye regler gælder ikke for lyd."),
        ("da", "Det forhold, at flere er hjemme, har øget efterspørgslen."),
    ],
)
def test_what_only_ties_on_or_stands_for_nothing_may_lead(language: str, sentence: str) -> None:
    assert leans(sentence, language)
    assert may_lead(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "In addition, Europol cannot receive data.", True),
        ("en", "There are signs that it is worse.", False),
        ("nl", "Dat maakt het moeilijk.", True),
        ("nl", "Er zijn grote verschillen.", False),
        ("da", "Det gør det vanskeligt.", True),
        ("da", "Selv om det har givet dem mulighed herfor, er der en risiko.", True),
        ("da", "De nye regler gælder ikke for lyd.", False),
    ],
)
def test_only_what_really_leans_goes_on(language: str, sentence: str, expected: bool) -> None:
    assert goes_on(sentence, language) is expected


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "However, small providers need not."),
        ("en", "Therefore it proposes a new law."),
        ("en", "It is used by the police."),
        ("en", "There are rules on this matter."),
        ("nl", "Daarom stelt zij een wet voor."),
        ("nl", "Tenzij de Raad anders besluit."),
        ("nl", "Dit geldt ook voor bedrijven."),
        ("da", "Derfor har de pligt til det."),
        ("da", "Det kunne hjælpe medlemsstaterne."),
        ("da", "De vedtog reglerne."),
        ("en", "and a call to Member States."),
    ],
)
def test_what_means_nothing_without_the_sentence_before_may_not_lead(language: str, sentence: str) -> None:
    assert not may_lead(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "The rules apply for three years, unless new ones are agreed.", True),
        ("en", "The rules apply for three years.", False),
        ("nl", "Dat mag alleen als de wet het toestaat.", True),
        ("nl", "Alleen de Raad beslist.", False),
        ("da", "Det gælder, medmindre andet aftales.", True),
        ("da", "Det gælder kun her.", False),
    ],
)
def test_a_condition_is_known_wherever_it_stands(language: str, sentence: str, expected: bool) -> None:
    assert limits(sentence, language) is expected
