"""What segments know of words: found by hash, by halving or by dictionary, it is the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from index_worlds import array_file, build, some_documents
from numpy.typing import NDArray

from searchkit.analysis import tokenize
from searchkit.index import known, stock
from searchkit.index.known import KnownWords
from searchkit.index.stock import word_hashes
from searchkit.index.strings import Strings, write_strings
from searchkit.model import Document


def hashes_of(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return the hash of each word, as if it stood in a text."""
    return np.array([tokenize(word).hashes[0] for word in words], np.uint64)


@pytest.mark.parametrize("few", [0, 10_000])
def test_known_extras_are_found_in_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Asked for much or for little, the same words and extras are known, in the same rows."""
    first = [*some_documents(20), Document("r1", "Se prop. 2015/16:100 och 1 000 000 kronor.")]
    second = [*some_documents(40)[20:], Document("r2", "Se prop. 2015/16:100 och SOU 2020:1.")]
    segments = [build(tmp_path / "1", first), build(tmp_path / "2", second)]
    monkeypatch.setattr(known, "_FEW_NEW", few)
    words = {"a": [*segments[0].words, "okänt"], "b": list(segments[1].words)}
    hashes = {source: hashes_of(own) for source, own in words.items()}
    extras = {"a": [*segments[1].extras, "num|77"], "b": list(segments[0].extras)}

    most, little = (KnownWords(segments, pytest.fail, most=most) for most in (True, False))

    for one, other in (
        (most.number_words(words, hashes), little.number_words(words, hashes)),
        (most.number_extras(extras), little.number_extras(extras)),
    ):
        assert one.strings == other.strings
        assert one.rows.tolist() == other.rows.tolist()
        assert (one.rows == -1).sum() == 1
        assert len(np.unique(one.rows)) == len(one.rows)


@pytest.mark.parametrize("together", [1, 3, 100])
def test_a_word_that_is_cut_by_itself_leaves_the_others_their_hashes(
    monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """A word that a text held whole, and that is two by itself, has a hash no other has."""
    monkeypatch.setattr(stock, "SLICE", together)
    odd = ["avfall", "eu:xyz", "miljö", "ström"]

    with array_file(lambda file: write_strings(file, "words", odd)) as file:
        hashes = word_hashes(Strings(file, "words"))

    assert [len(tokenize(word).hashes) for word in odd] == [1, 2, 1, 1]
    assert hashes[[0, 2, 3]].tolist() == hashes_of(["avfall", "miljö", "ström"]).tolist()
    assert len(set(hashes.tolist())) == 4
