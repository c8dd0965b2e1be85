"""Passages are cut from the text as it is, and marked where it says so."""

from __future__ import annotations

import math
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle
from small_corpora import CORPORA, HISTORIES, WORDS, Commit, examples, left, oracle_of, write
from small_queries import QUERIES

import searchkit
from searchkit.analysis import Analyzer
from searchkit.model import Document, Section
from searchkit.query.search import Index, Results

ALL = 10**6


def odd_spellings(word: str) -> st.SearchStrategy[str]:
    """Draw the ways in which PDF, the web and old word processors spell a word."""
    inner = st.integers(1, len(word) - 1)
    return st.one_of(
        st.just(word.upper()),
        st.just(unicodedata.normalize("NFD", word)),
        inner.map(lambda n: f"{word[:n]}\u00ad{word[n:]}"),
        inner.map(lambda n: f"{word[:n]}\u200b{word[n:]}"),
        inner.map(lambda n: f"{word[:n]}-\n{word[n:]}"),
        inner.map(lambda n: f"{word[:n]}\u2010 \n {word[n:]}"),
    )


PLAIN = [word for word in WORDS if word.islower() and word.isalpha()]
TOKENS = st.one_of(st.sampled_from(WORDS), st.sampled_from(PLAIN).flatmap(odd_spellings))
ODD_TEXTS = st.one_of(
    st.lists(TOKENS, max_size=12).map(" ".join),
    st.lists(TOKENS, min_size=8, max_size=16).map(lambda words: ("\n".join(words) + ". ") * 12),
)
ODD_DOCUMENTS = st.lists(ODD_TEXTS, min_size=1, max_size=4).map(
    lambda texts: [Document(f"dok-{n}", text, title="mål") for n, text in enumerate(texts)]
)


def marked(results: Results) -> list[list[str]]:
    """Return the marked texts of each passage of the first hit."""
    return [[p.text[s:e] for s, e in p.marks] for p in results[0].passages]


@examples(30)
@given(history=HISTORIES, queries=st.lists(QUERIES, min_size=6, max_size=12))
def test_a_passage_is_a_stretch_of_its_document(
    tmp_path_factory: pytest.TempPathFactory, history: tuple[Commit, ...], queries: list[str]
) -> None:
    """A passage is what stands there; its marks lie inside, ascend and keep apart; best first."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, history)
    documents = left(history)
    with searchkit.open(directory) as index:
        for hit in (hit for typed in queries for hit in index.search(typed, passages=2)):
            scores = [passage.score for passage in hit.passages]

            assert 1 <= len(hit.passages) <= 2
            assert len({passage.start for passage in hit.passages}) == len(hit.passages)
            assert scores == sorted(scores, reverse=True)
            for passage in hit.passages:
                edges = [edge for mark in passage.marks for edge in mark]

                assert passage.text == documents[hit.id].text[passage.start : passage.end]
                assert all(start < end for start, end in passage.marks)
                assert edges == sorted(edges)
                assert not edges or (edges[0] >= 0 and edges[-1] <= len(passage.text))
                assert bool(edges) == (passage.score > 0)


@examples(40)
@given(
    documents=ODD_DOCUMENTS,
    words=st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3, unique=True),
)
def test_exactly_the_words_asked_for_are_marked(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document], words: list[str]
) -> None:
    """However a word is spelled, all and only its forms are marked, at their own offsets."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, [Commit(tuple(documents))])
    texts = {document.id: document.text for document in documents}
    analyzer = Analyzer()
    terms = {analyzer.term(word) for word in words}
    with searchkit.open(directory) as index:
        for hit in index.search(" ELLER ".join(words), passages=ALL):
            found = [
                (passage.start + start, passage.start + end)
                for passage in hit.passages
                for start, end in passage.marks
            ]
            tokens = analyzer.analyze(texts[hit.id])

            assert sorted(found) == [(t.start, t.end) for t in tokens if t.term in terms]


