"""Queries, judgements and runs are read strictly; what is written reads back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.errors import EvaluationFileError, SearchkitError
from searchkit.evaluation import read_qrels, read_queries, read_run, write_run


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path = tmp_path / "file.tsv"
    path.write_bytes(text.encode(encoding))
    return path


def test_queries_are_read(tmp_path: Path) -> None:
    """A text may hold tabs and U+2028; a byte-order mark, CRLF and blank lines do no harm."""
    path = written(tmp_path, "\ufeffq1\thållbar\u2028produktion\r\n\r\nq2\ten\ttabb\r\n")

    assert read_queries(path) == {"q1": "hållbar\u2028produktion", "q2": "en\ttabb"}


def test_qrels_are_read(tmp_path: Path) -> None:
    """With tabs an id may hold spaces; without any tab, white space separates."""
    path = written(tmp_path, "q1\t0\tprop 2015/16:100\t2\nq1 0 H501 0\nq2 Q0 x -1\n")

    assert read_qrels(path) == {"q1": {"prop 2015/16:100": 2, "H501": 0}, "q2": {"x": -1}}


def test_run_is_read_by_falling_score(tmp_path: Path) -> None:
    """A run's order is that of its scores; of equal ones, that of the file."""
    path = written(tmp_path, "q Q0 a 1 0.5 x\nq Q0 b 2 7e-1 x\nq Q0 c 3 0.5 x\n")

    assert read_run(path) == {"q": [("b", 0.7), ("a", 0.5), ("c", 0.5)]}


@given(
    st.dictionaries(
        st.from_regex(r"[a-zåäö0-9]{1,4}", fullmatch=True),
        st.lists(
            st.tuples(
                st.from_regex(r"[a-zåäö0-9/:][a-zåäö0-9/: ]{0,6}[a-z]", fullmatch=True),
                st.floats(0, 1e6),
            ),
            min_size=1,
            max_size=5,
            unique_by=lambda found: found[0],
        ),
        min_size=1,
        max_size=3,
    )
)
def test_written_runs_read_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, run: dict[str, list[tuple[str, float]]]
) -> None:
    """A run that is written keeps its order for whoever sorts by 32-bit scores, ties too."""
    for found in run.values():
        found.sort(key=lambda answer: -answer[1])
    path = tmp_path_factory.mktemp("run") / "a.trec"

    write_run(run, path, name="before")

    read = read_run(path)
    assert {q: [key for key, _ in f] for q, f in read.items()} == {
        q: [key for key, _ in f] for q, f in run.items()
    }
    for found in read.values():
        scores = np.array([score for _, score in found], dtype=np.float32)
        assert np.all(np.diff(scores) < 0)


def test_run_is_in_trec_format(tmp_path: Path) -> None:
    """A line of a run is query, Q0, document, rank from 1, score, name."""
    path = tmp_path / "a.trec"

    write_run({"q1": [("a", 2.5), ("b", 2.25)], "q2": []}, path, name="before")

    assert path.read_bytes() == b"q1\tQ0\ta\t1\t2.5\tbefore\nq1\tQ0\tb\t2\t2.25\tbefore\n"


@pytest.mark.parametrize(
    ("read", "text", "line", "reason"),
    [
        (read_queries, "q1\tavfall\nq2 tåg\n", 2, "expected a query id, a tab and a text"),
        (read_queries, "q1\t \n", 1, "expected a query id, a tab and a text"),
        (read_queries, "q1\tavfall\n\nq1\ttåg\n", 3, "query 'q1' occurs twice; remove one"),
        (read_qrels, "q1\t0\ta\n", 1, "expected a query id, 0, a document id, a relevance"),
        (read_qrels, "q1\t0\ta\t1\t1\n", 1, "expected a query id"),
        (read_qrels, "q1\t0\t\t1\n", 1, "expected a query id"),
        (read_qrels, "q1\t0\ta\t0.5\n", 1, "must be a whole number, not '0.5'"),
        (read_qrels, "q1\t0\ta\t1\nq1\t0\ta\t0\n", 2, "document 'a' of query 'q1' occurs twice"),
        (read_run, "q1 Q0 a 1 0.5\n", 1, "expected a query id, Q0, a document id, a rank"),
        (read_run, "q1 Q0 a 1 high x\n", 1, "must be a number, not 'high'"),
        (read_run, "q1 Q0 a 1 nan x\n", 1, "must be a number, not 'nan'"),
        (read_run, "q1 Q0 a 1 2 x\nq1 Q0 a 2 1 x\n", 2, "occurs twice"),
    ],
)
def test_malformed_lines_are_named(
    read: type, text: str, line: int, reason: str, tmp_path: Path
) -> None:
    """A line that cannot be used is an error that names file and line, and what was expected."""
    path = written(tmp_path, text)

    with pytest.raises(EvaluationFileError) as caught:
        read(path)

    assert (caught.value.path, caught.value.line) == (path, line)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in caught.value.reason
    assert isinstance(caught.value, SearchkitError)


@pytest.mark.parametrize("read", [read_queries, read_qrels, read_run])
@pytest.mark.parametrize(
    ("text", "encoding", "reason"),
    [(" \n\n", "utf-8", "is empty"), ("q1\thållbar\n", "cp1252", "is not UTF-8")],
)
def test_unusable_files_are_named(
    read: type, text: str, encoding: str, reason: str, tmp_path: Path
) -> None:
    """A file without an entry, or in another encoding, is an error that names it."""
    path = written(tmp_path, text, encoding)

    with pytest.raises(EvaluationFileError, match=reason) as caught:
        read(path)

    assert (caught.value.path, caught.value.line) == (path, None)


def test_unknown_document_is_named(tmp_path: Path) -> None:
    """A relevant document that the index does not have is an error at its line."""
    path = written(tmp_path, "q1\t0\ta\t1\nq1\t0\tgone\t0\nq1\t0\tb\t1\n")

    with pytest.raises(EvaluationFileError, match="no document 'b' in this index") as caught:
        read_qrels(path, knows=lambda key: key == "a")

    assert caught.value.line == 3


def test_query_without_relevant_document_is_named(tmp_path: Path) -> None:
    """Read beside its judgements, a query without a relevant document is an error at its line."""
    path = written(tmp_path, "q1\tavfall\nq2\ttåg\n")

    with pytest.raises(EvaluationFileError, match="query 'q2' has no relevant document") as caught:
        read_queries(path, qrels={"q1": {"a": 1}, "q2": {"a": 0}})

    assert caught.value.line == 2
