"""
Which number does a document bear in its series?

Swedish public documents are known by series and number: "prop. 2015/16:100",
"SOU 2016:34", "AMSFS 2007:28", "2018/19:FiU19". Here stands how such a designation is
written at the head of a text, in a title and in the name of a file. Numbers of the Riksdag
go by riksmöte, two years that follow each other, others by year; what is neither is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from searchkit.corpus.doctypes import kind_of, plain

OF_RIKSMOTE = frozenset(
    (
        *("prop", "skr", "mot", "bet", "yttrande", "interpellation", "fråga", "svar"),
        *("protokoll", "faktapromemoria", "rskr"),
    )
)
"""Kinds that are numbered by riksmöte."""
OF_YEAR = frozenset(("sou", "ds", "dir", "sfs", "förordningsmotiv", "sö"))
"""Kinds that are numbered by year; agencies' regulations carry their series as well."""
NUMBERED = OF_RIKSMOTE | OF_YEAR | {"föreskrift", "dom"}

NUMBER = (
    r"(?:(?:1[89]|20)\d\d/(?:\d{4}|\d\d):[ ]?(?:[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,4})?\d{1,5}[a-z]?"
    r"|(?:1[6-9]|20)\d\d:\d{1,5}(?:[ ]?AR)?)(?![\d/]|:\d)"
)
AGENCY = r"(?!SFS\b)[A-ZÅÄÖ](?:[A-ZÅÄÖ]|[a-zåäö]+(?=FS\b))*(?:-[A-ZÅÄÖ]+)*-?FS"
COMMITTEE = r"[A-ZÅÄÖ][\w-]*(?:[ ][\w-]+){0,3}utskottet"
_SERIES = (
    ("prop", r"Regeringens[ ]proposition|Kungl\.[ ]Maj:ts[ ]proposition|Proposition|[Pp]rop\."),
    ("skr", r"Regeringens[ ]skrivelse|Skrivelse|[Ss]kr\."),
    ("dir", r"Kommittédirektiv|Direktiv|[Dd]ir\."),
    ("sou", r"Statens[ ]offentliga[ ]utredningar|SOU"),
    ("ds", r"Departementsserien|D[Ss]"),
    ("bet", rf"{COMMITTEE}s[ ](?:betänkande|utlåtande)|Betänkande|Utlåtande|[Bb]et\."),
    ("yttrande", rf"{COMMITTEE}s[ ]yttrande|Yttrande"),
    (
        "mot",
        r"(?:Enskild[ ]|Kommitté|Parti|Budget|Följd|Flerparti)?[Mm]otion(?:[ ]till[ ]riksdagen)?",
    ),
    ("svar", r"Svar[ ]på[ ](?:skriftlig[ ])?fråga|Frågesvar"),
    ("fråga", r"Skriftlig[ ]fråga|Fråga"),
    ("interpellation", r"Interpellation"),
    ("protokoll", r"(?:Riksdagens[ ])?(?:[Ss]nabb)?[Pp]rotokoll|[Pp]rot\."),
    ("faktapromemoria", r"Faktapromemoria|Fakta-PM"),
    ("rskr", r"Riksdagsskrivelse|[Rr]skr\."),
    ("förordningsmotiv", r"Förordningsmotiv|Fm"),
    ("sö", r"SÖ"),
    ("sfs", r"Svensk[ ]författningssamling|SFS(?:[ ]nr:?)?"),
    ("föreskrift", AGENCY),
)
SERIES = "(?:" + "|".join(f"(?P<s{i}>{words})" for i, (_, words) in enumerate(_SERIES)) + ")"
"""One group for each series, which :func:`designation` understands."""

