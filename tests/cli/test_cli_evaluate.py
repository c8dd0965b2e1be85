"""``searchkit evaluate``: what it measures, writes and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from cli_runs import Outcome
from click.testing import Result

import searchkit
from searchkit.errors import QuerySyntaxError

Run = Callable[..., Result]

ANSWERS = {"hållbar produktion": ["H501", "H502"], "tågen i tid": ["H502", "H503", "H501"]}
QUERIES = "q1\thållbar produktion\nq2\ttågen i tid\n"
QRELS = "q1\t0\tH501\t1\nq2\t0\tH503\t1\nq2\t0\tH502\t0\n"
MRR = (1 + 1 / 2) / 2


class FakeIndex:
    """An index of three documents that knows two questions, and cannot read any other."""

    snapshot = SimpleNamespace(find=lambda key: key if key in ("H501", "H502", "H503") else None)

    def __enter__(self) -> FakeIndex:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def search(self, query: str, *, limit: int, passages: int) -> list[SimpleNamespace]:
        if query not in ANSWERS:
            raise QuerySyntaxError("the quote is not closed", text=query, position=0)
        return [SimpleNamespace(id=key, score=1.0) for key in ANSWERS[query]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the files of two judged queries; we are in it."""
    monkeypatch.setattr(searchkit, "open", lambda path: FakeIndex(), raising=False)
    monkeypatch.chdir(tmp_path)
    Path("queries.tsv").write_text(QUERIES, encoding="utf-8")
    Path("qrels.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def measure(run: Run) -> Run:
    """Run `evaluate` on the two files, with more arguments."""
    return lambda *args: run("evaluate", "--queries", "queries.tsv", "--qrels", "qrels.tsv", *args)


def test_figures_in_a_pipe(measure: Run) -> None:
    """In a pipe a figure is a line: name, tab, digits."""
    result = measure()

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "queries\t2\nndcg@10\t0.8155\nrecall@100\t1.0000\nmrr@10\t0.7500\n"


def test_json_has_stable_keys(measure: Run) -> None:
    """--json prints every key, null for what was not asked for."""
    shown = json.loads(measure("--json").stdout)

    assert shown.pop("measured_by").split()[0] in ("ir-measures", "searchkit")
    assert shown.pop("ndcg@10") == pytest.approx(0.8155, abs=1e-4)
    assert shown == {
        "queries": 2,
        "recall@100": 1.0,
        "mrr@10": MRR,
        "unreadable": [],
        "left_out": [],
        "per_query": None,
        "comparison": None,
    }


def test_per_query_in_a_pipe(measure: Run) -> None:
    """--per-query prints a heading and one row a query, in the order of the queries."""
    assert measure("--per-query").stdout == (
        "query\tndcg@10\trecall@100\tmrr@10\n"
        "q1\t1.0000\t1.0000\t1.0000\n"
        "q2\t0.6309\t1.0000\t0.5000\n"
    )


def test_per_query_in_json(measure: Run) -> None:
    """--per-query adds the values of each query, unrounded, to the object."""
    shown = json.loads(measure("--per-query", "--json").stdout)

    assert list(shown["per_query"]) == ["q1", "q2"]
    assert shown["per_query"]["q1"] == {"ndcg@10": 1.0, "recall@100": 1.0, "mrr@10": 1.0}


def test_run_is_written_and_measured_again(measure: Run, run: Run) -> None:
    """--run keeps the answers; measured with --from they give the same figures, without queries."""
    measured = measure("--run", "kept.trec")

    again = run("evaluate", "--qrels", "qrels.tsv", "--from", "kept.trec")

    assert Path("kept.trec").read_text(encoding="utf-8").startswith("q1\tQ0\tH501\t1\t1.0\t")
    assert (again.exit_code, again.stdout) == (0, measured.stdout)


@pytest.fixture
def worse(folder: Path) -> str:
    """A kept run that finds the answer of the first query at the second place only."""
    path = folder / "worse.trec"
    path.write_text("q1 Q0 H502 1 2 x\nq1 Q0 H501 2 1 x\nq2 Q0 H502 1 2 x\nq2 Q0 H503 2 1 x\n")
    return str(path)


def test_comparison_in_a_pipe(measure: Run, worse: str) -> None:
    """--compare adds, for each measure, the other's mean, the difference and p."""
    lines = measure("--compare", worse).stdout.splitlines()

    assert lines[1:4] == ["ndcg@10\t0.8155", "recall@100\t1.0000", "mrr@10\t0.7500"]
    assert lines[-3:] == ["mrr@10 other\t0.5000", "mrr@10 difference\t0.2500", "mrr@10 p\t1.0000"]
    assert len(lines) == 1 + 3 + 3 * 3


def test_comparison_in_json(measure: Run, worse: str) -> None:
    """In JSON the comparison also counts the queries that are better, worse, the same."""
    shown = json.loads(measure("--compare", worse, "--json").stdout)["comparison"]

    assert list(shown) == ["ndcg@10", "recall@100", "mrr@10"]
    assert shown["mrr@10"] == {
        "other": 0.5, "difference": 0.25, "p": 1.0, "better": 1, "worse": 0, "same": 1,
    }  # fmt: skip


def test_two_kept_runs_are_compared_without_an_index(
    run: Run, worse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--from with --compare opens no index."""
    monkeypatch.delattr(searchkit, "open")

    result = run("evaluate", "--qrels", "qrels.tsv", "--from", worse, "--compare", worse)

    assert result.exit_code == 0
    assert "mrr@10 difference\t0.0000\n" in result.stdout


def test_unreadable_query_counts_zero(measure: Run) -> None:
    """A query that cannot be read counts 0, is named on stderr, and is no failure."""
    Path("queries.tsv").write_text('q1\thållbar produktion\nq2\t"tågen\n', encoding="utf-8")

    result = measure("--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["mrr@10"] == 0.5
    assert json.loads(result.stdout)["unreadable"] == [
        {"query": "q2", "reason": "the quote is not closed"}
    ]
    assert result.stderr == "unreadable, counts 0: q2: the quote is not closed\n"


def test_unknown_document_is_refused(measure: Run) -> None:
    """A relevant document that is not in the index ends with 2 and names file and line."""
    Path("qrels.tsv").write_text(f"{QRELS}q2\t0\tH999\t1\n", encoding="utf-8")

    result = measure()

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: qrels.tsv:4: no document 'H999' in this index; ")


def test_query_without_relevant_document_is_refused(measure: Run) -> None:
    """A query without a relevant document ends with 2 and names file and line."""
    Path("queries.tsv").write_text(f"{QUERIES}q3\tavfall\n", encoding="utf-8")

    result = measure()

    assert result.exit_code == 2
    assert result.stderr.startswith("error: queries.tsv:3: query 'q3' has no relevant document")


def test_lenient_measures_the_rest(measure: Run) -> None:
    """With --lenient missing documents are not found, and queries without any are left out."""
    Path("qrels.tsv").write_text(f"{QRELS}q2\t0\tH999\t1\n", encoding="utf-8")
    Path("queries.tsv").write_text(f"{QUERIES}q3\tavfall\n", encoding="utf-8")

    result = measure("--lenient", "--json")

    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["queries"], shown["left_out"]) == (0, 2, ["q3"])
    assert shown["recall@100"] == (1 + 1 / 2) / 2
    assert result.stderr == "left out, without a relevant document: q3\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--queries", "queries.tsv"], "missing option '--qrels'"),
        (["--qrels", "qrels.tsv"], "missing option '--queries'"),
        (["--qrels", "none.tsv", "--queries", "queries.tsv"], "'none.tsv' does not exist"),
    ],
)
def test_misuse(arguments: list[str], message: str, run: Run) -> None:
    """A file that is missing ends with 2 and says which option wants it."""
    result = run("evaluate", *arguments)

    assert result.exit_code == 2
    assert message in result.stderr


def test_run_that_cannot_be_written(measure: Run) -> None:
    """A folder that is not there is one message, not a traceback."""
    result = measure("--run", "nowhere/kept.trec")

    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "nowhere/kept.trec" in result.stderr


def test_drawn_on_a_terminal(
    terminal: Callable[..., Outcome], index_path: Path, folder: Path
) -> None:
    """On a terminal the means stand in columns under a heading, with how far off they may be."""
    Path("queries.tsv").write_text("q1\thållbar produktion\nq2\tåtervinning\n", encoding="utf-8")
    Path("qrels.tsv").write_text(
        "q1\t0\tmotion.txt\t1\nq2\t0\tbetankande.md\t1\n", encoding="utf-8"
    )

    files = ["--queries", "queries.tsv", "--qrels", "qrels.tsv"]
    outcome = terminal("evaluate", *files, "--index", str(index_path))

    assert outcome.code == 0
    assert outcome.stdout.splitlines() == [
        "2 queries     mean   ±95 %",
        "ndcg@10     1.0000  0.0000",
        "recall@100  1.0000  0.0000",
        "mrr@10      1.0000  0.0000",
    ]
