"""
How does a paper become a document whose HTML was made from PDF?

A ``<div id="page_N">`` a page, every line or paragraph placed by itself: headings are known
by the size of their letters only, words are cut at line ends, running heads and page
numbers stand in the middle of the text, and laws beside their proposed wording.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from searchkit.corpus.formats.html_columns import uncolumned
from searchkit.corpus.formats.markup import Element, Flat, flatten
from searchkit.model import Section

NUMBER = r"\d{4}/(?:\d\d|2000):[A-ZÅÄÖa-zåäö]{0,4}\d{1,5}"
"""Of a paper of the Riksdag or to it: "2018/19:93", "2018/19:FiU19"."""

_PAGE_ID = re.compile(r"page_(\d{1,5})", re.I)
_RUNNING_HEAD = re.compile(
    rf"(?:(?:Prop|Skr|Bet|Rskr|SOU|Ds|Dir)\.?)?\s*(?:{NUMBER}|\d{{4}}:\d{{1,4}})|Prop\.|Skr\."
)
_LEADING_HEAD = re.compile(rf"\s*((?:Prop|Skr)\. {NUMBER})(?=\s|$)")
_FONT = re.compile(r"\.(ft\d{1,4})\s*\{[^}]{0,40}?font:([^;}]{0,80}?)(\d{1,3})px")
_PLACED = re.compile(r"\.(ft\d{1,4})\s*\{[^}]{0,80}?margin-left:\s*[1-9]")
_THIRD_LEVEL = re.compile(
    r"\d{1,2}\.\d{1,2}\.\d{1,2}\s?[A-ZÅÄÖ](?:(?!\.{4})[^\n]){3,140}(?<![\d.:;,])"
)
_HYPHEN = re.compile(
    r"(?<=[a-zåäöé])-\s+(?=[a-zåäöé])(?!(?:och|eller|samt|respektive|resp|till|som|men|än)\b)"
)
_HEADING_CHARS_MAX = 300
_STYLE_CHARS_MAX = 1_000_000


def pages_of(root: Element) -> list[Element]:
    """Return the elements that are the pages of a document made from PDF, in order."""
    return [div for div in root.iter("div") if _PAGE_ID.fullmatch(div.get("id") or "")]


def read_pages(root: Element) -> Flat:
    """
    Return the text of a document made from PDF; its tree is changed on the way.

    Pages are labelled with the numbers printed on them, where most pages show one.

    Cost: a few walks over the tree.
    """
    pages = pages_of(root)
    sizes = _letter_sizes(root)
    labels: dict[Element, str] = {}
    offset = _page_offset(pages)
    own = _own_number(pages)
    for page in pages:
        number = int((page.get("id") or "")[5:])
        labels[page] = _label(number, offset, len(pages))
        _blank_furniture(page, labels[page], own)
        _mark_headings(page, sizes)
        for table in _within(page, "table"):
            if table.find(".//h2") is None and table.find(".//table") is None:
                uncolumned(table)
    _set_apart(root)
    # On the Riksdag's own site menus stand around the pages.
    parents = {page.getparent() for page in pages}
    return _joined(flatten(parents.pop() if len(parents) == 1 else root, page_of=labels.get))


def _label(number: int, offset: int, count: int) -> str:
    """Return the printed number; before page 1 that of the place, in brackets if printed too."""
    if number + offset > 0:
        return str(number + offset)
    return f"[{number}]" if number <= count + offset else str(number)


def _set_apart(root: Element) -> None:
    """Put a blank where only the page's layout tells two words apart."""
    placed = set()
    for style in root.iter("style"):
        placed |= set(_PLACED.findall(style.text_content()[:_STYLE_CHARS_MAX]))
    for node in root.iter("span"):
        if not node.tail and re.fullmatch(r"[\d.]{1,8}|[–•-]", (node.text or "").strip()):
            node.tail = " "  # the number of a heading or of a list item
        if _font(node) in placed or "padding-left" in (node.get("style") or ""):
            node.text = f" {node.text or ''}"


def _page_offset(pages: list[Element]) -> int:
    """Return how much more than the page's place the printed page number is."""
    offsets: Counter[int] = Counter()
    for page in pages:
        number = int((page.get("id") or "")[5:])
        for _, text in _leaves(page):
            if text.isdecimal() and len(text) < 5 and abs(int(text) - number) < 50:
                offsets[int(text) - number] += 1
    if not offsets:
        return 0
    best, count = offsets.most_common(1)[0]
    return best if count * 2 > len(pages) else 0


def _within(page: Element, *tags: str) -> list[Element]:
    """Return the elements of a page in order, without those of a page that lies in it."""
    from lxml import etree

    nodes = []
    walk = etree.iterwalk(page, events=("start",))
    for _, node in walk:
        # A page lies in another where a tag that closes it was lost.
        if node.tag == "div" and node is not page and _PAGE_ID.fullmatch(node.get("id") or ""):
            walk.skip_subtree()
        elif node.tag in tags:
            nodes.append(node)
    return nodes


def _leaves(page: Element) -> Iterator[tuple[Element, str]]:
    """Yield paragraphs, and cells of tables, with their text."""
    for node in _within(page, "p", "td"):
        if node.tag == "td" and node.find(".//table") is not None:
            continue
        if text := " ".join(node.text_content().split()):
            yield node, text


