"""
Who made a document, and what is it called, where its layout makes that certain?

Between "Kommittédirektiv" and "Beslut vid regeringssammanträde" stands the title; above
"Betänkande" the committee. Only such fixed places are read; a first line that is merely
short is for the reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchkit.corpus.designations import COMMITTEE, NUMBER, SERIES

_TITLE_LINES_MAX = 7
_TITLE_CHARS_MAX = 400
_AGENCY_LINES = 10

_DESIGNATION_LINE = re.compile(rf"{SERIES}?[ :]*(?:nr[ ])?(?:{NUMBER})?[ .]*\d{{0,4}}")
# In the margin beside the title, so that some programs set it between the title's lines.
_RUNNING_HEAD = re.compile(r"[ ]?(?:Prop|Skr)\.(?=[ ]|$)")
_REPEATED = re.compile(r"(.{10,})[ ]\1")
_END = re.compile(
    r"Beslut vid regeringssammanträde|Regeringen överlämnar|Sammanfattning$"
    r"|(?:\d+ )?Förslag till|\d+ Innehåll"
    r"|Innehåll(?:sförteckning)?$|Propositionens huvudsakliga|Stockholm den|Till \w+utskottet$"
    r"|Utskottets förslag|Inledning$|Motivering$|Utfärdad|Departement/myndighet"
)
_MOTION_BY = re.compile(
    r"(?:Motion .*)?\bav (?P<name>.+?)(?: m\.[ ]?fl\.)?"
    r" \((?P<party>[A-Za-zåäö]{1,4}|-)\)(?: m\.[ ]?fl\.)?$"
)
_QUESTION = re.compile(
    r"(?:Interpellation|(?:Skriftlig )?[Ff]råga|Svar på (?:skriftlig )?fråga) "
    rf"{NUMBER} (?P<rest>.+)"
)
_BY_TO_ABOUT = re.compile(
    r"(?:av (?P<name>.+?) \((?P<party>[A-Za-zåäö]{1,4}|-)\) )?(?:till .+? )?om (?P<about>.+)"
)
_STATUTE_END = re.compile(r";?\s*(?:utfärdad|beslutade?)\b.*|;$")
_STATUTE_NOT = re.compile(
    r"Utkom från|den \d{1,2} \w+ \d{4}$|ISSN|Ansvarig utgivare|Utgivare|Saknr|SFS|\w*FS \d{4}:"
    r"|\d+$|[\w ]+författningssamling$|tel|telefax|Omtryck|Svensk författningssamling",
    re.IGNORECASE,
)
AGENCY_LINE = re.compile(
    r"[A-ZÅÄÖ][\w-]{2,40}(?:verket|myndigheten|inspektionen)|Myndigheten[ ]för[ ][\w ,-]{3,80}"
    r"|Statskontoret|Riksrevisionen|Riksgälden|Konjunkturinstitutet|Socialstyrelsen|Kommerskollegium"
    r"|Skogsstyrelsen|Universitetskanslersämbetet|Brottsförebyggande[ ]rådet|Trafikanalys"
    r"|Statens[ ][\w -]{3,60}(?:institut|verk|råd|beredning)|Sveriges[ ]riksbank",
    re.IGNORECASE,
)
"""The name of an agency and nothing else."""
_DEPARTMENT = re.compile(r"\(?([A-ZÅÄÖ][\w-]+(?:[ ]och[ ]\w+)?departementet)\)?")
_IN_BRACKETS = re.compile(r"(?:[^()]{0,40} )?\(([A-ZÅÄÖ][\w-]+(?:[ ]och[ ]\w+)?departementet)\)")
_LABELLED = re.compile(r"Departement(?:/myndighet)?:[ ]*(.{3,80})")
_COMMITTEE = re.compile(rf"({COMMITTEE})s (?:betänkande|yttrande|utlåtande)")
_AGENCY = re.compile(r"([\w ,-]+?)s\s+författningssamling", re.IGNORECASE)
_COURT = re.compile(
    r"(HÖGSTA (?:FÖRVALTNINGS)?DOMSTOLEN|REGERINGSRÄTTEN|ARBETSDOMSTOLEN|MARKNADSDOMSTOLEN"
    r"|[A-ZÅÄÖ]+(?: [A-ZÅÄÖ]+)? (?:HOVRÄTT|TINGSRÄTT)|HOVRÄTTEN (?:FÖR|ÖVER) [A-ZÅÄÖ ]+"
    r"|KAMMARRÄTTEN I [A-ZÅÄÖ]+|FÖRVALTNINGSRÄTTEN I [A-ZÅÄÖ]+)S?",
    re.IGNORECASE,
)


def organ_of(opening: list[str], lines: list[str], tail: str, *, kind: str | None) -> str | None:
    """Return who made the document, or None if its text does not tell it for certain."""
    if kind in ("bet", "yttrande"):
        return next((m[1] for line in opening if (m := _COMMITTEE.match(line))), None)
    if kind in ("dom", "beslut"):
        # Further down stand the courts that were appealed against.
        court = next((m[1] for line in opening[:5] if (m := _COURT.fullmatch(line))), None)
        return court.capitalize() if court else None
    if kind == "föreskrift":
        return _agency(opening)
    if kind == "rapport":
        agencies = agencies_of(opening)
        return agencies[0] if len(agencies) == 1 else None
    labelled = next((m[1] for line in opening if (m := _LABELLED.match(line))), None)
    if labelled:
        return labelled
    for line in lines if kind in ("prop", "skr", "lagrådsremiss", "dir") else opening:
        if match := _IN_BRACKETS.fullmatch(line):
            return match[1]
    ends = [line.strip() for line in tail.rstrip().split("\n")[-4:]]
    return next((m[1] for line in ends if (m := _IN_BRACKETS.fullmatch(line))), None)


def agencies_of(opening: list[str]) -> list[str]:
    """Return the agencies that have a line of their own, each once; capitals become letters."""
    names = [line for line in opening[:_AGENCY_LINES] if AGENCY_LINE.fullmatch(line)]
    written = [name.capitalize() if name.isupper() else name for name in names]
    return list(dict.fromkeys(name for name in written if name[0].isupper()))


def _agency(opening: list[str]) -> str | None:
    for i, line in enumerate(opening[:4]):
        following = opening[i + 1] if i + 1 < len(opening) else ""
        for candidate in (line, f"{line} {following}"):
            if (match := _AGENCY.fullmatch(candidate)) and match[1].lower() != "svensk":
                name = " ".join(match[1].split())
                return name.capitalize() if name.isupper() else name
    return None


def title_of(opening: list[str], kind: str, number: str | None) -> str | None:
    """Return the title, if the document's kind gives it a fixed place."""
    if kind in ("interpellation", "fråga", "svar"):
        return _title_of_question(opening)
    if kind in ("sfs", "föreskrift"):
        return _title_of_statute(opening)
    if kind == "mot":
        by = next((i for i, line in enumerate(opening[:6]) if _MOTION_BY.match(line)), None)
        return None if by is None else _joined(opening[by + 1 :], lines_max=3)
    if kind in ("prop", "skr", "dir", "bet", "yttrande"):
        starts = [i for i, line in enumerate(opening[:6]) if _DESIGNATION_LINE.fullmatch(line)]
        title = _joined(opening[starts[0] + 1 :], must_end=True) if starts else None
        return _without_margin(title, number or "") if title and kind in ("prop", "skr") else title
    return None


