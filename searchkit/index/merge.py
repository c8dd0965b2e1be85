"""
When do small segments become one, and how?

A segment turns back into a forward batch (its line recovered, its deleted
documents left out) and goes through the same builder as new documents do; so a
merged segment equals one built at once from the documents that are left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searchkit.index.forward import ForwardBatch, Outline
from searchkit.index.segment import OutlineTable, Segment
from searchkit.index.snapshot import LiveSegment
from searchkit.index.textstore import BlockWriter, StoredText

# A query pays for every segment, a commit for every merge: eight small ones are a good truce.
MOST_SEGMENTS = 8
#: A segment with more than this share of deleted documents is rewritten.
MOST_DELETED = 0.25


def choose_merge(live_counts: Sequence[int], deleted_shares: Sequence[float]) -> list[int]:
    """
    Return which segments (by number) to merge into one; [] for none.

    Segments with many deleted documents are rewritten; when there are too
    many segments, the smaller half is merged.

    Example:
        >>> choose_merge([1000, 5, 6], [0.0, 0.5, 0.0])
        [1]
    """
    chosen = {n for n, share in enumerate(deleted_shares) if share > MOST_DELETED}
    if len(live_counts) - max(0, len(chosen) - 1) > MOST_SEGMENTS:
        by_size = sorted(range(len(live_counts)), key=lambda n: live_counts[n])
        chosen |= set(by_size[: len(live_counts) - MOST_SEGMENTS // 2])
    return sorted(chosen)


def forward_batch(live: LiveSegment) -> ForwardBatch:
    """
    Turn a segment back into what it was built from, without its deleted documents.

    Memory: the line (4 bytes a token), and the text still compressed (or,
    if documents were deleted, packed anew).
    """
    segment = live.segment
    keep = np.ones(segment.document_count, bool) if live.alive is None else live.alive
    doc_tokens = np.diff(segment.doc_starts)
    doc_passages = np.diff(segment.doc_passages)
    line = segment.line()
    first_places = np.repeat(segment.doc_starts[:-1], doc_passages)
    passage_tokens = segment.passage_starts - first_places
    passage_keep = np.repeat(keep, doc_passages)
    text = _text(segment, keep, all_kept=live.alive is None)
    batch = ForwardBatch(
        source=segment.path.name,
        new_words=list(segment.words),
        line=line if live.alive is None else line[np.repeat(keep, doc_tokens)],
        doc_tokens=doc_tokens[keep],
        title_tokens=(segment.body_starts - segment.doc_starts[:-1])[keep],
        doc_passages=doc_passages[keep],
        passage_tokens=passage_tokens[passage_keep],
        passage_chars=segment.passage_chars[passage_keep],
        sections=_outline(segment.sections, segment, keep),
        pages=_outline(segment.pages, segment, keep),
        columns={
            name: [v for v, kept in zip(c.all_values(), keep.tolist(), strict=True) if kept]
            for name, c in segment.columns.items()
        },
        dates=segment.dates[keep],
        digests=segment.digests()[keep],
        blocks=text.blocks,
        block_sizes=text.block_sizes,
        block_passages=text.block_passages,
        passage_bytes=text.passage_bytes,
        text_bytes=text.text_bytes,
    )
    return batch if live.alive is None else _without_unused_words(batch)


def _without_unused_words(batch: ForwardBatch) -> ForwardBatch:
    """Drop the words that only deleted documents used."""
    used = np.unique(batch.line)
    batch.new_words = [batch.new_words[word] for word in used.tolist()]
    batch.line = np.searchsorted(used, batch.line).astype(np.uint32)
    return batch


def _outline(table: OutlineTable, segment: Segment, keep: NDArray[np.bool_]) -> Outline:
    counts = np.diff(table.offsets)
    kept = np.repeat(keep, counts)
    first_places = np.repeat(segment.doc_starts[:-1], counts)
    labels = table.labels.range(0, len(table.labels))
    return Outline(
        counts=counts[keep],
        chars=table.chars[kept],
        tokens=(table.starts - first_places)[kept],
        labels=[label for label, wanted in zip(labels, kept.tolist(), strict=True) if wanted],
    )


def _text(segment: Segment, keep: NDArray[np.bool_], *, all_kept: bool) -> StoredText:
    file = segment.file
    if all_kept:
        return StoredText(
            blocks=file.array("text.blocks").tobytes(),
            block_sizes=np.diff(file.array("text.block_offsets")).astype(np.uint32),
            block_passages=np.diff(file.array("text.block_passages")),
            passage_bytes=file.array("text.passage_bytes"),
            text_bytes=int(segment.fact("text_bytes")),
        )
    writer = BlockWriter()
    for doc_id in np.flatnonzero(keep).tolist():
        for passage in segment.text.passages(*segment.passages_of(doc_id)):
            writer.add_passage(passage)
    return writer.finish()