def _own_number(pages: list[Element]) -> str:
    """Return the running head with the document's number, such as "Prop. 2018/19:93", or ''."""
    heads: Counter[str] = Counter()
    for page in pages:
        for node in _within(page, "p", "td", "span"):
            if match := _LEADING_HEAD.match(node.text or ""):
                heads[match[1]] += 1
    return heads.most_common(1)[0][0] if heads else ""


def _blank_furniture(page: Element, label: str, own: str) -> None:
    """Take the running head and the page number off a page."""
    leaves = list(_leaves(page))
    for i, (node, text) in enumerate(leaves):
        is_number = text == label and (i < 3 or i >= len(leaves) - 4)
        if is_number or _RUNNING_HEAD.fullmatch(text):
            node.clear(keep_tail=True)
    if not own:
        return
    for node in _within(page, "p", "td", "span"):
        if node.text and own in node.text:
            node.text = _without_head(node.text, own)
        if node.tail and own in node.tail:
            node.tail = _without_head(node.tail, own)


def _without_head(text: str, own: str) -> str:
    """Cut the running head from where a line of it has run into the text."""
    before, _, after = text.partition(own)
    if not before.strip() or before.endswith("- "):
        return before.rstrip(" ") + " " + after.lstrip(" ")
    return text


def _letter_sizes(root: Element) -> dict[str, int]:
    """Return the size of the letters of each class of text, less that of the body's."""
    sizes: dict[str, int] = {}
    for style in root.iter("style"):
        for css, _, pixels in _FONT.findall(style.text_content()[:_STYLE_CHARS_MAX]):
            sizes[css] = int(pixels)
    chars: Counter[int] = Counter()
    for node in root.iter("p", "span"):
        if (size := sizes.get(_font(node))) and node.text:
            chars[size] += len(node.text)
    body = chars.most_common(1)[0][0] if chars else 0
    return {css: size - body for css, size in sizes.items()}


def _font(node: Element) -> str:
    return next((css for css in (node.get("class") or "").split() if css.startswith("ft")), "")


def _is_large(node: Element, sizes: dict[str, int]) -> bool:
    """Tell whether all text in *node* is larger than that of the body."""
    large = False
    own = sizes.get(_font(node), 0)
    for child in node.iter():
        if not isinstance(child.tag, str):
            continue
        size = sizes.get(_font(child), own if child.tag != "td" else 0)
        if child.text and child.text.strip():
            if size <= 0:
                return False
            large = True
        if child is not node and child.tail and child.tail.strip() and own <= 0:
            return False
    return large


def _mark_headings(page: Element, sizes: dict[str, int]) -> None:
    """Turn paragraphs, and rows of tables, in large letters into headings."""
    opening = " ".join(text for _, text in islice(_leaves(page), 9))
    is_contents = "Innehållsförteckning" in opening
    for node in _within(page, "p"):
        text = node.text_content()
        if len(text) < _HEADING_CHARS_MAX and (
            _is_large(node, sizes) or (not is_contents and _is_numbered(text))
        ):
            node.tag = "h2"
    heading: Element | None = None
    for row in _within(page, "table", "tr"):
        if row.tag == "table" or row.find(".//table") is not None:
            heading = None
            continue
        cells = [cell for cell in row.iterchildren("td", "th") if cell.text_content().strip()]
        if not cells:
            continue
        text = " ".join(" ".join(cell.text_content().split()) for cell in cells)
        if len(text) < _HEADING_CHARS_MAX and (
            all(_is_large(cell, sizes) for cell in cells)
            or (not is_contents and _is_numbered(text) and row.find(".//a[@href]") is None)
        ):
            # A heading goes on in the next row, unless that has a number of its own.
            row.clear(keep_tail=True)
            if heading is not None and not re.match(r"\d|Bilaga", text):
                heading.text = _HYPHEN.sub("", f"{heading.text} {text}")
            else:
                row.tag, row.text, heading = "h2", text, row
        else:
            heading = None


def _is_numbered(text: str) -> bool:
    """Tell a heading of the third level, in letters of the body, by its number: "5.1.2 Ansvar"."""
    return _THIRD_LEVEL.fullmatch(" ".join(text.split())) is not None


def _joined(flat: Flat) -> Flat:
    """Return *flat* with the words whole that are cut at line ends."""
    text = flat.text
    cuts = [m.span() for m in _HYPHEN.finditer(text) if not _is_in_table(text, *m.span())]
    if not cuts:
        return flat
    starts = [start for start, _ in cuts]
    removed = [0]
    for start, end in cuts:
        removed.append(removed[-1] + end - start)

    def moved(section: Section) -> Section:
        i = bisect_right(starts, section.start)
        start = section.start - removed[i]
        if i and cuts[i - 1][1] > section.start:
            start = starts[i - 1] - removed[i - 1]
        return Section(start, section.label)

    ends = [0, *(end for _, end in cuts)]
    return Flat(
        "".join(text[a:b] for a, b in zip(ends, [*starts, len(text)], strict=True)),
        tuple(Section(moved(s).start, _HYPHEN.sub("", s.label)) for s in flat.sections),
        tuple(map(moved, flat.pages)),
    )


def _is_in_table(text: str, start: int, end: int) -> bool:
    """Tell whether the line that ends at *start*, or that of *end*, has cells."""
    before, after = text[max(0, start - 120) : start], text[end : end + 120]
    return " | " in before.rpartition("\n")[2] or " | " in after.partition("\n")[0]
