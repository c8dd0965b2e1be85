"""The sums are the published ones, whoever does them; every judged query counts once."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchkit.errors import QuerySyntaxError, UsageError
from searchkit.evaluation import DEPTH, MEASURES, Evaluation, evaluate, judge


@dataclass
class Found:
    id: str
    score: float


class Fixed:
    """An index that gives fixed answers, best first, and notes what it was asked."""

    def __init__(self, answers: Mapping[str, Sequence[str]]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, int, int]] = []

    def search(self, query: str, *, limit: int, passages: int) -> list[Found]:
        self.asked.append((query, limit, passages))
        if query not in self.answers:
            raise QuerySyntaxError("the quote is not closed", text=query, position=0)
        return [Found(key, 1.0) for key in self.answers[query]]


def ranked(*keys: str) -> list[tuple[str, float]]:
    """Answers in this order, all with the same score."""
    return [(key, 1.0) for key in keys]


def of(values: Mapping[str, float]) -> Evaluation:
    """An evaluation in which every measure of a query has the same value."""
    return Evaluation({q: dict.fromkeys(MEASURES, v) for q, v in values.items()}, {}, "a test")


@pytest.fixture(params=["ir-measures", "searchkit"])
def measured_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both that can do the sums, one after the other."""
    if request.param == "ir-measures":
        pytest.importorskip("ir_measures", reason="the extra `evaluation` is not installed")
    else:
        monkeypatch.setitem(sys.modules, "ir_measures", None)
    return str(request.param)


def test_who_did_the_sums_is_told(measured_by: str) -> None:
    """ir-measures does the sums if it is installed, else searchkit; the result says which."""
    evaluation = judge({"q": ranked("a")}, {"q": {"a": 1}})

    assert evaluation.measured_by.startswith(measured_by)


def test_ndcg_is_graded_and_discounted(measured_by: str) -> None:
    """nDCG@10 is the sum of relevance / log2(rank + 1), divided by that of the best order."""
    qrels = {"q": {"a": 1, "b": 2, "c": 3, "d": 0}}

    evaluation = judge({"q": ranked("a", "x", "b", "d")}, qrels)

    gained = 1 / math.log2(2) + 2 / math.log2(4)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert evaluation.per_query["q"]["ndcg@10"] == pytest.approx(gained / ideal)


def test_ndcg_and_mrr_look_at_ten_answers(measured_by: str) -> None:
    """The eleventh answer counts neither for nDCG@10 nor for MRR@10, but for recall@100."""
    answers = ranked(*(f"x{n}" for n in range(10)), "a")

    values = judge({"q": answers}, {"q": {"a": 1}}).per_query["q"]

    assert values == {"ndcg@10": 0, "recall@100": 1, "mrr@10": 0}


def test_recall_looks_at_a_hundred_answers(measured_by: str) -> None:
    """recall@100 is the share of the relevant documents among the first hundred answers."""
    answers = ranked("a", *(f"x{n}" for n in range(98)), "b", "c")

    values = judge({"q": answers}, {"q": {"a": 1, "b": 2, "c": 1, "d": 1, "x5": 0}}).per_query["q"]

    assert values["recall@100"] == 2 / 4


def test_mrr_is_one_over_the_rank_of_the_first(measured_by: str) -> None:
    """MRR@10 looks at the first relevant answer only; a judged zero is not relevant."""
    answers = ranked("zero", "x", "a", "b")

    values = judge({"q": answers}, {"q": {"zero": 0, "a": 1, "b": 1}}).per_query["q"]

    assert values["mrr@10"] == pytest.approx(1 / 3)


def test_order_counts_not_score(measured_by: str) -> None:
    """Answers with equal scores are taken in the order of the run."""
    for keys in (["a", "b"], ["b", "a"]):
        values = judge({"q": ranked(*keys)}, {"q": {"a": 1}}).per_query["q"]
        assert values["mrr@10"] == 1 / (keys.index("a") + 1)


def test_unanswered_query_counts_zero(measured_by: str) -> None:
    """A judged query without answers counts 0 in every mean."""
    evaluation = judge({"q1": ranked("a")}, {"q1": {"a": 1}, "q2": {"a": 1}})

    assert evaluation.means == dict.fromkeys(MEASURES, 0.5)


graded = st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.integers(-2, 3), min_size=1)


@given(
    st.dictionaries(
        st.sampled_from("123"),
        st.tuples(st.permutations("abcdefghijklmnop"), st.integers(0, 16), graded),
        min_size=1,
    )
)
def test_both_agree(queries: dict[str, tuple[list[str], int, dict[str, int]]]) -> None:
    """ir-measures and searchkit give the same values for any answers and judgements."""
    pytest.importorskip("ir_measures", reason="the extra `evaluation` is not installed")
    run = {qid: ranked(*keys[:count]) for qid, (keys, count, _) in queries.items()}
    qrels = {qid: {"z": 1, **judged} for qid, (_, _, judged) in queries.items()}

    theirs = judge(run, qrels)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "ir_measures", None)
        ours = judge(run, qrels)

    assert {theirs.measured_by[:4], ours.measured_by[:4]} == {"ir-m", "sear"}
    for qid, values in ours.per_query.items():
        assert values == pytest.approx(dict(theirs.per_query[qid]))


def test_index_is_asked_for_bare_hits() -> None:
    """Each judged query is put to the index once, for as many bare hits as a measure needs."""
    index = Fixed({"avfall": ["a"], "tåg": []})

    evaluation = evaluate(index, {"q1": "avfall", "q2": "tåg"}, {"q1": {"a": 1}, "q2": {"b": 1}})

    assert index.asked == [("avfall", DEPTH, 0), ("tåg", DEPTH, 0)]
    assert evaluation.run == {"q1": [("a", 1.0)], "q2": []}


def test_unreadable_query_counts_zero_and_is_told() -> None:
    """A query that cannot be parsed counts 0, and the result says why."""
    index = Fixed({"avfall": ["a"]})

    evaluation = evaluate(index, {"q1": "avfall", "q2": '"tåg'}, {"q1": {"a": 1}, "q2": {"a": 1}})

    assert evaluation.means["mrr@10"] == 0.5
    assert evaluation.unreadable == {"q2": "the quote is not closed"}


def test_query_without_relevant_document_is_left_out() -> None:
    """A query with no relevant document is not asked, does not count, and is told."""
    index = Fixed({"avfall": ["a"]})

    evaluation = evaluate(index, {"q1": "avfall", "q2": "tåg"}, {"q1": {"a": 1}, "q2": {"b": 0}})

    assert (evaluation.left_out, list(evaluation.per_query)) == (("q2",), ["q1"])
    assert len(index.asked) == 1


def test_no_judged_query_is_an_error() -> None:
    """Files that do not belong together are an error, not a mean over nothing."""
    with pytest.raises(UsageError, match="none of the queries has a relevant document"):
        judge({}, {"q1": {"a": 1}}, ["q2"])


def test_margin_is_that_of_the_normal_approximation() -> None:
    """The margin is 1.96 standard errors of the mean; one query says nothing of it."""
    assert of({"a": 0.0, "b": 1.0}).margin("mrr@10") == pytest.approx(1.96 * 0.5)
    assert of({"a": 1.0}).margin("mrr@10") == math.inf
