"""wirecopy.collocations and wirecopy.network against their oracle, quanteda, NLTK and SciPy."""

from __future__ import annotations

import json
import math
import random
import re
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import collocations_oracle as oracle

WORDS = st.sampled_from(["the", "mayor", "of", "vote", "budget", "a"])
SENTENCE = st.lists(WORDS, max_size=9).map(" ".join)
TEXT = st.lists(SENTENCE, max_size=3).map(lambda parts: "".join(f"X{p}. " for p in parts))
TEXTS = st.lists(st.one_of(st.none(), TEXT), max_size=6)
WEIGHT = st.sampled_from([0.0, 0.25, 1 / 3, 1 / 7, 1.0, 2.5])
PAIR_MEASURES = [
    "g2", "chi2", "t", "z", "pmi", "npmi", "mi2", "mi3", "lmi", "dice", "log_dice",
    "delta_p_second", "delta_p_first", "lambda", "lambda_z",
]  # fmt: skip
MEASURES = [name for name in PAIR_MEASURES if not name.startswith("delta")]


def stretches(texts: list[str | None], within: str = "text") -> list[oracle.Stretch]:
    found: list[oracle.Stretch] = []
    for row, text in enumerate(texts):
        if text is None:
            continue
        parts = [text] if within == "text" else text.split(". ")
        found += [(row, re.findall("[a-z]+", part.lower())) for part in parts]
    return found


def fractions(weights: list[float] | None) -> list[Fraction] | None:
    return None if weights is None else [Fraction(w) for w in weights]


def drawn_weights(data: st.DataObject, texts: list[Any]) -> list[float] | None:
    if not data.draw(st.booleans()):
        return None
    return data.draw(st.lists(WEIGHT, min_size=len(texts), max_size=len(texts)))


def close(value: float) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def check(row: dict[str, Any], expected: oracle.Row, weights: list[Fraction] | None) -> None:
    assert row["count"] == close(float(expected.count))
    texts = sum(Fraction(1) if weights is None else weights[t] for t in expected.texts)
    assert row["documents"] == close(float(texts))
    assert row["expected"] == close(expected.expected)
    n = len(expected.cells).bit_length() - 1
    for name, value in oracle.measures(expected.cells, n).items():
        if name in row:
            assert row[name] == close(value), name


def assert_ordered(rows: list[dict[str, Any]], sort: str, words: list[str]) -> None:
    keys = [
        (-row[sort], -row["count"], *(tuple(w.encode() for w in row[c].split()) for c in words))
        for row in rows
    ]
    assert keys == sorted(keys)


