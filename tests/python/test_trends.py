"""wirecopy.trends against brute force, and its promises on dates, gaps and bad input."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import trends_oracle

DAY = date(2024, 1, 1)


def days(numbers: list[int]) -> list[date]:
    return [DAY + timedelta(days=n) for n in numbers]


def series(counts: list[int], words: list[int]) -> wc.Trends:
    """A word that is counts[t] of words[t] words on day t, in one text a day."""
    texts = ["word " * k + "other " * (n - k) for k, n in zip(counts, words, strict=True)]
    return wc.trends(texts, days(list(range(len(texts)))), freq="day", terms=["word"])


# --- periods --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("freq", "starts"),
    [
        ("day", ["2023-12-31", "2024-01-01", "2024-01-02"]),
        ("week", ["2023-12-25", "2024-01-01"]),
        ("month", ["2023-12-01", "2024-01-01"]),
        ("quarter", ["2023-10-01", "2024-01-01"]),
        ("year", ["2023-01-01", "2024-01-01"]),
    ],
)
def test_periods(freq: str, starts: list[str]) -> None:
    found = wc.trends(["a", "a b"], ["2023-12-31", "2024-01-02T12:00:00"], freq=freq, terms=["a"])
    assert found.periods.astype("datetime64[D]").astype(str).tolist() == starts
    assert found.table["count"].sum() == 2
    assert found.table["period"].tolist() == found.periods.tolist()


def test_dates_before_1970_and_weeks_begin_on_mondays() -> None:
    found = wc.trends(["a"] * 3, ["1969-12-28", "1969-12-29", "1970-01-04"], freq="week", terms=1)
    assert found.periods.astype("datetime64[D]").astype(str).tolist() == [
        "1969-12-22",
        "1969-12-29",
    ]
    assert found.table["count"].tolist() == [1, 2]


def test_times_with_a_zone_become_utc() -> None:
    east = timezone(timedelta(hours=5))
    found = wc.trends(["a"], [datetime(2024, 1, 1, 2, tzinfo=east)], freq="day", terms=1)
    assert str(found.periods[0])[:10] == "2023-12-31"


def test_gaps_are_filled_and_null_dates_left_out() -> None:
    found = wc.trends(["a b", "a", None, "c"], ["2024-01-05", None, "2024-02-01", "2024-03-01"],
                      terms=["a"])  # fmt: skip
    assert found.n_undated == 1
    assert found.table.to_dict()["count"] == [1, 0, 0]
    assert found.table["per_million"].tolist() == [500_000, 0, 0]
    assert found.table["low"].tolist()[1:] == [0, 0]
    # No word in February: anything is possible.
    assert found.table["high"][1] == 1_000_000
    assert found.table["high"][2] < 1_000_000


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "a a b", "", "b b"]), st.integers(0, 40)),
                min_size=1, max_size=12))  # fmt: skip
def test_the_table_equals_the_twin(rows: list[tuple[str, int]]) -> None:
    texts, when = [text for text, _ in rows], days([day for _, day in rows])
    table = wc.trends(texts, when, freq="week", terms=["a"], confidence=0.9).table
    z = NormalDist().inv_cdf(0.95)
    for row in table.rows():
        inside = [
            text.split()
            for text, day in zip(texts, when, strict=True)
            if timedelta(0) <= day - row["period"].date() < timedelta(days=7)
        ]
        count = sum(words.count("a") for words in inside)
        words = sum(map(len, inside))
        assert row["count"] == count
        assert row["documents"] == sum("a" in found for found in inside)
        low, high = trends_oracle.wilson(count, words, z)
        assert row["per_million"] == pytest.approx(1e6 * count / words if words else 0)
        assert row["low"] == pytest.approx(1e6 * low, rel=1e-9, abs=1e-6)
        assert row["high"] == pytest.approx(1e6 * high, rel=1e-9, abs=1e-6)
    assert len(table) == 1 + (max(when) - min(when) + timedelta(days=min(when).weekday())).days // 7


def test_first_last_and_peak() -> None:
    terms = series([0, 2, 0, 3, 1, 0], [5] * 6).terms
    row = next(terms.rows())
    assert [row[name].date() for name in ("first", "last", "peak")] == days([1, 4, 3])
    assert (row["frequency"], row["documents"], row["periods"]) == (6, 3, 3)
    assert row["peak_pm"] == pytest.approx(600_000)


def test_terms_that_are_nowhere() -> None:
    found = wc.trends(["b"], [DAY], terms=["a"])
    row = next(found.terms.rows())
    assert row["frequency"] == row["peak_pm"] == 0
    assert np.isnat(found.terms["first"]).all()
    assert len(found.changes) == len(found.bursts) == 0
    assert found.table["count"].tolist() == [0]


@pytest.mark.parametrize("texts", [[], [None], ["a"]])
def test_nothing_dated(texts: list[Any]) -> None:
    found = wc.trends(texts, [None] * len(texts), terms=["a"])
    assert len(found.periods) == len(found.table) == len(found.bursts) == len(found.changes) == 0
    assert found.n_undated == len(texts)
    with pytest.raises(ValueError, match="not among the dates"):
        found.new()


def test_the_most_frequent_terms() -> None:
    texts = ["the cat", "the the dog", "cat"]
    found = wc.trends(texts, days([0, 1, 2]), freq="day", terms=2, stopwords=["the"])
    assert list(dict.fromkeys(found.table["term"])) == ["cat", "dog"]


# --- changes --------------------------------------------------------------------------------------

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 20)), min_size=1, max_size=9)


@settings(max_examples=200)
@given(COUNTS, st.sampled_from([0.0, 0.5, 1.0, 2.0]))
def test_no_segmentation_is_cheaper(rows: list[tuple[int, int]], strictness: float) -> None:
    counts, words = [k for k, _ in rows], [k + n for k, n in rows]
    texts = ["word " * k + "other " * n for k, n in rows]
    when = days(list(range(len(rows))))
    found = wc.trends(texts, when, freq="day", terms=["word"], strictness=strictness)
    points = tuple(
        int((p - np.datetime64(DAY)) / np.timedelta64(1, "D")) for p in found.changes["period"]
    )
    penalty = strictness * math.log(len(rows))
    values = [float(k) for k in counts], [float(n) for n in words]
    cost = trends_oracle.segmentation_cost(points, *values, penalty)
    least = trends_oracle.least_segmentation_cost(*values, penalty)
    assert cost == pytest.approx(least, rel=1e-9, abs=1e-9)


def test_a_step_is_found_where_it_is() -> None:
    changes = series([1] * 20 + [6] * 20, [100] * 40).changes
    row = next(changes.rows())
    assert len(changes) == 1
    assert row["period"].date() == DAY + timedelta(days=20)
    assert (row["before_pm"], row["after_pm"]) == pytest.approx((10_000, 60_000))
    assert row["log_ratio"] == pytest.approx(math.log2(6))
    assert row["g2"] > 0


def test_a_constant_rate_does_not_change() -> None:
    assert len(series([2, 4, 2, 6, 2], [50, 100, 50, 150, 50]).changes) == 0


# --- bursts ---------------------------------------------------------------------------------------


def stream(relevant: list[int], texts: list[int], **options: Any) -> wc.Trends:
    """Texts by the day, relevant[t] of texts[t] with the word."""
    rows = [("word" if i < r else "other", t)
            for t, (r, d) in enumerate(zip(relevant, texts, strict=True)) for i in range(d)]  # fmt: skip
    return wc.trends(
        [text for text, _ in rows],
        days([t for _, t in rows]),
        freq="day",
        terms=["word"],
        **options,
    )


BATCHES = st.lists(
    st.integers(1, 30).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))),
    min_size=2, max_size=6,
)  # fmt: skip


@settings(max_examples=200)
@given(
    BATCHES, st.sampled_from([1.5, 2.0, 3.0]), st.sampled_from([0.0, 0.3, 1.0]), st.integers(2, 4)
)
def test_no_path_is_cheaper(
    rows: list[tuple[int, int]], s: float, gamma: float, states: int
) -> None:
    relevant, texts = [r for r, _ in rows], [d for _, d in rows]
    found = stream(relevant, texts, s=s, gamma=gamma, states=states)
    if sum(relevant) == 0:
        assert len(found.bursts) == 0
        return
    path = [0] * len(rows)
    for burst in found.bursts.rows():
        begin, end = ((burst[name].date() - DAY).days for name in ("begin", "end"))
        assert burst["periods"] == end - begin + 1
        assert burst["documents"] == sum(relevant[begin : end + 1])
        for t in range(begin, end + 1):
            path[t] = max(path[t], burst["level"])
    values = [float(r) for r in relevant], [float(d) for d in texts]
    cost = trends_oracle.path_cost(tuple(path), *values, s, gamma)
    least = trends_oracle.least_path_cost(*values, s, gamma, states)
    assert cost == pytest.approx(least, rel=1e-9, abs=1e-9)


def test_a_burst_and_its_weight() -> None:
    bursts = stream([1, 1, 8, 9, 1, 1], [20] * 6).bursts
    row = next(bursts.rows())
    assert len(bursts) == 1
    assert [row["begin"].date(), row["end"].date()] == days([2, 3])
    p0 = 21 / 120
    saved = 17 * math.log(2) + 23 * math.log((1 - 2 * p0) / (1 - p0))
    assert row["weight"] == pytest.approx(saved, rel=1e-12)


# --- what is new ----------------------------------------------------------------------------------


def test_new_is_keyness_against_the_time_before() -> None:
    texts = ["rain sun", "rain", "storm rain storm", "storm", "sun"]
    found = wc.trends(texts, days([0, 7, 14, 15, 21]), freq="week")
    measures = ["g2", "p_value", "log_ratio"]
    expected = wc.keyness(texts[2:4], texts[:2], measures=measures)
    assert found.new("2024-01-16").to_dict() == expected.to_dict()
    last = wc.keyness(texts[4:], texts[2:4], measures=measures)
    assert found.new(against=1).to_dict() == last.to_dict()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"period": "2023-01-01"}, "not among the dates"),
        ({"period": "2024-01-01"}, "nothing comes before"),
        ({"period": None, "against": 0}, "against is 0"),
        ({"period": "soon"}, r"period\[0\]"),
    ],
)
def test_new_refuses(arguments: dict[str, Any], message: str) -> None:
    found = wc.trends(["a", "b"], ["2024-01-01", "2024-02-01"])
    with pytest.raises(ValueError, match=message):
        found.new(**arguments)


# --- weights, kinds, errors -----------------------------------------------------------------------


def test_copies_of_weight_one_kth_are_one() -> None:
    texts, when = ["a b", "b c c", "a a"], days([0, 3, 40])
    copies, weights, dates = [], [], []
    for text, day, k in zip(texts, when, [3, 1, 7], strict=True):
        copies += [text] * k
        dates += [day] * k
        weights += [1 / k] * k
    once = wc.trends(texts, when, freq="week")
    weighted = wc.trends(copies, dates, freq="week", weights=weights)
    for name in ("table", "terms", "changes", "bursts"):
        assert getattr(weighted, name).to_dict() == getattr(once, name).to_dict(), name
    assert weighted.new().to_dict() == once.new().to_dict()


def test_threads_change_nothing() -> None:
    texts = [f"a b{i % 7} c{i % 3}" for i in range(3000)]
    when = days([i % 90 for i in range(3000)])
    weights = [1 / (1 + i % 3) for i in range(3000)]
    one, three = (
        wc.trends(texts, when, freq="week", weights=weights, threads=n).table.to_dict()
        for n in (1, 3)
    )
    assert one == three


def test_answers_in_kind() -> None:
    pandas = pytest.importorskip("pandas")
    found = wc.trends(pandas.Series(["a", "a b"]), pandas.Series(pandas.to_datetime(["2024-01-01", "2024-02-01"])))  # fmt: skip
    for name in ("table", "terms", "changes", "bursts"):
        assert isinstance(getattr(found, name), pandas.DataFrame), name
    assert isinstance(found.new(), pandas.DataFrame)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"dates": ["2024-01-01", "soon"]}, ValueError, r"dates\[1\]"),
        ({"dates": ["2024-01-01"]}, ValueError, "dates has 1 value for 2 texts"),
        ({"dates": ["0001-01-01", "2024-01-01"], "freq": "day"}, ValueError, "wrong"),
        ({"freq": "hour"}, ValueError, "freq is 'hour'"),
        ({"freq": 1}, TypeError, "freq is int"),
        ({"terms": 0}, ValueError, "terms is 0"),
        ({"terms": None}, TypeError, "terms is None"),
        ({"terms": ["a", "!"]}, ValueError, r"terms\[1\]"),
        ({"s": 1}, ValueError, "s is 1"),
        ({"gamma": -1}, ValueError, "gamma is -1"),
        ({"states": 1}, ValueError, "states is 1"),
        ({"strictness": math.nan}, ValueError, "strictness is nan"),
        ({"confidence": 0}, ValueError, "confidence is 0"),
        ({"weights": [1, math.nan]}, ValueError, r"weights\[1\]"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    given_arguments: dict[str, Any] = {"dates": ["2024-01-01", "2024-02-01"]} | arguments
    with pytest.raises(error, match=message):
        wc.trends(["a", "b"], **given_arguments)


def test_plot() -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    found = stream([1, 1, 8, 9, 1, 1], [20] * 6)
    axes = found.plot()
    assert len(axes.lines) == 2  # the rate, and a burst
    assert axes.get_legend_handles_labels()[1] == ["word"]
    with pytest.raises(KeyError, match="nothing"):
        found.plot("nothing")
    matplotlib.pyplot.close("all")
