"""Texts cleaned on Spark: the answers of `wirecopy.normalize` and `strip_furniture`, however texts are split."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wirecopy as wc

pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
import pyarrow as pa
from pyspark.errors import PythonException
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructType

from wirecopy.spark import normalize, strip_furniture
from wirecopy.spark._columns import CleanBatches, NormalizeTexts, StripFurniture

pytestmark = pytest.mark.spark

ARTICLES = [
    "PARIS (AFP) - Rain &amp; \ufb02oods.\n\nREAD MORE: Sun",
    None,
    "",
    "Take our daily quiz: rain\nThe mayor\u2019s  \u201creply\u201d",
    "日本の首相は10日、",
    "e\u0301te\u0301 \u2014 AT&amp;amp;T",
]
TEXTS = [row["text"] for row in wc.sample.load()][:40] + ARTICLES
SOURCES = [("Gazette", "Herald", None)[row % 3] for row in range(len(TEXTS))]
RULES = wc.FurnitureRules(
    'teaser line en.daily-quiz max=80 source="Gazette" : "take our daily quiz" ...'
)


def frame(spark: Any, rows: list[tuple[Any, ...]], schema: str, parts: int = 2) -> Any:
    """A DataFrame of so many partitions, rows in order."""
    return spark.createDataFrame(spark.sparkContext.parallelize(rows, parts), schema)


def articles(spark: Any, parts: int = 2) -> Any:
    rows = list(zip(range(len(TEXTS)), TEXTS, SOURCES, strict=True))
    return frame(spark, rows, "id long, text string, source string", parts)


# --- the same answers -----------------------------------------------------------------------------


@pytest.mark.parametrize(("parts", "large"), [(1, False), (3, True), (9, False)])
def test_normalize_is_that_of_one_machine(spark: Any, parts: int, large: bool) -> None:
    spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", str(large).lower())
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
    try:
        done = normalize(articles(spark, parts), ["match", "mark_urls"], into="clean").collect()
    finally:
        spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")
        spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    assert [(row.id, row.text, row.source) for row in done] == list(
        zip(range(len(TEXTS)), TEXTS, SOURCES, strict=True)
    )
    assert [row.clean for row in done] == wc.normalize(TEXTS, ["match", "mark_urls"])


def test_strip_furniture_is_that_of_one_machine(spark: Any) -> None:
    done = strip_furniture(articles(spark), rules=[RULES], source="source", keep=["teaser"])
    expected = wc.strip_furniture(TEXTS, rules=[RULES], sources=SOURCES, keep=["teaser"])
    assert done.schema == articles(spark).schema
    assert [row.text for row in done.collect()] == expected.tolist()


def test_columns_are_computed_together(spark: Any) -> None:
    df = articles(spark)
    done = df.select(
        normalize(df.text, "match", id=df.id).alias("normal"),
        strip_furniture(df.text, rules=RULES, source=df.source, level="thorough").alias("body"),
        strip_furniture(df.text, languages=["en"]).alias("english"),
    ).collect()
    assert [row.normal for row in done] == wc.normalize(TEXTS, "match")
    body = wc.strip_furniture(TEXTS, rules=RULES, sources=SOURCES, level="thorough")
    assert [row.body for row in done] == body.tolist()
    assert [row.english for row in done] == wc.strip_furniture(TEXTS, languages=["en"]).tolist()


def test_rules_of_an_outlet_are_used_on_its_texts_only() -> None:
    quiz = "Take our daily quiz: rain\nIt rained."
    strip = StripFurniture(thorough=False, rules=(RULES.text,), languages=(), keep=(), threads=1)
    texts = pa.array([quiz] * 3 + [None])
    done = strip(texts, pa.array(["Gazette", "Herald", None, "Gazette"]))
    assert done.to_pylist() == ["It rained.", quiz, quiz, None]
    assert strip(texts, None).to_pylist() == [quiz, quiz, quiz, None]
    broken = pa.array([b"Gazette\xff", b"Gazette"], pa.binary()).view(pa.string())
    assert strip(texts[:2], broken).to_pylist() == [quiz, "It rained."]


def test_an_empty_frame_and_one_of_nulls(spark: Any) -> None:
    none = normalize(frame(spark, [], "text string"), into="clean", on_bad="report")
    assert none.columns == ["text", "clean", "clean_problem"]
    assert none.collect() == []
    nulls = strip_furniture(frame(spark, [(None,), (None,)], "text string"))
    assert [row.text for row in nulls.collect()] == [None, None]


def test_columns_with_dots_and_of_many_types_are_kept(spark: Any) -> None:
    df = articles(spark).select(
        "*",
        F.lit("x").alias("a.b"),
        F.array(F.lit(1), F.lit(2)).alias("list"),
        F.struct(F.lit(1.5).alias("x")).alias("struct"),
        F.lit("2024-05-01").cast("date").alias("day"),
    )
    done = normalize(df)
    assert done.columns == df.columns
    assert done.first()[3:] == df.first()[3:]


#: Texts of the kinds that the steps change, with nulls.
TEXT = st.one_of(st.none(), st.text(alphabet="aé\u0301ﬁ&; \n’“x-日", max_size=12),
                 st.sampled_from([text for text in ARTICLES if text]))  # fmt: skip


@given(texts=st.lists(TEXT, max_size=12), cut=st.integers(0, 12), large=st.booleans())
def test_batches_of_either_kind_of_string(texts: list[str | None], cut: int, large: bool) -> None:
    whole = pa.array(texts, pa.large_string() if large else pa.string())
    batches = [
        pa.record_batch({"n": pa.array(range(len(part))), "text": part})
        for part in (whole[:cut], whole[cut:])
    ]
    for steps in (("utf8", "casefold", "nfc"), ()):
        work = _batches(NormalizeTexts(steps, 1), problem_name="clean_problem")
        done = list(work(iter(batches)))
        assert all(batch.column("clean").type == whole.type for batch in done)
        cleaned = pa.chunked_array([batch.column("clean") for batch in done])
        assert cleaned.to_pylist() == wc.normalize(texts, steps)
        assert {p for b in done for p in b.column("clean_problem").to_pylist()} <= {None}


def _batches(clean: Any, **changes: Any) -> CleanBatches:
    settings = {"clean": clean, "name": "text", "text": 1, "sources": None, "ids": 0, "id_name": "n",
                "into": None, "into_name": "clean", "problem_name": None}  # fmt: skip
    return CleanBatches(**{**settings, **changes})


def test_what_workers_get_is_small_and_can_be_sent() -> None:
    work = StripFurniture(False, (RULES.text,), ("en",), ("headline",), 1)
    assert pickle.loads(pickle.dumps(work)) == work
    assert len(pickle.dumps(work)) < 1000


# --- rows that cannot be cleaned ------------------------------------------------------------------


def _with_bad(spark: Any) -> Any:
    df = frame(spark, [(f"r{i}", "Fine.") for i in range(20)], "key string, text string", 3)
    broken = F.col("key").isin("r4", "r17")
    return df.withColumn(
        "text", F.when(broken, F.expr("cast(x'616263ff' as string)")).otherwise(F.col("text"))
    )


def test_text_that_is_not_utf8_is_repaired_by_the_presets(spark: Any) -> None:
    done = {row.key: row.text for row in normalize(_with_bad(spark)).collect()}
    assert done["r4"] == done["r17"] == "abc\ufffd"


def test_a_bad_row_fails_the_job_and_is_named(spark: Any) -> None:
    with pytest.raises(PythonException, match="text of the row with key 'r4': not valid UTF-8"):
        normalize(_with_bad(spark), "casefold", id="key").where("key < 'r5'").collect()
    texts = pa.array([b"a", b"\xff"], pa.binary()).view(pa.string())
    batch = pa.record_batch({"n": [1, 2], "text": texts})
    strip = StripFurniture(thorough=False, rules=(), languages=(), keep=(), threads=1)
    for names, message in (({}, "text of the row with n 2: not valid"),
                           ({"ids": None}, r"text of row 1 in a batch: not valid")):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            list(_batches(strip, **names)(iter([batch])))


def test_bad_rows_are_reported(spark: Any) -> None:
    done = strip_furniture(_with_bad(spark), into="body", on_bad="report").collect()
    bad = {row.key: row for row in done if row.body is None}
    assert sorted(bad) == ["r17", "r4"]
    assert bad["r4"].body_problem == "not valid UTF-8 at byte 3"
    assert {row.body_problem for row in done if row.body is not None} == {None}


@given(bad=st.sets(st.integers(0, 40)), rows=st.integers(0, 40))
def test_every_bad_row_is_found_and_no_other(bad: set[int], rows: int) -> None:
    raw = [b"A\xff" if row in bad else b"A" for row in range(rows)]
    texts = pa.array(raw, pa.binary()).view(pa.string())
    batch = pa.record_batch({"n": pa.array(range(rows)), "text": texts})
    work = _batches(NormalizeTexts(("casefold",), 1), problem_name="clean_problem")
    (done,) = work(iter([batch]))
    assert done.column("clean").to_pylist() == [None if row in bad else "a" for row in range(rows)]
    problems = done.column("clean_problem").to_pylist()
    assert [row for row, problem in enumerate(problems) if problem] == sorted(
        bad & set(range(rows))
    )


# --- wrong arguments, before a job runs -----------------------------------------------------------


def test_wrong_arguments(spark: Any) -> None:
    df = articles(spark)
    wrong: list[tuple[type[Exception], str, Any]] = [
        (ValueError, "steps: 'cleaner' is neither", lambda: normalize(df, "cleaner")),
        (ValueError, "text is 'body', and the DataFrame has no column", lambda: normalize(df, text="body")),
        (TypeError, "text is 'id', a column of bigint; expected string", lambda: normalize(df, text="id")),
        (TypeError, "text is int", lambda: normalize(df, text=1)),
        (TypeError, "into is int", lambda: normalize(df, into=1)),
        (ValueError, "has 2 columns of that name", lambda: normalize(df.select("text", "text"))),
        (TypeError, "source is 'id', a column of bigint", lambda: strip_furniture(df, source="id")),
        (ValueError, "id is 'key'", lambda: normalize(df, id="key")),
        (ValueError, "on_bad is 'drop'", lambda: normalize(df, on_bad="drop")),
        (ValueError, "threads is 0", lambda: normalize(df, threads=0)),
        (ValueError, "level is 'bold'", lambda: strip_furniture(df, level="bold")),
        (ValueError, "there are rules for", lambda: strip_furniture(df, languages=["xx"])),
        (ValueError, r"rules\[1\]: has 'lines'", lambda: strip_furniture(df, rules="teaser lines")),
        (TypeError, "keep is a str", lambda: strip_furniture(df, keep="headline")),
        (TypeError, "texts is list", lambda: normalize(["a"])),
        (ValueError, "on_bad is for a DataFrame", lambda: normalize(df.text, on_bad="report")),
        (ValueError, "into is for a DataFrame", lambda: normalize(df.text, into="x")),
        (TypeError, "source is a str; beside a Column", lambda: strip_furniture(df.text, source="source")),
        (ValueError, "'a_problem' already",
         lambda: normalize(df.withColumn("a_problem", F.lit(1)), into="a", on_bad="report")),
    ]  # fmt: skip
    for kind, message, call in wrong:
        with pytest.raises(kind, match=message):
            call()


def test_the_schema_says_string(spark: Any) -> None:
    done = normalize(articles(spark), into="clean", on_bad="report")
    assert isinstance(done.schema, StructType)
    assert [done.schema[name].dataType for name in ("clean", "clean_problem")] == [StringType()] * 2