# --- the oracle -----------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    texts=TEXTS,
    shortest=st.integers(2, 5),
    within=st.sampled_from(["text", "sentence"]),
)
def test_ngrams_equal_the_oracle(
    data: st.DataObject, texts: list[str | None], shortest: int, within: str
) -> None:
    longest = data.draw(st.integers(shortest, 5))
    least = data.draw(st.sampled_from([0, 1, 2, 3]))
    weights = drawn_weights(data, texts)
    table = wc.collocations(
        texts, length=(shortest, longest), within=within, min_count=least, weights=weights,
        measures=MEASURES if longest > 2 else PAIR_MEASURES, threads=2,
    )  # fmt: skip
    rows = list(table.rows())
    expected: dict[tuple[str, ...], oracle.Row] = {}
    for n in range(shortest, longest + 1):
        expected |= oracle.ngrams(stretches(texts, within), n, fractions(weights))
    expected = {k: v for k, v in expected.items() if float(v.count) >= least - 1e-9}
    assert {tuple(row["collocation"].split()) for row in rows} == set(expected)
    for row in rows:
        words = tuple(row["collocation"].split())
        assert row["length"] == len(words)
        check(row, expected[words], fractions(weights))
    assert_ordered(rows, "g2", ["collocation"])


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    texts=TEXTS,
    reach=st.integers(1, 6),
    ordered=st.booleans(),
    within=st.sampled_from(["text", "sentence"]),
)
def test_windows_equal_the_oracle(
    data: st.DataObject, texts: list[str | None], reach: int, ordered: bool, within: str
) -> None:
    least = data.draw(st.sampled_from([0, 1, 2, 5]))
    weights = drawn_weights(data, texts)
    table = wc.collocations(
        texts, window=(0, reach) if ordered else reach, within=within, min_count=least,
        weights=weights, measures=PAIR_MEASURES, sort="pmi", threads=2,
    )  # fmt: skip
    rows = list(table.rows())
    found = stretches(texts, within)
    expected = oracle.pairs(found, reach, ordered=ordered, weights=fractions(weights))
    expected = {k: v for k, v in expected.items() if float(v.count) >= least - 1e-9}
    assert {(row["word_1"], row["word_2"]) for row in rows} == set(expected)
    for row in rows:
        check(row, expected[row["word_1"], row["word_2"]], fractions(weights))
    assert_ordered(rows, "pmi", ["word_1", "word_2"])


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    texts=TEXTS,
    left=st.integers(0, 4),
    right=st.integers(1, 4),
    within=st.sampled_from(["text", "sentence"]),
)
def test_nodes_equal_the_oracle(
    data: st.DataObject, texts: list[str | None], left: int, right: int, within: str
) -> None:
    nodes = data.draw(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3))
    weights = drawn_weights(data, texts)
    table = wc.collocations(
        texts, node=[" ".join(node) for node in nodes], window=(left, right), within=within,
        min_count=0, weights=weights, measures=PAIR_MEASURES, threads=2,
    )  # fmt: skip
    at = 0
    rows = list(table.rows())
    for node in nodes:
        expected = oracle.collocates(
            stretches(texts, within), node, left, right, fractions(weights)
        )
        mine = rows[at : at + len(expected)]
        at += len(expected)
        assert {row["node"] for row in mine} <= {" ".join(node)}
        assert {row["collocate"] for row in mine} == set(expected)
        assert_ordered(mine, "g2", ["collocate"])
        for row in mine:
            twin = expected[row["collocate"]]
            check(row, twin, fractions(weights))
            assert row["left"] == close(float(twin.left))
            assert row["right"] == close(float(twin.count - twin.left))
    assert at == len(rows)


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    texts=TEXTS,
    reach=st.one_of(st.none(), st.integers(1, 4)),
    within=st.sampled_from(["text", "sentence"]),
)
def test_networks_equal_the_oracle(
    data: st.DataObject, texts: list[str | None], reach: int | None, within: str
) -> None:
    terms = data.draw(st.lists(WORDS, min_size=1, unique=True))
    weights = drawn_weights(data, texts)
    table = wc.network(
        texts, terms=terms, window=reach, within=within, min_count=0, weights=weights,
        measure=PAIR_MEASURES, threads=2,
    )  # fmt: skip
    found = stretches(texts, within)
    if reach is None:
        expected = oracle.together(found, terms, fractions(weights))
    else:
        every = oracle.pairs(found, reach, ordered=False, weights=fractions(weights))
        expected = {(a, b): v for (a, b), v in every.items() if {a, b} <= set(terms) and a != b}
    rows = list(table.rows())
    assert {(row["source"], row["target"]) for row in rows} == set(expected)
    for row in rows:
        check(row, expected[row["source"], row["target"]], fractions(weights))
    assert_ordered(rows, "g2", ["source", "target"])


# --- other people's figures -----------------------------------------------------------------------


