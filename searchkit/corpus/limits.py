"""
How much may one file ask of us?

Every bound on what is read, in one value. It is handed to ``plan`` and travels on
each chunk, so that it holds in whichever process the chunk is read, however that
process was started; chunks of one group share it, so it is sent once a group.
What is beyond a limit is reported with its path, and the run goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one corpus's files; each a count of bytes unless it says otherwise."""

    document_bytes: int = 256 * _MB
    """Of one document, uncompressed; also of an archive that lies within an archive,
    which is held in memory while it is read."""
    line_bytes: int = 64 * _MB
    """Of one line of a dump of one document a line."""
    archive_members: int = 1_000_000
    """Files in one archive, those of the archives within it included (a count)."""
    archive_bytes: int = 64 << 30
    """Of everything in one archive, or one compressed dump, uncompressed."""
    compression_ratio: int = 400
    """Times that an archive's member, or all of it, may grow when it is decompressed;
    what grows to less than ``RATIO_FREE_BYTES`` is let pass. Text grows 3 to 20 times."""
    nesting: int = 3
    """Archives within archives: 1 is an archive of files only."""
    seconds: float = 10.0
    """That one file's reader may take for one document, and as many more for each MB of the
    file; 0 is without end. PDF files, the slowest, take 1 to 3 s a MB."""
    memory_bytes: int = 4 << 30
    """That a process which reads may take, beyond what it began with; 0 is without bound.
    Watched on Linux. Indexing a document takes up to 20 times its size."""

    def seconds_for(self, size: int) -> float:
        """Return the seconds for a file of *size* bytes; 0: without end."""
        return self.seconds * (1.0 + size / _MB)

    def unpacked_bytes(self, disk_bytes: int) -> int:
        """Return to how much *disk_bytes* of an archive or a compressed dump may unpack."""
        by_ratio = max(RATIO_FREE_BYTES, self.compression_ratio * disk_bytes)
        return min(self.archive_bytes, by_ratio)


RATIO_FREE_BYTES = 32 * _MB
DEFAULT = Limits()
