"""
What do the values mean that the Riksdag's open data is made of?

Its JSON was turned from XML by a program, so that a list of one is an object, an empty
list null and a scalar that stood twice a list. Names are written in either order, with
or without a party and a title; the body is a committee's letters, a ministry with its
unit, or a party; a line break is ``\\r\\n`` or ``<BR/>``. Here each becomes one thing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from searchkit.corpus.formats.markup import Element, Flat, MarkupError, flatten, parse_html

Record: TypeAlias = Mapping[str, Any]
"""An object of the open data, from JSON or made of XML."""

COMMITTEES = {
    "au": "Arbetsmarknadsutskottet",
    "bou": "Bostadsutskottet",
    "cu": "Civilutskottet",
    "eun": "EU-nämnden",
    "fiu": "Finansutskottet",
    "föu": "Försvarsutskottet",
    "inu": "Inrikesutskottet",
    "jou": "Jordbruksutskottet",
    "juu": "Justitieutskottet",
    "kru": "Kulturutskottet",
    "ku": "Konstitutionsutskottet",
    "lu": "Lagutskottet",
    "mju": "Miljö- och jordbruksutskottet",
    "nu": "Näringsutskottet",
    "rr": "Riksrevisionen",
    "sfu": "Socialförsäkringsutskottet",
    "sku": "Skatteutskottet",
    "sou": "Socialutskottet",
    "tu": "Trafikutskottet",
    "ubu": "Utbildningsutskottet",
    "ufou": "Sammansatta utrikes- och försvarsutskottet",
    "uföu": "Sammansatta utrikes- och försvarsutskottet",
    "uu": "Utrikesutskottet",
}
_BANKS = {"riksb": "Riksbanken", "riksg": "Riksgäldskontoret"}
"""In the lists of statutes, of the rules that the Riksdag gave them until 1974."""
_UNIT_CHARS_MAX = 12
_PARTIES = "s m c l fp v vpk mp kd kds sd nyd apk skp"
PARTIES = frozenset(_PARTIES.split())
_OFFICES = ("statsråd", "statsrådet", "minister", "ministern")
TAGS_MAX = 2_000_000
"""Opening and closing ones: some 6 s of work, and 150 bytes each of memory."""

_LINE_CHARS_MAX = 120
"""On average; a text with longer lines was not broken into lines to fit a page."""
_BLANK_LINES = re.compile(r"\n{3,}")
_C1_FOUND = re.compile("[\x80-\x9f]")
_C1 = {code: bytes((code,)).decode("cp1252", "replace") for code in range(0x80, 0xA0)}


def scalar(value: Any) -> str:
    """Return a value as text without blanks at its ends: '' for null, the first of a list."""
    if type(value) is str:
        return value.strip()
    if type(value) is list:
        return next((text for text in map(scalar, value) if text), "")
    if type(value) is dict:
        return scalar(value.get("#text"))
    return "" if value is None or type(value) is bool else str(value)


def field(record: Record, *names: str) -> str:
    """Return the first of these values that is not blank, or ''."""
    return next((text for name in names if (text := scalar(record.get(name)))), "")


def listed(value: Any, name: str) -> list[Record]:
    """
    Return the objects of a container such as ``{"intressent": [...]}``, in order.

    >>> listed({"bilaga": {"titel": "ett"}}, "bilaga"), listed(None, "bilaga")
    ([{'titel': 'ett'}], [])
    """
    found: list[Record] = []
    for container in value if type(value) is list else [value]:
        inner = container.get(name) if type(container) is dict else None
        for item in inner if type(inner) is list else [inner]:
            if type(item) is dict:
                found.append(item)
    return found


def repaired(text: str) -> str:
    """Give the punctuation back that was cp1252 but was taken for Latin-1: '\\x96' is a dash."""
    return text.translate(_C1) if _C1_FOUND.search(text) else text


def flat(markup: str) -> Flat:
    """Return a stretch of HTML, or plain text, as plain text with its headings and pages."""
    if "<" not in markup:
        return Flat(_paragraphs(repaired(html.unescape(markup))), (), ())
    try:
        found = flatten(parsed(markup), page_of=page_of)
    except MarkupError:
        # Hardly ever: better its tags than nothing.
        return Flat(" ".join(repaired(markup).split()), (), ())
    return Flat(repaired(found.text), found.sections, found.pages)


def parsed(markup: str) -> Element:
    """
    Return the root of a stretch of HTML.

    Raises:
        MarkupError: it has no text, is nested too deeply, or has too many tags.
    """
    if markup.count("<") > TAGS_MAX:
        raise MarkupError(f"holds more than {TAGS_MAX:,} tags")
    return parse_html(markup)


def _paragraphs(text: str) -> str:
    """Even out the blanks of plain text; a long line is a paragraph by itself."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    held = [line for line in lines if line]
    if sum(map(len, held)) > _LINE_CHARS_MAX * len(held):
        return "\n\n".join(held)
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def page_of(element: Element) -> str | None:
    """Return N of an element whose id is "page_N", as reports turned from PDF have it."""
    name = element.get("id")
    if name and name.startswith("page_") and name[5:].isdecimal():
        return str(name[5:])
    return None


