"""`wirecopy.spark.dedup` gives what `wirecopy.dedup` gives for the same rows in the order of their ids."""

from __future__ import annotations

import dataclasses
import datetime
import random
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wirecopy as wc
from both_ways import Rows, as_set, compare, frame_of, limits, on_one_machine, table_of
from corpora import corpus, mould

pytest.importorskip("pyspark", reason="PySpark is not installed (pip install wirecopy[spark])")

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "benchmarks"))

pytestmark = pytest.mark.spark


def made(seed: int, *, strings: bool, more: int = 1) -> Rows:
    """Stories with copies and moulds, rows in no order, ids with gaps."""
    rng = random.Random(seed)
    texts: list[str | None] = []
    for i in range(more):
        texts += corpus(10 * seed + i)
    texts += mould(rng.randint(0, 6), words=60, every=8, seed=seed)
    texts += mould(rng.randint(0, 6), words=60, every=8, seed=seed, numbers=False)
    texts += [t if t is None else f"PARIS (AFP) - {t}" for t in texts if rng.random() < 0.2]
    texts += [t for t in texts if rng.random() < 0.2]
    ids: list[Any] = rng.sample(range(-50, 10 * len(texts)), len(texts))
    if strings:
        ids = [f"{'é' if i % 3 else 'z'}{i}" for i in ids]
    start = datetime.datetime(2031, 3, 1)
    return [
        (
            i,
            text,
            None if rng.random() < 0.1 else start + datetime.timedelta(hours=rng.randrange(400)),
            rng.choice(["Agency", "Herald", "Reuters", "AFP", None]),
            rng.choice([None, 1.0, 2.0, 3.0]),
        )
        for i, text in zip(ids, texts, strict=True)
    ]


SETTINGS: list[dict[str, Any]] = [
    {},
    {"method": "minhash", "threshold": 0.6},
    {"measure": "containment", "date": "date", "keep": "latest"},
    {"measure": "overlap", "threshold": 4, "shingle_size": 2, "min_ratio": 0.3},
    {"date": "date", "window": 5, "merge_templates": True, "threshold": 0.3},
    {"source": "source", "across_sources": True, "keep": ["wire", "longest"], "threshold": 0.35},
    {"keep": ("least", "number"), "furniture": "keep", "shingle_size": 1},
    {"keep": [("source", ["Herald", "Agency"]), "fullest", "last"], "source": "source",
     "date": "date", "furniture": "thorough", "threshold": 0.4},
    {"method": "minhash", "num_perm": 32, "recall": 0.7, "seed": 7, "threshold": 0.5,
     "merge_templates": True},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SETTINGS)))
def test_answers_are_those_of_one_machine(spark: Any, number: int) -> None:
    rows = made(number, strings=number % 2 == 1, more=4)
    result = compare(spark, rows, partitions=1 + number % 4, **SETTINGS[number])
    assert result.stats["groups"] > 2


@pytest.mark.spark_long
@pytest.mark.parametrize("seed", range(20, 60))
def test_answers_are_those_of_one_machine_at_length(spark: Any, seed: int) -> None:
    rng = random.Random(seed)
    asked = dict(rng.choice(SETTINGS))
    with limits(
        sets_a_part=rng.choice([5, 5_000]),
        block=rng.choice([2, 8, 20_000]),
        edges_in_one_task=rng.choice([0, 10**6]),
        few=rng.choice([0, 100_000]),
    ):
        compare(spark, made(seed, strings=seed % 2 == 1, more=6), partitions=1 + seed % 5, **asked)


@pytest.mark.spark_long
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.one_of(st.none(), st.lists(st.sampled_from("abcdef"), max_size=12).map(" ".join)),
        max_size=20,
    ),
    threshold=st.sampled_from([0.2, 0.5, 1.0]),
    size=st.integers(1, 3),
)
def test_any_texts(spark: Any, texts: list[str | None], threshold: float, size: int) -> None:
    rows: Rows = [(i, text, None, None, None) for i, text in enumerate(texts)]
    compare(spark, rows, threshold=threshold, shingle_size=size)


