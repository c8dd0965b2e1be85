"""What stands inside words and between them is the same however an index came about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpora import Commit, examples, left, order_of, write
from test_merging import answers, built_at_once

import searchkit
from searchkit.model import Document

PIECES = [
    "avfall", "avfallshantering", "avfallshanteringen", "hantering", "industriavfallet",
    "hållbar", "hållbarheten", "hållbarhetspolitik", "politik", "jordbrukspolitikens", "jordbruk",
    "miljö- och energipolitiken", "miljö-, klimat- och energipolitik", "miljöpolitik",
    "skolbarn och -ungdomar", "in- eller utförsel", "prop. 2015/16:100", "proposition 2015/16:100",
    "SOU 2016:15", "3 kap. 5 § miljöbalken", "lagen (2016:1145)", "1 000 000", "1000000", "bl.a.",
    "och", "i", "EU:s", "2015",
]  # fmt: skip
TYPED = [
    "avfall", "avfallshantering", "hantering politik", "hållbarhet", "hållbar OCH avfall",
    "miljöpolitik", "klimatpolitik jordbruk", "skolungdom", "införsel", "=avfall", "titel:avfall",
    "prop. 2015/16:100", 'politik ref:"SOU 2016:15"', "3 kap. 5 §", "1 000 000", "bl.a. avfall",
    "avfall NEAR/3 hantering", '"hantering avfall"', "politik INTE avfall", "*politik", "avfal~",
]  # fmt: skip
BETWEEN = [" ", " ", ", ", ". ", "\n\n"]

_TEXTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(BETWEEN)), min_size=1, max_size=24
).map(lambda pairs: "".join(piece + between for piece, between in pairs))
_DOCUMENTS = st.builds(
    Document,
    id=st.sampled_from([f"dok-{n}" for n in range(12)]),
    text=st.one_of(_TEXTS, _TEXTS, _TEXTS.map(lambda text: text * 12)),
    title=st.one_of(st.none(), st.sampled_from(PIECES)),
)


def _puts(least: int, most: int) -> st.SearchStrategy[tuple[Document, ...]]:
    documents = st.lists(_DOCUMENTS, min_size=least, max_size=most, unique_by=lambda d: d.id)
    return documents.map(tuple)


# A large commit, of which later ones replace and delete; or many small ones, which are merged.
_LATER = st.builds(
    Commit, puts=_puts(0, 3), deletes=st.lists(st.sampled_from(["dok-1", "dok-2"]), max_size=1)
)
HISTORIES = st.one_of(
    st.tuples(st.builds(Commit, puts=_puts(8, 12)), _LATER, _LATER),
    st.lists(_LATER, min_size=10, max_size=12),
)


@examples(30)
@given(history=HISTORIES)
def test_no_history_shows_inside_words(
    tmp_path_factory: pytest.TempPathFactory, history: list[Commit]
) -> None:
    """After any commits and merges, hits, scores and marks are those of an index built at once."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, history)
    with (
        searchkit.open(directory) as index,
        built_at_once(tmp_path_factory.mktemp("again"), index, left(history)) as again,
    ):
        for typed in TYPED:
            assert answers(index, typed) == answers(again, typed), typed


def test_a_merged_segment_keeps_what_stands_inside(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Segments made of many find each compound, half and reference that the many had."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, [Commit((Document(f"dok-{n}", text),)) for n, text in enumerate(PIECES)])
    with searchkit.open(directory) as index:
        assert len(index.snapshot.segments) < len(PIECES)
        assert sorted(order_of(index)) == sorted(f"dok-{n}" for n in range(len(PIECES)))
        for typed, pieces in {
            "miljöpolitik": ["miljö- och energipolitiken", "miljöpolitik"],
            "prop. 2015/16:100": ["prop. 2015/16:100", "proposition 2015/16:100"],
            "1000000": ["1 000 000", "1000000"],
            "skolungdom": ["skolbarn och -ungdomar"],
        }.items():
            hits = {hit.id for hit in index.search(f"+{typed}", passages=0)}

            assert {f"dok-{PIECES.index(piece)}" for piece in pieces} <= hits


def test_what_deleted_documents_held_is_forgotten(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Words, extras and terms that only deleted documents used are gone after a merge."""
    directory = tmp_path_factory.mktemp("index")
    puts = [Document(f"dok-{n}", piece) for n, piece in enumerate(PIECES)]
    kept = next(document for document in puts if document.text == "politik")
    gone = tuple(document.id for document in puts if document is not kept)
    write(directory, [Commit(tuple(puts)), Commit((), gone)])
    with searchkit.open(directory) as index:
        (live,) = index.snapshot.segments

        assert (list(live.segment.words), list(live.segment.extras)) == (["politik"], [])
        assert [live.segment.terms[n] for n in range(len(live.segment.terms))] == ["politik"]
