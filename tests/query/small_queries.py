"""Typed queries, drawn at random from every form of the language, that often find something."""

from __future__ import annotations

from hypothesis import strategies as st
from small_corpora import WORDS

_WORD = st.sampled_from([*WORDS, *WORDS, "zzz", "avfallshantering"])
_PLAIN = st.sampled_from([word for word in WORDS if word.isalpha()])
_PHRASE = st.lists(_WORD, min_size=2, max_size=3).map(" ".join)


def _patterns(word: str) -> st.SearchStrategy[str]:
    cuts = st.integers(1, len(word))
    return st.one_of(
        cuts.map(lambda n: f"{word[:n]}*"),
        cuts.map(lambda n: f"*{word[n - 1 :]}"),
        cuts.map(lambda n: f"{word[: n - 1]}?{word[n:]}*" if n > 1 else f"{word}*"),
        st.sampled_from(["", "1", "2"]).map(lambda n: f"{word}~{n}"),
    )


_PATTERN = _PLAIN.flatmap(_patterns)
_WILD_PHRASE = st.tuples(_PATTERN.filter(lambda text: "~" not in text), _WORD)

TEXT_LEAVES = st.one_of(
    _WORD,
    _WORD.map("={}".format),
    _PHRASE.map('"{}"'.format),
    _PHRASE.map('="{}"'.format),
    st.tuples(_PHRASE, st.integers(0, 4)).map(lambda pair: f'"{pair[0]}"~{pair[1]}'),
    _PATTERN,
    _WILD_PHRASE.map(lambda pair: f'"{pair[0]} {pair[1]}"'),
    st.sampled_from(["[mål TO produktion]", "[TO hållbar]", "[mål TO *]"]),
)

NEARS = st.builds(
    lambda operands, distance: f" NEAR{distance} ".join(operands),
    st.lists(st.one_of(_WORD, _WORD, _PHRASE.map('"{}"'.format), _PATTERN), min_size=2, max_size=3),
    st.sampled_from(["", "/0", "/1", "/3"]),
)

FILTERS = st.sampled_from([
    "typ:prop", "typ:pr*", "typ:?o?", "typ:*", "typ:(prop sou)", "organ:klimat", "organ:[a TO g]",
    "typ:mop~", "datum:2015", "datum:2015-06..2016", "datum:>2015-06", "datum:<=2016", "datum:*",
    "titel:*", "id:dok-3",
])  # fmt: skip

LEAVES = st.one_of(
    _WORD,
    _WORD,
    _WORD,
    TEXT_LEAVES,
    TEXT_LEAVES,
    NEARS.map("({})".format),
    TEXT_LEAVES.map("titel:{}".format),
    FILTERS,
)


def _joints(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        some.map(" ".join),
        some.map(" ".join),
        some.map(lambda parts: "(" + " OCH ".join(parts) + ")"),
        some.map(lambda parts: "(" + " ELLER ".join(parts) + ")"),
        some.map(lambda parts: "(" + " ELLER ".join(parts) + ")^2"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]} INTE {parts[1]})"),
        some.map(lambda parts: f"(+{parts[0]} {' '.join(parts[1:])})"),
        inner.map("(INTE ({}))".format),
    )


QUERIES = st.one_of(LEAVES, _joints(LEAVES), st.recursive(LEAVES, _joints, max_leaves=4))
