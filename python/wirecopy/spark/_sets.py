"""The first step: each text becomes the set of its shingles, where it is.

A set is stored as its shingles, 2.4 kB for an article. What travels is less: keys made of some, then
their upper halves. The text stays where it is until the last step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from wirecopy import _core
from wirecopy._columns import read_dates, read_texts
from wirecopy.spark._ask import Ask
from wirecopy.spark._frames import beside, by_name, map_in_arrow
from wirecopy.spark._parcels import as_columns, binary_of, binary_parts

__all__ = ["bad_rows", "batch_of_sets", "read_sets", "usable"]

_TYPES = {
    "id": "string",
    "node": "int64",
    "content": "int64",
    "shingles": "binary",
    "problem": "string",
}


def read_sets(df: DataFrame, ask: Ask, large: bool) -> DataFrame:
    """A row a text: id, node (its set; null without words), content (a hash), shingles, problem.

    `problem` says what is wrong with the row, which then has no node.
    """
    names = ask.names
    columns = [by_name(names.id).cast(names.id_type).alias("id"), by_name(names.text).alias("text")]
    if names.source is not None:
        columns.append(by_name(names.source).alias("source"))
    if names.date_is_text:
        columns.append(by_name(str(names.date)).alias("date"))
    schema = f"id {names.id_type}, node long, content long, shingles binary, problem string"
    return map_in_arrow(df.select(*columns), _Reader(ask, large), schema)


class _Reader:
    """What runs in a task: batches of texts to batches of sets."""

    def __init__(self, ask: Ask, large: bool) -> None:
        self._ask = ask
        self._large = large

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if batch.num_rows > 0:
                yield self._read(batch)

    def _read(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        # Row and what is wrong with it: the first thing found.
        problems = dict.fromkeys(_nulls(batch.column("id")), "id is null")
        texts = _readable(batch.column("text"), "text", problems)
        sources = None
        if "source" in batch.schema.names:
            sources = _readable(batch.column("source"), "source", problems)
        if self._ask.names.date_is_text:
            _check_dates(_readable(batch.column("date"), "date", problems), problems)
        column = _core.TextColumn.from_arrow(texts)
        labels = None if sources is None else sources.to_pylist()
        bodies = self._ask.furniture.take_off(column, labels, 1, None)
        compared = column if bodies is None else bodies.texts
        nodes, starts, shingles, content = _core.parts.pack_sets(
            compared, self._ask.search.shingle_size
        )
        bad = np.zeros(batch.num_rows, dtype=bool)
        bad[list(problems)] = True
        arrays = {
            "id": batch.column("id"),
            "node": pa.array(nodes, mask=bad | (np.diff(starts) == 0)),
            "content": pa.array(content, mask=bad | (content == 0)),
            "shingles": binary_of(starts, shingles),
            "problem": [problems.get(row) for row in range(batch.num_rows)]
            if problems
            else pa.nulls(batch.num_rows),
        }
        id_type = "string" if self._ask.names.id_type == "string" else "int64"
        return as_columns(arrays, {**_TYPES, "id": id_type}, self._large)


def _nulls(column: pa.Array) -> list[int]:
    rows: list[int] = np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)).tolist()
    return rows


def _readable(strings: pa.Array, name: str, problems: dict[int, str]) -> pa.Array:
    """The column with null where it is not UTF-8, which Spark does not check; says so in `problems`."""
    try:
        read_texts(strings)
    except ValueError:
        pass
    else:
        return strings
    raw = strings.cast(pa.large_binary() if pa.types.is_large_string(strings.type) else pa.binary())
    kept: list[bytes | None] = []
    for row, value in enumerate(raw.to_pylist()):
        wrong = None if value is None else _not_utf8(value)
        kept.append(value if wrong is None else None)
        if wrong is not None:
            problems.setdefault(row, f"{name} is not UTF-8 (byte {wrong})")
    return pa.array(kept, raw.type).cast(strings.type)


def _not_utf8(value: bytes) -> int | None:
    """The first byte that is not part of UTF-8."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return None


def _check_dates(dates: pa.Array, problems: dict[int, str]) -> None:
    if _are_dates(dates):
        return
    for row, value in enumerate(dates.to_pylist()):
        if not _are_dates([value]):
            problems.setdefault(row, f"date is {value!r}; expected an ISO 8601 date")


def _are_dates(values: Any) -> bool:
    try:
        read_dates(values, len(values))
    except ValueError:
        return False
    return True


# --- sets in batches --------------------------------------------------------------------------------

#: Sets that are worked on together: of articles some 40 MB, and 60 of their keys.
_AT_A_TIME = 16_384
_BYTES_AT_A_TIME = 64 << 20


def batch_of_sets(
    batches: Iterable[pa.RecordBatch],
) -> Iterator[tuple[Any, Any, Any]]:
    """Gather (nodes, starts, shingles) of many sets, from batches with columns node and shingles."""
    gathered: list[pa.RecordBatch] = []
    count = size = 0
    for batch in batches:
        gathered.append(batch)
        count += batch.num_rows
        size += batch.nbytes
        if count >= _AT_A_TIME or size >= _BYTES_AT_A_TIME:
            yield _joined(gathered)
            gathered, count, size = [], 0, 0
    if count:
        yield _joined(gathered)


def _joined(batches: list[pa.RecordBatch]) -> tuple[Any, Any, Any]:
    nodes, lengths, shingles = [], [np.zeros(1, dtype=np.int64)], []
    for batch in batches:
        starts, data = binary_parts(batch.column("shingles"))
        nodes.append(batch.column("node").to_numpy(zero_copy_only=False))
        lengths.append(np.diff(starts))
        shingles.append(data)
    return np.concatenate(nodes), np.cumsum(np.concatenate(lengths)), np.concatenate(shingles)


# --- rows that cannot be used -----------------------------------------------------------------------


def bad_rows(sets: DataFrame, tasks: int) -> DataFrame:
    """Rows that cannot be used: id and problem; those of one id are told from none another."""
    single = sets.where("problem is not null").select("id", "problem")
    repeated = (
        sets.where("id is not null")
        .select("id")
        .repartition(tasks, "id")
        .groupBy("id")
        .count()
        .where("count > 1")
        .select("id", F.format_string("id is in %d rows", "count").alias("problem"))
    )
    return single.unionByName(repeated)


def usable(sets: DataFrame, bad: DataFrame, count: int, tasks: int) -> DataFrame:
    """Without the rows that cannot be used, which are `count`."""
    known, gone = beside(
        sets.where("id is not null"), bad.select("id").distinct(), count, "id", tasks
    )
    return known.join(gone, "id", "left_anti")
