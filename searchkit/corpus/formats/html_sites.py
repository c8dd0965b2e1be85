"""
What is peculiar to single sites?

One function that recognises a site's pages and one that reads them. What a function does
not tell is filled in from the page's head, as for any other page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from searchkit.corpus.doctypes import is_known
from searchkit.corpus.facts import Facts
from searchkit.corpus.formats.html_main import boxes, main_of, running_chars
from searchkit.corpus.formats.html_page import (
    Page,
    Reading,
    date_in,
    tell_head,
    tell_type_of_path,
)
from searchkit.corpus.formats.html_riksdag import is_riksdag, read_riksdag, read_riksdag_site
from searchkit.corpus.formats.markup import Element, Flat, flatten, found, text_of
from searchkit.corpus.formats.statute import numbered_sections, statute_sections


@dataclass(frozen=True, slots=True)
class Dialect:
    """The pages of one site."""

    name: str
    fits: Callable[[Page], bool]
    read: Callable[[Page, Facts, str], Reading]
    """Takes the page, the facts to tell, and the file's relative path."""


_SERIES = re.compile(
    r"(?:(?P<series>prop|skr|dir|ds|sou|sö|fm|lagrådsremiss)\.?\s*)?"
    r"(?P<number>\d{4}/(?:\d\d|2000):\d{1,4}|\d{4}:\d{1,4})",
    re.I,
)
_WITH_UNIT = re.compile(r"(.*departementet) ([A-ZÅÄÖ][A-ZÅÄÖ\d ]{0,11})")
_SFS_NUMBER = re.compile(r"\d{4}:\d{1,4}(?: s\.? ?\d{1,4})?")


def read_any(page: Page, facts: Facts, relative: str) -> Reading:
    """Read a page of an unknown site: its main content, and what its head tells."""
    main, left_out = main_of(page.root)
    _tell_vignette(_without_vignette(main), facts)
    tell_head(page, facts, main)
    flat = flatten(main, without=left_out)
    if not flat.text:
        flat = flatten(page.root)
    return Reading(flat)


def _is_regeringen(page: Page) -> bool:
    return page.host in ("regeringen.se", "government.se")


def _read_regeringen(page: Page, facts: Facts, relative: str) -> Reading:
    main, _ = main_of(page.root)
    vignette = _without_vignette(main)
    heading = next(main.iter("h1"), None)
    if heading is not None:
        facts.tell("title", flatten(heading).text, "h1")
    _tell_vignette(vignette, facts)
    tell_type_of_path(page, facts)
    senders = main.xpath(
        ".//*[contains(@class, 'sender')]//a | .//p[starts-with(normalize-space(.), 'Ansvarig')]//a"
        " | .//*[starts-with(normalize-space(.), 'Från')][self::p]//a"
    )
    names = [name for link in senders if (name := text_of(link))]
    # The Government stands beside the ministry that prepared the document.
    facts.tell_all("organ", [n for n in names if n != "Regeringen"] or names, "Ansvarig")
    left_out = boxes(main, running_chars(main)) | found(
        main,
        ".//*[contains(@class, 'col-2') or contains(@class, 'contentfooter')]",
        ".//*[contains(@class, 'list--Block--icons') or contains(@class, 'date-publ')]",
        ".//*[self::h2 or self::h3][starts-with(normalize-space(.), 'Ladda ner')]",
        ".//*[contains(@class, 'toggle-wordexpl') or @id='readspeaker']",
        ".//*[contains(@class, 'media--publikations__sender')] | .//p[span[@class='published']]",
    )
    tell_head(page, facts, main)
    return Reading(flatten(main, without=left_out))


def _without_vignette(main: Element) -> str:
    """Set what stands above the title, and may stand in it, behind it; return its text, or ''."""
    vignette = next(iter(main.xpath(".//*[contains(@class, 'h1-vignette')]")), None)
    if vignette is None:
        return ""
    vignette.tag = "p"  # or it would grow onto the heading
    heading = next(vignette.iterancestors("h1"), None)
    if heading is not None:
        vignette.drop_tree()  # keeps the text behind it
        vignette.tail = None
        heading.addnext(vignette)
    return text_of(vignette)


def _tell_vignette(vignette: str, facts: Facts) -> None:
    """Tell what stands at the title: "ID-nummer: Dir. 2016:15", "Lagrådsremiss"."""
    written = vignette.rpartition("ID-nummer:")[2].strip()
    if match := _SERIES.search(written):
        facts.tell("number", match["number"], "ID-nummer")
        kind = match["series"] or written[: match.start()].strip(" :.")
        if is_known(kind):
            facts.tell("type", kind, "ID-nummer")
    elif written and is_known(written.split(" från ")[0]):
        facts.tell("type", written.split(" från ")[0], "vignette")
        facts.tell("organ", written.partition(" från ")[2], "vignette")
    elif any(c.isdecimal() for c in written) and len(written) < 30 and not date_in(written):
        facts.tell("number", written, "ID-nummer")


