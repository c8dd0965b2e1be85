"""
How does one get riksdagen's documents, one by one?

``dokumentlista`` (JSON, 100 hits a page) lists what matches type, period and
words; the page after is at the query in ``@nasta_sida``. Each hit's
``dokumentstatus`` is the document: its fields and its text. The list's
``systemdatum`` tells when a document last changed, so a second run asks only
for those that did.

The list ends at page 100, whatever it says of its length: 10,000 hits. A query
with more is cut into halves of its period until each can be read to its end.

Source: data.riksdagen.se, "Dokument", and genuine answers; lists arrive as one
object where there is one hit, and as null where there is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

from searchkit.download.client import Client
from searchkit.download.content import check_document
from searchkit.download.failures import AnswerError
from searchkit.download.keeping import Item
from searchkit.download.names import safe_name, split_address
from searchkit.download.running import (
    DownloadOptions,
    DownloadReport,
    Run,
    Source,
    client_of,
)
from searchkit.download.selecting import Selection, refuse_everything

RIKSDAG = Source(
    name="riksdag",
    base_url="https://data.riksdagen.se",
    attribution="Källa: Sveriges riksdag (Riksdagens öppna data, data.riksdagen.se)",
)
DOCUMENT_BYTES_MAX = 256 * 2**20
_PAGE_HITS = 100
_PAGES_MAX = 100
# Beyond the oldest statute of the list and any date a document of today can have.
_FIRST_DAY, _YEARS_AHEAD = date(1400, 1, 1), 2

# What people say, and what the list calls it.
_ALIASES = {
    "motion": "mot", "motioner": "mot", "proposition": "prop", "propositioner": "prop",
    "betänkande": "bet", "betänkanden": "bet", "skrivelse": "skr", "fråga": "fr",
    "frågor": "fr", "skriftlig fråga": "fr", "svar": "frs", "interpellation": "ip",
    "interpellationer": "ip", "protokoll": "prot", "yttrande": "yttr", "direktiv": "dir",
    "lag": "sfs", "riksdagsskrivelse": "rskr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hits:
    """How many documents there are of one type in one period."""

    type: str
    """Empty: of any type."""
    period: str
    count: int


def riksdag_documents(
    selection: Selection, options: DownloadOptions | None = None
) -> DownloadReport:
    """
    Download the documents that match, each as its ``dokumentstatus`` JSON.

    They go to ``riksdag/TYPE/RM/ID.json`` below the folder. What was fetched
    before and has not changed is not asked for.

    Raises:
        UsageError: nothing in particular is asked for, or a period cannot be read.
        DownloadError: the server cannot be reached or fails throughout, or the
            folder is in use. What was fetched stays; run again to go on.
        OSError: the folder cannot be written.

    Cost:
        One request a hundred hits, and one a document that is new or changed.
    """
    refuse_everything(selection)
    run = Run(RIKSDAG, options or DownloadOptions())
    queries = list(_queries(selection))
    with run.keeping() as keeper:
        run.keep(keeper, _items(run, queries))
    return run.report()


def riksdag_counts(
    selection: Selection, options: DownloadOptions | None = None
) -> tuple[Hits, ...]:
    """
    Count the documents that match, without downloading any: one request a type and riksmöte.

    Raises:
        UsageError, DownloadError: as `riksdag_documents`.
    """
    refuse_everything(selection)
    client = client_of(RIKSDAG, options or DownloadOptions())
    told = []
    for query in _queries(selection):
        days = f"{query.get('from', '')}..{query.get('tom', '')}".strip(".")
        count = _hits(_page(client, {**query, "sz": "1"}))
        told.append(Hits(query.get("doktyp", ""), query.get("rm", days), count))
    return tuple(told)


def _queries(selection: Selection) -> Iterator[dict[str, str]]:
    """Yield the list's parameters for each type and riksmöte."""
    period = selection.period
    common = {"utformat": "json", "a": "s", "sort": "datum", "sortorder": "asc"}
    if selection.search.strip():
        common["sok"] = selection.search.strip()
    if period.since:
        common["from"] = period.since.isoformat()
    if period.until:
        common["tom"] = period.until.isoformat()
    names = (name.strip().lower() for name in selection.types)
    for doktyp in dict.fromkeys(_ALIASES.get(name, name) for name in names) or [""]:
        for session in period.sessions or [""]:
            asked = {"doktyp": doktyp, "rm": session}
            yield {**common, **{name: value for name, value in asked.items() if value}}


