"""``searchkit search``: what it asks the library, and how the answer is written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from cli_fakes import FakeHit, FakeIndex, passage
from click.testing import Result

import searchkit
from searchkit.errors import IndexNotFoundError, QuerySyntaxError

Run = Callable[..., Result]


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> FakeIndex:
    return FakeIndex(hits=[FakeHit(passages=(passage(),))]).install(monkeypatch)


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_words_are_joined_to_one_query(run: Run, index: FakeIndex) -> None:
    """Several arguments are one query, with spaces between."""
    run("search", "hållbar", "produktion")

    assert index.asked["query"] == "hållbar produktion"


def test_word_after_two_dashes_may_begin_with_a_dash(run: Run, index: FakeIndex) -> None:
    """After `--` every argument belongs to the query."""
    run("search", "--", "avfall", "-förbränning", "--json")

    assert index.asked["query"] == "avfall -förbränning --json"


def test_options_reach_the_library(run: Run, index: FakeIndex) -> None:
    """Index, limit, offset and passages are passed on as given."""
    run("search", "x", "--index", "other", "-n", "7", "--offset", "2", "-p", "4")

    assert index.asked == {
        "path": "other", "query": "x", "limit": 7, "passages": 4, "offset": 2, "closed": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "passages"), [([], 1), (["--csv"], 1), (["--json"], 3), (["--jsonl"], 3)]
)
def test_passages_asked_for_by_default(
    flags: list[str], passages: int, run: Run, index: FakeIndex
) -> None:
    """One line or row needs one passage; a JSON object holds three, wherever it goes."""
    run("search", "x", *flags)

    assert index.asked["passages"] == passages


def test_hits_exit_0(run: Run, index: FakeIndex) -> None:
    """The exit status is 0 if there are hits."""
    assert run("search", "x").exit_code == 0


@pytest.mark.parametrize("flags", [[], ["--json"], ["--jsonl"], ["--csv"], ["-q"]])
def test_no_hits_exit_1(flags: list[str], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit status is 1 if there are no hits, in whatever form they are printed."""
    FakeIndex().install(monkeypatch)

    assert run("search", "x", *flags).exit_code == 1


def test_plain_line(run: Run, index: FakeIndex) -> None:
    """In a pipe a hit is one line: id, page, passage, tabs between, and nothing else."""
    assert run("search", "x").output == "H501\t12\ten hållbar produktion\n"


@pytest.mark.parametrize(
    ("page", "section", "place"),
    [("12", None, "12"), (None, "1.2\tMål", "1.2 Mål"), (None, None, "")],
)
def test_place_is_page_or_section_or_empty(
    page: str | None, section: str | None, place: str, run: Run, index: FakeIndex
) -> None:
    """The second column is the page, without one the heading, without either empty."""
    index.hits = [FakeHit(passages=(passage("text", page=page, section=section),))]

    assert run("search", "x").stdout == f"H501\t{place}\ttext\n"


def test_plain_line_is_one_line(run: Run, index: FakeIndex) -> None:
    """White space inside an id or a passage is collapsed, however it breaks lines."""
    text = "  två\r\n\n rader\toch\u2028tre \x85"
    index.hits = [FakeHit(id="a\tb", passages=(passage(text, page=None, section=None),))]

    assert run("search", "x").stdout == "a b\t\ttvå rader och tre\n"


def test_plain_line_without_passages_shows_the_title(run: Run, index: FakeIndex) -> None:
    """A hit without passages still says what it is."""
    index.hits = [FakeHit()]

    assert run("search", "x", "-p", "0").stdout == "H501\t\tCirkulär ekonomi\n"


def test_plain_line_with_more_passages_is_still_one(run: Run, index: FakeIndex) -> None:
    """Passages asked for in a pipe stand in one line, an ellipsis between."""
    index.hits = [FakeHit(passages=(passage("ett"), passage("två", page="14")))]

    assert run("search", "x", "-p", "2").stdout == "H501\t12\tett … två\n"


def test_markup_in_a_document_is_text(run: Run, index: FakeIndex) -> None:
    """What looks like markup is printed as it stands."""
    index.hits = [FakeHit(passages=(passage("[bold]x[/bold] :smile:"),))]

    assert run("search", "x").stdout == "H501\t12\t[bold]x[/bold] :smile:\n"


def test_escape_sequence_in_a_document_is_disarmed(run: Run, index: FakeIndex) -> None:
    """No control character of a document reaches the output."""
    index.hits = [FakeHit(id="a\x1bb", passages=(passage("x \x1b[2J \x9b2J y"),))]

    assert run("search", "x").stdout == "a\ufffdb\t12\tx \ufffd[2J \ufffd2J y\n"


def test_colour_in_a_pipe_when_asked(run: Run, index: FakeIndex) -> None:
    """--color always marks what matched in a pipe too."""
    index.hits = [FakeHit(passages=(passage("en hållbar väg", marks=((3, 10),)),))]

    assert run("search", "x", "--color", "always").stdout == (
        "H501\t12\ten \x1b[1;33mhållbar\x1b[0m väg\n"
    )


def test_json_object(run: Run, index: FakeIndex) -> None:
    """--json prints one object with exactly the promised keys, absent values null."""
    index.hits = [FakeHit(type=None, passages=(passage("å", page=None, marks=((0, 1),)),))]

    assert json.loads(run("search", "ö", "--json").stdout) == {
        "query": "ö",
        "total": 1,
        "took_ms": 0.8,
        "relaxed": False,
        "hits": [
            {
                "rank": 1,
                "id": "H501",
                "score": 2.5,
                "title": "Cirkulär ekonomi",
                "type": None,
                "date": "2016-04-12",
                "path": None,
                "url": None,
                "passages": [
                    {
                        "text": "å",
                        "start": 100,
                        "end": 101,
                        "page": None,
                        "section": "Bakgrund",
                        "marks": [[0, 1]],
                        "citation": "Cirkulär ekonomi, s. 12",
                    }
                ],
            }
        ],
    }


