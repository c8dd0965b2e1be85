"""Encoders that begin with the words of an index: the segment is as if they had not."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import TINY, build, commit, documents, folder, some_documents

from searchkit.analysis.parts import analyze_words
from searchkit.index.builder import SegmentBuilder
from searchkit.index.forward import BatchEncoder
from searchkit.index.known import KnownWords
from searchkit.index.segment import Segment
from searchkit.index.stock import NO_STOCK, Stock
from searchkit.index.writer import IndexWriter
from searchkit.model import Document

EXTRAS = (
    Document("r1", "Se prop. 2015/16:100, 3 kap. 5 § miljöbalken och 1 000 000 kronor."),
    Document("r2", "Se SOU 2020:1 och miljö-, klimat- och energipolitiken."),
)


def rebuild(path: Path, drawn: list[Document], before: list[Segment], *, sources: int) -> Segment:
    """Write *drawn* with the words of *before*; every third encoder begins without them."""
    stock = Stock.of(before)
    begins = [NO_STOCK if n % 3 == 2 else stock for n in range(sources)]
    encoders = [BatchEncoder(f"s{n}", stock=own) for n, own in enumerate(begins)]
    builder = SegmentBuilder(path, stock=stock)
    for number, document in enumerate(drawn):
        builder.add(encoders[number % sources].encode([document]))
    analyze = partial(analyze_words, TINY)
    builder.finish(KnownWords(before, analyze, stock=stock))
    return Segment(path)


def assert_same(one: Segment, other: Segment) -> None:
    """Compare all arrays but those of the text, whose blocks end where batches do."""
    for name in one.file.names():
        if not name.startswith("text."):
            assert np.array_equal(one.file.array(name), other.file.array(name)), name


@given(
    st.lists(documents(), max_size=8),
    st.lists(documents(), min_size=1, max_size=8),
    st.integers(1, 4),
)
def test_what_an_index_knows_leaves_no_trace(
    before: list[Document], after: list[Document], sources: int
) -> None:
    """Words that are gone are gone, new ones have their place, common ones are one."""
    with folder() as own:
        built = build(own / "before", before)
        rebuilt = rebuild(own / "rebuilt", after, [built], sources=sources)

        assert_same(rebuilt, build(own / "anew", after))


def test_words_and_extras_of_several_segments(tmp_path: Path) -> None:
    """The largest segment gives the stock; what others know is not analysed again."""
    first = build(tmp_path / "1", [*some_documents(30), EXTRAS[0]])
    second = build(tmp_path / "2", [*some_documents(50)[30:], EXTRAS[1]])
    drawn = [*some_documents(50)[10:], *EXTRAS]

    assert_same(
        rebuild(tmp_path / "r", drawn, [second, first], sources=3), build(tmp_path / "a", drawn)
    )


@contextmanager
def rebuilding(index: Path) -> Iterator[IndexWriter]:
    """Open an index to be rebuilt."""
    with IndexWriter(index, model=TINY, full=True) as writer:
        yield writer


def test_a_writer_gives_the_stock_only_where_it_rebuilds(tmp_path: Path) -> None:
    """An index that goes on, or none, has no words for encoders to begin with."""
    commit(tmp_path, EXTRAS)

    with rebuilding(tmp_path) as writer:
        found = writer.stock()
        assert sorted(found.words) == found.in_order
        assert "miljöbalken" in found.words
        assert "ref|sou 2020:1" in found.extras
    with IndexWriter(tmp_path, model=TINY) as writer:
        assert writer.stock() is NO_STOCK
    with rebuilding(tmp_path / "none") as writer:
        assert writer.stock() is NO_STOCK


def test_a_stock_can_be_sent_to_a_process(tmp_path: Path) -> None:
    """Where processes cannot be forked, what they are given is pickled."""
    stock = Stock.of([build(tmp_path / "s", EXTRAS)])

    sent = pickle.loads(pickle.dumps(stock))

    assert sent.words == stock.words
    assert sent.hashes.tolist() == stock.hashes.tolist()


def test_common_words_come_first(tmp_path: Path) -> None:
    """Numbers are given by how often a term occurs."""
    segment = build(tmp_path / "s", [Document("a", "zeta zeta zeta alfa alfa beta")])

    assert Stock.of([segment]).words == ["zeta", "alfa", "beta"]


def test_a_batch_of_another_stock_is_refused(tmp_path: Path) -> None:
    """Ids would stand for other words."""
    segment = build(tmp_path / "s", EXTRAS)
    batch = BatchEncoder("a", stock=Stock.of([segment])).encode(EXTRAS)

    builder = SegmentBuilder(tmp_path / "t")
    with pytest.raises(ValueError, match="another stock"):
        builder.add(batch)
    builder.abandon()
