"""``searchkit reindex``: what it asks the library, and what it tells of the outcome."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import FakeReport
from click.testing import Result

import searchkit
from searchkit.cli.outcome import summary
from searchkit.corpus import Limits
from searchkit.errors import CorpusNotFoundError, DocumentFormatError
from searchkit.reindexing.run import COMMIT_EVERY_S
from searchkit.reindexing.watch import LOOK_EVERY_S

Run = Callable[..., Result]
Asked = dict[str, Any]


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeReport], Asked]:
    """Let `searchkit.reindex` return the report, and note what was asked."""

    def answer(report: FakeReport) -> Asked:
        asked: Asked = {}

        def reindex(corpus: object, index: object, **options: Any) -> FakeReport:
            asked.update(corpus=str(corpus), index=str(index), **options)
            return report

        monkeypatch.setattr(searchkit, "reindex", reindex, raising=False)
        return asked

    return answer


def skipped(count: int) -> tuple[DocumentFormatError, ...]:
    return tuple(DocumentFormatError("no text", path=Path(f"corpus/{n}.txt")) for n in range(count))


BY_DEFAULT: Asked = {
    "corpus": "corpus", "index": "index", "processes": None, "full": False, "from_scratch": False,
    "reread": False, "dry_run": False, "commit_every": 60.0, "limits": None, "progress": None,
}  # fmt: skip


def test_defaults(run: Run, library: Callable[..., Asked]) -> None:
    """Without options, `corpus` becomes `index`; progress is not asked for in a pipe."""
    asked = library(FakeReport())

    assert run("reindex").exit_code == 0
    assert asked == BY_DEFAULT


def test_options_reach_the_library(run: Run, library: Callable[..., Asked]) -> None:
    """Corpus, index and what is to be done are passed on as given."""
    asked = library(FakeReport())

    run(
        *("reindex", "dump.jsonl", "--index", "i", "--processes", "3", "--full", "--from-scratch"),
        *("--reread", "--dry-run", "--commit-every", "7.5"),
    )

    assert asked == BY_DEFAULT | {
        "corpus": "dump.jsonl", "index": "i", "processes": 3, "full": True, "from_scratch": True,
        "reread": True, "dry_run": True, "commit_every": 7.5,
    }  # fmt: skip


def test_limits_reach_the_library(run: Run, library: Callable[..., Asked]) -> None:
    """--max-mb bounds a document, be it a file or a line; the other limits stay."""
    asked = library(FakeReport())

    run("reindex", "--max-mb", "300", "--max-seconds", "5")

    assert asked["limits"] == Limits(document_bytes=300 << 20, line_bytes=300 << 20, seconds=5)


def test_limits_can_be_settings(run: Run, library: Callable[..., Asked]) -> None:
    """A limit may come from the environment, so that every run has the same one."""
    asked = library(FakeReport())

    run("reindex", SEARCHKIT_MAX_MB="7", SEARCHKIT_MAX_SECONDS="0")

    assert asked["limits"] == Limits(document_bytes=7 << 20, line_bytes=7 << 20, seconds=0)


def test_help_tells_the_defaults_of_the_library(run: Run) -> None:
    """The defaults that the help names are those that the library has."""
    told = " ".join(run("reindex", "--help").stdout.split())
    limits = Limits()

    document, line = limits.document_bytes >> 20, limits.line_bytes >> 20
    assert f"(default: {document}; a line of a dump: {line})" in told
    assert f"(default: {limits.seconds:g}; 0: never)" in told
    assert f"(default: {COMMIT_EVERY_S:g})" in told
    assert f"(default: {LOOK_EVERY_S:g}), until Ctrl-C" in told


@pytest.mark.parametrize(
    "args", [("--max-mb", "0"), ("--max-seconds", "-1"), ("--commit-every", "0")], ids=str
)
def test_impossible_bounds_are_a_misuse(args: tuple[str, str], run: Run) -> None:
    """A bound that nothing could keep to is refused."""
    assert run("reindex", *args).exit_code == 2


def test_summary_goes_to_stderr(run: Run, library: Callable[..., Asked]) -> None:
    """The outcome is told on stderr in one line; stdout stays empty."""
    library(FakeReport())

    result = run("reindex")

    assert result.stdout == ""
    assert result.stderr == (
        "5 documents in the index (4 added, 1 unchanged); 6 files; "
        "5.0 MB, 700,000 tokens in 2.0 s, 2.5 MB/s\n"
    )


def test_summary_without_changes() -> None:
    """A report of nothing has neither changes nor a speed."""
    report = FakeReport(
        documents=1, added=0, unchanged=0, text_bytes=0, tokens=0, files=1, seconds=0.5
    )

    assert summary(report) == "1 document in the index; 1 file; 0.0 MB, 0 tokens in 0.5 s"


def test_summary_tells_of_files_and_duplicates() -> None:
    """Files that were not opened and files that hold the same as others are counted."""
    report = FakeReport(duplicates=(("b.txt", "a.txt"),), unchanged_files=3)

    assert summary(report).startswith(
        "5 documents in the index (4 added, 1 unchanged, 1 duplicate); "
        "6 files, 3 of them not opened; "
    )


def test_summary_of_a_dry_run() -> None:
    """A dry run says what would be, and that nothing was written."""
    assert summary(FakeReport(dry_run=True)) == (
        "dry run: 5 documents would be in the index (4 added, 1 unchanged); "
        "6 files; nothing was written, in 2.0 s"
    )


def test_quiet(run: Run, library: Callable[..., Asked]) -> None:
    """-q leaves stderr to errors."""
    library(FakeReport(skipped=skipped(1)))

    assert run("reindex", "-q").stderr == "skipped: corpus/0.txt: no text\n"


def test_skipped_documents_are_named(run: Run, library: Callable[..., Asked]) -> None:
    """Each skipped document is one line on stderr, and the status tells of it."""
    library(FakeReport(skipped=skipped(2)))

    result = run("reindex")

    assert result.exit_code == 2
    assert result.stderr.splitlines()[:2] == [
        "skipped: corpus/0.txt: no text",
        "skipped: corpus/1.txt: no text",
    ]


def test_many_skipped_documents_are_grouped(run: Run, library: Callable[..., Asked]) -> None:
    """More than twenty are told by their reason, what is rare by its name."""
    odd = DocumentFormatError("is empty", path=Path("corpus/tom.txt"))
    library(FakeReport(skipped=(odd, *skipped(23))))

    lines = run("reindex").stderr.splitlines()

    assert lines[:-1] == [
        "skipped: 23 files: no text",
        "skipped: corpus/tom.txt: is empty",
        "--verbose names them all",
    ]


def test_reasons_that_differ_in_a_value_are_alike(run: Run, library: Callable[..., Asked]) -> None:
    """Reasons are one kind if only names and numbers tell them apart; one is shown."""
    path = Path("dump.jsonl")
    library(
        FakeReport(
            skipped=tuple(
                DocumentFormatError(f"'{n}-{n}' is not a date", path=path, line=n)
                for n in range(100, 1150)
            )
        )
    )

    lines = run("reindex").stderr.splitlines()

    assert lines[0] == "skipped: 1,050 times in 1 file, such as '100-100' is not a date"


def test_groups_are_no_more_than_twenty(run: Run, library: Callable[..., Asked]) -> None:
    """However many kinds of reasons there are, what is not told is counted."""
    reasons = [chr(ord("a") + n // 26) + chr(ord("a") + n % 26) for n in range(50)]
    library(
        FakeReport(
            skipped=tuple(DocumentFormatError(reason, path=Path("x.txt")) for reason in reasons)
        )
    )

    lines = run("reindex").stderr.splitlines()

    assert sum(line.startswith("skipped: ") for line in lines) == 20
    assert "and 30 more" in lines


def test_verbose_names_every_skipped_document(run: Run, library: Callable[..., Asked]) -> None:
    """With -v each one is named."""
    library(FakeReport(skipped=skipped(23)))

    lines = run("reindex", "-v").stderr.splitlines()

    assert sum(line.startswith("skipped: ") for line in lines) == 23


def test_verbose_names_duplicates(run: Run, library: Callable[..., Asked]) -> None:
    """With -v each file that holds the same bytes as another is named, with that other."""
    library(FakeReport(duplicates=(("b.txt", "a/\x1bb.txt"),)))

    assert "duplicate: " not in run("reindex").stderr
    assert run("reindex", "-v").stderr.splitlines()[0] == (
        "duplicate: b.txt: the same as a/\ufffdb.txt"
    )


def test_file_name_cannot_break_its_line(run: Run, library: Callable[..., Asked]) -> None:
    """A skipped document is one line whatever it is called."""
    library(FakeReport(skipped=(DocumentFormatError("no", path=Path("a\n\x1b[2J.txt")),)))

    assert run("reindex").stderr.splitlines()[0] == "skipped: a \ufffd[2J.txt: no"


def test_json(run: Run, library: Callable[..., Asked]) -> None:
    """--json prints the whole report, skipped documents and duplicates as objects."""
    library(FakeReport(skipped=skipped(1), duplicates=(("b.txt", "a.txt"),)))

    assert json.loads(run("reindex", "--json").stdout) == {
        "documents": 5, "added": 4, "replaced": 0, "deleted": 0, "unchanged": 1,
        "skipped": [{"path": "corpus/0.txt", "line": None, "reason": "no text"}],
        "duplicates": [{"path": "b.txt", "same_as": "a.txt"}], "languages": {},
        "text_bytes": 5_000_000, "tokens": 700_000, "words": 40_000,
        "files": 6, "unchanged_files": 0, "dry_run": False, "seconds": 2.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (FakeReport(documents=0, added=0, unchanged=0), 2),
        (FakeReport(documents=0, added=0, unchanged=0, skipped=skipped(1)), 2),
        (FakeReport(documents=0, added=0, unchanged=0, deleted=3), 0),
        (FakeReport(documents=1, skipped=skipped(9)), 2),
    ],
    ids=["empty corpus", "nothing readable", "all gone", "some readable"],
)
def test_exit_code(report: FakeReport, code: int, run: Run, library: Callable[..., Asked]) -> None:
    """It is 2 if anything could not be read; emptying an index on purpose is no error."""
    library(report)

    assert run("reindex").exit_code == code


def test_missing_corpus(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A corpus that is not there ends in 2."""

    def reindex(*_: Any, **__: Any) -> None:
        raise CorpusNotFoundError(Path("nowhere"))

    monkeypatch.setattr(searchkit, "reindex", reindex, raising=False)

    result = run("reindex", "nowhere")

    assert result.exit_code == 2
    assert result.stderr.startswith("error: no corpus at 'nowhere'")
