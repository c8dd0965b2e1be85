"""
How are Swedish documents and EU acts numbered?

A numbered document is its kind and a number of year and serial ("prop. 2015/16:100",
"SOU 2016:15", "(EU) 2018/851"). Each *form* here is a regular expression that is tried
at one word only, and a function that turns what it matched into ids. The ids do not
depend on the spelling: "Proposition 2015/16: 100" is ``prop 2015/16:100`` as well, and an
EU act is ``eu year/number`` whichever of the two its number was written with first.

Invariants:

- A form looks forward only, but for fixed signs before it: what it finds is decided by
  the stretch it matches, so it can be remembered by its spelling.
- Stretches of the ids lie within the match and ascend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

#: Stretches and ids, relative to the beginning of the match.
Found = tuple[tuple[int, int, str], ...]
Build = Callable[[re.Match[str]], Found]

END = r"(?![^\W_])"
# What may stand inside a number that a line's end or a typist cut: "2015/16:\n100".
_GAP = r"(?:\s|-\n){0,2}"
_YEAR = r"(?:1[5-9]|20)\d\d"
_SLASHED = rf"{_YEAR}{_GAP}/{_GAP}(?:(?:19|20)\d\d|\d\d){_GAP}:{_GAP}"
_PLAIN = rf"{_YEAR}\s?:{_GAP}"
_EITHER = rf"{_YEAR}(?:{_GAP}/{_GAP}(?:(?:19|20)\d\d|\d\d){_GAP})?\s?:{_GAP}"
# "SoU8" of a committee's report; "Fi240" of a motion before 2010.
_REPORT = r"[a-zåäö]{0,5}u\s?\d{1,3}"
_MOTION = r"(?:[a-zåäö]{1,3})?\d{1,5}"
_AND = r"\s*(?:,|;|och|samt|eller|respektive|resp\.|&)\s*(?:och\s+|samt\s+)?"
_PAGE = r"(?:,?\s+(?:s|sid)\.?\s*\d+(?:\s?[–-]\s?\d+)?(?:\s+ff?\b\.?)?)?"
_OPENING = r"\.?,?\s*(?:\(\s*)?(?:nr\.?\s*)?"
# A bare number goes on with a list only where nothing that could be counted follows.
_UNCOUNTED = r"(?=\s*(?:[),;]|\.(?!\d)|$))"

_NUMBER = re.compile(
    rf"(?P<year>{_YEAR})(?:{_GAP}/{_GAP}(?P<to>(?:19|20)\d\d|\d\d){_GAP})?\s?:{_GAP}"
    rf"(?P<letters>[a-zåäö]*)\s?0*(?P<number>\d+)"
    rf"|(?<=[–-])\s?(?P<last>\d+)"
    rf"|(?P<code>\b[a-zåäö]{{0,5}}u)\s?0*(?P<report>\d+)"
    rf"|(?:,|och|samt)\s*(?P<bare>\d+){END}(?!\s?[/:])",
    re.IGNORECASE,
)
# What nine of ten numbers look like, one spelled as its id is.
_PLAINLY = re.compile(r"(?:(?!1999/)\d{4}/\d\d|\d{4}|1999/2000):[a-zA-ZåäöÅÄÖ]*[1-9]\d*\Z")
_LONGEST_RANGE = 50


def _listed(number: str, *more: str) -> str:
    """Return the pattern of one number, or several in a list or a range."""
    bare = "".join(f"|{pattern}" for pattern in more)
    return rf"{number}{END}(?:{_PAGE}{_AND}(?:{number}{END}{bare}))*"


def _serial(number: str) -> str:
    """Return the pattern of a number whose list may be "17 och 18" or "17–19"."""
    to = rf"(?:\s?[–-]\s?\d{{1,4}}{END}(?![,.:/]\d))?"
    return rf"{number}{END}{to}(?:{_PAGE}{_AND}(?:{number}{END}{to}|\d{{1,4}}{END}{_UNCOUNTED}))*"


def _documents(kind: str) -> Build:
    """Return what builds the ids of numbered documents of one *kind*."""

    def build(match: re.Match[str]) -> Found:
        numbers = match["numbers"]
        if _PLAINLY.match(numbers):
            return ((0, match.end() - match.start(), f"{kind} {numbers.lower()}"),)
        begin, end = match.span("numbers")
        return tuple(_ids(kind, match.string, begin, end, match.start()))

    return build


def _ids(kind: str, text: str, begin: int, end: int, origin: int) -> Iterator[tuple[int, int, str]]:
    year, first, number = "", origin, 0
    for piece in _NUMBER.finditer(text, begin, end):
        start, stop = piece.start(), piece.end()
        if piece["year"]:
            year, number = _years(piece["year"], piece["to"]), int(piece["number"])
            if number == 0:  # Bills name laws that are not yet numbered "(2011:000)".
                continue
            first = origin if first == origin else start
            yield first - origin, stop - origin, f"{kind} {year}:{piece['letters'].lower()}{number}"
            first = start
        elif piece["last"]:
            last = int(piece["last"])
            if number < last <= number + _LONGEST_RANGE:
                for each in range(number + 1, last + 1):
                    yield first - origin, stop - origin, f"{kind} {year}:{each}"
        elif piece["code"]:
            report = f"{piece['code'].lower()}{piece['report']}"
            yield start - origin, stop - origin, f"{kind} {year}:{report}"
        elif int(piece["bare"]) > number:
            first, number = piece.start("bare"), int(piece["bare"])
            yield first - origin, stop - origin, f"{kind} {year}:{number}"


def _years(year: str, to: str | None) -> str:
    """Spell a parliamentary year in one way: "2015/16", but "1999/2000"."""
    if to is None:
        return year
    return f"{year}/2000" if year == "1999" else f"{year}/{to[-2:]}"


def _old_report(match: re.Match[str]) -> Found:
    """Build "JuU 1978/79:16", the committee before the year."""
    years = _years(match["year"], match["to"])
    code = match["committee"].lower()
    return ((0, match.end() - match.start(), f"bet {years}:{code}{int(match['number'])}"),)


def _cited(match: re.Match[str]) -> Found:
    """Build the number of a statute that stands behind a word that is not part of it."""
    start, end = match.span("number")
    return ((start - match.start(), end - match.start(), f"sfs {match['number']}"),)


def _bare(match: re.Match[str]) -> Found:
    """Build a number whose own letters or surroundings say what it is."""
    letters = (match["letters"] or "").lower()
    kind = "bet" if len(letters) > 1 and letters.endswith("u") else "mot"
    number = int(match["coded"] or match["number"])
    years = _years(match["year"], match["to"])
    return ((0, match.end() - match.start(), f"{kind} {years}:{letters}{number}"),)


def _ministry(match: re.Match[str]) -> Found:
    end = match.end() - match.start()
    return ((0, end, f"ds {match['ministry'].lower()} {match['year']}:{int(match['number'])}"),)


def _commission(match: re.Match[str]) -> Found:
    year = match["year"] or match["bare"]
    if len(year) == 2:
        year = ("20" if year < "50" else "19") + year
    origin = match.start()
    found: list[tuple[int, int, str]] = []
    for piece in re.finditer(r"\d+", match.string[match.start("numbers") : match.end("numbers")]):
        start = match.start("numbers") - origin + piece.start()
        begin = start if found else 0
        found.append((begin, start + len(piece[0]), f"com {year}/{int(piece[0])}"))
    return tuple(found)


# The first and the last year that an EU act can be of; shortened years are of the former century.
_FIRST_ACT, _LAST_ACT = 1952, 2049
# From here on the year stands first in all acts.
_YEAR_FIRST = 2015


def _act_year(spelled: str) -> int:
    """Return the year that a part of an act's number may stand for, or 0."""
    year = int(spelled)
    if len(spelled) == 2 and year >= _FIRST_ACT - 1900:
        return 1900 + year
    return year if _FIRST_ACT <= year <= _LAST_ACT else 0


