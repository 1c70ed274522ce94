"""Matches between two collections."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_join import corpus, rules

import wirecopy as wc
from oracle import dedup_oracle

OLD = [
    "the quick brown fox jumps over the lazy dog",
    "",
    "completely other words stand in this one",
]
NEW = [None, "The quick brown fox jumps over the lazy dog!", "nothing like it", OLD[0]]


def rows(result: wc.Match) -> dict[tuple[int, int], tuple[int, float, float]]:
    table = result.pairs_table
    names = ("new", "old", "shared", "containment_new", "containment_old")
    columns = [table[name].tolist() for name in names]
    return {(a, b): (s, x, y) for a, b, s, x, y in zip(*columns, strict=True)}


def test_pairs_are_those_of_the_definition() -> None:
    pairs = 0
    for seed in range(400):
        new, old, rule = corpus(seed), corpus(seed + 1) + corpus(seed)[::2], rules(seed)
        size = rule.pop("shingle_size")
        truth = dedup_oracle.matches(new + old, size=size, split=len(new), **rule)
        memory = 20_000 if seed % 4 == 0 and "max_df" not in rule else None
        result = wc.match(
            new,
            old,
            shingle_size=size,
            **rule,
            threads=1 + seed % 3,
            max_memory=memory,
            progress=False,
        )
        expected = {
            (a, b - len(new)): (shared, shared / x, shared / y)
            for (a, b), (shared, x, y) in truth.items()
        }
        assert rows(result) == expected, (seed, rule)
        assert result.n_pairs == len(expected)
        assert result.matched.tolist() == [
            any(a == row for a, _ in expected) for row in range(len(new))
        ]
        best = result.best_table
        for row, old_row, similarity in zip(
            *(best[c].tolist() for c in ("new", "old", "similarity")), strict=True
        ):
            table = result.pairs_table
            of_row = table["new"] == row
            assert similarity == table["similarity"][of_row].max()
            assert old_row == table["old"][of_row][np.argmax(table["similarity"][of_row])]
        pairs += len(expected)
    assert pairs > 1000


def test_verdicts_and_ids() -> None:
    result = wc.match(NEW, OLD, ids=["n0", "n1", "n2", "n3"], against_ids=[10, 11, 12])
    table = result.pairs_table.to_dict()
    assert table["id_new"] == ["n1", "n3"]
    assert table["id_old"] == [10, 10]
    assert table["verdict"] == ["same text", "identical"]
    assert "2 of 4 new texts match some of 3" in repr(result)
    assert "same text" in result._repr_html_()


@pytest.mark.parametrize("measure", ["identical", "same words"])
def test_equal_texts(measure: str) -> None:
    result = wc.match([*NEW, OLD[0]], OLD + OLD, measure=measure)
    expected = [3, 3, 4, 4] if measure == "identical" else [1, 1, 3, 3, 4, 4]
    assert result.pairs_table["new"].tolist() == expected
    assert set(result.pairs_table["old"].tolist()) == {0, 3}


def test_minhash() -> None:
    result = wc.match(NEW, OLD, method="minhash", threshold=0.8)
    assert rows(result).keys() == {(1, 0), (3, 0)}
    assert 0.99 <= result.candidate_recall < 1


@pytest.mark.parametrize("kind", ["arrow", "pandas", "polars"])
def test_a_list_against_a_column_of_another_kind(kind: str) -> None:
    texts = [
        "Ein Café in Łódź öffnet heute – für alle",
        "Привет, мир: всё хорошо сегодня у нас",
        "日本",
    ]
    column: Any = {
        "arrow": lambda: pytest.importorskip("pyarrow").array(texts),
        "pandas": lambda: pd.Series(texts, index=[7, 8, 9]),
        "polars": lambda: pytest.importorskip("polars").Series(texts),
    }[kind]()
    result = wc.match(column, texts)
    assert wc.match(texts, column).pairs_table.to_dict() == result.pairs_table.to_dict()
    assert result.pairs_table["verdict"].tolist() == ["identical"] * 3
    assert type(result.matched).__module__.startswith(("numpy", kind.replace("arrow", "pyarrow")))


def test_nothing_on_a_side() -> None:
    assert wc.match([], OLD).n_pairs == 0
    nothing = wc.match(NEW, [])
    assert nothing.matched.tolist() == [False] * 4
    assert len(nothing.pairs_table) == 0


@pytest.mark.parametrize(
    ("new", "old", "message"),
    [
        (["a", "\ud800"], ["a"], r"new\[1\]"),
        (["a", "b"], ["a", "\ud800"], r"against\[1\]"),
    ],
)
def test_errors_name_the_column_and_its_row(new: list[str], old: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wc.match(new, old)


def test_bad_arguments() -> None:
    with pytest.raises(TypeError, match="against is None"):
        wc.match(["a"], None)
    with pytest.raises(ValueError, match="against_ids"):
        wc.match(["a"], ["a"], against_ids=[1, 2])