_TITLE_START = re.compile(rf"{SERIES}[ :]{{0,2}}[ ]?(?P<number>{NUMBER})(?=[ :,.;–-]|$)")
_TITLE_END = re.compile(rf"[ ,(–-]{{1,3}}{SERIES}[ ](?P<number>{NUMBER})\)?\.?$")
STATUTE_TITLE = re.compile(
    r"(?:[Ll]ag|[Ff]örordning|Tillkännagivande|Kungörelse|Reglemente|Brev|Instruktion|Stadga"
    r"|Resolution|Regeringsform|Cirkulär"
    r"|[A-ZÅÄÖ][a-zåäö]+(?:lag|förordning|balk|form|kungörelse|stadga|ordning)"
    r"|(?:Kungl\.[ ]Maj:ts|Lag|Förordning)[ ]\w+)[ ]\((?P<number>(?:1[6-9]|20)\d\d:\d{1,4})\)"
)
_PLAIN_TITLES = (
    ("remiss", re.compile(r"Remiss(?:[ ](?:av|angående|SOU|Ds)|:)[ ]|Remittering[ ]av[ ]")),
    ("regeringsuppdrag", re.compile(r"Uppdrag[ ](?:att|till|om)[ ]")),
    ("dir", re.compile(r"Tilläggsdirektiv[ ]till[ ]")),
    ("lagrådsremiss", re.compile(r"Lagrådsremiss\b")),
    ("överenskommelse", re.compile(r"Överenskommelse[ ](?:för|mellan|om|med)[ ]")),
    ("pressmeddelande", re.compile(r"Pressmeddelande\b")),
    ("remissvar", re.compile(r"(?:Remissvar|Remissyttrande)\b|Yttrande[ ]över[ ]remiss")),
)

_NAME_SERIES = {
    "prop": "prop", "proposition": "prop", "skr": "skr", "skrivelse": "skr", "dir": "dir",
    "kommittedirektiv": "dir", "direktiv": "dir", "sou": "sou", "ds": "ds", "bet": "bet",
    "betankande": "bet", "mot": "mot", "motion": "mot", "ip": "interpellation",
    "interpellation": "interpellation", "ipq": "interpellation", "prot": "protokoll",
    "protokoll": "protokoll", "fpm": "faktapromemoria", "faktapromemoria": "faktapromemoria",
    "rskr": "rskr", "fm": "förordningsmotiv", "sfs": "sfs", "so": "sö",
}  # fmt: skip
_NAME_WORDS = {
    "artikel", "betankande", "budgetmotion", "debattartikel", "faktapromemoria",
    "interpellation", "kommittedirektiv", "lagradsremiss", "motion", "partimotion",
    "pressmeddelande", "proposition", "rapport", "regeringsuppdrag", "remiss", "remissvar",
    "riksdagsskrivelse", "sfs", "skrivelse", "sou", "tillaggsdirektiv", "promemoria",
    "partiprogram", "valmanifest",
}  # fmt: skip
# Behind words a name cites: "remiss-av-sou-201634"; behind numbers stands what was a folder.
_IN_NAME = re.compile(r"(?:^|\d[_-])([a-z]+(?:-fs)?)[ ._-]*((?:1[6-9]|20)\d\d.*)")
_SPLIT_NUMBER = re.compile(r"(\d{4})[ ._-]+(\d{1,5})(ar)?(?=[ ._-]|$)", re.IGNORECASE)
_SPLIT_RIKSMOTE = re.compile(
    r"(\d{4})[ ._-]?(\d{4}|\d\d)[ ._-]+([a-zåäö]{0,4}\d{1,5}y?)(?=[ ._-]|$)", re.IGNORECASE
)
_OF_PAGE = re.compile(r"(?<=\d)[ ]?s\.?[ ]?(\d{1,4})$")
_OF_CASE = re.compile(r"^([A-ZÅÄÖ]{1,3})(\d{1,6}-\d\d)$")
_RUN_OF_DIGITS = re.compile(r"(\d{5,13})(?=[ ._-]|$)")


@dataclass(frozen=True, slots=True)
class Designation:
    """What a document is called in its series."""

    kind: str
    number: str | None


def designation(match: re.Match[str]) -> Designation | None:
    """
    Return what a match of ``SERIES`` and a group "number" stands for, or None.

    A number by riksmöte makes no sense for a series by year, nor the other way round.
    """
    groups = match.groupdict()
    kind = next(of for i, (of, _) in enumerate(_SERIES) if groups[f"s{i}"] is not None)
    number = (groups.get("number") or "").replace(" ", "") or None
    if number is None:
        return Designation(kind, None)
    if kind in OF_RIKSMOTE:
        return Designation(kind, number) if riksmote_of(number) else None
    if "/" in number:
        return None
    if kind == "föreskrift":
        series = groups[f"s{len(_SERIES) - 1}"]
        return Designation(kind, f"{series} {number}")
    return Designation(kind, number)


def riksmote_of(number: str) -> str | None:
    """
    Return the riksmöte that a number begins with, if it is one.

    >>> riksmote_of("2015/16:100"), riksmote_of("1999/2000:17"), riksmote_of("2015/17:1")
    ('2015/16', '1999/2000', None)
    """
    riksmote = number.partition(":")[0]
    first, _, second = riksmote.partition("/")
    if not (first.isdigit() and second.isdigit() and len(first) == 4):
        return None
    following = str(int(first) + 1)
    return riksmote if second in (following, following[2:]) else None


