"""
Where do the documents come from?

From public sources, politely, into a folder that is a corpus as it stands:
`riksdag_documents` one by one, `riksdag_dumps` by the archive, `g0v_pages` the
government's. A second run fetches what changed, an interrupted one goes on,
and `verify_download` compares the files with the checksums they came with.

>>> from searchkit import download                                   # doctest: +SKIP
>>> motions = download.Selection(types=("mot",), since="2018/19")    # doctest: +SKIP
>>> report = download.riksdag_documents(motions)                     # doctest: +SKIP
>>> report.fetched, report.attribution                               # doctest: +SKIP
"""

from searchkit.download.client import REQUESTS_PER_S_MAX, Client, Manners
from searchkit.download.documents import Hits, riksdag_counts, riksdag_documents
from searchkit.download.dumps import Dataset, riksdag_datasets, riksdag_dumps
from searchkit.download.failures import (
    AnswerError,
    DownloadError,
    DownloadLockedError,
    ServerFailedError,
    UnreachableError,
)
from searchkit.download.pages import PageList, g0v_lists, g0v_pages
from searchkit.download.running import DownloadOptions, DownloadProgress, DownloadReport
from searchkit.download.selecting import Selection
from searchkit.download.verifying import VerifyDownloadReport, verify_download

__all__ = [
    "REQUESTS_PER_S_MAX",
    "AnswerError",
    "Client",
    "Dataset",
    "DownloadError",
    "DownloadLockedError",
    "DownloadOptions",
    "DownloadProgress",
    "DownloadReport",
    "Hits",
    "Manners",
    "PageList",
    "Selection",
    "ServerFailedError",
    "UnreachableError",
    "VerifyDownloadReport",
    "g0v_lists",
    "g0v_pages",
    "riksdag_counts",
    "riksdag_datasets",
    "riksdag_documents",
    "riksdag_dumps",
    "verify_download",
]
