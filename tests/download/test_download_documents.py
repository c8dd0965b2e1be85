"""Are lists read to their end, and documents fetched once?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from download_server import Answer, Server, Time, as_json, hit, page_of, status_of

from searchkit.download import (
    AnswerError,
    DownloadError,
    DownloadLockedError,
    DownloadOptions,
    DownloadProgress,
    Selection,
    riksdag_counts,
    riksdag_documents,
)
from searchkit.download.ledger import Ledger
from searchkit.errors import UsageError

Options = Callable[..., DownloadOptions]
LIST = "/dokumentlista/"
MOTIONS = Selection(types=("mot",))


def test_documents_come(server: Server, options: Options) -> None:
    """Each hit's status lies below type and riksmöte, byte for byte."""
    server.answers(LIST, page_of([hit("H6021532"), hit("H602578")], hits=2))
    server.answers("/dokumentstatus/H6021532.json", status_of("H6021532"))
    server.answers("/dokumentstatus/H602578.json", status_of("H602578"))
    asked = options()
    report = riksdag_documents(MOTIONS, asked)

    folder = asked.into / "riksdag" / "mot" / "2018-19"
    assert sorted(path.name for path in folder.iterdir()) == ["H6021532.json", "H602578.json"]
    assert (folder / "H602578.json").read_bytes() == status_of("H602578").body
    assert (report.listed, report.fetched, report.failed) == (2, 2, ())


def test_the_list_is_asked_as_documented(server: Server, options: Options) -> None:
    """Type, period, words, form and page size are the parameters of the list."""
    server.answers(LIST, page_of(None, hits=0))
    riksdag_documents(Selection(("motion",), "2018", "2019-03", "cirkulär ekonomi"), options())

    assert dict(pair.split("=") for pair in server.asked[0].query.split("&")) == {
        "utformat": "json", "a": "s", "sort": "datum", "sortorder": "asc", "sz": "100",
        "doktyp": "mot", "from": "2018-01-01", "tom": "2019-03-31", "sok": "cirkulär+ekonomi",
    }  # fmt: skip


def test_riksmoten_are_asked_by_name(server: Server, options: Options) -> None:
    """Each type is asked for in each riksmöte."""
    server.answers(LIST, page_of(None, hits=0))
    riksdag_documents(Selection(("mot", "prop"), "1998/99", "1999/2000"), options())

    asked = [dict(pair.split("=") for pair in r.query.split("&")) for r in server.asked]
    assert [(query["doktyp"], query["rm"]) for query in asked] == [
        ("mot", "1998/99"), ("mot", "1999/2000"), ("prop", "1998/99"), ("prop", "1999/2000"),
    ]  # fmt: skip


def test_pages_are_followed(server: Server, options: Options) -> None:
    """The query of the next page is asked of this server, as JSON, whatever its address says."""
    first = page_of([hit("A")], hits=3, follows="doktyp=mot&utformat=htm&p=2")
    second = page_of([hit("B"), hit("A")], hits=3, follows="")
    server.answers(LIST, first, second)
    for name in "AB":
        server.answers(f"/dokumentstatus/{name}.json", status_of(name))
    report = riksdag_documents(MOTIONS, options())

    assert report.fetched == 2
    assert server.asked[1].query == "doktyp=mot&utformat=json&p=2"


def test_pages_end(server: Server, options: Options) -> None:
    """A list that says for ever that more follows is left at page 100, or where it is empty."""
    server.answers(LIST, page_of([hit("A")], hits=3, follows="p=2"))
    server.answers("/dokumentstatus/A.json", status_of("A"))
    riksdag_documents(MOTIONS, options())

    assert server.paths().count(LIST) == 100


@pytest.mark.parametrize("found", [hit("A"), [hit("A")]], ids=["one object", "list"])
def test_one_hit_may_be_an_object(server: Server, options: Options, found: object) -> None:
    """A list of one is a list, or the one."""
    server.answers(LIST, page_of(found))
    server.answers("/dokumentstatus/A.json", status_of("A"))

    assert riksdag_documents(MOTIONS, options()).fetched == 1


