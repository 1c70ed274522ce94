"""The measures of wirecopy.keyness: published values, quanteda, lists, corrections."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wirecopy as wc
from oracle import keyness_oracle

TEXTS = ["goal goal cup", "late goal", "cup and tax", "goal"]
OTHERS = ["tax vote", "vote vote cup and", "and tax"]


def rows_of(table: Any) -> dict[str, dict[str, Any]]:
    return {row["term"]: row for row in table.rows()}


def compare(a: int, c: int, b: int, d: int, **options: Any) -> dict[str, Any]:
    """The row of a word that is a of c words in the target and b of d in the reference."""
    table = wc.keyness(
        ["word", "other"],
        ["word", "other"],
        weights=[a, c - a],
        reference_weights=[b, d - b],
        measures="all",
        **options,
    )
    return rows_of(table)["word"]


def read_shared(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / "keywords" / name
    if not path.exists():
        pytest.skip(f"no keywords/{name} among the shared data")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_published_value(shared_data: Path) -> None:
    columns = {
        "%DIFF": "percent_diff", "odds ratio": "odds_ratio", "Log Ratio": "log_ratio",
        "simple maths": "simple_maths", "difference coefficient": "difference_coefficient",
    }  # fmt: skip
    checked = set()
    for case in read_shared(shared_data, "keyness_reference.jsonl"):
        if not case.get("usable", True):
            continue
        name, measure = case["id"], case["measure"]
        if "freq1" in case:
            row = compare(case["freq1"], case["size1"], case["freq2"], case["size2"])
            found = [column for key, column in columns.items() if measure.startswith(key)]
            if found:
                digits = len(case["published"].partition(".")[2])
                assert round(row[found[0]], digits) == float(case["published"]), name
            else:
                expected = case["recomputed"]
                both = expected if isinstance(expected, dict) else {"LL": expected}
                assert row["g2_two_term"] == pytest.approx(both["LL"], abs=5e-5), name
                if "chi2_2cell" in both:
                    assert row["chi2_two_term"] == pytest.approx(both["chi2_2cell"], abs=5e-5)
        elif name == "quanteda-order":
            target, reference = re.findall(r'd[12]="([^"]*)"', measure)
            table = wc.keyness([target], [reference], measures=["chi2", "chi2_yates"])
            # quanteda corrects by Yates where an expectation is below 5, as each one is here, and
            # the observed misses it by more than 0.5.
            values = {row["term"]: row["chi2_yates"] or row["chi2"] for row in table.rows()}
            order = [values[term] for term in case["published"]]
            assert order == sorted(order, reverse=True)
        else:
            (o11, o12), (o21, o22) = case["table"]
            measures = ["g2", "chi2", "chi2_yates", "chi2_yates_p"]
            fisher = ["fisher_p", "fisher_less", "fisher_greater"]
            row = next(wc.association(o11, o12, o21, o22, measures=measures + fisher).rows())
            if name.startswith("pedersen"):
                assert [round(row[p], 3) for p in fisher] == [0.486, 0.243, 0.986]
                assert (round(abs(row["chi2_yates"]), 3), round(row["chi2_yates_p"], 2)) == (
                    0.5,
                    0.48,
                )
            elif name == "quanteda-chi2":
                expected = case["recomputed"]
                assert abs(row["chi2"]) == pytest.approx(expected["none"], abs=5e-6)
                assert abs(row["chi2_yates"]) == pytest.approx(expected["yates"], abs=5e-7)
            else:
                column = "g2" if measure.startswith("G2") else "chi2"
                assert row[column] == pytest.approx(float(case["published"]), abs=5e-3), name
        checked.add(name)
    assert len(checked) == 12


def williams(a: float, b: float, c: float, d: float) -> float:
    """Williams' (1976) divisor of G2."""
    n = c + d
    return 1 + (n / (a + b) + n / (n - a - b) - 1) * (n / c + n / d - 1) / (6 * n)


def quanteda(row: dict[str, Any], c: float, d: float, measure: str, correction: str) -> float:
    """What quanteda 4.3.1 gives, from what wirecopy gives.

    Its logarithms are ln(O/E + 1e-9). It corrects by Yates ("default" means that) where an
    expectation is below 5 and the observed misses it by more than 0.5; Yates' G2 is of the observed
    brought nearer to the expected by 0.5. It corrects by Williams where the term is on both sides:
    it divides G2 by q, but multiplies chi-square by it.
    """
    a, b = row["target"], row["reference"]
    n = c + d
    cells = (a, b, c - a, d - b)
    expected = [(a + b) * c / n, (a + b) * d / n, (n - a - b) * c / n, (n - a - b) * d / n]
    small = min(expected) < 5
    if measure == "pmi":
        return math.log(2 ** row["pmi"] + 1e-9) if a else math.log(1e-9)
    if correction == "williams":
        q = williams(a, b, c, d) if a and b else 1
        return row["chi2"] * q if measure == "chi2" else (row["g2"] + added(row, n)) / q
    yates = small and row["chi2_yates"] != 0 and correction in {"default", "yates"}
    if measure == "chi2":
        return row["chi2_yates"] if yates else row["chi2"]
    if not yates:
        return row["g2"] + added(row, n)
    near = [o + (0.5 if o < e else -0.5) for o, e in zip(cells, expected, strict=True)]
    g2 = 2 * math.fsum(o * math.log(o / e + 1e-9) for o, e in zip(near, expected, strict=True))
    return math.copysign(g2, row["g2"])


