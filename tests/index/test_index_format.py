"""Array files, and what is refused on opening one."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_worlds import array_file

from searchkit.errors import CorruptIndexError, IndexFormatError
from searchkit.index.format import DTYPES, FORMAT_VERSION, MAGIC, ArrayFile, ArrayFileWriter

arrays = st.dictionaries(
    st.text(max_size=5),
    st.tuples(st.sampled_from(sorted(DTYPES)), st.lists(st.integers(0, 255), max_size=40)),
    max_size=5,
)


def craft(path: Path, directory: Any, *, body: bytes = b"\0" * 128) -> Path:
    """Write an array file with any directory, checksums and all in order."""
    head = struct.pack("<8sI52x", MAGIC, FORMAT_VERSION) + body
    raw = directory if isinstance(directory, bytes) else json.dumps(directory).encode()
    tail = struct.pack("<QQII8s", len(head), len(raw), zlib.crc32(raw), FORMAT_VERSION, MAGIC)
    path.write_bytes(head + raw + tail)
    return path


def entry(**changes: Any) -> dict[str, Any]:
    """Return a directory of one array of 16 bytes, with some of its entry changed."""
    parts = {"dtype": "|u1", "length": 16, "offset": 64, "crc": zlib.crc32(b"\0" * 16)} | changes
    return {"arrays": {"a": list(parts.values())}, "facts": {}}


@given(arrays, st.dictionaries(st.text(max_size=3), st.integers() | st.floats(0, 1)))
def test_arrays_and_facts_come_back(
    drawn: dict[str, tuple[str, list[int]]], facts: dict[str, float]
) -> None:
    """Arrays of every type, empty ones too, and facts come back as they were written."""

    def write(file: ArrayFileWriter) -> None:
        file.facts = dict(facts)
        for name, (dtype, values) in drawn.items():
            file.begin(name, np.dtype(dtype))
            for part in (values[:3], values[3:]):
                file.append(np.array(part, dtype))

    with array_file(write) as file:
        assert file.names() == list(drawn)
        assert file.facts == facts
        for name, (dtype, values) in drawn.items():
            assert file.array(name).tolist() == values
            assert file.array(name).dtype == np.dtype(dtype)
            assert file.size_of(name) == len(values) * np.dtype(dtype).itemsize


def test_arrays_are_read_only() -> None:
    """Nobody can write into a mapped array."""
    with array_file(lambda file: file.add("a", np.arange(3, dtype=np.uint8))) as file:
        array = file.array("a")
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_an_array_that_is_missing_is_damage() -> None:
    """Asking for an array that the file has not says which one."""
    missing = pytest.raises(CorruptIndexError, match="'a' is missing")
    with array_file(lambda file: None) as file, missing:
        file.array("a")


def test_a_writer_that_fails_leaves_no_file(tmp_path: Path) -> None:
    """If writing fails, there is no file afterwards."""
    with pytest.raises(AssertionError), ArrayFileWriter(tmp_path / "f") as file:
        file.add("a", np.arange(3, dtype=np.float64))

    assert not (tmp_path / "f").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"SEARCHK\0", b"PK\3\4" * 50, b"\0" * 200, b"SEARCHK\0\2\0\0\0" + b"\0" * 200],
    ids=["empty", "one byte", "magic alone", "zip", "zeros", "version 2"],
)
def test_foreign_files_are_refused(tmp_path: Path, content: bytes) -> None:
    """A file that is no array file of this version is refused."""
    (tmp_path / "f").write_bytes(content)
    with pytest.raises((IndexFormatError, CorruptIndexError)):
        ArrayFile(tmp_path / "f")


def test_a_crafted_file_is_read(tmp_path: Path) -> None:
    """The files that the next test spoils are in order before."""
    assert ArrayFile(craft(tmp_path / "f", entry())).array("a").tolist() == [0] * 16


@pytest.mark.parametrize(
    "directory",
    [
        entry(dtype="|O8"),
        entry(dtype="|V8"),
        entry(dtype="<f8"),
        entry(dtype=["|u1"]),
        entry(length=-1),
        entry(length=1.0),
        entry(length=True),
        entry(length="16"),
        entry(length=2**63),
        entry(length=10**400),
        entry(length=129),
        entry(offset=-64),
        entry(offset=65),
        entry(offset=2**64),
        entry(offset=192),
        entry(crc=None),
        entry(crc=1),
        entry(more=1),
        {"arrays": {"a": 1}, "facts": {}},
        {"arrays": [], "facts": {}},
        {"arrays": {}, "facts": []},
        {"arrays": {}},
        {"facts": {}},
        [],
        1,
        None,
        b"",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"arrays": {}, "facts": ' + b"9" * 5000 + b"}",
    ],
)
def test_malformed_directories_are_refused(tmp_path: Path, directory: Any) -> None:
    """A directory that lies about its arrays is refused, even with all checksums in order."""
    with pytest.raises(CorruptIndexError):
        ArrayFile(craft(tmp_path / "f", directory))


def test_no_byte_beside_the_arrays(tmp_path: Path) -> None:
    """Bytes outside all arrays must be zero."""
    body = b"\0" * 100 + b"x" + b"\0" * 27
    with pytest.raises(CorruptIndexError, match="padding"):
        ArrayFile(craft(tmp_path / "f", entry(), body=body))
