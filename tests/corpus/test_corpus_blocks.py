"""How do the bytes of a file reach a reader?"""

from __future__ import annotations

import bz2
import gzip
import lzma
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.corpus import Chunk, Limits, content_of, plan, size_of
from searchkit.corpus.blocks import Block, Span, first_line_of, line_blocks, line_spans
from searchkit.errors import DocumentFormatError

LINES = b"".join(b'{"id": %d, "text": "rad %d"}\n' % (i, i * i) for i in range(5000))
COMPRESS = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress, "": bytes}


@given(
    lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=30),
    block_bytes=st.integers(1, 60),
)
def test_blocks_are_the_file(lines, block_bytes, tmp_path_factory):
    """Blocks joined are the file, and each begins on the line that it says."""
    content = b"\n".join(lines)
    path = tmp_path_factory.getbasetemp() / "blocks.jsonl"
    path.write_bytes(content)

    got = list(line_blocks(path, block_bytes=block_bytes))

    assert b"".join(block.payload for block in got) == content
    assert all(block.payload.endswith(b"\n") for block in got[:-1])
    for before, block in pairwise(got):
        assert block.first_line == before.first_line + before.payload.count(b"\n")
    assert sum(block.disk_bytes for block in got) == len(content)


@given(
    lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=30),
    block_bytes=st.integers(1, 60),
)
def test_spans_are_the_file(lines, block_bytes, tmp_path_factory):
    """Spans follow each other, each of whole lines and no longer than one line needs."""
    content = b"\n".join(lines)
    path = tmp_path_factory.getbasetemp() / "spans.jsonl"
    path.write_bytes(content)

    got = list(line_spans(path, block_bytes=block_bytes))

    parts = [content[span.offset : span.offset + span.size] for span in got]
    assert b"".join(parts) == content
    for part in parts[:-1]:
        assert part.endswith(b"\n")
        assert len(part) >= block_bytes
        assert b"\n" not in part[block_bytes - 1 : -1]


@given(
    lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=30),
    block_bytes=st.integers(1, 60),
    ask=st.randoms(use_true_random=False),
)
def test_lines_are_counted_when_asked_for(lines, block_bytes, ask, tmp_path_factory):
    """The first line of every span is told, in whatever order one asks."""
    content = b"\n".join(lines)
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    path.write_bytes(content)
    spans = list(line_spans(path, block_bytes=block_bytes))
    ask.shuffle(spans)
    stamp = (len(content), ask.getrandbits(62))

    for span in spans:
        chunk = Chunk("jsonl", path, "", None, 0, span.size, offset=span.offset, stamp=stamp)
        assert first_line_of(chunk) == content[: span.offset].count(b"\n") + 1


def test_a_span_is_read_from_its_file(put, root):
    """A chunk of an uncompressed file carries no bytes; they are taken from the file."""
    put("a.jsonl", LINES)
    [chunk] = plan(root)

    assert (chunk.payload, chunk.offset, chunk.size) == (None, 0, len(LINES))
    assert content_of(chunk) == LINES


def test_a_file_that_became_shorter(put, root):
    """A file that lost its end between planning and reading is an error, not half a chunk."""
    path = put("a.jsonl", LINES)
    [chunk] = plan(root)
    path.write_bytes(LINES[:1000])

    with pytest.raises(DocumentFormatError, match="changed while it was read"):
        content_of(chunk)


def test_blocks_have_the_size_asked_for(put):
    """Every block but the last is about as large as asked for."""
    path = put("a.jsonl", LINES)

    sizes = [len(block.payload) for block in line_blocks(path, block_bytes=1000)]

    assert len(sizes) > 10
    assert max(map(len, LINES.split(b"\n"))) < 50
    assert 950 < min(sizes[:-1]) <= max(sizes) < 1200


@pytest.mark.parametrize("suffix", COMPRESS)
def test_compressed_lines(suffix, put):
    """A compressed file gives the blocks of what it holds."""
    path = put("a.jsonl" + suffix, COMPRESS[suffix](LINES))

    got = list(line_blocks(path, block_bytes=10_000))

    assert b"".join(block.payload for block in got) == LINES


