"""
An index of every format version that this program reads, opened and searched for ever.

``tests/golden/format-N`` holds an index as a program of format version N wrote
it: two segments, a tombstone file, three live documents with all that a
document can have, compounds, a reference and half a compound among it, their
texts packed with a dictionary. Its analyser is a small one of its own, so that
no new version of a dictionary makes it unreadable.

It is made once, before a format version is released, and never again; one of a
version that is no longer read is refused with the remedy. Only version 1, which
was never part of a release, is no longer read::

    python tests/index/test_index_golden.py

writes the one of the current version, and refuses to write over another.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import searchkit
from searchkit.analysis import WordModel
from searchkit.analysis.compound_tables import CompoundTables
from searchkit.analysis.compounds import CompoundModel, Leaf
from searchkit.analysis.parts import HEAD, MODIFIER, RELATED, Part
from searchkit.errors import IndexFormatError
from searchkit.index import IndexWriter, Snapshot
from searchkit.index.format import FORMAT_VERSION
from searchkit.model import Document, Section

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
OLDEST = 2
ALL = sorted(GOLDEN.glob("format-*"))
VERSIONS = ALL[OLDEST - 1 :]
FINGERPRINT = "golden"
TERMS = {"målen": "mål", "målet": "mål", "ekonomin": "ekonomi", "ekonomins": "ekonomi",
         "cirkulära": "cirkulär", "hållbara": "hållbar", "hållbart": "hållbar",
         "klimatmålen": "klimatmål"}  # fmt: skip
PARTS = {
    "klimatmålen": (Part("klimat", 0, 6, MODIFIER), Part("mål", 6, 11, HEAD)),
    "konsumtionsmönster": (Part("konsumtion", 0, 10, MODIFIER), Part("mönster", 11, 18, HEAD)),
    "utfyllnad": (Part("fylla", 2, 6, RELATED),),
}
# The only compound that gives half of itself to another word.
SHARED = "konsumtionsmönster"

LONG = "Den cirkulära ekonomins mål är hållbar produktion. Åtgärderna följs upp varje år.\n"
DICTIONARY = ("Utfyllnad. " + LONG).encode()
DOCUMENTS = [
    Document(
        "prop-1",
        "Inledning\n\n" + LONG * 8 + "Mål\n\n" + LONG * 8,
        title="Strategi för cirkulär ekonomi",
        date="2016-04-12",
        type="proposition",
        fields={"organ": "Miljödepartementet", "url": "https://example.org/1"},
        sections=[Section(0, "Inledning"), Section(667, "Mål")],
        pages=[Section(0, "1"), Section(300, "2")],
    ),
    Document(
        "mot-2",
        "Ekonomin växer, men målen nås inte.\n\nEU:s mål är 55 %.\n\n"
        "Klimatmålen i prop. 2015/16:100 gäller produktions- och konsumtionsmönster.",
        date="2019",
    ),
    Document("å-3", "", title="Endast en titel: hållbara mål", type="skrivelse"),
]
# The first version of one of them, which the second commit replaces, and one it deletes.
REPLACED = Document("mot-2", "Ett utkast om ekonomins mål.")
DELETED = Document("bort", "Hållbart mål som togs bort.")


class GoldenModel(WordModel):
    """The analyser of the golden indexes."""

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        """Identify the model."""
        return FINGERPRINT

    def term(self, word: str) -> str:
        """Return the term of a word: of a few words another, else itself."""
        return TERMS.get(word.removesuffix(":s"), word.removesuffix(":s"))

    def parts(self, word: str) -> tuple[Part, ...]:
        """Return the parts of a word: of a few words some, else none."""
        return PARTS.get(word, ())

    def dictionary_lemma(self, word: str) -> str | None:
        """Return None: this model has no dictionary."""
        return None

    @property
    def compounds(self) -> CompoundModel:  # type: ignore[override]
        """Return a splitter that knows one word."""
        return GoldenCompounds()


class GoldenCompounds(CompoundModel):
    """A splitter that knows one word."""

    def __init__(self) -> None:
        tables = CompoundTables({}, {}, frozenset(), frozenset())
        super().__init__(lambda word: None, tables=tables)

    def split(self, word: str) -> tuple[Leaf, ...]:
        """Return the leaves of the one word."""
        leaves = (Leaf(0, 11, "konsumtion"), Leaf(11, 18, "mönster"))
        return leaves if word == SHARED else ()


def make() -> Path:
    """Write the golden index of the current format version."""
    folder = GOLDEN / f"format-{FORMAT_VERSION}"
    if folder.exists():
        raise SystemExit(f"{folder} is there already; a golden index is never made anew")
    with IndexWriter(folder, model=GoldenModel()) as writer:
        writer.pack_with(DICTIONARY)
        for document in (DOCUMENTS[0], REPLACED, DELETED, DOCUMENTS[2]):
            writer.put(document)
        for number in range(5):
            writer.put(Document(f"filler-{number}", "Utfyllnad."))
        writer.commit()
        writer.put(DOCUMENTS[1])
        writer.delete(DELETED.id)
        writer.commit()
    (folder / "write.lock").unlink(missing_ok=True)
    return folder


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name)
def golden(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A golden index, and its analyser in the place of this installation's."""
    for module in ("snapshot", "writer"):
        monkeypatch.setattr(f"searchkit.index.{module}.default_model", GoldenModel)
    path: Path = request.param
    return path


