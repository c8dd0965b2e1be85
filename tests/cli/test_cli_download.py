"""``searchkit download``: what it asks the library, and what it tells of the outcome."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from searchkit import download
from searchkit.cli import app
from searchkit.cli.download import describe
from searchkit.download import (
    AnswerError,
    Dataset,
    DownloadOptions,
    DownloadProgress,
    DownloadReport,
    Hits,
    Selection,
    VerifyDownloadReport,
)

Run = Callable[..., Result]
Asked = list[tuple[Selection, DownloadOptions]]


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.COMMANDS, "download", "Download documents.")


def report(**more: Any) -> DownloadReport:
    common: dict[str, Any] = {
        "source": "riksdag", "attribution": "Källa: Sveriges riksdag", "into": "corpus",
        "listed": 3, "fetched": 2, "unchanged": 1, "received_bytes": 2_500_000, "seconds": 3.0,
        "empty": (), "failed": (),
    }  # fmt: skip
    return DownloadReport(**{**common, **more})


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Asked]:
    """Let a function of the library return the outcome, and note what was asked."""

    def answer(name: str, outcome: object) -> Asked:
        asked: Asked = []

        def called(selection: Selection, options: DownloadOptions) -> object:
            asked.append((selection, options))
            return outcome

        monkeypatch.setattr(download, name, called)
        return asked

    return answer


def test_options_reach_the_library(run: Run, library: Callable[..., Asked]) -> None:
    """What is typed is what the library is asked for; types may be joined by commas."""
    asked = library("riksdag_documents", report())
    result = run(
        "download", "riksdag", "--type", "mot, prop", "--type", "bet", "--from", "2018",
        "--to", "2019", "--search", "tåg", "--limit", "9", "--into", "här", "--rate", "0.5",
        "--recheck", "--contact", "a@example.org", "--base-url", "http://127.0.0.1:9",
    )  # fmt: skip

    assert result.exit_code == 0
    selection, options = asked[0]
    assert selection == Selection(("mot", "prop", "bet"), "2018", "2019", "tåg")
    assert (options.into, options.limit, options.recheck) == (Path("här"), 9, True)
    assert options.base_url == "http://127.0.0.1:9"
    assert (options.manners.requests_per_s, options.manners.contact) == (0.5, "a@example.org")


def test_defaults(run: Run, library: Callable[..., Asked]) -> None:
    """Without options it is the folder `corpus`, one request a second, and no progress."""
    asked = library("riksdag_documents", report())
    run("download", "riksdag", "--type", "mot")

    options = asked[0][1]
    assert (options.into, options.limit, options.base_url) == (Path("corpus"), None, "")
    assert (options.manners.requests_per_s, options.progress) == (1.0, None)


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (["riksdag"], "riksdag_documents"),
        (["riksdag", "--dumps"], "riksdag_dumps"),
        (["g0v"], "g0v_pages"),
    ],
)
def test_each_source_has_its_function(
    run: Run, library: Callable[..., Asked], args: list[str], name: str
) -> None:
    """Source and --dumps choose the function of the library."""
    asked = library(name, report())

    assert run("download", *args, "--type", "tal").exit_code == 0
    assert len(asked) == 1


def test_the_outcome_and_the_source_are_told(run: Run, library: Callable[..., Asked]) -> None:
    """On stderr there is a line of counts, and one that names the source; stdout is empty."""
    library("riksdag_documents", report())
    result = run("download", "riksdag", "--type", "mot")

    assert result.stdout == ""
    assert result.stderr == (
        "3 files asked for (2 fetched, 1 unchanged) in 'corpus'; 2.5 MB in 3.0 s\n"
        "Källa: Sveriges riksdag\n"
    )


def test_quiet(run: Run, library: Callable[..., Asked]) -> None:
    """With --quiet nothing is told of what went well."""
    library("riksdag_documents", report())

    assert run("download", "riksdag", "--type", "mot", "-q").stderr == ""


def test_failures_are_told_and_exit_2(run: Run, library: Callable[..., Asked]) -> None:
    """Twenty failures are named, the others counted, and the exit status is 2."""
    failed = tuple(AnswerError(f"https://x/{n}", "answered 404") for n in range(22))
    library("riksdag_documents", report(failed=failed))
    result = run("download", "riksdag", "--type", "mot")

    assert result.exit_code == 2
    assert result.stderr.count("failed: https://x/") == 20
    assert "and 2 more; --verbose names them all" in result.stderr
    assert run("download", "riksdag", "--type", "mot", "-v").stderr.count("failed: ") == 22


def test_empty_archives_are_told(run: Run, library: Callable[..., Asked]) -> None:
    """Archives that hold nothing are named."""
    library("riksdag_dumps", report(empty=("ip-1971-1979.json.zip",)))
    result = run("download", "riksdag", "--dumps", "--type", "ip")

    assert "left out, empty at the source: ip-1971-1979.json.zip\n" in result.stderr


def test_json(run: Run, library: Callable[..., Asked]) -> None:
    """--json prints the report as one object, failures with address and reason."""
    library("riksdag_documents", report(failed=(AnswerError("https://x/1", "answered 404"),)))
    result = run("download", "riksdag", "--type", "mot", "--json")

    told = json.loads(result.stdout)
    assert told["failed"] == [{"url": "https://x/1", "reason": "answered 404"}]
    assert (told["fetched"], told["attribution"]) == (2, "Källa: Sveriges riksdag")


def test_listing_archives(run: Run, library: Callable[..., Asked]) -> None:
    """--list --dumps prints a line an archive: name, type, size, last change."""
    archive = Dataset("mot-2018-2021.json.zip", "mot", 2018, 2021, 109807389, "2025-12-11", "/x")
    asked = library("riksdag_datasets", (archive,))
    result = run("download", "riksdag", "--dumps", "--list", "--type", "mot")

    assert result.stdout == "mot-2018-2021.json.zip\tmot\t109807389\t2025-12-11\n"
    assert asked[0][0].types == ("mot",)
    assert json.loads(run("download", "riksdag", "--list", "--json").stdout)["bytes"] == 109807389


def test_listing_documents(run: Run, library: Callable[..., Asked]) -> None:
    """--list with a choice prints how many documents there are."""
    library("riksdag_counts", (Hits("mot", "2018/19", 2941),))

    result = run("download", "riksdag", "--list", "--type", "mot", "--from", "2018/19")
    assert result.stdout == "mot\t2018/19\t2941\n"


def test_listing_pages(run: Run) -> None:
    """`g0v --list` prints the lists by name, and asks nobody."""
    result = run("download", "g0v", "--list")

    assert result.exit_code == 0
    assert "pressmeddelanden\t/pressmeddelanden.json\n" in result.stdout


def test_verifying(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--verify needs no source; what is not sound is named, with exit status 2."""
    outcomes = [
        VerifyDownloadReport(2, 1_000_000, (), (), ()),
        VerifyDownloadReport(2, 0, ("a.json",), ("b.json",), ()),
    ]
    monkeypatch.setattr(download, "verify_download", lambda *_, **__: outcomes.pop(0))
    sound, other = run("download", "--verify"), run("download", "--verify")

    assert (sound.exit_code, sound.stdout) == (0, "2 files, 1.0 MB checked: sound\n")
    assert other.exit_code == 2
    assert other.stdout.startswith("missing\ta.json\nchanged\tb.json\n")