@pytest.mark.parametrize("suffix", COMPRESS)
def test_disk_bytes_add_up(suffix, put, root):
    """The disk bytes of a file's chunks are its size on disk."""
    put("a.jsonl" + suffix, COMPRESS[suffix](LINES))

    assert sum(chunk.disk_bytes for chunk in plan(root)) == size_of(root)


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".bz2"])
def test_truncated_file_keeps_its_whole_lines(suffix, put):
    """What a truncated file still holds in whole lines is read, then one error follows."""
    whole = COMPRESS[suffix](LINES)
    path = put("a.jsonl" + suffix, whole[: len(whole) * 2 // 3])

    *got, error = line_blocks(path, block_bytes=1000)

    content = b"".join(block.payload for block in got)
    assert LINES.startswith(content)
    assert content.endswith(b"\n") or (suffix == ".bz2" and not content)
    assert "truncated" in error.reason


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".bz2"])
def test_file_that_is_not_compressed(suffix, put):
    """Data that has the extension of a compression but no form of any is damaged."""
    path = put("a.jsonl" + suffix, bytes(range(256)) * 9)

    [error] = line_blocks(path)

    assert "damaged" in error.reason


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".bz2"])
def test_file_that_was_unpacked_already(suffix, put, root):
    """Text that is called compressed, as some programs leave it, is read as it is."""
    put("a.jsonl" + suffix, LINES)

    [chunk] = plan(root)

    assert content_of(chunk) == LINES


@pytest.mark.parametrize("named", [".gz", ".xz", ".bz2"])
@pytest.mark.parametrize("packed", [".gz", ".xz", ".bz2"])
def test_the_data_tells_its_compression(named, packed, put):
    """Which compression it is, the data itself tells, not the name."""
    path = put("a.jsonl" + named, COMPRESS[packed](LINES))

    assert b"".join(block.payload for block in line_blocks(path)) == LINES


def test_damage_in_the_middle_keeps_what_stands_before(put):
    """A flipped byte costs what stands behind it, not what stands before."""
    streams = gzip.compress(LINES), bytearray(gzip.compress(LINES))
    streams[1][len(streams[1]) // 2] ^= 0xFF
    path = put("a.jsonl.gz", streams[0] + streams[1])

    *got, error = line_blocks(path)

    assert b"".join(block.payload for block in got).startswith(LINES)
    assert isinstance(error, DocumentFormatError)


def test_endless_line_is_refused(put):
    """A line beyond any document ends the file with an error that names the line."""
    path = put("a.jsonl", b"1\n2\n" + b"x" * 1000 + b"\n3\n")

    first, error = line_blocks(path, block_bytes=4, limits=Limits(line_bytes=100))

    assert first == Block(b"1\n2\n", 1, 4)
    assert error.line == 3


def test_endless_line_ends_the_spans(put):
    """Whole lines before a line beyond any document are a span, the line is an error."""
    path = put("a.jsonl", b"1\n2\n3\n" + b"x" * 1000 + b"\n4\n")

    *spans, error = line_spans(path, block_bytes=4, limits=Limits(line_bytes=100))

    assert spans == [Span(0, 4), Span(4, 2)]
    assert error.line == 4


def test_huge_document_is_refused(put):
    """A file that decompresses to more than any document is refused, not held in memory."""
    path = put("a.txt.xz", lzma.compress(b"x" * 5000))

    with pytest.raises(DocumentFormatError, match="larger than"):
        content_of(Chunk("text", path, "a.txt.xz", None, 1, 1, limits=Limits(document_bytes=1000)))


def test_dump_that_is_a_bomb(put):
    """A compressed dump that unpacks to far more than its size is given up."""
    path = put("a.jsonl.xz", lzma.compress(b"\n" * (48 << 20), preset=0))

    *_, error = line_blocks(path)

    assert "far more than its size" in error.reason