def test_long_lists_are_halved(server: Server, options: Options) -> None:
    """A period with more hits than can be listed is asked for in two halves."""
    server.answers(LIST, page_of([hit("X")], hits=10_001), page_of([hit("A")]), page_of([hit("B")]))
    for name in "AB":
        server.answers(f"/dokumentstatus/{name}.json", status_of(name))
    report = riksdag_documents(Selection(since="2018-01-01", until="2018-12-31"), options())

    asked = [dict(pair.split("=") for pair in r.query.split("&")) for r in server.asked[:3]]
    assert [(query["from"], query["tom"]) for query in asked] == [
        ("2018-01-01", "2018-12-31"), ("2018-01-01", "2018-07-02"), ("2018-07-03", "2018-12-31"),
    ]  # fmt: skip
    assert (report.fetched, report.failed) == (2, ())


def test_a_day_with_too_many_hits_is_told(server: Server, options: Options) -> None:
    """What cannot be halved is listed as far as it goes, and the report says so."""
    server.answers(LIST, page_of([hit("A")], hits=10_001))
    server.answers("/dokumentstatus/A.json", status_of("A"))
    report = riksdag_documents(Selection(since="2018-01-01", until="2018-01-01"), options())

    assert report.fetched == 1
    assert "only 10,000 can be listed" in report.failed[0].reason


def test_only_changed_documents_are_asked_for(server: Server, options: Options) -> None:
    """A second run fetches what the list says has changed, and nothing else."""
    server.answers(LIST, page_of([hit("A"), hit("B")], hits=2))
    server.answers("/dokumentstatus/A.json", status_of("A"))
    server.answers("/dokumentstatus/B.json", status_of("B"), status_of("B", "Om bussar"))
    riksdag_documents(MOTIONS, options())
    server.answers(LIST, page_of([hit("A"), hit("B", "2025-01-01 00:00:00")], hits=2))
    server.asked.clear()
    report = riksdag_documents(MOTIONS, options())

    assert server.paths() == [LIST, "/dokumentstatus/B.json"]
    assert (report.fetched, report.unchanged) == (1, 1)


def test_a_file_that_is_gone_is_fetched_again(server: Server, options: Options) -> None:
    """What the ledger names but the disk does not have is asked for without validators."""
    server.answers(LIST, page_of([hit("A")]))
    server.answers("/dokumentstatus/A.json", Answer(status_of("A").body, etag='"a"'))
    riksdag_documents(MOTIONS, options())
    path = options().into / "riksdag" / "mot" / "2018-19" / "A.json"
    path.unlink()
    report = riksdag_documents(MOTIONS, options())

    assert report.fetched == 1
    assert path.read_bytes() == status_of("A").body


def test_the_limit_counts_documents(server: Server, options: Options) -> None:
    """No more than the limit are fetched."""
    server.answers(LIST, page_of([hit("A"), hit("B"), hit("C")], hits=3))
    for name in "ABC":
        server.answers(f"/dokumentstatus/{name}.json", status_of(name))

    assert riksdag_documents(MOTIONS, options(limit=2)).listed == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(b"<!doctype html><p>Driftstopp"), "is a web page, not data"),
        (Answer(b'{"dokumentstatus": nu'), "is not JSON"),
        (Answer(b'{"dokumentstatus": null}'), "holds no document"),
        (Answer(b"[]"), "holds no document"),
        (status_of("ANNAN"), "is another document, 'ANNAN'"),
        (Answer(b"", 404), "answered 404"),
    ],
)
def test_what_is_no_document_is_told(
    server: Server, options: Options, answer: Answer, reason: str
) -> None:
    """An answer that is not the document is reported, not kept; the next one is fetched."""
    server.answers(LIST, page_of([hit("A"), hit("B")], hits=2))
    server.answers("/dokumentstatus/A.json", answer)
    server.answers("/dokumentstatus/B.json", status_of("B"))
    asked = options()
    report = riksdag_documents(MOTIONS, asked)

    assert [reason in error.reason for error in report.failed] == [True]
    assert report.fetched == 1
    assert [path.name for path in asked.into.rglob("*.json")] == ["B.json"]


def test_ids_cannot_lead_out_of_the_folder(server: Server, options: Options) -> None:
    """A hostile id becomes a plain name inside the folder."""
    server.answers(LIST, page_of([hit("../../../x", rm="..", doktyp="/etc")]))
    server.answers("/dokumentstatus/../../../x.json", status_of("../../../x"))
    asked = options()
    riksdag_documents(MOTIONS, asked)

    written = [path for path in asked.into.parent.rglob("*.json*") if path.name[0] != "."]
    assert all(path.is_relative_to(asked.into / "riksdag") for path in written)


