"""
What kind of document is it?

The Government, the Riksdag and the agencies have short names for their series,
and every source spells them in its own way: ``prop``, ``Proposition``,
``propositioner``. Here each kind has one name.
"""

from __future__ import annotations

import unicodedata

_SPELLINGS = {
    "anförande": "anforande anf tal-i-kammaren speech",
    "artikel": "artiklar",
    "bet": "betänkande betänkanden utskottsbetänkande committee-report",
    "brev": "",
    "debattartikel": "debattartiklar",
    "departementspromemoria": "promemoria promemorior pm",
    "dagordning": "dagordningar kommenterad-dagordning kommenterade-dagordningar",
    "dir": "direktiv kommittédirektiv tilläggsdirektiv kommittédirektiv-och-tilläggsdirektiv",
    "dom": "domslut avgörande domar",
    "ds": "departementsserien departementsserien-och-promemorior",
    "eun": "eu-nämnden",
    "förordningsmotiv": "fm",
    "faktapromemoria": "fpm faktapm",
    "fråga": "fr skriftlig-fråga skriftliga-frågor",
    "föreskrift": "föreskrifter",
    "informationsmaterial": "",
    "interpellation": "ip interpellationer",
    "kom": "com eu-kommissionens-dokument",
    "lagrådsremiss": "lagrådsremisser",
    "mot": "motion motioner budgetmotion partimotion kommittémotion",
    "nyhet": "nyheter",
    "partiprogram": "idéprogram principprogram",
    "pressmeddelande": "pressmeddelanden press-release",
    "prop": "proposition propositioner budgetproposition",
    "protokoll": "prot riksdagsprotokoll",
    "rapport": "rapporter",
    "regeringsuppdrag": "uppdrag",
    "remiss": "remisser",
    "remissvar": "remissyttrande",
    "rskr": "riksdagsskrivelse",
    "sfs": "författning författningar lag förordning svensk-författningssamling",
    "skr": "skrivelse skrivelser regeringens-skrivelse",
    "sou": "statens-offentliga-utredningar",
    "svar": "frs svar-på-skriftlig-fråga",
    "sakråd": "",
    "sö": "sveriges-internationella-överenskommelser",
    "tal": "",
    "uttalande": "uttalanden",
    "utskottsdokument": "",
    "valmanifest": "valplattform",
    "yttrande": "yttr",
    "överenskommelse": "överenskommelser överenskommelser-och-avtal",
}
_UNACCENTED = str.maketrans("åäöé _", "aaoe--")


def plain(written: str) -> str:
    """
    Return *written* as programs name files and folders: in lower case, without accents.

    >>> plain("Kommittédirektiv och Frågor")
    'kommittedirektiv-och-fragor'
    """
    return unicodedata.normalize("NFC", written).lower().translate(_UNACCENTED)


_KINDS = {
    plain(spelling): kind
    for kind, others in _SPELLINGS.items()
    for spelling in (kind, *others.split())
}


def kind_of(written: str) -> str:
    """
    Return the one name of a kind of document; what is not known stays, in lower case.

    >>> kind_of("Proposition"), kind_of("Skriftlig fråga"), kind_of("Årsbok")
    ('prop', 'fråga', 'årsbok')
    """
    words = " ".join(written.lower().replace("-", " ").split())
    return _KINDS.get(plain(words), words)


def is_known(written: str) -> bool:
    """Tell whether a kind of document is known under this name."""
    return kind_of(written) in _SPELLINGS
