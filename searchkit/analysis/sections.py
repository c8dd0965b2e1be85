"""
Which sections of which law does a text cite?

Statutes are cited by chapter and section: "3 kap. 5 §", "2–5 §§", "2 kap. 1 och 3 §§ samt
5 kap. 2 § första stycket lagen (2016:1145)". A *chain* is the longest such run; the law
that ends it is the law of its parts. Each section has an id of its own (``3 kap 5 §``),
and with a known law a second one (``sfs 2016:1145 3 kap 5 §``); a chapter alone has one
only with its law (``sfs 1998:808 3 kap``).

The law is known by its number, or by a name that only one law carries
(``data/named_laws.txt``). It is the law of the parts with a chapter if the last part has
one: in "5 § eller 3 kap. 2 § miljöbalken" the first section is of the citing law itself.
"""

from __future__ import annotations

import functools
import re
from importlib import resources

from searchkit.analysis.numbered import END, Found

_ITEM = rf"\d{{1,3}}(?:[ \xa0]?[a-zåäö])?{END}(?!\.\d)"
_SEPARATOR = (
    r"(?:[ \xa0\n]?(?:,[ \xa0\n]?(?:(?:och|eller|samt)\s)?|[–−-][ \xa0\n]{0,2})"
    r"|\s(?:(?:och|eller|samt|respektive|till)|till\soch\smed|t\.o\.m\.)\s)"
)
_ITEMS = rf"{_ITEM}(?:{_SEPARATOR}(?:{_ITEM}|[a-zåäö]{END}))*+"
_KAP = r"kap(?:itlet\b|\b\.?)"
_PART = rf"{_ITEMS}(?:\s{{0,2}}§§?|\s?{_KAP}(?:(?:,\s?|\s{{0,2}}){_ITEMS}\s{{0,2}}§§?)?)"
_ORDINALS = (
    "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte sista"
)
_PLACES = "stycket styckena meningen meningarna punkt punkten punkterna led ledet leden st p"
_JOINS = "och eller samt jämte jfr respektive"
_PREPOSITIONS = "i av enligt"
_STEMS = "lag balk ordning form kungörelse stadga instruktion cirkulär"
_ENDINGS = ("", "en", "n", "et")


def _any(words: str) -> str:
    return "(?:" + "|".join(words.split()) + ")"


# One blank, not an empty line: what is headed "5 §" does not go on with the next paragraph.
_BLANK = r"[ \xa0\n](?!\s)"
_PLACE = (
    rf"(?:,?{_BLANK}|[–-])(?:{_ITEM}|{_any(_ORDINALS + ' ' + _PLACES)}{END}\.?"
    rf"|(?:och|eller|samt){END}|[a-zA-HJ-Z]{END}\)?)"
)
_LINK = rf"(?:\s?,{_BLANK}|{_BLANK}{_any(_JOINS)}{_BLANK}(?:{_any(_PREPOSITIONS)}{_BLANK})?)"
_LAW = (
    rf"{_BLANK}(?:{_any(_PREPOSITIONS)}{_BLANK})?"
    r"(?P<law>(?:[a-zåäöé]+-,?\s(?:och\s|samt\s|eller\s)?){0,4}"
    rf"[a-zåäöé]*{_any(_STEMS)}(?:{'|'.join(_ENDINGS)}){END}"
    r"(?:\s+\((?:SFS\s)?(?P<sfs>(?:1[5-9]|20)\d\d\s?:\s?\d{1,4}))?"
    r"|[A-ZÅÄÖ][A-Za-zåäöÅÄÖ]{0,2}[A-ZL]\b)"
)
_CHAIN = (
    rf"(?P<chain>{_PART}(?:(?:{_PLACE}){{0,8}}?{_LINK}{_PART})*)(?:(?:{_PLACE}){{0,8}}?{_LAW})?"
)
# The first part of a chain, and the word from which is known whether the chain goes on.
_FIRST = rf"(?P<chain>{_PART})(?=(?:{_PLACE})*+[ \xa0\n]?(?P<next>[^\W\d_]+-?|§)?)"
_GOES_ON = frozenset([*_JOINS.split(), *_PREPOSITIONS.split(), "kap", "kapitlet", "§"])
#: How words end that name laws.
STATUTES = tuple(stem + ending for stem in _STEMS.split() for ending in _ENDINGS)
#: "§ 5", "§§ 6, 8 och 9": to be tried at the number, unless another stands before the sign.
AFTER_SIGN = (
    r"(?:(?<=§)|(?<=§\s))(?<!\d§)(?<!\d\s§)(?<!\d§\s)(?<!\d\s§\s)(?<!\d\s[a-z]\s§\s)(?<!§§\s\d)"
    # "§ 5 i lagen" is no section "5 i".
    rf"(?P<chain>{_ITEMS.replace('[a-zåäö]', '[a-hj-z]')})"
)

