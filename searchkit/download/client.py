"""
How is a public server asked, politely?

One request at a time, never more a second than agreed, under a name that says
who asks. What fails for a while (429, 5xx, a timeout, a connection that
breaks) is asked for again after a wait that doubles, or as long as the server
says in Retry-After. ``urllib3`` speaks HTTP and keeps the connection open;
its `Retry` does the sums, but the waiting is done here, where tests can give
another clock.

* An answer is streamed; nothing larger than its limit is held or stored.
* Redirects are followed, three at most.
* Proxies are taken from the environment, as other programs do.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from searchkit import __version__
from searchkit.download.failures import (
    AnswerError,
    DownloadError,
    ServerFailedError,
    UnreachableError,
)
from searchkit.download.robots import ROBOTS_BYTES_MAX, Rules
from searchkit.download.transport import http_error, is_disconnected, pool_for, told
from searchkit.errors import UsageError

if TYPE_CHECKING:
    from urllib3 import Retry
    from urllib3.exceptions import HTTPError
    from urllib3.response import BaseHTTPResponse

Answer = TypeVar("Answer")

# More than this a second is no longer polite towards a public service.
REQUESTS_PER_S_MAX = 5.0
LIST_BYTES_MAX = 64 * 2**20
BLOCK_BYTES = 2**16
_PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS_MAX = 3
_BACKOFF_S = 1.0
_BACKOFF_MAX_S = 60.0
# A server that wants to be left alone for longer is better asked another day.
_RETRY_AFTER_MAX_S = 600.0
# An attempt that brought this much was no failure: counting begins anew.
_PROGRESS_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Manners:
    """How hard a server may be pressed, and who is said to ask."""

    requests_per_s: float = 1.0
    """At most `REQUESTS_PER_S_MAX`."""
    attempts: int = 5
    """How often one address is asked before it counts as failed."""
    connect_s: float = 10.0
    read_s: float = 60.0
    contact: str = ""
    """An address at which the one who runs this can be reached; told to the server."""

    def __post_init__(self) -> None:
        if not 0 < self.requests_per_s <= REQUESTS_PER_S_MAX:
            raise UsageError(
                f"{self.requests_per_s:g} requests a second is not possible; "
                f"give more than 0 and at most {REQUESTS_PER_S_MAX:g}"
            )
        if not (self.contact.isascii() and (self.contact.isprintable())):
            raise UsageError("the contact may hold only printable ASCII characters")

    @property
    def user_agent(self) -> str:
        """The name under which we ask: program, version, where to read about it."""
        about = "Python package searchkit, see its README"
        contact = f"; contact {self.contact}" if self.contact else ""
        return f"searchkit/{__version__} ({about}{contact}) Python/{platform.python_version()}"


class Client:
    """
    One server, asked politely.

    Args:
        base_url: scheme, host and perhaps a path; addresses are put behind it.
        clock, sleep: seconds that pass, and waiting for them; for tests.
    """

    def __init__(
        self,
        base_url: str,
        manners: Manners | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"'{base_url}' is no address of a server; write https://…")
        self.base_url = base_url.rstrip("/")
        self.host = parts.netloc.rpartition("@")[2]
        self.manners = manners or Manners()
        self.received_bytes = 0
        self._clock = clock
        self._sleep = sleep
        self._free_at = clock()
        self._reached = False
        self._rules: Rules | None = None
        self._pool = pool_for(
            parts.scheme,
            parts.hostname,
            connect_s=self.manners.connect_s,
            read_s=self.manners.read_s,
        )

    def url(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """Return the address of *path* (not yet quoted) on this server."""
        encoded = f"?{urlencode(query)}" if query else ""
        return f"{self.base_url}{quote(path, safe='/')}{encoded}"

    def read(self, url: str, *, limit_bytes: int = LIST_BYTES_MAX) -> bytes:
        """
        Return the whole answer of *url*.

        Raises:
            AnswerError: not 200, or larger than the limit.
            UnreachableError, DownloadError: see `ask`.
        """

        def whole(response: BaseHTTPResponse) -> bytes:
            if response.status != 200:
                raise AnswerError(url, refusal(response))
            body = bytearray()
            for block in self.blocks(response):
                body += block
                if len(body) > limit_bytes:
                    raise AnswerError(url, f"is larger than {limit_bytes // 2**20} MB")
            return bytes(body)

        return self.ask(url, lambda: {"Accept-Encoding": "gzip"}, whole)

    def blocks(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        """Yield the body of *response* piece by piece, decoded, counting what came."""
        for block in response.stream(BLOCK_BYTES, decode_content=True):
            self.received_bytes += len(block)
            yield block

    def ask(
        self,
        url: str,
        headers: Callable[[], Mapping[str, str]],
        use: Callable[[BaseHTTPResponse], Answer],
    ) -> Answer:
        """
        Ask *url* until it answers, and return what *use* makes of the answer.

        Args:
            headers: called before every attempt: a broken one may have left a part.
            use: gets any answer that is not a passing failure, and reads its body
                with `blocks`; called again if the connection breaks meanwhile.

        Raises:
            ServerFailedError: every attempt failed.
            UnreachableError: no connection; at once if there never was one.
            DownloadError: the server wants to be left alone for long.
            AnswerError: its robots.txt asks searchkit to keep away.
        """
        if not self._known_rules().allow(url):
            raise AnswerError(url, "is closed to searchkit by the server's robots.txt")
        policy = self._policy()
        while True:
            self._wait_for_turn()
            before = self.received_bytes
            try:
                with self._answer(url, headers()) as response:
                    if response.status not in _PASSING_STATUS:
                        self._reached = True
                        return use(response)
                    self._reached = True
                    policy = self._after_refusal(policy, url, response)
            except http_error() as error:
                if self.received_bytes - before >= _PROGRESS_BYTES:
                    policy = self._policy()
                policy = self._after_failure(policy, url, error)

    @contextmanager
    def _answer(self, url: str, headers: Mapping[str, str]) -> Iterator[BaseHTTPResponse]:
        from urllib3 import Retry

        response = self._pool.request(
            "GET",
            url,
            headers={"User-Agent": self.manners.user_agent, **headers},
            preload_content=False,
            retries=Retry(
                total=None,
                connect=0,
                read=0,
                status=0,
                other=0,
                redirect=_REDIRECTS_MAX,
                respect_retry_after_header=False,
            ),
        )
        try:
            yield response
        finally:
            # A body read to its end has given its connection back already.
            response.close()

    def _policy(self) -> Retry:
        from urllib3 import Retry

        return Retry(
            total=self.manners.attempts - 1,
            backoff_factor=_BACKOFF_S,
            backoff_max=_BACKOFF_MAX_S,
        )

    def _after_refusal(self, policy: Retry, url: str, response: BaseHTTPResponse) -> Retry:
        """Wait after a 429 or 5xx, as long as the server says, or as the policy does."""
        from urllib3.exceptions import InvalidHeader, MaxRetryError

        try:
            asked_s = policy.get_retry_after(response)
        except InvalidHeader:
            asked_s = None
        if asked_s is not None and asked_s > _RETRY_AFTER_MAX_S:
            raise DownloadError(
                f"{self.host} asks to be left alone for {asked_s / 60:.0f} minutes; "
                "run the command again then, it goes on where it stopped"
            )
        try:
            policy = policy.increment("GET", url, response=response)
        except MaxRetryError:
            raise ServerFailedError(url, f"{refusal(response)}, however often asked") from None
        self._sleep(policy.get_backoff_time() if asked_s is None else asked_s)
        return policy

    def _after_failure(self, policy: Retry, url: str, error: HTTPError) -> Retry:
        """Wait after a connection that failed, or give up."""
        from urllib3.exceptions import MaxRetryError, ResponseError, SSLError

        reason = getattr(error, "reason", None) or error
        if isinstance(reason, ResponseError):
            raise AnswerError(url, "leads from one address to the next without end") from None
        if not self._reached or isinstance(reason, SSLError):
            raise UnreachableError(self.host, told(reason)) from None
        try:
            # Without method and error it counts as any failure: all we send is GET.
            policy = policy.increment("GET", url)
        except MaxRetryError:
            if is_disconnected(reason):
                raise UnreachableError(self.host, told(reason)) from None
            raise ServerFailedError(url, f"{told(reason)}, however often asked") from None
        self._sleep(policy.get_backoff_time())
        return policy

    def _known_rules(self) -> Rules:
        """Return what robots.txt asks; read with the first request, out of turn."""
        if self._rules is None:
            url = self.url("/robots.txt")
            text = b""
            try:
                with self._answer(url, {}) as response:
                    self._reached = True
                    if response.status == 200:
                        text = response.read(ROBOTS_BYTES_MAX)
            except http_error() as error:
                self._after_failure(self._policy(), url, error)
            self._rules = Rules(text.decode("utf-8", "replace"))
        return self._rules

    def _wait_for_turn(self) -> None:
        pause_s = max(1 / self.manners.requests_per_s, self._known_rules().pause_s)
        now = self._clock()
        if now < self._free_at:
            self._sleep(self._free_at - now)
        self._free_at = max(now, self._free_at) + pause_s


def refusal(response: BaseHTTPResponse) -> str:
    """Say how a server refused: ``answered 404 Not Found``."""
    return f"answered {response.status} {response.reason or ''}".rstrip()
