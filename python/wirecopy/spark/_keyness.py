"""Which words set one collection apart from another, compared where their sums are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import DoubleType, LongType, StringType, StructField, StructType

from wirecopy import _core
from wirecopy._columns import read_texts
from wirecopy.keywords._counts import Counts
from wirecopy.keywords._keyness import (
    DEFAULT_MEASURES,
    MeasuresArgument,
    counts_of_list,
    is_list,
    read_correction,
    read_measures,
)
from wirecopy.keywords._options import NgramsArgument, normal_quantile, read_limit, read_ngrams
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords
from wirecopy.spark._counts import SparkCounts, count
from wirecopy.spark._frames import map_in_arrow, without_advice
from wirecopy.spark._session import stage

_TYPES = {pa.large_string(): StringType(), pa.int64(): LongType(), pa.float64(): DoubleType()}


def keyness(
    target: SparkCounts | DataFrame,
    reference: Any,
    *,
    measures: MeasuresArgument = DEFAULT_MEASURES,
    ngrams: NgramsArgument | None = None,
    min_frequency: float = 0,
    min_docs: float = 0,
    text: str = "text",
    weight: str | None = None,
    reference_weight: str | None = None,
    sort: str | None = "g2",
    correction: str | None = None,
    confidence: float = 0.95,
    simple_maths: float = 1,
    prior_size: float | None = None,
    reference_total: float | None = None,
    stopwords: StopwordsArgument = None,
) -> DataFrame:
    """Find the words that are more, or less, frequent in one collection: `wirecopy.keyness`, on Spark.

    The sums of both sides are joined by term; the core compares them batch by batch, with the totals of
    both at hand, so that every number has the same bits as in `wirecopy.keyness`.

    Parameters
    ----------
    target : SparkCounts or DataFrame
        The texts in question. A DataFrame is counted first; its sums then stay persisted (count it
        yourself to release them), unless there is an error.
    reference : SparkCounts, DataFrame, Counts, mapping or table
        What they are compared with. A `wirecopy.Counts` and a published frequency list, as
        `wirecopy.keyness` takes it, are sent to Spark.
    measures, ngrams, min_frequency, min_docs, confidence, simple_maths, prior_size
        As for `wirecopy.keyness`.
    reference_total, stopwords
        As for `wirecopy.keyness`.
    text : str, default "text"
        Name of the column of texts, of DataFrames.
    weight, reference_weight : str, optional
        Names of columns of numbers, of DataFrames.
    sort : str or None, default "g2"
        Column to order by, as for `wirecopy.keyness`; None leaves rows in no order, and spares the
        sorting of all of them. (``limit`` after an order takes the greatest without sorting all.)
    correction : {None, "bonferroni", "bh"}
        As for `wirecopy.keyness`. Both count the rows first, by a job; "bh" ranks all p-values in one
        task, so leave rare terms out by `min_frequency`.

    Returns
    -------
    DataFrame
        Columns as of `wirecopy.keyness`.

    Raises
    ------
    TypeError, ValueError
        As for `wirecopy.keyness`, before a job runs; also for counts with groups.

    Examples
    --------
    >>> import wirecopy.spark as ws
    >>> rows = [("sport", "late goal wins cup"), ("sport", "goal machine"), ("city", "mayor wins vote")]
    >>> df = spark.createDataFrame(rows, "desk string, text string")
    >>> with ws.count(df.where("desk = 'sport'")) as sport, ws.count(df.where("desk = 'city'")) as city:
    ...     best = ws.keyness(sport, city).first()
    >>> best.term, best.target, best.reference, round(best.log_ratio, 2)
    ('goal', 2.0, 0.0, 1.0)
    """
    limits = (read_limit("min_frequency", min_frequency), read_limit("min_docs", min_docs))
    removed = read_stopwords(stopwords)
    if sort is not None and not isinstance(sort, str):
        raise TypeError(f"sort is {type(sort).__name__}; expected the name of a column, or None")
    read_correction(correction)
    confidence = read_limit("confidence", confidence)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; expected a number between 0 and 1")
    listed = is_list(reference) and not isinstance(reference, DataFrame)
    if reference_total is not None and not listed:
        raise ValueError("reference_total was given, but reference is no list of frequencies")
    wanted = None if ngrams is None else read_ngrams(ngrams)
    for argument, side in (("target", target), ("reference", reference)):
        if isinstance(side, (SparkCounts, Counts)):
            wanted = wanted or side.ngrams
            if side.ngrams != wanted:
                raise ValueError(
                    f"{argument} was counted with ngrams={side.ngrams}; {wanted} are wanted"
                )
    lengths = wanted or (1, 1)
    chosen = read_measures(measures, listed)
    ordered = sort or "g2"
    _require_sort(ordered, chosen)
    constant = read_limit("simple_maths", simple_maths)
    prior = _read_prior(prior_size)
    total = 0.0 if reference_total is None else read_limit("reference_total", reference_total)
    with ExitStack() as counted:  # of DataFrames: released, unless all went well
        of_target = _side(target, "target", lengths, text, weight, made=counted)
        spark = of_target.terms.sparkSession
        if listed:
            of_list = counts_of_list(reference, total, lengths)
            of_reference = _side_of_core(spark, of_list)
        elif isinstance(reference, Counts):
            of_reference = _side_of_core(spark, reference._core)
            removed = removed + reference._stopwords
        else:
            of_reference = _side(
                reference, "reference", lengths, text, reference_weight, made=counted
            )
        needed = list(chosen)
        for name in ("g2", *(["docs_g2"] if ordered == "docs_p_value" else [])):
            if name not in needed:
                needed.append(name)
        work = CompareBatches(
            lengths=lengths,
            target=of_target.totals,
            reference=of_reference.totals,
            measures=tuple(needed),
            min_frequency=limits[0],
            min_docs=limits[1],
            stopwords=tuple(removed + of_target.stopwords + of_reference.stopwords),
            quantile=normal_quantile(confidence),
            simple_maths=constant,
            prior_size=prior,
        )
        # Of nothing: what is wrong with the arguments is said here, and what columns there are.
        empty = work.compare(pa.table({**_NO_TERMS, **dict.fromkeys(_SUMS, _NO_NUMBERS)}))
        schema = StructType(
            [StructField(field.name, _TYPES[field.type], nullable=True) for field in empty.schema]
        )
        table = map_in_arrow(_joined(of_target.terms, of_reference.terms), work, schema)
        p_values = [name for name in chosen if _is_p(name)]
        columns = [
            field.name for field in schema if field.name not in needed or field.name in chosen
        ]
        if correction is not None and p_values:
            with stage(spark, "wirecopy.keyness: counting the rows to correct for"):
                tests = table.select("term").count()
            for name in p_values:
                table = table.withColumn(name + "_adjusted", _adjusted(name, tests, correction))
                columns.insert(columns.index(name) + 1, name + "_adjusted")
        if sort is not None:
            table = table.orderBy(_order_of(sort), F.col("g2").desc(), "term", "n")
        table = table.select(*columns)
        counted.pop_all()  # the rows are computed from these sums, whenever somebody asks
    return table


@dataclass(frozen=True)
class Totals:
    """What the rates of one side are out of."""

    of_lengths: tuple[float, ...]
    documents: float


@dataclass(frozen=True)
class Side:
    """One side: its terms (n, term, frequency, documents), and what goes with them."""

    terms: DataFrame
    totals: Totals
    stopwords: list[str]


def _side(
    side: Any,
    argument: str,
    lengths: tuple[int, int],
    text: str,
    weight: str | None,
    *,
    made: ExitStack,
) -> Side:
    """Sums of one side, counted first where it is a DataFrame; `made` can release these."""
    counted = side
    if isinstance(counted, SparkCounts):
        if weight is not None:
            name = "weight" if argument == "target" else "reference_weight"
            raise ValueError(
                f"{name} was given, but {argument} is counts: weight the texts where they are counted"
            )
    elif isinstance(counted, DataFrame) or hasattr(counted, "mapInArrow"):
        counted = made.enter_context(count(counted, lengths, text=text, weight=weight))
    else:
        raise TypeError(
            f"{argument} is {type(counted).__name__}; expected SparkCounts or a DataFrame of Spark"
        )
    if counted._by is not None:
        raise ValueError(
            f"{argument} was counted by {counted._by!r}: count the texts of one group, df.where(...)"
        )
    if counted.has_limits:
        raise ValueError(
            f"{argument}: counted with min_df or max_df, and the terms left out would pass for absent; "
            "count without it and use min_docs here"
        )
    of_lengths = tuple(counted.total(n) for n in range(lengths[0], lengths[1] + 1))
    totals = Totals(of_lengths, counted.document_total)
    return Side(counted.terms(limited=False), totals, counted._stopwords)


def _side_of_core(spark: SparkSession, counts: _core.Counts) -> Side:
    """Counts of this process, sent to Spark."""
    if counts.left_out:
        raise ValueError(
            "reference: counted with min_df or max_df, and the terms left out would pass for absent; "
            "count without it and use min_docs here"
        )
    table = pa.table(counts.to_table(np.arange(len(counts), dtype=np.int64)))
    rows = table.select(["n", "term", "frequency", "documents"])
    schema = StructType(
        [StructField(field.name, _TYPES[field.type], nullable=True) for field in rows.schema]
    )
    with without_advice():
        terms = spark.createDataFrame(rows.cast(_small(rows.schema)), schema)
    return Side(terms, Totals(tuple(counts.totals.tolist()), counts.document_total), [])


def _small(schema: pa.Schema) -> pa.Schema:
    return pa.schema(
        [
            field.with_type(pa.string()) if field.type == pa.large_string() else field
            for field in schema
        ]
    )


_SUMS = ("target", "reference", "target_docs", "reference_docs")
_NO_NUMBERS = pa.array([], pa.float64())
_NO_TERMS: Mapping[str, pa.Array] = {
    "n": pa.array([], pa.int64()),
    "term": pa.array([], pa.string()),
}


def _joined(target: DataFrame, reference: DataFrame) -> DataFrame:
    """n, term and the sums of both sides, 0 where a side has not the term."""

    def named(side: DataFrame, name: str) -> DataFrame:
        return side.select(
            F.col("n").cast("long").alias("n"),
            "term",
            F.col("frequency").alias(name),
            F.col("documents").alias(name + "_docs"),
        )

    both = named(target, "target").join(named(reference, "reference"), on=["n", "term"], how="full")
    return both.select("n", "term", *_SUMS).fillna(0.0, subset=list(_SUMS))


@dataclass(frozen=True)
class CompareBatches:
    """What `DataFrame.mapInArrow` calls: rows of sums in, rows of measures out."""

    lengths: tuple[int, int]
    target: Totals
    reference: Totals
    measures: tuple[str, ...]
    min_frequency: float
    min_docs: float
    stopwords: tuple[str, ...]
    quantile: float
    simple_maths: float
    prior_size: float

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from self.compare(pa.Table.from_batches([batch])).to_batches()

    def compare(self, rows: pa.Table) -> pa.Table:
        """The table of `wirecopy.keyness` for some terms."""
        texts, _ = read_texts(rows["term"])
        n = rows["n"].to_numpy()
        sides = []
        for name, totals in (("target", self.target), ("reference", self.reference)):
            sides.append(
                _core.Counts.of_columns(
                    texts,
                    n,
                    rows[name].to_numpy(),
                    rows[name + "_docs"].to_numpy(),
                    totals=np.array(totals.of_lengths),
                    document_total=totals.documents,
                    min_n=self.lengths[0],
                    max_n=self.lengths[1],
                )
            )
        return pa.table(
            _core.keyness(
                sides[0],
                sides[1],
                measures=list(self.measures),
                min_frequency=self.min_frequency,
                min_docs=self.min_docs,
                stopwords=list(self.stopwords),
                sort="g2",
                correction="none",
                quantile=self.quantile,
                simple_maths=self.simple_maths,
                prior_size=self.prior_size,
                progress=None,
            )
        )


# --- over all rows --------------------------------------------------------------------------------


def _read_prior(prior_size: float | None) -> float:
    prior = 0.0 if prior_size is None else read_limit("prior_size", prior_size)
    if prior_size is not None and prior == 0:
        raise ValueError("prior_size is 0; expected a number above 0, or None")
    return prior


def _require_sort(sort: str, chosen: list[str]) -> None:
    known = ["g2", "target", "reference", *(name for name in chosen if name != "g2")]
    if sort not in known:
        raise ValueError(f"sort: {sort!r}; must be one of {', '.join(known)}")


def _order_of(sort: str) -> Column:
    """Greatest first, p-values smallest first, also where they are too small for a double."""
    if sort == "p_value":
        return F.abs("g2").desc()
    if sort == "docs_p_value":
        return F.abs("docs_g2").desc()
    return F.col(sort).asc() if _is_p(sort) else F.col(sort).desc()


def _is_p(measure: str) -> bool:
    return measure.endswith(("_p", "p_value")) or measure.startswith("fisher")


def _adjusted(name: str, tests: int, correction: str) -> Column:
    """p-values for so many tests, as by the core (cpp/wirecopy/keywords/keyness.h)."""
    p = F.col(name)
    if correction == "bonferroni":
        return F.least(F.lit(1.0), p * F.lit(float(tests)))
    # The least p m / rank of those no smaller; which of equals has which rank makes no difference.
    rank = F.row_number().over(Window.orderBy(p)).cast("double")
    no_smaller = Window.orderBy(p.desc()).rangeBetween(Window.unboundedPreceding, Window.currentRow)
    scaled = p * F.lit(float(tests)) / rank
    return F.least(F.lit(1.0), F.min(scaled).over(no_smaller))
