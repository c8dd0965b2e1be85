"""Archives for tests, built in memory."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable

Files = dict[str, str | bytes]


FILES: Files = {"b.txt": "Andra texten.\n", "a/c.md": "# Tredje\n\nTexten.\n", "a.txt": "Första.\n"}


LINES = "".join(json.dumps({"id": i, "text": f"rad {i}"}) + "\n" for i in range(100))


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def zipped(files: Files, **options: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: Files, *more: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(as_bytes(content))
            archive.addfile(info, io.BytesIO(as_bytes(content)))
        for info in more:
            archive.addfile(info)
    return buffer.getvalue()


PACK: dict[str, Callable[[Files], bytes]] = {
    ".zip": zipped,
    ".tar": tarred,
    ".tar.gz": lambda files: gzip.compress(tarred(files)),
    ".tgz": lambda files: gzip.compress(tarred(files)),
    ".tar.xz": lambda files: lzma.compress(tarred(files)),
    ".tar.bz2": lambda files: bz2.compress(tarred(files)),
    ".zip.gz": lambda files: gzip.compress(zipped(files)),
}


def mutated(content: bytes, generator: random.Random) -> bytes:
    """Return *content* with flipped bits, cut off, doubled in part, or with lying sizes."""
    changed = bytearray(content)
    match generator.randrange(4):
        case 0:
            for _ in range(generator.randrange(1, 20)):
                changed[generator.randrange(len(changed))] ^= 1 << generator.randrange(8)
        case 1:
            del changed[generator.randrange(len(changed)) :]
        case 2:
            start = generator.randrange(len(changed))
            changed[start:start] = changed[generator.randrange(start + 1) : start]
        case _:
            at = generator.randrange(len(changed) - 4)
            changed[at : at + 4] = struct.pack("<I", generator.choice([0, 1, 1 << 31, 0xFFFFFFFF]))
    return bytes(changed)
