"""The program as a process: streams, terminals, pipes, signals, start-up; on a real index."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runs import DOCUMENTS, Outcome

import searchkit

Spawn = Callable[..., Outcome]
ESCAPE = re.compile(r"\x1b")
ROOT = Path(searchkit.__file__).parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")


def long_document(index_path: Path) -> str:
    """The id of the document that is longer than any pipe."""
    with searchkit.open(index_path) as index:
        return str(index.search("jordbruket", limit=1)[0].id)


def test_search_finds_the_document(spawn: Spawn, index_path: Path) -> None:
    """A search in a pipe prints a line for the document that answers, and nothing on stderr."""
    outcome = spawn("search", "hållbar", "produktion", "--index", str(index_path))

    assert (outcome.code, outcome.stderr) == (0, "")
    first = outcome.stdout.splitlines()[0].split("\t")
    assert len(first) == 3
    assert "motion" in first[0]
    assert "hållbar produktion" in first[2]


def test_search_json_marks_the_words(spawn: Spawn, index_path: Path) -> None:
    """The marks of the JSON object cut the matched words out of the passage's text."""
    outcome = spawn("search", "återvinning", "--json", "--index", str(index_path))

    (hit,) = json.loads(outcome.stdout)["hits"]
    passage = hit["passages"][0]
    (start, end), *_ = passage["marks"]
    assert passage["text"][start:end].lower().startswith("återvinning")


def test_search_offsets_lead_into_the_shown_text(spawn: Spawn, index_path: Path) -> None:
    """A passage's start and end are places in what `show --text` prints."""
    found = spawn("search", "återvinning", "--jsonl", "--index", str(index_path))
    hit = json.loads(found.stdout)
    passage = hit["passages"][0]

    text = spawn("show", hit["id"], "--text", "--index", str(index_path)).stdout

    assert text[passage["start"] : passage["end"]] == passage["text"]


def test_search_without_hits(spawn: Spawn, index_path: Path) -> None:
    """A word that stands nowhere ends in 1, silently."""
    outcome = spawn("search", "kvantdator", "--index", str(index_path))

    assert (outcome.code, outcome.stdout) == (1, "")


def test_search_on_a_terminal(terminal: Spawn, index_path: Path) -> None:
    """On a terminal a hit is drawn with its marks in colour, and counted."""
    outcome = terminal("search", "återvinning", "--index", str(index_path))

    assert outcome.code == 0
    assert "\x1b[1;33måtervinning\x1b[0m" in outcome.stdout
    assert "Cirkulär ekonomi" in outcome.stdout
    assert re.search(r"^1 hit \(\d+\.\d ms\)$", outcome.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("args", "env"),
    [
        (("search", "återvinning"), {"NO_COLOR": "1"}),
        (("search", "återvinning"), {"TERM": "dumb"}),
        (("search", "återvinning", "--color", "never"), {}),
        (("analyze", "återvinning"), {"NO_COLOR": "1"}),
    ],
    ids=["NO_COLOR", "TERM=dumb", "--color never", "analyze"],
)
def test_no_colour_on_a_terminal(
    args: tuple[str, ...], env: dict[str, str], terminal: Spawn, index_path: Path
) -> None:
    """NO_COLOR, a dumb terminal and --color never each mean no escape sequence at all."""
    outcome = terminal(*args, SEARCHKIT_INDEX=str(index_path), **env)

    assert "återvinning" in outcome.stdout
    assert not ESCAPE.search(outcome.stdout)


def test_document_cannot_reach_the_terminal(terminal: Spawn, index_path: Path) -> None:
    """An escape sequence of a document is disarmed, its markup shown, when a hit is drawn."""
    outcome = terminal("search", "tågen", "--index", str(index_path))

    assert "\x1b]0;" not in outcome.stdout
    assert "[bold]fet[/bold]" in outcome.stdout


def test_shown_document_cannot_reach_the_terminal(terminal: Spawn, index_path: Path) -> None:
    """`show` on a terminal sends no escape sequence."""
    with searchkit.open(index_path) as index:
        key = index.search("tågen", limit=1)[0].id

    outcome = terminal("show", key, "--index", str(index_path))

    assert "gå i tid" in outcome.stdout
    assert not ESCAPE.search(outcome.stdout)


def test_drawn_lines_fit_the_terminal(terminal: Spawn, index_path: Path) -> None:
    """No line that is drawn is wider than the terminal's 80 columns, or ends in spaces."""
    outcome = terminal("search", "stöd", "--color", "never", "--index", str(index_path))

    lines = outcome.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line != line.rstrip()] == []


@posix
@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_utf8_whatever_the_locale(locale: str, spawn: Spawn, index_path: Path) -> None:
    """Arguments and output are UTF-8 even where the locale is ASCII."""
    outcome = spawn(
        "search", "återvinning", "--json", "--index", str(index_path),
        LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0",
    )  # fmt: skip

    assert outcome.code == 0
    assert json.loads(outcome.stdout)["query"] == "återvinning"


@posix
@pytest.mark.parametrize("args", [("search", "stöd", "--json"), ("show",), ("--help",)])
def test_closed_pipe_is_quiet(args: tuple[str, ...], index_path: Path) -> None:
    """Writing to a pipe that nobody reads ends with 0 and without a word."""
    if args == ("show",):
        args = ("show", long_document(index_path))
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "searchkit", *args],
            stdout=theirs,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SEARCHKIT_INDEX": str(index_path)},
            timeout=60,
            check=False,
        )
    finally:
        os.close(theirs)

    assert (done.returncode, done.stderr) == (0, b"")


