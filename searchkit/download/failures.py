"""
What can go wrong with a download.

The tree::

    DownloadError                the run cannot go on
    ├─ UnreachableError          no connection to the server
    ├─ DownloadLockedError       another download writes to the same folder
    └─ AnswerError               what one address answered is of no use; the rest goes on
       └─ ServerFailedError      it answered with an error however often it was asked

A run that is ended by one of them, or by Ctrl-C, has lost nothing: the next
one goes on where it stopped.
"""

from __future__ import annotations

from pathlib import Path

from searchkit.errors import SearchkitError


class DownloadError(SearchkitError):
    """A download cannot go on."""


class UnreachableError(DownloadError):
    """
    There is no connection to the server.

    Attributes:
        host: whom we tried to reach.
        reason: what the system said.
    """

    def __init__(self, host: str, reason: str) -> None:
        self.host = host
        self.reason = reason
        super().__init__(
            f"cannot reach {host}: {reason}; check the network and run the command again, "
            "it goes on where it stopped"
        )


class DownloadLockedError(DownloadError):
    """Another process downloads to the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"another download is writing to '{folder}'; wait for it to end, or stop it"
        )


class AnswerError(DownloadError):
    """
    What one address answered cannot be used.

    Attributes:
        url: the address.
        reason: what is wrong with the answer.
    """

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url}: {reason}")


class ServerFailedError(AnswerError):
    """The address answered with an error, or broke off, however often it was asked."""