def reference(shared_data: Path) -> tuple[list[str], list[dict[str, Any]]]:
    folder = shared_data / "keywords"
    if not (folder / "quanteda_reference.jsonl").exists():
        pytest.skip("no quanteda_reference.jsonl")
    with (folder / "nltk_inaugural.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    with (folder / "quanteda_reference.jsonl").open(encoding="utf-8") as lines:
        return texts, [json.loads(line) for line in lines]


@pytest.mark.parametrize("length", [2, 3])
def test_quanteda_lambda(shared_data: Path, length: int) -> None:
    texts, figures = reference(shared_data)
    table = wc.collocations(
        [text.lower() for text in texts], length=length, min_count=20, tokenizer=re.compile("[a-z]+"),
        measures=["lambda", "lambda_z"], sort="lambda_z",
    )  # fmt: skip
    found = {row["collocation"]: row for row in table.rows()}
    wanted = [f for f in figures if f["stat"] == "collocation" and f["size"] == length]
    assert len(wanted) >= 38
    for figure in wanted:
        row = found[figure["collocation"]]
        assert row["count"] == figure["count"]
        assert row["lambda"] == pytest.approx(figure["lambda"], rel=1e-12)
        assert row["lambda_z"] == pytest.approx(figure["z"], rel=1e-12)


def corpus(seed: int = 3, n: int = 200) -> list[str]:
    """Texts of words as frequent as words are, some of which like to follow each other."""
    rng = random.Random(seed)
    vocabulary = [f"w{i}" for i in range(400)]
    shares = [1 / (i + 1) for i in range(400)]
    texts = []
    for _ in range(n):
        words = rng.choices(vocabulary, shares, k=rng.randint(0, 120))
        for i in range(1, len(words)):
            if rng.random() < 0.2:
                words[i] = f"w{(int(words[i - 1][1:]) * 7 + 1) % 400}"
        texts.append(" ".join(words))
    return texts


def test_nltk() -> None:
    """NLTK's counts, and its measures of our margins.

    NLTK itself takes how often a word occurs at all, and all words, where here it is how often it
    stands first (second) in a pair, and all pairs.
    """
    nltk = pytest.importorskip("nltk.collocations")
    measures = pytest.importorskip("nltk.metrics").BigramAssocMeasures
    texts = corpus(n=10)
    documents = [text.split() for text in texts]
    finder = nltk.BigramCollocationFinder.from_documents(documents)
    counts = {pair: n for pair, n in finder.ngram_fd.items() if None not in pair}
    table = wc.collocations(
        texts, min_count=1, measures=["pmi", "t", "chi2", "g2", "dice"], threads=2
    )
    rows = list(table.rows())
    assert {tuple(row["collocation"].split()): row["count"] for row in rows} == counts
    cells = oracle.ngrams(list(enumerate(documents)), 2)
    for row in rows:
        o22, o12, o21, o11 = map(int, cells[tuple(row["collocation"].split())].cells)
        margins = (o11, (o11 + o12, o11 + o21), o11 + o12 + o21 + o22)
        assert row["pmi"] == close(measures.pmi(*margins))
        assert row["t"] == close(measures.student_t(*margins))
        assert row["chi2"] == pytest.approx(measures.chi_sq(*margins), rel=1e-9)
        assert row["dice"] == close(measures.dice(*margins))
        # NLTK gives no sign, and adds 1e-20 to what is divided by.
        assert abs(row["g2"]) == pytest.approx(
            measures.likelihood_ratio(*margins), rel=1e-9, abs=1e-9
        )


def test_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    texts = corpus(5)
    found = wc.collocations(texts, window=4, min_count=3, measures=["g2", "chi2"])
    expected = oracle.pairs([(i, t.split()) for i, t in enumerate(texts)], 4, ordered=False)
    assert len(found) > 500
    for row in list(found.rows())[::7]:
        cells = [float(c) for c in expected[row["word_1"], row["word_2"]].cells]
        table = [[cells[3], cells[1]], [cells[2], cells[0]]]
        g2 = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        chi2 = stats.chi2_contingency(table, correction=False).statistic
        assert abs(row["g2"]) == pytest.approx(g2, rel=1e-9, abs=1e-9)
        assert row["chi2"] == pytest.approx(chi2, rel=1e-9, abs=1e-12)


def test_by_hand() -> None:
    """Six pairs: "new york" twice of two, "york is" once."""
    row = next(
        wc.collocations(
            ["new york is new york", "it is new york"], length=2, measures=PAIR_MEASURES
        ).rows()
    )
    # Pairs: new york 3, york is 1, is new 2, it is 1. N = 7; new first 3, york second 3.
    assert (row["collocation"], row["count"], row["documents"]) == ("new york", 3, 2)
    assert row["expected"] == close(9 / 7)
    assert row["pmi"] == close(math.log2(7 / 3))
    assert row["delta_p_second"] == row["delta_p_first"] == row["dice"] == 1
    assert row["log_dice"] == 14
    assert row["lambda"] == close(math.log(3.5 * 4.5 / 0.25))


# --- bounded memory -------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("asked", [{"length": (2, 4)}, {"window": 3}, {"window": (0, 5)}])
def test_max_pairs_keeps_counts_exact_and_says_what_is_missed(
    weighted: bool, asked: dict[str, Any]
) -> None:
    rng = np.random.default_rng(8)
    texts = corpus(9, 4000)
    weights = rng.choice([1, 0.5, 1 / 3, 0.25], len(texts)) if weighted else None
    measures = ["g2", "lambda"]
    whole = wc.collocations(texts, min_count=0, weights=weights, measures=measures, **asked)
    with pytest.warns(RuntimeWarning, match="more than max_pairs=") as caught:
        bound = wc.collocations(
            texts,
            min_count=0,
            weights=weights,
            measures=measures,
            max_pairs=6000,
            threads=2,
            **asked,
        )
    found = re.search(r"more than (\S+) times", str(caught[0].message))
    assert found is not None
    missed = float(found[1])
    # The bound is of use.
    assert 0 < len(bound) < len(whole)
    assert missed < np.quantile(whole["count"], 0.999)
    expected = [row for row in whole.rows() if row["count"] > missed * (1 + 1e-5)]
    kept = [row for row in bound.rows() if row["count"] > missed * (1 + 1e-5)]
    assert kept == expected
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(wc.collocations(texts, max_pairs=10**7, **asked)) > 0


def test_a_rare_words_pairs_are_never_held() -> None:
    """20,000 words that occur once, and one pair that occurs often, in memory for 1,000 pairs."""
    texts = [f"prime minister x{i} y{i}" for i in range(10_000)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = wc.collocations(texts, min_count=2, max_pairs=1000)
    assert table["collocation"].tolist() == ["prime minister"]


# --- promises -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"length": (2, 5)},
        {"window": 5},
        {"window": (0, 2)},
        {"node": ["w1", "w2 w15"], "window": 3},
        {"length": (2, 3), "max_pairs": 3000},
    ],
)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.filterwarnings("ignore:more than max_pairs")
def test_threads_make_no_difference(asked: dict[str, Any], weighted: bool) -> None:
    texts = corpus(11, 2500)
    weights = np.random.default_rng(1).random(len(texts)) if weighted else None
    tables = [wc.collocations(texts, weights=weights, threads=t, **asked) for t in (1, 2, 5)]
    assert len(tables[0]) > 10
    for other in tables[1:]:
        assert other.to_dict() == tables[0].to_dict()


