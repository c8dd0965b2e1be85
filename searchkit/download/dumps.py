"""
How does one get riksdagen's documents by the thousand?

The list of datasets (XML) names each archive with type, years, size and the
time of its last change; the archives in JSON hold one ``dokumentstatus`` a
document, which searchkit reads as they are. Types are spelt as the list spells
them, whatever the case, or by a common name. Years are those in the archives'
names: of riksmöten, the ones in which they began.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from searchkit.download.client import Client
from searchkit.download.content import check_zip
from searchkit.download.documents import RIKSDAG
from searchkit.download.failures import AnswerError
from searchkit.download.keeping import Item
from searchkit.download.names import safe_name, split_address
from searchkit.download.running import DownloadOptions, DownloadReport, Run, client_of
from searchkit.download.selecting import Selection, known_types, refuse_everything
from searchkit.errors import UsageError

_LIST_PATH = "/dataset/katalog/dataset.xml"
ARCHIVE_BYTES_MAX = 4 * 2**30
# What an archive without members weighs; the list has several dozen.
_EMPTY_BYTES = 22
_YEARS = re.compile(r"(\d{4})(?:(-)(\d{4})?|/?\d{2,4})?")
_OPEN = 9999

_ALIASES = {
    "motion": "mot", "proposition": "prop", "betänkande": "bet", "interpellation": "ip",
    "fråga": "skriftliga frågor", "fr": "skriftliga frågor", "frågor": "skriftliga frågor",
    "protokoll": "prot", "anförande": "anforande", "anföranden": "anforande",
    "yttrande": "yttr", "riksdagsskrivelse": "rskr", "diarium": "riksdagens diarium",
    "utr": "utredningar", "övriga": "övrigt",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dataset:
    """One archive of riksdagen's list of datasets."""

    name: str
    """Of the file: ``mot-2018-2021.json.zip``."""
    type: str
    first_year: int
    last_year: int
    """9999 if more is added to it; 0 if the list tells no years."""
    size_bytes: int
    updated: str
    path: str
    """On the server."""

    @property
    def is_empty(self) -> bool:
        """Whether the archive has no members."""
        return self.size_bytes <= _EMPTY_BYTES


def riksdag_datasets(
    selection: Selection | None = None, options: DownloadOptions | None = None
) -> tuple[Dataset, ...]:
    """
    Return the archives in JSON that match; one request.

    Raises:
        UsageError: there is no such type, or words are asked for.
        DownloadError: the server cannot be reached, or its list is of no use.
    """
    client = client_of(RIKSDAG, options or DownloadOptions())
    return _matching(_datasets(client), selection or Selection())


def riksdag_dumps(selection: Selection, options: DownloadOptions | None = None) -> DownloadReport:
    """
    Download the archives that match to ``riksdag/dumps`` below the folder.

    An archive of which a part came before is gone on with; one that has not
    changed is not asked for.

    Raises:
        UsageError: nothing in particular is asked for, no such type, or words are.
        DownloadError, OSError: as `riksdag_documents`.
    """
    refuse_everything(selection)
    run = Run(RIKSDAG, options or DownloadOptions())
    with run.keeping() as keeper:
        run.tell("list", 0)
        chosen = _matching(_datasets(run.client), selection)
        run.empty += [dataset.name for dataset in chosen if dataset.is_empty]
        full = [dataset for dataset in chosen if not dataset.is_empty]
        run.keep(keeper, [_item(run.client, dataset) for dataset in full[: run.options.limit]])
    return run.report()


def _item(client: Client, dataset: Dataset) -> Item:
    return Item(
        url=client.url(dataset.path),
        path=f"riksdag/dumps/{safe_name(dataset.name)}",
        check=check_zip,
        limit_bytes=ARCHIVE_BYTES_MAX,
        version=dataset.updated,
        resumable=True,
        expected_bytes=dataset.size_bytes,
    )


def _matching(datasets: Iterable[Dataset], selection: Selection) -> tuple[Dataset, ...]:
    if selection.search.strip():
        raise UsageError("archives come whole: --search goes without --dumps")
    datasets = list(datasets)
    names = {dataset.type.lower(): dataset.type for dataset in datasets}
    types = known_types(selection.types, names, _ALIASES) or [*names.values()]
    first, last = selection.period.years
    return tuple(
        dataset
        for dataset in datasets
        if dataset.type in types and dataset.first_year <= last and first <= dataset.last_year
    )


def _datasets(client: Client) -> list[Dataset]:
    """Return the archives of documents and speeches in JSON that the server lists."""
    url = client.url(_LIST_PATH)
    try:
        root = ElementTree.fromstring(client.read(url))
    except (ElementTree.ParseError, ValueError):
        raise AnswerError(url, "is not XML; the server may be under maintenance") from None
    found = [
        _dataset(element)
        for element in root.iter("dataset")
        if _text(element, "format") == "json"
        and _text(element, "filformat") == "zip"
        # Votes and members are no documents.
        and _text(element, "namn") in ("dokument", "anforande")
    ]
    if not found:
        raise AnswerError(url, "is XML, but lists no datasets")
    return _closed(found)


def _dataset(element: ElementTree.Element) -> Dataset:
    size = _text(element, "storlek")
    first, last = _years(_text(element, "rm"))
    path, _ = split_address(_text(element, "url"))
    return Dataset(
        name=_text(element, "filnamn") or path.rpartition("/")[2],
        type=_text(element, "typ"),
        first_year=first,
        last_year=last,
        size_bytes=int(size) if size.isdecimal() else 0,
        updated=_text(element, "uppdaterad"),
        path=path,
    )


def _closed(datasets: list[Dataset]) -> list[Dataset]:
    """End each open stretch of years (``2015-``) where the type's next one begins."""
    closed = []
    for dataset in datasets:
        later = [
            other.first_year
            for other in datasets
            if other.type == dataset.type and other.first_year > dataset.first_year
        ]
        if dataset.last_year == _OPEN and later:
            dataset = replace(dataset, last_year=min(later) - 1)
        closed.append(dataset)
    return closed


def _years(rm: str) -> tuple[int, int]:
    """
    Return the first and the last year that the list tells of an archive.

    >>> _years("2018-2021"), _years("2020-"), _years("2025/26"), _years("201213")
    ((2018, 2021), (2020, 9999), (2025, 2025), (2012, 2012))
    """
    match = _YEARS.match(rm)
    if match is None:
        return 0, _OPEN
    first = int(match[1])
    if match[2]:
        return first, int(match[3]) if match[3] else _OPEN
    return first, first


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
