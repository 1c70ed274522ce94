"""Words counted where the texts are; what travels are sums by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import (
    AtomicType,
    BinaryType,
    DecimalType,
    DoubleType,
    IntegerType,
    LongType,
    NumericType,
    StringType,
    StructField,
    StructType,
)

from wirecopy import _core
from wirecopy._arguments import read_range, read_whole
from wirecopy._columns import read_texts
from wirecopy._run import threads_or_default
from wirecopy.keywords._counting import Limit, read_limits
from wirecopy.keywords._options import NgramsArgument, read_ngrams
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords
from wirecopy.spark._frames import (
    by_name,
    map_in_arrow,
    place_of,
    place_of_text,
    require_frame,
    row_error,
    row_of,
)
from wirecopy.spark._session import stage

#: Bytes of text that a task counts at once: its vocabulary is emitted, and Spark adds up.
BLOCK_BYTES = 64 << 20
#: Rows in a batch that a task emits.
BATCH_ROWS = 1 << 16
#: Exact sums of weights, in units of 2^-60 (cpp/wirecopy/keywords/weights.h): at most 2^113.
UNITS = DecimalType(38, 0)
_UNIT_BITS = 60
_LARGEST_TOTAL = 2**53
_MOST_SKIPPED = 100
_GROUP, _TEXT, _WEIGHT, _ID = "_group", "_text", "_weight", "_id"

#: A term's row of sums: (n, term, frequency, documents). Without a term it is a total: of n-grams of n
#: words, or, for n = 0, of texts read and of texts that are not null.
Sums: TypeAlias = tuple[NDArray[np.int32], pa.Array, pa.Array, pa.Array]


def count(
    df: DataFrame,
    ngrams: NgramsArgument = (1, 1),
    *,
    text: str = "text",
    skip: int = 0,
    by: str | None = None,
    weight: str | None = None,
    min_df: float = 0,
    max_df: float | None = None,
    stopwords: StopwordsArgument = None,
    id: str | None = None,  # noqa: A002
    threads: int = 1,
) -> SparkCounts:
    """Count words and n-grams: `wirecopy.count`, on Spark, with the same numbers.

    Each task counts its texts in blocks of 64 MB with the core and emits a row for each term of a block;
    Spark adds them up by term, first in the task, then over all. The texts are read once, when this is
    called. The sums, a row a term, are persisted (in memory, then on disk) until
    `SparkCounts.unpersist`; nothing but totals comes to the driver.

    Parameters
    ----------
    df : DataFrame
        The texts, in the column `text`. A null text counts as no text.
    ngrams, skip, min_df, max_df, stopwords
        As for `wirecopy.count`.
    text : str, default "text"
        Name of the column of texts.
    by : str, optional
        Name of a column of groups (sources, months): the table has a row for each term of each group,
        with the numbers of counting its texts alone. A null is no group; its texts count for `min_df`
        and `max_df` only, which are limits over all texts.
    weight : str, optional
        Name of a column of numbers: what each text counts for, finite and >= 0, such as 1 over the
        printings of its story.
    id : str, optional
        Column that errors name rows by. Without it they name the partition and the row.
    threads : int, default 1
        Threads in each task.

    Returns
    -------
    SparkCounts

    Raises
    ------
    TypeError, ValueError
        As for `wirecopy.count`, before a job runs; also where there is no such column, or it is of
        another type.
    RuntimeError
        The workers have another wirecopy than the driver, or none.
    pyspark.errors.PythonException
        A text is not UTF-8 (`normalize` repairs those, or lists them by ``on_bad="report"``), or a
        weight is null, NaN, infinite or negative; the message names the row.

    Notes
    -----
    Sums do not depend on how the DataFrame is partitioned. Counts are whole numbers; sums of weights are
    taken in whole units of 2^-60, as by `wirecopy.count`, so that fractional weights too give the same
    bits.

    Examples
    --------
    >>> import wirecopy.spark as ws
    >>> df = spark.createDataFrame([("The ferry sank.",), ("The ferry didn't sail.",)], "text string")
    >>> with ws.count(df, (1, 2)) as counts:
    ...     counts.top(2).collect()
    ...     counts.total(2)
    [Row(term='ferry', n=1, frequency=2.0, documents=2.0, per_million=285714.2857142857),
     Row(term='the', n=1, frequency=2.0, documents=2.0, per_million=285714.2857142857)]
    5.0
    """
    lengths = read_ngrams(ngrams)
    skip = read_range("skip", skip, 0, _MOST_SKIPPED)
    limits = read_limits(min_df, max_df)
    removed = read_stopwords(stopwords)
    nothing = _core.count_terms(_core.TextColumn.from_strings([]))
    nothing.without_stopwords(removed)  # each must be one word
    workers = threads_or_default(threads)
    df = require_frame(df)
    columns = [by_name(text).alias(_TEXT)]
    place_of_text(df, text)
    group: StructField | None = None
    if by is not None:
        field = df.schema.fields[place_of(df, by, "by", (AtomicType,))]
        if isinstance(field.dataType, BinaryType):
            raise TypeError(f"by is {by!r}, a column of binary; expected labels, such as strings")
        group = StructField(_GROUP, field.dataType, nullable=True)
        columns.append(by_name(by).alias(_GROUP))
    if weight is not None:
        place_of(df, weight, "weight", (NumericType,))
        columns.append(by_name(weight).cast("double").alias(_WEIGHT))
    if id is not None:
        place_of(df, id, "id")
        columns.append(by_name(id).alias(_ID))
    work = CountBatches(
        ngrams=lengths,
        skip=skip,
        stopwords=tuple(removed),
        grouped=group is not None,
        weighted=weight is not None,
        text_name=text,
        weight_name=weight or "weight",
        id_name=id,
        threads=workers,
    )
    number = LongType() if weight is None else UNITS
    schema = StructType(
        [
            *([] if group is None else [group]),
            StructField("n", IntegerType(), nullable=True),
            StructField("term", StringType(), nullable=True),
            StructField("frequency", number, nullable=True),
            StructField("documents", number, nullable=True),
        ]
    )
    keys = [field.name for field in schema.fields[:-2]]
    sums = (
        map_in_arrow(df.select(*columns), work, schema)
        .groupBy(*keys)
        .agg(F.sum("frequency").alias("frequency"), F.sum("documents").alias("documents"))
        .persist()
    )
    try:
        with stage(df.sparkSession, f"wirecopy.count: {_ngrams_text(lengths)} of column {text!r}"):
            totals = sums.where(F.col("term").isNull()).collect()
        return SparkCounts(
            sums,
            totals,
            ngrams=lengths,
            skip=skip,
            by=by,
            weighted=weight is not None,
            limits=limits,
            stopwords=removed,
        )
    except BaseException:
        sums.unpersist()
        raise


class SparkCounts:
    """Frequencies of words and n-grams, as made by `count`.

    Attributes
    ----------
    n_texts : int
        Rows read, null and empty ones included.
    document_total : float
        Texts that were not null, by weight: what a document frequency is out of.
    ngrams : (int, int)
        Shortest and longest n-grams counted, in words.

    Notes
    -----
    As a context manager (``with count(df) as counts:``) it releases the persisted sums at the end. What
    was made of its tables and not yet been computed is then counted anew.

    Examples
    --------
    >>> import wirecopy.spark as ws
    >>> df = spark.createDataFrame([("to be or not to be",)], "text string")
    >>> counts = ws.count(df)
    >>> counts
    <SparkCounts: words in 1 text>
    >>> counts.table.where("term = 'be'").first().frequency
    2.0
    >>> counts.unpersist()
    """

    def __init__(
        self,
        sums: DataFrame,
        totals: list[Any],
        *,
        ngrams: tuple[int, int],
        skip: int,
        by: str | None,
        weighted: bool,
        limits: tuple[Limit, Limit],
        stopwords: list[str],
    ) -> None:
        self._sums = sums
        self._by = by
        self._skip = skip
        self._weighted = weighted
        self._limits = limits
        self._stopwords = stopwords
        self.ngrams = ngrams
        # Of all groups, and of texts of none.
        whole = dict.fromkeys(range(ngrams[1] + 1), 0)
        texts = 0
        for row in totals:
            whole[row["n"]] += int(row["documents" if row["n"] == 0 else "frequency"])
            texts += int(row["frequency"]) if row["n"] == 0 else 0
        self.n_texts = texts >> _UNIT_BITS if weighted else texts
        self._totals = {n: self._to_weight(total) for n, total in whole.items()}
        self.document_total = self._totals[0]
        if max(self._totals.values()) > _LARGEST_TOTAL:
            raise ValueError("weight: too large: all words together weigh more than 2^53")

    def _to_weight(self, total: int) -> float:
        if not self._weighted:
            return float(total)
        halves = np.array([[total & (2**64 - 1), total >> 64]], dtype=np.uint64)
        return float(_core.weights_of_units(halves)[0])

    def total(self, n: int = 1) -> float:
        """Occurrences of all n-grams of `n` words, by weight: what a rate is out of.

        Those that `min_df`, `max_df` and `stopwords` left out are included; so are texts of no group.

        Raises
        ------
        ValueError
            N-grams of that length were not counted.
        """
        length = read_whole("n", n)
        if not self.ngrams[0] <= length <= self.ngrams[1]:
            raise ValueError(f"n is {length}; {_ngrams_text(self.ngrams)} were counted")
        return self._totals[length]

    @property
    def table(self) -> DataFrame:
        """Every term: a DataFrame in no particular order.

        Columns: with `by`, the group, first, under the name of its column; term; n (words in it);
        frequency (occurrences, by weight); documents (texts that have it, by weight); per_million
        (frequency per million n-grams of that length, in the group).
        """
        rows = self.terms(limited=True)
        keys = [_GROUP, "n"] if self._by is not None else ["n"]
        totals = self._in_weights(self._sums.where(F.col("term").isNull())).select(
            *keys, F.col("frequency").alias("_total")
        )
        if self._by is not None:
            rows = rows.where(F.col(_GROUP).isNotNull())
        table = rows.join(F.broadcast(totals), on=keys)
        group = [] if self._by is None else [F.col(_GROUP).alias(self._by)]
        return table.select(
            *group,
            "term",
            F.col("n").cast("long").alias("n"),
            "frequency",
            "documents",
            (F.col("frequency") / F.col("_total") * F.lit(1e6)).alias("per_million"),
        )

    def terms(self, *, limited: bool) -> DataFrame:
        """Terms as they were summed: group (if any), n, term, frequency, documents.

        `limited`: without those that `min_df` and `max_df` leave out.
        """
        rows = self._sums.where(F.col("term").isNotNull())
        if not (limited and self.has_limits):
            return self._in_weights(rows)
        least, most = self._bounds()
        decides = "documents"
        if self._by is not None:
            decides = "_all"
            of_term = Window.partitionBy("n", "term")
            rows = rows.withColumn(decides, F.sum("documents").over(of_term))
        rows = self._in_weights(rows).where(F.col(decides) >= F.lit(least))
        if np.isfinite(most):
            rows = rows.where(F.col(decides) <= F.lit(most))
        return rows.drop("_all")

    def top(self, k: int = 20, *, n: int | None = None, by: str = "frequency") -> DataFrame:
        """The `k` greatest rows of `table`.

        Parameters
        ----------
        k : int, default 20
            How many at most.
        n : int, optional
            Only n-grams of that many words.
        by : {"frequency", "documents", "per_million"}
            The column that decides. Equal ones are ordered by n, then by the UTF-8 bytes of the term.

        Returns
        -------
        DataFrame
        """
        most = read_whole("k", k)
        if most < 0:
            raise ValueError(f"k is {most}; expected 0 or more")
        if by not in ("frequency", "documents", "per_million"):
            raise ValueError(
                f"by is {by!r}; must be one of 'frequency', 'documents', 'per_million'"
            )
        rows = self.table
        if n is not None:
            self.total(n)
            rows = rows.where(F.col("n") == n)
        group = [] if self._by is None else [by_name(self._by)]
        return rows.orderBy(F.col(by).desc(), "n", F.col("frequency").desc(), "term", *group).limit(
            most
        )

    @property
    def has_limits(self) -> bool:
        """Whether `min_df` or `max_df` can leave terms out of `table`."""
        least, most = self._bounds()
        return least > (0 if self._weighted else 1) or most < self.document_total

    def _bounds(self) -> tuple[float, float]:
        """`min_df` and `max_df` as numbers of texts."""
        least, most = (
            value * self.document_total if is_share else value for value, is_share in self._limits
        )
        return least, most

    def unpersist(self) -> None:
        """Release the sums; the tables can still be used, and count anew."""
        self._sums.unpersist()

    def __enter__(self) -> SparkCounts:
        return self

    def __exit__(self, *_error: object) -> None:
        self.unpersist()

    def __repr__(self) -> str:
        group = "" if self._by is None else f", by {self._by}"
        texts = f"{self.n_texts:,} text{'' if self.n_texts == 1 else 's'}"
        return f"<SparkCounts: {_ngrams_text(self.ngrams)} in {texts}{group}>"

    def _in_weights(self, rows: DataFrame) -> DataFrame:
        """Sums as floats: of units, by the core."""
        sums = [name for name in rows.columns if name in ("frequency", "documents", "_all")]
        if not self._weighted:
            return rows.select(
                *(
                    F.col(name).cast("double").alias(name) if name in sums else name
                    for name in rows.columns
                )
            )
        fields = [
            StructField(field.name, DoubleType(), nullable=True) if field.name in sums else field
            for field in rows.schema.fields
        ]
        places = tuple(rows.columns.index(name) for name in sums)
        return map_in_arrow(rows, WeighUnits(places), StructType(fields))


def _ngrams_text(lengths: tuple[int, int]) -> str:
    if lengths == (1, 1):
        return "words"
    least, most = lengths
    return f"n-grams of {least} words" if least == most else f"n-grams of {least} to {most} words"


# --- what workers do ------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountBatches:
    """What `DataFrame.mapInArrow` calls: batches of texts in, rows of sums out."""

    ngrams: tuple[int, int]
    skip: int
    stopwords: tuple[str, ...]
    grouped: bool
    weighted: bool
    text_name: str
    weight_name: str
    id_name: str | None
    threads: int

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for block in blocks(batches, BLOCK_BYTES):
            for label, rows in self._groups(block):
                n, terms, frequency, documents = self._sums(block, rows)
                for start in range(0, len(n), BATCH_ROWS):
                    part = slice(start, start + BATCH_ROWS)
                    columns = {
                        "n": pa.array(n[part]),
                        "term": terms[part].cast(pa.string()),
                        "frequency": frequency[part],
                        "documents": documents[part],
                    }
                    if label is not None:
                        labels = label.take(pa.array(np.zeros(len(columns["n"]), dtype=np.int64)))
                        columns = {_GROUP: labels, **columns}
                    yield pa.RecordBatch.from_pydict(columns)

    def _groups(
        self, block: pa.Table
    ) -> Iterator[tuple[pa.Array | None, NDArray[np.int64] | None]]:
        """A label (an array of one) and the rows that have it; all rows where there are no groups."""
        if not self.grouped:
            yield None, None
            return
        coded = block.column(_GROUP).combine_chunks().dictionary_encode(null_encoding="encode")
        codes = coded.indices.to_numpy()
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(len(coded.dictionary) + 1))
        for code in range(len(coded.dictionary)):
            yield coded.dictionary.slice(code, 1), order[bounds[code] : bounds[code + 1]]

    def _sums(self, block: pa.Table, rows: NDArray[np.int64] | None) -> Sums:
        """Sums of the terms of some rows, and then the totals."""
        part = block if rows is None else block.take(pa.array(rows))
        ids = part.column(_ID) if self.id_name is not None else None
        weights = self._weights(part, ids) if self.weighted else None
        least, most = self.ngrams
        try:
            texts, _ = read_texts(part.column(_TEXT))
            counts = _core.count_terms(
                texts,
                weights=weights,
                min_n=least,
                max_n=most,
                skip=self.skip,
                threads=self.threads,
            )
        except ValueError as error:
            found = row_of(error)
            if found is None:
                raise
            name = self.weight_name if str(error).startswith("weights") else self.text_name
            raise row_error(name, found[1], found[0], ids, self.id_name) from None
        kept = np.arange(len(counts), dtype=np.int64)
        if self.stopwords:
            kept = np.flatnonzero(counts.without_stopwords(list(self.stopwords)))
        table = pa.table(counts.to_table(kept))
        lengths = np.arange(least, most + 1, dtype=np.int32)
        n = np.concatenate([counts.n[kept].astype(np.int32), [0], lengths]).astype(np.int32)
        totals = pa.nulls(len(lengths) + 1, pa.large_string())
        terms = pa.concat_arrays([*table["term"].chunks, totals])
        none = np.zeros((len(lengths), 2), dtype=np.uint64)
        if self.weighted:
            sums_of_frequency = [
                counts.frequency_units[kept],
                _units(counts.texts),
                counts.total_units,
            ]
            sums_of_documents = [counts.document_units[kept], counts.document_total_units, none]
            return n, terms, _decimals(sums_of_frequency), _decimals(sums_of_documents)
        return (
            n,
            terms,
            _whole([counts.frequency[kept], [counts.texts], counts.totals]),
            _whole([counts.documents[kept], [counts.document_total], none[:, 0]]),
        )

    def _weights(self, part: pa.Table, ids: Any) -> NDArray[np.float64]:
        column = part.column(_WEIGHT)
        weights = np.asarray(column.to_numpy(), dtype=np.float64)  # null is NaN
        wrong = ~(np.isfinite(weights) & (weights >= 0))
        if wrong.any():
            row = int(np.argmax(wrong))
            value = column[row].as_py()
            problem = f"{'null' if value is None else value}; expected a finite number >= 0"
            raise row_error(self.weight_name, problem, row, ids, self.id_name)
        return weights


def blocks(batches: Iterator[pa.RecordBatch], size: int) -> Iterator[pa.Table]:
    """Batches put together until they hold so many bytes; nothing is copied."""
    held: list[pa.RecordBatch] = []
    held_bytes = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        held.append(batch)
        held_bytes += batch.nbytes
        if held_bytes >= size:
            yield pa.Table.from_batches(held)
            held, held_bytes = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _units(number: int) -> NDArray[np.uint64]:
    """A whole number in units, as a row of low and high 64 bits."""
    units = number << _UNIT_BITS
    return np.array([[units & (2**64 - 1), units >> 64]], dtype=np.uint64)


def _whole(parts: list[Any]) -> pa.Array:
    return pa.array(np.concatenate(parts).astype(np.int64))


def _decimals(parts: list[NDArray[np.uint64]]) -> pa.Array:
    """Sums in units as Arrow has them: 128 bits, the low half first."""
    halves = np.ascontiguousarray(np.concatenate(parts))
    kind = pa.decimal128(UNITS.precision, UNITS.scale)
    return pa.Array.from_buffers(kind, len(halves), [None, pa.py_buffer(halves)])


@dataclass(frozen=True)
class WeighUnits:
    """What `DataFrame.mapInArrow` calls: columns of sums in units become the weights they stand for."""

    places: tuple[int, ...]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            arrays = list(batch.columns)
            for place in self.places:
                arrays[place] = pa.array(_core.weights_of_units(_halves(arrays[place])))
            yield pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _halves(decimals: pa.Array) -> NDArray[np.uint64]:
    _, data = decimals.buffers()
    whole = np.frombuffer(data, dtype=np.uint64).reshape(-1, 2)
    return whole[decimals.offset : decimals.offset + len(decimals)]
