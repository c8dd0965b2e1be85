"""``analyze``, ``stats``, ``verify``, ``completion``."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
from cli_fakes import FakeIndex
from click.testing import Result

import searchkit
from searchkit.errors import CorruptIndexError
from searchkit.model import Reference, Token

Run = Callable[..., Result]

TOKENS = [
    Token("Jordbrukspolitikens", 0, 19, "jordbrukspolitik", ("jord", "bruk", "politik")),
    Token("mål", 20, 23, "mål"),
]
REFERENCES = [Reference("prop 2015/16:100", 24, 41)]


@pytest.fixture
def analyzed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []

    class Analyzer:
        def analyze(self, text: str) -> list[Token]:
            texts.append(text)
            return TOKENS

        def references(self, _text: str) -> list[Reference]:
            return REFERENCES

    monkeypatch.setattr(searchkit, "Analyzer", Analyzer, raising=False)
    return texts


def test_analyze_joins_its_arguments(run: Run, analyzed: list[str]) -> None:
    """Several arguments are one text, with spaces between."""
    run("analyze", "jordbrukspolitikens", "mål")

    assert analyzed == ["jordbrukspolitikens mål"]


def test_analyze_in_a_pipe(run: Run, analyzed: list[str]) -> None:
    """In a pipe a token is one line: word, term, parts, place."""
    assert run("analyze", "x").stdout == (
        "Jordbrukspolitikens\tjordbrukspolitik\tjord bruk politik\t0-19\nmål\tmål\t\t20-23\n"
    )


def test_analyze_json(run: Run, analyzed: list[str]) -> None:
    """--json prints tokens and references with exactly the promised keys."""
    assert json.loads(run("analyze", "x", "--json").stdout) == {
        "tokens": [
            {
                "text": "Jordbrukspolitikens",
                "start": 0,
                "end": 19,
                "term": "jordbrukspolitik",
                "parts": ["jord", "bruk", "politik"],
            },
            {"text": "mål", "start": 20, "end": 23, "term": "mål", "parts": []},
        ],
        "references": [{"id": "prop 2015/16:100", "start": 24, "end": 41}],
    }


def test_stats_in_a_pipe(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe a figure is a line: name, tab, digits; what is unknown is left out."""
    FakeIndex().install(monkeypatch)

    assert run("stats").stdout == (
        "path\tindex\ndocuments\t12345\ntypes: motion\t12000\ntypes: prop\t345\n"
    )


def test_stats_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--json prints every figure, unknown ones as null."""
    FakeIndex().install(monkeypatch)

    assert json.loads(run("stats", "--json").stdout) == {
        "path": "index",
        "documents": 12345,
        "types": {"motion": 12000, "prop": 345},
        "first_date": None,
    }


@dataclass
class FakeVerifyReport:
    documents: int = 3
    files: int = 7


def test_verify(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound index is told with what was checked."""
    monkeypatch.setattr(searchkit, "verify", lambda _: FakeVerifyReport(), raising=False)

    result = run("verify")

    assert (result.exit_code, result.stdout) == (0, "documents\t3\nfiles\t7\nverdict\tsound\n")


def test_verify_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--json prints the library's report."""
    monkeypatch.setattr(searchkit, "verify", lambda _: FakeVerifyReport(), raising=False)

    assert json.loads(run("verify", "--json").stdout) == {"documents": 3, "files": 7}


def test_verify_damaged(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged index ends in 2 and names the file."""

    def verify(path: Path) -> None:
        raise CorruptIndexError(path / "terms", "checksum")

    monkeypatch.setattr(searchkit, "verify", verify, raising=False)

    result = run("verify")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "terms' is damaged: checksum" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(shell: str, run: Run) -> None:
    """Each shell gets a script that asks this program."""
    result = run("completion", shell)

    assert result.exit_code == 0
    assert f"_SEARCHKIT_COMPLETE={shell}_complete" in result.stdout


@pytest.mark.skipif(which("bash") is None, reason="there is no bash")
def test_completion_script_is_bash(run: Run) -> None:
    """bash can parse its script."""
    script = run("completion", "bash").stdout

    checked = subprocess.run(["bash", "-n"], input=script, text=True, check=False)

    assert checked.returncode == 0


def test_completion_completes(run: Run) -> None:
    """The variable that the scripts set makes the program list what may follow."""
    result = run(_SEARCHKIT_COMPLETE="bash_complete", COMP_WORDS="searchkit ver", COMP_CWORD="1")

    assert result.stdout == "plain,verify\n"


def test_completion_completes_options(run: Run) -> None:
    """Options of a command are completed too."""
    result = run(
        _SEARCHKIT_COMPLETE="bash_complete", COMP_WORDS="searchkit search --js", COMP_CWORD="2"
    )

    assert result.stdout.split() == ["plain,--json", "plain,--jsonl"]