def _items(run: Run, queries: list[dict[str, str]]) -> Iterator[Item]:
    """Yield each document of the lists once, no more than the limit."""
    seen: set[str] = set()
    limit = run.options.limit
    for query in queries:
        for hit in _all_hits(run, query):
            if limit is not None and len(seen) >= limit:
                return
            item = _item(run, hit)
            if item is not None and item.path not in seen:
                seen.add(item.path)
                run.tell("list", len(seen))
                yield item


def _item(run: Run, hit: Mapping[str, Any]) -> Item | None:
    names = [hit.get(name) for name in ("dok_id", "id")]
    dok_id = next((name.strip() for name in names if isinstance(name, str) and name.strip()), "")
    if not dok_id:
        url = run.client.url("/dokumentlista/")
        run.failed.append(AnswerError(url, f"lists a document without id: {str(hit)[:80]}"))
        return None
    kind, session, changed = (
        value if isinstance(value, str) else ""
        for value in (hit.get("doktyp") or hit.get("typ"), hit.get("rm"), hit.get("systemdatum"))
    )
    folders = (kind.lower() or "annat", session.replace("/", "-") or "utan-rm")
    path = "/".join(["riksdag", *map(safe_name, folders), f"{safe_name(dok_id)}.json"])
    return Item(
        url=run.client.url(f"/dokumentstatus/{dok_id}.json"),
        path=path,
        check=check_document(dok_id),
        limit_bytes=DOCUMENT_BYTES_MAX,
        version=changed,
    )


def _all_hits(run: Run, query: dict[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield every hit of a query, in halves if the list would end before it."""
    page = _page(run.client, {**query, "sz": str(_PAGE_HITS)})
    if _hits(page) <= _PAGE_HITS * _PAGES_MAX:
        yield from _pages(run, page)
        return
    halves = _halves(query)
    if not halves:
        url = run.client.url("/dokumentlista/", query)
        reason = f"has {_hits(page):,} hits on one day, of which only 10,000 can be listed"
        run.failed.append(AnswerError(url, reason))
        yield from _pages(run, page)
    for half in halves:
        yield from _all_hits(run, half)


def _pages(run: Run, page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the hits of a page and of those that follow it."""
    for number in range(1, _PAGES_MAX + 1):
        found = page.get("dokument") or []
        hits = found if isinstance(found, list) else [found]
        yield from (hit for hit in hits if isinstance(hit, dict))
        # Its query only: the address comes as http, or names another server than the one asked.
        _, follows = split_address(page.get("@nasta_sida"))
        query = dict(parse_qsl(follows))
        if not query or not hits or number == _PAGES_MAX:
            return
        page = _page(run.client, {**query, "utformat": "json"})


def _halves(query: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the query for the first and for the second half of its period."""
    ahead = date.today() + timedelta(days=365 * _YEARS_AHEAD)
    first = date.fromisoformat(query.get("from", _FIRST_DAY.isoformat()))
    last = date.fromisoformat(query.get("tom", max(ahead, first).isoformat()))
    if first >= last:
        return []
    middle = first + (last - first) // 2
    return [
        {**query, "from": first.isoformat(), "tom": middle.isoformat()},
        {**query, "from": (middle + timedelta(days=1)).isoformat(), "tom": last.isoformat()},
    ]


def _page(client: Client, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return one page of the list."""
    url = client.url("/dokumentlista/", query)
    try:
        content = json.loads(client.read(url))
    except (ValueError, RecursionError):
        raise AnswerError(url, "is not JSON; the server may be under maintenance") from None
    page = content.get("dokumentlista") if isinstance(content, dict) else None
    if not isinstance(page, dict):
        raise AnswerError(url, "is JSON, but no list of documents")
    return page


def _hits(page: Mapping[str, Any]) -> int:
    told = str(page.get("@traffar") or page.get("@träffar") or "0")
    return int(told) if told.isdecimal() else 0