def test_sizes_of_parts_and_heaps_change_nothing(spark: Any) -> None:
    """Many parts and few, heaps in one task and in blocks, components in one task and in rounds."""
    rows = made(3, strings=False, more=3)
    frame = "the same frame of words for each of these many texts, whatever they say about number"
    rows += [(10_000 + i, f"{frame} {i}", None, None, None) for i in range(80)]
    with limits(few=0, sets_a_part=20, block=16, edges_in_one_task=0):
        result = compare(spark, rows, partitions=5, threshold=0.4)
    assert result.stats["heaps"] > 3
    assert result.stats["rounds"] > 1
    assert result.stats["largest_component"] >= 80


def test_equal_texts_are_one_set(spark: Any) -> None:
    rows: Rows = [
        (i, "word for word the same story everywhere", None, None, None) for i in range(300)
    ]
    rows += [(5000, "word for word the same story everywhere today", None, None, None)]
    from wirecopy import spark as ws

    result = ws.dedup(frame_of(spark, rows))
    assert result.stats["candidates"] == result.stats["edges"] == 1
    assert result.stats["groups"] == 1
    assert result.stats["duplicates"] == 300
    assert result.groups.count() == 301
    result.unpersist()


def test_no_texts_at_all(spark: Any) -> None:
    compare(spark, [], threshold=0.5)
    compare(spark, [(1, None, None, None, None), (2, "...", None, None, None)], method="minhash")


def test_many_candidates_make_bands_give_way(spark: Any) -> None:
    """By the rule of one machine: more than 64 a text and a million more."""
    rows: Rows = [
        (i, t, None, None, None)
        for i, t in enumerate(mould(700, words=60, every=30, numbers=False))
    ]
    asked = {"method": "minhash", "threshold": 0.3, "num_perm": 256, "furniture": "keep",
             "merge_templates": True}  # fmt: skip
    result = compare(spark, rows, **asked)
    assert result.stats["method"].startswith("exact (bands")


def test_a_component_does_not_decide_that_by_itself() -> None:
    """It has fewer texts than the corpus, so that its bands would seem to give too many."""
    from wirecopy import _core
    from wirecopy._search import read_search

    texts = _core.TextColumn.from_strings(mould(700, words=60, every=30, numbers=False))
    asked = {"measure": "jaccard", "threshold": 0.3, "method": "minhash", "num_perm": 256}
    others = {"min_shared": None, "min_ratio": None, "shingle_size": 5, "max_df": None}
    search = read_search(**asked, **others, max_memory=None, recall=0.99, seed=1)
    alone = search.run(texts, split=0, threads=1, report=None)
    assert alone.fell_back
    told = dataclasses.replace(search, may_fall_back=False)
    part = told.run(texts, split=0, threads=1, report=None)
    assert part.minhash
    assert not part.fell_back


def test_a_capped_bucket_is_told(spark: Any) -> None:
    from wirecopy import spark as ws

    rows: Rows = [(i, f"the same few words for all {i}", None, None, None) for i in range(120)]
    with pytest.warns(UserWarning, match=r"buckets have more than max_bucket=20 .* not\s+compared"):
        result = ws.dedup(
            frame_of(spark, rows), max_bucket=20, shingle_size=3, furniture="keep", threshold=0.3
        )
    assert result.stats["capped_buckets"] > 0
    assert result.stats["pairs_not_compared"] > 100
    assert 0 < result.stats["pairs"] <= 120 * 119 / 2
    result.unpersist()
    full = compare(spark, rows, shingle_size=3, furniture="keep", threshold=0.3)
    assert full.stats["pairs_not_compared"] == 0


