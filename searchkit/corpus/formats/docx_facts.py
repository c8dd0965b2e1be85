"""
What does a Word file tell of itself outside its text?

Its properties; the data that the templates of the Government Offices bind their headers to;
and the headers, which are no text, but carry numbers and dates. The last is the least sure:
headers are copied from one letter to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from searchkit.corpus.facts import Facts
from searchkit.corpus.formats.docx_styles import attribute, child, local, number_of
from searchkit.corpus.formats.office_facts import Properties, is_organ
from searchkit.corpus.formats.packages import Package
from searchkit.corpus.letterhead import letterhead
from searchkit.corpus.metadata import iso_date

CUSTOM_PARTS_MAX = 30
_CUSTOM_PART = re.compile(r"^customXml/item\d+\.xml$")
_INFO = "DocumentInfo"
_IN_HEADS = {"type", "number", "date", "dnr", "organ"}


def properties_of(package: Package) -> Properties:
    """Return the properties that Word, or the author, has given to a file."""
    found = Properties("docProps")
    names = {"title": "title", "creator": "creator", "language": "language"}
    names |= {"created": "created", "modified": "modified"}
    core = package.xml_if_sound("docProps/core.xml")
    for element in core if core is not None else ():
        if (name := names.get(local(element))) and not getattr(found, name):
            setattr(found, name, element.text or "")
    custom = package.xml_if_sound("docProps/custom.xml")
    for element in custom if custom is not None else ():
        found.others.append((attribute(element, "name") or "", "".join(element.itertext())))
    return found


def page_count_of(package: Package) -> int | None:
    """Return how many pages Word counted, or None."""
    root = package.xml_if_sound("docProps/app.xml")
    found = child(root, "Pages")
    return None if found is None else number_of(found.text)


def tell_document_info(facts: Facts, package: Package) -> None:
    """Tell what the template of a ministry keeps: date, registry number, ministry."""
    names = [name for name in package.names() if _CUSTOM_PART.match(name)]
    for name in sorted(names)[:CUSTOM_PARTS_MAX]:
        root = package.xml_if_sound(name)
        if root is None or local(root) != _INFO:
            continue
        found = {local(element): (element.text or "").strip() for element in root.iter("{*}*")}
        if iso_date(found.get("HeaderDate", "")):
            facts.tell("date", found["HeaderDate"], "customXml HeaderDate")
        facts.tell("dnr", found.get("Dnr"), "customXml Dnr")
        organ = found.get("Organisatoriskenhet1", "")
        facts.tell("organ", organ if is_organ(organ) else "", "customXml Organisatoriskenhet1")


def suggest_from_heads(facts: Facts, heads: Iterable[str]) -> None:
    """Suggest what the headers say, where the text does not."""
    for head in heads:
        for name, value in letterhead(head, facts.values) if head else ():
            if name in _IN_HEADS:
                facts.suggest(name, value, "page header")
