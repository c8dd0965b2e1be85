"""Passages in compressed blocks."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import array_file

from searchkit.errors import CorruptIndexError
from searchkit.index import textstore
from searchkit.index.format import ArrayFileWriter
from searchkit.index.textstore import (
    BLOCK_BYTES,
    LEAST_TRAINING_BYTES,
    MOST_TRAINING_BYTES,
    BlockWriter,
    TextStore,
    train_dictionary,
)

passages_of = st.lists(
    st.builds(
        lambda letter, size: letter * size,
        st.sampled_from(["a", "å", "漢", "\n"]),
        st.sampled_from([0, 0, 1, 7, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1]),
    ),
    max_size=12,
)


@contextmanager
def store(
    passages: Sequence[bytes], *, writers: int = 1, dictionary: bytes = b"", read_with: bytes = b""
) -> Iterator[TextStore]:
    """Write passages, by one or several block writers, and open them."""
    blocks = b""
    sizes, firsts, begins = [], [], []
    for own in np.array_split(np.arange(len(passages)), writers):
        writer = BlockWriter(dictionary)
        # In two halves: blocks go on from one to the next.
        for half in np.array_split(own, 2):
            joined = [passages[number] for number in half.tolist()]
            lengths = np.array([len(passage) for passage in joined], np.int64)
            writer.add_passages(b"".join(joined), np.cumsum(lengths) - lengths)
        stored = writer.finish()
        blocks += stored.blocks
        sizes.append(stored.block_sizes)
        firsts.append(stored.block_passages)
        begins.append(stored.passage_bytes)

    def write(file: ArrayFileWriter) -> None:
        file.add("text.blocks", np.frombuffer(blocks, np.uint8))
        file.add("text.passage_bytes", np.concatenate(begins).astype(np.uint16))
        file.add("text.dictionary", np.frombuffer(read_with or dictionary, np.uint8))
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


texts_of = st.lists(
    st.lists(st.text("aå漢😀\n", max_size=8), min_size=1, max_size=4), min_size=1, max_size=6
)


@given(texts_of, st.integers(1, 12))
def test_documents_are_cut_where_their_passages_begin(
    documents: list[list[str]], block_bytes: int
) -> None:
    """Texts go in cut at the code points of their passages, and come back as those."""
    lengths = [np.array([len(p) for p in passages], np.int64) for passages in documents]
    chars = np.concatenate([np.cumsum(own) - own for own in lengths])
    counts = np.array([len(own) for own in lengths])
    expected = [p.encode() for passages in documents for p in passages]
    with patch.object(textstore, "BLOCK_BYTES", block_bytes):
        writer = BlockWriter()
        texts = ["".join(passages).encode() for passages in documents]
        writer.add_texts(texts, chars, counts)
        stored = writer.finish()

    begins, blocks = iter(stored.passage_bytes.tolist()), iter(stored.block_passages.tolist())
    sizes = []
    for _ in range(len(stored.block_sizes)):
        own = [expected.pop(0) for _ in range(next(blocks))]
        assert [next(begins) for _ in own] == [len(b"".join(own[:n])) for n in range(len(own))]
        sizes.append(len(b"".join(own)))
    assert expected == []
    assert all(size >= block_bytes for size in sizes[:-1])
    assert stored.text_bytes == sum(sizes)


def test_a_writer_begins_anew(dictionary: bytes) -> None:
    """What was taken before, packed or not, leaves no trace in the next batch."""
    begins = np.array([0, 5_000], np.int64)
    texts = [letter * 10_000 for letter in (b"a", b"b")]
    kept = BlockWriter(dictionary)
    for text in texts:
        kept.add_passages(text, begins)
    kept.begin()
    kept.add_passages(texts[1], begins)
    again, fresh = kept.finish(), BlockWriter(dictionary)
    fresh.add_passages(texts[1], begins)
    once = fresh.finish()

    assert again.blocks == once.blocks
    assert again.text_bytes == once.text_bytes == 10_000
    assert again.passage_bytes.tolist() == once.passage_bytes.tolist()


def test_a_block_that_claims_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that would unpack to more than any document is refused before it is."""
    monkeypatch.setattr(textstore, "LONGEST_BLOCK_BYTES", 1000)
    with store([b"x" * 1001]) as read, pytest.raises(CorruptIndexError, match="too long"):
        read.passages(0, 1)


