"""
What does marked-up text say, read aloud?

HTML, and what is built on it (EPUB, the ``html`` fields of the Riksdag's open data),
becomes plain text: a blank line between blocks, a line for every ``<br>``, list item and
table row. Headings become sections. What nobody reads (scripts, styles, menus, controls,
what is hidden) is left out. One walk over the tree, without recursion, in time linear in
its size; nothing is fetched from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Any, TypeAlias

from searchkit.corpus.encoding import NotTextError, decode
from searchkit.corpus.formats.flat import Flat, Writer

__all__ = [
    "LEFT_OUT",
    "Element",
    "Flat",
    "MarkupError",
    "decode_html",
    "flatten",
    "found",
    "parse_html",
    "text_of",
]

Element: TypeAlias = Any
"""An element of lxml, which carries no types."""

_LEFT_OUT_NAMES = """script style noscript template head title nav menu iframe object embed svg
    canvas audio video map input select option datalist textarea button label legend progress
    meter rp dialog"""
LEFT_OUT = frozenset(_LEFT_OUT_NAMES.split())
"""Elements whose text nobody reads as part of the document."""

_HIDING_ROLES = ("navigation", "search", "menu", "menubar", "dialog", "alertdialog")

_DECLARED_BYTES = 4096
"""Where an encoding is looked for: the HTML standard asks for the first 1024."""
_DECLARED = re.compile(
    rb"""(?:charset|<\?xml[^>]{0,80}encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_CONTROL = re.compile(r"[\0-\x08\x0b\x0e-\x1f]")


class MarkupError(ValueError):
    """Bytes that cannot be read as HTML; the message goes on from the file's name."""


def parse_html(content: bytes | str) -> Element:
    """
    Return the ``<html>`` element of a page, or of a fragment as if it were a page.

    Args:
        content: bytes are decoded by byte order mark, as UTF-8 if they are, by what the
            page declares, else by what looks most like Swedish (:mod:`..encoding`).

    Raises:
        MarkupError: it is not text, holds no markup and no text, or is nested more than
            2048 levels deep, which is where libxml2 stops.
    """
    # 40 ms to import.
    from lxml import etree, html

    text = content if isinstance(content, str) else decode_html(content)
    text = _CONTROL.sub(" ", _XML_DECLARATION.sub("", text, count=1))
    if not text or text.isspace():
        raise MarkupError("is empty")
    parser = html.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise MarkupError("is empty: it holds no text between its tags") from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise MarkupError("is damaged: its tags are nested more than 2048 levels deep")
    return root


def decode_html(content: bytes) -> str:
    """
    Return the text of a page's bytes.

    Raises:
        MarkupError: it is a known binary format, or looks like one.
    """
    if 0 < content.count(0) < len(content) / 1000:
        content = content.replace(b"\0", b"")  # damage, as browsers take it, not UTF-16
    declared = _DECLARED.search(content[:_DECLARED_BYTES])
    try:
        if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
            return _decode_as(content, declared[1].decode("ascii").lower())
        return decode(content)
    except NotTextError as error:
        raise MarkupError(f"is not HTML: {error}") from error


def _decode_as(content: bytes, declared: str) -> str:
    # Programs that save pages turn them into UTF-8 and leave what they declare; a text in
    # another encoding that is valid UTF-8 all the same does not happen.
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if declared in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "iso8859-1"):
        declared = "cp1252"
    try:
        return content.decode(declared)
    except (LookupError, ValueError):
        return decode(content)


def flatten(
    element: Element,
    *,
    page_of: Callable[[Element], str | None] | None = None,
    without: Container[Element] = frozenset(),
) -> Flat:
    """
    Return what stands in *element*, its tail excepted, as plain text.

    Args:
        page_of: tells the label of the page that begins at an element, or None.
        without: elements that are left out, with all that stands in them, for instance
            those that :func:`found` finds.

    Cost: linear in the size of the tree.
    """
    from lxml import etree

    writer = Writer()
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    form_depth = 0
    for event, node in walk:
        tag = _tag(node)
        if event == "start":
            if tag == "form":
                form_depth += 1
            if node in without or _is_left_out(node, tag, form_depth):
                walk.skip_subtree()
            else:
                if page_of and (label := page_of(node)):
                    writer.page(label)
                writer.start(tag, node.attrib)
                writer.write(node.text)
        else:
            if event == "end":
                form_depth -= tag == "form"
                writer.end(tag)
            if node is not element:
                writer.write(node.tail)
    return writer.flat()


def found(element: Element, *xpaths: str) -> set[Element]:
    """Return the elements below *element* that any of *xpaths* finds."""
    results = (element.xpath(path) for path in xpaths)
    return {node for result in results for node in result if hasattr(node, "tag")}


def text_of(element: Element | None) -> str:
    """Return the text of an element in one line; '' for None."""
    return "" if element is None else " ".join(flatten(element).text.split())


def _tag(node: Element) -> str:
    tag = node.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].lower() if "}" in tag or not tag.islower() else tag


def _is_left_out(node: Element, tag: str, form_depth: int) -> bool:
    if tag in LEFT_OUT:
        return True
    attributes = node.attrib
    if not attributes and tag != "form":
        return False
    return (
        ("hidden" in attributes and attributes["hidden"] != "until-found")
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") in _HIDING_ROLES
        or (tag == "form" and form_depth == 1 and not _is_page(node))
    )


def _is_page(form: Element) -> bool:
    """Tell a form around a whole page, as ASP.NET makes it, from one to fill in."""
    blocks = form.iter("h1", "article", "main", "p")
    return any(node.tag != "p" or i >= 3 for i, node in enumerate(blocks))
