"""Are genuine answers understood? Those of a sibling folder, replayed, where it is there."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from download_server import SAMPLES, Answer, Server, hit, page_of

from searchkit.download import (
    DownloadOptions,
    Selection,
    g0v_pages,
    riksdag_counts,
    riksdag_datasets,
    riksdag_documents,
    riksdag_dumps,
    verify_download,
)

Options = Callable[..., DownloadOptions]
DATASETS = "/dataset/katalog/dataset.xml"


def sample(folder: str, name: str) -> bytes:
    path = SAMPLES / folder / name
    if not path.exists():
        pytest.skip(f"no {folder}/{name} here")
    return path.read_bytes()


def statuses() -> dict[str, bytes]:
    """Return the genuine `dokumentstatus` answers by id."""
    paths = sorted((SAMPLES / "riksdag-dokumentstatus-json").glob("*.json"))
    if not paths:
        pytest.skip("no riksdag-dokumentstatus-json here")
    contents = [path.read_bytes() for path in paths]
    return {id_of(json.loads(content)): content for content in contents}


def id_of(status: Any) -> str:
    return str(status["dokumentstatus"]["dokument"]["dok_id"])


def test_genuine_list(server: Server, options: Options) -> None:
    """Each of the 20 statutes of a genuine page is asked for by its id, spaces and all."""
    genuine = sample("riksdag-dokumentlista-json", "dokumentlista.json")
    server.answers("/dokumentlista/", Answer(genuine), page_of(None))
    report = riksdag_documents(Selection(("sfs",), "1895-06-20", "1895-06-20"), options())

    listed = [entry["dok_id"] for entry in json.loads(genuine)["dokumentlista"]["dokument"]]
    asked = [path for path in server.paths() if path.startswith("/dokumentstatus/")]
    assert asked == [f"/dokumentstatus/{dok_id}.json" for dok_id in listed]
    assert "p=2" in server.asked[1].query
    assert report.listed == 20
    # They are not there to be replayed; nor can more than 10,000 of 10,956 be listed.
    assert len(report.failed) == 20 + 1


def test_genuine_count(server: Server, options: Options) -> None:
    """A genuine page tells how many hits there are."""
    genuine = sample("riksdag-dokumentlista-json", "dokumentlista.json")
    server.answers("/dokumentlista/", Answer(genuine))

    assert [hits.count for hits in riksdag_counts(Selection(("sfs",)), options())] == [10956]


def test_genuine_documents(server: Server, options: Options) -> None:
    """Every genuine `dokumentstatus` is kept byte for byte, and verifies."""
    genuine = statuses()
    server.answers("/dokumentlista/", page_of([hit(dok_id) for dok_id in genuine]))
    for dok_id, content in genuine.items():
        server.answers(f"/dokumentstatus/{dok_id}.json", Answer(content))
    asked = options()
    report = riksdag_documents(Selection(search="*"), asked)

    assert (report.fetched, report.failed) == (len(genuine), ())
    kept = {path.stem: path.read_bytes() for path in (asked.into / "riksdag").rglob("*.json")}
    assert kept == genuine
    assert verify_download(asked.into).is_sound


def test_genuine_datasets(server: Server, options: Options) -> None:
    """A genuine list has 184 archives in JSON of documents and speeches, with sizes and dates."""
    server.answers(DATASETS, Answer(sample("riksdag-api-xml", "datasetlista.xml")))
    found = riksdag_datasets(options=options())

    assert len(found) == 184
    assert all(dataset.size_bytes and dataset.updated and dataset.first_year for dataset in found)
    assert {"mot", "prop", "sou", "anforande", "Skriftliga frågor"} <= {d.type for d in found}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Selection(("mot",), "2018"), ["mot-2022-2025", "mot-2018-2021"]),
        (Selection(("sou",), "2016", "2019"), ["sou-2015-"]),
        (Selection(("fråga",), "2018/19", "2018/19"), ["Skriftliga frågor-2018-2021"]),
        (Selection(("anförande",), "1999/2000", "1999/2000"), ["anforande-19992000"]),
    ],
)
def test_genuine_datasets_are_chosen(
    server: Server, options: Options, wanted: Selection, expected: list[str]
) -> None:
    """Type and years choose the archives that a person would."""
    server.answers(DATASETS, Answer(sample("riksdag-api-xml", "datasetlista.xml")))
    found = riksdag_datasets(wanted, options())

    assert [dataset.name.removesuffix(".json.zip") for dataset in found] == expected


def test_genuine_archive(server: Server, options: Options) -> None:
    """An archive of genuine documents comes by its genuine address."""
    server.answers(DATASETS, Answer(sample("riksdag-api-xml", "datasetlista.xml")))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for dok_id, content in statuses().items():
            archive.writestr(f"{dok_id.lower()}.json", content)
    content = stream.getvalue()
    path = "/dataset/dokument/Skriftliga frågor-2018-2021.json.zip"
    server.answers(path, Answer(content, etag='"1"', cut=len(content) // 2), Answer(content))
    asked = options()
    report = riksdag_dumps(Selection(("fr",), "2018", "2021"), asked)

    assert (report.fetched, report.failed) == (1, ())
    assert (asked.into / "riksdag/dumps" / Path(path).name).read_bytes() == content


def test_genuine_government_pages(server: Server, options: Options) -> None:
    """From a genuine list of speeches, the genuine page comes by the address that it lists."""
    name = "forsvarsministerns-tal-pa-folk-och-forsvars-rikskonferens-2025"
    page = sample("g0v-markdown", f"g0vse__tal__2025__01__{name}.md")
    server.answers("/tal.json", Answer(sample("g0v-json", "g0vse__tal.json")))
    server.answers("/api/codes.json", Answer(sample("g0v-json", "g0vse__api__codes.json")))
    server.answers(f"/tal/2025/01/{name}.md", Answer(page))
    asked = options()
    report = g0v_pages(Selection(("tal",), "2025-01", "2025-01"), asked)

    kept = (asked.into / "g0v" / "tal" / "2025" / "01" / f"{name}.md").read_bytes()
    assert kept.endswith(page)
    assert b'date: "2025-01-13"\n' in kept
    # The other speeches of that month are not there to be replayed.
    assert {error.reason for error in report.failed} == {"answered 404 Not Found"}
    assert report.listed == report.fetched + len(report.failed)


@pytest.mark.parametrize("name", ["debattartiklar", "informationsmaterial"])
def test_genuine_lists(
    server: Server, options: Options, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Every entry of a genuine list leads to a page in Markdown, with or without a last slash."""
    # A thousand of them take seconds on a busy disk.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    genuine = sample("g0v-json", f"g0vse__{name}.json")
    server.answers(f"/{name}.json", Answer(genuine))
    server.answers("/api/codes.json", Answer(sample("g0v-json", "g0vse__api__codes.json")))
    entries = json.loads(genuine)
    for entry in entries:
        server.answers(f"{entry['url'].rstrip('/')}.md", Answer(b"# x\n"))
    report = g0v_pages(Selection((name,)), options())

    assert report.failed == ()
    assert report.listed == 1 + len({entry["url"] for entry in entries})
