"""
How does an EPUB book become a document?

Its container names a package file, which gives the metadata and the order of the chapters;
each chapter is a web page, and :mod:`.markup` reads it. What only leads to the chapters
(the navigation, a list of contents) is left out. Where the book marks the pages of a
printed edition, they are its pages.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from searchkit.corpus.chunk import Chunk, Outcome, Reader
from searchkit.corpus.facts import Facts, document
from searchkit.corpus.formats.docx_styles import attribute, child, local
from searchkit.corpus.formats.markup import Flat, MarkupError, flatten, parse_html
from searchkit.corpus.formats.office_facts import is_organ, language_of
from searchkit.corpus.formats.packages import Package
from searchkit.corpus.metadata import TITLE_CHARS_MAX, iso_date
from searchkit.errors import DocumentFormatError
from searchkit.model import Section

if TYPE_CHECKING:
    from lxml.etree import _Element

WHAT = "an EPUB book"
CONTAINER = "META-INF/container.xml"
CHAPTERS_MAX = 10_000
TEXT_CHARS_MAX = 64 << 20
"""Of all chapters together: 30 times the longest novel."""

_PAGES = ("application/xhtml+xml", "text/html", "application/html+xml", "text/x-oeb1-document")
_FONTS = (
    "http://www.idpf.org/2008/embedding",
    "http://ns.adobe.com/pdf/enc#RC",
)
"""Ways to disguise fonts, which are no encryption of the text."""
_PAGE_BREAK = "pagebreak"
_NAVIGATION = {"toc", "landmarks", "page-list", "loi", "lot", "index", "cover"}


@dataclass(slots=True)
class _Book:
    """What the package file tells."""

    values: dict[str, list[str]] = field(default_factory=dict)
    """Of each Dublin Core element, in order."""
    chapters: list[str] = field(default_factory=list)
    """Members, in reading order."""
    page_labels: dict[str, str] = field(default_factory=dict)
    """Member and anchor, to the page that begins there."""


def read_epub(chunk: Chunk) -> Iterator[Outcome]:
    """Yield the document that an EPUB book holds."""
    package = Package(chunk, WHAT)
    book = _book(package)
    text, sections, pages, problems = _joined(package, book)
    yield from problems
    if not text and not problems:
        raise package.error("holds pictures without text; run OCR on it first")
    facts = Facts()
    _tell(facts, book.values)
    yield from document(chunk, facts, text, sections=sections, pages=pages)


def _book(package: Package) -> _Book:
    _check_encryption(package)
    name = _package_file(package)
    root = package.xml(name) if name else None
    if name is None or root is None:
        raise package.error(f"is not {WHAT}, or a damaged one: it has no list of its chapters")
    folder = posixpath.dirname(name)
    book = _Book()
    metadata = child(root, "metadata")
    for element in metadata.iter() if metadata is not None else ():
        if (value := " ".join("".join(element.itertext()).split())) and len(value) < 2_000:
            book.values.setdefault(_key(element), []).append(value)
    items = {attribute(item, "id"): item for item in root.iter("{*}item")}
    for reference in list(root.iter("{*}itemref"))[:CHAPTERS_MAX]:
        item = items.get(attribute(reference, "idref"))
        if item is None or "nav" in (attribute(item, "properties") or "").split():
            continue
        kind = attribute(item, "media-type") or ""
        if kind in _PAGES:
            book.chapters.append(_member(folder, attribute(item, "href") or ""))
    _find_pages(package, folder, items.values(), book)
    return book


def _package_file(package: Package) -> str | None:
    """Return the member that lists the chapters: the container names it, or it is known."""
    container = package.xml_if_sound(CONTAINER)
    for found in container.iter("{*}rootfile") if container is not None else ():
        if (name := attribute(found, "full-path")) and name in package:
            return name
    return next((name for name in package.names() if name.endswith(".opf")), None)


def _key(element: _Element) -> str:
    """Return a metadata element's name: dates by their event, EPUB 3 ones by their property."""
    name = local(element).lower()
    if name == "date" and (event := attribute(element, "event")):
        return f"date {event.lower()}"
    return (attribute(element, "property") or name) if name == "meta" else name


def _member(folder: str, reference: str) -> str:
    """Return the name of the member that *reference* leads to from *folder*."""
    return posixpath.normpath(posixpath.join(folder, unquote(reference.partition("#")[0])))


def _check_encryption(package: Package) -> None:
    root = package.xml_if_sound("META-INF/encryption.xml")
    methods = root.iter("{*}EncryptionMethod") if root is not None else ()
    if any(attribute(method, "Algorithm") not in _FONTS for method in methods):
        raise package.error("is encrypted (DRM); get a copy without protection")