def act_id(first: str, second: str, *, style: str) -> str | None:
    """
    Return the id of an EU act from the two parts of its number.

    Args:
        style: "eu" or "eg" of what stands in parentheses before the number
            ("(EU) 2018/851", "(EG) nr 1013/2006"), "after" for "2008/98/EG", "" for a
            number alone.

    Returns:
        ``eu year/number``; None if neither part can be a year.
    """
    here, there = _act_year(first), _act_year(second)
    if not here and not there and len(second) == 2 and len(first) > 2 and style != "after":
        there = 2000 + int(second)
    modern = style in ("eu", "") and here >= _YEAR_FIRST
    if modern or (style in ("after", "") and here and len(second) < 4):
        there = 0
    if there:
        return f"eu {there}/{int(first)}"
    return f"eu {here}/{int(second)}" if here else None


_ACT = re.compile(r"(\d{1,4})\s?/\s?(\d{1,4})")


def _acts(style: str | None) -> Build:
    def build(match: re.Match[str]) -> Found:
        manner = style
        if manner is None:
            manner = "eu" if match["style"].lower() in ("eu", "euratom") else "eg"
        origin = match.start()
        found: list[tuple[int, int, str]] = []
        for piece in _ACT.finditer(match.string, match.start("numbers"), match.end("numbers")):
            act = act_id(piece[1], piece[2], style=manner)
            if act is not None:
                # In front of a number, "(EU) nr" belongs to the reference.
                start = piece.start() - origin if found or style is not None else 0
                end = match.end() if style == "after" else piece.end()
                found.append((start, end - origin, act))
        return tuple(found)

    return build


