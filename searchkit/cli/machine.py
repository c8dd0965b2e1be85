"""
What a program reads: JSON and CSV with stable keys, in UTF-8.

Offsets are code points. Absent values are null (in CSV: empty), never missing
keys. Texts are written as they are; JSON escapes what could move a terminal
or split a line, which reads back as the same text.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from searchkit.cli.terminal import visible

if TYPE_CHECKING:
    from searchkit import Hit, Results
    from searchkit.model import Passage

CSV_HEADER = (
    "rank", "id", "score", "title", "type", "date", "path", "url",
    "passage", "start", "end", "page", "section",
)  # fmt: skip

# Delete and C1, what str.splitlines takes for a line's end, bidirectional
# controls, lone surrogates.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def to_json(value: object) -> str:
    """Return *value* as one line of JSON; paths and errors become texts, arrays lists."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _plain(value: Any) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "tolist"):  # an array or a scalar of NumPy
        return value.tolist()
    return str(value)


def print_json(value: object) -> None:
    """Write *value* as one line of JSON on stdout."""
    sys.stdout.write(to_json(value) + "\n")


def results_object(results: Results) -> dict[str, object]:
    """Return what ``search --json`` prints."""
    return {
        "query": results.query,
        "total": int(results.total),
        "took_ms": round(float(results.took_ms), 3),
        "relaxed": bool(results.relaxed),
        "hits": [hit_object(hit) for hit in results],
    }


def hit_object(hit: Hit) -> dict[str, object]:
    """Return one hit of ``search --json``, which is one line of ``search --jsonl``."""
    return {
        "rank": int(hit.rank),
        "id": hit.id,
        "score": float(hit.score),
        "title": hit.title,
        "type": hit.type,
        "date": hit.date,
        "path": hit.path,
        "url": hit.url,
        "passages": [_passage_object(passage) for passage in hit.passages],
    }


def _passage_object(passage: Passage) -> dict[str, object]:
    return {
        "text": passage.text,
        "start": int(passage.start),
        "end": int(passage.end),
        "page": passage.page,
        "section": passage.section,
        "marks": [[int(start), int(end)] for start, end in passage.marks],
        "citation": passage.citation,
    }


def print_csv(hits: Iterable[Hit]) -> None:
    """Write a header and one row a hit, with its best passage, on stdout."""
    # A terminal must not be moved; a file gets the text as it is.
    clean = visible if sys.stdout.isatty() else str
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    for hit in hits:
        row: list[object] = [hit.rank, hit.id, float(hit.score), hit.title]
        row += [hit.type, hit.date, hit.path, hit.url]
        for passage in hit.passages[:1]:
            row += [passage.text, passage.start, passage.end, passage.page, passage.section]
        row += [None] * (len(CSV_HEADER) - len(row))
        writer.writerow([clean(cell) if isinstance(cell, str) else cell for cell in row])