def _is_rkrattsbaser(page: Page) -> bool:
    return bool(page.root.xpath("boolean(//*[contains(@class, 'result-box-text')])"))


def _read_rkrattsbaser(page: Page, facts: Facts, relative: str) -> Reading:
    root = page.root
    columns = {
        "departement": "organ",
        "utfärdad": "date",
        "beslut": "date",
        "ändring införd": "amended",
        "ikraft": "in_force",
        "upphävd": "repealed",
    }
    title = ""
    for box in root.xpath("//*[contains(concat(' ', @class, ' '), ' result-inner-box ')]")[:30]:
        if box.xpath("boolean(.//*[contains(@class, 'result-box-text')])"):
            break
        written = text_of(box)
        label, _, value = written.partition(":")
        if written.startswith("SFS-nummer") and (match := _SFS_NUMBER.search(written)):
            facts.tell("number", match[0], "SFS-nummer")
            facts.tell("type", "sfs", "SFS-nummer")
        elif column := columns.get(label.lower()):
            # "Justitiedepartementet L4": the ministry's unit is told apart.
            organ, _, unit = _unit_apart(value.strip()) if column == "organ" else (value, "", "")
            facts.tell(column, organ.strip(), label)
            facts.tell("unit", unit, label)
        elif not title:
            title = written
    if match := re.search(r",\s*Dir\.?\s*(\d{4}:\d{1,4})$", title):
        title = title[: match.start()]
        facts.tell("number", match[1], "title")
        facts.tell("type", "dir", "title")
    facts.tell("title", title, "page")
    facts.tell("language", "sv", "rkrattsbaser")
    facts.tell("url", page.url, "url")
    return Reading(_statute(root.xpath("//*[contains(@class, 'result-box-text')]")[0], facts))


def _unit_apart(organ: str) -> tuple[str, str, str]:
    match = _WITH_UNIT.fullmatch(organ)
    return (match[1], " ", match[2]) if match else (organ, "", "")


def _statute(box: Element, facts: Facts) -> Flat:
    box.tag = "pre"  # its lines are laid out by blanks and line ends, which CSS keeps
    text = flatten(box).text or facts.values.get("title", "")
    is_statute = facts.values.get("type") == "sfs"
    sections = statute_sections(text) if is_statute else numbered_sections(text)
    return Flat(text, sections, ())


def _is_lagen_nu(page: Page) -> bool:
    brand = page.root.xpath("//a[@class='brand'] | //*[@id='logo']")
    return page.host == "lagen.nu" or any(text_of(node) == "lagen.nu" for node in brand[:3])


def _read_lagen_nu(page: Page, facts: Facts, relative: str) -> Reading:
    main, left_out = main_of(page.root)
    left_out |= found(
        main, ".//*[@class='pilcrow']", ".//dl[@class='meta']", ".//*[@class='eyebrow']"
    )
    known = {"departement": "organ", "utfärdad": "date", "beslutad": "date", "avgjord": "date"}
    for term in main.xpath(".//dl//dt"):
        name = text_of(term).rstrip(":").lower()
        value = text_of(term.getnext())
        facts.tell(known.get(name, ""), value, name) if name in known else None
    title = text_of(next(main.iter("h1"), None))
    facts.tell("title", title, "h1")
    if match := re.search(r"\((\d{4}:\d{1,4})\)", title):
        facts.tell("number", match[1], "h1")
        facts.tell("type", "sfs", "h1")
    for gutter in main.xpath(".//*[@class='paragraf-gutter']"):
        gutter.tag = "h4"
    labels = {
        node: text_of(node).rpartition(" ")[2] for node in main.xpath(".//span[@class='sid']")
    }
    tell_head(page, facts, main)
    return Reading(flatten(main, without=left_out, page_of=labels.get))


DIALECTS = (
    Dialect("rkrattsbaser", _is_rkrattsbaser, _read_rkrattsbaser),
    Dialect("riksdagen", is_riksdag, read_riksdag),
    Dialect("riksdagen.se", lambda page: page.host.endswith("riksdagen.se"), read_riksdag_site),
    Dialect("regeringen", _is_regeringen, _read_regeringen),
    Dialect("lagen.nu", _is_lagen_nu, _read_lagen_nu),
    Dialect("any", lambda page: True, read_any),
)
"""In order: the first that fits reads the page."""
