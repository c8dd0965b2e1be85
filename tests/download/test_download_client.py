"""Is a server asked politely, and are its failures told from ours?"""

from __future__ import annotations

import socket

import pytest
from download_server import Answer, Server, Time

from searchkit.download import (
    AnswerError,
    Client,
    DownloadError,
    Manners,
    ServerFailedError,
    UnreachableError,
)
from searchkit.errors import UsageError


def client(server: Server, time: Time, **manners: object) -> Client:
    return Client(
        server.url,
        Manners(**manners),  # type: ignore[arg-type]
        clock=time.clock,
        sleep=time.sleep,
    )


def test_requests_are_spaced(server: Server, time: Time) -> None:
    """At one request a second, three requests take two seconds of waiting."""
    server.answers("/a", Answer(b"a"))
    asking = client(server, time)

    assert [asking.read(asking.url("/a")) for _ in range(3)] == [b"a"] * 3
    assert time.waits == [1.0, 1.0]


def test_a_crawl_delay_is_honoured(server: Server, time: Time) -> None:
    """A server whose robots.txt asks for a longer pause gets it."""
    server.answers("/robots.txt", Answer(b"User-agent: *\nCrawl-delay: 4\nDisallow: /\n"))
    server.answers("/a", Answer(b"a"))
    asking = client(server, time)

    assert [asking.read(asking.url("/a")) for _ in range(2)] == [b"a"] * 2
    assert time.waits == [4.0]


def test_we_keep_away_where_we_are_named(server: Server, time: Time) -> None:
    """What robots.txt closes to searchkit by name is not asked for."""
    server.answers("/robots.txt", Answer(b"User-agent: searchkit\nDisallow: /a\n"))
    server.answers("/b", Answer(b"b"))
    asking = client(server, time)

    with pytest.raises(AnswerError, match=r"closed to searchkit by the server's robots\.txt"):
        asking.read(asking.url("/a"))
    assert asking.read(asking.url("/b")) == b"b"
    assert [request.path for request in server.asked] == ["/b"]


@pytest.mark.parametrize(
    "answer", [Answer(status=500), Answer(b"\xff<html>"), Answer(b"x" * 2**20)]
)
def test_a_useless_robots_txt_has_no_rules(server: Server, time: Time, answer: Answer) -> None:
    """A robots.txt that is none, or fails, closes nothing and slows nothing."""
    server.answers("/robots.txt", answer)
    server.answers("/a", Answer(b"a"))
    asking = client(server, time)

    assert [asking.read(asking.url("/a")) for _ in range(2)] == [b"a"] * 2
    assert time.waits == [1.0]


def test_a_slow_answer_needs_no_further_wait(server: Server, time: Time) -> None:
    """Time that passed meanwhile counts."""
    server.answers("/a", Answer(b"a"))
    asking = client(server, time, requests_per_s=0.5)
    asking.read(asking.url("/a"))
    time.now += 1.5
    asking.read(asking.url("/a"))

    assert time.waits == [0.5]


def test_we_say_who_asks(server: Server, time: Time) -> None:
    """The user agent names the program, its version and the contact that was given."""
    server.answers("/a", Answer(b"a"))
    client(server, time, contact="registrator@example.org").read(f"{server.url}/a")

    agent = server.asked[0].headers["User-Agent"]
    assert agent.startswith("searchkit/")
    assert "contact registrator@example.org" in agent


def test_retry_after_is_honoured(server: Server, time: Time) -> None:
    """A 429 is asked again after as many seconds as it says."""
    server.answers("/a", Answer(status=429, headers={"Retry-After": "7"}), Answer(b"a"))
    asking = client(server, time)

    assert asking.read(asking.url("/a")) == b"a"
    assert time.waits == [7.0]


def test_retry_after_of_no_seconds(server: Server, time: Time) -> None:
    """Retry-After: 0 is asked again when it is our turn."""
    server.answers("/a", Answer(status=429, headers={"Retry-After": "0"}), Answer(b"a"))
    asking = client(server, time)

    assert asking.read(asking.url("/a")) == b"a"
    assert sum(time.waits) == 1.0


def test_a_senseless_retry_after_is_passed_over(server: Server, time: Time) -> None:
    """A Retry-After that is no time is as none."""
    server.answers("/a", Answer(status=503, headers={"Retry-After": "soon"}), Answer(b"a"))
    asking = client(server, time)

    assert asking.read(asking.url("/a")) == b"a"


def test_a_long_retry_after_ends_the_run(server: Server, time: Time) -> None:
    """Who wants to be left alone for an hour is not waited for."""
    server.answers("/a", Answer(status=429, headers={"Retry-After": "3600"}))
    asking = client(server, time)

    with pytest.raises(DownloadError, match="left alone for 60 minutes"):
        asking.read(asking.url("/a"))
    assert time.waits == []


