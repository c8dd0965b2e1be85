"""``searchkit show``: print one document, or a page or section of it."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

import searchkit
from searchkit.cli.machine import print_json
from searchkit.cli.options import index_option, json_option
from searchkit.cli.parts import PROVENANCE, Part, page_at, pages, provenance_of, sections
from searchkit.cli.terminal import one_line, visible
from searchkit.model import Document

if TYPE_CHECKING:
    from searchkit import Index


@click.command("show")
@click.argument("key", metavar="ID")
@index_option
@json_option
@click.option("--text", "only_text", is_flag=True, help="Print the text alone, unchanged.")
@click.option("--page", metavar="LABEL", help="Print the text of the page with this number.")
@click.option(
    "--section", metavar="TEXT", help="Print the text below this heading, or this number."
)
def command(
    *,
    key: str,
    index_path: Path,
    as_json: bool,
    only_text: bool,
    page: str | None,
    section: str | None,
) -> int:
    """
    Print the document with the id ID.

    What is known about it, each with where it was found, its outline (the
    offset in code points, the page, the heading of each section), then its
    text.

    \b
    searchkit show H502B34
    searchkit show H502B34 --text | less
    searchkit show H803100 --page 42
    searchkit show H803100 --section 5.2
    """
    if (as_json and only_text) or (page is not None and section is not None):
        pair = "--json and --text" if as_json and only_text else "--page and --section"
        raise click.UsageError(f"{pair} exclude each other.", click.get_current_context())
    with searchkit.open(index_path) as index:
        document = index.document(key)
        in_part = only_text or page is not None or section is not None
        also_in = [] if in_part else _also_in(index, document)
    if page is not None:
        _print_parts(document, pages(document, page), as_json=as_json)
    elif section is not None:
        _print_parts(document, sections(document, section), as_json=as_json)
    elif as_json:
        print_json(_object(document, also_in))
    else:
        _print(document.text if only_text else f"{_head(document, also_in)}\n{document.text}")
    return 0


def _also_in(index: Index, document: Document) -> list[str]:
    """Return the other paths of files that hold the same bytes as the document's."""
    path, sources = document.fields.get("path"), index.sources
    if path is None or sources is None:
        return []
    return sorted(other for other, kept in sources.duplicates.items() if kept == path)


def _print(text: str) -> None:
    text = text if text.endswith("\n") else f"{text}\n"
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)


def _print_parts(document: Document, parts: Sequence[Part], *, as_json: bool) -> None:
    texts = [document.text[part.start : part.end] for part in parts]
    if as_json:
        pairs = zip(parts, texts, strict=True)
        found = [dataclasses.asdict(part) | {"text": text} for part, text in pairs]
        print_json({"id": document.id, "parts": found})
        return
    if len(parts) > 1:
        label = one_line(parts[0].label)
        sys.stderr.write(f"note: {len(parts)} stretches answer to that; the first is '{label}'\n")
    _print("\n\n".join(text.strip("\n") for text in texts))


def _object(document: Document, also_in: list[str]) -> dict[str, object]:
    fields = {name: value for name, value in document.fields.items() if name != PROVENANCE}
    return {
        "id": document.id,
        "title": document.title,
        "type": document.type,
        "date": document.date,
        "fields": fields,
        "provenance": provenance_of(document),
        "also_in": also_in,
        "sections": [dataclasses.asdict(section) for section in document.sections],
        "pages": [dataclasses.asdict(page) for page in document.pages],
        "text": document.text,
    }


def _head(document: Document, also_in: Sequence[str]) -> str:
    known = {"id": document.id, "title": document.title}
    known |= {"type": document.type, "date": document.date, **document.fields}
    sources = provenance_of(document)
    lines = []
    for name, value in known.items():
        if value and name != PROVENANCE:
            source = f" ({one_line(sources[name])})" if name in sources else ""
            lines.append(f"{name}: {one_line(value)}{source}")
    lines += [f"also in: {one_line(path)}" for path in also_in]
    if document.pages:
        first, last = (one_line(document.pages[at].label) for at in (0, -1))
        lines.append(f"pages: {len(document.pages):,} ({first} to {last})")
    if document.sections:
        lines += ["", "outline:", *_outline(document)]
    return "\n".join(lines) + "\n"


def _outline(document: Document) -> list[str]:
    width = max((len(one_line(page.label)) for page in document.pages), default=0)
    lines = []
    for section in document.sections:
        page = f"p. {one_line(page_at(document, section.start)):<{width}}  " if width else ""
        lines.append(f"{section.start:>9}  {page}{one_line(section.label)}")
    return lines