def test_stopwords_keep_their_place() -> None:
    texts = ["bank of england", "bank of england", "the bank"]
    found = wc.collocations(texts, length=(2, 3), min_count=1, stopwords="en")
    assert found["collocation"].tolist() == ["bank of england"]
    everything = wc.collocations(texts, length=3, min_count=1)
    assert found["g2"].tolist() == everything["g2"].tolist()
    near = wc.collocations(texts, window=1, min_count=1, stopwords=["of", "the"])
    assert len(near) == 0
    collocates = wc.collocations(texts, node="bank", min_count=1, stopwords=["of", "the"])
    assert collocates["collocate"].tolist() == ["england"]


def test_kinds_of_columns() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    texts = ["prime minister"] * 2
    assert isinstance(wc.collocations(pandas.Series(texts)), pandas.DataFrame)
    assert isinstance(wc.network(polars.Series(texts)), polars.DataFrame)


def test_nothing_to_find() -> None:
    for texts in ([], [None, None], ["", "one", "…"], ["one two"]):
        assert len(wc.collocations(texts, length=(2, 5), min_count=2)) == 0
        assert len(wc.collocations(texts, window=3)) == 0
        assert len(wc.collocations(texts, node="three")) == 0
        assert len(wc.network(texts)) == 0
    assert wc.collocations([]).columns[:5] == [
        "collocation", "length", "count", "documents", "expected",
    ]  # fmt: skip


