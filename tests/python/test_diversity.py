"""wirecopy.lexical_diversity against its oracle and quanteda."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from oracle import diversity_oracle as oracle

WORDS = st.sampled_from(list("abcdefgh"))
TEXTS = st.lists(st.one_of(st.none(), st.lists(WORDS, max_size=40).map(" ".join)), max_size=8)
WEIGHT = st.sampled_from([0.0, 0.25, 1 / 3, 1 / 7, 1.0, 2.5])


def words(text: str | None) -> list[str]:
    return (text or "").split()


def check(row: dict[str, Any], expected: dict[str, float]) -> None:
    assert set(expected) <= set(row)
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), name


@settings(max_examples=200, deadline=None)
@given(
    texts=TEXTS,
    window=st.integers(1, 50),
    threshold=st.sampled_from([0.3, 0.5, 0.72, 0.9]),
    sample=st.integers(1, 45),
)
def test_texts_equal_the_oracle(
    texts: list[str | None], window: int, threshold: float, sample: int
) -> None:
    table = wc.lexical_diversity(
        texts, window=window, mtld_threshold=threshold, sample=sample, threads=2
    )
    assert table["row"].tolist() == list(range(len(texts)))
    for row, text in zip(table.rows(), texts, strict=True):
        check(row, oracle.diversity([words(text)], None, window, threshold, sample))


@settings(max_examples=200, deadline=None)
@given(data=st.data(), texts=TEXTS)
def test_groups_equal_the_oracle(data: st.DataObject, texts: list[str | None]) -> None:
    label = st.sampled_from(["x", "y", None])
    groups = data.draw(st.lists(label, min_size=len(texts), max_size=len(texts)))
    weights = data.draw(st.lists(WEIGHT, min_size=len(texts), max_size=len(texts)))
    table = wc.lexical_diversity(texts, by=groups, weights=weights, window=10, sample=12, threads=2)
    assert table["group"].tolist() == sorted({g for g in groups if g is not None})
    for row in table.rows():
        mine = [i for i, group in enumerate(groups) if group == row["group"]]
        check(
            row,
            oracle.diversity(
                [words(texts[i]) for i in mine], [Fraction(weights[i]) for i in mine], 10, 0.72, 12
            ),
        )


def test_quanteda(shared_data: Path) -> None:
    folder = shared_data / "keywords"
    if not (folder / "quanteda_reference.jsonl").exists():
        pytest.skip("no quanteda_reference.jsonl")
    with (folder / "nltk_inaugural.jsonl").open(encoding="utf-8") as lines:
        speeches = [json.loads(line) for line in lines]
    with (folder / "quanteda_reference.jsonl").open(encoding="utf-8") as lines:
        figures = {f["id"]: f for f in map(json.loads, lines) if f["stat"] == "lexdiv"}
    assert len(figures) == 59
    table = wc.lexical_diversity(
        [speech["text"].lower() for speech in speeches], tokenizer=re.compile("[a-z]+")
    )
    names = {
        "TTR": "ttr", "C": "herdan_c", "R": "guiraud_r", "K": "yule_k", "I": "yule_i",
        "D": "simpson_d", "Maas": "maas", "MATTR": "mattr",
    }  # fmt: skip
    compared = 0
    for speech, row in zip(speeches, table.rows(), strict=True):
        figure = figures.get(speech["id"])
        if figure is None:
            continue
        for theirs, ours in names.items():
            assert row[ours] == pytest.approx(figure[theirs], rel=1e-12), (speech["id"], theirs)
            compared += 1
    assert compared == 59 * len(names)


def test_the_example_of_mtld() -> None:
    """McCarthy and Jarvis (2010): a factor of "of the people by the people" ends at the sixth word."""
    text = "of the people by the people for the people"
    row = next(wc.lexical_diversity([text], measures="mtld").rows())
    # Forward: one factor of 6 words (4/6 < .72), then 3 different words: 9 / 1.
    # Backward: people the for people the: 3/5 < .72, then people by the of? no: by people the of, 1.
    assert oracle.factors(text.split(), 0.72) == 1
    assert oracle.factors(text.split()[::-1], 0.72) == 1
    assert row["mtld"] == 9


def test_short_texts() -> None:
    table = wc.lexical_diversity([None, "", "one", "one two", "one one"])
    rows = list(table.rows())
    names = table.columns[3:]
    for empty in rows[:2]:
        assert (empty["tokens"], empty["types"]) == (0, 0)
        assert all(math.isnan(empty[name]) for name in names)
    one = rows[2]
    assert (one["ttr"], one["mattr"], one["herdan_c"], one["guiraud_r"]) == (1, 1, 1, 1)
    assert (one["yule_k"], one["simpson_d"], one["maas"]) == (0, 0, 0)
    assert one["yule_i"] == math.inf
    assert math.isnan(one["mtld"])
    assert math.isnan(one["hdd"])
    assert rows[3]["yule_i"] == math.inf
    assert rows[4]["simpson_d"] == 1
    assert rows[4]["mtld"] == 2


def test_copies_of_weight_one_kth_are_one() -> None:
    rng = np.random.default_rng(4)
    texts = [" ".join(rng.choice(list("abcdefghijklmnop"), n)) for n in rng.integers(30, 200, 12)]
    copies = rng.integers(1, 9, len(texts))
    once = wc.lexical_diversity(texts, by=["all"] * len(texts))
    order = rng.permutation(np.repeat(np.arange(len(texts)), copies))
    weighted = wc.lexical_diversity(
        [texts[i] for i in order], by=["all"] * len(order), weights=1 / copies[order]
    )
    for name, value in next(once.rows()).items():
        # Weights like 1/3 are rounded; what is whole is exact, the rest within their rounding.
        found = next(weighted.rows())[name]
        assert found == (value if isinstance(value, str) else pytest.approx(value, rel=1e-14))


def test_threads_make_no_difference() -> None:
    rng = np.random.default_rng(5)
    texts = [" ".join(rng.choice(list("abcdefghij"), n)) for n in rng.integers(0, 300, 300)]
    groups = rng.choice(["a", "b", "c"], 300)
    weights = rng.random(300)
    tables = [wc.lexical_diversity(texts, by=groups, weights=weights, threads=t) for t in (1, 2, 5)]
    assert tables[0].to_dict() == tables[1].to_dict() == tables[2].to_dict()


def test_kinds_of_columns() -> None:
    pandas = pytest.importorskip("pandas")
    frame = wc.lexical_diversity(pandas.Series(["a b"]), by=pandas.Series(["x"]))
    assert isinstance(frame, pandas.DataFrame)
    assert frame["group"].tolist() == ["x"]
    assert len(wc.lexical_diversity([])) == 0


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"measures": "d"}, ValueError, "measures: 'd'; must be among ttr"),
        ({"window": 0}, ValueError, "window is 0"),
        ({"sample": 0}, ValueError, "sample is 0"),
        ({"mtld_threshold": 1}, ValueError, "mtld_threshold is 1"),
        ({"mtld_threshold": "x"}, TypeError, "mtld_threshold is str"),
        ({"weights": [1.0]}, ValueError, "only with by"),
        ({"by": ["a", "b"]}, ValueError, "by has 2 values for 1 text"),
        ({"by": [3]}, TypeError, r"by\[0\] is int"),
        ({"by": ["a"], "weights": [-1]}, ValueError, r"weights\[0\] is -1"),
    ],
)
def test_wrong_arguments(asked: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wc.lexical_diversity(["one two"], **asked)