def test_a_passing_failure_is_asked_again(server: Server, time: Time) -> None:
    """500, then 200, is 200."""
    server.answers("/a", Answer(status=500), Answer(b"a"))
    asking = client(server, time)

    assert asking.read(asking.url("/a")) == b"a"


def test_waits_double(server: Server, time: Time) -> None:
    """A server that goes on failing is asked five times, with longer and longer waits."""
    server.answers("/a", Answer(status=503))
    asking = client(server, time)

    with pytest.raises(ServerFailedError, match="answered 503"):
        asking.read(asking.url("/a"))
    assert len(server.asked) == 5
    assert [wait for wait in time.waits if wait > 1] == [2.0, 4.0, 8.0]


def test_a_refusal_is_final(server: Server, time: Time) -> None:
    """404 is asked once."""
    asking = client(server, time)

    with pytest.raises(AnswerError, match="answered 404 Not Found"):
        asking.read(asking.url("/gone"))
    assert len(server.asked) == 1


def test_a_broken_connection_is_tried_again(server: Server, time: Time) -> None:
    """An answer that ends early is asked for again, once the server was reached."""
    server.answers("/a", Answer(b"abcdef", cut=3), Answer(b"abcdef"))
    asking = client(server, time)

    assert asking.read(asking.url("/a")) == b"abcdef"


def test_offline_is_told_at_once(time: Time) -> None:
    """A closed port is no connection, told without waiting, with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    asking = Client(f"http://127.0.0.1:{port}", clock=time.clock, sleep=time.sleep)

    with pytest.raises(UnreachableError) as caught:
        asking.read(asking.url("/a"))
    assert str(caught.value) == (
        f"cannot reach 127.0.0.1:{port}: Connection refused; check the network and run the "
        "command again, it goes on where it stopped"
    )
    assert time.waits == []


def test_an_unknown_name_is_told(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name server, the host cannot be resolved, and the message names it."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    asking = Client("https://data.riksdagen.se", clock=time.clock, sleep=time.sleep)

    with pytest.raises(
        UnreachableError, match=r"cannot reach data\.riksdagen\.se: its name cannot be resolved"
    ):
        asking.read(asking.url("/a"))


def test_redirects_are_followed(server: Server, time: Time) -> None:
    """What has moved is read where it is."""
    server.answers("/a", Answer(status=301, headers={"Location": "/b"}))
    server.answers("/b", Answer(b"b"))
    asking = client(server, time)

    assert asking.read(asking.url("/a")) == b"b"


def test_a_circle_of_redirects_ends(server: Server, time: Time) -> None:
    """What moves for ever is of no use, and the rest goes on."""
    server.answers("/a", Answer(status=302, headers={"Location": "/a"}))
    asking = client(server, time)

    with pytest.raises(AnswerError, match="without end"):
        asking.read(asking.url("/a"))


def test_a_list_has_a_limit(server: Server, time: Time) -> None:
    """An answer larger than its limit is not held."""
    server.answers("/a", Answer(b"a" * 2**21))
    asking = client(server, time)

    with pytest.raises(AnswerError, match="larger than 1 MB"):
        asking.read(asking.url("/a"), limit_bytes=2**20)


def test_addresses_are_quoted(server: Server, time: Time) -> None:
    """Spaces and letters of ids are quoted on the way and arrive as they were."""
    server.answers("/dokumentstatus/sfs-1895-bih. 52 s. 1 å.json", Answer(b"{}"))
    asking = client(server, time)

    assert asking.read(asking.url("/dokumentstatus/sfs-1895-bih. 52 s. 1 å.json")) == b"{}"


@pytest.mark.parametrize("rate", [0.0, -1.0, 50.0, float("nan")])
def test_manners_have_bounds(rate: float) -> None:
    """No more than five requests a second, and more than none."""
    with pytest.raises(UsageError, match="requests a second"):
        Manners(requests_per_s=rate)


def test_a_contact_is_one_line() -> None:
    """A contact cannot add headers of its own."""
    with pytest.raises(UsageError, match="printable"):
        Manners(contact="a\r\nX-Evil: 1")


@pytest.mark.parametrize("url", ["ftp://x", "data.riksdagen.se", "https://", ""])
def test_a_server_has_an_address(url: str) -> None:
    """Only http and https servers can be asked."""
    with pytest.raises(UsageError, match="no address of a server"):
        Client(url)


def test_proxies_of_the_environment_are_used(
    server: Server, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With http_proxy set, it is the proxy that is asked, and told the whole address."""
    monkeypatch.setenv("http_proxy", server.url)
    server.answers("/a", Answer(b"by proxy"))
    asking = Client("http://policy.example", clock=time.clock, sleep=time.sleep)

    assert asking.read(asking.url("/a")) == b"by proxy"
