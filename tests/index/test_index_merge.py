"""Merged segments are those built at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import TINY, build, documents, folder, some_documents, stored

from searchkit.analysis.parts import analyze_words
from searchkit.index import LiveSegment, Segment
from searchkit.index.builder import SegmentBuilder
from searchkit.index.known import KnownWords
from searchkit.index.merge import MOST_SEGMENTS, choose_merge, forward_batch
from searchkit.index.tombstones import (
    Tombstones,
    lost_postings,
    read_tombstones,
    write_tombstones,
)
from searchkit.model import Document


def bury(segment: Segment, gone: set[int]) -> LiveSegment:
    """Return a segment with some of its documents deleted."""
    ids = np.array(sorted(gone), np.uint32)
    return LiveSegment(segment, lost_postings(segment, ids), 0)


def merged(path: Path, parts: list[LiveSegment]) -> Segment:
    """Merge segments into one."""
    builder = SegmentBuilder(path)
    for live in parts:
        builder.add(forward_batch(live))
    builder.finish(KnownWords([], partial(analyze_words, TINY)))
    return Segment(path)


def assert_same(one: Segment, other: Segment) -> None:
    """Check that two segments hold the same, array by array, but for where text blocks end."""
    # A column that only deleted documents had a value in stays, and is empty.
    some = {f"column.{name}" for name in set(one.columns) ^ set(other.columns)}
    for name in sorted(set(one.file.names()) | set(other.file.names())):
        if not name.startswith("text.") and name.rsplit(".", 1)[0] not in some:
            assert np.array_equal(one.file.array(name), other.file.array(name)), name
    for doc_id in range(one.document_count):
        assert one.document(doc_id) == other.document(doc_id)
    assert one.file.facts == other.file.facts


@given(
    st.lists(st.lists(documents(), min_size=1, max_size=4), min_size=1, max_size=3),
    st.sets(st.integers(0, 11)),
)
def test_merging_is_building_at_once(parts: list[list[Document]], dead: set[int]) -> None:
    """Segments merged, some documents deleted, are the segment of the documents left."""
    left, numbered, live = [], 0, []
    with folder() as home:
        for number, drawn in enumerate(parts):
            gone = {n for n in range(len(drawn)) if numbered + n in dead}
            numbered += len(drawn)
            left += [document for n, document in enumerate(drawn) if n not in gone]
            live.append(bury(build(home / f"part-{number}", drawn), gone))
        if left:
            assert_same(merged(home / "merged", live), build(home / "once", left))


def test_a_segment_merged_alone_is_itself(tmp_path: Path) -> None:
    """A segment that goes through the builder again comes out the same, byte by byte."""
    segment = build(tmp_path / "s", some_documents(50, pieces=300))
    again = merged(tmp_path / "t", [LiveSegment(segment, None, 0)])

    assert again.path.read_bytes() == segment.path.read_bytes()


DICTIONARY = b"Den cirkul\xc3\xa4ra ekonomins m\xc3\xa5l " * 20


@pytest.mark.parametrize("dead", [set(), {3, 7}], ids=["whole", "with deletions"])
def test_texts_are_packed_with_the_merged_segment_s_dictionary(
    tmp_path: Path, dead: set[int]
) -> None:
    """Texts come back from a merge though their segment was packed with another dictionary."""
    drawn = some_documents(20, pieces=300)
    live = bury(build(tmp_path / "s", drawn), dead)
    live = live if dead else LiveSegment(live.segment, None, 0)
    builder = SegmentBuilder(tmp_path / "t", DICTIONARY)
    builder.add(forward_batch(live, DICTIONARY))
    builder.finish(KnownWords([], partial(analyze_words, TINY)))
    segment = Segment(tmp_path / "t")
    left = [stored(d).text for n, d in enumerate(drawn) if n not in dead]

    assert segment.text.dictionary == DICTIONARY
    assert [segment.document(n).text for n in range(segment.document_count)] == left


def test_a_batch_packed_otherwise_is_refused(tmp_path: Path) -> None:
    """A segment has one dictionary: a batch with another cannot be taken."""
    live = LiveSegment(build(tmp_path / "s", some_documents(3)), None, 0)
    builder = SegmentBuilder(tmp_path / "t", DICTIONARY)

    with pytest.raises(ValueError, match="another dictionary"):
        builder.add(forward_batch(live))
    builder.abandon()


@given(st.lists(documents(), min_size=1, max_size=6), st.sets(st.integers(0, 5)))
def test_tombstones_count_what_is_lost(drawn: list[Document], dead: set[int]) -> None:
    """Document frequencies under tombstones are those of an index without the documents."""
    gone = {n for n in dead if n < len(drawn)}
    left = [document for n, document in enumerate(drawn) if n not in gone]
    with folder() as home:
        live = bury(build(home / "s", drawn), gone)
        found = {
            term: live.document_frequency(n)
            for n, term in enumerate(live.segment.terms)
            if live.document_frequency(n)
        }
        expected: dict[str, int] = {}
        if left:
            once = build(home / "once", left)
            expected = {term: once.postings.size(n) for n, term in enumerate(once.terms)}

        assert found == expected
        assert live.live_count == len(left)


def test_tombstone_files_come_back(tmp_path: Path) -> None:
    """A tombstone file is read back as it was written."""
    segment = build(tmp_path / "s", some_documents(9))
    stones = lost_postings(segment, np.array([1, 4, 8], np.uint32))
    write_tombstones(tmp_path / "t", stones)
    read = read_tombstones(tmp_path / "t", segment)

    for name in Tombstones.__slots__:
        assert getattr(read, name).tolist() == getattr(stones, name).tolist()
    assert read.counts.min() >= 1


@pytest.mark.parametrize(
    ("live", "deleted", "chosen"),
    [
        ([], [], []),
        ([1000], [0.0], []),
        ([1000, 5, 6], [0.0, 0.5, 0.0], [1]),
        ([1000, 5], [0.25, 0.0], []),
        ([0, 5], [1.0, 0.0], [0]),
        ([10] * MOST_SEGMENTS, [0.0] * MOST_SEGMENTS, []),
        ([*range(9, 0, -1)], [0.0] * 9, [4, 5, 6, 7, 8]),
        ([9, 1, 9, 1, 9, 1, 9, 1, 1], [0.0] * 9, [1, 3, 5, 7, 8]),
        # Two that are rewritten anyway become one: no need to merge others.
        ([10] * 9, [0.5, 0.5] + [0.0] * 7, [0, 1]),
    ],
)
def test_which_segments_are_merged(
    live: list[int], deleted: list[float], chosen: list[int]
) -> None:
    """Half-empty segments are rewritten; when there are too many, the smaller ones are merged."""
    assert choose_merge(live, deleted) == chosen


@given(st.lists(st.integers(1, 1000), max_size=40))
def test_a_merge_leaves_few_segments(live: list[int]) -> None:
    """After the chosen merge there are at most as many segments as a query should pay for."""
    chosen = choose_merge(live, [0.0] * len(live))

    assert len(live) - max(0, len(chosen) - 1) <= MOST_SEGMENTS
