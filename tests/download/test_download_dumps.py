"""Do archives come whole, once, and from where they were broken off?"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from download_server import Answer, Server, Time, datasets_of, zipped

from searchkit import download
from searchkit.download import (
    AnswerError,
    DownloadOptions,
    DownloadProgress,
    Selection,
    riksdag_dumps,
)
from searchkit.download.client import Client
from searchkit.errors import UsageError

Options = Callable[..., DownloadOptions]
LIST = "/dataset/katalog/dataset.xml"
MOT = "/dataset/dokument/mot-2018-2021.json.zip"
SELECTION = Selection(types=("mot",))
WHOLE = zipped()


@pytest.fixture
def archive(server: Server) -> Server:
    """A server with one archive, which has an ETag."""
    server.answers(LIST, datasets_of(("mot", "2018-2021", "2025-12-11 16:13:45", len(WHOLE))))
    server.answers(MOT, Answer(WHOLE, etag='"one"'))
    return server


def target(options: DownloadOptions) -> Path:
    return options.into / "riksdag" / "dumps" / "mot-2018-2021.json.zip"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_an_archive_comes(archive: Server, options: Options) -> None:
    """It lies under its name, the report counts it and names the source."""
    asked = options()
    report = riksdag_dumps(SELECTION, asked)

    assert target(asked).read_bytes() == WHOLE
    assert (report.listed, report.fetched, report.unchanged) == (1, 1, 0)
    assert report.failed == ()
    assert report.attribution.startswith("Källa: Sveriges riksdag")
    assert report.received_bytes > len(WHOLE)


def test_nothing_but_the_file_is_visible(archive: Server, options: Options) -> None:
    """All else in the folder is hidden from a walk over the corpus."""
    asked = options()
    riksdag_dumps(SELECTION, asked)

    assert [name for name in files(asked.into) if not name.startswith(".")] == [MOT[18:]]


def test_the_second_run_asks_for_the_list_only(archive: Server, options: Options) -> None:
    """What the list says is unchanged is not asked for."""
    riksdag_dumps(SELECTION, options())
    archive.asked.clear()
    report = riksdag_dumps(SELECTION, options())

    assert archive.paths() == [LIST]
    assert (report.fetched, report.unchanged) == (0, 1)


def test_a_recheck_asks_with_the_validator(archive: Server, options: Options) -> None:
    """With --recheck the server is asked for a change, and answers 304."""
    riksdag_dumps(SELECTION, options())
    archive.asked.clear()
    report = riksdag_dumps(SELECTION, options(recheck=True))

    assert archive.asked[1].headers["If-None-Match"] == '"one"'
    assert report.unchanged == 1


def test_a_later_version_is_fetched(archive: Server, options: Options) -> None:
    """A new date in the list brings the new archive in place of the old one."""
    riksdag_dumps(SELECTION, options())
    newer = zipped(1000)
    archive.answers(LIST, datasets_of(("mot", "2018-2021", "2026-01-01 00:00:00", len(newer))))
    archive.answers(MOT, Answer(newer, etag='"two"'))
    report = riksdag_dumps(SELECTION, options())

    assert report.fetched == 1
    assert target(options()).read_bytes() == newer


def test_the_same_bytes_keep_their_time(archive: Server, options: Options) -> None:
    """Where the list has a new date but the archive is the same, the file is not touched."""
    riksdag_dumps(SELECTION, options())
    os.utime(target(options()), (1, 1))
    archive.answers(LIST, datasets_of(("mot", "2018-2021", "2026-01-01 00:00:00", len(WHOLE))))
    archive.answers(MOT, Answer(WHOLE))
    report = riksdag_dumps(SELECTION, options())

    assert (report.fetched, report.unchanged) == (0, 1)
    assert target(options()).stat().st_mtime == 1


def test_a_cut_connection_is_gone_on_with(archive: Server, options: Options) -> None:
    """When the connection breaks, the same run asks for the rest only."""
    archive.answers(MOT, Answer(WHOLE, etag='"one"', cut=70_000), Answer(WHOLE, etag='"one"'))
    report = riksdag_dumps(SELECTION, options())

    assert target(options()).read_bytes() == WHOLE
    assert archive.asked[2].headers["Range"].startswith("bytes=")
    assert int(archive.asked[2].headers["Range"][6:-1]) > 0
    assert archive.asked[2].headers["If-Range"] == '"one"'
    assert report.failed == ()


def interrupted(archive: Server, options: DownloadOptions) -> None:
    """Let a run be ended by Ctrl-C in the middle of the archive."""
    blocks = Client.blocks

    def some(self: Client, response: Any) -> Any:
        for count, block in enumerate(blocks(self, response)):
            if count == 2 and "mot" in (response.geturl() or ""):
                raise KeyboardInterrupt
            yield block

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "blocks", some)
        with pytest.raises(KeyboardInterrupt):
            riksdag_dumps(SELECTION, options)


def test_an_interrupted_run_leaves_no_half_file(archive: Server, options: Options) -> None:
    """After Ctrl-C there is a hidden part and nothing under the final name."""
    interrupted(archive, options())

    assert not target(options()).exists()
    assert ".mot-2018-2021.json.zip.part" in files(options().into)


def test_an_interrupted_run_is_gone_on_with(archive: Server, options: Options) -> None:
    """The next run asks for the rest of the part, and the whole is as it should be."""
    interrupted(archive, options())
    archive.asked.clear()
    report = riksdag_dumps(SELECTION, options())

    assert archive.asked[1].headers["Range"] == f"bytes={2 * 2**16}-"
    assert target(options()).read_bytes() == WHOLE
    assert report.received_bytes < len(WHOLE)
    assert not [name for name in files(options().into) if name.endswith(".part")]


def test_a_part_of_another_version_is_not_gone_on_with(archive: Server, options: Options) -> None:
    """If the archive changed meanwhile, all of the new one comes."""
    interrupted(archive, options())
    newer = zipped(300_000)
    archive.answers(MOT, Answer(newer, etag='"two"'))
    riksdag_dumps(SELECTION, options())

    assert target(options()).read_bytes() == newer


def test_a_whole_part_gets_its_name(archive: Server, options: Options) -> None:
    """A run that ended between the last byte and the name (416) is put right by the next."""
    interrupted(archive, options())
    part = target(options()).with_name(".mot-2018-2021.json.zip.part")
    part.write_bytes(WHOLE)
    report = riksdag_dumps(SELECTION, options())

    assert report.failed == ()
    assert target(options()).read_bytes() == WHOLE


def test_without_a_validator_all_is_fetched_anew(archive: Server, options: Options) -> None:
    """A part of which nothing tells that it is of the same archive is not gone on with."""
    archive.answers(MOT, Answer(WHOLE))
    interrupted(archive, options())
    archive.asked.clear()
    riksdag_dumps(SELECTION, options())

    assert "Range" not in archive.asked[1].headers
    assert target(options()).read_bytes() == WHOLE


def test_a_wrong_continuation_is_not_put_behind(archive: Server, options: Options) -> None:
    """A 206 that begins elsewhere is thrown away, and all is asked for."""
    interrupted(archive, options())
    wrong = Answer(b"x", 206, {"Content-Range": "bytes 5-5/9"})
    archive.answers(MOT, wrong, Answer(WHOLE, etag='"one"'))
    report = riksdag_dumps(SELECTION, options())

    assert report.failed == ()
    assert target(options()).read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><title>Underh\xc3\xa5ll</title>", "is a web page"),
        (b"PK\x03\x04 not really", "is not a whole zip archive"),
        (WHOLE[:-30], "is not a whole zip archive"),
        (WHOLE.replace(b"dokumentstatus", b"dokumentstaTus"), "checksum of 'h6021532.json'"),
    ],
    ids=["html", "no-zip", "truncated", "damaged"],
)
def test_what_is_no_archive_is_not_kept(
    archive: Server, options: Options, body: bytes, reason: str
) -> None:
    """Wrong content is reported with its address, and nothing of it stays."""
    archive.answers(MOT, Answer(body))
    report = riksdag_dumps(SELECTION, options())

    assert [(error.url, reason in error.reason) for error in report.failed] == [
        (archive.url + MOT, True)
    ]
    assert [name for name in files(options().into) if "mot" in name] == []


def test_wrong_content_leaves_the_old_file(archive: Server, options: Options) -> None:
    """A maintenance page does not replace an archive that was fetched before."""
    riksdag_dumps(SELECTION, options())
    archive.answers(LIST, datasets_of(("mot", "2018-2021", "2026-01-01 00:00:00", 99)))
    archive.answers(MOT, Answer(b"<html>"))
    report = riksdag_dumps(SELECTION, options())

    assert len(report.failed) == 1
    assert target(options()).read_bytes() == WHOLE


def test_empty_archives_are_left_out_and_told(archive: Server, options: Options) -> None:
    """An archive of 22 bytes holds nothing; the report names it."""
    archive.answers(LIST, datasets_of(("mot", "1971-1979", "x", 22)))
    report = riksdag_dumps(SELECTION, options())

    assert report.empty == ("mot-1971-1979.json.zip",)
    assert report.listed == 0


def test_a_full_disk_is_told_before_it_is_full(
    archive: Server, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk has no room for is refused by its announced size, with a path."""
    usage = shutil.disk_usage(".")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    with pytest.raises(OSError, match="No space left") as caught:
        riksdag_dumps(SELECTION, options())
    assert caught.value.errno == errno.ENOSPC
    assert str(caught.value.filename).endswith(".part")