def test_too_many_pairs_of_a_component_are_told(
    spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wirecopy import spark as ws

    rows: Rows = [(i, f"the same few words for all {i}", None, None, None) for i in range(1_100)]
    asked = {"shingle_size": 3, "furniture": "keep", "threshold": 0.3, "max_pairs": 1000}
    with pytest.warns(UserWarning, match=r"1 components have more than max_pairs=1,000"):
        result = ws.dedup(frame_of(spark, rows), **asked)
    with pytest.warns(UserWarning, match="max_pairs"):
        groups, pairs, _, _ = on_one_machine(rows, **asked)
    assert as_set(table_of(result.groups)) == groups
    assert as_set(table_of(result.pairs)) == pairs
    result.unpersist()


def test_a_component_that_is_too_large_is_refused(spark: Any) -> None:
    from wirecopy import spark as ws

    rows: Rows = [(i, "word for word the same", None, None, None) for i in range(12)]
    with pytest.raises(
        ValueError, match=r"connect 12 texts \(one of them has id 0\).*max_component=5"
    ):
        ws.dedup(frame_of(spark, rows), max_component=5)


# --- rows that cannot be used -----------------------------------------------------------------------


def hostile(spark: Any) -> Any:
    rows = [
        ("a", b"one two three four five six", "2031-03-01"),
        ("b", b"one two three four five six", "2031-03-01T10:00"),
        ("c", b"one two three four \xff five", "2031-03-01"),
        ("d", b"one two three four five six", "the first of March"),
        (None, b"one two three four five six", None),
        ("e", b"one two three four five six", None),
        ("e", b"one two three four five six", None),
    ]
    df = spark.createDataFrame(rows, "id string, bytes binary, date string")
    return df.selectExpr("id", "cast(bytes as string) as text", "date")


def test_bad_rows_fail_and_are_named(spark: Any) -> None:
    from wirecopy import spark as ws

    with pytest.raises(ValueError, match="4 rows cannot be used") as caught:
        ws.dedup(hostile(spark), date="date")
    message = str(caught.value)
    for part in (
        "None: id is null",
        "'c': text is not UTF-8 (byte 19)",
        "'d': date is 'the first of March'; expected an ISO 8601 date",
        "'e': id is in 2 rows",
    ):
        assert part in message
    with pytest.raises(ValueError, match="id is in 2 rows"):
        ws.dedup(hostile(spark).where("id = 'e'"))


@pytest.mark.parametrize("few", [0, 100])
def test_bad_rows_are_reported_and_left_out(spark: Any, few: int) -> None:
    from wirecopy import spark as ws

    with limits(few=few):
        result = ws.dedup(hostile(spark), date="date", on_bad="report")
    assert {row.id for row in result.bad_rows.collect()} == {None, "c", "d", "e"}
    assert result.bad_rows.count() == 4
    assert {tuple(row) for row in result.keep.collect()} == {("a", True), ("b", False)}
    assert [row.id for row in result.groups.orderBy("id").collect()] == ["a", "b"]
    assert (result.stats["texts"], result.stats["bad"]) == (2, 5)
    result.unpersist()


def test_without_bad_rows_none_are_reported(spark: Any) -> None:
    from wirecopy import spark as ws

    result = ws.dedup(frame_of(spark, made(1, strings=True)), on_bad="report")
    assert result.bad_rows.collect() == []
    assert result.bad_rows.columns == ["id", "problem"]
    result.unpersist()


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"text": "body"}, ValueError, "text is 'body', and the DataFrame has no column"),
        ({"text": "number"}, TypeError, "text is 'number', a column of double; expected string"),
        ({"id": "number"}, TypeError, "id is 'number', a column of double"),
        ({"date": "number"}, TypeError, "date is 'number'"),
        ({"source": "nobody"}, ValueError, "source is 'nobody'"),
        ({"keep": ("least", "text")}, TypeError, "keep="),
        ({"keep": "earliest"}, ValueError, "keep='earliest' needs date="),
        ({"keep": "wire"}, ValueError, "keep='wire' needs source="),
        ({"keep": "best"}, ValueError, "keep has 'best'"),
        ({"window": 3}, ValueError, "window needs date="),
        ({"across_sources": True}, ValueError, "across_sources needs source="),
        ({"measure": "reprint"}, ValueError, "on Spark it must be one of"),
        ({"method": "auto"}, ValueError, "on Spark it must be 'exact' or 'minhash'"),
        ({"method": "minhash", "measure": "overlap"}, ValueError, "goes with measure='jaccard'"),
        ({"method": "minhash", "threshold": 0.01}, ValueError, "num_perm"),
        ({"threshold": 1.5}, ValueError, "threshold"),
        ({"shingle_size": 40}, ValueError, "shingle_size"),
        ({"furniture": "none"}, ValueError, "furniture is 'none'"),
        ({"max_bucket": 1}, ValueError, "max_bucket is 1; must be at least 2"),
        ({"on_bad": "skip"}, ValueError, "on_bad is 'skip'"),
    ],
)  # fmt: skip
def test_arguments_are_checked_before_a_job_runs(
    spark: Any, asked: dict[str, Any], error: type[Exception], message: str
) -> None:
    from wirecopy import spark as ws

    df = frame_of(spark, made(0, strings=False)[:3])
    with pytest.raises(error, match=message):
        ws.dedup(df, **asked)


