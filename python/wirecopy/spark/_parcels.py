"""Parcels: how tasks pass things on to one another.

A parcel is a row (target, kind, blob): whom it is for, what it is, and bytes that the core made and the
core will read. A cluster so moves a few thousand rows where a row for each key would be billions. To
give each target what is its own, Spark shuffles parcels by target and sorts them; a task then takes one
target after the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

__all__ = [
    "HEAPS",
    "KEYS",
    "PAIRS",
    "PARCEL",
    "REQUESTS",
    "ROWS_AT_A_TIME",
    "SETS",
    "STATS",
    "Blobs",
    "as_columns",
    "binary_of",
    "binary_parts",
    "deliver",
    "parcels_of",
]

#: Kinds.
SETS, KEYS, PAIRS, REQUESTS, HEAPS, STATS = range(6)

PARCEL = "target long, kind int, blob binary"

#: Parcels in one Arrow batch: each may have a megabyte.
ROWS_AT_A_TIME = 64

#: target, where each blob begins (and the last ends), bytes: what the core gives.
Blobs: TypeAlias = "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]"


def as_columns(arrays: dict[str, Any], types: dict[str, str], large: bool) -> pa.RecordBatch:
    """Make a record batch with the types that Spark expects of these columns.

    `types` are names of Arrow types; with `large` strings and bytes have 64-bit offsets, as Spark has
    them with ``spark.sql.execution.arrow.useLargeVarTypes``.
    """
    import pyarrow as pa

    columns = []
    for name, values in arrays.items():
        wanted = pa.type_for_alias(types[name])
        if large and types[name] in {"string", "binary"}:
            wanted = pa.type_for_alias(f"large_{types[name]}")
        column = values if isinstance(values, pa.Array) else pa.array(values, wanted)
        columns.append(column if column.type == wanted else column.cast(wanted))
    return pa.RecordBatch.from_arrays(columns, list(arrays))


def binary_of(starts: NDArray[np.int64], data: NDArray[np.uint8]) -> pa.Array:
    """Bytes end to end as a column of large_binary, without copying them."""
    import pyarrow as pa

    buffers = [None, pa.py_buffer(starts), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.large_binary(), len(starts) - 1, buffers)


def binary_parts(column: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Where each value of a binary column without nulls begins, and the bytes of all, not copied."""
    import pyarrow as pa

    width = np.int64 if pa.types.is_large_binary(column.type) else np.int32
    _, offsets, data = column.buffers()
    if len(column) == 0 or offsets is None:
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    starts = np.frombuffer(offsets, dtype=width)[column.offset : column.offset + len(column) + 1]
    every = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
    return starts.astype(np.int64) - int(starts[0]), every[int(starts[0]) : int(starts[-1])]


def parcels_of(kind: int, blobs: Blobs, large: bool) -> Iterator[pa.RecordBatch]:
    """Make parcels of what the core gave, a few at a time."""
    target, starts, data = blobs
    for begin in range(0, len(target), ROWS_AT_A_TIME):
        end = min(begin + ROWS_AT_A_TIME, len(target))
        first, last = int(starts[begin]), int(starts[end])
        arrays = {
            "target": target[begin:end],
            "kind": np.full(end - begin, kind, dtype=np.int32),
            "blob": binary_of(
                np.ascontiguousarray(starts[begin : end + 1] - first), data[first:last]
            ),
        }
        yield as_columns(arrays, {"target": "int64", "kind": "int32", "blob": "binary"}, large)


def deliver(
    parcels: DataFrame, work: Callable[..., Iterator[pa.RecordBatch]], schema: str, tasks: int
) -> DataFrame:
    """Give each target its parcels: `work(target, {kind: bytes end to end})` yields batches.

    `tasks` do it. An Arrow batch of large parcels ends at spark.sql.execution.arrow.maxBytesPerBatch.
    """
    from wirecopy.spark._frames import map_in_arrow

    ordered = parcels.repartition(tasks, "target").sortWithinPartitions("target", "kind")
    return map_in_arrow(ordered, _Deliver(work), schema)


class _Deliver:
    """What runs in a task."""

    def __init__(self, work: Callable[..., Iterator[pa.RecordBatch]]) -> None:
        self._work = work

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for target, group in itertools.groupby(_opened(batches), key=lambda one: one[0]):
            found: dict[int, list[NDArray[np.uint8]]] = {}
            for _, kind, data in group:
                found.setdefault(kind, []).append(data)
            yield from self._work(target, {kind: np.concatenate(d) for kind, d in found.items()})


def _opened(
    batches: Iterable[pa.RecordBatch],
) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    for batch in batches:
        starts, data = binary_parts(batch.column("blob"))
        targets = batch.column("target").to_pylist()
        kinds = batch.column("kind").to_pylist()
        for i, (target, kind) in enumerate(zip(targets, kinds, strict=True)):
            yield target, kind, data[starts[i] : starts[i + 1]]
