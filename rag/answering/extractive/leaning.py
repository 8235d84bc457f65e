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
_LIMITS = {
    "en": r"unless|except|provided that|only (?:if|when|where)|on condition|subject to|as long as|without prejudice",
    "nl": r"tenzij|behalve|mits|alleen (?:als|wanneer|indien)|slechts|op voorwaarde|voor zover|onverminderd"
    r"|met uitzondering",
    "da": r"medmindre|undtagen|bortset fra|forudsat|kun (?:hvis|når)|på betingelse|for så vidt|uden at berøre"
    r"|med undtagelse",
}
"""Conditions and exceptions, wherever they stand in a sentence."""
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
    r"|på (denne|samme) måde|til dette formål|(?:selv om|selvom|idet|fordi) (?:det|den|de) (?:har|er|kan|vil|blev|var)",
}
_NAMED_BEFORE = {
    "en": r"these|those|this|the (former|latter|said|same)",
    "nl": r"deze|dit|dergelijke|dezelfde|hetzelfde|hier(van|mee|toe|over|op)",
    "da": r"disse|dette|denne|sådanne|samme|her(af|om|til|for|på|ved)",
}
"""Words for what was named before, where they stand among a sentence's first words."""
_FIRST_WORDS = 8
_CONNECTS = {
    "en": r"(?:moreover|furthermore|in addition|additionally|also|likewise|similarly|therefore|thus|hence"
    r"|consequently|accordingly|as a (?:result|consequence)|at the same time|finally|lastly"
    r"|for (?:example|instance)|to (?:this|that) end|against this background"
    r"|in (?:this|that) (?:context|regard|respect|connection)"
    r"|in (?:this|that|the) (?:specific |particular )?(?:case|example|instance)),?\s+",
    "nl": r"(?:bovendien|daarnaast|verder|ook|eveneens|evenzo|daarom|daardoor|hierdoor|dus|derhalve"
    r"|bijgevolg|als gevolg daarvan|vervolgens|tegelijkertijd|ten slotte|tot slot|bijvoorbeeld|zo|daartoe"
    r"|tegen deze achtergrond|in (?:dit|dat) verband|in dat kader|in deze context"
    r"|in (?:dit|dat|het) (?:concrete |specifieke )?(?:geval|voorbeeld)),?\s+",
    "da": r"(?:derudover|herudover|desuden|endvidere|også|ligeledes|derfor|således|som følge heraf|samtidig"
    r"|dernæst|endelig|for eksempel|f\.eks\.|eksempelvis|med henblik herpå|på denne baggrund|i lyset heraf"
    r"|i den(?:ne)? (?:forbindelse|henseende)"
    r"|i de(?:t|tte|n|nne) (?:konkrete |pågældende |foreliggende )?(?:eksempel|tilfælde|sag)),?\s+",
}
"""Words that only tie a sentence to the one before: what is said can be understood without it."""
_WHOLE_TEXTS = {
    "en": r"this|these)\s+(?=(?:regulation|directive|decision|strategy|act|law|handbook|guide|guidelines|rules"
    r"|policy|conditions|communication|conclusions|document|text",
    "nl": r"dit|deze)\s+(?=(?:verordening|richtlijn|besluit|strategie|wet|handboek|leidraad|richtsnoeren|regels"
    r"|beleid|voorwaarden|mededeling|conclusies|document|tekst|reglement",
    "da": r"denne|dette|disse)\s+(?=(?:forordning|direktiv|afgørelse|strategi|lov|håndbog|vejledning"
    r"|retningslinjer|regler|politik|betingelser|meddelelse|konklusioner|dokument|tekst|reglement",
}
"""What a text calls itself, or the act that all of it is about: the reader of an answer knows it."""
_IMPERSONAL = {
    "en": r"there\s+(?:is|are|was|were|has|have|had|will|would|may|can|could|must|should|remains?)\b"
    r"|it\s+(?:is|was|remains|has (?:become|been)|will be|would be|appears|seems)\s+(?:\w+\s+)?(?:important"
    r"|necessary|essential|vital|crucial|clear|possible|estimated|expected|likely|known|difficult|urgent)\b",
    "nl": r"er\s+(?:is|zijn|was|waren|wordt|worden|werd|werden|komt|komen|bestaat|bestaan|moet|moeten|zal|zullen"
    r"|kan|kunnen|heeft|hebben|geldt|gelden)\b(?!\s+(?:van|mee|voor|toe|op|in|aan|bij)\b)"
    r"|het\s+(?:is|was|blijft|wordt|bleek)\s+(?:\w+\s+)?(?:van\s+\w+\s+belang|belangrijk|noodzakelijk|nodig"
    r"|essentieel|duidelijk|mogelijk|moeilijk|cruciaal|dringend|waarschijnlijk|bekend)\b",
    "da": r"der\s+(?:er|var|har|havde|findes|fandtes|bliver|blev|skal|skulle|bør|kan|kunne|må|vil|ville|mangler"
    r"|foreligger|gælder|ydes|sker)\b"
    r"|det\s+(?:er|var|bliver|blev|forbliver)\s+(?:\w+\s+)?(?:vigtigt?|nødvendigt|afgørende|klart|muligt"
    r"|væsentligt|vanskeligt|svært|tydeligt|sandsynligt|kendt)\b"
    # The article before an adjective, which ends in -e, unlike a verb, but for the past tenses.
    r"|(?:den|det|de)\s+(?!\w+(?:ed|t)e\b|kunne\b|ville\b|skulle\b|burde\b)\w+e\b|det\s+forhold\b|den\s+omstændighed\b",
}
"""Openings that look as if they pointed back, and do not."""
_PRONOUNS = {
    "en": r"it|they|he|she|its|their|his|her|this|these|those|such",
    "nl": r"zij|ze|hij|dit|deze|die|hun|haar|dat",
    "da": r"det|den|de|dette|denne|disse|dens|dets|deres|han|hun",
}

