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
    "debattartikel": "debattartiklar op-ed opinion-piece",
    "departementspromemoria": "promemoria promemorior pm",
    "dagordning": "dagordningar kommenterad-dagordning kommenterade-dagordningar",
    "dir": "direktiv kommittédirektiv tilläggsdirektiv kommittédirektiv-och-tilläggsdirektiv"
    " terms-of-reference",
    "dom": "domslut avgörande domar judgment judgement",
    "ds": "departementsserien departementsserien-och-promemorior",
    "eun": "eu-nämnden",
    "förordningsmotiv": "fm",
    "faktapromemoria": "fpm faktapm",
    "fråga": "fr skriftlig-fråga skriftliga-frågor written-question",
    "föreskrift": "föreskrifter regulation regulations",
    "informationsmaterial": "",
    "interpellation": "ip interpellationer",
    "kom": "com eu-kommissionens-dokument",
    "lagrådsremiss": "lagrådsremisser",
    "mot": "motion motioner budgetmotion partimotion kommittémotion",
    "nyhet": "nyheter news-item",
    "partiprogram": "idéprogram principprogram",
    "pressmeddelande": "pressmeddelanden press-release press-releases",
    "prop": "proposition propositioner budgetproposition bill government-bill",
    "protokoll": "prot riksdagsprotokoll minutes",
    "rapport": "rapporter report reports",
    "regeringsuppdrag": "uppdrag",
    "remiss": "remisser",
    "remissvar": "remissyttrande consultation-response",
    "rskr": "riksdagsskrivelse",
    "sfs": "författning författningar lag förordning svensk-författningssamling statute ordinance",
    "skr": "skrivelse skrivelser regeringens-skrivelse government-communication",
    "sou": "statens-offentliga-utredningar",
    "svar": "frs svar-på-skriftlig-fråga",
    "sakråd": "",
    "sö": "sveriges-internationella-överenskommelser",
    "tal": "",
    "uttalande": "uttalanden statement statements",
    "utskottsdokument": "",
    "valmanifest": "valplattform election-manifesto",
    "yttrande": "yttr",
    "överenskommelse": "överenskommelser överenskommelser-och-avtal agreement",
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
