"""Passages in compressed blocks."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import array_file

from searchkit.errors import CorruptIndexError
from searchkit.index import textstore
from searchkit.index.format import ArrayFileWriter
from searchkit.index.textstore import BLOCK_BYTES, BlockWriter, TextStore

passages_of = st.lists(
    st.builds(
        lambda letter, size: letter * size,
        st.sampled_from(["a", "å", "漢", "\n"]),
        st.sampled_from([0, 0, 1, 7, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1]),
    ),
    max_size=12,
)


@contextmanager
def store(passages: Sequence[bytes], *, writers: int = 1) -> Iterator[TextStore]:
    """Write passages, by one or several block writers, and open them."""
    blocks = b""
    sizes, firsts, begins = [], [], []
    for own in np.array_split(np.arange(len(passages)), writers):
        writer = BlockWriter()
        for number in own.tolist():
            writer.add_passage(passages[number])
        stored = writer.finish()
        blocks += stored.blocks
        sizes.append(stored.block_sizes)
        firsts.append(stored.block_passages)
        begins.append(stored.passage_bytes)

    def write(file: ArrayFileWriter) -> None:
        file.add("text.blocks", np.frombuffer(blocks, np.uint8))
        file.add("text.passage_bytes", np.concatenate(begins))
        for name, parts in (("block_offsets", sizes), ("block_passages", firsts)):
            dtype = np.uint64 if name == "block_offsets" else np.uint32
            ends = np.cumsum(np.concatenate([[0], *parts]).astype(dtype), dtype=dtype)
            file.add(f"text.{name}", ends)

    with array_file(write) as file:
        yield TextStore(file)


@given(passages_of, st.integers(1, 3))
def test_passages_come_back(texts: list[str], writers: int) -> None:
    """Any stretch of passages comes back as it was, across blocks, empty and huge ones."""
    raw = [text.encode() for text in texts]
    with store(raw, writers=writers) as read:
        for first in range(len(raw) + 1):
            assert read.passages(first, len(raw)) == raw[first:]
            assert read.passages(0, first) == raw[:first]


@given(passages_of, st.randoms())
def test_single_passages_come_back(texts: list[str], random: object) -> None:
    """Single passages come back in the order asked for, some of them twice."""
    wanted = [*range(len(texts)), *range(0, len(texts), 2)]
    random.shuffle(wanted)  # type: ignore[attr-defined]
    with store([text.encode() for text in texts]) as read:
        assert read.read(wanted) == [texts[number] for number in wanted]


def test_a_passage_larger_than_many_blocks() -> None:
    """A huge passage is one block of its own and comes back whole."""
    huge = bytes(range(256)) * 4000
    with store([b"before", huge, b"after"]) as read:
        assert read.passages(0, 3) == [b"before", huge, b"after"]


def test_a_document_is_cut_where_its_passages_begin() -> None:
    """A text goes in cut at its passages and comes back as them; surrogates become "?"."""
    writer = BlockWriter()
    writer.add("Åtgärder\ud800 och mål", [0, 10])

    assert writer.finish().text_bytes == len("Åtgärder? och mål".encode())
    assert writer.finish().block_passages.tolist() == [2]


def test_a_block_that_claims_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that would unpack to more than any document is refused before it is."""
    monkeypatch.setattr(textstore, "LONGEST_BLOCK_BYTES", 1000)
    with store([b"x" * 1001]) as read, pytest.raises(CorruptIndexError, match="too long"):
        read.passages(0, 1)


def test_threads_can_read_at_once() -> None:
    """Several threads may unpack blocks of the same store at the same time."""
    raw = [bytes([65 + n]) * 300_000 for n in range(8)]
    wrong: list[int] = []
    with store(raw) as read:

        def work(number: int) -> None:
            for _ in range(40):
                if read.passages(number, number + 1) != [raw[number]]:
                    wrong.append(number)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert wrong == []
