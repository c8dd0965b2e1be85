"""What the tests of corpus/ share: a corpus to write files into, and to read whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from searchkit.corpus import Chunk, plan, read
from searchkit.errors import DocumentFormatError
from searchkit.model import Document

Put = Callable[[str, str | bytes], Path]
ReadAll = Callable[..., tuple[list[Document], list[DocumentFormatError]]]


@pytest.fixture
def root(corpus: Path) -> Path:
    """The corpus's folder, under the name that walking it has for it."""
    return corpus


@pytest.fixture
def put(root: Path) -> Put:
    """Write a file into the corpus, folders included."""

    def write(relative: str, content: str | bytes) -> Path:
        path = root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def read_all(root: Path) -> ReadAll:
    """Plan and read a corpus: its documents and its errors, each in order."""

    def outcomes(corpus: Path = root) -> tuple[list[Document], list[DocumentFormatError]]:
        documents: list[Document] = []
        errors: list[DocumentFormatError] = []
        for step in plan(corpus):
            for outcome in read(step) if isinstance(step, Chunk) else (step,):
                if isinstance(outcome, Document):
                    documents.append(outcome)
                else:
                    errors.append(outcome)
        return documents, errors

    return outcomes
