"""Function words that carry no topic, for the three languages of the corpus."""

from __future__ import annotations

_ENGLISH = """
a about above after again against all also am an and any are as at be because been before being
below between both but by can could did do does doing down during each few for from further had has
have having he her here hers herself him himself his how i if in into is it its itself just may me
might more most must my myself no nor not now of off on once only or other our ours ourselves out
over own same shall she should so some such than that the their theirs them themselves then there
these they this those through to too under until up upon us very was we were what when where which
while who whom whose why will with would you your yours yourself please tell know say says said
there's what's it's
"""
_DUTCH = """
aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens
en er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je
jij jou jouw kan kon kunnen maar me meer men met mij mijn moet moeten na naar niet niets nog nu of
om omdat onder ons onze ook op over reeds te tegen toch toen tot u uit uw van veel voor want waren
was wat we wel werd worden wordt wie wij wil zal ze zelf zich zij zijn zo zonder zou zullen waar
waarom wanneer welke welk hoeveel mag mogen zeg zegt graag weten
"""
_DANISH = """
af alle alt anden at ad altså blev blive bliver da de dem den denne der deres det dette dig din
disse dog du efter eller en end er et for fordi fra ham han har have havde hende hendes her hos hun
hvad hvem hver hvilken hvilke hvilket hvis hvor hvordan hvorfor hvornår i ikke ind ja jeg jer jo kan
kunne man mange med meget men mig min mine mit mod må måtte ned noget nogle nogen nok nu når nær og
også om op os over på selv sig sin sine sit skal skulle som sådan så thi til ud under var vi vil
ville vor vores være været siger sige gerne vide bør mon
"""

STOPWORDS: dict[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "nl": frozenset(_DUTCH.split()),
    "da": frozenset(_DANISH.split()),
}
