"""Words typed without å, ä and ö are offered with them, and never taken for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import found, index_of

from searchkit.query.search import Index

TEXTS = {
    "ett": "En hållbar plan och ett mål.",
    "två": "Om kött, och om Växjö, och mål.",
    "tre": "En mal flyger, och en våg till vägen.",
    "fyra": "Den vägen är lång; vägen är bred.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(tmp_path_factory.mktemp("index"), TEXTS)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("hallbar", "hållbar"),
        ("Hallbar", "hållbar"),
        ("kott", "kött"),
        ("vaxjo", "växjö"),
        ("mal vaxjo", "mal växjö"),
        ("hallbar OCH kott", "hållbar OCH kött"),
        ('"hallbar plan" -kott', '"hållbar plan" -kött'),
        ("vag", "våg"),
        ("vagen", "vägen"),
    ],
)
def test_unknown_words_are_offered_with_dots(index: Index, typed: str, offered: str) -> None:
    """Where the index knows a word only with å, ä or ö, the query is offered so."""
    assert index.search(typed).suggestion == offered


@pytest.mark.parametrize("typed", ["mal", "mål", "hållbar", "plan", "zzz", "2016", "", "hallbxr"])
def test_nothing_is_offered_without_need(index: Index, typed: str) -> None:
    """A word that the index knows, or that has no reading in it, is left alone."""
    assert index.search(typed).suggestion is None


def test_the_more_frequent_reading_is_offered(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of several readings the one that most documents hold is offered."""
    texts = {"a": "en råd", "b": "två rad", "c": "tre räd", "d": "ännu en räd"}
    with index_of(tmp_path_factory.mktemp("index"), {k: texts[k] for k in "acd"}) as index:
        assert index.search("rad").suggestion == "räd"
    with index_of(tmp_path_factory.mktemp("index"), texts) as index:
        assert index.search("rad").suggestion is None


def test_letters_are_not_folded(index: Index) -> None:
    """What is offered is not searched: without its dots a word is another word."""
    assert found(index, "hallbar") == []
    assert found(index, "mal") == ["tre"]


def test_words_with_too_many_readings_are_left_alone(index: Index) -> None:
    """A word of many a and o is not tried out."""
    assert index.search("abrakadabrakadabraoooo").suggestion is None


def test_a_beginning_will_do(tmp_path: Path) -> None:
    """Where only inflected forms stand in the index, the word itself is offered."""
    with index_of(tmp_path, {"a": "hållbara städer"}) as index:
        assert index.search("hallbar").suggestion == "hållbar"
