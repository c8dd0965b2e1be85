"""``searchkit open``: show a document's file, or web page, in the program made for it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

import searchkit
from searchkit.cli.failures import ERROR
from searchkit.cli.options import index_option
from searchkit.cli.parts import page_numbers
from searchkit.cli.place import Place, extracted, place_of
from searchkit.cli.terminal import one_line
from searchkit.cli.viewer import show_file, show_pdf_page, show_web_page, url_of_page
from searchkit.errors import UsageError
from searchkit.model import Document


@click.command("open")
@click.argument("key", metavar="ID")
@index_option
@click.option("--page", metavar="LABEL", help="Open a PDF file at the page with this number.")
@click.option("--print", "only_print", is_flag=True, help="Print the path or the address instead.")
def command(*, key: str, index_path: Path, page: str | None, only_print: bool) -> int:
    """
    Open the document with the id ID in the program made for it.

    That is its file in the corpus; a member of an archive is written to a
    temporary file first. If the file is gone, or made for programs (JSON,
    CSV, XML), it is the web page where the document was published, if there
    is one.

    The exit status is 2 if there is no display or no program; the path, or
    the address, is printed then.

    \b
    searchkit open H803100 --page 42
    less "$(searchkit open H803100 --print)"
    """
    with searchkit.open(index_path) as index:
        document = index.document(key)
        sources = index.sources
    numbers = [] if page is None else page_numbers(document, page)
    target = _target(document, None if sources is None else Path(sources.corpus))
    if only_print:
        sys.stdout.write(f"{target.printed(numbers)}\n")
        return 0
    if len(numbers) > 1:
        _note(f"{len(numbers)} pages are numbered '{page}'; this is the first")
    if target.show(numbers):
        return 0
    sys.stdout.write(f"{target.printed(numbers)}\n")
    sys.stdout.flush()
    sys.stderr.write("error: there is no display, or no program, to open it with\n")
    return ERROR


@dataclass(frozen=True, slots=True)
class _Target:
    """What is to be opened: a place on this machine, or else an address."""

    place: Place | None
    url: str

    def printed(self, numbers: list[int]) -> str:
        """Return its path or address; at the first of the pages *numbers*, if it has pages."""
        if self.place is None:
            return self.url
        if self.place.is_pdf_file and numbers:
            return url_of_page(self.place.path, numbers[0])
        return str(self.place.path)

    def show(self, numbers: list[int]) -> bool:
        """Open it, at the first of the pages *numbers* if that can be."""
        if self.place is None:
            return show_web_page(self.url)
        path = self.place.path
        if self.place.inner:
            path = extracted(self.place)
            _note(f"{self.place.path} is in an archive; opened as {path}")
        is_pdf = path.suffix.lower() == ".pdf"
        if numbers and is_pdf and show_pdf_page(path, numbers[0]):
            return True
        shown = show_file(path)
        if shown and numbers:
            _note(f"opened at its beginning; that page is number {numbers[0]} of the file")
        return shown


def _target(document: Document, corpus: Path | None) -> _Target:
    path, url = document.fields.get("path"), _web_address(document.fields.get("url"))
    place = None if path is None or corpus is None else place_of(corpus, path)
    if place is not None and not (place.holds_data and url):
        return _Target(place, "")
    if url:
        return _Target(None, url)
    if path is None:
        raise UsageError(f"'{document.id}' came from no file, and has no address")
    where = "the index does not tell where its corpus is"
    if corpus is not None:
        where = f"there is no such file in '{corpus}' any more"
    raise UsageError(
        f"'{document.id}' is '{path}', but {where}; bring it up to date with `searchkit reindex`"
    )


def _web_address(url: str | None) -> str:
    """Return a url if a browser may be sent there, else ""."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    usable = parts.scheme in ("http", "https") and parts.netloc and url and url.isprintable()
    return url if usable and url else ""


def _note(text: str) -> None:
    sys.stderr.write(f"note: {one_line(text)}\n")