def _nothing(match: re.Match[str]) -> Found:
    """Take a number that is no reference out of the way of other forms."""
    return ()


_ACT_DIGITS = rf"\d{{1,4}}\s?/\s?\d{{1,4}}{END}"
_ACT_NUMBER = rf"{_ACT_DIGITS}(?![:/])"
_COMMUNITY = r"(?:EU|EG|EEG|EC|EEC|EKSG|Euratom)"
_PARTY = r"(?:s|m|sd|c|v|kd|mp|l|fp|kds|nyd|-)"
# In the tables of reports a motion's number stands above its author: "Eva Ek m.fl. (S)".
_MEMBER = rf"(?<=\n)(?-i:[A-ZÅÄÖ])[^\n(]{{4,90}}\((?:båda\s|alla\s)?{_PARTY}[,)]"
_WORD = r"[^\W_]+"
_ANY_SERIAL = _serial(_EITHER + r"\d{1,4}")
_PLAIN_SERIAL = _serial(_PLAIN + r"\d{1,3}")
_STATUTES = _listed(_PLAIN + r"\d{1,4}")
_STATUTES_IN_BRACKETS = _listed(_YEAR + r"\s?:\s?\d{1,4}")
# What comes into force with a statute is headed by nothing but its number.
_TRANSITION = rf"{_YEAR}:\d{{1,4}}\s*\n\s*(?:1\s?\.\s*)?Denna\s"
_YEARS = rf"(?P<year>{_YEAR})(?:{_GAP}/{_GAP}(?P<to>(?:19|20)\d\d|\d\d){_GAP})?\s?:{_GAP}"

#: Name of each form: its pattern, tried at a word, and what builds the ids.
FORMS: dict[str, tuple[str, Build]] = {
    "prop": (rf"{_WORD}{_OPENING}(?P<numbers>{_ANY_SERIAL})", _documents("prop")),
    "skr": (rf"{_WORD}{_OPENING}(?P<numbers>{_ANY_SERIAL})", _documents("skr")),
    "rskr": (rf"{_WORD}{_OPENING}(?P<numbers>{_ANY_SERIAL})", _documents("rskr")),
    "riksdagens": (
        rf"riksdagens\s+skrivelse(?:r|n)?{_OPENING}(?P<numbers>{_ANY_SERIAL})",
        _documents("rskr"),
    ),
    "bet": (
        rf"{_WORD}{_OPENING}(?P<numbers>{_listed(_SLASHED + _REPORT, _REPORT + END)})",
        _documents("bet"),
    ),
    "mot": (rf"{_WORD}{_OPENING}(?P<numbers>{_serial(_SLASHED + _MOTION)})", _documents("mot")),
    "dir": (rf"{_WORD}{_OPENING}(?P<numbers>{_PLAIN_SERIAL})", _documents("dir")),
    "sou": (rf"{_WORD}{_OPENING}(?P<numbers>{_PLAIN_SERIAL})", _documents("sou")),
    "ds": (rf"{_WORD}{_OPENING}(?P<numbers>{_PLAIN_SERIAL})", _documents("ds")),
    "ministry": (
        rf"{_WORD}\.?\s+(?P<ministry>[a-zåäö]{{1,3}})\s+(?P<year>{_YEAR}):(?P<number>\d{{1,3}}){END}",
        _ministry,
    ),
    "sfs": (rf"{_WORD}{_OPENING}(?P<numbers>{_STATUTES})", _documents("sfs")),
    "cited": (rf"{_WORD}:?\s+\"?(?P<number>{_YEAR}:[1-9]\d{{0,3}}){END}", _cited),
    "law": (
        rf"(?:(?<=[(\[])(?={_STATUTES_IN_BRACKETS}[^()\[\]]{{0,40}}[)\]])|(?<=\n)(?={_TRANSITION}))"
        rf"(?P<numbers>{_STATUTES_IN_BRACKETS})",
        _documents("sfs"),
    ),
    "committee": (
        rf"(?P<committee>(?-i:[A-ZÅÄÖ][A-ZÅÄÖa-zåäö]{{0,4}}U|[A-ZÅÄÖ]U))\s+{_YEARS}"
        rf"(?P<number>\d{{1,3}}){END}",
        _old_report,
    ),
    "bare": (
        rf"{_YEARS}(?:(?P<letters>[a-zåäö]{{1,5}}u|(?-i:[A-ZÅÄÖ][a-zåäö]{{0,2}}|MJ))(?P<coded>\d{{1,5}}){END}"
        rf"|(?P<number>\d{{1,5}}){END}(?=\s+(?:av\s+(?-i:[A-ZÅÄÖ])|yrkande|\({_PARTY}[,)]|{_MEMBER}))"
        rf"(?![^\n]{{0,80}}\still\s(?:stats|[a-zåäö]+minister)))",
        _bare,
    ),
    "eu": (
        rf"(?P<style>{_COMMUNITY})(?:\s*,\s*{_COMMUNITY})*(?:\)\s*(?:(?:nr|no)\.?\s*)?|\s+nr\.?\s*"
        rf"|\s+(?=\d{{4}}/\d{{3,4}}|\d{{3,4}}/\d{{4}}))"
        rf"(?P<numbers>{_ACT_NUMBER}(?:\s*(?:,|och|samt|eller)\s+(?:nr\s+)?{_ACT_NUMBER})*)",
        _acts(None),
    ),
    "directive": (
        rf"(?P<numbers>{_ACT_DIGITS})/(?:{_COMMUNITY}|RIF|GUSP){END}",
        _acts("after"),
    ),
    "act": (rf"{_WORD}\s+(?:nr\.?\s+)?(?P<numbers>{_ACT_NUMBER})", _acts("")),
    "com": (
        rf"(?-i:KOM|COM|Kom)\s?(?:[(\[]\s?(?P<year>\d{{4}}|\d\d)\s?[)\]],?\s?(?:nr\s)?"
        rf"|[ /]?(?P<bare>{_YEAR})[:/])"
        rf"(?P<numbers>\d{{1,4}}{END}(?:(?:,\s|\s(?:och|samt)\s)\d{{1,4}}{END}{_UNCOUNTED})*)",
        _commission,
    ),
    "other": (rf"{_WORD}{_OPENING}{_EITHER}[a-zåäö]{{0,5}}\d{{1,5}}", _nothing),
}

