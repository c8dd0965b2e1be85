"""docs/format.md says what the code writes: its example, its tables and its header."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from format_example import BLOCKS, PAGE, Example, lengths, written

from searchkit.index.format import ALIGNMENT, DTYPES, FORMAT_VERSION, MAGIC, ArrayFile
from searchkit.index.manifest import MANIFEST_NAME
from searchkit.index.textstore import BLOCK_BYTES

TEXT = PAGE.read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `([\w.]+)` \| (\w+) \| ([^|]+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return Example(tmp_path_factory.mktemp("example"))


def rows(kind: str) -> dict[str, tuple[str, str]]:
    """Return the dtype and length of every array in the tables of one kind of file."""
    text = TEXT.split(f"<!-- arrays: {kind} -->")[1].split("\n## ")[0]
    return {name: (dtype, length) for name, dtype, length in _ROW.findall(text)}


def in_page(name: str) -> str:
    """Return how the page names an array: a column's name is a placeholder there."""
    return re.sub(r"^column\.\w+\.", "column.NAME.", name)


def length_of(expression: str, file: ArrayFile, sizes: dict[str, int]) -> int:
    """Work out a length as the page writes it: ``16 D``, ``V + 1``, ``last of `x` + 1``."""
    total = 0
    for term in expression.split(" + "):
        if last := re.fullmatch(r"last of `([\w.]+)`", term):
            total += int(file.array(last[1])[-1])
        elif product := re.fullmatch(r"(?:(\d+) )?([A-Z])", term):
            total += int(product[1] or 1) * sizes[product[2]]
        else:
            total += int(term)
    return total


def test_example_is_what_the_code_writes() -> None:
    """Every example in the page is there once, and made anew it is the same."""
    found = re.findall(r"<!-- example: (\w+) -->", TEXT)

    assert sorted(found) == sorted(BLOCKS)
    assert written(TEXT) == TEXT, "run `python tests/format_example.py` and read what changed"


def test_every_array_of_a_segment_is_documented(example: Example) -> None:
    """The page names the arrays that a segment has, and no others."""
    assert set(rows("segment")) == {in_page(name) for name in example.segment.file.names()}


def test_arrays_have_the_documented_types_and_lengths(example: Example) -> None:
    """Each array of a segment has the type and the length that the page gives."""
    file, sizes = example.segment.file, lengths(example.segment)
    documented = rows("segment")
    for name in file.names():
        dtype, length = documented[in_page(name)]
        column = re.sub(r"(column\.\w+)\..*", r"\1", name)
        length = length.replace("column.NAME", column)
        if length == "1 + the values":
            length = str(1 + len(set(file.array(f"{column}.codes").tolist()) - {0}))
        array = file.array(name)
        assert (array.dtype.name, len(array)) == (dtype, length_of(length, file, sizes)), name


def test_tombstone_arrays_are_documented(example: Example) -> None:
    """The page names the arrays of a tombstone file with their types, and no others."""
    file = ArrayFile(example.tombstones)
    documented = {name: dtype for name, (dtype, _) in rows("tombstones").items()}
    assert documented == {name: file.array(name).dtype.name for name in file.names()}


def test_facts_are_documented(example: Example) -> None:
    """The page names every fact of a segment."""
    (listed,) = re.findall(r"In a segment: (.*?)\. In a tombstone file: none", TEXT, re.DOTALL)
    assert set(example.segment.file.facts) <= set(re.findall(r"`(\w+)`", listed))
    assert ArrayFile(example.tombstones).facts == {}


def test_manifest_keys_are_documented(example: Example) -> None:
    """The page names the keys of a manifest and of its segments, and no others."""
    table = TEXT.split("\n## 2 ")[1].split("\n### 2.1 ")[0]
    documented = re.findall(r"^\| `(?:segments\[\]\.)?(\w+)` \|", table, re.MULTILINE)
    raw = (example.folder / MANIFEST_NAME).read_text(encoding="utf-8")
    # The example was made by hand, so nothing is remembered of a corpus.
    assert sorted(documented) == sorted({*re.findall(r'"(\w+)":', raw), "sources"})


def test_array_file_can_be_read_by_the_page_alone(example: Example) -> None:
    """Header, trailer, checksums and padding are where the page says, for every array."""
    raw = example.segment.path.read_bytes()
    assert raw[:12] == MAGIC + struct.pack("<I", FORMAT_VERSION)
    assert not any(raw[12:64])
    offset, length, crc, version, magic = struct.unpack("<QQII8s", raw[-32:])
    assert (offset + length, version, magic) == (len(raw) - 32, FORMAT_VERSION, MAGIC)
    directory = raw[offset : offset + length]
    assert zlib.crc32(directory) == crc
    entries = re.findall(rb'\["(\S+)", (\d+), (\d+), (\d+)\]', directory)
    assert len(entries) == len(example.segment.file.names())
    end = 64
    for dtype, count, start, checksum in entries:
        size = int(count) * int(dtype[2:])
        assert int(start) == end
        assert zlib.crc32(raw[int(start) : int(start) + size]) == int(checksum)
        end = (int(start) + size + 63) // 64 * 64
    assert end == offset


def test_constants_are_the_code_s() -> None:
    """The numbers in the page's text are those of the code."""
    assert TEXT.startswith(f"# The index on disk\n\nFormat version {FORMAT_VERSION}.")
    assert f"a multiple of {ALIGNMENT} from the beginning" in TEXT
    assert f"{BLOCK_BYTES:,} bytes or more" in TEXT
    (listed,) = re.findall(r"DTYPE is one of (.*?);", TEXT)
    assert set(re.findall(r"`(\S+)`", listed)) == DTYPES


def test_files_are_named_as_documented(example: Example) -> None:
    """What a commit leaves in the directory is in the page's table."""
    table = TEXT.split("\n## 1 ")[1].split("\n## 2 ")[0]
    documented = re.findall(r"^\| `([\w.-]+)` \|", table, re.MULTILINE)
    patterns = [re.escape(name).replace("G\\-N", r"\d+-\d+") for name in documented]
    left = [path.name for path in example.folder.iterdir()]
    assert len(left) >= 3
    assert [name for name in left if not any(re.fullmatch(p, name) for p in patterns)] == []