@posix
def test_pipe_that_closes_early_is_quiet(index_path: Path) -> None:
    """A reader that takes the beginning and leaves, as `head` does, is no error."""
    with subprocess.Popen(
        [sys.executable, "-m", "searchkit", "show", long_document(index_path), "--text"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SEARCHKIT_INDEX": str(index_path)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        told = process.stderr.read()
        code = process.wait(timeout=60)

    assert (code, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_disk_is_one_message() -> None:
    """Output that cannot be written ends in 2 with one sentence."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "searchkit", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=60,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.decode().startswith("error: no space left on device")
    assert done.stderr.count(b"\n") == 1


@posix
def test_ctrl_c() -> None:
    """Ctrl-C ends a working command with 130, without a traceback."""
    program = (
        "import searchkit, time, sys\n"
        "def verify(path):\n"
        "    print('working', flush=True)\n"
        "    time.sleep(30)\n"
        "searchkit.verify = verify\n"
        "from searchkit.cli.app import main\n"
        "main(['verify'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"working\n"
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)

    assert (process.returncode, told) == (130, b"")


@posix
def test_closed_stdout_is_no_error(index_path: Path) -> None:
    """A caller may close stdout and look at the exit status alone."""
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m searchkit search stöd >&-', sys.executable],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SEARCHKIT_INDEX": str(index_path)},
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")


def imported(*args: str, index_path: Path) -> set[str]:
    """The top-level modules that a command line imports."""
    program = (
        "import sys\n"
        "from searchkit.cli.app import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "finally:\n"
        "    names = {name.partition('.')[0] for name in sys.modules}\n"
        "    print(*names, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *args],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SEARCHKIT_INDEX": str(index_path)},
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return set(done.stderr.split())


def test_help_imports_nothing_heavy(index_path: Path) -> None:
    """Help costs no import of arrays, query parser or terminal library."""
    heavy = {"numpy", "whoosh", "rich", "simplemma", "snowballstemmer"}

    assert imported("search", "--help", index_path=index_path) & heavy == set()


def test_piped_search_imports_no_rich(index_path: Path) -> None:
    """A search in a pipe starts without the terminal library, and loads no dictionary."""
    assert imported("search", "stöd", index_path=index_path) & {"rich", "simplemma"} == set()


def test_reindex_stats_verify(spawn: Spawn, corpus_path: Path, tmp_path: Path) -> None:
    """An index that was just built is counted and found sound."""
    built = spawn("reindex", str(corpus_path), "--json", "--processes", "1")
    stats = spawn("stats", "--json")
    verified = spawn("verify", "--json")

    assert [built.code, stats.code, verified.code] == [0, 0, 0]
    assert (tmp_path / "index" / "manifest.json").exists()
    counts = [json.loads(outcome.stdout)["documents"] for outcome in (built, stats, verified)]
    assert counts == [len(DOCUMENTS)] * 3


def test_reindex_again_changes_nothing(spawn: Spawn, corpus_path: Path) -> None:
    """A second reindex of the same corpus finds every document unchanged."""
    spawn("reindex", str(corpus_path), "--processes", "1")

    report = json.loads(spawn("reindex", str(corpus_path), "--json", "--processes", "1").stdout)

    assert (report["unchanged"], report["added"]) == (len(DOCUMENTS), 0)


def test_reindex_on_a_terminal(terminal: Spawn, corpus_path: Path) -> None:
    """On a terminal the bar is gone at the end and the summary stays."""
    outcome = terminal("reindex", str(corpus_path), "--processes", "1")

    assert outcome.code == 0
    assert f"{len(DOCUMENTS)} documents in the index" in outcome.stdout.splitlines()[-1]


def test_missing_corpus(spawn: Spawn) -> None:
    """A corpus that is not there ends in 2 with one sentence."""
    outcome = spawn("reindex", "nowhere")

    assert outcome.code == 2
    assert outcome.stderr.startswith("error: no corpus at 'nowhere'")


def test_unknown_document(spawn: Spawn, index_path: Path) -> None:
    """An id that is not there ends in 2."""
    outcome = spawn("show", "finns-inte", "--index", str(index_path))

    assert outcome.code == 2
    assert outcome.stderr.startswith("error: no document 'finns-inte'")


def test_unbalanced_quote(spawn: Spawn, index_path: Path) -> None:
    """A query that cannot be parsed ends in 2, with a caret."""
    outcome = spawn("search", 'om "tåg', "--index", str(index_path))

    assert outcome.code == 2
    assert outcome.stderr.splitlines()[1:] == ['  om "tåg', "     ^"]


def test_explain_query(spawn: Spawn, index_path: Path) -> None:
    """--explain-query prints how a real query is read."""
    outcome = spawn("search", "hållbara", "--explain-query", "--index", str(index_path))

    assert outcome.code == 0
    assert "hållbar" in outcome.stdout


def test_analyze(spawn: Spawn) -> None:
    """analyze needs no index, and its offsets cut the words out of the text."""
    text = "Hållbara konsumtionsmönster"

    tokens = json.loads(spawn("analyze", text, "--json").stdout)["tokens"]

    assert [text[token["start"] : token["end"]] for token in tokens] == text.split()