def test_years_choose_archives(archive: Server, options: Options) -> None:
    """The period is compared with the years in the archives' names; an open end is open."""
    archive.answers(
        LIST,
        datasets_of(
            ("mot", "2022-2025", "x", 99), ("mot", "2018-2021", "x", 99), ("sou", "2020-", "x", 99),
            ("sou", "2015-", "x", 99), ("sou", "2010-2014", "x", 99),
        ),
    )  # fmt: skip

    def chosen(**wanted: Any) -> list[str]:
        found = download.riksdag_datasets(Selection(**wanted), options())
        return [dataset.name.removesuffix(".json.zip") for dataset in found]

    assert chosen(since="2021") == ["mot-2022-2025", "mot-2018-2021", "sou-2020-"]
    assert chosen(until="2017") == ["sou-2015-", "sou-2010-2014"]
    assert chosen(since="2018/19", until="2018/19") == ["mot-2018-2021", "sou-2015-"]
    assert chosen(types=("SOU",), since="2030") == ["sou-2020-"]


def test_unknown_types_are_corrected(archive: Server, options: Options) -> None:
    """A type that the list does not have is an error that suggests one."""
    with pytest.raises(UsageError, match="no type 'mott' here; did you mean 'mot'"):
        riksdag_dumps(Selection(types=("mott",)), options())


