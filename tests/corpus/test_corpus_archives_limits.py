"""How much may come out of an archive?"""

from __future__ import annotations

import io
import lzma
import tarfile

import pytest
from archive_files import PACK, tarred, zipped

from searchkit.corpus import Limits, archive_zip, plan
from searchkit.errors import DocumentFormatError


def test_too_deep(put, read_all):
    """Archives nested deeper than allowed are reported, and those above them are read."""
    content = zipped({"x.txt": "Djupt.\n"})
    for depth in range(4):
        content = zipped({f"{depth}.zip": content, f"{depth}.txt": f"Nivå {depth}.\n"})
    put("d.zip", content)

    documents, [error] = read_all()

    assert len(documents) == 3
    assert error.reason == "holds 1 archives more than 3 deep; unpack the outer ones"


def test_zip_bomb(put, read_all):
    """A member that unpacks to far more than it takes is refused by its sizes."""
    put("d.zip", zipped({"a.txt": b"x" * (40 << 20), "b.txt": "Hej\n"}))

    [document], [error] = read_all()

    assert document.id == "d.zip/b.txt"
    assert "zip bomb" in error.reason


def test_member_of_lines_that_is_a_bomb(put, read_all):
    """A dump of lines that is compressed inside an archive is watched as well."""
    put("d.zip", zipped({"a.jsonl.xz": lzma.compress(b"\n" * (48 << 20), preset=0)}))

    [], [error] = read_all()

    assert "far more than its size" in error.reason


def test_bomb_of_many_members(put, read_all):
    """Members that are each small enough but together beyond measure are cut off."""
    put("d.zip", zipped({f"{i}.txt": b" " * (30 << 20) for i in range(15)}))

    _, errors = read_all()

    assert len(errors) < 15
    assert "zip bomb" in errors[-1].reason


def test_bomb_of_archives(put, read_all):
    """Archives in archives in archives are one report, however many they are."""
    content = zipped({"a.txt": b"\0" * (1 << 20)})
    for _ in range(4):
        content = zipped({f"{i}.zip": content for i in range(6)})
    put("d.zip", content)

    [], [error] = read_all()

    assert error.reason == "holds 216 archives more than 3 deep; unpack the outer ones"


def test_tar_bomb(put, read_all):
    """A compressed tar archive that unpacks to far more than it takes is given up."""
    files = {"a.txt": "Hej\n", "b.xyz": b"\0" * (80 << 20)}
    put("d.tar.xz", lzma.compress(tarred(files), preset=0))

    [document], errors = read_all()

    assert document.id == "d.tar.xz/a.txt"
    assert "than its size" in errors[-1].reason


def test_header_that_claims_gigabytes(put, read_all):
    """A header that says to be gigabytes long is refused unread."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 32
    put("d.tar", tarred({"a.txt": "Hej\n"})[:1024] + info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 5000)

    [document], [error] = read_all()

    assert document.id == "d.tar/a.txt"
    assert "damaged" in error.reason


@pytest.mark.parametrize(
    "limits", [Limits(archive_members=3), Limits(archive_bytes=30)], ids=["members", "bytes"]
)
@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz"])
def test_limits_of_an_archive(limits, suffix, put, root):
    """An archive that holds more files or bytes than allowed is cut off with one report."""
    put("d" + suffix, PACK[suffix]({f"{i}.txt": f"Text {i}.\n" for i in range(9)}))

    steps = list(plan(root, limits=limits))

    assert len(steps) <= 4
    assert isinstance(steps[-1], DocumentFormatError)
    assert "more than" in steps[-1].reason


def test_document_of_a_member_is_bounded(put, root):
    """A member that is larger than any document is reported."""
    put("d.zip", zipped({"a.txt": "Hej\n" * 100}))

    [error] = plan(root, limits=Limits(document_bytes=100))

    assert "larger than 100 bytes" in error.reason


def test_large_directory_is_counted_first():
    """An archive that lists too many members is refused before its directory is read."""
    content = zipped({f"{i}": "" for i in range(40)})

    assert archive_zip.lists_too_many(io.BytesIO(content), Limits(archive_members=39))
    assert not archive_zip.lists_too_many(io.BytesIO(content), Limits(archive_members=40))