def test_json_without_hits(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--json prints the object also when there are no hits."""
    FakeIndex().install(monkeypatch)

    assert json.loads(run("search", "x", "--json").stdout)["hits"] == []


def test_json_is_utf8_not_escapes(run: Run, index: FakeIndex) -> None:
    """å ä ö are written as themselves."""
    assert "Cirkulär" in run("search", "x", "--json").stdout


@pytest.mark.parametrize("character", ["\x1b", "\x9b", "\u2028", "\x85", "\u202e", "\ud800"])
def test_json_escapes_what_breaks_lines_or_terminals(
    character: str, run: Run, index: FakeIndex
) -> None:
    """A harmful character is escaped in JSON, and read back as it was."""
    index.hits = [FakeHit(title=f"a{character}b")]

    printed = run("search", "x", "--jsonl").stdout

    assert character not in printed
    assert json.loads(printed)["title"] == f"a{character}b"


def test_jsonl_is_one_hit_a_line(run: Run, index: FakeIndex) -> None:
    """--jsonl prints the hits of --json, one a line."""
    index.hits = [FakeHit(id="a"), FakeHit(id="b", rank=2)]

    lines = run("search", "x", "--jsonl").stdout.splitlines()

    assert [json.loads(line) for line in lines] == json.loads(run("search", "x", "--json").stdout)[
        "hits"
    ]


def test_csv_row(run: Run, index: FakeIndex) -> None:
    """--csv prints a header and a row a hit; what is absent is empty, the passage unchanged."""
    index.hits = [
        FakeHit(passages=(passage('a, "b"\nc', page=None),)),
        FakeHit(id="H502", rank=2, title=None),
    ]

    rows = list(csv.reader(io.StringIO(run("search", "x", "--csv").stdout)))

    assert rows == [
        ["rank", "id", "score", "title", "type", "date", "path", "url",
         "passage", "start", "end", "page", "section"],
        ["1", "H501", "2.5", "Cirkulär ekonomi", "motion", "2016-04-12", "", "",
         'a, "b"\nc', "100", "108", "", "Bakgrund"],
        ["2", "H502", "2.5", "", "motion", "2016-04-12", "", "", "", "", "", "", ""],
    ]  # fmt: skip


def test_csv_without_hits_has_its_header(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table without rows still names its columns."""
    FakeIndex().install(monkeypatch)

    assert run("search", "x", "--csv").stdout.startswith("rank,id,")


@pytest.mark.parametrize("flags", [["--json", "--csv"], ["--jsonl", "--explain-query"]])
def test_forms_exclude_each_other(flags: list[str], run: Run, index: FakeIndex) -> None:
    """Two forms of output are a misuse."""
    result = run("search", "x", *flags)

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{flags[0]} and {flags[1]} exclude each other" in result.stderr


def test_explain_query(run: Run, index: FakeIndex) -> None:
    """--explain-query prints how the query is read, and does not search."""
    result = run("search", "hållbar", "--explain-query")

    assert (result.exit_code, result.stdout) == (0, "Term(hållbar)\n")
    assert "limit" not in index.asked


def test_no_count_in_a_pipe(run: Run, index: FakeIndex) -> None:
    """Where stderr is no terminal there is no count on it."""
    assert run("search", "x").stderr == ""


@pytest.mark.parametrize(("flags", "told"), [([], True), (["-q"], False), (["--json"], False)])
def test_relaxed_answer_says_so(flags: list[str], told: bool, run: Run, index: FakeIndex) -> None:
    """That no document holds all the words is told, unless -q or the JSON object tells it."""
    index.relaxed = True

    assert ("no document holds all the words" in run("search", "x", *flags).stderr) is told


def test_query_error_points_at_its_place(
    run: Run, index: FakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query that cannot be parsed ends in 2, with a caret under the place."""
    error = QuerySyntaxError("the quote is not closed", text='om "x', position=3)
    monkeypatch.setattr(index, "search", raising(error))

    result = run("search", 'om "x')

    assert result.exit_code == 2
    assert result.stderr == 'error: the quote is not closed\n  om "x\n     ^\n'


def test_query_is_one_line(run: Run, index: FakeIndex) -> None:
    """A line break in the query becomes a space, so that a caret can point into it."""
    run("search", "om\n\t tåg")

    assert index.asked["query"] == "om   tåg"


def test_missing_index_exit_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an index the message says how to build one."""
    from pathlib import Path

    monkeypatch.setattr(searchkit, "open", raising(IndexNotFoundError(Path("x"))), raising=False)

    result = run("search", "x", "--index", "x")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "searchkit reindex" in result.stderr


@pytest.mark.parametrize(
    "args", [[], ["x", "-n", "0"], ["x", "-p", "-1"], ["x", "--offset", "-1"], ["x", "-n", "tio"]]
)
def test_misuse_exit_2(args: list[str], run: Run, index: FakeIndex) -> None:
    """A missing query or a number out of range is a misuse, told with the usage line."""
    result = run("search", *args)

    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: searchkit search ")


def test_dash_word_gets_a_hint(run: Run, index: FakeIndex) -> None:
    """A query word taken for an option is answered with how to write it."""
    assert "goes after '--'" in run("search", "avfall", "-förbränning").stderr