def _find_pages(package: Package, folder: str, items: Any, book: _Book) -> None:
    """Read the list of pages, of EPUB 3's navigation or EPUB 2's NCX."""
    for item in items:
        is_nav = "nav" in (attribute(item, "properties") or "").split()
        if not is_nav and attribute(item, "media-type") != "application/x-dtbncx+xml":
            continue
        name = _member(folder, attribute(item, "href") or "")
        root = package.xml_if_sound(name)
        if root is None:
            continue
        here = posixpath.dirname(name)
        for label, reference in _nav_pages(root) if is_nav else _ncx_pages(root):
            anchor = reference.partition("#")[2]
            book.page_labels[f"{_member(here, reference)}#{unquote(anchor)}"] = label


def _nav_pages(root: _Element) -> Iterator[tuple[str, str]]:
    for nav in root.iter("{*}nav"):
        if "page-list" in (attribute(nav, "type") or "").split():
            for link in nav.iter("{*}a"):
                yield " ".join("".join(link.itertext()).split())[:20], attribute(link, "href") or ""


def _ncx_pages(root: _Element) -> Iterator[tuple[str, str]]:
    for target in root.iter("{*}pageTarget"):
        label, content = child(target, "navLabel", "text"), child(target, "content")
        if label is not None and content is not None:
            yield " ".join((label.text or "").split())[:20], attribute(content, "src") or ""


def _joined(
    package: Package, book: _Book
) -> tuple[str, tuple[Section, ...], tuple[Section, ...], list[DocumentFormatError]]:
    """Return text, sections and pages of all chapters, and what is wrong with some."""
    texts: list[str] = []
    sections: list[Section] = []
    pages: list[Section] = []
    problems = []
    length = 0
    for name in book.chapters:
        try:
            flat = _chapter(package, name, book)
        except DocumentFormatError as error:
            problems.append(error)
            continue
        if not flat.text or flat.text.isspace():
            continue
        sections += (Section(s.start + length, s.label) for s in flat.sections)
        pages += (Section(p.start + length, p.label) for p in flat.pages)
        texts.append(flat.text)
        length += len(flat.text) + 2
        if length > TEXT_CHARS_MAX:
            raise package.error(f"holds more than {TEXT_CHARS_MAX >> 20} million letters; split it")
    return "\n\n".join(texts), tuple(sections), tuple(pages), problems


def _chapter(package: Package, name: str, book: _Book) -> Flat:
    content = package.read(name)
    if content is None:
        raise package.error(f"lacks its chapter '{name[:80]}'; the others are kept")
    try:
        root = parse_html(content)
    except MarkupError as error:
        raise package.error(f"has a damaged chapter '{name[:80]}': it {error}") from error

    def page_of(element: _Element) -> str | None:
        anchor = element.get("id")
        if anchor and (label := book.page_labels.get(f"{name}#{anchor}")):
            return label
        types = f"{element.get('epub:type') or ''} {element.get('role') or ''}"
        if _PAGE_BREAK not in types.replace("doc-", ""):
            return None
        stated = element.get("title") or element.get("aria-label") or element.text or ""
        return " ".join(stated.split())[:20] or None

    body = root.find(".//body")
    whole = root if body is None else body
    navigation = {
        nav
        for nav in whole.iter("nav", "section", "div")
        if _NAVIGATION & set((nav.get("epub:type") or "").split())
    }
    return flatten(whole, page_of=page_of, without=navigation)


def _tell(facts: Facts, values: dict[str, list[str]]) -> None:
    """Tell what the Dublin Core elements of the package say."""
    titles = values.get("title", ())
    if titles and len(titles[0]) <= TITLE_CHARS_MAX:
        facts.tell("title", titles[0], "dc:title")
    for key in ("date publication", "date original-publication", "date", "dcterms:issued"):
        for date in values.get(key, ()):
            if iso_date(date):
                facts.tell("date", date, "dc:date")
    for creator in values.get("creator", ()):
        if is_organ(creator):
            facts.tell("organ", creator, "dc:creator")
    people = [creator for creator in values.get("creator", ()) if not is_organ(creator)]
    facts.tell_all("people", people, "dc:creator")
    for publisher in values.get("publisher", ()):
        facts.tell("organ" if is_organ(publisher) else "publisher", publisher, "dc:publisher")
    for language in values.get("language", ()):
        facts.tell("language", language_of(language), "dc:language")
    for identifier in values.get("identifier", ()):
        name = "url" if identifier.startswith(("http://", "https://")) else "isbn"
        digits = identifier.lower().removeprefix("urn:").removeprefix("isbn:").strip()
        if name == "url" or digits.replace("-", "")[:12].isdigit():
            facts.tell(name, identifier if name == "url" else digits, "dc:identifier")


READER = Reader("epub", (".epub",), read_epub)
