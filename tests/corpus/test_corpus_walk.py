"""Which files does a corpus have?"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from searchkit.corpus import files_of, plan, size_of
from searchkit.errors import CorpusError, CorpusNotFoundError


def test_order_is_that_of_names(put, read_all):
    """Documents come in the sorted order of names, folder by folder."""
    for name in ("b.txt", "a/z.txt", "a/b/c.md", "c.text"):
        put(name, "Hej\n")

    documents, _ = read_all()

    assert [document.id for document in documents] == ["a/b/c.md", "a/z.txt", "b.txt", "c.text"]


@pytest.mark.parametrize(
    "name", [".gitignore", ".DS_Store", ".git/a.txt", "~$a.txt", "a.txt~", "Thumbs.db"]
)
def test_litter_is_passed_over(name, put, read_all):
    """Hidden files and the litter of systems and editors are not even reported."""
    put(name, "Hej\n")

    assert read_all() == ([], [])


@pytest.mark.parametrize("name", ["bild.png", "README"])
def test_unknown_format_says_what_is_read(name, put, read_all):
    """A file of unknown format is reported with the formats that are read."""
    path = put(name, "Hej\n")

    _, [error] = read_all()

    assert error.path == path
    assert ".md" in error.reason
    assert ".jsonl" in error.reason


def test_single_file(put, read_all):
    """A corpus may be one file; its id is its name."""
    path = put("tal/hej.txt", "Hej\n")

    [document], [] = read_all(path)

    assert document.id == "hej.txt"


def test_single_file_of_unknown_format(put):
    """One file that cannot be read at all is no corpus, rather than an empty one."""
    path = put("a.xyz", "Hej\n")

    with pytest.raises(CorpusError, match=r"'\.xyz'") as caught:
        plan(path)

    assert caught.value.path == path


@pytest.mark.parametrize("ask", [plan, size_of])
def test_missing_corpus(ask, root):
    """A corpus that is not there is an error of the call itself."""
    with pytest.raises(CorpusNotFoundError) as caught:
        ask(root / "nej")

    assert caught.value.path == root / "nej"


def test_file_as_folder(put):
    """A path that goes through a file is an error that names it."""
    path = put("a.txt", "Hej\n")

    with pytest.raises(CorpusError, match=r"b\.txt"):
        plan(path / "b.txt")


def test_empty_folder(read_all):
    """An empty folder is a corpus without documents."""
    assert read_all() == ([], [])


def test_symlink_cycle_ends(put, root, read_all):
    """A link to a folder above is not entered."""
    put("a/b.txt", "Hej\n")
    (root / "a" / "up").symlink_to(root)

    documents, errors = read_all()

    assert [document.id for document in documents] == ["a/b.txt"]
    assert errors == []


def test_linked_folder_outside(put, root, tmp_path, read_all):
    """A link to a folder elsewhere belongs to the corpus, under the link's name."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.txt").write_text("Hej\n")
    (root / "link").symlink_to(elsewhere)

    [document], _ = read_all()

    assert document.id == "link/x.txt"


def test_broken_link_is_reported(put, root, read_all):
    """A link to nothing is one error, and the walk goes on."""
    (root / "a.txt").symlink_to(root / "nej")
    put("b.txt", "Hej\n")

    [document], [error] = read_all()

    assert document.id == "b.txt"
    assert error.path == root / "a.txt"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipe_is_not_opened(root, read_all):
    """A named pipe is reported, not waited for."""
    os.mkfifo(root / "a.txt")

    [], [error] = read_all()

    assert error.reason == "is not a regular file"


def test_unreadable_folder_is_reported(put, root, read_all, monkeypatch):
    """A folder that may not be listed is one error, and the walk goes on."""
    put("a/x.txt", "Hej\n")
    put("b.txt", "Hej\n")
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    [document], [error] = read_all()

    assert document.id == "b.txt"
    assert str(error) == f"{root / 'a'}: cannot be read: Permission denied"


def test_decomposed_name_gives_composed_id(put, read_all):
    """A file name in decomposed form, as on macOS, gives the id that people type."""
    put("a\u030a.txt", "Hej\n")

    [document], _ = read_all()

    assert document.id == "å.txt"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_name_that_is_not_utf8(root, read_all):
    """A file whose name is in an old code page is read, under an id that is UTF-8."""
    (root / os.fsdecode(b"\xe5.txt")).write_text("Hej\n")

    [document], _ = read_all()

    assert document.id == "å.txt"


@pytest.mark.skipif(sys.platform == "win32", reason="such names are not allowed on Windows")
@pytest.mark.parametrize("name", ["-rf.txt", "a\nb.txt", "  .txt", "å" * 120 + ".txt", "%s{0}.txt"])
def test_odd_names(name, put, root, read_all):
    """A file with an odd name is read, under that name."""
    put(name, "Hej\n")

    [document], [] = read_all()
    [file] = files_of(root)

    assert document.id == name
    assert file.path.read_text() == "Hej\n"


def test_files_tell_whether_they_changed(put, root):
    """A file's stamp is its size and the time of its last change, and nothing is opened."""
    path = put("a.txt", "Hej\n")
    [file] = files_of(root)

    assert (file.relative, file.reader.name, file.disk_bytes) == ("a.txt", "text", 4)
    assert file.stamp == (4, path.stat().st_mtime_ns)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipe_without_extension_is_not_opened(root, read_all):
    """A named pipe of unknown format is not looked into, which would wait for ever."""
    os.mkfifo(root / "a")

    [], [error] = read_all()

    assert error.reason == "is not a regular file"


def test_unreadable_file_of_unknown_format(put, root, read_all, monkeypatch):
    """A file that would have to be looked at, and may not be, is reported with that reason."""
    path = put("a", "Hej\n")
    path_type = type(root)

    def refuse(path, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(path_type, "open", refuse)
    [], [error] = read_all()

    assert str(error) == f"{path}: cannot be read: Permission denied"


def test_size_counts_what_is_read(put, root):
    """The size of a corpus is the bytes on disk of the files that have a reader."""
    put("a.txt", "12345")
    put("b/c.jsonl", "1234567")
    put("d.png", "123")

    assert size_of(root) == 12
