"""The benchmark runs whole on a small scale, and catches engines that answer wrongly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import engines  # noqa: E402
from benchmarks.building import Build, BuildError, build_in_subprocess  # noqa: E402
from benchmarks.corpora import Corpus, survey, write_tiny  # noqa: E402
from benchmarks.engines.contract import KINDS, Query, in_words  # noqa: E402
from benchmarks.machine import Machine  # noqa: E402
from benchmarks.queries import sample_queries  # noqa: E402
from benchmarks.report import CorpusRun, Run, render  # noqa: E402
from benchmarks.timing import BARE, MODES, PASSAGES, Timing, time_queries  # noqa: E402

SCRIPT = ROOT / "benchmarks" / "bench_engines.py"
MACHINE = Machine("AMD EPYC", 2, None, "Linux", "CPython 3.11.7", "2.4.6", None)


def run_script(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the benchmark; modules in the folder *path* hide installed ones of the same name."""
    environment = dict(os.environ, PYTHONIOENCODING="utf-8")
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120
    )


def installed_engines() -> list[str]:
    """Return the engines that can be measured here."""
    names: list[str] = []
    for name in engines.MODULES:
        try:
            engines.load(name)
        except ImportError:
            continue
        names.append(name)
    return names


@dataclass
class Tiny:
    """One tiny run: what it printed and what it kept."""

    finished: subprocess.CompletedProcess[str]
    home: Path

    @property
    def raw(self) -> Any:
        """The kept raw numbers."""
        return json.loads((self.home / "engines.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The whole benchmark run once on its made-up corpus, with every installed engine."""
    folder = tmp_path_factory.mktemp("runs")
    finished = run_script("--tiny", "--output", str(folder))
    assert finished.returncode == 0, finished.stderr
    (home,) = folder.iterdir()
    return Tiny(finished, home)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The made-up corpus, smaller still."""
    return survey(write_tiny(tmp_path_factory.mktemp("corpus"), count=20, seed=1))


@dataclass
class FakeSession:
    """An engine that gives the same answer to everything."""

    hits: int = 10
    marked: int = 10

    def write(self, query: Query) -> str | None:
        return in_words(query)

    def search(self, text: str) -> int:
        return self.hits

    def search_with_passages(self, text: str) -> tuple[int, int]:
        return self.hits, self.marked

    def close(self) -> None:
        pass


class RaisingSession(FakeSession):
    """An engine that cannot read any query."""

    def search(self, text: str) -> int:
        raise RuntimeError("no such operator")


QUERIES = {kind: [Query(kind, ("hållbar", "produktion"))] for kind in KINDS}


def test_tiny_run_measures_every_installed_engine(tiny: Tiny) -> None:
    """A run builds and asks every engine that is installed, and none fails."""
    assert installed_engines() == [build["engine"] for build in tiny.raw["corpora"][0]["builds"]]
    assert tiny.raw["failed"] == {}


def test_tiny_run_measures_searchkit(tiny: Tiny) -> None:
    """searchkit itself is measured in every class of query and both modes."""
    timings = tiny.raw["corpora"][0]["timings"]
    ours = {(t["kind"], t["mode"]) for t in timings if t["engine"] == "searchkit"}
    assert {(kind, mode) for kind in KINDS for mode in MODES} == ours


def test_report_is_printed_and_kept_alike(tiny: Tiny) -> None:
    """The kept Markdown page is the printed one."""
    kept = (tiny.home / "engines.md").read_text(encoding="utf-8")
    assert kept == tiny.finished.stdout.removesuffix("\n")


def test_raw_numbers_say_how_to_repeat_them(tiny: Tiny) -> None:
    """The kept numbers name processor, Python, seed, corpus and the version of each engine."""
    raw = tiny.raw
    assert raw["machine"]["cpu"]
    assert raw["machine"]["python"].endswith(sys.version.split()[0])
    assert isinstance(raw["seed"], int)
    assert len(raw["corpora"][0]["sha256"]) == 64
    assert set(installed_engines()) == set(raw["versions"])


def test_raw_numbers_hold_each_query(tiny: Tiny) -> None:
    """Every timing keeps one time a query, and its median is their median."""
    for timing in tiny.raw["corpora"][0]["timings"]:
        times = sorted(timing["least_us"])
        assert tiny.raw["queries_per_kind"] == len(times)
        assert (times[4] + times[5]) / 2 == pytest.approx(timing["p50_us"], abs=0.1)


def test_missing_engine_is_skipped(tmp_path: Path) -> None:
    """An engine that is not installed is reported as skipped, and the others are measured."""
    (tmp_path / "tantivy.py").write_text("raise ImportError('tantivy is hidden')\n")
    finished = run_script("--tiny", "--engines", "tantivy,fts5", path=tmp_path)
    assert (
        finished.returncode,
        "- tantivy skipped: tantivy is hidden" in finished.stdout,
        "| fts5 |" in finished.stdout,
    ) == (0, True, True)


def test_unknown_engine_is_a_usage_error() -> None:
    """A name that is no engine ends with 2 and lists the engines there are."""
    finished = run_script("--tiny", "--engines", "solr")
    assert finished.returncode == 2
    assert "no engine 'solr'; there is searchkit, searchkit-known, tantivy" in finished.stderr


def test_absent_corpus_is_a_usage_error(tmp_path: Path) -> None:
    """A corpus that is not there ends with 2 before anything is built."""
    finished = run_script("--only", "small", "--small", str(tmp_path / "none.jsonl"))
    assert finished.returncode == 2
    assert "none.jsonl'" in finished.stderr


def test_queries_follow_the_seed(corpus: Corpus) -> None:
    """The same seed draws the same queries, another seed others."""
    drawn = [sample_queries(corpus, count=20, seed=seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_phrases_stand_in_the_corpus(corpus: Corpus) -> None:
    """Each sampled phrase stands word by word in some document."""
    texts = [corpus.read(place).text.lower() for place in range(corpus.document_count)]
    for query in sample_queries(corpus, count=20, seed=3)["phrase2"]:
        assert any(" ".join(query.words) in text for text in texts)


def test_words_together_in_one_document(corpus: Corpus) -> None:
    """The five words of an or5 query are distinct and stand in one document."""
    texts = [corpus.read(place).text.lower() for place in range(corpus.document_count)]
    for query in sample_queries(corpus, count=20, seed=4)["or5"]:
        assert len(set(query.words)) == 5
        assert any(all(word in text for word in query.words) for text in texts)


def test_corpus_without_pairs_is_refused(tmp_path: Path) -> None:
    """A corpus with no adjacent content words raises instead of looping for ever."""
    path = tmp_path / "poor.jsonl"
    path.write_text('{"id": "1", "title": "", "text": "och eller samt"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="too few adjacent content words"):
        sample_queries(survey(path), count=1, seed=1)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: FakeSession(hits=0), "finds nothing"),
        (lambda: FakeSession(marked=1), "marks something in only 1 of 10"),
        (RaisingSession, "no such operator"),
    ],
)
def test_fast_wrong_answer_fails(make: Callable[[], FakeSession], reason: str) -> None:
    """An engine that finds nothing, marks nothing or raises loses its times; others keep theirs."""
    sessions = {"right": FakeSession(), "wrong": make()}
    timings, failed = time_queries(sessions, QUERIES, rounds=1)
    assert {"right"} == {timing.engine for timing in timings}
    assert reason in failed["wrong"]


def test_failing_build_is_an_error(tmp_path: Path) -> None:
    """A build that ends badly raises, with what it wrote."""
    with pytest.raises(BuildError, match="nosuch"):
        build_in_subprocess("nosuch", tmp_path / "corpus.jsonl", tmp_path / "index")


def test_machine_is_named_by_its_processor() -> None:
    """A run's folder is named by cores and processor, without trademarks and clock."""
    intel = Machine(
        "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz", 12, None, "Linux", "CPython", "2", None
    )
    assert intel.label == "12core-intel-core-i7-9750h"


def timings_of(engine: str, microseconds: float) -> list[Timing]:
    """Return made-up times, all equal."""
    return [
        Timing(engine, kind, mode, microseconds, microseconds, microseconds, 10.0, None, [])
        for kind in KINDS
        for mode in MODES
    ]


def test_ratios_are_ours_to_theirs() -> None:
    """A ratio is searchkit's figure over the peer's: half the time is 0.5, twice the rate is 2."""
    corpus_run = CorpusRun(
        corpus="made up",
        sha256="0" * 64,
        documents=1,
        text_bytes=1_000_000,
        builds=[
            Build("searchkit", 1.0, 2.0, 500_000, 10),
            Build("tantivy", 2.0, 2.0, 1_000_000, 40),
        ],
        timings=timings_of("searchkit", 50.0) + timings_of("tantivy", 100.0),
    )
    page = render(Run("2024-02-29", MACHINE, None, None, 1, 1, 1, 1, {}, {}, {}, {}, [corpus_run]))
    assert "| tantivy: top-10 | 0.5 | 0.5 | 0.5 | 0.5 | 0.5 | 0.5 |" in page
    assert "| tantivy | 2 | 0.5 | 0.25 |" in page


def test_modes_are_timed_apart() -> None:
    """Bare answers and answers with passages have their own times."""
    timings, _failed = time_queries({"right": FakeSession()}, QUERIES, rounds=1)
    assert {(kind, mode) for kind in KINDS for mode in (BARE, PASSAGES)} == {
        (timing.kind, timing.mode) for timing in timings
    }