def plain(document: Document) -> tuple[object, ...]:
    """Return all of a document, its sequences as lists."""
    return (
        document.id, document.text, document.title, document.date, document.type,
        dict(document.fields), list(document.sections), list(document.pages),
    )  # fmt: skip


def test_the_current_version_has_a_golden_index() -> None:
    """Every format version that was written has its index here, the current one too."""
    assert [path.name for path in ALL] == [f"format-{n + 1}" for n in range(FORMAT_VERSION)]


@pytest.mark.parametrize("path", ALL[: OLDEST - 1], ids=lambda path: path.name)
def test_older_versions_are_refused_with_the_remedy(path: Path) -> None:
    """An index of a version that is no longer read is refused, and the error says what to do."""
    with pytest.raises(IndexFormatError, match="from-scratch"):
        Snapshot(path, model=GoldenModel())


def test_golden_index_is_whole(golden: Path) -> None:
    """Every byte of it is as it was written, and it has what it is to show."""
    report = searchkit.verify(golden)
    files = {path.name.split("-")[0] for path in golden.glob("*.skx")}

    assert (report.documents, report.segments) == (8, 2)
    assert files == {"segment", "tombstones"}


def test_golden_documents_come_back(golden: Path) -> None:
    """Its documents are read as they were written; what was deleted is not there."""
    snapshot = Snapshot(golden, model=GoldenModel())
    found = {}
    for document in DOCUMENTS:
        where = snapshot.find(document.id)
        assert where is not None
        live, doc_id = where
        found[document.id] = plain(live.segment.document(doc_id))

    assert found == {document.id: plain(document) for document in DOCUMENTS}
    assert snapshot.find(DELETED.id) is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ekonomi", ["prop-1", "mot-2"]),
        ("cirkulära OCH målen", ["prop-1"]),
        ('"cirkulär ekonomi"', ["prop-1"]),
        ("hållbar", ["å-3", "prop-1"]),
        ("EU:s OCH mål", ["mot-2"]),
        ("=målen", ["mot-2"]),
        ("utkast", []),
        ("typ:skrivelse mål", ["å-3"]),
        ("datum:2015..2016 mål", ["prop-1"]),
        ("titel:ekonomi", ["prop-1"]),
        ("prod*", ["prop-1", "mot-2"]),
        ("produktion*", ["prop-1", "mot-2"]),
        ("klimatmål", ["mot-2"]),
        ("klimat", ["mot-2"]),
        ("=klimat", []),
        ("konsumtion OCH mönster", ["mot-2"]),
        ("produktionsmönster", ["mot-2"]),
        ("=produktionsmönster", []),
        ("prop. 2015/16:100", ["mot-2"]),
        ('ref:"prop 2015/16:100" OCH ekonomi', ["mot-2"]),
        ("fylla", [f"filler-{number}" for number in range(5)]),
    ],
)
def test_golden_index_is_searched(golden: Path, query: str, expected: list[str]) -> None:
    """It answers queries of every kind, by exact forms, places, titles and metadata."""
    with searchkit.open(golden) as index:
        assert {hit.id for hit in index.search(query)} == set(expected)


def test_golden_passages(golden: Path) -> None:
    """Its passages are shown with their marks, pages and sections."""
    with searchkit.open(golden) as index:
        (hit,) = index.search('"cirkulär ekonomi"', passages=1)
        (passage,) = hit.passages
        marked = {passage.text[start:end] for start, end in passage.marks}

    assert marked == {"cirkulära ekonomins"}
    assert (passage.page, passage.section) == ("1", "Inledning")
    assert passage.text == DOCUMENTS[0].text[passage.start : passage.end]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("klimat", ["Klimat"]),
        ("klimatmål", ["Klimatmålen"]),
        ("produktionsmönster", ["produktions-", "mönster"]),
        ("prop. 2015/16:100", ["prop. 2015/16:100"]),
    ],
)
def test_golden_marks(golden: Path, query: str, expected: list[str]) -> None:
    """What stands inside a word, or across several, is marked, and no more."""
    with searchkit.open(golden) as index:
        (hit,) = index.search(query, passages=1)
        (passage,) = hit.passages
        assert [passage.text[start:end] for start, end in passage.marks] == expected


def test_golden_texts_are_packed_with_a_dictionary(golden: Path) -> None:
    """Both of its segments have the dictionary that it was begun with."""
    snapshot = Snapshot(golden, model=GoldenModel())
    assert [live.segment.text.dictionary for live in snapshot.segments] == [DICTIONARY] * 2


def test_golden_index_is_gone_on_from(golden: Path, tmp_path: Path) -> None:
    """It can be written to, and merged with what is new."""
    copy = shutil.copytree(golden, tmp_path / "index")
    for number in range(9):
        with IndexWriter(copy) as writer:
            writer.put(Document(f"new-{number}", "Nytt mål."))
            writer.commit()
    snapshot = Snapshot(copy)

    assert snapshot.document_count == 8 + 9
    assert snapshot.document_frequency("mål") == 3 + 9


if __name__ == "__main__":
    print(make())