def test_one_word_again_and_again() -> None:
    row = next(wc.collocations(["la la la la"], measures=PAIR_MEASURES).rows())
    assert row["count"] == 3
    assert all(math.isfinite(row[name]) for name in PAIR_MEASURES)
    row = next(wc.collocations(["la la la la"], length=3, measures=MEASURES).rows())
    assert row["count"] == 2
    assert all(math.isfinite(row[name]) for name in MEASURES)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"length": 1}, ValueError, "length is 1; must be at least 2"),
        ({"length": 6}, ValueError, "length is 6; must be at most 5"),
        ({"length": (3, 2)}, ValueError, "length is"),
        ({"length": 2.0}, TypeError, "length is float"),
        ({"window": 0}, ValueError, "window is 0"),
        ({"window": (0, 0)}, ValueError, "no word"),
        ({"window": (2, 3)}, ValueError, "pairs take"),
        ({"window": (1, 2, 3)}, ValueError, "expected an int"),
        ({"window": 2, "length": 2}, ValueError, "leave out window"),
        ({"within": "page"}, ValueError, "within is 'page'"),
        ({"min_count": -1}, ValueError, "min_count is -1"),
        ({"min_count": math.nan}, ValueError, "min_count is nan"),
        ({"max_pairs": 0}, ValueError, "max_pairs is 0"),
        ({"measures": "mi"}, ValueError, "measures: 'mi'; must be among g2"),
        ({"measures": ["t", "t"]}, ValueError, "twice"),
        ({"measures": 3}, TypeError, "measures is int"),
        ({"measures": ["t"], "sort": "z"}, ValueError, "sort: 'z'"),
        ({"sort": 3}, TypeError, "sort is int"),
        ({"length": 3, "measures": "delta_p_first"}, ValueError, "for two words only"),
        ({"node": "…"}, ValueError, "node: '…' has no word"),
        ({"node": 7}, TypeError, "node is int"),
        ({"node": [7]}, TypeError, "node holds int"),
        ({"weights": [1.0]}, ValueError, "weights has 1 value for 2 texts"),
        ({"weights": [1.0, -1.0]}, ValueError, r"weights\[1\] is -1.0"),
        ({"weights": [1.0, math.nan]}, ValueError, r"weights\[1\] is nan"),
        ({"stopwords": ["a b"]}, ValueError, "stopwords"),
    ],
)
def test_wrong_arguments(asked: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.collocations(["one two", "two one"], **asked)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"terms": 0}, ValueError, "terms is 0"),
        ({"terms": "mayor"}, TypeError, "terms is one str"),
        ({"terms": ["prime minister"]}, ValueError, "2 words"),
        ({"measure": []}, ValueError, "measure is empty"),
        ({"window": 0}, ValueError, "window is 0"),
        ({"within": "page"}, ValueError, "within"),
    ],
)
def test_wrong_arguments_of_networks(
    asked: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        wc.network(["one two", "two one"], **asked)


def test_a_lone_surrogate_is_named() -> None:
    with pytest.raises(ValueError, match=r"texts\[1\]"):
        wc.collocations(["one two", "\ud800 x"])


def test_top_terms() -> None:
    texts = ["the port the strike", "the port", "the mayor and the port"]
    found = wc.network(texts, terms=2, min_count=1, stopwords="en")
    # port 3 times, then mayor and strike once each: mayor by its bytes.
    assert [(r["source"], r["target"]) for r in found.rows()] == [("mayor", "port")]
    assert len(wc.network(texts, terms=2, min_count=1)) == 1
