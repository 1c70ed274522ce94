"""Words counted on Spark: the numbers of `wirecopy.count` and `keyness`, to the last bit, however texts are split."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wirecopy as wc
from corpora import corpus
from wirecopy import _core

pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
import pyarrow as pa
from pyspark.errors import PythonException
from pyspark.sql import functions as F

from wirecopy.spark import _counts, _keyness, count, keyness
from wirecopy.spark._counts import CountBatches

pytestmark = pytest.mark.spark

COLUMNS = ("term", "n", "frequency", "documents", "per_million")
TEXTS = [text for seed in range(12) for text in corpus(seed)]
_RANDOM = random.Random(5)
WEIGHTS = [_RANDOM.choice([0.0, 1.0, 1 / 3, 1 / 7, 0.1, 2.5]) for _ in TEXTS]
GROUPS = [_RANDOM.choice(["east", "west", None]) for _ in TEXTS]


def frame(spark: Any, texts: list[str | None] = TEXTS, parts: int = 2) -> Any:
    some = range(len(texts))
    rows = list(zip(some, texts, WEIGHTS, GROUPS, strict=False))
    rdd = spark.sparkContext.parallelize(rows, parts)
    return spark.createDataFrame(rdd, "id long, text string, weight double, desk string")


def rows_of(df: Any) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in COLUMNS) for row in df.collect())


def rows_of_table(table: Any) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in COLUMNS) for row in table.rows())


# --- the same numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "weights", "options"),
    [
        (1, None, {}),
        (7, None, {"ngrams": (1, 3), "min_df": 2, "stopwords": ["w1", "one"]}),
        (3, "weight", {"ngrams": (1, 2), "skip": 1}),
        (3, "weight", {"ngrams": 2, "min_df": 0.05, "max_df": 0.3}),
    ],
)
def test_counts_are_those_of_one_machine(
    spark: Any, parts: int, weights: str | None, options: dict[str, Any], monkeypatch: Any
) -> None:
    expected = wc.count(TEXTS, weights=WEIGHTS if weights else None, **options)
    with count(frame(spark, parts=parts), weight=weights, **options) as counts:
        assert rows_of(counts.table) == rows_of_table(expected.table)
        assert (counts.n_texts, counts.document_total) == (len(TEXTS), expected.document_total)
        least, most = counts.ngrams
        for n in range(least, most + 1):
            assert counts.total(n) == expected.total(n)
        top = [tuple(row[name] for name in COLUMNS) for row in counts.top(25).collect()]
    by_rule = sorted(
        expected.table.rows(), key=lambda row: (-row["frequency"], row["n"], row["term"].encode())
    )
    assert top == [tuple(row[name] for name in COLUMNS) for row in by_rule[:25]]


def test_groups_are_those_of_one_machine(spark: Any) -> None:
    expected = wc.count(TEXTS, by=GROUPS, min_df=3)
    with count(frame(spark), by="desk", min_df=3) as counts:
        table = counts.table
        assert table.columns == ["desk", *COLUMNS]
        for desk in ("east", "west"):
            of_desk = expected.top(10**6, group=desk)
            assert rows_of(table.where(F.col("desk") == desk)) == rows_of_table(of_desk)
        assert {row.desk for row in table.select("desk").distinct().collect()} == {"east", "west"}
        assert counts.top(1, n=1).columns == ["desk", *COLUMNS]


def test_weighted_groups_are_those_of_their_texts_alone(spark: Any) -> None:
    known = set(wc.count(TEXTS, weights=WEIGHTS, min_df=0.1).terms)
    with count(frame(spark), by="desk", weight="weight", min_df=0.1) as counts:
        found = rows_of(counts.table.where("desk = 'east'"))
    mine = [row for row in range(len(TEXTS)) if GROUPS[row] == "east"]
    alone = wc.count([TEXTS[row] for row in mine], weights=[WEIGHTS[row] for row in mine])
    assert found == [row for row in rows_of_table(alone.table) if row[0] in known]
    assert 20 < len(found) < len(alone)
    # Of Counts, groups are sums of doubles: the same but for rounding.
    whole = wc.count(TEXTS, weights=WEIGHTS, by=GROUPS, min_df=0.1)
    for one, other in zip(found, rows_of_table(whole.top(10**6, group="east")), strict=True):
        assert one[:2] == other[:2]
        assert one[2:] == pytest.approx(other[2:], rel=1e-12)


def test_sums_are_persisted_until_released(spark: Any) -> None:
    before = spark.sparkContext._jsc.getPersistentRDDs().size()
    counts = count(frame(spark))
    assert counts._sums.storageLevel.useMemory
    counts.unpersist()
    assert not counts._sums.storageLevel.useMemory
    assert spark.sparkContext._jsc.getPersistentRDDs().size() == before
    assert counts.table.count() == len(wc.count(TEXTS))  # anew


def test_nothing_to_count(spark: Any) -> None:
    empty = frame(spark, []).where("id < 0")
    with count(empty) as counts:
        assert counts.table.collect() == []
        assert (counts.n_texts, counts.document_total, counts.total()) == (0, 0.0, 0.0)
    with count(frame(spark, [None, "", None])) as counts:
        assert counts.table.collect() == []
        assert (counts.n_texts, counts.document_total) == (3, 1.0)
        assert repr(counts) == "<SparkCounts: words in 3 texts>"


# --- what a task does, without Spark --------------------------------------------------------------

WORD = st.sampled_from(["a", "b", "U.S.", "日本", "x" * 20])
TEXT = st.one_of(st.none(), st.lists(WORD, max_size=8).map(" ".join))
ROW = st.tuples(
    TEXT, st.sampled_from([0.0, 1.0, 1 / 3, 1 / 7, 1e9]), st.sampled_from([None, "x", "y"])
)


def _sums(work: CountBatches, batches: list[Any]) -> dict[Any, list[int]]:
    """What Spark would make of the rows that a task emits."""
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for batch in work(iter(batches)):
        for row in batch.to_pylist():
            key = (row.get("_group"), row["n"], row["term"])
            sums[key][0] += int(row["frequency"])
            sums[key][1] += int(row["documents"])
    return sums


@settings(max_examples=150)
@given(rows=st.lists(ROW, min_size=1, max_size=10), cut=st.integers(0, 10), small=st.booleans(),
       weighted=st.booleans(), grouped=st.booleans())  # fmt: skip
def test_sums_do_not_depend_on_batches(
    rows: list[Any], cut: int, small: bool, weighted: bool, grouped: bool
) -> None:
    texts, weights, groups = map(list, zip(*rows, strict=True))
    whole = pa.record_batch(
        {
            "_text": pa.array(texts, pa.string()),
            "_weight": weights,
            "_group": pa.array(groups, pa.string()),
        }
    )
    batches = [whole.slice(0, cut), whole.slice(cut)]
    work = CountBatches((1, 2), 0, (), grouped, weighted, "text", "weight", None, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_counts, "BLOCK_BYTES", 1 if small else 1 << 20)
        patch.setattr(_counts, "BATCH_ROWS", 3)
        sums = _sums(work, batches)
    for group in ("x", "y", None) if grouped else (None,):
        mine = [row for row in range(len(rows)) if not grouped or groups[row] == group]
        if grouped and not mine:
            assert not any(key[0] == group for key in sums)
            continue
        expected = wc.count([texts[row] for row in mine], (1, 2),
                            weights=[weights[row] for row in mine] if weighted else None)  # fmt: skip
        found = {(n, term): both for (of, n, term), both in sums.items() if of == group}
        for n in (1, 2):
            assert _weight(found.pop((n, None))[0], weighted) == expected.total(n)
        read, documents = found.pop((0, None))
        assert _weight(read, weighted) == len(mine)
        assert _weight(documents, weighted) == expected.document_total
        assert {
            (n, term, _weight(f, weighted), _weight(d, weighted))
            for (n, term), (f, d) in found.items()
        } == {
            (row["n"], row["term"], row["frequency"], row["documents"])
            for row in expected.table.rows()
        }


def _weight(total: int, weighted: bool) -> float:
    if not weighted:
        return float(total)
    halves = np.array([[total % 2**64, total >> 64]], dtype=np.uint64)
    return float(_core.weights_of_units(halves)[0])


def test_sums_in_units_are_weights() -> None:
    counts = wc.count(["a b a", "b"], weights=[1 / 3, 2**52])._core
    for units, weights in ((counts.frequency_units, counts.frequency),
                           (counts.document_units, counts.documents),
                           (counts.total_units, counts.totals),
                           (counts.document_total_units, [counts.document_total])):  # fmt: skip
        assert _core.weights_of_units(units).tolist() == list(weights)
    assert wc.count(["a"])._core.frequency_units.shape == (0, 2)
    with pytest.raises(ValueError, match="units: must have two columns"):
        _core.weights_of_units(np.zeros(3, dtype=np.uint64))


# --- what cannot be counted -----------------------------------------------------------------------


def test_a_bad_weight_fails_the_job_and_is_named(spark: Any) -> None:
    null = F.when(F.col("id") == 7, F.lit(None)).otherwise(F.lit(1.0))
    with pytest.raises(
        PythonException, match="weight of the row with id 7: null; expected a finite"
    ):
        count(frame(spark).withColumn("weight", null), weight="weight", id="id")
    assert spark.sparkContext._jsc.getPersistentRDDs().size() == 0


@pytest.mark.parametrize(
    ("weight", "text", "message"),
    [
        (-1.0, b"a", "weight of the row with key 'r2': -1.0; expected a finite number >= 0"),
        (float("nan"), b"a", "weight of the row with key 'r2': nan; expected"),
        (float("inf"), b"a", "weight of the row with key 'r2': inf; expected"),
        (1e16, b"a", "2\\^53"),
        (1.0, b"a\xff", "text of the row with key 'r2': not valid UTF-8 at byte 1"),
    ],
)
def test_a_bad_row_is_named(weight: float, text: bytes, message: str) -> None:
    batch = pa.record_batch(
        {
            "_text": pa.array([b"a", b"b", text], pa.binary()).view(pa.string()),
            "_weight": [1.0, 2.0, weight],
            "_group": ["x", "y", "y"],
            "_id": ["r0", "r1", "r2"],
        }
    )
    for grouped in (False, True):
        work = CountBatches((1, 1), 0, (), grouped, True, "text", "weight", "key", 1)
        with pytest.raises(ValueError, match=message):
            list(work(iter([batch])))


def test_wrong_arguments(spark: Any) -> None:
    df = frame(spark)
    wrong: list[tuple[type[Exception], str, Any]] = [
        (TypeError, "df is list", lambda: count(["a"])),
        (ValueError, "no column of that name", lambda: count(df, text="body")),
        (TypeError, "weight is 'desk', a column of string", lambda: count(df, weight="desk")),
        (TypeError, "by is 'list', a column of array", lambda: count(df.withColumn("list", F.array("id")), by="list")),
        (ValueError, "ngrams is 9", lambda: count(df, 9)),
        (ValueError, "skip is 101", lambda: count(df, skip=101)),
        (ValueError, "min_df is -1", lambda: count(df, min_df=-1)),
        (ValueError, "more than one word", lambda: count(df, stopwords=["a b"])),
        (ValueError, "stopwords is 'xx'", lambda: count(df, stopwords="xx")),
    ]  # fmt: skip
    for kind, message, call in wrong:
        with pytest.raises(kind, match=message):
            call()
    with count(df) as counts:
        for kind, message, call in (
            (ValueError, "n is 2; words were counted", lambda: counts.total(2)),
            (ValueError, "k is -1", lambda: counts.top(-1)),
            (ValueError, "by is 'size'", lambda: counts.top(by="size")),
        ):
            with pytest.raises(kind, match=message):
                call()


# --- keyness --------------------------------------------------------------------------------------


def same_table(df: Any, table: Any, ordered: bool = True) -> None:
    assert df.columns == table.columns
    found = [tuple(row) for row in df.collect()]
    expected = [tuple(row.values()) for row in table.rows()]
    assert (found if ordered else sorted(found)) == (expected if ordered else sorted(expected))


@pytest.fixture(scope="module")
def sides() -> tuple[list[str | None], list[str | None]]:
    return TEXTS[: len(TEXTS) // 2], TEXTS[len(TEXTS) // 2 :]


@pytest.mark.parametrize(
    "options",
    [
        {"measures": "all", "min_frequency": 2},
        {"correction": "bh", "sort": "p_value", "min_docs": 2},
        {"correction": "bonferroni", "measures": ["p_value", "docs_p_value", "log_odds"], "sort": "docs_p_value",
         "stopwords": ["w1"], "prior_size": 500, "simple_maths": 100, "confidence": 0.9},
    ],
)  # fmt: skip
def test_keyness_is_that_of_one_machine(spark: Any, sides: Any, options: dict[str, Any]) -> None:
    first, second = sides
    expected = wc.keyness(first, second, ngrams=(1, 2), **options)
    with (
        count(frame(spark, first), (1, 2)) as target,
        count(frame(spark, second, parts=3), (1, 2)) as reference,
    ):
        same_table(keyness(target, reference, **options), expected)


def test_keyness_of_weighted_texts(spark: Any, sides: Any) -> None:
    first, second = sides
    weights = WEIGHTS[: len(first)], WEIGHTS[: len(second)]
    expected = wc.keyness(first, second, weights=weights[0], reference_weights=weights[1])
    found = keyness(
        frame(spark, first), frame(spark, second), weight="weight", reference_weight="weight"
    )
    same_table(found, expected)
    spark.catalog.clearCache()


def test_keyness_against_a_list_and_against_counts(spark: Any, sides: Any) -> None:
    first, second = sides
    listed = {"w1": 120, "one": 3, "unheard of": 0, "elsewhere": 4}
    with count(frame(spark, first)) as target:
        options: dict[str, Any] = {"reference_total": 10_000, "measures": "all"}
        del listed["unheard of"]
        same_table(keyness(target, listed, **options), wc.keyness(first, listed, **options))
        other = wc.count(second, stopwords=["w2"])
        same_table(keyness(target, other), wc.keyness(first, other))
        unordered = keyness(target, other, sort=None, measures=["chi2"])
        same_table(unordered, wc.keyness(first, other, measures=["chi2"]), ordered=False)


def test_what_cannot_be_compared(spark: Any, sides: Any) -> None:
    first, _ = sides
    df = frame(spark, first)
    with (
        count(df) as target,
        count(df, by="desk") as grouped,
        count(df, min_df=2) as limited,
        count(df, 2) as pairs,
        count(df.where("id < 0")) as nothing,
    ):
        wrong: list[tuple[type[Exception], str, Any]] = [
            (ValueError, "reference was counted by 'desk'", lambda: keyness(target, grouped)),
            (ValueError, "min_df or max_df", lambda: keyness(target, limited)),
            (ValueError, "ngrams=\\(2, 2\\)", lambda: keyness(target, pairs)),
            (ValueError, "reference: has no word", lambda: keyness(target, nothing)),
            (TypeError, "reference is list", lambda: keyness(target, ["a"])),
            (ValueError, "correction is 'holm'", lambda: keyness(target, target, correction="holm")),
            (ValueError, "sort: 'size'", lambda: keyness(target, target, sort="size")),
            (ValueError, "measures", lambda: keyness(target, target, measures=["size"])),
            (ValueError, "confidence is 2", lambda: keyness(target, target, confidence=2)),
            (ValueError, "no list of frequencies", lambda: keyness(target, target, reference_total=5)),
            (ValueError, "weight was given", lambda: keyness(target, target, weight="weight")),
        ]  # fmt: skip
        for kind, message, call in wrong:
            with pytest.raises(kind, match=message):
                call()


def test_an_error_of_keyness_leaves_nothing_stored(
    spark: Any, sides: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DataFrames that it counted itself: of the side before the one that fails, and of both."""

    def stored() -> int:
        return int(spark.sparkContext._jsc.getPersistentRDDs().size())

    before = stored()
    target, reference = (frame(spark, side) for side in sides)
    not_utf8 = reference.select(F.unhex(F.lit("FF")).cast("string").alias("text"))
    with pytest.raises(PythonException, match="not valid UTF-8"):
        keyness(target, not_utf8)
    with pytest.raises(TypeError, match="reference is int"):
        keyness(target, 3)
    assert stored() == before

    def fail(*_: Any) -> Any:
        assert stored() == before + 2
        raise OSError("no more disk")

    monkeypatch.setattr(_keyness, "_adjusted", fail)
    with pytest.raises(OSError, match="no more disk"):
        keyness(target, reference, correction="bh", measures=["g2", "p_value"])
    assert stored() == before


