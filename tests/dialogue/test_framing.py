from __future__ import annotations

import pytest

from rag.dialogue.framing import unframed
from rag.dialogue.rewriting import RuleRewriter


@pytest.mark.parametrize(
    ("language", "framed", "asked"),
    [
        ("en", "For a press release: what was the exact vote?", "What was the exact vote?"),
        ("en", "Quick question - who adopted the conclusions?", "Who adopted the conclusions?"),
        ("en", "Hi, for my thesis, when does the regulation end?", "When does the regulation end?"),
        ("nl", "Voor een persbericht: wat was de exacte stemuitslag?", "Wat was de exacte stemuitslag?"),
        ("nl", "Voor de schoolkrant: wie nam de conclusies aan?", "Wie nam de conclusies aan?"),
        ("da", "Til vores NGO-notat: hvilke sager nævner Kommissionen?", "Hvilke sager nævner Kommissionen?"),
        ("da", "Til en klumme, jeg skriver: hvilket land sender færrest?", "Hvilket land sender færrest?"),
    ],
)
def test_what_a_question_says_of_its_use_is_left_out(language: str, framed: str, asked: str) -> None:
    assert unframed(framed, language) == asked
    assert RuleRewriter().rewrite(framed, language, ()) == asked


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "For providers: what must they report?"),
        ("en", "End-to-end encryption: what does the Council want?"),
        ("en", "For how long does the regulation apply?"),
        ("en", "For my thesis: why?"),
        ("nl", "Voor slachtoffers: welke hulp komt er?"),
        ("nl", "Voor welke diensten gelden de regels?"),
        ("da", "Til udbydere: hvad skal de gøre med billeder?"),
        ("da", "Hvad skal meldes til myndighederne, og hvornår?"),
        ("fr", "Pour un article: quel a été le vote?"),
    ],
)
def test_what_a_question_is_about_is_kept(language: str, question: str) -> None:
    assert unframed(question, language) == question
