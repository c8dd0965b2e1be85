"""
Which part of a page is the document?

``<main>`` or ``<article>`` where a site has them; else one goes down from ``<body>`` as
long as one child holds nearly all of the running text, which is text outside links. Of
what is left, boxes that the site itself calls menus, share buttons, footers and the like
are left out, unless they hold much of the text.
"""

from __future__ import annotations

import re
from itertools import islice

from searchkit.corpus.formats.markup import LEFT_OUT, Element

_KEPT_SHARE = 0.7
"""Of a page's running text, in the element that is taken for its main part."""

_BOX_SHARE = 0.35
"""Of the main part's running text; a box with more is text, whatever its name."""

_BOXES = re.compile(
    r"(?:^|[\s_-])(?:"
    r"ads?|advert\w*|banner|breadcrumbs?|brodsmul\w*|byline-?image|comments?|contact\w*|kontakt\w*"
    r"|contentfooter|cookies?|dela|share|sharing|social|socialmedia|feedback|footer|sidfot"
    r"|header-?menu|login|menu|meny|modal|nav|navbar|navigation|newsletter|no-?print|paging"
    r"|pagination|popup|print|promo|related|relaterat|relaterade|rs-skip|rs_skip|readspeaker"
    r"|search|sidebar|sidomeny|skip|skip-?link|skiplinks?|sr-only|subscribe|tags?|toolbar"
    r"|visuallyhidden|visually-hidden|wordexpl"
    r")(?=$|[\s_-])"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMED = (
    "//main[not(ancestor::main)]",
    "//*[@role='main']",
    "//article[not(ancestor::article)]",
    "//*[@itemprop='articleBody']",
)


def main_of(root: Element) -> tuple[Element, set[Element]]:
    """
    Return the element that holds a page's document, and what to leave out of it.

    Cost: a few walks over the tree.
    """
    running = running_chars(root)
    body = root.find("body")
    body = root if body is None else body
    whole = running.get(body, 0)
    main = body
    for path in _NAMED:
        named = root.xpath(path)
        if named:
            longest = max(named, key=lambda node: running.get(node, 0))
            # An article beside others is one of a list; an empty main is filled by a script.
            if 0 < running.get(longest, 0) >= whole * (0.2 if path in _NAMED[:2] else 0.5):
                main = longest
                break
    if main is body:
        main = _descend(body, running)
    return main, boxes(main, running)


def boxes(main: Element, running: dict[Element, int]) -> set[Element]:
    """Return the elements in *main* that the site's own names tell to be no text."""
    limit = max(200, _BOX_SHARE * running.get(main, 0))
    left_out: set[Element] = set()
    titled = {box for h1 in islice(main.iter("h1"), 20) for box in h1.iterancestors()}
    for node in main.iter(
        "aside", "footer", "div", "section", "ul", "ol", "p", "span", "a", "header"
    ):
        if node is main or running.get(node, 0) > limit or node in titled:
            continue
        name = f"{node.get('class') or ''} {node.get('id') or ''}"
        plain = _CAMEL.sub("-", name).lower()
        if node.tag in ("aside", "footer") or (name != " " and _BOXES.search(plain)):
            left_out.add(node)
    return left_out


def running_chars(root: Element) -> dict[Element, int]:
    """Return of every element the characters of text in it that stand outside links."""
    from lxml import etree

    counts: dict[Element, int] = {}
    stack: list[int] = []
    link_depth = 0
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            link_depth += node.tag == "a"
            stack.append(0)
            if node.tag in LEFT_OUT:
                walk.skip_subtree()
            elif node.text and not link_depth:
                stack[-1] += len(node.text.strip())
            continue
        if event == "end":
            link_depth -= node.tag == "a"
            counts[node] = stack.pop()
            if stack:
                stack[-1] += counts[node]
        if stack and node.tail and not link_depth:
            stack[-1] += len(node.tail.strip())
    return counts


def _descend(body: Element, running: dict[Element, int]) -> Element:
    least = _KEPT_SHARE * running.get(body, 0)
    node = found = body
    while least > 0:
        best = max(node, key=lambda child: running.get(child, 0), default=None)
        # A paragraph or an item of its own is not the place of a document.
        if best is None or running.get(best, 0) < least or best.tag in ("p", "li", "ul", "ol"):
            break
        node = best
        # One row of a table is not, either; a cell is, in a table that lays out a page.
        if node.tag not in ("table", "tbody", "tr") and (node.tag != "td" or _has_blocks(node)):
            found = node
    return found


def _has_blocks(cell: Element) -> bool:
    return next(cell.iter("p", "div", "table", "h1", "h2", "h3", "br"), None) is not None