def test_a_list_is_no_dataframe(spark: Any) -> None:
    from wirecopy import spark as ws

    with pytest.raises(TypeError, match="expected a DataFrame of Spark"):
        ws.dedup(["a text"])


# --- columns of other kinds -------------------------------------------------------------------------


def test_strings_with_64_bit_offsets(spark: Any) -> None:
    key = "spark.sql.execution.arrow.useLargeVarTypes"
    before = spark.conf.get(key)
    spark.conf.set(key, "true")
    try:
        compare(spark, made(5, strings=True), date="date", source="source")
    finally:
        spark.conf.set(key, before)


def test_names_with_dots_and_other_types_of_ids(spark: Any) -> None:
    from wirecopy import spark as ws

    df = spark.createDataFrame(
        [(3, "one and the same", datetime.date(2031, 1, 2)),
         (1, "One and the same!", datetime.date(2031, 1, 3))],
        "`my.id` short, `a text` string, `on` date",
    )  # fmt: skip
    result = ws.dedup(df, id="my.id", text="a text", date="on", furniture="keep")
    assert [(row.id, row.role) for row in result.groups.collect()] == [(3, "keeper"), (1, "copy")]
    assert dict(result.keep.dtypes) == {"id": "bigint", "keep": "boolean"}
    (pair,) = result.pairs.collect()
    assert (pair.a, pair.b, pair.days_apart) == (1, 3, 1.0)
    result.unpersist()


def persistent(spark: Any) -> int:
    return int(spark.sparkContext._jsc.getPersistentRDDs().size())


def test_settings_of_the_session_are_what_they_were(spark: Any) -> None:
    from wirecopy import spark as ws

    before = {row.key: row.value for row in spark.sql("SET").collect()}
    stored = persistent(spark)
    result = ws.dedup(frame_of(spark, made(2, strings=False)))
    result.unpersist()
    assert {row.key: row.value for row in spark.sql("SET").collect()} == before
    assert persistent(spark) == stored


