"""A full reindex reads everything anew, but asks of no word twice what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import searchkit
from searchkit.analysis import WordModel
from searchkit.analysis.parts import Analysed, analyze_words
from searchkit.reindexing import workers

TEXTS = {
    "avfall.txt": "Avfallshanteringen i kommunen och hållbarhetspolitiken",
    "politik.txt": "Miljö- och energipolitiken enligt prop. 2015/16:100",
    "lag.txt": "Enligt 3 kap. 5 § miljöbalken kostar det 1 000 000 kronor, bl.a.",
}

Asked = list[str]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(f"{text}.\n", encoding="utf-8")
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the analysis was asked for."""
    words: Asked = []

    def noted(model: WordModel, some: Sequence[str]) -> Analysed:
        words.extend(some)
        return analyze_words(model, some)

    monkeypatch.setattr(workers, "analyze_words", noted)
    return words


def files_of(index: Path) -> list[bytes]:
    """Return the contents of an index's segments and tombstones."""
    return [path.read_bytes() for path in sorted(index.glob("*.skx"))]


def test_known_words_are_not_analysed_again(tmp_path: Path, corpus: Path, asked: Asked) -> None:
    """A full reindex analyses no word and no extra that the index knows."""
    searchkit.reindex(corpus, tmp_path / "index")
    assert {"avfallshanteringen", "miljö-|energipolitiken", "ref|prop 2015/16:100"} <= set(asked)
    asked.clear()

    report = searchkit.reindex(corpus, tmp_path / "index", full=True)

    assert asked == []
    assert (report.documents, report.unchanged) == (3, 0)


def test_new_words_alone_are_analysed(tmp_path: Path, corpus: Path, asked: Asked) -> None:
    """Whether a reindex is full or not, it analyses exactly the words that are new."""
    for full in (True, False):
        searchkit.reindex(corpus, tmp_path / "index")
        asked.clear()
        (corpus / f"{full}.txt").write_text(
            f"Kommunen{full} enligt SOU 2016:15{full:d}.\n", "utf-8"
        )
        searchkit.reindex(corpus, tmp_path / "index", full=full)

        assert {f"kommunen{full}".lower(), f"ref|sou 2016:15{full:d}"} <= set(asked)
        assert not {"enligt", "miljö-|energipolitiken"} & set(asked)


def test_from_scratch_trusts_nothing(tmp_path: Path, corpus: Path, asked: Asked) -> None:
    """Building anew analyses every word, whatever the index that was there knew."""
    searchkit.reindex(corpus, tmp_path / "index")
    first = sorted(asked)
    asked.clear()
    searchkit.reindex(corpus, tmp_path / "index", from_scratch=True)

    assert sorted(asked) == first


def test_a_full_reindex_is_one_from_scratch(tmp_path: Path, corpus: Path) -> None:
    """After any history, a full reindex leaves, byte for byte, what building anew does."""
    (corpus / "borta.txt").write_text("Industriavfallet är borta.\n", encoding="utf-8")
    searchkit.reindex(corpus, tmp_path / "index")
    (corpus / "borta.txt").unlink()
    (corpus / "lag.txt").write_text("Skolbarn och -ungdomar.\n", encoding="utf-8")
    searchkit.reindex(corpus, tmp_path / "index")
    searchkit.reindex(corpus, tmp_path / "index", full=True)
    searchkit.reindex(corpus, tmp_path / "again", from_scratch=True)

    assert files_of(tmp_path / "index") == files_of(tmp_path / "again")
    assert len(files_of(tmp_path / "again")) == 1


def test_worker_processes_know_the_same_words(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With worker processes a full reindex leaves the same bytes as without."""
    searchkit.reindex(corpus, tmp_path / "alone", processes=1)
    searchkit.reindex(corpus, tmp_path / "alone", full=True, processes=1)
    monkeypatch.setattr(workers, "SMALL_CORPUS_BYTES", 0)
    searchkit.reindex(corpus, tmp_path / "together", processes=2)
    searchkit.reindex(corpus, tmp_path / "together", full=True, processes=2)

    assert files_of(tmp_path / "alone") == files_of(tmp_path / "together")
