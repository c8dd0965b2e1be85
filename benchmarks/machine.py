"""
On what was it measured?

Enough to repeat a run and to tell two machines apart, and nothing that names
the machine or its owner.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# What a processor's name says besides its maker and model.
_NOISE = re.compile(r"\(r\)|\(tm\)|\bcpu\b|\bprocessor\b|@.*|\d+-core|\d+th gen\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine and the common software of one run."""

    cpu: str
    cores: int
    memory_bytes: int | None
    system: str
    python: str
    numpy: str
    commit: str | None
    """Of the project, shortened; "+" if files differ from it; None outside git."""

    @property
    def label(self) -> str:
        """A short description for a folder's name, such as ``2core-amd-epyc``."""
        words = re.findall(r"[a-z0-9]+", _NOISE.sub(" ", self.cpu).lower())
        return "-".join([f"{self.cores}core", *words[:4]])


def describe_machine(project: Path) -> Machine:
    """Look at the machine this runs on, and at the commit of *project*."""
    return Machine(
        cpu=_cpu_model(),
        cores=_core_count(),
        memory_bytes=_memory_bytes(),
        system=platform.system(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        numpy=np.__version__,
        commit=_commit(project),
    )


def load_average() -> float | None:
    """Return the machine's load over the last minute, None where it is not kept."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def _cpu_model() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _core_count() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_bytes() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _commit(project: Path) -> str | None:
    try:
        commit = _git(project, "rev-parse", "--short", "HEAD")
        return commit + ("+" if _git(project, "status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(project: Path, *arguments: str) -> str:
    command = ["git", "-C", str(project), *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
