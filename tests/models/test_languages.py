"""Short questions in the served languages, and others that must not be taken for them."""

from __future__ import annotations

import time

import pytest

from rag.models.languages import LinguaIdentifier

QUESTIONS = {
    "en": (
        "why?",
        "why",
        "who?",
        "when?",
        "How many?",
        "what is grooming",
        "What is Europol?",
        "who decides",
        "is it illegal",
        "report abuse",
        "hello",
        "thank you",
        "what is a hotline?",
        "Who votes?",
        "How many reports in 2019?",
        "What does COM(2020) 607 say?",
        "and for parents?",
        "What about Denmark?",
        "is WhatsApp allowed to scan my messages?",
        "Does the decision apply to Denmark",
        "which member states",
        "Tell me about the action plan",
        "who is Birgit Sippel",
        "how old must a child be",
        "when did it enter into force",
        "what happens next?",
        "Can I trust this?",
        "the eight initiatives",
        "What is ECRIS",
        "and Eurojust?",
        "Explain footnote 28",
        "Is encryption banned?",
    ),
    "nl": (
        "waarom?",
        "waarom",
        "wie?",
        "wanneer?",
        "Hoeveel?",
        "wat is grooming",
        "Wat is Europol?",
        "wie beslist dat",
        "mag dat",
        "is dat verboden",
        "kindermisbruik melden",
        "hallo",
        "dank je wel",
        "wat is een hotline?",
        "Wie stemde tegen?",
        "hoeveel meldingen in 2019",
        "Wat staat er in COM(2020) 607?",
        "en voor ouders?",
        "Hoe zit het met Denemarken?",
        "mag WhatsApp mijn berichten scannen?",
        "geldt het besluit ook in Nederland",
        "welke lidstaten",
        "Vertel iets over het actieplan",
        "wie is Birgit Sippel",
        "hoe oud moet een kind zijn",
        "wanneer trad het in werking",
        "en daarna?",
        "de acht initiatieven",
        "Wat is ECRIS",
        "en wat doet Eurojust?",
        "Leg voetnoot 28 uit",
        "Is versleuteling verboden?",
        "Wat doet de politie?",
        "hoe lang geldt dit",
    ),
    "da": (
        "hvorfor?",
        "hvorfor",
        "hvem?",
        "hvornår?",
        "Hvor mange?",
        "hvad er grooming",
        "Hvad er Europol?",
        "hvem bestemmer",
        "må man det",
        "er det ulovligt",
        "anmelde misbrug",
        "hej",
        "mange tak",
        "hvad er en hotline?",
        "Hvem stemte imod?",
        "hvor mange indberetninger i 2019",
        "Hvad står der i COM(2020) 607?",
        "og for forældre?",
        "Hvad med Danmark?",
        "må WhatsApp scanne mine beskeder?",
        "gælder afgørelsen i Danmark",
        "hvilke medlemsstater",
        "Fortæl om handlingsplanen",
        "hvem er Birgit Sippel",
        "hvor gammelt skal et barn være",
        "hvornår trådte det i kraft",
        "og bagefter?",
        "de otte initiativer",
        "Hvad er ECRIS",
        "og Eurojust?",
        "Forklar fodnote 28",
        "Er kryptering forbudt?",
        "Hvad gør EU?",
        "Hvad er WeProtect?",
        "hvornar traadte det i kraft",
    ),
}
FOREIGN = {
    "de": ("Was ist das?", "Wer ist verantwortlich für die Kinder?", "Warum gibt es diese Regeln?"),
    "fr": ("Qui est responsable?", "Pourquoi?", "Que fait l'Union européenne pour les enfants?"),
    "sv": ("Vad gör EU mot detta?", "Varför är det så?", "Hur många anmälningar kom in?"),
    "nb": ("Hva gjør EU for å beskytte barn?", "Hva er reglene etter loven?"),
    "es": ("¿Quién es responsable de los niños?", "¿Por qué?"),
    "it": ("Chi è responsabile dei bambini?",),
    "pl": ("Kto jest odpowiedzialny za dzieci?",),
}
IDENTIFIER = LinguaIdentifier()


@pytest.mark.parametrize(
    ("language", "text"),
    [(lang, q) for table in (QUESTIONS, FOREIGN) for lang, qs in table.items() for q in qs],
)
def test_a_short_question_is_known_by_its_language(language: str, text: str) -> None:
    assert IDENTIFIER.identify(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "2011/93/EU",
        "COM(2020) 607",
        "?!",
        "12862/19",
        "https://eur-lex.europa.eu",
        "\x00",
        "hotline",
        "Europol?",
        "Кто отвечает за детей?",
        "Ποιος αποφασίζει;",
    ],
)
def test_what_shows_no_language_is_unknown(text: str) -> None:
    assert IDENTIFIER.identify(text) == "unknown"


def test_a_long_text_takes_a_few_milliseconds() -> None:
    text = "Kommissionen vil fortsat arbejde tæt sammen med medlemsstaterne om at løse problemerne. " * 5_000
    IDENTIFIER.identify("warm")
    started = time.perf_counter()
    assert IDENTIFIER.identify(text) == "da"
    assert time.perf_counter() - started < 0.5


def test_a_heading_in_capitals_is_still_read() -> None:
    assert (
        IDENTIFIER.identify("GENNEMFØRELSE OG UDVIKLING AF DE RELEVANTE RETSREGLER FOR AT BESKYTTE BØRN")
        == "da"
    )
