"""What the tests of a reindex ask of an index, and how they write a corpus."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import searchkit

LONG_AGO_S = 1_700_000_000
Put = Callable[..., Path]


def ids_in(index: Path) -> list[str]:
    """Return the ids of the live documents, sorted."""
    with searchkit.open(index) as opened_index:
        segments = opened_index.snapshot.segments
        return sorted(
            str(live.segment.value("id", doc_id))
            for live in segments
            for doc_id in range(live.segment.document_count)
            if live.alive is None or live.alive[doc_id]
        )


def lines(*records: dict[str, object]) -> str:
    """Return records as JSONL."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
