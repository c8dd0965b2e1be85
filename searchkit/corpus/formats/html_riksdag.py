"""
How does the Riksdag's document HTML become a document?

The Riksdag hands its documents out in two shapes. Motions and reports come from Word:
paragraphs whose classes tell headings, number and signatures. Propositions come from PDF
(:mod:`.html_pages`). Neither carries metadata, so they are taken from the first page.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from searchkit.corpus.facts import Facts
from searchkit.corpus.formats.html_main import main_of
from searchkit.corpus.formats.html_page import Page, Reading, date_in, tell_head
from searchkit.corpus.formats.html_pages import NUMBER, pages_of, read_pages
from searchkit.corpus.formats.markup import Element, Flat, flatten, text_of

_DOK_ID = re.compile(r"[A-Z][A-Z0-9][0-9A-F]\d[A-Z]{0,4}\d{1,5}", re.I)
_BOLD_CLASSES = re.compile(
    r"R[1-7]|Rubrik\d?\w{0,12}|Avsnittsrubrik|Bilagerubrik|DokumentRubrik|Sammanfattning"
    r"|Innehllsfrteckning|\w{0,20}[Rr]ubrik\d?|Frslagsrubrik"
)
_WORD_CLASSES = {
    "span": ("sidhuvud_publikation", "sidhuvud_beteckning", "MotionarLista"),
    "p": ("Underskrifter", "Rubrik1Dokumentinformation", "Dokumentbeteckning", "DokumentRubrik"),
    "h2": ("DokumentRubrik",),
}
_NAMED_MAX = 400
"""Paragraphs of one class; a motion has as many signatures as a party has members."""
_NOT_HEADINGS = ("Rubrik1Dokumentinformation",)
_SIGNATURE = re.compile(r"([A-ZÅÄÖ][^()\d]{3,60}?)\s*\(([A-ZÅÄÖa-zåäö-]{1,3})\)")
_OPENING_CHARS = 6000
_SIGNED = re.compile(
    r"Stockholm den \d{1,2} [a-zåäö]+ \d{4}\s+([^\n(]{3,60})\n+([^\n(]{3,60})"
    r"(?:\(([^)\n]{3,60})\)|\n+([A-ZÅÄÖ][a-zåäö -]*departementet))"
)


def is_riksdag(page: Page) -> bool:
    """Tell whether a page is a document in one of the Riksdag's two shapes."""
    if page.host.endswith("riksdagen.se"):
        return bool(pages_of(page.root)) or bool(page.root.xpath("//div[@class='pconf']"))
    return bool(
        page.root.xpath(
            "boolean(//span[@class='sidhuvud_publikation'] | //p[@class='Dokumentbeteckning']"
            " | (//div[@class='Section1'])[1]//*[contains(@style, '-aw-')]"
            " | (//div[@id='page_1'])[1]/..//*[starts-with(@class, 'p0 ft') or @class='dclr'])"
        )
    )


def read_riksdag_site(page: Page, facts: Facts, relative: str) -> Reading:
    """Return the main content of any other page of the Riksdag's site."""
    main, left_out = main_of(page.root)
    tell_head(page, facts, main)
    return Reading(flatten(main, without=left_out), _dok_id(page, relative))


def read_riksdag(page: Page, facts: Facts, relative: str) -> Reading:
    """Return the text of a document in the Riksdag's HTML, and tell its facts."""
    flat = read_pages(page.root) if pages_of(page.root) else _read_word(page.root, facts)
    _tell_opening(flat, facts)
    facts.tell("language", "sv", "riksdagen")
    return Reading(flat, _dok_id(page, relative))


def _dok_id(page: Page, relative: str) -> str | None:
    """Return the Riksdag's own id, which ends the address, or names the file."""
    stem = PurePosixPath(relative).name.partition(".")[0]
    ends = (stem, page.path[-1].rpartition("_")[2] if page.path else "")
    return next((end.upper() for end in ends if _DOK_ID.fullmatch(end)), None)


def _tell_opening(flat: Flat, facts: Facts) -> None:
    opening = flat.text[:_OPENING_CHARS]
    head = re.search(rf"Regeringens (proposition|skrivelse)\s+({NUMBER})", opening)
    if head:
        facts.tell("type", head[1], "first page")
        facts.tell("number", head[2], "first page")
        first = [section.label for section in flat.sections[:2] if section.start >= head.end()]
        facts.tell("title", first[0] if first else None, "first page")
        if signed := _SIGNED.search(opening):
            facts.tell_all("people", [signed[1], signed[2]], "first page")
            facts.tell("organ", signed[3] or signed[4], "first page")
    place = flat.text.find("Stockholm den ")
    if place >= 0:
        facts.tell("date", date_in(flat.text[place : place + 60]), "Stockholm den")
    number = facts.values.get("number", "")
    if "/" in number:
        facts.tell("rm", number.partition(":")[0], "number")


def _read_word(root: Element, facts: Facts) -> Flat:
    """Read a document that was made with Word."""
    named: dict[str, list[str]] = {}
    for node in root.iter("p", "span"):
        css = node.get("class") or ""
        if _BOLD_CLASSES.fullmatch(css) and css not in _NOT_HEADINGS and node.tag == "p":
            node.tag = "h2"
        if css in _WORD_CLASSES[node.tag] and len(named.setdefault(css, [])) < _NAMED_MAX:
            named[css].append(" ".join(node.text_content().split()))

    def first(css: str) -> str:
        return next(filter(None, named.get(css, [])), "")

    kind = first("sidhuvud_publikation") or first("Rubrik1Dokumentinformation")
    words = kind.lower().split()
    if words:
        facts.tell("type", words[0] if words[0] == "motion" else words[-1], "document head")
    facts.tell(
        "number", first("sidhuvud_beteckning") or first("Dokumentbeteckning"), "document head"
    )
    facts.tell("title", first("DokumentRubrik"), "document head")
    if first("sidhuvud_publikation"):
        facts.tell("title", text_of(next(root.iter("h1"), None)), "h1")
    if len(words) > 1 and words[0].endswith("utskottets"):
        facts.tell("organ", kind.split()[0].removesuffix("s"), "document head")
    signatures = named.get("Underskrifter") or named.get("MotionarLista") or []
    people = [match for text in signatures for match in _SIGNATURE.findall(text)]
    _tell_people(people, facts)
    box = next(iter(root.xpath("//div[@class='pconf']")), root)
    return flatten(box)


def _tell_people(people: list[tuple[str, str]], facts: Facts) -> None:
    names = [
        f"{name.removeprefix('av ').removesuffix(' m.fl.')} ({party})" for name, party in people
    ]
    facts.tell_all("people", names, "signatures")
    facts.tell_all("party", [party for _, party in people], "signatures")
