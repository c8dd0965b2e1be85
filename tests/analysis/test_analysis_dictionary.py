"""The copy of the dictionary says what the dictionary says."""

from __future__ import annotations

import mmap
import random
from pathlib import Path

import pytest

from searchkit.analysis import dictionary
from searchkit.analysis.dictionary import CACHE_VARIABLE, Dictionary

FORMS = {
    "avfallen": "avfall",
    "avfallet": "avfall",
    "åtgärder": "åtgärd",
    "a": "a",
    "Örebros": "Örebro",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that is empty."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(CACHE_VARIABLE, str(folder))
    return folder


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have a handful of forms to unpack; return a list that notes each time they are."""
    times: list[str] = []

    def unpacked() -> dict[str, str]:
        times.append("unpacked")
        path = dictionary._path()
        if path is not None:
            dictionary.write_copy(path, FORMS)
        return FORMS

    monkeypatch.setattr(dictionary, "unpacked", unpacked)
    return times


def test_the_first_keeps_a_copy_for_the_next(folder: Path, small: list[str]) -> None:
    """The dictionary is unpacked once; another time the copy answers."""
    for _ in range(2):
        forms = Dictionary()
        assert [forms.get(form) for form in FORMS] == list(FORMS.values())
        assert [forms.get(form) for form in ("", "avfall", "b", "öö", "\udc80")] == [None] * 5

    assert small == ["unpacked"]
    assert len(list(folder.iterdir())) == 1


@pytest.mark.usefixtures("folder")
def test_the_whole_copy_is_a_dict_of_the_same(small: list[str]) -> None:
    """Read whole, the copy has all forms, and one string for each lemma."""
    Dictionary().get("a")
    copy = dictionary._open_copy()
    assert copy is not None
    whole = copy.whole()

    assert whole == FORMS
    assert whole["avfallet"] is whole["avfallen"]
    assert small == ["unpacked"]


@pytest.mark.usefixtures("folder")
def test_an_empty_copy_has_no_forms() -> None:
    """A copy of nothing is a copy."""
    path = dictionary._path()
    assert path is not None
    dictionary.write_copy(path, {})
    copy = dictionary._open_copy()
    assert copy is not None

    assert copy.whole() == {}
    assert copy.get("a") is None


@pytest.mark.parametrize("at", [0, 9, 30, -1])
def test_a_damaged_copy_is_replaced(folder: Path, small: list[str], at: int) -> None:
    """Whichever byte is wrong, the dictionary is unpacked and another copy written."""
    Dictionary().get("a")
    [path] = folder.iterdir()
    content = bytearray(path.read_bytes())
    content[at] ^= 4
    path.write_bytes(content)
    assert Dictionary().get("åtgärder") == "åtgärd"
    path.write_bytes(content[:7])
    assert Dictionary().get("åtgärder") == "åtgärd"

    assert small == ["unpacked"] * 3
    assert Dictionary().get("a") == "a"


@pytest.mark.usefixtures("folder")
def test_many_look_ups_unpack(small: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """From some number of look-ups on the whole dictionary is used."""
    Dictionary().get("a")
    monkeypatch.setattr(dictionary, "_FEW", 3)
    forms = Dictionary()
    assert [forms.get("a") for _ in range(5)] == ["a"] * 5
    assert small == ["unpacked"] * 2


def test_without_a_folder_nothing_is_kept(
    small: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An empty variable, or a folder that cannot be made, costs time and nothing else."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    for folder in ("", str(blocked / "below")):
        monkeypatch.setenv(CACHE_VARIABLE, folder)
        assert Dictionary().get("a") == "a"
    assert small == ["unpacked"] * 2


def test_the_copy_agrees_with_the_dictionary(folder: Path) -> None:
    """Of the real dictionary the copy gives every form the same lemma."""
    forms = dictionary.unpacked()
    path = dictionary._path()
    assert path is not None
    dictionary.write_copy(path, forms)
    assert dictionary._Copy(_mapped(path)).whole() == dict(forms.items())
    copy = Dictionary()
    for form in random.Random(1).sample(sorted(forms), 3000):
        assert copy.get(form) == forms.get(form)
        assert copy.get(form + "x") == forms.get(form + "x")
    assert isinstance(copy._forms, dictionary._Copy)