def added(row: dict[str, Any], n: float) -> float:
    """2 Σ O ln(1 + 1e-9 E/O): about 2e-9 for each word."""
    return math.copysign(2e-9 * n, row["g2"])


def test_quanteda_on_the_inaugural_speeches(shared_data: Path) -> None:
    speeches = read_shared(shared_data, "nltk_inaugural.jsonl")
    words = {s["id"]: re.sub("[^a-z]+", " ", s["text"].lower()) for s in speeches}
    recent = {i for i in words if int(i.split(":")[1][:4]) >= 1945}
    sides = [[words[i] for i in words if (i in recent) == new] for new in (True, False)]
    rows = rows_of(wc.keyness(*sides, measures=["g2", "chi2", "chi2_yates", "pmi", "fisher_p"]))
    c, d = (float(sum(len(text.split()) for text in side)) for side in sides)
    assert (c, d) == (38_401, 99_921)
    checked = {}
    for figure in read_shared(shared_data, "quanteda_reference.jsonl"):
        if figure["stat"] != "keyness":
            continue
        row = rows[figure["feature"]]
        assert (row["target"], row["reference"]) == (figure["n_target"], figure["n_reference"])
        measure, correction = figure["measure"], figure["correction"]
        if measure == "exact":
            # Its value is the conditional estimate of the odds ratio.
            assert row["fisher_p"] == pytest.approx(figure["p"], rel=1e-9)
        else:
            value = quanteda(row, c, d, measure, correction)
            assert value == pytest.approx(figure["value"], rel=1e-9, abs=2e-8), figure
        checked[measure] = checked.get(measure, 0) + 1
    assert checked == {"chi2": 232, "lr": 232, "pmi": 58, "exact": 58}


CELLS = st.tuples(
    st.integers(0, 500), st.integers(0, 500), st.integers(1, 10**6), st.integers(1, 10**6)
).filter(lambda t: t[0] + t[1] > 0)


