"""How do the files in an archive become chunks?"""

from __future__ import annotations

import gzip
import io
import os
import pickle
import threading
import zipfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from archive_files import FILES, LINES, PACK, as_bytes, tarred, zipped

from searchkit.corpus import Chunk, archive_zip, content_of, plan, read, size_of


def outcomes_of(chunk):
    return list(read(chunk))


@pytest.mark.parametrize("suffix", PACK)
def test_members_are_documents(suffix, put, root, read_all):
    """Members are read by the readers of their names, under the archive's path and theirs."""
    put("dump" + suffix, PACK[suffix](FILES))

    documents, errors = read_all()

    expected = [f"dump{suffix}/{name}" for name in ("a/c.md", "a.txt", "b.txt")]
    assert errors == []
    assert sorted(document.id for document in documents) == sorted(expected)
    assert {document.fields["path"] for document in documents} == set(expected)


def test_members_of_a_zip_are_sorted(put, root):
    """Members of a ZIP archive come as files of a folder do, whatever their order in it."""
    put("d.zip", zipped(FILES))

    chunks = list(plan(root))

    assert [chunk.path for chunk in chunks] == [
        root / "d.zip" / name for name in ("a/c.md", "a.txt", "b.txt")
    ]


@pytest.mark.parametrize("suffix", PACK)
def test_disk_bytes_add_up(suffix, put, root):
    """The disk bytes of the members' chunks are the size of the archive."""
    put("d" + suffix, PACK[suffix]({**FILES, "l.jsonl": LINES}))

    assert sum(chunk.disk_bytes for chunk in plan(root)) == size_of(root)


@pytest.mark.parametrize("suffix", PACK)
def test_an_archive_can_be_the_corpus(suffix, put, read_all):
    """An archive by itself is a corpus."""
    path = put("d" + suffix, PACK[suffix](FILES))

    documents, errors = read_all(path)

    assert len(documents) == len(FILES)
    assert errors == []


def test_dump_of_one_json_a_document(put, root):
    """'mot-2018-2021.json.zip' is a ZIP archive, and its members carry no bytes."""
    put("mot.json.zip", zipped({f"h{i}.txt": f"Motion {i}.\n" for i in range(300)}))

    chunks = list(plan(root))

    assert len(chunks) == 300
    assert all(chunk.payload is None for chunk in chunks)
    assert content_of(chunks[7]) == b"Motion 104.\n"


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz"])
def test_lines_of_a_member(suffix, put, read_all):
    """A dump of lines inside an archive gives its documents, and errors with their lines."""
    put("d" + suffix, PACK[suffix]({"l.jsonl": LINES + "fel\n", "m.jsonl.gz": gzip.compress(b"")}))

    documents, errors = read_all()

    assert len(documents) == 100
    assert [error.line for error in errors] == [101, None]
    assert errors[1].reason == "is empty"


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz"])
def test_compressed_member(suffix, put, read_all):
    """A member that is compressed itself is decompressed."""
    put("d" + suffix, PACK[suffix]({"a.txt.gz": gzip.compress(b"Hej\n")}))

    [document], [] = read_all()

    assert document.text.strip() == "Hej"


@pytest.mark.parametrize("outer", [".zip", ".tar", ".tar.gz"])
@pytest.mark.parametrize("inner", [".zip", ".tar", ".tar.xz"])
def test_archive_in_an_archive(outer, inner, put, root, read_all):
    """An archive in an archive is opened, and its members are named by both."""
    put("d" + outer, PACK[outer]({"i" + inner: PACK[inner](FILES)}))

    documents, errors = read_all()

    assert errors == []
    assert f"d{outer}/i{inner}/a/c.md" in {document.id for document in documents}
    assert {len(chunk.members) for chunk in plan(root)} == {2}


@pytest.mark.parametrize("code_page", ["cp850", "cp437", "utf-8", "cp1252", "mac_roman"])
def test_names_of_an_old_code_page(code_page, put, read_all):
    """Swedish letters in names that are not said to be UTF-8 come out right."""
    raw = "årsredovisning för Östersund.txt".encode(code_page)
    put("d.zip", zipped({"x" * len(raw): "Hej\n"}).replace(b"x" * len(raw), raw))

    [document], [] = read_all()

    assert document.id == "d.zip/årsredovisning för Östersund.txt"


