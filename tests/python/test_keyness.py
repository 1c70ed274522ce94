"""wirecopy.keyness against SciPy, published values, and its own promises."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import counts_oracle, keyness_oracle

COLUMNS = [
    "term", "n", "target", "reference", "target_pm", "reference_pm", "target_docs",
    "reference_docs", "g2", "g2_two_term", "p_value", "log_ratio",
]  # fmt: skip


def rows_of(table: wc.Table) -> dict[str, dict[str, Any]]:
    return {row["term"]: row for row in table.rows()}


def corpus(occurrences: int, size: int) -> tuple[list[str], list[float]]:
    """Two texts in which "word" is `occurrences` of `size` words."""
    return ["word", "other"], [float(occurrences), float(size - occurrences)]


def compare(a: int, c: int, b: int, d: int) -> dict[str, Any]:
    """The row of a word that is a of c words in the target and b of d in the reference."""
    target, weights = corpus(a, c)
    reference, reference_weights = corpus(b, d)
    table = wc.keyness(target, reference, weights=weights, reference_weights=reference_weights)
    return rows_of(table)["word"]


# --- values ---------------------------------------------------------------------------------------


def test_ten_in_1000_against_two_in_1500() -> None:
    row = compare(10, 1000, 2, 1500)
    assert row["g2"] == pytest.approx(9.601, abs=5e-4)  # over four cells
    assert row["g2_two_term"] == pytest.approx(9.556, abs=5e-4)  # over two
    assert row["log_ratio"] == pytest.approx(math.log2(7.5))
    assert (row["target_pm"], row["reference_pm"]) == pytest.approx((10_000, 1333.3333333333))


CELLS = st.tuples(
    st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 10**7), st.integers(1, 10**7)
).filter(lambda t: t[0] + t[1] > 0)


@settings(max_examples=300, deadline=None)
@given(CELLS)
def test_agrees_with_scipy(cells: tuple[int, int, int, int]) -> None:
    stats = pytest.importorskip("scipy.stats")
    a, b, rest_a, rest_b = cells
    result = stats.chi2_contingency(
        [[a, b], [rest_a, rest_b]], lambda_="log-likelihood", correction=False
    )
    row = compare(a, a + rest_a, b, b + rest_b)
    # SciPy's sum of large terms of either sign keeps about 16 digits of the largest of them.
    noise = 1e-15 * max(rest_a, rest_b)
    assert abs(row["g2"]) == pytest.approx(result.statistic, rel=1e-9, abs=1e-9 + noise)
    assert row["p_value"] == pytest.approx(stats.chi2.sf(abs(row["g2"]), 1), rel=1e-9, abs=1e-300)


@settings(max_examples=300, deadline=None)
@given(CELLS)
def test_agrees_with_the_formulas(cells: tuple[int, int, int, int]) -> None:
    a, b, rest_a, rest_b = cells
    c, d = a + rest_a, b + rest_b
    row = compare(a, c, b, d)
    four = keyness_oracle.g2_four_cell(a, b, c, d)
    two = keyness_oracle.g2_two_term(a, b, c, d)
    noise = 1e-15 * max(c, d)
    assert row["g2"] == pytest.approx(four, rel=1e-9, abs=1e-9 + noise)
    assert row["g2_two_term"] == pytest.approx(two, rel=1e-9, abs=1e-9)
    assert row["log_ratio"] == pytest.approx(keyness_oracle.log_ratio(a, b, c, d), abs=1e-12)
    assert abs(row["g2_two_term"]) <= abs(row["g2"])


def read_shared(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / "keywords" / name
    if not path.exists():
        pytest.skip(f"no keywords/{name} among the shared data")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_published_values(shared_data: Path) -> None:
    checked = 0
    for case in read_shared(shared_data, "keyness_reference.jsonl"):
        if not case.get("usable", True):
            continue
        measure = case["measure"]
        if measure.startswith("LL 2-term"):
            row = compare(case["freq1"], case["size1"], case["freq2"], case["size2"])
            expected = case["recomputed"]
            expected = expected["LL"] if isinstance(expected, dict) else expected
            assert row["g2_two_term"] == pytest.approx(expected, abs=5e-5), case["id"]
            if case["published"]:
                assert f"{row['g2_two_term']:+.2f}" == case["published"], case["id"]
        elif measure == "G2 full 2x2":
            (a, b), (rest_a, rest_b) = case["table"]
            row = compare(a, a + rest_a, b, b + rest_b)
            assert f"{row['g2']:.2f}" == case["published"], case["id"]
        elif measure.startswith("Log Ratio"):
            row = compare(case["freq1"], case["size1"], case["freq2"], case["size2"])
            assert row["log_ratio"] == float(case["published"]), case["id"]
        else:
            continue
        checked += 1
    assert checked == 4


def test_quanteda_on_the_inaugural_speeches(shared_data: Path) -> None:
    """Four-cell G2, which quanteda calls lr without correction.

    Its code takes ln(O/E + 1e-9), which adds about 2e-9 for each word of both sides.
    """
    speeches = read_shared(shared_data, "nltk_inaugural.jsonl")
    words = {s["id"]: re.sub("[^a-z]+", " ", s["text"].lower()) for s in speeches}
    recent = {i for i in words if int(i.split(":")[1][:4]) >= 1945}
    target = [text for i, text in words.items() if i in recent]
    rows = rows_of(wc.keyness(target, [text for i, text in words.items() if i not in recent]))
    added = 2e-9 * sum(len(text.split()) for text in words.values())
    checked = 0
    for figure in read_shared(shared_data, "quanteda_reference.jsonl"):
        if (figure["stat"], figure.get("measure"), figure.get("correction")) != (
            "keyness", "lr", "none",
        ):  # fmt: skip
            continue
        row = rows[figure["feature"]]
        assert (row["target"], row["reference"]) == (figure["n_target"], figure["n_reference"])
        value = math.copysign(abs(figure["value"]) - added, figure["value"])
        assert row["g2"] == pytest.approx(value, rel=1e-9, abs=1e-9), figure["feature"]
        checked += 1
    assert checked > 20


# --- zeros, signs, empty sides --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "log_ratio"),
    [
        ((8, 1000, 2, 1000), 2.0),
        ((2, 1000, 8, 1000), -2.0),
        ((5, 1000, 10, 2000), 0.0),
        ((4, 100, 0, 100), 3.0),  # 4 against 0.5
        ((0, 100, 4, 100), -3.0),
    ],
)
def test_log_ratio(cells: tuple[int, int, int, int], log_ratio: float) -> None:
    row = compare(*cells)
    assert row["log_ratio"] == pytest.approx(log_ratio, abs=1e-12)
    assert np.sign(row["g2"]) == np.sign(log_ratio)
    assert np.sign(row["g2_two_term"]) == np.sign(log_ratio)


def test_zero_counts_are_finite() -> None:
    table = wc.keyness(["only here"], ["only there"])
    assert table.columns == COLUMNS
    for name in COLUMNS[2:]:
        assert np.isfinite(table[name]).all(), name
    rows = rows_of(table)
    assert rows["here"]["g2"] == -rows["there"]["g2"] > 0
    assert rows["only"]["g2"] == 0
    assert rows["only"]["p_value"] == 1


def test_swapping_the_sides_swaps_the_signs() -> None:
    a, b = ["goal goal cup", "cup"], ["vote goal", "vote vote cup"]
    forward, backward = rows_of(wc.keyness(a, b)), rows_of(wc.keyness(b, a))
    for term, row in forward.items():
        other = backward[term]
        assert row["g2"] == pytest.approx(-other["g2"], abs=1e-12)
        assert row["log_ratio"] == pytest.approx(-other["log_ratio"], abs=1e-12)
        assert row["target_docs"] == other["reference_docs"]


@pytest.mark.parametrize("empty", [[], [""], [None], ["!?"]])
def test_empty_sides_are_named(empty: list[Any]) -> None:
    with pytest.raises(ValueError, match="target: has no word to compare"):
        wc.keyness(empty, ["a"])
    with pytest.raises(ValueError, match="reference: has no word to compare"):
        wc.keyness(["a"], empty)
    with pytest.raises(ValueError, match="target: has no 2-gram to compare"):
        wc.keyness(["a"], ["a b"], ngrams=(1, 2))


def test_all_texts_of_weight_zero_are_an_empty_side() -> None:
    with pytest.raises(ValueError, match="target: has no word"):
        wc.keyness(["a"], ["a"], weights=[0])


# --- the table ------------------------------------------------------------------------------------

TARGET = ["the goal and the cup", "goal", "a late goal"]
REFERENCE = ["the vote", "the vote and a tax", "cup"]


def test_every_term_of_both_sides_with_its_counts() -> None:
    rows = rows_of(wc.keyness(TARGET, REFERENCE, ngrams=(1, 2)))
    sides = [counts_oracle.count(texts, 1, 2) for texts in (TARGET, REFERENCE)]
    known = [{r.term: (r.frequency, r.documents) for r in side.rows} for side in sides]
    assert set(rows) == set(known[0]) | set(known[1])
    for term, row in rows.items():
        (a, a_docs), (b, b_docs) = (side.get(term, (0, 0)) for side in known)
        assert (row["target"], row["target_docs"]) == (a, a_docs)
        assert (row["reference"], row["reference_docs"]) == (b, b_docs)
        c, d = (side.totals[row["n"]] for side in sides)
        assert row["target_pm"] == pytest.approx(float(a / c * 10**6))
        assert row["g2"] == pytest.approx(
            keyness_oracle.g2_four_cell(*map(float, (a, b, c, d))), abs=1e-12
        )


def test_order_is_g2_then_bytes() -> None:
    table = wc.keyness(TARGET, REFERENCE)
    keys = [(-g2, term.encode()) for g2, term in zip(table["g2"], table["term"], strict=True)]
    assert keys == sorted(keys)


@pytest.mark.parametrize("sort", ["g2", "g2_two_term", "log_ratio", "target", "reference"])
def test_sort(sort: str) -> None:
    values = wc.keyness(TARGET, REFERENCE, sort=sort)[sort]
    assert (np.diff(values) <= 0).all()


def test_sort_by_p_value_puts_the_surest_first() -> None:
    assert (np.diff(wc.keyness(TARGET, REFERENCE, sort="p_value")["p_value"]) >= 0).all()


def test_limits() -> None:
    assert set(rows_of(wc.keyness(TARGET, REFERENCE, min_frequency=3))) == {"goal"}
    assert set(rows_of(wc.keyness(TARGET, REFERENCE, min_docs=2))) == {"goal", "the", "vote"}
    limited = rows_of(wc.keyness(TARGET, REFERENCE, min_docs=2))
    whole = rows_of(wc.keyness(TARGET, REFERENCE))
    assert all(whole[term] == row for term, row in limited.items())


def test_stopwords_change_rows_not_numbers() -> None:
    without = rows_of(wc.keyness(TARGET, REFERENCE, ngrams=(1, 2), stopwords="en"))
    assert set(without) == {"goal", "cup", "late", "late goal", "vote", "tax"}
    whole = rows_of(wc.keyness(TARGET, REFERENCE, ngrams=(1, 2)))
    assert all(whole[term] == row for term, row in without.items())


def test_counts_in_place_of_texts() -> None:
    expected = wc.keyness(TARGET, REFERENCE, ngrams=(1, 2)).to_dict()
    target, reference = wc.count(TARGET, (1, 2)), wc.count(REFERENCE, (1, 2))
    assert wc.keyness(target, reference).to_dict() == expected
    assert wc.keyness(target, REFERENCE).to_dict() == expected
    assert wc.keyness(TARGET, reference, ngrams=(1, 2)).to_dict() == expected


def test_counts_made_without_stopwords_stay_without() -> None:
    counts = wc.count(TARGET, stopwords=["the"])
    rows = rows_of(wc.keyness(counts, REFERENCE))
    assert "the" not in rows
    whole = rows_of(wc.keyness(TARGET, REFERENCE))
    assert all(whole[term] == row for term, row in rows.items())


def test_reprints_by_weight_equal_reprints_dropped() -> None:
    copies = 7
    texts = [TARGET[0]] * copies + TARGET[1:]
    weights = [1 / copies] * copies + [1, 1]
    weighted = wc.keyness(texts, REFERENCE, weights=weights)
    assert weighted.to_dict() == wc.keyness(TARGET, REFERENCE).to_dict()


def test_answers_in_the_kind_of_the_target() -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    frame = wc.keyness(pandas.Series(TARGET), polars.Series(REFERENCE))
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == COLUMNS
    assert isinstance(wc.keyness(wc.count(polars.Series(TARGET)), REFERENCE), polars.DataFrame)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sort": "size"}, ValueError, "sort: 'size'; must be one of g2, "),
        ({"sort": 1}, TypeError, "sort is int"),
        ({"min_frequency": -1}, ValueError, "min_frequency is -1"),
        ({"min_docs": None}, TypeError, "min_docs is NoneType"),
        ({"ngrams": (1, 9)}, ValueError, "ngrams"),
        ({"weights": [1.0]}, ValueError, "weights"),
        ({"reference_weights": [1.0, 1.0, -1.0]}, ValueError, r"reference_weights\[2\]"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.keyness(TARGET, REFERENCE, **arguments)


def test_counts_that_cannot_be_compared() -> None:
    pairs = wc.count(TARGET, (1, 2))
    with pytest.raises(ValueError, match=r"target was counted with ngrams=\(1, 2\); \(1, 1\)"):
        wc.keyness(pairs, REFERENCE, ngrams=1)
    with pytest.raises(ValueError, match="reference was counted with ngrams"):
        wc.keyness(pairs, wc.count(REFERENCE))
    with pytest.raises(ValueError, match="target: counted with min_df"):
        wc.keyness(wc.count(TARGET, min_df=2), REFERENCE)
    with pytest.raises(ValueError, match="target is Counts"):
        wc.keyness(pairs, REFERENCE, weights=[1, 1, 1])
    with pytest.raises(TypeError, match="reference is one str"):
        wc.keyness(TARGET, "one text")


# --- evenly spread terms ---------------------------------------------------------------------------

SPREAD_TARGET = ["goal one", "goal two", "goal three", "penalty penalty penalty penalty goal", None]
SPREAD_REFERENCE = ["vote one", "vote tax", "vote two", "tax tax tax tax three"]


@pytest.mark.parametrize("max_dp", [0.0, 0.3, 0.7, 1.0])
def test_max_dp_is_the_spread_where_the_term_is_more_frequent(max_dp: float) -> None:
    whole = wc.keyness(SPREAD_TARGET, SPREAD_REFERENCE, ngrams=(1, 2))
    found = wc.keyness(SPREAD_TARGET, SPREAD_REFERENCE, ngrams=(1, 2), max_dp=max_dp)
    spread = {
        side: {
            (row["n"], row["term"]): row["dp_norm"]
            for row in wc.dispersion(texts, ngrams=(1, 2)).rows()
        }
        for side, texts in (("target", SPREAD_TARGET), ("reference", SPREAD_REFERENCE))
    }
    kept = []
    for row in whole.rows():
        side = "target" if row["target_pm"] >= row["reference_pm"] else "reference"
        dp = spread[side][row["n"], row["term"]]
        if dp <= max_dp:
            kept.append({**row, "dp_norm": dp})
    assert list(found.rows()) == kept
    assert len(kept) < len(whole) or max_dp == 1


def test_max_dp_leaves_out_the_word_of_one_text() -> None:
    plain = wc.keyness(SPREAD_TARGET, SPREAD_REFERENCE)["term"].tolist()
    even = wc.keyness(SPREAD_TARGET, SPREAD_REFERENCE, max_dp=0.6)["term"].tolist()
    assert {"penalty", "goal"} <= set(plain)
    assert "goal" in even
    assert "penalty" not in even
    # By weight a reprint is no second text.
    copies = [*SPREAD_TARGET, *[SPREAD_TARGET[3]] * 3]
    once = [1, 1, 1, 0.25, 1, 0.25, 0.25, 0.25]
    weighted = wc.keyness(copies, SPREAD_REFERENCE, max_dp=0.6, weights=once)
    assert weighted["term"].tolist() == even


def test_max_dp_without_texts_and_out_of_range() -> None:
    counts = wc.count(SPREAD_REFERENCE)
    found = wc.keyness(SPREAD_TARGET, counts, max_dp=0.6)
    rows = {row["term"]: row["dp_norm"] for row in found.rows()}
    assert np.isnan(rows["tax"])
    assert rows["goal"] <= 0.6
    assert "penalty" not in rows
    for value in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="max_dp"):
            wc.keyness(SPREAD_TARGET, SPREAD_REFERENCE, max_dp=value)
    with pytest.raises(TypeError, match="max_dp"):
        wc.keyness(SPREAD_TARGET, SPREAD_REFERENCE, max_dp="some")
