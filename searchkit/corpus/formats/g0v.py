"""
How does an entry of g0v.se become a document?

g0v.se lists the pages of the Government's site with their metadata: title, address, dates,
a summary, attachments, and codes for kinds, senders and subjects. The page itself is not
there; the document's text is its title and summary. The address tells the kind of page, as
it does on the site itself; of the codes those of ministries are known here, because they
hardly change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from searchkit.corpus.chunk import Chunk, Outcome
from searchkit.corpus.doctypes import is_known, kind_of
from searchkit.corpus.facts import Facts, document

SITE = "https://www.regeringen.se"

_SENDERS = {
    "1284": "Arbetsmarknadsdepartementet",
    "1285": "Finansdepartementet",
    "1286": "Försvarsdepartementet",
    "1287": "Justitiedepartementet",
    "1288": "Kulturdepartementet",
    "1291": "Klimat- och näringslivsdepartementet",
    "1292": "Socialdepartementet",
    "1293": "Statsrådsberedningen",
    "1294": "Utbildningsdepartementet",
    "1295": "Utrikesdepartementet",
    "1296": "Regeringen",
    "1297": "Regeringskansliet",
    "2425": "Landsbygds- och infrastrukturdepartementet",
}
_SERIES = ("prop", "skr", "sou", "ds", "dir", "sö")
_LABELS = ("diarienummer:", "artikelnr:", "artikelnummer:", "artikelnummer")


def is_g0v(record: object) -> bool:
    """Whether a JSON object is an entry of g0v.se's lists."""
    if type(record) is not dict or type(record.get("title")) is not str:
        return False
    known = ("published", "senders", "types", "categories")
    return type(record.get("url")) is str and sum(name in record for name in known) >= 2


def is_code_list(record: object) -> bool:
    """Whether a JSON object only names codes: ``{"1012": "EU", ...}``."""
    if type(record) is not dict or not record:
        return False
    return all(key.isdecimal() and type(name) is str for key, name in record.items())


def read_entry(chunk: Chunk, entry: Mapping[str, Any], place: int) -> Iterator[Outcome]:
    """
    Yield the document of one entry, for which :func:`is_g0v` holds.

    Args:
        place: of the entry in its file, from 1.
    """
    facts = Facts()
    path = entry["url"]
    facts.tell("title", entry["title"], "g0v title")
    facts.tell(
        "date", _text(entry.get("published")) or _text(entry.get("updated")), "g0v published"
    )
    facts.tell("updated", _text(entry.get("updated")), "g0v updated")
    facts.tell("type", _kind(path), "url")
    senders = _texts(entry.get("senders"))
    facts.tell_all("organ", [_SENDERS.get(code, "") for code in senders], "g0v senders")
    facts.tell_all("senders", senders, "g0v senders")
    facts.tell_all("categories", _texts(entry.get("categories")), "g0v categories")
    _tell_number(facts, _text(entry.get("id")))
    facts.tell("url", _address(path), "g0v url")
    for column in ("attachments", "shortcuts"):
        links = [link for link in _list(entry.get(column)) if type(link) is dict]
        addresses = [_address(_text(link.get("url"))) for link in links]
        facts.tell_all(column, addresses, f"g0v {column}")
    body = _text(entry.get("text") or entry.get("content") or entry.get("summary"))
    text = "\n\n".join(part for part in (entry["title"].strip(), body.strip()) if part)
    key = path.strip("/") or f"{chunk.relative}#{place}"
    yield from document(chunk, facts, text, key=key, alone=False)


def _kind(path: str) -> str:
    """
    Return the kind that the address stands for: the last folder before the year.

    >>> _kind("/rattsliga-dokument/proposition/2010/02/prop.-200910121/")
    'prop'
    """
    folders = []
    for part in path.removeprefix(SITE).strip("/").split("/")[:-1]:
        if part.isdecimal():
            break
        folders.append(part)
    known = [folder for folder in folders if is_known(folder)]
    return kind_of((known or folders or [""])[-1])


def _tell_number(facts: Facts, written: str) -> None:
    """Tell the number behind its labels: "Prop. 2009/10:121", "Diarienummer: Fi2023/01773"."""
    source, registry = "g0v id", False
    number = " ".join(written.split())
    while label := next((one for one in _LABELS if number.lower().startswith(one)), None):
        registry = registry or label == "diarienummer:"
        number = number[len(label) :].strip()
    series, _, rest = number.partition(" ")
    if series.rstrip(".").lower() in _SERIES and rest[:1].isdecimal():
        number = rest
    elif registry and "/" in number and " " not in number:
        facts.tell("dnr", number, source)
    facts.tell("number", number, source)


def _address(written: str) -> str:
    return f"{SITE}{written}" if written.startswith("/") else written


def _text(value: object) -> str:
    return value if type(value) is str else ""


def _list(value: object) -> list[Any]:
    return value if type(value) is list else []


def _texts(value: object) -> list[str]:
    return [str(item) for item in _list(value) if type(item) in (str, int)]
