"""
What is measured on?

A JSONL file, one document a line with ``id``, ``title`` and ``text``. It is
unpacked once, before anything is timed, so that every engine reads the same
plain file. ``--tiny`` writes a small corpus of its own, so that a checkout
without real data can run the whole benchmark.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines.contract import Record

_WORDS = Path(__file__).parent / "data" / "tiny-content-words.txt"
_BETWEEN = ("och", "att", "för", "som", "med", "till", "det", "av", "inte", "från", "över", "samt")


@dataclass(frozen=True, slots=True)
class Corpus:
    """An unpacked JSONL file and what the report says about it."""

    name: str
    path: Path
    sha256: str
    """Of the unpacked file."""
    text_bytes: int
    """UTF-8 bytes of all texts, without titles, metadata and JSON."""
    line_offsets: tuple[int, ...]
    """Byte offset of each document's line."""

    @property
    def document_count(self) -> int:
        return len(self.line_offsets)

    def read(self, place: int) -> Record:
        """Return the document on line *place*, from 0."""
        with self.path.open("rb") as lines:
            lines.seek(self.line_offsets[place])
            return _record(lines.readline())


def unpack(source: Path, directory: Path) -> Path:
    """Return *source* itself, or its content unpacked into *directory* if it is an .xz file."""
    if source.suffix != ".xz":
        return source.resolve()
    target = directory / source.stem
    with lzma.open(source) as packed, target.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked, length=1 << 20)
    return target


def survey(path: Path) -> Corpus:
    """Read a JSONL file once: its checksum, its size, and where its lines begin."""
    digest = hashlib.sha256()
    offsets: list[int] = []
    text_bytes = offset = 0
    with path.open("rb") as lines:
        for line in lines:
            digest.update(line)
            if line.strip():
                offsets.append(offset)
                text_bytes += len(_record(line).text.encode("utf-8", "surrogatepass"))
            offset += len(line)
    if not offsets:
        raise ValueError(f"'{path}' holds no document")
    name = path.name.removesuffix(".jsonl")
    return Corpus(name, path, digest.hexdigest(), text_bytes, tuple(offsets))


def write_tiny(directory: Path, *, count: int, seed: int) -> Path:
    """Write *count* made-up documents of Swedish words, frequent ones more often, as JSONL."""
    rng = random.Random(f"{seed}:tiny")
    words = _WORDS.read_text(encoding="utf-8").split()
    path = directory / "tiny.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            sentences = [" ".join(_sentence(words, rng)) for _ in range(rng.randint(5, 25))]
            text = " ".join(f"{sentence.capitalize()}." for sentence in sentences)
            title = " ".join(rng.sample(words, 3)).capitalize()
            document = {"id": f"tiny-{number}", "title": title, "text": text}
            lines.write(json.dumps(document, ensure_ascii=False) + "\n")
    return path


def _sentence(words: Sequence[str], rng: random.Random) -> Iterator[str]:
    for _ in range(rng.randint(3, 8)):
        if rng.random() < 0.4:
            yield rng.choice(_BETWEEN)
        # Two to five in a row, so that there are adjacent content words to sample.
        for _ in range(rng.randint(2, 5)):
            yield words[int(len(words) * rng.random() ** 2)]


def _record(line: bytes) -> Record:
    fields = json.loads(line)
    return Record(fields["id"], fields.get("title") or "", fields["text"])
