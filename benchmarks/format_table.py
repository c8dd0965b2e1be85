"""
What do our readers make of genuine files, format by format?

What is measured: of a folder of samples with one subfolder a source, how many files give
documents, how many documents have each piece of metadata, sections and pages, and which
files are reported with what reason. Every file that lies in the folder is accounted for:
it is read, reported, or passed over because it only says where the samples come from.

Corpus model: genuine files, some of each source. The figures tell what such files hold as
much as what we read: not every document has a number, and few formats have pages.

How to run, from anywhere::

    python benchmarks/format_table.py                  # some 5 seconds
    python benchmarks/format_table.py DIR --json       # of another folder, as JSON

Ends with 0, with 1 if a file is neither read nor reported, and with 2 without samples.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:  # Run as a script, only this folder is on the path.
    sys.path.insert(0, str(ROOT))

from searchkit.corpus import Chunk, plan, read  # noqa: E402
from searchkit.errors import DocumentFormatError  # noqa: E402
from searchkit.model import Document  # noqa: E402

SAMPLES = ROOT.parent / "shared" / "samples"
PROVENANCE = "PROVENANCE.tsv"
"""Says where the samples of its folder come from, so it is none itself."""


@dataclass
class Row:
    """The files of one source and extension, counted."""

    source: str
    extension: str
    files: int = 0
    documents: int = 0
    title: int = 0
    date: int = 0
    type: int = 0
    number: int = 0
    sections: int = 0
    pages: int = 0
    reported: int = 0
    """Files that give no document at all, each with its reason in ``Measured.reported``."""

    def count(self, document: Document) -> None:
        """Add one document."""
        self.documents += 1
        self.title += bool(document.title)
        self.date += bool(document.date)
        self.type += bool(document.type)
        self.number += bool(document.fields.get("number"))
        self.sections += bool(document.sections)
        self.pages += bool(document.pages)


@dataclass
class Measured:
    """What the readers made of a folder."""

    rows: list[Row] = field(default_factory=list)
    reported: list[tuple[str, str]] = field(default_factory=list)
    """File and reason; also where the file's other documents are read."""
    passed_over: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Files that are neither read nor reported; there must be none."""

    def total(self) -> Row:
        """Return the sums of all rows."""
        total = Row("all", "")
        for row in self.rows:
            for name, value in asdict(row).items():
                if isinstance(value, int):
                    setattr(total, name, getattr(total, name) + value)
        return total


def measure(samples: Path) -> Measured:
    """Read every file below *samples* and count what comes out."""
    measured = Measured()
    for folder in sorted(path for path in samples.iterdir() if path.is_dir()):
        files = {path for path in folder.rglob("*") if path.is_file()}
        provenance = {path for path in files if path.name == PROVENANCE}
        measured.passed_over += sorted(_name(path, samples) for path in provenance)
        _measure_folder(folder, files - provenance, samples, measured)
    return measured


def _measure_folder(folder: Path, files: set[Path], samples: Path, measured: Measured) -> None:
    rows = {e: Row(folder.name, e) for e in sorted({_extension(path) for path in files})}
    documents: dict[Path, int] = {}
    reported: set[Path] = set()
    for path, outcome in _outcomes(folder):
        if path not in files:
            continue
        if isinstance(outcome, Document):
            documents[path] = documents.get(path, 0) + 1
            rows[_extension(path)].count(outcome)
        else:
            reported.add(path)
            measured.reported.append((_name(path, samples), outcome.reason))
    for path in sorted(files):
        rows[_extension(path)].files += 1
        rows[_extension(path)].reported += path in reported and path not in documents
        if path not in documents and path not in reported:
            measured.missing.append(_name(path, samples))
    measured.rows += rows.values()


def _outcomes(folder: Path) -> Iterator[tuple[Path, Document | DocumentFormatError]]:
    """Yield each outcome with the file on disk that it comes from."""
    for step in plan(folder):
        if isinstance(step, Chunk):
            yield from ((step.on_disk, outcome) for outcome in read(step))
        elif step.path is not None:
            yield Path(step.path), step


def _extension(path: Path) -> str:
    return path.suffix.lower()


def _name(path: Path, samples: Path) -> str:
    return PurePosixPath(path.relative_to(samples)).as_posix()


COLUMNS = ("title", "date", "type", "number", "sections", "pages")


def as_markdown(measured: Measured) -> str:
    """Return the table, and below it what is reported."""
    heads = ["source", "format", "files", "documents", *COLUMNS, "files reported"]
    lines = ["| " + " | ".join(heads) + " |", "|---|---|" + "---:|" * (len(heads) - 2)]
    for row in [*measured.rows, measured.total()]:
        name = f"`*{row.extension}`" if row.extension else ""
        counts = [row.files, row.documents, *(getattr(row, column) for column in COLUMNS)]
        cells = [row.source, name, *(f"{count:,}" for count in (*counts, row.reported))]
        lines.append("| " + " | ".join(cells) + " |")
    if measured.reported:
        lines += ["", "Reported:", ""]
        lines += [f"- {path}: {reason}" for path, reason in measured.reported]
    if measured.missing:
        lines += ["", "Neither read nor reported, which is a fault:", ""]
        lines += [f"- {path}" for path in measured.missing]
    if count := len(measured.passed_over):
        lines += ["", f"Passed over: {count} files {PROVENANCE}, which name the samples' sources."]
    return "\n".join(lines)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("samples", type=Path, nargs="?", default=SAMPLES, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    options = parser.parse_args()
    if not options.samples.is_dir():
        print(f"no such folder: {options.samples}", file=sys.stderr)
        return 2
    measured = measure(options.samples)
    if options.json:
        report = {**asdict(measured), "total": asdict(measured.total())}
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        print(as_markdown(measured))
    return 1 if measured.missing else 0


if __name__ == "__main__":
    sys.exit(main())