def test_a_hit_without_id_is_told(server: Server, options: Options) -> None:
    """An entry that names no document is reported."""
    server.answers(LIST, page_of([{"titel": "Okänd"}]))
    report = riksdag_documents(MOTIONS, options())

    assert "lists a document without id" in report.failed[0].reason


def test_a_failing_server_ends_the_run(server: Server, options: Options) -> None:
    """After five addresses in a row that fail throughout, the run ends and says how to go on."""
    server.answers(LIST, page_of([hit(f"A{n}") for n in range(9)], hits=9))
    for n in range(9):
        server.answers(f"/dokumentstatus/A{n}.json", Answer(status=500))

    with pytest.raises(DownloadError, match="one address after another"):
        riksdag_documents(MOTIONS, options())
    assert len(server.asked) == 1 + 5 * 5


def test_documents_are_compressed_on_the_way(server: Server, options: Options) -> None:
    """A gzipped answer is kept decompressed."""
    import gzip

    server.answers(LIST, page_of([hit("A")]))
    body = gzip.compress(status_of("A").body)
    server.answers("/dokumentstatus/A.json", Answer(body, headers={"Content-Encoding": "gzip"}))
    asked = options()
    riksdag_documents(MOTIONS, asked)

    kept = next(asked.into.rglob("A.json"))
    assert json.loads(kept.read_bytes())["dokumentstatus"]["dokument"]["dok_id"] == "A"


def test_nothing_in_particular_is_refused(server: Server, options: Options) -> None:
    """All of it is not a request; nothing is asked of the server."""
    with pytest.raises(UsageError, match="say what to download"):
        riksdag_documents(Selection(), options())
    assert server.asked == []


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"dokumentlista": []}'])
def test_a_useless_list_is_an_error(server: Server, options: Options, body: bytes) -> None:
    """A list that is none ends the run, with its address."""
    server.answers(LIST, Answer(body))

    with pytest.raises(AnswerError, match="dokumentlista"):
        riksdag_documents(MOTIONS, options())


def test_counts(server: Server, options: Options, tmp_path: Path) -> None:
    """Counting asks one page a type and writes nothing."""
    server.answers(LIST, page_of([hit("A")], hits=1234), page_of(None, hits=0))
    found = riksdag_counts(Selection(types=("mot", "prop"), since="2018/19", until="2018/19"),
                           options())  # fmt: skip

    assert [(hits.type, hits.period, hits.count) for hits in found] == [
        ("mot", "2018/19", 1234), ("prop", "2018/19", 0),
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_two_downloads_to_one_folder(server: Server, options: Options) -> None:
    """A second download to the same folder is refused while the first goes on."""
    asked = options()
    with Ledger(asked.into), pytest.raises(DownloadLockedError, match="another download"):
        riksdag_documents(MOTIONS, asked)


def test_progress_is_told(server: Server, options: Options, time: Time) -> None:
    """Listing and fetching are told with counts, the last of which is the whole."""
    server.answers(LIST, page_of([hit("A")]))
    server.answers("/dokumentstatus/A.json", status_of("A"))
    told: list[DownloadProgress] = []
    riksdag_documents(MOTIONS, options(progress=told.append))

    assert [(at.stage, at.done, at.total, at.fraction) for at in told] == [
        ("list", 1, 0, None), ("fetch", 0, 1, 0.0), ("fetch", 0, 1, 0.0), ("fetch", 1, 1, 1.0),
    ]  # fmt: skip


def test_documents_are_asked_at_the_agreed_rate(
    server: Server, options: Options, time: Time
) -> None:
    """One list and three documents take three seconds of waiting."""
    server.answers(LIST, page_of([hit(name) for name in "ABC"], hits=3))
    for name in "ABC":
        server.answers(f"/dokumentstatus/{name}.json", status_of(name))
    report = riksdag_documents(MOTIONS, options())

    assert time.waits == [1.0, 1.0, 1.0]
    assert report.seconds == 3.0


def test_json_with_a_mark_is_read(server: Server, options: Options) -> None:
    """A byte order mark before the JSON does no harm."""
    server.answers(LIST, Answer(b"\xef\xbb\xbf" + page_of([hit("A")]).body))
    server.answers("/dokumentstatus/A.json", Answer(b"\xef\xbb\xbf" + status_of("A").body))

    assert riksdag_documents(MOTIONS, options()).fetched == 1
    assert as_json({}) == b"{}"