def test_columns_of_sums_are_checked() -> None:
    def made(**changes: Any) -> Any:
        columns: dict[str, Any] = {"n": [1], "frequency": [1.0], "documents": [1.0], "totals": [1.0],
                                   "document_total": 1.0, "min_n": 1, "max_n": 1, **changes}  # fmt: skip
        texts = _core.TextColumn.from_strings(["a"], "terms")
        return _core.Counts.of_columns(
            texts,
            np.array(columns["n"]),
            np.array(columns["frequency"]),
            np.array(columns["documents"]),
            totals=np.array(columns["totals"]),
            document_total=columns["document_total"],
            min_n=columns["min_n"],
            max_n=columns["max_n"],
        )

    assert made().terms == ["a"]
    for changes, message in (
        ({"n": [2]}, r"n\[0\]: 2"),
        ({"n": [1, 1]}, "terms: must be as many"),
        ({"frequency": [np.nan]}, r"frequency\[0\]"),
        ({"documents": [-1.0]}, r"documents\[0\]"),
        ({"documents": []}, "documents: must be as many"),
        ({"totals": [1.0, 1.0]}, "totals: must be one for each length"),
        ({"document_total": np.inf}, r"document_total\[0\]"),
        ({"max_n": 9}, "ngrams"),
    ):
        with pytest.raises(ValueError, match=message):
            made(**changes)
