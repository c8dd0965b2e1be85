"""Do the government's pages come with their lists?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from download_server import Answer, Server, as_json

from searchkit.corpus import Chunk, plan, read
from searchkit.download import DownloadOptions, Selection, g0v_lists, g0v_pages
from searchkit.errors import UsageError
from searchkit.model import Document

Options = Callable[..., DownloadOptions]
PRESS = Selection(types=("pressmeddelanden",))
FIRST, SECOND = "/pressmeddelanden/2022/12/scb-ska", "/pressmeddelanden/2024/01/ny-lag-2.0"


def listed(url: str, published: str = "2024-01-15", **more: Any) -> dict[str, Any]:
    return {"title": "Ny lag", "url": url, "published": published, "updated": None, **more}


@pytest.fixture
def g0v(server: Server) -> Server:
    """A server with a list of two pages, the codes, and the pages' text."""
    pages = [listed(f"{FIRST}/", "2022-12-01"), listed(SECOND)]
    server.answers("/pressmeddelanden.json", Answer(as_json(pages), etag='"list"'))
    server.answers("/api/codes.json", Answer(as_json({"7": "Socialdepartementet", "8": "EU"})))
    for path in (FIRST, SECOND):
        server.answers(f"{path}.md", Answer("# Ny lag\n\nDen gäller.\n".encode()))
    return server


def test_pages_come(g0v: Server, options: Options) -> None:
    """Pages lie under the paths that they have at g0v.se; the list is hidden beside them."""
    asked = options()
    report = g0v_pages(PRESS, asked)

    kept = [path for path in (asked.into / "g0v").rglob("*") if path.is_file()]
    assert sorted(f"/{path.relative_to(asked.into / 'g0v').as_posix()}" for path in kept) == [
        "/.pressmeddelanden.json", f"{FIRST}.md", f"{SECOND}.md",
    ]  # fmt: skip
    assert (report.listed, report.fetched, report.failed) == (3, 3, ())
    assert "regeringen.se" in report.attribution


def test_what_the_list_tells_stands_before_the_text(g0v: Server, options: Options) -> None:
    """Title, date, number, ministry and address are front matter; the text follows as it came."""
    entry = listed(
        FIRST, title='"Nu" gäller\tden \\ nya', id="Prop. 2009/10:121", senders=["8", "7", 9]
    )
    g0v.answers("/pressmeddelanden.json", Answer(as_json([entry])))
    asked = options()
    g0v_pages(PRESS, asked)

    assert (asked.into / f"g0v{FIRST}.md").read_text(encoding="utf-8") == (
        '---\ntitle: "\\"Nu\\" gäller den \\\\ nya"\ndate: "2024-01-15"\nnumber: "2009/10:121"\n'
        f'organ: "Socialdepartementet"\nurl: "https://www.regeringen.se{FIRST}"\n---\n\n'
        "# Ny lag\n\nDen gäller.\n"
    )


def test_front_matter_is_understood(g0v: Server, options: Options) -> None:
    """What is put before a text is what the reader of Markdown reads."""
    entry = listed(FIRST, title='Om "tåg": nu', senders=["7"])
    g0v.answers("/pressmeddelanden.json", Answer(as_json([entry])))
    asked = options()
    g0v_pages(PRESS, asked)
    chunks = [step for step in plan(asked.into) if isinstance(step, Chunk)]
    found = [outcome for chunk in chunks for outcome in read(chunk)]

    assert [type(outcome) for outcome in found] == [Document]
    assert isinstance(found[0], Document)
    assert (found[0].title, found[0].date) == ('Om "tåg": nu', "2024-01-15")
    assert found[0].fields["organ"] == "Socialdepartementet"


def test_a_text_with_front_matter_stays(g0v: Server, options: Options) -> None:
    """A page that has front matter of its own is kept as it came."""
    g0v.answers(f"{FIRST}.md", Answer(b"---\ntitle: x\n---\n# x\n"))
    asked = options()
    g0v_pages(PRESS, asked)

    assert (asked.into / f"g0v{FIRST}.md").read_bytes() == b"---\ntitle: x\n---\n# x\n"


@pytest.mark.parametrize("codes", [Answer(b"[]"), Answer(b"<html>"), Answer(status=404)])
def test_pages_come_without_codes(g0v: Server, options: Options, codes: Answer) -> None:
    """Without the list of codes, pages come without their ministry."""
    g0v.answers("/api/codes.json", codes)

    assert g0v_pages(PRESS, options()).fetched == 3