# What most are: one section, one blank where blanks may be, and no law.
_SINGLE = re.compile(r"(?:(\d+(?: [a-z])?) kap\.? )?(\d+(?: [a-z])?) §\Z")
_PIECE = re.compile(rf"(?P<items>{_ITEMS})\s{{0,2}}(?:(?P<kap>{_KAP})|§§?)")
_NUMBER = re.compile(
    r"(?P<to>[–−-]|\btill\b|t\.o\.m\.|med\b)?\s*"
    rf"(?:(?P<number>\d{{1,3}})(?:\s?(?P<letter>[a-zåäö]){END})?|(?<![^\W_])(?P<other>[a-zåäö]){END})"
)
_LONGEST_RANGE = 60
# Lists without ranges, spelled as most are: "2 kap. 3 §, 4 kap. 5 och 6 §§".
_AND = "(?:, | och | eller | samt )"
_PLAIN_NUMBER = r"[1-9]\d*(?: [a-z])?"
_PLAIN_PART = rf"(?:({_PLAIN_NUMBER}) kap\.? )?({_PLAIN_NUMBER}(?:{_AND}{_PLAIN_NUMBER})*) §§?"
_PLAIN = re.compile(rf"{_PLAIN_PART}(?:{_AND}{_PLAIN_PART})*")
# One number of such a list, what it is the number of, and what joins it to the next.
_EACH = re.compile(rf"(\d+(?: [a-z]\b)?)( kap\.? | §§?)?({_AND})?")


# One section of a chain: its stretch, chapter (or "") and number ("5 a"); "" for a whole chapter.
_Section = tuple[int, int, str, str]


#: Words that a chain may go on with, besides numbers, letters and what ends in ``STATUTES``.
WORDS = _GOES_ON.union(_ORDINALS.split(), _PLACES.split(), ("till", "med"))


@functools.cache
def _compiled() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(_FIRST), re.compile(_CHAIN)


def match_chain(text: str, at: int) -> re.Match[str] | None:
    """
    Match a chain of sections that begins at *at*.

    Most are of one part and without a law; a simpler pattern tells those. Nothing is
    matched of a *stranger*: a word of two letters or more, and of nothing but letters, that
    is none of :data:`WORDS`, names no law (:data:`STATUTES`), does not end in a capital
    and has no hyphen behind it. So a text that ends before a stranger has the same match.
    """
    first, chain = _compiled()
    match = first.match(text, at)
    if match is None:
        return None
    following = match["next"]
    if following is not None and (
        following in _GOES_ON
        or following.endswith(STATUTES)
        or following[-1] == "-"
        or following[-1].isupper()
    ):
        return chain.match(text, at)
    return match


def chain_ids(match: re.Match[str]) -> Found:
    """Build the ids of what :func:`match_chain` found."""
    single = _SINGLE.match(match[0])
    if single is not None:
        return (
            (0, single.end(), f"{single[1]} kap {single[2]} §" if single[1] else f"{single[2]} §"),
        )
    law = None if match.re is _compiled()[0] else _law_of(match)
    sections = _sections(match["chain"])
    if law is None:
        return tuple(
            [
                (start, end, f"{chapter} kap {number} §" if chapter else f"{number} §")
                for start, end, chapter, number in sections
                if number
            ]
        )
    chaptered = bool(sections) and bool(sections[-1][2])
    found: list[tuple[int, int, str]] = []
    known = ""
    for start, end, chapter, number in sections:
        if number:
            found.append((start, end, f"{chapter} kap {number} §" if chapter else f"{number} §"))
        known = chapter or known
        if known or not chaptered:
            kap = f" {known} kap" if known else ""
            found.append(
                (start, end, f"sfs {law}{kap} {number} §" if number else f"sfs {law}{kap}")
            )
    if match["sfs"]:
        origin = match.start()
        found.append((match.start("sfs") - origin, match.end("sfs") - origin, f"sfs {law}"))
    return tuple(found)


