"""``searchkit show``: print one document."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

import searchkit
from searchkit.cli.machine import print_json
from searchkit.cli.options import index_option, json_option
from searchkit.cli.terminal import one_line, visible
from searchkit.model import Document


@click.command("show")
@click.argument("key", metavar="ID")
@index_option
@json_option
@click.option("--text", "only_text", is_flag=True, help="Print the text alone, unchanged.")
def command(*, key: str, index_path: Path, as_json: bool, only_text: bool) -> int:
    """
    Print the document with the id ID.

    What is known about it, its outline (the offset in code points and the
    heading of each section), then its text.

    \b
    searchkit show H502B34
    searchkit show H502B34 --text | less
    """
    if as_json and only_text:
        raise click.UsageError("--json and --text exclude each other.", click.get_current_context())
    with searchkit.open(index_path) as index:
        document = index.document(key)
    if as_json:
        print_json(_object(document))
        return 0
    text = document.text if document.text.endswith("\n") else f"{document.text}\n"
    if not only_text:
        text = f"{_head(document)}\n{text}"
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)
    return 0


def _object(document: Document) -> dict[str, object]:
    return {
        "id": document.id,
        "title": document.title,
        "type": document.type,
        "date": document.date,
        "fields": dict(document.fields),
        "sections": [dataclasses.asdict(section) for section in document.sections],
        "pages": [dataclasses.asdict(page) for page in document.pages],
        "text": document.text,
    }


def _head(document: Document) -> str:
    known = {"id": document.id, "title": document.title}
    known |= {"type": document.type, "date": document.date, **document.fields}
    lines = [f"{name}: {one_line(value)}" for name, value in known.items() if value]
    if document.pages:
        lines.append(f"pages: {len(document.pages):,}")
    if document.sections:
        lines += ["", "outline:"]
        lines += [f"{part.start:>9}  {one_line(part.label)}" for part in document.sections]
    return "\n".join(lines) + "\n"
