"""
What does a PDF file say of itself?

Its Info dictionary and its XMP packet have a title, which may be that of a template, of
the word processor's file, or cut at the first line. So it is believed when it stands on
the first page; otherwise what is set in the largest type there goes before it, except
the names of series and agencies that such a page begins with. Author and creation date
tell of the typist and of the day of conversion, and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from searchkit.corpus.facts import Facts
from searchkit.corpus.formats.pdf_layout import Layout
from searchkit.corpus.formats.pdf_paragraphs import Paragraph

TITLE_CHARS_MAX = 300

_NO_TITLE = re.compile(
    r"microsoft word\b.*|microsoft powerpoint\b.*"
    r"|.*\.(?:docx?|rtf|odt|indd|pdf|pptx?|xlsx?|dot|wpd|qxd|p65|fm)"
    r"|untitled.*|namnlös.*|dokument ?\d*|document ?\d*|print\b.*|skrivelse ?\d*|mall\b.*|.*\bmall"
    r"|slide \d+|bild \d+|scan.*|http.*|ingen rubrik|\(?anonymous\)?|powerpoint-presentation"
    r"|powerpoint presentation|rubrik|titel|title|sida \d+|page \d+",
    re.IGNORECASE | re.DOTALL,
)
_SERIES = {
    "dir": "dir",
    "ds": "ds",
    "sou": "sou",
    "prop": "prop",
    "skr": "skr",
    "sfs": "sfs",
    "bet": "bet",
    "mot": "mot",
}
_DESIGNATION = re.compile(
    r"(?P<series>dir|ds|sou|prop|skr|sfs|bet|mot)\.?\s*"
    r"(?P<number>\d{4}(?:/\d{2,4})?:[A-ZÅÄÖa-zåäö]{0,4}\d+)[\s:;,.–-]*(?P<rest>.*)",
    re.IGNORECASE,
)
_OWN_NUMBER = re.compile(r"([A-ZÅÄÖ-]{0,10}FS) (\d{4}:\d+(?:AR)?)")
"""Of a regulation, alone on its line."""
_NUMBER = r"\d{4}(?:/\d{2,4})?:\w+"
_LETTERHEAD = re.compile(
    rf"kommittédirektiv|tilläggsdirektiv|.*författningssamling|"
    rf"regeringens (?:proposition|skrivelse)(?: {_NUMBER})?|"
    rf"(?:prop|dir|skr|bet|mot|ds|sou|sfs)\b\.?(?: {_NUMBER})?|lagrådsremiss|"
    rf"(?:slut|del)?betänkande(?: av .*)?|statens offentliga utredningar.*|departementsserien.*|"
    rf"förord|inledning|innehåll|innehållsförteckning|sammanfattning|bilagor|bilaga(?: \d+)?|"
    rf"(?:mellan)?dom|beslut|protokoll|.*domstol(?:en|ens|s)?(?: dom| beslut)?|.*hovrätt.*|"
    rf".*tingsrätt|.*förvaltningsrätten.*|.*kammarrätten.*|yttrande|remiss|remissvar|promemoria|pm|skrivelse|"
    rf"motion|motion till riksdagen.*|till statsrådet.*|rapport(?: {_NUMBER})?|"
    rf"rir {_NUMBER}|statskontoret|riksrevisionen|myndigheten för .*|"
    rf".*departementet|regeringskansliet|"
    rf"utkom från trycket.*|issn.*|[a-zåäö-]{{1,12}}fs {_NUMBER}.*|{_NUMBER}|sida? .*|"
    rf"mål nr.*|dnr.*|diarienr.*|sveriges riksdag|riksdagen|klagande|motpart|saken|rättelseblad|"
    rf"ansvarig utgivare.*|.*utskottets (?:betänkande|utlåtande|yttrande).*|pressmeddelande|"
    rf"(?:interpellation|skriftlig fråga|fråga|svar på .*) {_NUMBER}|"
    rf"[\w-]+(?:verket|styrelsen|inspektionen|nämnden|myndigheten|rådet|institutet|ombudsmannen)",
    re.IGNORECASE | re.DOTALL,
)
_NO_LETTER = re.compile(r"[\W\d_]+")
_BLANKS = re.compile(r"\s+")


def tell_facts(facts: Facts, stated: Mapping[str, str], layout: Layout, *, beginning: str) -> None:
    """
    Tell *facts* what is sure: title, and type and number where the title names them.

    Args:
        stated: titles that the file states, by where: "pdf title", "xmp dc:title".
        beginning: what stands on the first pages, running heads included.
    """
    _tell_own_number(facts, beginning.split("\n", 60)[:60])
    candidates: list[tuple[str, str]] = []
    for source, written in stated.items():
        title = _BLANKS.sub(" ", written[: 2 * TITLE_CHARS_MAX]).strip()
        if designation := _DESIGNATION.fullmatch(title):
            title = designation["rest"]
            if designation["number"] in beginning:
                facts.tell("type", _SERIES[designation["series"].lower()], source)
                facts.tell("number", designation["number"], source)
        if is_title(title):
            candidates.append((source, title))
    for source, title in candidates:
        if confirmed := _confirmed(title, layout, beginning):
            facts.tell("title", confirmed, source)
    if set_largest := title_of_page(layout):
        facts.tell("title", set_largest, "pdf first page")
    for source, title in candidates:
        if _LETTERHEAD.fullmatch(title) is None:
            facts.tell("title", title, source)


def _tell_own_number(facts: Facts, lines: Sequence[str]) -> None:
    """Tell a regulation's number, alone on its line; of general advice the longer one."""
    found = [own for line in lines if (own := _OWN_NUMBER.fullmatch(line.strip()))]
    if not found:
        return
    own = next((other for other in found if other[0] == found[0][0] + "AR"), found[0])
    is_statute = own[1] == "SFS"
    facts.tell("type", "sfs" if is_statute else "föreskrift", "pdf first page")
    facts.tell("number", own[2] if is_statute else own[0], "pdf first page")