def of_title(title: str, known: Mapping[str, str]) -> Designation | None:
    """
    Return what a title says that its document is, or None.

    Only what the title begins with counts; at its end stands what the document is about
    as often as what it is, so that there the type must be known to be the same.

    >>> of_title("Prop. 2017/18:86 Ny lag om tobak", {})
    Designation(kind='prop', number='2017/18:86')
    >>> of_title("Remiss av SOU 2021:36", {})
    Designation(kind='remiss', number=None)
    """
    title, kind = title.strip(), known.get("type")
    if match := STATUTE_TITLE.match(title):
        found: Designation | None = Designation("sfs", match["number"])
    elif match := _TITLE_START.match(title):
        found = designation(match)
    elif kind in NUMBERED and (match := _TITLE_END.search(title[-60:])):
        found = designation(match)
        return found if found and found.kind == kind else None
    else:
        kinds = (of for of, pattern in _PLAIN_TITLES if pattern.match(title))
        found = next((Designation(of, None) for of in kinds), None)
    return found if found and kind in (None, found.kind) else None


def written_number(number: str) -> str:
    """
    Return a number with the blanks that belong into it, which sources write or leave out.

    >>> written_number("1904:48s1"), written_number("Ö2668-07"), written_number("2016:15")
    ('1904:48 s. 1', 'Ö 2668-07', '2016:15')
    """
    number = _OF_PAGE.sub(r" s. \1", number)
    return _OF_CASE.sub(r"\1 \2", number)


def of_name(relative: str, known: Mapping[str, str]) -> Designation | None:
    """
    Return what the name of a file says that its document is, or None.

    >>> of_name("prop.-200910121.md", {}), of_name("dir-2009_71.pdf", {})
    (Designation(kind='prop', number='2009/10:121'), Designation(kind='dir', number='2009:71'))
    >>> of_name("AMSFS-2007_28.pdf", {}).number, of_name("motion.txt", {}).kind
    ('AMSFS 2007:28', 'mot')
    """
    # The names of whole paths are often flattened with two underscores for each slash.
    stem = PurePosixPath(relative.replace("__", "/")).name
    stem = re.sub(r"(?:\.[A-Za-z]{1,5}){1,2}$", "", stem)
    name, kind = plain(stem), known.get("type")
    found = None
    if match := _IN_NAME.search(name):
        # As written, for the case of "FiU19" and of "VervaFS".
        as_written = stem if len(stem) == len(name) else name
        series = as_written[match.start(1) : match.end(1)]
        found = _named(series, as_written[match.start(2) :])
    if found is None:
        word = re.split(r"[ ._-]", name.lstrip("_- "), maxsplit=1)[0]
        is_task = name.startswith(("uppdrag-att-", "uppdrag-till-"))
        if word in _NAME_WORDS or is_task:
            found = Designation("regeringsuppdrag" if is_task else kind_of(word), None)
    return found if found and kind in (None, found.kind) else None


def _named(series: str, rest: str) -> Designation | None:
    """Return what a name that goes on from *series* with the digits of *rest* stands for."""
    word = plain(series)
    kind = _NAME_SERIES.get(word)
    if kind is None and not (word.endswith("fs") and 3 <= len(word) <= 10):
        return None
    if kind in OF_RIKSMOTE:
        if match := _SPLIT_RIKSMOTE.match(rest):
            number = f"{match[1]}/{match[2]}:{match[3].lstrip('0')}"
            return Designation(kind, number) if riksmote_of(number) else None
        return _from_run(kind, rest)
    if match := _SPLIT_NUMBER.match(rest):
        number = f"{match[1]}:{int(match[2])}" + ("AR" if match[3] else "")
    elif kind is not None and (match := _RUN_OF_DIGITS.match(rest)) and len(match[1]) <= 8:
        number = f"{match[1][:4]}:{int(match[1][4:])}"
    else:
        return None
    return Designation(kind or "föreskrift", number if kind else f"{series} {number}")


def _from_run(kind: str, digits: str) -> Designation | None:
    """Cut "200910121" at the riksmöte: regeringen.se leaves out all that is no digit."""
    run = _RUN_OF_DIGITS.match(digits)
    for second in (8, 6) if run else ():
        number = f"{digits[:4]}/{digits[4:second]}:{run[1][second:].lstrip('0')}" if run else ""
        if riksmote_of(number) and not number.endswith(":"):
            return Designation(kind, number)
    return None