def test_verifying_nothing(run: Run, tmp_path: Path) -> None:
    """A folder to which nothing was downloaded is an error that says so."""
    result = run("download", "--verify", "--into", str(tmp_path))

    assert result.exit_code == 2
    assert "nothing was downloaded to" in result.stderr


def test_offline_is_told(run: Run, tmp_path: Path) -> None:
    """Without a connection there is one clear line, exit status 2, and no traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    result = run("download", "riksdag", "--type", "mot", "--into", str(tmp_path), "--base-url", url)

    assert result.exit_code == 2
    assert result.stderr == (
        f"error: cannot reach {url[7:]}: Connection refused; check the network and run the "
        "command again, it goes on where it stopped\n"
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "say from where: riksdag or g0v"),
        (["riksdag"], "say what to download"),
        (["g0v"], "say what to download"),
        (["g0v", "--dumps"], "--dumps goes with riksdag only"),
        (["riksdag", "--type", "mot", "--rate", "99"], "at most 5"),
        (["riksdag", "--from", "i fjol"], "is no time"),
        (["svt"], "'svt' is not one of"),
    ],
)
def test_misuse(run: Run, tmp_path: Path, args: list[str], said: str) -> None:
    """What cannot be done is told with what can; nothing is asked of anybody."""
    result = run("download", *args, "--into", str(tmp_path))

    assert result.exit_code == 2
    assert said in result.stderr


def test_ctrl_c(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with 130."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "riksdag_documents", interrupted)

    assert run("download", "riksdag", "--type", "mot").exit_code == 130


def test_progress_is_told_in_words() -> None:
    """Stage, count, megabytes and the time left, as far as they are known."""
    at = DownloadProgress("fetch", 12, 1340, 4_500_000)

    assert describe(at, 328.0) == "fetch 12 of 1,340, 4.5 MB, 5:28 left"
    assert describe(at, 3700.0) == "fetch 12 of 1,340, 4.5 MB, 1:01:40 left"
    assert describe(DownloadProgress("list", 12, 0, 0), None) == "list 12, 0.0 MB"