def is_title(written: str) -> bool:
    """
    Tell whether what a file states as its title can be one.

    >>> is_title("Rättsinformationsförordning"), is_title("Microsoft Word - dok1.doc")
    (True, False)
    """
    letters = sum(map(str.isalpha, written))
    return letters >= 5 and letters > 0.5 * len(written) and not _NO_TITLE.fullmatch(written)


def _confirmed(title: str, layout: Layout, beginning: str) -> str | None:
    """
    Return a stated title if it stands on the first page, in full if it was cut there.

    A title that names the number that stands there is the document's own, too.
    """
    if (number := re.search(_NUMBER, title)) and number[0] in beginning and len(title) > 30:
        return title
    letters = _NO_LETTER.sub("", title).casefold()
    for paragraph in layout.opening:
        standing = _NO_LETTER.sub("", paragraph.text).casefold()
        if letters not in standing:
            continue
        if not standing.startswith(letters) or not paragraph.label:
            if len(standing) < 2 * len(letters) or paragraph.label:
                return None if _LETTERHEAD.fullmatch(title) else title
        elif not _LETTERHEAD.fullmatch(paragraph.text):
            return _trimmed(paragraph.text)
    return None


def title_of_page(layout: Layout) -> str | None:
    """Return what is set in the largest type on the first page, bold before plain, or None."""
    best: Paragraph | None = None
    for paragraph in layout.opening:
        if not _can_be_title(paragraph, layout.body_size):
            continue
        if best is None or round(paragraph.size) > round(best.size):
            best = paragraph
    return _trimmed(best.text) if best else _matter(layout)


def _can_be_title(paragraph: Paragraph, body_size: float) -> bool:
    text = paragraph.text
    if not 8 <= len(text) <= TITLE_CHARS_MAX or _LETTERHEAD.fullmatch(text.rstrip(";: ")):
        return False
    if sum(map(str.isalpha, text)) < 0.6 * len(text) or " | " in text or "…" in text:
        return False
    if paragraph.size > 1.08 * body_size:
        return True
    bold = all(row.bold for row in paragraph.rows)
    return bold and paragraph.size > 0.95 * body_size and len(text.split()) >= 4


def _matter(layout: Layout) -> str | None:
    """Return what a court or an authority says its decision is about: the line below "SAKEN"."""
    for above, below in pairwise(layout.opening):
        if above.text.rstrip(":").lower() in ("saken", "ärendet") and len(below.text) <= 200:
            return _trimmed(below.text)
    return None


def _trimmed(text: str) -> str:
    return text.strip().rstrip(";").strip()
