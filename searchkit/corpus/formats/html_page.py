"""
What does a page's head say of the page?

Web sites tell the same facts under many names: Dublin Core, Open Graph, schema.org in
JSON-LD, plain ``<meta>``. Each fact is looked for under all of them, the names that mean
it most exactly first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from searchkit.corpus.doctypes import is_known, kind_of
from searchkit.corpus.facts import Facts
from searchkit.corpus.formats.markup import Element, Flat, text_of
from searchkit.corpus.metadata import iso_date

_DATE_NAMES = """article:published_time og:published_time og:article:published_time og:published
    published dcterms.issued dc.date.issued dc.date.published datepublished
    dcterms.available dc.date dcterms.date date publish-date publication_date
    pubdate citation_publication_date citation_date dcterms.created dc.date.created"""
_DATES = tuple(_DATE_NAMES.split())
_TITLES = ("dc.title", "dcterms.title", "citation_title", "og:title", "twitter:title")
_PUBLISHERS = ("dc.publisher", "dcterms.publisher", "citation_publisher", "og:site_name")
_LANGUAGES = ("dc.language", "dcterms.language", "content-language", "og:locale", "language")

_MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} (?:{_MONTHS}) \d{{4}}|(?:1[6-9]|20)\d\d-\d\d-\d\d)(?!\d)", re.I | re.ASCII
)
_PUBLISHED = re.compile(r"\b(?:publicerad|publiceringsdatum|publicerat|published)\b", re.I)
_SEPARATOR = re.compile(r"\s+(?:[|»·•]|::|[-–—])\s+")
_JSON_LD_CHARS_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page with what its head tells."""

    root: Element
    metas: Mapping[str, Sequence[str]]
    """Name or property of ``<meta>``, in lower case, to its contents, none of them blank."""
    url: str
    """Its own, canonical address, or ''."""

    def meta(self, *names: str) -> tuple[str, str]:
        """Return the first of *names* that the head has, as (name, content), or ('', '')."""
        return next(((name, self.metas[name][0]) for name in names if name in self.metas), ("", ""))

    @property
    def host(self) -> str:
        """The name of its site, without "www."."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def path(self) -> list[str]:
        """The folders of its address, without the last part if that is a file."""
        return [part for part in unquote(urlsplit(self.url).path).split("/") if part]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a dialect makes of a page, besides the facts that it tells."""

    flat: Flat
    key: str | None = None
    """The source's own id of the document."""


def page_of(root: Element) -> Page:
    """Return the page under its ``<html>`` element."""
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        names = (meta.get("name"), meta.get("property"), meta.get("itemprop"))
        for name in (*names, meta.get("http-equiv")):
            if name and content:
                metas.setdefault(name.strip().lower(), []).append(content)
    return Page(root, metas, _url(root, metas))


def _url(root: Element, metas: Mapping[str, Sequence[str]]) -> str:
    links = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
    names = ("og:url", "dc.identifier", "dcterms.identifier", "citation_abstract_html_url")
    for url in (*links, *(metas.get(name, [""])[0] for name in names)):
        if url and url.strip().startswith(("http://", "https://")):
            try:
                urlsplit(url)
            except ValueError:
                continue
            return str(url.strip())
    return ""


def tell_head(page: Page, facts: Facts, main: Element) -> None:
    """Tell what the head of *page*, and the headings of its *main* content, know."""
    _tell_title(page, facts, main)
    _tell_date(page, facts, main)
    facts.tell("url", page.url, "url")
    name, publisher = page.meta(*_PUBLISHERS)
    if "." not in publisher:
        facts.tell("organ", publisher, f"meta {name}")
    name, author = page.meta("author", "article:author", "citation_author")
    facts.tell("author", author, f"meta {name}")
    body = next(page.root.iter("body"), page.root)
    declared = page.root.get("lang") or page.root.get("xml:lang") or body.get("lang")
    name, language = page.meta(*_LANGUAGES)
    facts.tell("language", _language(declared), "html lang")
    facts.tell("language", _language(language), f"meta {name}")
    name, written = page.meta("dc.type", "dcterms.type", "og:type")
    if is_known(written):
        facts.tell("type", written, f"meta {name}")
    tell_type_of_path(page, facts)
    if any(record.get("@type") == "NewsArticle" for record in _json_ld(page.root)):
        facts.tell("type", "nyhet", "JSON-LD @type")


