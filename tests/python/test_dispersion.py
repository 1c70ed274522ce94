"""wirecopy.dispersion against Gries's worked example and its slow twin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wirecopy as wc
from oracle import dispersion_oracle

MEASURES = [
    "frequency", "range", "juilland_d", "carroll_d2", "rosengren_s", "dp", "dp_norm",
    "kl_divergence",
]  # fmt: skip

# Gries (2008, 2020): five parts of 9, 10, 10, 10 and 11 words.
CORPUS = [
    "b a m n i b e u p", "b a s a t b e w q n", "b c a g a b e s t a", "b a g h a b e a a t",
    "b a h a a b e a x a t",
]  # fmt: skip


def row_of(table: Any, term: str) -> dict[str, Any]:
    return next(row for row in table.rows() if row["term"] == term)


def test_the_worked_example_of_gries() -> None:
    row = row_of(wc.dispersion(CORPUS), "a")
    assert row["frequency"] == 15
    assert row["range"] == 5
    published = {
        "juilland_d": 0.785, "carroll_d2": 0.938, "rosengren_s": 0.95, "dp": 0.18, "dp_norm": 0.22,
        "kl_divergence": 0.137,
    }  # fmt: skip
    for name, value in published.items():
        digits = len(str(value).split(".")[1])
        assert round(row[name], digits) == value, name


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12)


def expected(texts: list[list[str]], term: list[str]) -> dict[str, float]:
    n = len(term)
    ngrams = [[text[i : i + n] for i in range(len(text) - n + 1)] for text in texts]
    counts = [float(found.count(term)) for found in ngrams]
    return dispersion_oracle.measures(counts, [float(len(found)) for found in ngrams])


def check(row: dict[str, Any], expected_row: dict[str, float]) -> None:
    for name in MEASURES:
        assert row[name] == pytest.approx(expected_row[name], rel=1e-9, abs=1e-9), name


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_equals_the_twin(texts: list[list[str]]) -> None:
    column = [" ".join(text) for text in texts]
    table = wc.dispersion(column, ngrams=(1, 2))
    terms = {
        tuple(text[i : i + n]) for text in texts for n in (1, 2) for i in range(len(text) - n + 1)
    }
    assert {tuple(term.split()) for term in table["term"]} == terms
    for row in table.rows():
        check(row, expected(texts, row["term"].split()))


@given(st.lists(st.tuples(WORDS, st.sampled_from(["x", "y", None])), min_size=1, max_size=8))
def test_groups_equal_the_twin(rows: list[tuple[list[str], str | None]]) -> None:
    labels = [label for _, label in rows]
    table = wc.dispersion([" ".join(words) for words, _ in rows], ["a"], by=labels)
    groups = [[words for words, label in rows if label == name] for name in ("x", "y")]
    counts = [float(sum(words.count("a") for words in group)) for group in groups]
    sizes = [float(sum(map(len, group))) for group in groups]
    check(next(table.rows()), dispersion_oracle.measures(counts, sizes))


@given(st.lists(WORDS, min_size=1, max_size=6), st.integers(1, 7))
def test_equal_parts_equal_the_twin(texts: list[list[str]], parts: int) -> None:
    words = [word for text in texts for word in text]
    table = wc.dispersion([" ".join(text) for text in texts], ["a"], parts=parts)
    counts, sizes = [0.0] * parts, [0.0] * parts
    for i, word in enumerate(words):
        part = i * parts // len(words)
        sizes[part] += 1
        counts[part] += word == "a"
    check(next(table.rows()), dispersion_oracle.measures(counts, sizes))


@given(st.lists(st.tuples(WORDS, st.integers(1, 3)), min_size=1, max_size=5))
def test_copies_of_weight_one_kth_are_one(rows: list[tuple[list[str], int]]) -> None:
    copies = [" ".join(words) for words, k in rows for _ in range(k)]
    weights = [1 / k for _, k in rows for _ in range(k)]
    weighted = wc.dispersion(copies, ["a"], weights=weights)
    once = wc.dispersion([" ".join(words) for words, _ in rows], ["a"])
    check(next(weighted.rows()), {name: once[name][0] for name in MEASURES})


def test_threads_and_cpu_change_nothing() -> None:
    texts = [f"a b{i % 7} c{i % 3} a b" for i in range(2000)]
    one = wc.dispersion(texts, ngrams=(1, 2), threads=1).to_dict()
    assert wc.dispersion(texts, ngrams=(1, 2), threads=3).to_dict() == one


def test_terms_that_are_nowhere_and_no_texts() -> None:
    for texts in ([], [None], [""], ["b"], ["b", "b b"]):
        table = wc.dispersion(texts, ["a"])
        assert len(table) == 1
        for name in MEASURES:
            assert np.isfinite(table[name]).all(), (texts, name)
        assert table["dp_norm"][0] == 1
        assert table["juilland_d"][0] == 0
    assert len(wc.dispersion([])) == 0


def test_one_part_is_even() -> None:
    row = next(wc.dispersion(["a b a"], ["a"]).rows())
    assert (row["juilland_d"], row["carroll_d2"], row["dp"], row["dp_norm"]) == (1, 1, 0, 0)
    assert row["range_share"] == 1


def test_answers_in_kind() -> None:
    pandas = pytest.importorskip("pandas")
    assert isinstance(wc.dispersion(pandas.Series(CORPUS)), pandas.DataFrame)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"terms": ["a", "!"]}, ValueError, r"terms\[1\]: '!' has no word"),
        ({"terms": ["a", "A"]}, ValueError, r"terms\[1\]: 'A' is the same term as 'a'"),
        ({"terms": ["a b"], "ngrams": 1}, ValueError, r"terms\[0\]: 'a b' has 2 words"),
        ({"terms": [1]}, TypeError, r"terms\[0\] is int"),
        ({"terms": []}, ValueError, "terms is empty"),
        ({"by": ["x"]}, ValueError, "by has 1 value for 5 texts"),
        ({"by": ["x"] * 5, "parts": 2}, ValueError, "by and parts"),
        ({"parts": 0}, ValueError, "parts is 0"),
        ({"weights": [1, 1, -1, 1, 1]}, ValueError, r"weights\[2\]"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.dispersion(CORPUS, **arguments)
