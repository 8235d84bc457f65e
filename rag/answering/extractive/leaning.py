"""Which sentences belong together: words that lean on the sentence before. Refuses to read meaning.

Unsure, a sentence is held to lean: it then keeps its place, which is never wrong.
"""

from __future__ import annotations

import re

_CONTINUES = {
    "en": r"however|but|yet|nevertheless|unless|except|provided|only if|this (also )?(applies|does not)"
    r"|in that case|otherwise|moreover|furthermore|in addition(?! to)|additionally",
    "nl": r"echter|maar|toch|tenzij|behalve|mits|evenwel|daarbij|bovendien|daarnaast|verder|anders"
    r"|in dat geval|dit geldt",
    "da": r"dog|men|medmindre|undtagen|forudsat|imidlertid|derudover|herudover|desuden|endvidere|ellers"
    r"|i så fald|dette gælder",
}
_POINTS_BACK = {
    "en": r"it|they|he|she|this|these|that|those|such|its|their|his|her|here|there|thereby|therefore|thus"
    r"|hence|then|both|also|likewise|similarly|consequently|accordingly|instead|another|others?"
    r"|for (example|instance)|e\.g\.|as a (result|consequence)|to (this|that) end|at the same time|finally"
    r"|in (this|that|the specific|the particular) (case|example|instance|respect|context|way)|of (these|those|them)",
    "nl": r"het (is|was|wordt|werd|heeft|had|kan|kon|zal|zou|moet|gaat|betreft|omvat)|hij|zij|ze|dit|dat|deze"
    r"|die|zijn|haar|hun|zulke|dergelijke|daar\w*|hier\w*|er|dus|ook|eveneens|evenzo|bijgevolg|derhalve|zo"
    r"|vervolgens|tegelijkertijd|ten slotte|tot slot|beide|andere|bijvoorbeeld|bijv\.|als gevolg"
    r"|in (dit|dat|het concrete|het specifieke) (geval|voorbeeld|verband|opzicht)|op (deze|die) manier",
    "da": r"det|den|de|dette|denne|disse|dens|dets|deres|han|hun|sådan\w*|der\w*|her\w*|således|også|ligeledes"
    r"|samtidig|dernæst|begge|andre|endelig|for eksempel|f\.eks\.|eksempelvis|som følge (af dette|heraf)"
    r"|i (det|dette|den|denne) (konkrete |pågældende |foreliggende )?(eksempel|tilfælde|sag|forbindelse)"
    r"|på (denne|samme) måde|til dette formål",
}
_NAMED_BEFORE = {
    "en": r"these|those|this|the (former|latter|said|same)",
    "nl": r"deze|dit|dergelijke|dezelfde|hetzelfde|hier(van|mee|toe|over|op)",
    "da": r"disse|dette|denne|sådanne|samme|her(af|om|til|for|på|ved)",
}
"""Words for what was named before, where they stand among a sentence's first words."""
_FIRST_WORDS = 8

_CONTINUING = {code: re.compile(rf"(?:{words})\b", re.IGNORECASE) for code, words in _CONTINUES.items()}
_LEANING = {
    code: re.compile(
        rf"(?:{words}|{_CONTINUES[code]})(?!\w)|(?:\S+\s+){{0,{_FIRST_WORDS - 1}}}?(?:{_NAMED_BEFORE[code]})\b",
        re.IGNORECASE,
    )
    for code, words in _POINTS_BACK.items()
}


def continues(sentence: str, language: str) -> bool:
    """Whether the sentence limits or adds to the one before it (a condition, an exception)."""
    pattern = _CONTINUING.get(language)
    return bool(pattern and pattern.match(sentence))


def leans(sentence: str, language: str) -> bool:
    """Whether the sentence may not be understood without the one before it."""
    pattern = _LEANING.get(language)
    return sentence[:1].islower() or bool(pattern and pattern.match(sentence))


def introduces(sentence: str) -> bool:
    """Whether the sentence announces what follows it, and says little without it."""
    return sentence.rstrip().endswith(":")
