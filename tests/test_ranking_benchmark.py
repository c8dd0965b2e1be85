"""The ranking benchmark runs whole on a small scale, and compares like with like."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.machine import Machine  # noqa: E402
from benchmarks.ranking_report import (  # noqa: E402
    Measured,
    Report,
    per_query_lines,
    read_kept,
    render,
)
from searchkit.evaluation import MEASURES, Evaluation, judge  # noqa: E402

SCRIPT = ROOT / "benchmarks" / "bench_ranking.py"
KEPT = ("per-query.tsv", "ranking.json", "ranking.md")
MACHINE = Machine("AMD EPYC", 2, None, "Linux", "CPython 3.11.7", "2.4.6", None)


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmark."""
    command = [sys.executable, "-X", "utf8", str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120)


@dataclass
class Tiny:
    """One tiny run: what it printed and where it is kept."""

    finished: subprocess.CompletedProcess[str]
    home: Path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The benchmark run once on its made-up set, its answers kept too."""
    home = tmp_path_factory.mktemp("runs") / "one"
    finished = run_script("--tiny", "--runs", "--output", str(home))
    assert finished.returncode == 0, finished.stderr
    return Tiny(finished, home)


def measured(**queries: list[str]) -> Measured:
    """A set "small" whose queries, relevant to "a", are answered by these documents."""
    run = {qid: [(key, 1.0) for key in keys] for qid, keys in queries.items()}
    evaluation = judge(run, {qid: {"a": 1} for qid in queries})
    pairs = [(qid, "a", "compound") for qid in queries]
    return Measured.of("small", 3, evaluation, pairs, build_s=1.0, took_ms=[1.0, 3.0])


def report(*sets: Measured, **gold: str) -> Report:
    """A run over these sets."""
    return Report("2026-11-23", MACHINE, sets, gold)


def rows(page: str, start: str) -> list[list[str]]:
    """The cells of the lines of a page that begin with *start*, without their labels."""
    found = [line for line in page.splitlines() if line.startswith(start)]
    return [[cell.strip() for cell in line.strip("|").split("|")][1:] for line in found]


def test_tiny_run_keeps_what_it_prints(tiny: Tiny) -> None:
    """The kept page is the printed one; raw numbers, queries and answers lie beside it."""
    assert (tiny.home / "ranking.md").read_text(encoding="utf-8") == tiny.finished.stdout
    assert sorted(path.name for path in tiny.home.iterdir()) == [*KEPT, "tiny.run"]


def test_tiny_run_finds_every_title(tiny: Tiny) -> None:
    """Asked for its own title, every document is among the first hundred answers."""
    raw = json.loads((tiny.home / "ranking.json").read_text(encoding="utf-8"))["sets"]["tiny"]
    assert (raw["recall@100"], raw["unreadable"]) == (1.0, {})
    assert raw["pairs"] == {"inflection": [raw["queries"], raw["queries"]]}


def test_run_compared_with_itself_does_not_differ(tiny: Tiny) -> None:
    """Compared with the kept run of the same code, no query is better or worse."""
    finished = run_script("--tiny", "--compare", str(tiny.home))
    compared = rows(finished.stdout, "| tiny nDCG@10")
    assert [row[2:] for row in compared] == [["+0.0000", "1.0000", "0", "0"]]


def test_absent_sets_are_a_usage_error(tmp_path: Path) -> None:
    """A folder without sets, or a name of none, ends with 2 before anything is built."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "queries.tsv").touch()
    absent = run_script("--data", str(tmp_path / "none"))
    unknown = run_script("--data", str(tmp_path), "--only", "one,two")
    assert (absent.returncode, unknown.returncode) == (2, 2)
    assert "no evaluation sets at" in absent.stderr
    assert "no set 'two'; there is one" in unknown.stderr


def test_folder_without_a_kept_run_is_a_usage_error(tmp_path: Path) -> None:
    """To compare with a folder that holds no kept run ends with 2 before anything is built."""
    finished = run_script("--tiny", "--compare", str(tmp_path))
    assert finished.returncode == 2
    assert "holds no kept run" in finished.stderr


def test_pairs_are_counted_by_kind() -> None:
    """A pair is found if its document is among the first hundred answers to its query."""
    one = measured(q1=["b", "a"], q2=["b"])
    assert one.pairs == {"compound": (1, 2)}
    assert rows(render(report(one)), "| small")[1] == ["–", "0.500 of 2", "–"]


def test_mean_of_sets_weighs_each_set_alike() -> None:
    """The last row is the mean over sets, whatever their number of queries."""
    good, bad = measured(q1=["a"], q2=["a"], q3=["a"]), measured(q1=["b"])
    (mean,) = rows(render(report(good, bad)), "| **mean of sets**")
    assert mean[2:5] == ["**0.5000**"] * 3


def test_kept_lines_read_back() -> None:
    """What is kept of each query is what a later run compares with."""
    one = measured(q1=["b", "a"], q2=["a"])
    lines = list(per_query_lines(report(one)))
    assert lines[0].split("\t") == ["set", "query", *MEASURES]
    assert lines[2].split("\t") == ["small", "q2", "1", "1", "1"]


def test_other_queries_are_not_compared(tmp_path: Path) -> None:
    """A kept run of other queries is called not comparable."""
    lines = per_query_lines(report(measured(q1=["a"])))
    (tmp_path / "per-query.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = render(report(measured(q2=["a"])), read_kept(tmp_path))
    assert rows(page, "| small")[-1][0] == "not comparable"


def test_gold_words_stand_on_the_page() -> None:
    """What a script of gold words printed is shown under its name."""
    page = render(report(measured(q1=["a"]), gold_lemmas="F 0.97"))
    assert page.endswith("\n## gold_lemmas\n\n```text\nF 0.97\n```\n")


def test_kept_runs_of_the_project_read() -> None:
    """Every run that the project keeps can be compared with."""
    homes = sorted((ROOT / "benchmarks" / "runs").glob("*/per-query.tsv"))
    assert homes
    for home in homes:
        for queries in read_kept(home.parent).values():
            evaluation = Evaluation(queries, {}, "a kept run")
            assert all(0 < mean < 1 for mean in evaluation.means.values())
