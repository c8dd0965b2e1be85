"""A server on this machine that answers as it was told, and notes what it was asked."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


@dataclass(frozen=True)
class Answer:
    """One answer; with an ETag it honours If-None-Match, and Range with If-Range."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    cut: int | None = None
    """Break the connection after so many bytes of the body."""


@dataclass(frozen=True)
class Request:
    """What was asked."""

    path: str
    query: str
    headers: Mapping[str, str]


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a client that left: tests let it."""


class Server:
    """
    Answers `routes[path]` or `routes[path?query]`, in order; the last one for ever.

    That robots.txt is asked for is not noted.
    """

    def __init__(self) -> None:
        self.routes: dict[str, list[Answer]] = {}
        self.asked: list[Request] = []
        self._http = _Http(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answers(self, path: str, *answers: Answer) -> None:
        """Answer *path* with these, one after another."""
        self.routes[path] = list(answers)

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [request.path for request in self.asked]

    def _next(self, path: str, query: str) -> Answer:
        full = f"{path}?{query}"
        left = self.routes.get(full) or self.routes.get(path) or [Answer(b"no", 404)]
        return left.pop(0) if len(left) > 1 else left[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                path, query = unquote(parts.path), unquote(parts.query)
                if path != "/robots.txt":
                    server.asked.append(Request(path, query, dict(self.headers)))
                self._send(_shaped(server._next(path, query), dict(self.headers)))

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[: answer.cut])
                if answer.cut is not None:
                    self.wfile.flush()
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


def _shaped(answer: Answer, asked: Mapping[str, str]) -> Answer:
    """Return what a server that honours validators makes of an answer."""
    if not answer.etag or answer.status != 200:
        return answer
    headers = {**answer.headers, "ETag": answer.etag}
    if asked.get("If-None-Match") == answer.etag:
        return Answer(b"", 304, headers)
    wanted = asked.get("Range")
    if wanted is None or asked.get("If-Range") != answer.etag:
        return Answer(answer.body, 200, headers, cut=answer.cut)
    start, size = int(wanted.removeprefix("bytes=").rstrip("-")), len(answer.body)
    if start >= size:
        return Answer(b"", 416, {**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
    return Answer(answer.body[start:], 206, headers, cut=answer.cut)


class Time:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def clock(self) -> float:
        """Return the seconds now."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass."""
        self.waits.append(seconds)
        self.now += seconds


def as_json(value: object) -> bytes:
    """Return *value* as JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode()


def status_of(dok_id: str, title: str = "Om tåg") -> Answer:
    """Return a `dokumentstatus` as riksdagen answers it."""
    document = {"dok_id": dok_id, "titel": title, "html": "<p>Tågen ska gå i tid.</p>"}
    return Answer(as_json({"dokumentstatus": {"dokument": document}}))


def hit(dok_id: str, changed: str = "2024-01-02 03:04:05", **more: str) -> dict[str, str]:
    """Return an entry of a `dokumentlista`."""
    common = {"dok_id": dok_id, "doktyp": "mot", "rm": "2018/19", "systemdatum": changed}
    return {**common, **more}


def page_of(documents: object, *, hits: int = 1, follows: str = "") -> Answer:
    """Return a page of a `dokumentlista`."""
    fields = {"@traffar": str(hits), "dokument": documents}
    if follows:
        fields["@nasta_sida"] = f"http://data.riksdagen.se/dokumentlista/?{follows}"
    return Answer(as_json({"dokumentlista": fields}))


def zipped(size: int = 200_000) -> bytes:
    """Return an archive of one `dokumentstatus`, about *size* bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("h6021532.json", status_of("H6021532").body + b" " * size)
    return stream.getvalue()


def datasets_of(*rows: tuple[str, str, str, int]) -> Answer:
    """Return a list of datasets: type, years, when updated, size."""
    told = "".join(
        f"<dataset><namn>dokument</namn><typ>{kind}</typ><rm>{years}</rm>"
        f"<filnamn>{kind}-{years}.json.zip</filnamn><storlek>{size}</storlek>"
        f"<format>json</format><filformat>zip</filformat><uppdaterad>{updated}</uppdaterad>"
        f"<url>/dataset/dokument/{kind}-{years}.json.zip</url></dataset>"
        for kind, years, updated, size in rows
    )
    return Answer(f"<datasetlista>{told}</datasetlista>".encode())
