"""
What does an index cost to build?

Each engine builds in a process of its own, so that its peak memory is its own; what it
needs beforehand (an index whose words it knows) is made in another.
The clock runs inside that process, from the first byte of the corpus read to
the index being complete on disk; starting Python and importing the engine are
outside. Meanwhile this process adds up the memory of the whole process tree.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import engines

ROOT = Path(__file__).resolve().parents[1]
# Seconds between two looks; looking is kept under 5 % of one core.
_INTERVAL = 0.05
_SHARE = 0.05
# A build of fewer seconds than this is over before its memory has been seen often enough.
_BRIEF = 0.5


@dataclass(frozen=True, slots=True)
class Build:
    """One build of one engine."""

    engine: str
    seconds: float
    cpu_seconds: float
    """Of all its processes and threads, Python's start included: tells work from waiting."""
    index_bytes: int
    peak_bytes: int | None
    """Of the process tree, proportional set size; None without /proc or for a brief build."""


class BuildError(Exception):
    """An engine did not finish its build; the message is what it wrote to stderr."""


def build_in_subprocess(name: str, corpus: Path, directory: Path) -> Build:
    """
    Build one engine's index anew in *directory*, which is emptied first.

    Raises:
        BuildError: the engine failed.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    log = directory.with_suffix(".log")
    command = [sys.executable, "-m", "benchmarks.building", name, str(corpus), str(directory)]
    prepared = subprocess.run(
        [*command, "prepare"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if prepared.returncode:
        raise BuildError(prepared.stderr[-2000:] or f"exit code {prepared.returncode}")
    cpu_before = _children_cpu_seconds()
    with log.open("w+b") as output:
        child = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            peak_bytes = _watch(child)
        except BaseException:
            _end(child)
            raise
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if child.returncode or not lines:
        raise BuildError("\n".join(lines[-20:]) or f"exit code {child.returncode}")
    seconds = float(json.loads(lines[-1])["seconds"])
    index_bytes = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    return Build(
        engine=name,
        seconds=seconds,
        cpu_seconds=_children_cpu_seconds() - cpu_before,
        index_bytes=index_bytes,
        peak_bytes=None if seconds < _BRIEF else peak_bytes,
    )


def _watch(child: subprocess.Popen[bytes]) -> int | None:
    """Wait for *child*; return the largest memory of its session seen, in bytes."""
    peak_bytes = 0
    while child.poll() is None:
        began = time.perf_counter()
        peak_bytes = max(peak_bytes, _session_bytes(child.pid))
        looked = time.perf_counter() - began
        time.sleep(max(_INTERVAL, looked / _SHARE))
    return peak_bytes or None


def _children_cpu_seconds() -> float:
    """Return the processor time of every child that has ended so far."""
    times = os.times()
    return times.children_user + times.children_system


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the build and its workers: in a session of their own they get no Ctrl-C."""
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()


def _session_bytes(session: int) -> int:
    """
    Return the proportional set size of all processes of a session, 0 if it cannot be read.

    Proportional, because workers share pages with their parent: each shared
    page counts once in the sum.
    """
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # Fields after the parenthesised command: state, parent, group, session.
            fields = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[3]) == session:
                rollup = (entry / "smaps_rollup").read_text(encoding="utf-8")
                kilobytes = next(ln for ln in rollup.splitlines() if ln.startswith("Pss:"))
                total += int(kilobytes.split()[1]) * 1024
        except (OSError, StopIteration):
            continue  # It ended while we looked.
    return total


def _main(name: str, corpus: str, directory: str, step: str = "build") -> None:
    engine = engines.load(name)
    if step == "prepare":
        if engine.prepare is not None:
            engine.prepare(Path(corpus), Path(directory))
        return
    began = time.perf_counter()
    engine.build(Path(corpus), Path(directory))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