def tell_type_of_path(page: Page, facts: Facts) -> None:
    """Tell the type if a folder of the page's address is named after one."""
    for part in reversed(page.path[:-1]):
        if is_known(part):
            facts.tell("type", kind_of(part), "url")
            return


def date_in(text: str) -> str | None:
    """Return the first date in *text* that :func:`iso_date` understands, or None."""
    for match in _DATE.finditer(text):
        if date := iso_date(match[0]):
            return date
    return None


def _language(code: str | None) -> str | None:
    code = (code or "").strip().lower()[:3]
    return code[:2] if code[:2].isalpha() and not code[2:].isalpha() else None


def _tell_title(page: Page, facts: Facts, main: Element) -> None:
    name, told = page.meta(*_TITLES)
    title_element = next(page.root.iter("title"), None)
    written = " ".join((title_element.text_content() if title_element is not None else "").split())
    headings = [text for h1 in islice(main.iter("h1"), 20) if (text := text_of(h1))]
    for heading in headings:
        # The heading that the head repeats is the page's, not the site's.
        if heading.casefold() in f"{written} {told}".casefold() and len(heading) > 3:
            facts.tell("title", heading, "h1")
    site = page.metas.get("og:site_name", [""])[0]
    facts.tell("title", without_site(told, site, page.host), f"meta {name}")
    if len(headings) == 1:
        facts.tell("title", headings[0], "h1")
    facts.tell("title", without_site(written, site, page.host), "html title")
    facts.tell("title", headings[0] if headings else None, "h1")


def without_site(title: str, site: str, host: str) -> str:
    """
    Return a page's title without the name of the site at its end or beginning.

    >>> without_site("Skolplikt - Regeringen.se", "", "regeringen.se")
    'Skolplikt'
    """
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    names = {site.casefold(), host.casefold(), host.rpartition(".")[0].casefold()} - {""}
    if parts[-1].casefold() in names or " | " in title:
        return title[: len(title) - len(parts[-1])].rstrip(" |»·•:-–—\t")
    if parts[0].casefold() in names:
        return title[len(parts[0]) :].lstrip(" |»·•:-–—\t")
    return title


def _tell_date(page: Page, facts: Facts, main: Element) -> None:
    for name in _DATES:
        for written in page.metas.get(name, ()):
            facts.tell("date", _readable(written), f"meta {name}")
    for record in _json_ld(page.root):
        published = record.get("datePublished") or record.get("dateCreated")
        facts.tell("date", _readable(str(published or "")), "JSON-LD datePublished")
    for time in main.iter("time"):
        context = f"{time.get('class') or ''} {time.get('itemprop') or ''} {_before(time)}"
        if _PUBLISHED.search(context) or time.get("pubdate") is not None or "publ" in context:
            written = time.get("datetime") or ""
            facts.tell("date", _readable(written) or _readable(text_of(time)), "time")
    if "date" not in facts.values:
        facts.tell("date", _published_in(main), "text")


def _readable(written: str) -> str | None:
    """Return a date as one of the many ways of writing it says, or None."""
    if date := iso_date(written.strip()) or date_in(written):
        return date
    # 7 ms to import, and rarely needed.
    from email.utils import parsedate

    parts = parsedate(written)
    return iso_date(f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}") if parts else None


def _before(time: Element) -> str:
    parent = time.getparent()
    if parent is None:
        return ""
    previous = time.getprevious()
    before = parent.text if previous is None else (previous.tail or previous.text)
    return f"{parent.get('class') or ''} {(before or '')[-60:]}"


def _published_in(main: Element) -> str | None:
    for text in main.itertext():
        if (match := _PUBLISHED.search(text)) and (date := date_in(text[match.end() :][:80])):
            return date
    return None


def _json_ld(root: Element) -> Iterator[Mapping[str, Any]]:
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            held = json.loads((script.text or "")[:_JSON_LD_CHARS_MAX])
        except (ValueError, RecursionError):
            continue
        graph = held.get("@graph", held) if isinstance(held, dict) else held
        for record in graph if isinstance(graph, list) else [graph]:
            if isinstance(record, dict):
                yield record
