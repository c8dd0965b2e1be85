"""
How does one get the government's pages, from g0v.se?

g0v.se republishes regeringen.se every night: for each kind of page a list in
JSON (``/pressmeddelanden.json``), whose ``url`` tells where the text is in
Markdown (``/pressmeddelanden/2022/12/….md``). Title, dates and address stand in
the list only, so they are put before the text, as front matter, and the folder
holds one document a page. The lists are kept beside them under hidden names:
read as documents they would be every page once more, without its text.

A list tells when a page was last updated; a page of which it says nothing new
is not asked for again.

Source: the README of g0vse, and genuine lists.
"""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from searchkit.download.content import check_array, check_markdown, load_json
from searchkit.download.failures import AnswerError
from searchkit.download.keeping import Item
from searchkit.download.names import safe_name, split_address
from searchkit.download.running import DownloadOptions, DownloadReport, Run, Source
from searchkit.download.selecting import Selection, known_types
from searchkit.errors import UsageError

G0V = Source(
    name="g0v",
    base_url="https://g0v.se",
    attribution="Källa: Regeringskansliet (regeringen.se), via g0v.se",
)
_LEGAL = "rattsliga-dokument"
LISTS = (
    "pressmeddelanden", "artiklar", "debattartiklar", "tal", "uttalanden",
    f"{_LEGAL}/proposition", f"{_LEGAL}/skrivelse", f"{_LEGAL}/lagradsremiss",
    f"{_LEGAL}/statens-offentliga-utredningar", f"{_LEGAL}/departementsserien-och-promemorior",
    f"{_LEGAL}/kommittedirektiv", f"{_LEGAL}/forordningsmotiv",
    f"{_LEGAL}/sveriges-internationella-overenskommelser",
    "remisser", "regeringsuppdrag", "regeringsarenden", "rapporter", "faktapromemoria",
    "informationsmaterial", "internationella-mr-granskningar-av-sverige",
    "kommenterade-dagordningar", "sakrad", "strategier-for-internationellt-bistand",
    "overenskommelser-och-avtal", "arendeforteckningar", "ud-avrader",
)  # fmt: skip
_NAMES = {name: name for name in LISTS} | {name.rpartition("/")[2]: name for name in LISTS}
_ALIASES = {
    "prop": "proposition", "skr": "skrivelse", "sou": "statens-offentliga-utredningar",
    "ds": "departementsserien-och-promemorior", "dir": "kommittedirektiv",
    "direktiv": "kommittedirektiv", "pressmeddelande": "pressmeddelanden",
    "artikel": "artiklar", "remiss": "remisser", "rapport": "rapporter",
    "lagrådsremiss": "lagradsremiss", "fpm": "faktapromemoria",
    "uppdrag": "regeringsuppdrag", "debattartikel": "debattartiklar",
}  # fmt: skip
_SITE = "https://www.regeringen.se"
_CODES = "/api/codes.json"
_NUMBER = re.compile(r"\b\d{4}(?:/\d{2,4})?:\d+\b")
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_PAGE_BYTES_MAX = 32 * 2**20
_LIST_BYTES_MAX = 256 * 2**20


@dataclass(frozen=True, slots=True)
class PageList:
    """One of g0v.se's lists."""

    type: str
    """What to ask for it by."""
    path: str


def g0v_lists() -> tuple[PageList, ...]:
    """Return the lists that g0v.se is known to have; no request."""
    return tuple(PageList(name.rpartition("/")[2], f"/{name}.json") for name in LISTS)


def g0v_pages(selection: Selection, options: DownloadOptions | None = None) -> DownloadReport:
    """
    Download the lists that are asked for, and the pages that they list.

    Pages go to ``g0v/…`` below the folder, under the paths they have at g0v.se.
    The period is that of publication; the limit counts pages. In the report, a
    list is an item as a page is.

    Raises:
        UsageError: no type is asked for, there is no such type, or words are asked for.
        DownloadError, OSError: as `riksdag_documents`.
    """
    if selection.search.strip():
        raise UsageError("g0v.se cannot be searched: download a --type, and search that")
    if not selection.types:
        raise UsageError("say what to download: --type pressmeddelanden; --list shows all types")
    names = known_types(selection.types, _NAMES, _ALIASES)
    if selection.period.sessions:
        raise UsageError("the government's pages have dates, not riksmöten: give --from 2018")
    run = Run(G0V, options or DownloadOptions())
    with run.keeping() as keeper:
        lists = [_list_item(run, name) for name in names]
        run.tell("list", 0, len(lists))
        run.keep(keeper, lists)
        there = [item for item in lists if (run.options.into / item.path).exists()]
        run.keep(keeper, _pages(run, selection, there))
    return run.report()