def sentences(seed: int, size: int) -> bytes:
    """Return text of about *size* bytes that says much the same again and again."""
    rng = random.Random(seed)
    phrases = ["Regeringen föreslår att ", "riksdagen tillkännager för regeringen ",
               "vad som anförs i motionen om ", "åtgärder mot klimatförändringar",
               "en hållbar utveckling", "kommunernas ansvar", ". "]  # fmt: skip
    letters = random.Random(1)
    words = ["".join(letters.choices("adegiklmnorstå", k=1 + n % 9)) for n in range(900)]
    pieces: list[str] = []
    while len(pieces) * 12 < size:
        pieces += [rng.choice(phrases), *rng.choices(words, k=3), " "]
    return "".join(pieces).encode()


@pytest.fixture(scope="module")
def dictionary() -> bytes:
    """A dictionary of such text."""
    return train_dictionary([sentences(0, LEAST_TRAINING_BYTES)] * 2)


def test_a_dictionary_makes_texts_smaller(dictionary: bytes) -> None:
    """Passages packed with a dictionary of texts like theirs take less, and come back."""
    raw = [sentences(n, 900) for n in range(200)]
    with store(raw) as plain, store(raw, dictionary=dictionary) as packed:
        assert packed.passages(0, 200) == raw
        assert list(packed.blocks()) == list(plain.blocks())
        assert packed.dictionary == dictionary
        assert packed._offsets[-1] < 0.8 * plain._offsets[-1]


def test_the_same_texts_give_the_same_dictionary(dictionary: bytes) -> None:
    """Training is repeatable, so the same corpus gives the same index."""
    again = train_dictionary([sentences(0, LEAST_TRAINING_BYTES)] * 2)
    assert dictionary
    assert again == dictionary


def test_training_ends_where_more_text_does_not_help() -> None:
    """No more texts are taken than the trainer looks at."""
    taken = []

    def texts() -> Iterator[bytes]:
        for number in range(100):
            taken.append(number)
            yield sentences(number, MOST_TRAINING_BYTES // 4)

    train_dictionary(texts())
    assert len(taken) < 8


@pytest.mark.parametrize(
    "texts",
    [[], [b""], [b"text"], [sentences(0, LEAST_TRAINING_BYTES // 2)], [b""] * 2_000_000],
    ids=["none", "empty", "short", "too little", "many empty"],
)
def test_too_little_text_gives_no_dictionary(texts: list[bytes]) -> None:
    """A dictionary that would not earn its room is empty, which means none."""
    assert train_dictionary(texts) == b""


def test_texts_of_one_character_do_no_harm() -> None:
    """Text that a trainer can make nothing of is packed all the same."""
    raw = b"x" * (2 * LEAST_TRAINING_BYTES)
    with store([raw], dictionary=train_dictionary([raw])) as read:
        assert read.passages(0, 1) == [raw]


@pytest.mark.parametrize("at", [0, 5, 9, 200, 40_000, -20])
def test_a_damaged_dictionary_is_an_error(dictionary: bytes, at: int) -> None:
    """With a dictionary that is not the one they were packed with, texts are not shown wrong."""
    damaged = bytearray(dictionary)
    damaged[at] ^= 255
    raw = [sentences(n, 900) for n in range(200)]
    with store(raw, dictionary=dictionary, read_with=bytes(damaged)) as read:
        for number, passage in enumerate(raw):
            with suppress(CorruptIndexError):
                assert read.read([number]) == [passage.decode()]


@pytest.mark.parametrize("trained", [False, True])
def test_threads_can_read_at_once(dictionary: bytes, trained: bool) -> None:
    """Several threads may unpack blocks of the same store at the same time."""
    raw = [bytes([65 + n]) * 300_000 for n in range(8)]
    wrong: list[int] = []
    with store(raw, dictionary=dictionary if trained else b"") as read:

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