def test_dumps_cannot_be_searched(archive: Server, options: Options) -> None:
    """Words and archives do not go together."""
    with pytest.raises(UsageError, match="archives come whole"):
        riksdag_dumps(Selection(search="tåg"), options())


@pytest.mark.parametrize("body", [b"<html><p>Closed", b"<ok/>"], ids=["broken", "other"])
def test_a_useless_list_is_an_error(server: Server, options: Options, body: bytes) -> None:
    """Without a list of datasets nothing can be done, and the address is named."""
    server.answers(LIST, Answer(body))

    with pytest.raises(AnswerError, match=r"dataset\.xml: is (not )?XML"):
        riksdag_dumps(SELECTION, options())


def test_a_large_archive_needs_no_memory(server: Server, options: Options, time: Time) -> None:
    """An archive beyond the limit is refused before it is received."""
    server.answers(LIST, datasets_of(("mot", "2018-2021", "x", 99)))
    server.answers(MOT, Answer(b"PK", headers={"X-Size": "huge"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("searchkit.download.dumps.ARCHIVE_BYTES_MAX", 1)
        report = riksdag_dumps(SELECTION, options())

    assert [error.reason for error in report.failed] == ["is larger than 0 MB"]


def test_progress_is_by_bytes(archive: Server, options: Options) -> None:
    """While an archive comes, the fraction grows with its bytes, and ends at 1."""
    told: list[DownloadProgress] = []
    riksdag_dumps(SELECTION, options(progress=told.append))
    fractions = [at.fraction for at in told if at.fraction is not None]

    assert fractions == sorted(fractions)
    assert len(set(fractions)) > 3
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