@examples(30)
@given(
    documents=CORPORA,
    words=st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3, unique=True),
    most=st.integers(1, 3),
)
def test_the_passages_are_the_best(
    tmp_path_factory: pytest.TempPathFactory,
    documents: tuple[Document, ...],
    words: list[str],
    most: int,
) -> None:
    """The best passages are shown; c occurrences of a word add its weight times c / (c + 1)."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, [Commit(documents)])
    with searchkit.open(directory) as index:
        oracle = oracle_of(index, {document.id: document for document in documents})
        typed = " ELLER ".join(words)
        every = index.search(typed, limit=ALL, passages=ALL)
        for hit, few in zip(every, index.search(typed, limit=ALL, passages=most), strict=True):
            expected = [_passage_score(oracle, words, passage.text) for passage in hit.passages]
            ranked = sorted(hit.passages, key=lambda passage: (-passage.score, passage.start))

            assert [p.score for p in hit.passages] == pytest.approx(expected, rel=1e-5)
            assert list(few.passages) == ranked[:most]


def _passage_score(oracle: Oracle, words: list[str], text: str) -> float:
    analyzer = Analyzer()
    there = [token.term for token in analyzer.analyze(text)]
    score = 0.0
    for term in {analyzer.term(word) for word in words}:
        frequency = sum(any(t == term for _, t, _ in own) for own in oracle.places)
        count = there.count(term)
        idf = math.log(1 + (len(oracle.places) - frequency + 0.5) / (frequency + 0.5))
        score += idf * count / (count + 1)
    return score


@examples(30)
@given(documents=CORPORA, word=st.sampled_from(PLAIN))
def test_a_passage_knows_its_section(
    tmp_path_factory: pytest.TempPathFactory, documents: tuple[Document, ...], word: str
) -> None:
    """A passage names the last section that begins at or before its first mark, and cites it."""
    directory = tmp_path_factory.mktemp("index")
    write(directory, [Commit(documents)])
    sections = {document.id: document.sections for document in documents}
    with searchkit.open(directory) as index:
        for hit in index.search(word, passages=ALL):
            for passage in hit.passages:
                tokens = index.analyzer.analyze(passage.text)
                if not tokens:
                    continue
                first = (
                    passage.start + (passage.marks[0] if passage.marks else (tokens[0].start,))[0]
                )
                labels = [s.label for s in sections[hit.id] if s.start <= first]

                assert passage.section == (labels[-1] if labels else None)
                name = (passage.section or "").split()
                assert not name or name[0].rstrip(".") in (passage.citation or "")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    directory = tmp_path_factory.mktemp("index")
    filling = " ".join(["utfyllnad"] * 79)
    documents = [
        Document("fras", "Om att ställa om: ett mål är att ställa om. Ställa om mål."),
        Document("titel", "  Bara text utan ordet.\n", title="Återvinning"),
        Document("tom", "", title="Återvinning"),
        Document("gräns", f"{filling} cirkulär\nekonomi {filling} {filling}"),
        Document("nära", f"Klimatet påverkar nu jordbruket. {' '.join('abcdef')} klimatet."),
        Document("nfd", unicodedata.normalize("NFD", "  »Återvinningsmålet« är nått.")),
        Document("mjukt", "Om åter\u00advinnings\u00admålet och åter-\nvinningsmålet"),
        Document("nummer", "hittat", fields={"number": "2016:1"}, pages=[Section(0, "iv")]),
    ]
    write(directory, [Commit(tuple(documents))])
    return searchkit.open(directory)


def test_a_phrase_is_one_mark(index: Index) -> None:
    """The words of a phrase are marked together, and nowhere else."""
    assert marked(index.search('"ställa om mål"')) == [["Ställa om mål"]]


def test_overlapping_phrases_are_one_mark(index: Index) -> None:
    """Marks that overlap are joined."""
    results = index.search('"att ställa" ELLER "ställa om"')

    assert marked(results) == [["att ställa om", "att ställa om", "Ställa om"]]


def test_words_near_each_other_are_marked_one_by_one(index: Index) -> None:
    """NEAR marks its words, not what stands between them, and only where they are near."""
    assert marked(index.search("klimatet NEAR/5 jordbruket")) == [["Klimatet", "jordbruket"]]


def test_excluded_words_are_not_marked(index: Index) -> None:
    """What a document must not hold, even in part, is never marked; what it need not hold is."""
    optional = index.search("+jordbruket klimatet")
    excluded = index.search("jordbruket INTE (klimatet OCH avfall)")

    assert marked(optional) == [["Klimatet", "jordbruket", "klimatet"]]
    assert marked(excluded) == [["jordbruket"]]


def test_a_phrase_across_passages_is_marked_to_the_end_of_the_first(index: Index) -> None:
    """A phrase that runs on into the next passage is marked in the passage it begins in."""
    (hit,) = index.search('"cirkulär ekonomi"')
    texts = [passage.text[start:end] for passage in hit.passages for start, end in passage.marks]

    assert texts in (["cirkulär"], ["cirkulär\nekonomi"])


@pytest.mark.parametrize("typed", ["titel:återvinning", "återvinning"])
def test_a_match_outside_the_body_shows_the_first_passage(index: Index, typed: str) -> None:
    """A document in whose text nothing matched shows how it begins, unmarked."""
    passages = {hit.id: hit.passages for hit in index.search(typed)}

    assert [(p.text, p.start, p.marks) for p in passages["titel"]] == [
        ("Bara text utan ordet.", 2, ())
    ]
    assert [(p.text, p.start, p.end, p.marks) for p in passages["tom"]] == [("", 0, 0, ())]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("nfd", [unicodedata.normalize("NFD", "Återvinningsmålet")]),
        ("mjukt", ["åter\u00advinnings\u00admålet", "åter-\nvinningsmålet"]),
    ],
)
def test_odd_spellings_are_marked_as_they_stand(
    index: Index, key: str, expected: list[str]
) -> None:
    """Decomposed, hyphenated and broken words are found and marked in the original text."""
    (passage,) = next(hit for hit in index.search("återvinningsmålet") if hit.id == key).passages

    assert [passage.text[start:end] for start, end in passage.marks] == expected


def test_a_citation_names_number_and_page(index: Index) -> None:
    """A passage is cited by the document's number, or its title, and the page."""
    (hit,) = index.search("hittat")

    assert (hit.passages[0].citation, hit.passages[0].page) == ("2016:1 s. iv", "iv")


def test_passages_can_be_left_out(index: Index) -> None:
    """No passages are read where none are asked for."""
    hits = index.search("mål", passages=0)

    assert len(hits) > 0
    assert all(hit.passages == () for hit in hits)


def test_words_keep_their_order_in_pairs_of_passages(index: Index) -> None:
    """All passages of a document, put in order, tile its words without overlap."""
    (hit,) = index.search("utfyllnad", passages=ALL)
    bounds = sorted((passage.start, passage.end) for passage in hit.passages)

    assert len(bounds) == 3
    assert all(end <= start for (_, end), (start, _) in pairwise(bounds))
