"""What is read of an archive in which something is wrong, and what is said of the rest?"""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
import zlib

import pytest
from archive_files import FILES, LINES, PACK, as_bytes, mutated, tarred, zipped

from searchkit.corpus import plan, read
from searchkit.model import Document


def test_encrypted_member_is_reported(put, read_all):
    """An encrypted member is reported, and the others are read."""
    content = bytearray(zipped({"a.txt": "Hemligt\n", "b.txt": "Öppet\n"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    put("d.zip", bytes(content))

    [document], [error] = read_all()

    assert document.id == "d.zip/b.txt"
    assert "encrypted" in error.reason


def test_unknown_compression_is_reported(put, read_all):
    """A member compressed by a method that is not read is reported with its name."""
    content = bytearray(zipped({"a.txt": "Hej\n", "b.txt": "Hej\n"}))
    content[8] = 9
    content[content.index(b"PK\x01\x02") + 10] = 9
    put("d.zip", bytes(content))

    [_], [error] = read_all()

    assert "deflate64" in error.reason


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
def test_name_twice(suffix, put, read_all):
    """Of two members of one name one is read, and the other is reported."""
    if suffix == ".zip":
        content = zipped({"a.txt": "Ett\n", "b.txt": "Två\n"}).replace(b"b.txt", b"a.txt")
    else:
        content = tarred({"a.txt": "Ett\n"})[:1024] + tarred({"a.txt": "Två\n"})
    put("d" + suffix, content)

    [_], [error] = read_all()

    assert "twice" in error.reason


def test_links_and_devices_are_reported(put, read_all):
    """What is no file in an archive is not followed, and reported."""
    link, device = tarfile.TarInfo("l.txt"), tarfile.TarInfo("d.txt")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device.type = tarfile.CHRTYPE
    put("d.tar", tarred({"a.txt": "Hej\n"}, link, device))
    info = zipfile.ZipInfo("l.txt")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    put("e.zip", buffer.getvalue())

    [_], errors = read_all()

    assert [error.path.name for error in errors] == ["l.txt", "d.txt", "l.txt"]
    assert all("link or a device" in error.reason for error in errors)


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".tar.xz"])
def test_truncated_archive(suffix, put, read_all):
    """What precedes the end of a truncated archive is read, then one report follows."""
    generator = random.Random(1)
    files = {f"{i:03}.txt": generator.randbytes(500).hex() for i in range(60)}
    whole = PACK[suffix](files)
    put("d" + suffix, whole[: len(whole) // 2])

    documents, [error] = read_all()

    assert 15 < len(documents) < 35
    assert "truncated" in error.reason


def test_truncated_archive_of_streamed_members(put, read_all):
    """A truncated archive whose headers leave sizes open is read by its data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.written = bytearray()

        def writable(self):
            return True

        def write(self, piece):
            self.written += piece
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(10):
            archive.writestr(f"{i}.txt", f"Text {i}.\n" * 50)
    assert pipe.written[6] & 8
    put("d.zip", bytes(pipe.written[: pipe.written.index(b"PK\x01\x02") + 30]))

    documents, [error] = read_all()

    assert len(documents) == 10
    assert "directory" in error.reason


def test_damaged_member_costs_itself(put, root, read_all):
    """A flipped byte in one member of a ZIP archive costs that member only."""
    content = bytearray(zipped({name: as_bytes(text) * 9 for name, text in FILES.items()}))
    content[40] ^= 0xFF
    put("d.zip", bytes(content))

    documents, [error] = read_all()

    assert len(documents) == 2
    assert error.path == root / "d.zip" / "b.txt"
    assert "damaged" in error.reason


def test_damaged_header_of_a_tar(put, read_all):
    """A damaged header ends a tar archive with a report, not in silence."""
    content = bytearray(tarred({"a.txt": "Ett\n", "b.txt": "Två\n", "c.txt": "Tre\n"}))
    content[1024 + 150] ^= 0xFF
    put("d.tar", bytes(content))

    [document], [error] = read_all()

    assert document.text.strip() == "Ett"
    assert "damaged" in error.reason


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"\0" * 10240])
@pytest.mark.parametrize("suffix", [".zip", ".tar"])
def test_archive_of_nothing(content, suffix, put, read_all):
    """An archive without files is reported: it is most likely a failed download."""
    put("d" + suffix, content)

    [], [error] = read_all()

    assert error.reason


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tgz"])
def test_no_archive_at_all(suffix, put, read_all):
    """A file that is called an archive and is none of any kind is one error."""
    put("d" + suffix, random.Random(2).randbytes(5000))

    [], [error] = read_all()

    assert "archive" in error.reason


def test_changed_archive_is_reported(put, root):
    """An archive that is written to between planning and reading is reported."""
    path = put("d.zip", zipped(FILES))
    chunk, *_ = plan(root)
    path.write_bytes(zipped({**FILES, "x.txt": "Ny\n"}))

    [error] = read(chunk)

    assert error.reason.startswith("changed while it was read")


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".zip.gz"])
def test_any_damage_is_survived(suffix, put, root, read_all):
    """Whatever is wrong with an archive, its files are read or errors reported; nothing raises."""
    generator = random.Random(zlib.crc32(suffix.encode()))
    inner = zipped({"x.txt": "Hej\n"})
    whole = PACK[suffix]({**FILES, "l.jsonl": LINES, "i.zip": inner, "j.tar": tarred(FILES)})
    if suffix.endswith("gz"):
        whole = gzip.compress(mutated(gzip.decompress(whole), generator))
    for _ in range(125):
        put("d" + suffix, mutated(whole, generator))

        documents, errors = read_all()

        assert all(isinstance(document, Document) for document in documents)
        assert documents or errors
        assert [error for error in errors if "' failed: " in error.reason] == []


def test_member_without_a_name(put, read_all):
    """A member whose name is empty is reported, and the others are read."""
    put("d.zip", zipped({"a.md": "Hej\n", "x": "Fel\n"}).replace(b"x", b"\0"))

    [document], [error] = read_all()

    assert document.id == "d.zip/a.md"
    assert error.reason == "has no name"