@given(CELLS)
def test_measures_of_two_corpora_equal_the_twin(cells: tuple[int, int, int, int]) -> None:
    a, b, rest_a, rest_b = cells
    c, d = a + rest_a, b + rest_b
    row = compare(a, c, b, d, simple_maths=10, prior_size=500)
    twin = keyness_oracle.measures(a, b, c, d, simple_maths=10, prior_size=500)
    for name, value in twin.items():
        assert row[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name


def test_the_default_prior_is_both_sides_together() -> None:
    row = compare(10, 1000, 2, 1500)
    twin = keyness_oracle.measures(10, 2, 1000, 1500, prior_size=2500)
    assert row["log_odds_z"] == pytest.approx(twin["log_odds_z"], rel=1e-12)


def test_the_interval_follows_the_confidence() -> None:
    wide, narrow = (compare(30, 1000, 10, 1500, confidence=level) for level in (0.99, 0.5))
    assert wide["log_ratio_low"] < narrow["log_ratio_low"] < wide["log_ratio"]
    assert wide["log_ratio"] < narrow["log_ratio_high"] < wide["log_ratio_high"]


def test_every_measure_is_finite_with_zeros() -> None:
    for sides in ((["a"], ["b"]), (["a"], ["a"]), (["a a"], ["a"]), (TEXTS, OTHERS)):
        table = wc.keyness(*sides, measures="all")
        for name in table.columns[1:]:
            assert np.isfinite(table[name]).all(), (sides, name)


def test_measures_of_texts_count_texts() -> None:
    once = wc.keyness(["a b", "b"], ["b", "b"], measures=["docs_g2", "docs_log_ratio"])
    often = wc.keyness(["a a a a b", "b"], ["b", "b"], measures=["docs_g2", "docs_log_ratio"])
    for name in ("docs_g2", "docs_log_ratio"):
        assert rows_of(once)["a"][name] == rows_of(often)["a"][name] > 0
    direct = wc.association(1, 0, 1, 2, measures=["g2", "log_ratio"])
    assert rows_of(once)["a"]["docs_g2"] == direct["g2"][0]
    assert rows_of(once)["a"]["docs_log_ratio"] == direct["log_ratio"][0]


def test_golden_table(root: Path) -> None:
    """A little text of our own, its figures worked out by the papers' formulas once and for all."""
    golden = json.loads((root / "tests/golden/keyness.json").read_text(encoding="utf-8"))
    measures = list(next(iter(golden["rows"].values())))
    rows = rows_of(wc.keyness(golden["target"], golden["reference"], measures=measures))
    assert set(rows) == set(golden["rows"])
    for term, expected in golden["rows"].items():
        for name, value in expected.items():
            assert rows[term][name] == pytest.approx(value, rel=1e-9, abs=1e-12), (term, name)


# --- corrections ----------------------------------------------------------------------------------


@pytest.mark.parametrize("correction", ["bonferroni", "bh"])
def test_corrections(correction: str) -> None:
    measures = ["p_value", "fisher_p", "log_ratio"]
    table = wc.keyness(TEXTS, OTHERS, measures=measures, correction=correction)
    assert table.columns[-5:] == [
        "p_value", "p_value_adjusted", "fisher_p", "fisher_p_adjusted", "log_ratio",
    ]  # fmt: skip
    for name in ("p_value", "fisher_p"):
        twin = keyness_oracle.adjusted(table[name].tolist(), correction)
        assert table[f"{name}_adjusted"].tolist() == pytest.approx(twin, rel=1e-12)
    stats = pytest.importorskip("scipy.stats")
    if correction == "bh":
        expected = stats.false_discovery_control(table["p_value"])
        assert table["p_value_adjusted"] == pytest.approx(expected, rel=1e-12)


def test_filters_come_before_corrections() -> None:
    table = wc.keyness(
        TEXTS, OTHERS, measures=["p_value"], correction="bonferroni", min_frequency=3
    )
    assert set(table["term"]) == {"goal", "vote"}
    assert table["p_value_adjusted"] == pytest.approx(np.minimum(1, 2 * table["p_value"]))


# --- frequency lists ------------------------------------------------------------------------------

LIST = {"tax": 2, "Vote": 2, "vote": 1, "cup": 1, "and": 2}


def test_a_list_is_what_was_counted() -> None:
    counted = wc.keyness(TEXTS, OTHERS).to_dict()
    listed = wc.keyness(TEXTS, LIST).to_dict()
    for name in ("target_docs", "reference_docs"):
        del counted[name]
    assert listed == counted


def test_a_list_may_be_a_table() -> None:
    expected = wc.keyness(TEXTS, LIST).to_dict()
    columns = {"term": list(LIST), "frequency": list(LIST.values())}
    tables = [wc.Table(columns)]
    tables.extend(pytest.importorskip(name).DataFrame(columns) for name in ("pandas", "polars"))
    tables.append(pytest.importorskip("pyarrow").table(columns))
    for table in tables:
        assert wc.keyness(TEXTS, table).to_dict() == expected
    assert wc.keyness(TEXTS, wc.count(OTHERS).top(99)).to_dict() == expected


def test_the_total_of_a_list() -> None:
    table = wc.keyness(TEXTS, LIST, reference_total=1000)
    assert rows_of(table)["tax"]["reference_pm"] == 2000


@pytest.mark.parametrize(
    ("reference", "options", "error", "message"),
    [
        ({"tax": -1}, {}, ValueError, r"reference\[0\]: 'tax' has the frequency -1"),
        ({"tax": 1, "!": 2}, {}, ValueError, r"reference\[1\]: '!' has no word"),
        ({"new tax": 1}, {}, ValueError, r"reference\[0\]: 'new tax' has 2 words"),
        ({1: 1}, {}, TypeError, r"reference\[0\] is int"),
        ({"tax": "x"}, {}, TypeError, r"reference\[0\] is str"),
        ({}, {}, ValueError, "reference: has no word"),
        ({"tax": 5}, {"reference_total": 4}, ValueError, "less than the sum"),
        ({"tax": 5}, {"measures": ["docs_g2"]}, ValueError, "'docs_g2' asks for texts"),
        ({"tax": 5}, {"reference_weights": [1]}, ValueError, "reference is a list"),
        (["tax"], {"reference_total": 4}, ValueError, "reference is no list"),
        (["tax"], {"measures": ["size"]}, ValueError, "'size'; must be among g2, "),
        (["tax"], {"measures": ["g2", "g2"]}, ValueError, "second time"),
        (["tax"], {"measures": [1]}, TypeError, r"measures\[0\] is int"),
        (["tax"], {"sort": "chi2"}, ValueError, "'chi2'; must be one of g2"),
        (["tax"], {"correction": "holm"}, ValueError, "correction is 'holm'"),
        (["tax"], {"confidence": 1}, ValueError, "confidence is 1"),
        (["tax"], {"simple_maths": 0}, ValueError, "simple_maths is 0"),
        (["tax"], {"prior_size": 0}, ValueError, "prior_size is 0"),
    ],
)
def test_bad_arguments(
    reference: Any, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        wc.keyness(TEXTS, reference, **options)


@pytest.mark.parametrize("sort", ["chi2", "fisher_p", "docs_p_value", "log_odds_z", "bic"])
def test_order_by_a_measure(sort: str) -> None:
    table = wc.keyness(TEXTS, OTHERS, measures=["chi2", "fisher_p", "docs_p_value", "log_odds_z", "bic"], sort=sort)  # fmt: skip
    values = table[sort].tolist()
    assert values == sorted(values, reverse=not sort.endswith(("_p", "value")))