def test_a_second_run_asks_for_the_lists_only(g0v: Server, options: Options) -> None:
    """Lists are asked for with their validators, pages of which nothing new is told not at all."""
    g0v_pages(PRESS, options())
    g0v.asked.clear()
    report = g0v_pages(PRESS, options())

    assert g0v.paths() == ["/pressmeddelanden.json", "/api/codes.json"]
    assert g0v.asked[0].headers["If-None-Match"] == '"list"'
    assert (report.fetched, report.unchanged) == (0, 3)


def test_an_updated_page_is_fetched(g0v: Server, options: Options) -> None:
    """A page that was updated since is asked for again."""
    g0v_pages(PRESS, options())
    pages = [listed(f"{FIRST}/", "2022-12-01"), listed(SECOND, updated="2024-02-01")]
    g0v.answers("/pressmeddelanden.json", Answer(as_json(pages), etag='"list 2"'))
    g0v.answers(f"{SECOND}.md", Answer(b"# Rettelse\n"))
    report = g0v_pages(PRESS, options())

    assert report.fetched == 2
    assert (options().into / f"g0v{SECOND}.md").read_bytes().endswith(b"\n# Rettelse\n")


def test_the_period_chooses_pages(g0v: Server, options: Options) -> None:
    """Pages published outside the period are not fetched."""
    g0v_pages(Selection(("pressmeddelande",), "2023", "2024"), options())

    assert [path for path in g0v.paths() if path.endswith(".md")] == [f"{SECOND}.md"]


def test_the_limit_counts_pages(g0v: Server, options: Options) -> None:
    """Lists are not counted."""
    g0v_pages(PRESS, options(limit=1))

    assert [path for path in g0v.paths() if path.endswith(".md")] == [f"{FIRST}.md"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("prop", "/rattsliga-dokument/proposition.json"),
        ("SOU", "/rattsliga-dokument/statens-offentliga-utredningar.json"),
        ("rattsliga-dokument/skrivelse", "/rattsliga-dokument/skrivelse.json"),
        ("tal", "/tal.json"),
    ],
)
def test_types_go_by_many_names(server: Server, options: Options, name: str, path: str) -> None:
    """A list is asked for by its last word, its whole name, or the usual one."""
    g0v_pages(Selection(types=(name,)), options())

    assert path in server.paths()


@pytest.mark.parametrize("body", [b"<!DOCTYPE html>\n<p>404", b"", b"\xff\xfe\x00", b"a\0b"])
def test_a_page_that_is_no_text_is_told(g0v: Server, options: Options, body: bytes) -> None:
    """HTML, nothing and bytes that are no text are reported, and the rest comes."""
    g0v.answers(f"{FIRST}.md", Answer(body))
    report = g0v_pages(PRESS, options())

    assert [error.url for error in report.failed] == [f"{g0v.url}{FIRST}.md"]
    assert report.fetched == 2


def test_a_list_that_fails_is_told(g0v: Server, options: Options) -> None:
    """Without its list no page of a type is fetched; other types are."""
    g0v.answers("/tal.json", Answer(b"{}"))
    report = g0v_pages(Selection(types=("tal", "pressmeddelanden")), options())

    assert [error.reason for error in report.failed] == ["is JSON, but no list"]
    assert report.fetched == 3


def test_entries_without_address_are_told(g0v: Server, options: Options) -> None:
    """An entry that leads nowhere is reported."""
    g0v.answers("/pressmeddelanden.json", Answer(as_json([{"title": "x"}, "y", listed(SECOND)])))
    report = g0v_pages(PRESS, options())

    assert len(report.failed) == 2
    assert all("lists no address" in error.reason for error in report.failed)


def test_addresses_cannot_lead_out_of_the_folder(g0v: Server, options: Options) -> None:
    """A hostile address becomes a plain path inside the folder."""
    g0v.answers("/pressmeddelanden.json", Answer(as_json([listed("/../../x/")])))
    g0v.answers("/../../x.md", Answer(b"# x"))
    asked = options()
    g0v_pages(PRESS, asked)

    assert list(asked.into.parent.rglob("x.md")) == list(asked.into.rglob("x.md"))


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(), "say what to download"),
        (Selection(since="2020"), "say what to download"),
        (Selection(("tal",), search="x"), "cannot be searched"),
        (Selection(("tall",)), "did you mean 'tal'"),
        (Selection(("tal",), since="2018/19"), "not riksmöten"),
    ],
)
def test_what_cannot_be_asked(
    server: Server, options: Options, selection: Selection, said: str
) -> None:
    """What g0v.se has no answer to is told before anything is asked."""
    with pytest.raises(UsageError, match=said):
        g0v_pages(selection, options())
    assert server.asked == []


def test_lists_are_known_by_name() -> None:
    """The lists have names of their own, and paths of JSON."""
    lists = g0v_lists()

    assert len({entry.type for entry in lists}) == len(lists)
    assert all(entry.path.startswith("/") and entry.path.endswith(".json") for entry in lists)