def _list_item(run: Run, name: str) -> Item:
    folder, slash, last = name.rpartition("/")
    path = f"g0v/{folder}{slash}.{last}.json"
    return Item(run.client.url(f"/{name}.json"), path, check_array, _LIST_BYTES_MAX)


def _organs(run: Run) -> dict[str, str]:
    """Return the ministries by the codes that the lists have for them."""
    try:
        codes = json.loads(run.client.read(run.client.url(_CODES)))
    except (AnswerError, ValueError, RecursionError):
        return {}  # Pages without the name of their ministry are better than none.
    known = codes.items() if isinstance(codes, dict) else ()
    return {
        code: name
        for code, name in known
        if isinstance(name, str) and name.endswith(("departementet", "Statsrådsberedningen"))
    }


def _pages(run: Run, selection: Selection, lists: list[Item]) -> Iterator[Item]:
    """Yield each page of the lists once, no more than the limit."""
    period, limit = selection.period, run.options.limit
    seen: set[str] = set()
    organs = _organs(run) if lists else {}
    for listed in lists:
        for page in load_json(run.options.into / listed.path):
            if limit is not None and len(seen) >= limit:
                return
            published = page.get("published") if isinstance(page, dict) else None
            if not period.holds(published if isinstance(published, str) else ""):
                continue
            item = _page_item(run, page, organs) if isinstance(page, dict) else None
            if item is None:
                run.failed.append(AnswerError(listed.url, f"lists no address: {str(page)[:80]}"))
            elif item.path not in seen:
                seen.add(item.path)
                yield item


def _page_item(run: Run, page: Mapping[str, Any], organs: Mapping[str, str]) -> Item | None:
    parts = [part for part in split_address(page.get("url"))[0].split("/") if part]
    if not parts:
        return None
    changed = [page.get("updated"), page.get("published")]
    return Item(
        url=run.client.url(f"/{'/'.join(parts)}.md"),
        path="/".join(["g0v", *map(safe_name, parts[:-1]), f"{safe_name(parts[-1])}.md"]),
        check=check_markdown,
        limit_bytes=_PAGE_BYTES_MAX,
        version=next((day for day in changed if isinstance(day, str) and day), ""),
        prepare=partial(_put_before, front_matter(page, organs)),
    )


def front_matter(page: Mapping[str, Any], organs: Mapping[str, str]) -> str:
    """
    Return what a list tells of a page, as YAML between ``---`` lines.

    >>> print(front_matter({"title": "Tal", "url": "/tal/x/", "published": "2025-01-13"}, {}))
    ---
    title: "Tal"
    date: "2025-01-13"
    url: "https://www.regeringen.se/tal/x/"
    ---
    <BLANKLINE>
    """
    senders = page.get("senders")
    number = _NUMBER.search(page["id"]) if isinstance(page.get("id"), str) else None
    told = {
        "title": page.get("title"),
        "date": page.get("published"),
        "number": number[0] if number else None,
        "organ": "; ".join(
            organs[code]
            for code in (senders if isinstance(senders, list) else [])
            if isinstance(code, str) and code in organs
        ),
        "url": f"{_SITE}{page['url']}" if isinstance(page.get("url"), str) else None,
    }
    lines = [
        f"{name}: {_quoted(value)}"
        for name, value in told.items()
        if isinstance(value, str) and value.strip()
    ]
    return "\n".join(["---", *lines, "---", ""])


def _quoted(value: str) -> str:
    plain = _UNWRITABLE.sub(" ", value).strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _put_before(matter: str, path: Path) -> None:
    """Put front matter before the Markdown in a file, unless it begins with some."""
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    if not content.startswith(b"---\n"):
        with open(path, "wb") as file:
            file.write(matter.encode() + b"\n" + content)
            file.flush()
            os.fsync(file.fileno())
