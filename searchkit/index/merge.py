"""
When do small segments become one, and how?

A segment turns back into a forward batch (its line recovered, its deleted
documents left out) and goes through the same builder as new documents do; so a
merged segment equals one built at once from the documents that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from searchkit.index.builder import SegmentBuilder
from searchkit.index.forward import ForwardBatch, Outline
from searchkit.index.known import KnownWords
from searchkit.index.lexicon import Analyze
from searchkit.index.segment import OutlineTable, Segment
from searchkit.index.snapshot import LiveSegment
from searchkit.index.stock import word_hashes
from searchkit.index.textstore import BlockWriter, StoredText, pack_blocks

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


def merge_segments(segments: Sequence[LiveSegment], path: Path, analyze: Analyze) -> bool:
    """
    Write one segment of the live documents of several; False, and no file, if there are none.

    Args:
        analyze: for words that, against the rule, none of them knows.
    """
    if not any(live.live_count for live in segments):
        return False
    dictionary = common_dictionary(segments)
    builder = SegmentBuilder(path, dictionary)
    try:
        for live in segments:
            if live.live_count:
                builder.add(forward_batch(live, dictionary))
        builder.finish(KnownWords((live.segment for live in segments), analyze))
    except BaseException:
        builder.abandon()
        raise
    return True


def common_dictionary(segments: Sequence[LiveSegment]) -> bytes:
    """Return what the texts of the largest of *segments* are packed with."""
    largest = max((live.segment for live in segments), key=_text_bytes, default=None)
    return b"" if largest is None else largest.text.dictionary


def _text_bytes(segment: Segment) -> int:
    return int(segment.fact("text_bytes"))


def forward_batch(live: LiveSegment, dictionary: bytes | None = None) -> ForwardBatch:
    """
    Turn a segment back into what it was built from, without its deleted documents.

    Args:
        dictionary: what its texts are to be packed with; None: what they are.

    Memory: the line (4 bytes a token), and the text still compressed (or, if
    documents were deleted or it had another dictionary, packed anew).
    """
    segment = live.segment
    if dictionary is None:
        dictionary = segment.text.dictionary
    keep = np.ones(segment.document_count, bool) if live.alive is None else live.alive
    doc_tokens = np.diff(segment.doc_starts)
    doc_passages = np.diff(segment.doc_passages)
    line = segment.line()
    first_places = np.repeat(segment.doc_starts[:-1], doc_passages)
    passage_tokens = segment.passage_starts - first_places
    passage_keep = np.repeat(keep, doc_passages)
    extra_places, extra_ids = _extras(segment, np.repeat(keep, doc_tokens))
    text = _text(segment, live.alive, dictionary)
    batch = ForwardBatch(
        source=segment.path.name,
        new_words=list(segment.words),
        new_hashes=word_hashes(segment.words),
        first_word=0,
        line=line if live.alive is None else line[np.repeat(keep, doc_tokens)],
        new_extras=list(segment.extras),
        first_extra=0,
        extra_places=extra_places,
        extra_ids=extra_ids,
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
        dictionary=dictionary,
        block_sizes=text.block_sizes,
        block_passages=text.block_passages,
        passage_bytes=text.passage_bytes,
        text_bytes=text.text_bytes,
    )
    return batch if live.alive is None else _without_unused_words(batch)


def _without_unused_words(batch: ForwardBatch) -> ForwardBatch:
    """Drop the words and extras that only deleted documents used."""
    used = np.unique(batch.line)
    batch.new_words = [batch.new_words[word] for word in used.tolist()]
    batch.new_hashes = batch.new_hashes[used]
    batch.line = np.searchsorted(used, batch.line).astype(np.uint32)
    used = np.unique(batch.extra_ids)
    batch.new_extras = [batch.new_extras[extra] for extra in used.tolist()]
    batch.extra_ids = np.searchsorted(used, batch.extra_ids).astype(np.uint32)
    return batch


def _extras(
    segment: Segment, keep: NDArray[np.bool_]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return place, on the line that is kept, and number of each extra that is kept."""
    kept = keep[segment.extra_places]
    before = np.cumsum(keep, dtype=np.uint32)
    return before[segment.extra_places[kept]] - np.uint32(1), segment.extra_numbers[kept]


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


def _text(segment: Segment, keep: NDArray[np.bool_] | None, dictionary: bytes) -> StoredText:
    file = segment.file
    if keep is None:
        if dictionary == segment.text.dictionary:
            blocks = file.array("text.blocks").tobytes()
            block_sizes = np.diff(file.array("text.block_offsets")).astype(np.uint32)
        else:
            blocks, block_sizes = pack_blocks(segment.text.blocks(), dictionary)
        return StoredText(
            blocks=blocks,
            block_sizes=block_sizes,
            block_passages=np.diff(file.array("text.block_passages")),
            passage_bytes=file.array("text.passage_bytes"),
            text_bytes=int(segment.fact("text_bytes")),
        )
    writer = BlockWriter(dictionary)
    for doc_id in np.flatnonzero(keep).tolist():
        passages = segment.text.passages(*segment.passages_of(doc_id))
        sizes = np.fromiter(map(len, passages), np.int64, len(passages))
        writer.add_passages(b"".join(passages), np.cumsum(sizes) - sizes)
    return writer.finish()