@pytest.mark.parametrize("suffix", [".zip", ".tar"])
@pytest.mark.parametrize("name", ["../ut.txt", "a/../../ut.txt", "/etc/ut.txt", "C:/ut.txt"])
def test_name_that_leads_out(suffix, name, put, read_all):
    """A name that leads out of the archive is reported, and the others are read."""
    put("d" + suffix, PACK[suffix]({name: "Fel\n", "a.txt": "Rätt\n"}))

    [document], [error] = read_all()

    assert document.text.strip() == "Rätt"
    assert error.reason == "its name leads out of the archive"


def test_backslashes_divide_folders(put, read_all):
    """Names written with backslashes are taken apart as Windows means them."""
    put("d.zip", zipped({"a/b.txt": "Hej\n"}).replace(b"a/b.txt", b"a\\b.txt"))
    put("e.zip", zipped({"../b.txt": "Hej\n"}).replace(b"../b.txt", b"..\\b.txt"))

    [document], [error] = read_all()

    assert document.id == "d.zip/a/b.txt"
    assert error.reason == "its name leads out of the archive"


def test_litter_is_passed_over(put, read_all):
    """The litter of systems in archives is not even reported."""
    files = {"__MACOSX/._a.txt": "x", ".DS_Store": "x", "a/.git/x.txt": "x", "a.txt": "Hej\n"}
    put("d.zip", zipped(files))

    [document], [] = read_all()

    assert document.id == "d.zip/a.txt"


def test_unknown_format_is_reported(put, root, read_all):
    """A member of unknown format is reported under its own path."""
    put("d.zip", zipped({"a.xyz": b"\x00\x01", "b.txt": "Hej\n"}))

    [_], [error] = read_all()

    assert error.path == root / "d.zip" / "a.xyz"
    assert "'.xyz'" in error.reason


def test_large_sizes(put, read_all):
    """An archive in the form for large files (ZIP64) is read."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w") as archive,
        archive.open("a.txt", "w", force_zip64=True) as member,
    ):
        member.write(b"Hej\n")
    put("d.zip", buffer.getvalue())

    [document], [] = read_all()

    assert document.text.strip() == "Hej"


def test_archive_with_a_wrong_name(put, read_all):
    """A tar archive called .zip and a ZIP archive called .tar.gz are read as what they are."""
    put("a.zip", tarred(FILES))
    put("b.tar.gz", zipped(FILES))
    put("c.txt", zipped({"a.txt": "Hej\n"}))

    documents, errors = read_all()

    assert errors == []
    assert len(documents) == 2 * len(FILES) + 1


def test_directory_is_read_once(put, root, monkeypatch):
    """A process opens an archive once, however many members it reads."""
    put("d.zip", zipped({f"{i}.txt": f"Text {i}.\n" for i in range(50)}))
    made = []
    make = zipfile.ZipFile

    def count(*args):
        made.append(args)
        return make(*args)

    monkeypatch.setattr(zipfile, "ZipFile", count)
    assert len([outcome for chunk in plan(root) for outcome in read(chunk)]) == 50
    assert len(made) == 1


def test_members_travel(put, root):
    """A fresh process reads a pickled chunk of a member."""
    put("d.zip", zipped(FILES))
    chunks = list(plan(root))

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        got = list(pool.map(outcomes_of, chunks))

    assert got == [outcomes_of(chunk) for chunk in chunks]
    assert [pickle.loads(pickle.dumps(chunk)) for chunk in chunks] == chunks


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_forked_process_opens_its_own(put, root):
    """A forked process does not read through the parent's open archive."""
    put("d.zip", zipped(FILES))
    chunks = list(plan(root))
    content_of(chunks[0])
    held = archive_zip._last

    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        assert list(pool.map(content_of, chunks)) == list(map(content_of, chunks))

    assert archive_zip._last is held
    assert held[0][0] == os.getpid()


def test_threads_share_an_archive(put, root):
    """Threads that read members of two archives at once get the right bytes."""
    for name in ("d.zip", "e.zip"):
        put(name, zipped({f"{i}.txt": f"{name} {i}\n" * 500 for i in range(40)}))
    chunks = sorted(plan(root), key=lambda chunk: chunk.path.name)
    expected = [f"{c.path.parent.name} {c.path.stem}\n".encode() * 500 for c in chunks]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(content_of, chunks)) == expected
    assert threading.active_count() < 8


def test_chunk_of_a_plain_tar_is_a_place(put, root):
    """A member of an uncompressed tar archive is read from where it stands."""
    put("d.tar", tarred(FILES))

    chunks = [chunk for chunk in plan(root) if isinstance(chunk, Chunk)]

    assert all(chunk.payload is None and chunk.offset for chunk in chunks)
    assert [content_of(chunk) for chunk in chunks] == [as_bytes(text) for text in FILES.values()]