_CONTINUING = {code: re.compile(rf"(?:{words})\b", re.IGNORECASE) for code, words in _CONTINUES.items()}
_LIMITING = {code: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for code, words in _LIMITS.items()}
_NAMING = {
    code: re.compile(rf"(?:\S+\s+){{0,{_FIRST_WORDS - 1}}}?(?:{words})\b", re.IGNORECASE)
    for code, words in _NAMED_BEFORE.items()
}
_LEANING = {
    code: re.compile(rf"(?:{words}|{_CONTINUES[code]})(?!\w)|{_NAMING[code].pattern}", re.IGNORECASE)
    for code, words in _POINTS_BACK.items()
}
_ITSELF = {code: re.compile(rf"\b(?:{words})\b)", re.IGNORECASE) for code, words in _WHOLE_TEXTS.items()}
_CONNECTING = {code: re.compile(words, re.IGNORECASE) for code, words in _CONNECTS.items()}
_IMPERSONALLY = {code: re.compile(words, re.IGNORECASE) for code, words in _IMPERSONAL.items()}
_SUBJECT = {
    code: re.compile(rf"(?:\S+\s+)?(?:{words})\b", re.IGNORECASE) for code, words in _PRONOUNS.items()
}


def continues(sentence: str, language: str) -> bool:
    """Whether the sentence limits or adds to the one before it (a condition, an exception)."""
    pattern = _CONTINUING.get(language)
    return bool(pattern and pattern.match(sentence))


def limits(sentence: str, language: str) -> bool:
    """Whether the sentence holds a condition or an exception."""
    pattern = _LIMITING.get(language)
    return bool(pattern and pattern.search(sentence))


def leans(sentence: str, language: str) -> bool:
    """Whether the sentence may not be understood without the one before it."""
    pattern = _LEANING.get(language)
    return sentence[:1].islower() or bool(pattern and pattern.match(sentence))


def goes_on(sentence: str, language: str) -> bool:
    """Whether the sentence belongs right behind the one before it: it leans, and not only in form."""
    if not leans(sentence, language):
        return False
    return sentence[:1].islower() or not _is_impersonal(sentence, language)


def may_lead(sentence: str, language: str) -> bool:
    """Whether the sentence is understood by a person who reads it first.

    "Therefore the Council decides" is, though it leans; "Therefore it decides" and "However, the
    Council decides" are not.
    """
    if not leans(sentence, language):
        return True
    if sentence[:1].islower():
        return False
    said = _ITSELF[language].sub("", sentence)
    connected = _CONNECTING[language].match(said)
    if connected:  # a verb follows in Dutch and Danish, and then the subject
        said = said[connected.end() :]
        impersonal = _is_impersonal(said, language)
        return impersonal or not (_SUBJECT[language].match(said) or _NAMING[language].match(said))
    said = said[:1].upper() + said[1:]
    return not leans(said, language) or _is_impersonal(said, language)


def _is_impersonal(sentence: str, language: str) -> bool:
    """Whether "it" or "there" opens the sentence and stands for nothing, and nothing else points back."""
    return bool(_IMPERSONALLY[language].match(sentence)) and not _NAMING[language].match(sentence)


def introduces(sentence: str) -> bool:
    """Whether the sentence announces what follows it, and says little without it."""
    return sentence.rstrip().endswith(":")
