"""wirecopy.distinctive: each group's keyness against all others, in one table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wirecopy as wc

TEXTS = [
    "goal and cup and goal", "late goal", "tax and vote", "vote on tax", "rain", "", "rain and goal",
]  # fmt: skip
GROUPS = ["sport", "sport", "city", "city", "weather", "nothing", "weather"]


def test_each_group_is_its_keyness_against_the_others() -> None:
    table = wc.distinctive(TEXTS, GROUPS, k=3, min_docs=0)
    assert table["group"].tolist()[0] == "city"
    assert list(dict.fromkeys(table["group"].tolist())) == ["city", "sport", "weather"]
    for name in ("city", "sport", "weather"):
        inside = [t for t, g in zip(TEXTS, GROUPS, strict=True) if g == name]
        outside = [t for t, g in zip(TEXTS, GROUPS, strict=True) if g != name]
        expected = wc.keyness(inside, outside)
        keep = expected["target_pm"] > expected["reference_pm"]
        mine = table["group"] == name
        for column in expected.columns:
            assert table[column][mine].tolist() == expected[column][keep][:3].tolist(), column


def test_reprints_count_once() -> None:
    story = "the ferry sank in the harbour"
    texts = [story] * 8 + ["the vote was on the ferry", "rain on the harbour", "the vote again"]
    groups = ["a"] * 8 + ["a", "b", "b"]
    weights = [1 / 8] * 8 + [1, 1, 1]
    once = wc.distinctive(texts, groups, weights=weights, min_docs=0)
    dropped = wc.distinctive(texts[7:], groups[7:], min_docs=0)
    assert once.to_dict() == dropped.to_dict()


@pytest.mark.parametrize("groups", [[2020, 2020, 2021, 2021, 2022, 2022, 2022], GROUPS])
def test_kinds(groups: list[Any]) -> None:
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    expected = wc.distinctive(TEXTS, groups, min_docs=0).to_dict()
    frame = wc.distinctive(pandas.Series(TEXTS), pandas.Series(groups), min_docs=0)
    assert frame.to_dict("list") == expected
    assert (
        wc.distinctive(polars.Series(TEXTS), groups, min_docs=0).to_dict(as_series=False)
        == expected
    )
    assert wc.distinctive(pyarrow.array(TEXTS), groups, min_docs=0).to_pydict() == expected
    assert wc.distinctive(iter(TEXTS), np.array(groups), min_docs=0).to_dict() == expected


def test_threads_do_not_matter() -> None:
    rows = [row for row in wc.sample.load() if row["lang"] == "en"]
    texts, sources = [r["text"] for r in rows], [r["source"] for r in rows]
    one = wc.distinctive(texts, sources, threads=1, ngrams=(1, 2), stopwords="en")
    assert (
        one.to_dict()
        == wc.distinctive(texts, sources, threads=3, ngrams=(1, 2), stopwords="en").to_dict()
    )
    assert max(np.unique(one["group"], return_counts=True)[1]) <= 10


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"by": ["a"] * 7}, ValueError, "by: 1 group with words; needs two"),
        ({"by": ["a"]}, ValueError, "by has 1 value for 7 texts"),
        ({"by": "abcdefg"}, TypeError, "by is one str"),
        ({"k": -1}, ValueError, "k is -1"),
        ({"sort": "size"}, ValueError, "sort"),
        ({"ngrams": 9}, ValueError, "ngrams"),
        ({"weights": [1.0]}, ValueError, "weights"),
        ({"texts": [None] * 7}, ValueError, "by: 0 groups with words"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.distinctive(**{"texts": TEXTS, "by": GROUPS, **arguments})