def _joined(
    lines: list[str], *, lines_max: int = _TITLE_LINES_MAX, must_end: bool = False
) -> str | None:
    """Join the lines of a title up to what stands below titles."""
    parts: list[str] = []
    for line in lines:
        if _DESIGNATION_LINE.fullmatch(line):
            continue
        if _END.match(line):
            break
        if len(parts) == lines_max:
            if must_end:
                return None
            parts = parts[:1]
            break
        parts.append(line)
    else:
        if must_end:
            return None
    title = " ".join(parts)
    return title if 0 < len(title) <= _TITLE_CHARS_MAX else None


def _without_margin(title: str, number: str) -> str | None:
    inside = [word for word in _RUNNING_HEAD.sub("", title).split() if word != number]
    return _REPEATED.sub(r"\1", " ".join(inside)) or None


def _title_of_question(opening: list[str]) -> str | None:
    for line in opening[:4]:
        if match := _QUESTION.fullmatch(line):
            rest = match["rest"]
            if about := _BY_TO_ABOUT.fullmatch(rest):
                return about["about"]
            return rest if rest[0].isupper() else None
    return None


def _title_of_statute(opening: list[str]) -> str | None:
    for i, line in enumerate(opening):
        if not _STATUTE_END.search(line):
            continue
        parts: list[str] = []
        first = _STATUTE_END.sub("", line).strip()
        above = opening[max(0, i - _TITLE_LINES_MAX) : i]
        for part in ([first] if first else []) + above[::-1]:
            if _STATUTE_NOT.match(part):
                break
            parts.insert(0, part.rstrip(";"))
        title = " ".join(parts)
        if 10 <= len(title) <= _TITLE_CHARS_MAX:
            return title
    return None


def people_of(opening: list[str], kind: str) -> Iterator[tuple[str, str]]:
    """Yield the person who put a motion or a question, and the party."""
    if kind not in ("mot", "interpellation", "fråga"):
        return
    for line in opening[:6]:
        match = _MOTION_BY.match(line) if kind == "mot" else None
        if match is None and (question := _QUESTION.fullmatch(line)):
            match = _BY_TO_ABOUT.fullmatch(question["rest"])
        if match is None and kind != "mot":
            match = _MOTION_BY.fullmatch(line)
        if match and match["name"]:
            yield "people", f"{match['name']} ({match['party'].upper()})"
            yield "party", match["party"].upper()
            return
