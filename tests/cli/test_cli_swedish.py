"""What Swedish looks like at the terminal: parts, references, dots; on a real index."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runs import Outcome

import searchkit

Spawn = Callable[..., Outcome]


@pytest.fixture(scope="module")
def index_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one short text."""
    folder = tmp_path_factory.mktemp("swedish")
    text = "Målet är att tåget är i tid.\n\nDet är en hållbar jordbrukspolitik.\n"
    (folder / "rapport.txt").write_text(text, encoding="utf-8")
    searchkit.reindex(folder, folder / "index", processes=1)
    return folder / "index"


def test_only_the_matching_part_is_coloured(terminal: Spawn, index_path: Path) -> None:
    """Inside a compound, only the part that was asked for is in colour."""
    outcome = terminal("search", "politik", "--index", str(index_path))

    assert "jordbruks\x1b[1;33mpolitik\x1b[0m" in outcome.stdout


def test_json_marks_only_the_matching_part(spawn: Spawn, index_path: Path) -> None:
    """`--json` gives the offsets of the part, not of the word it stands in."""
    found = json.loads(spawn("search", "politik", "--json", "--index", str(index_path)).stdout)
    (passage,) = found["hits"][0]["passages"]

    assert [passage["text"][start:end] for start, end in passage["marks"]] == ["politik"]


@pytest.mark.parametrize(
    ("query", "note"),
    [("hallbar", "Menade du: hållbar?"), ("taget tid", "Menade du: tåget tid?"), ("hållbar", None)],
)
def test_dots_are_offered_to_people_only(
    query: str, note: str | None, terminal: Spawn, spawn: Spawn, index_path: Path
) -> None:
    """A word typed without å, ä or ö is offered with them on a terminal, and nowhere else."""
    shown = terminal("search", query, "--index", str(index_path)).stdout
    quiet = terminal("search", query, "-q", "--index", str(index_path)).stdout
    piped = spawn("search", query, "--index", str(index_path))

    assert [line for line in shown.splitlines() if "Menade" in line] == ([note] if note else [])
    assert "Menade" not in quiet + piped.stdout + piped.stderr


def test_a_compound_of_the_index_loads_no_dictionary(spawn: Spawn, index_path: Path) -> None:
    """A search for a compound that the index knows is explained by the index alone."""
    explained = spawn("search", "--explain-query", "jordbrukspolitik", "--index", str(index_path))

    assert explained.stdout == (
        "ranked(jordbrukspolitik, jord^0.6, bruk^0.6, politik^0.6, jordbruk^0.6)\n"
    )


def test_a_wrong_reference_is_pointed_at(spawn: Spawn, index_path: Path) -> None:
    """What stands after ref: and is no reference ends in 2, with a caret under it."""
    outcome = spawn("search", 'tåg ref:"nya planen"', "--index", str(index_path))

    assert outcome.code == 2
    assert outcome.stderr.splitlines()[-2:] == ['  tåg ref:"nya planen"', "          ^"]


def test_analyze_names_parts_and_references(spawn: Spawn) -> None:
    """`analyze --json` gives the parts of each token, and the references with their places."""
    text = "Avfallshanteringen i prop. 2015/16:100"
    said = json.loads(spawn("analyze", "--json", text).stdout)

    assert said["tokens"][0] == {
        "text": "Avfallshanteringen", "start": 0, "end": 18,
        "term": "avfallshantering", "parts": ["avfall", "hantering", "hantera"],
    }  # fmt: skip
    assert said["references"] == [{"id": "prop 2015/16:100", "start": 21, "end": 38}]
    assert text[21:38] == "prop. 2015/16:100"