def person(name: str, party: str = "") -> str:
    """
    Return a person as "Given Family (PARTY)", without office.

    >>> person("Strömbom, Inger (kd) "), person("statsrådet Mona Sahlin", "s")
    ('Inger Strömbom (KD)', 'Mona Sahlin (S)')
    """
    name, bracket, inside = name.strip().partition("(")
    party = party.strip().strip("-") or inside.partition(")")[0].strip() * bool(bracket)
    family, comma, given = name.partition(",")
    words = f"{given} {family}".split() if comma else name.split()
    for place, word in enumerate(words):
        if word.lower().strip(":").endswith(_OFFICES):
            words = words[place + 1 :]
            break
    plain = " ".join(words)
    return f"{plain} ({party.upper()})" if plain and party else plain


def authors(written: str) -> list[str]:
    """
    Return the persons that a subtitle names, if it names any.

    >>> authors("av Lars Ohly m.fl. (V)"), authors("Granlund, Marie (s)"), authors("Del 2")
    (['Lars Ohly (V)'], ['Marie Granlund (S)'], [])
    """
    written = " ".join(written.split())
    by = written.startswith("av ")
    inside = written[written.rfind("(") + 1 :].rstrip(")") if written.endswith(")") else ""
    parties = inside.replace("/", ",").replace(" ", "").lower().split(",")
    known = bool(inside) and set(parties) <= PARTIES | {"-"}
    if not by and not known:
        return []
    names = written[3:] if by else written
    names = names[: names.rfind("(")] if known else names
    names = names.replace(" m.fl.", "").replace(" m. fl.", "")
    several = names.split(" och ") if by else [names]
    party = parties[0] if known and len(parties) == 1 else ""
    return [found for name in several if (found := person(name, party))]


def is_byline(written: str) -> bool:
    """Whether a subtitle tells who wrote it (even if nobody: ',  ()'), not what it is about."""
    return bool(authors(written)) or not any(c.isalnum() for c in written)


def organ(written: str) -> str:
    """
    Return the body behind its letters, a ministry without the letters of its unit.

    >>> organ("FiU"), organ("Justitiedepartementet L2"), organ("Näringsdepartementet RS N")
    ('Finansutskottet', 'Justitiedepartementet', 'Näringsdepartementet')
    >>> organ("riksb"), organ("Europeiska kommissionen")
    ('Riksbanken', 'Europeiska kommissionen')
    """
    written = " ".join(written.split())
    ministry, found, unit = written.partition("departementet ")
    if found and unit.isupper() and len(unit) <= _UNIT_CHARS_MAX:
        return ministry + found.strip()
    return COMMITTEES.get(written.lower()) or _BANKS.get(written.lower(), written)


def is_party(written: str) -> bool:
    """Whether the body is a party's letters, as in questions and interpellations."""
    return written.lower() in PARTIES


def address(written: str) -> str:
    """Return a web address with its scheme, which the lists leave out."""
    return f"https:{written}" if written.startswith("//") else written


def joined(values: Iterable[str]) -> str:
    """Return the values that say something, each once."""
    return "; ".join(dict.fromkeys(filter(None, values)))