def test_threads_of_one_session_have_its_settings_to_themselves(
    spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two calls at once, step by step, while a third thread's settings change: all that they change
    is theirs, and no call undoes it."""
    from wirecopy import spark as ws
    from wirecopy.spark import _dedup

    watched = ("spark.sql.shuffle.partitions", "spark.sql.execution.arrow.maxBytesPerBatch")
    before = {key: spark.conf.get(key) for key in watched}
    both = threading.Barrier(2, timeout=600)
    seen = []

    def together(name: str) -> None:
        step = getattr(_dedup._Run, name)

        def wait(self: Any, *arguments: Any) -> Any:
            # One thread sets, both go on with what it has set.
            if both.wait() == 0:
                seen.append({key: spark.conf.get(key) for key in watched})
                for key in watched:
                    spark.conf.set(key, str(int(spark.conf.get(key).rstrip("b")) + 1))
            both.wait()
            return step(self, *arguments)

        monkeypatch.setattr(_dedup._Run, name, wait)

    steps = ("_read", "_meet", "_verify", "_connect", "_group")
    for name in steps:
        together(name)
    corpora = [made(6, strings=False, more=3), made(7, strings=True)]
    asked: list[dict[str, Any]] = [{}, {"method": "minhash", "threshold": 0.6}]
    try:
        with ThreadPoolExecutor(2) as threads:
            calls = [
                threads.submit(ws.dedup, frame_of(spark, rows), **one)
                for rows, one in zip(corpora, asked, strict=True)
            ]
            results = [call.result() for call in calls]
        after = {key: spark.conf.get(key) for key in watched}
    finally:
        for key, value in before.items():
            spark.conf.set(key, value)
    numbers = [[int(one[key].rstrip("b")) for key in watched] for one in (*seen, after)]
    first = numbers[0]
    assert numbers == [[n + i for n in first] for i in range(len(steps) + 1)]
    for rows, one, result in zip(corpora, asked, results, strict=True):
        groups, pairs, _, _ = on_one_machine(rows, **one)
        assert as_set(table_of(result.groups)) == groups
        assert as_set(table_of(result.pairs)) == pairs
        result.unpersist()


@pytest.mark.parametrize("name", ["_usable", "_meet", "_verify", "_connect", "_group", "_warn"])
def test_nothing_stays_stored_after_an_error(
    spark: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a step, when all of it has been stored; components are found in rounds."""
    from wirecopy import spark as ws
    from wirecopy.spark import _dedup

    step = getattr(_dedup._Run, name)

    def fail(self: Any, *arguments: Any) -> Any:
        step(self, *arguments)
        assert persistent(spark) > stored
        raise OSError("no more disk")

    monkeypatch.setattr(_dedup._Run, name, fail)
    stored = persistent(spark)
    with limits(edges_in_one_task=0), pytest.raises(OSError, match="no more disk"):
        ws.dedup(frame_of(spark, made(2, strings=False)))
    assert persistent(spark) == stored


def test_rounds_leave_the_last_one_only(spark: Any) -> None:
    from wirecopy import spark as ws

    stored = persistent(spark)
    with limits(edges_in_one_task=0):
        result = ws.dedup(frame_of(spark, made(4, strings=False, more=4)))
    assert result.stats["rounds"] >= 1  # and the edges, from which they begin
    result.unpersist()
    assert persistent(spark) == stored + 1
    # What is asked for again is computed from it.
    assert result.groups.count() == result.stats["groups"] + result.stats["duplicates"]


# --- rounds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_components_in_rounds(spark: Any, seed: int) -> None:
    """Paths, stars and whatever chance makes, against following every edge."""
    from oracle.parts_oracle import components
    from wirecopy.spark._components import in_one_task, in_rounds

    rng = random.Random(seed)
    n = 400
    names = [rng.randrange(-(2**62), 2**62) for _ in range(n)]
    edges = [(i, i + 1) for i in range(60)]
    edges += [(100, i) for i in range(101, 160)]
    edges += [tuple(rng.sample(range(160, n), 2)) for _ in range(150)]
    df = spark.createDataFrame([(names[a], names[b]) for a, b in edges], "a long, b long")
    wanted = components(n, edges)
    expected: dict[int, set[int]] = {}
    for a, b in edges:
        expected.setdefault(wanted[a], set()).update((names[a], names[b]))
    for labels, rounds in (
        in_rounds(df, lambda frame, _: frame.localCheckpoint(eager=True)),
        (in_one_task(df), 0),
    ):
        found: dict[int, set[int]] = {}
        rows = labels.collect()
        for row in rows:
            found.setdefault(row.component, set()).add(row.node)
        assert sorted(map(sorted, found.values())) == sorted(map(sorted, expected.values()))
        assert len({row.node for row in rows}) == len(rows)
        assert rounds < 12


def test_rounds_are_written_where_a_folder_is_given(spark: Any, tmp_path: Path) -> None:
    from wirecopy import spark as ws

    rows = made(4, strings=False, more=4)
    with limits(edges_in_one_task=0):
        result = ws.dedup(frame_of(spark, rows), checkpoint=str(tmp_path / "rounds"))
    assert result.stats["rounds"] >= 1
    assert any((tmp_path / "rounds").rglob("part-*"))
    groups, _, _, _ = on_one_machine(rows)
    assert as_set(table_of(result.groups)) == groups
    result.unpersist()


# --- real articles ------------------------------------------------------------------------------------


def test_bundled_articles(spark: Any) -> None:
    rows: Rows = [
        (row["id"] if "id" in row else str(i), row["text"], None, row["source"], None)
        for i, row in enumerate(wc.sample.load())
    ]
    result = compare(spark, rows, source="source")
    assert result.stats["groups"] > 5


def test_wire_corpus(spark: Any) -> None:
    wire_corpus = pytest.importorskip("wire_corpus")
    made_up = wire_corpus.generate(1_500, 11, template_docs=60, template_jaccard=0.55)
    rows: Rows = [
        (i, text, datetime.datetime.fromisoformat(date), source, None)
        for i, text, date, source in zip(
            made_up.ids, made_up.texts, made_up.dates, made_up.sources, strict=True
        )
    ]
    for asked in ({}, {"method": "minhash", "threshold": 0.7}):
        result = compare(spark, rows, date="date", source="source", **asked)
        assert result.stats["groups"] > 100
