"""
How large is the index, and what is in it?
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from searchkit.index import LiveSegment, Snapshot
from searchkit.index.format import FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class IndexStats:
    """Counts of one generation. Bytes are of UTF-8 text and of files."""

    path: str
    generation: int
    created: str
    documents: int
    deleted: int
    segments: int
    tokens: int
    words: int
    """Distinct words, summed over segments."""
    terms: int
    passages: int
    text_bytes: int
    index_bytes: int
    types: dict[str, int]
    """Live documents of each type, most frequent first."""
    first_date: str | None
    last_date: str | None
    analyzer: str
    format_version: int


def index_stats(snapshot: Snapshot) -> IndexStats:
    """Count what *snapshot* holds."""
    types: Counter[str] = Counter()
    dates: list[str] = []
    for live in snapshot.segments:
        types.update(_live_values(live, "type"))
        found = _live_values(live, "date")
        dates += [min(found), max(found)] if found else []
    segments = [live.segment for live in snapshot.segments]
    return IndexStats(
        path=str(snapshot.directory),
        generation=snapshot.manifest.generation,
        created=snapshot.manifest.created,
        documents=snapshot.document_count,
        deleted=sum(s.document_count for s in segments) - snapshot.document_count,
        segments=len(segments),
        tokens=sum(segment.tokens for segment in segments),
        words=sum(len(segment.words) for segment in segments),
        terms=sum(len(segment.terms) for segment in segments),
        passages=sum(len(segment.passage_starts) for segment in segments),
        text_bytes=sum(int(segment.fact("text_bytes")) for segment in segments),
        index_bytes=sum(
            (snapshot.directory / name).stat().st_size for name in snapshot.manifest.files()
        ),
        types=dict(types.most_common()),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        analyzer=snapshot.manifest.analyzer,
        format_version=FORMAT_VERSION,
    )


def _live_values(live: LiveSegment, name: str) -> list[str]:
    """Return a column's values of all live documents that have one."""
    column = live.segment.columns.get(name)
    if column is None:
        return []
    codes = column.codes if live.alive is None else column.codes[live.alive]
    counts = np.bincount(codes, minlength=len(column.values) + 1)[1:].tolist()
    values = column.values.range(0, len(column.values))
    return [value for value, times in zip(values, counts, strict=True) for _ in range(times)]