# No more numbers follow: neither what joins them nor a page, or what has a number of its own.
_ALONE = (
    r"(?:(?![^\W_]|\s*(?:[,;&–-]|(?i:och|eller|samt|resp|s(?:id)?(?![^\W\d_]))))"
    r"|(?=,\s+(?:(?i:bet|prop|rskr|skr|mot|dir|sou|ds)\b|[^\W\d_]{7})))"
)
_ROUND = rf"(?!1999){_YEAR}/\d\d:"
_COMMITTEE = r"[A-ZÅÄÖa-zåäö]{0,5}[Uu]"
# No " till " near, which a minister might follow. Letters without a class are searched for fastest.
_TO_NOBODY = r"(?![^\n]{0,81}T)(?![^\n]{0,81}t[iI][lL])(?![^\n]{0,80}\n[tT])"
_NUMBERS = {
    **dict.fromkeys(("prop", "skr", "rskr"), rf"{_ROUND}[1-9]\d{{0,3}}"),
    **dict.fromkeys(("dir", "sou", "ds"), rf"{_YEAR}:[1-9]\d{{0,2}}"),
    "bet": rf"{_ROUND}{_COMMITTEE}[1-9]\d{{0,2}}",
    "mot": rf"{_ROUND}[A-ZÅÄÖa-zåäö]{{0,3}}[1-9]\d{{0,4}}",
    "sfs": rf"{_YEAR}:[1-9]\d{{0,3}}",
}
#: What most references of some forms look like: one number, spelled as its id is but for
#: capitals, and the kind of document. Where a pattern matches, so does the form's own, and
#: finds just this.
PLAIN = {
    **{
        name: (rf"{_WORD}\.?\s{{1,2}}({number}){_ALONE}", name) for name, number in _NUMBERS.items()
    },
    "cited": (rf"{_WORD}:?\s+\"?({_YEAR}:[1-9]\d{{0,3}}){END}", "sfs"),
    # What ends in "u" is a committee's report, but for the letter alone.
    "bare": (
        rf"({_ROUND}(?:MJ|[A-ZÅÄÖ](?:[a-zåäö]?[a-tv-zåäö])?)[1-9]\d{{0,4}}"
        rf"|{_ROUND}[1-9]\d{{0,4}}(?=\s(?:av\s[A-ZÅÄÖ]|\((?:[SMCVL]|SD|KD|MP)\))){_TO_NOBODY}){END}",
        "mot",
    ),
}
