"""How is the work of reading a corpus cut up?"""

from __future__ import annotations

import dataclasses
import json
import lzma
import pickle
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.corpus import Chunk, Limits, plan, read
from searchkit.corpus.blocks import BLOCK_BYTES
from searchkit.errors import DocumentFormatError
from searchkit.model import Document


def outcomes_of(chunk):
    return list(read(chunk))


def test_prose_is_not_opened(put, root):
    """Planning only names files of prose; their reader opens them."""
    path = put("a/b.txt", "Hej\n")

    stamp = 4, path.stat().st_mtime_ns
    assert list(plan(root)) == [Chunk("text", path, "a/b.txt", None, 1, 4, 4, stamp=stamp)]


def test_what_is_skipped(put, root):
    """Files that the caller knows are left out, and so are the bytes of a dump."""
    for name in ("a.txt", "b.txt", "c.jsonl"):
        put(name, "Hej\n")

    chunks = list(plan(root, skip=lambda file: file.relative != "b.txt"))

    assert [chunk.relative for chunk in chunks] == ["b.txt"]


def test_limits_travel_on_the_chunk(put, root):
    """A limit given to the plan holds where the chunk is read."""
    put("a.txt", "Hej\n" * 10)
    [chunk] = plan(root, limits=Limits(document_bytes=10))

    [error] = read(pickle.loads(pickle.dumps(chunk)))

    assert "larger than 10 bytes" in error.reason


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.md"])
def test_changed_file_is_reported(name, put, root):
    """A file that is written to between planning and reading is reported, not half read."""
    path = put(name, '{"id": 1, "text": "Hej"}\n')
    [chunk] = plan(root)
    path.write_text('{"id": 1, "text": "Hejsan"}\n')

    [error] = read(chunk)

    assert error.reason.startswith("changed while it was read; run again")


def test_vanished_file_is_reported(put, root):
    """A file that is gone when it is to be read is an error with its path."""
    path = put("a.txt", "Hej\n")
    [chunk] = plan(root)
    path.unlink()

    [error] = read(chunk)

    assert (error.path, error.reason) == (path, "cannot be read: No such file or directory")


def test_long_line_takes_no_memory(put, root):
    """A line of 500 MB is an error, found without holding it."""
    path = put("a.jsonl", b'{"id": 1, "text": "x"}\n')
    with path.open("r+b") as file:
        file.truncate(500 << 20)  # NUL bytes that take no room on most disks

    tracemalloc.start()
    chunk, error = plan(root)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (chunk.size, error.line) == (23, 2)
    assert "line that is larger than 64 MB" in error.reason
    assert peak < 16 << 20


def test_dump_is_cut(put, root):
    """A large dump is several chunks, each of about one block."""
    line = json.dumps({"id": 1, "text": "x" * 1000}) + "\n"
    put("a.jsonl.xz", lzma.compress((line * 5000).encode(), preset=0))

    chunks = list(plan(root))

    assert len(chunks) == 5000 * len(line) // BLOCK_BYTES + 1
    assert sum(chunk.size for chunk in chunks) == 5000 * len(line)
    assert {chunk.reader for chunk in chunks} == {"jsonl"}


def test_error_in_a_later_block_has_its_line(put, root, read_all):
    """Lines are numbered through the file, not through the block."""
    line = json.dumps({"id": 1, "text": "x" * 1000}) + "\n"
    put("a.jsonl", line * 5000 + "fel\n")

    _, [error] = read_all()

    assert error.line == 5001


def test_empty_dump_is_reported(put, read_all):
    """A dump without a byte is most likely a failed download."""
    put("a.jsonl", b"")

    [], [error] = read_all()

    assert error.reason == "is empty"


def test_binary_dump_is_one_error(put, read_all):
    """A file of NUL bytes named .jsonl is one error, not one a line."""
    put("a.jsonl", b"\0" * 100)

    [], [error] = read_all()

    assert "NUL" in error.reason


def test_unreadable_file_is_reported(put, root, read_all, monkeypatch):
    """A file that may not be opened is one error, and the others are read."""
    for name in ("a.jsonl", "a.md", "a.txt", "b.txt"):
        put(name, "Hej\n")
    path_type = type(root)
    path_open = path_type.open

    def refuse(path, *args, **kwargs):
        if path.name != "b.txt":
            raise PermissionError(13, "Permission denied")
        return path_open(path, *args, **kwargs)

    monkeypatch.setattr(path_type, "open", refuse)
    [document], errors = read_all()

    assert document.id == "b.txt"
    assert [error.path.name for error in errors] == ["a.jsonl", "a.md", "a.txt"]
    assert {error.reason for error in errors} == {"cannot be read: Permission denied"}


def test_chunks_and_outcomes_travel(put, root):
    """A fresh process reads a pickled chunk, and sends the same outcomes back."""
    put("a.jsonl", '{"id": 1, "text": "Hej"}\nfel\n')
    chunks = list(plan(root))

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        [[document, error]] = pool.map(outcomes_of, chunks)

    [expected, expected_error] = outcomes_of(chunks[0])
    assert document == expected
    assert isinstance(error, DocumentFormatError)
    assert str(error) == str(expected_error)


def test_chunks_are_equal_after_pickling(put, root):
    """Pickling changes nothing in a chunk."""
    put("a.jsonl", '{"id": 1, "text": "Hej"}\n')
    [chunk] = plan(root)

    assert pickle.loads(pickle.dumps(chunk)) == chunk


@pytest.mark.parametrize("reader", ["text", "markdown", "jsonl"])
@given(
    content=st.binary(max_size=60)
    | st.text(st.sampled_from('-#:{}[]",id1text\n \r\f\ufeff\\uå'), max_size=80).map(str.encode)
)
def test_any_bytes_are_documents_or_errors(reader, content, tmp_path_factory):
    """Whatever a file holds, its reader yields usable documents and errors, and raises nothing."""
    path = tmp_path_factory.getbasetemp() / "a.x"
    for outcome in read(Chunk(reader, path, "a.x", content, 1, len(content))):
        if isinstance(outcome, Document):
            written = json.dumps(dataclasses.asdict(outcome), ensure_ascii=False)
            assert json.loads(written.encode("utf-8")) == json.loads(written)
            assert outcome.text.strip()
        else:
            assert "failed" not in outcome.reason
