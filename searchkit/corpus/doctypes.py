"""
What kind of document is it?

The Government, the Riksdag and the agencies have short names for their series,
and every source spells them in its own way: ``prop``, ``Proposition``,
``propositioner``. Here each kind has one name.
"""

from __future__ import annotations

_SPELLINGS = {
    "anförande": "anforande anf tal-i-kammaren speech",
    "artikel": "artiklar",
    "bet": "betänkande betankande betänkanden utskottsbetänkande committee-report",
    "brev": "",
    "debattartikel": "debattartiklar",
    "departementspromemoria": "promemoria promemorior pm",
    "dir": "direktiv kommittédirektiv kommittedirektiv tilläggsdirektiv",
    "dom": "domslut avgörande",
    "ds": "departementsserien departementsserien-och-promemorior",
    "eun": "eu-nämnden",
    "faktapromemoria": "fpm faktapm",
    "fråga": "fr skriftlig-fråga skriftliga-frågor fraga",
    "föreskrift": "föreskrifter foreskrift",
    "informationsmaterial": "",
    "interpellation": "ip interpellationer",
    "kom": "com eu-kommissionens-dokument",
    "lagrådsremiss": "lagradsremiss lagrådsremisser",
    "mot": "motion motioner",
    "nyhet": "nyheter",
    "pressmeddelande": "pressmeddelanden press-release",
    "prop": "proposition propositioner",
    "protokoll": "prot riksdagsprotokoll",
    "rapport": "rapporter",
    "regeringsuppdrag": "uppdrag",
    "remiss": "remisser",
    "remissvar": "",
    "rskr": "riksdagsskrivelse",
    "sfs": "författning lag förordning svensk-författningssamling",
    "skr": "skrivelse skrivelser regeringens-skrivelse",
    "sou": "statens-offentliga-utredningar",
    "svar": "frs svar-på-skriftlig-fråga svar-pa-skriftlig-fraga",
    "tal": "",
    "utskottsdokument": "",
    "yttrande": "yttr",
}
_KINDS = {
    spelling: kind
    for kind, others in _SPELLINGS.items()
    for spelling in (kind, *others.split())
}


def kind_of(written: str) -> str:
    """
    Return the one name of a kind of document; what is not known stays, in lower case.

    >>> kind_of("Proposition"), kind_of("Skriftlig fråga"), kind_of("Årsbok")
    ('prop', 'fråga', 'årsbok')
    """
    plain = " ".join(written.lower().replace("-", " ").split())
    return _KINDS.get(plain.replace(" ", "-"), plain)


def is_known(written: str) -> bool:
    """Tell whether a kind of document is known under this name."""
    return kind_of(written) in _SPELLINGS