def sign_ids(match: re.Match[str]) -> Found:
    """Build the ids of an :data:`AFTER_SIGN`."""
    origin = match.start()
    return tuple(
        (start - origin, end - origin, f"{number} §")
        for start, end, number in _numbers(match.string, match.start("chain"), match.end("chain"))
    )


def _law_of(match: re.Match[str]) -> str | None:
    if match["law"] is None:
        return None
    if match["sfs"]:
        year, number = match["sfs"].split(":")
        return f"{year.strip()}:{int(number)}" if int(number) else None
    name = " ".join(match["law"].split())
    # Abbreviations are told from words by their capitals.
    return named_laws().get(name if name[-1].isupper() else name.lower())


@functools.cache
def named_laws() -> dict[str, str]:
    """Return the number of each law that is cited by name alone."""
    text = (resources.files("searchkit.analysis") / "data" / "named_laws.txt").read_text("utf-8")
    laws: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            number, *names = line.split()
            laws |= {name.replace("_", " "): number for name in names}
    return laws


def _sections(chain: str) -> tuple[_Section, ...]:
    """Return the sections of a chain; a chapter without any as one without a number."""
    single = _SINGLE.match(chain)
    if single is not None:
        return ((0, len(chain), single[1] or "", single[2]),)
    if _PLAIN.fullmatch(chain):
        return _plain_sections(chain)
    done = 0
    sections: list[_Section] = []
    chapters: list[tuple[int, int, str]] = []
    for piece in _PIECE.finditer(chain):
        numbers = _numbers(chain, piece.start("items"), piece.end("items"))
        # Something that stands between a chapter and a section makes them two citations.
        if piece["kap"] or chain[done : piece.start()].strip(" ,.\xa0\n"):
            sections += [(*one, "") for one in chapters]
            chapters = []
        done = piece.end()
        if piece["kap"]:
            chapters = numbers
            continue
        chapter = ""
        if chapters:
            begin, _, chapter = chapters[-1]
            numbers[0] = (begin, *numbers[0][1:])
        numbers[-1] = (numbers[-1][0], done, numbers[-1][2])
        sections += [(begin, end, chapter, number) for begin, end, number in numbers]
        chapters = []
    return (*sections, *((*one, "") for one in chapters))


def _plain_sections(chain: str) -> tuple[_Section, ...]:
    """Return the sections of a chain that is :data:`_PLAIN`, in a third of the time."""
    sections: list[_Section] = []
    chapter, begin, end = "", 0, 0
    for number, sign, join in _EACH.findall(chain):
        end += len(number) + len(sign)
        if sign[:2] == " k":
            chapter = number
            continue
        sections.append((begin, end, chapter, number))
        end += len(join)
        begin = end
        if sign:
            chapter = ""
    return tuple(sections)


def _numbers(text: str, begin: int, end: int) -> list[tuple[int, int, str]]:
    """Return each number of a list with its stretch; ranges name all that lie in them."""
    if text[begin:end].isdecimal():
        return [(begin, end, str(int(text[begin:end])))]
    numbers: list[tuple[int, int, str]] = []
    previous, letter, first = 0, "", begin
    for piece in _NUMBER.finditer(text, begin, end):
        to, digits, own, other = piece.groups()
        number = int(digits) if digits else previous
        own = own or other or ""
        start, stop = piece.start(2 if digits else 4), piece.end()
        if to and numbers:
            start = first
            numbers += [(start, stop, each) for each in _between(previous, letter, number, own)]
        first = start
        numbers.append((start, stop, f"{number} {own}" if own else str(number)))
        previous, letter = number, own
    return numbers


def _between(number: int, letter: str, last: int, last_letter: str) -> list[str]:
    """Return what lies strictly between two ends of a range."""
    if number == last and letter and last_letter:
        return [f"{number} {chr(each)}" for each in range(ord(letter) + 1, ord(last_letter))]
    if not number < last <= number + _LONGEST_RANGE:
        return []
    between = [str(each) for each in range(number + 1, last)]
    return [*between, str(last)] if last_letter else between
