"""What segments know of words: found by hash, by halving or by dictionary, it is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from index_worlds import build, some_documents

from searchkit.index import lexicon
from searchkit.index.lexicon import KnownWords
from searchkit.model import Document


@pytest.mark.parametrize("few", [0, 10_000])
def test_known_extras_are_found_in_either_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Asked for much or for little, the same words and extras are known, in the same rows."""
    first = [*some_documents(20), Document("r1", "Se prop. 2015/16:100 och 1 000 000 kronor.")]
    second = [*some_documents(40)[20:], Document("r2", "Se prop. 2015/16:100 och SOU 2020:1.")]
    segments = [build(tmp_path / "1", first), build(tmp_path / "2", second)]
    monkeypatch.setattr(lexicon, "_FEW_NEW", few)
    words = {"a": [*segments[0].words, "okänt"], "b": list(segments[1].words)}
    extras = {"a": [*segments[1].extras, "num|77"], "b": list(segments[0].extras)}

    most, little = (KnownWords(segments, pytest.fail, most=most) for most in (True, False))

    for one, other in (
        (most.number_words(words), little.number_words(words)),
        (most.number_extras(extras), little.number_extras(extras)),
    ):
        assert one.strings == other.strings
        assert one.rows.tolist() == other.rows.tolist()
        assert (one.rows == -1).sum() == 1
        assert len(np.unique(one.rows)) == len(one.rows)
