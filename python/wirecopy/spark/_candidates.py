"""The second step: sets that share a key are candidates.

Keys are bands of MinHash signatures, or the rarest members of each set (the prefix of the exact join).
They travel as 16 bytes each, in blobs by part of the key space; where they meet, a task lists the pairs
of sets in one bucket. A bucket with more sets than anybody wants to list the pairs of is a *heap*: its
sets themselves are brought together, and where they are too many for one task, block by block.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from wirecopy import _core
from wirecopy.spark._ask import Rule
from wirecopy.spark._frames import map_in_arrow
from wirecopy.spark._parcels import (
    HEAPS,
    KEYS,
    PAIRS,
    PARCEL,
    REQUESTS,
    SETS,
    STATS,
    Blobs,
    as_columns,
    binary_of,
    deliver,
    parcels_of,
)
from wirecopy.spark._sets import batch_of_sets

__all__ = ["MEETING", "band_keys", "frequent_shingles", "meet", "prefix_keys", "spread", "sums_of"]

#: What a task counts where keys meet.
MEETING = ("buckets", "together", "capped", "not_compared", "heaps", "pairs", "largest")
_FORMAT = f"<{len(MEETING)}q"

#: Frequent members that come last in the order of the exact join.
_MOST_FREQUENT = 65_536
#: Sets that are looked at to find them.
_SAMPLE = 40_000
#: A member of fewer sampled sets is not called frequent.
_LEAST_FREQUENT = 4


class _Spreader:
    """What runs in a task: sets to parcels by part."""

    def __init__(self, kind: int, make: Callable[[Any, Any, Any], Blobs], large: bool) -> None:
        self._kind = kind
        self._make = make
        self._large = large

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for nodes, starts, shingles in batch_of_sets(batches):
            yield from parcels_of(self._kind, self._make(nodes, starts, shingles), self._large)


def _spread(sets: DataFrame, kind: int, make: Any, large: bool) -> DataFrame:
    known = sets.where("node is not null").select("node", "shingles")
    return map_in_arrow(known, _Spreader(kind, make, large), PARCEL)


class _Sets:
    def __init__(self, parts: int) -> None:
        self._parts = parts

    def __call__(self, nodes: Any, starts: Any, shingles: Any) -> Blobs:
        return _core.parts.spread_sets(nodes, starts, shingles, self._parts)


class _BandKeys:
    def __init__(self, parts: int, bands: int, rows: int, seed: int) -> None:
        self._parts = parts
        self._banding: dict[str, Any] = {"bands": bands, "rows": rows, "seed": seed}

    def __call__(self, nodes: Any, starts: Any, shingles: Any) -> Blobs:
        return _core.parts.band_keys(nodes, starts, shingles, self._parts, **self._banding)


class _PrefixKeys:
    def __init__(self, parts: int, rule: Rule, frequent: Any) -> None:
        self._parts = parts
        self._rule = rule
        self._frequent = frequent

    def __call__(self, nodes: Any, starts: Any, shingles: Any) -> Blobs:
        return _core.parts.prefix_keys(
            nodes, starts, shingles, self._parts, self._frequent, **self._rule.arguments
        )


def spread(sets: DataFrame, parts: int, large: bool) -> DataFrame:
    """Parcels of sets, by the part of their node."""
    return _spread(sets, SETS, _Sets(parts), large)


def band_keys(
    sets: DataFrame, parts: int, *, bands: int, rows: int, seed: int, large: bool
) -> DataFrame:
    """Parcels of keys: those of `wirecopy.dedup` with the same bands and seed, more bits of each."""
    return _spread(sets, KEYS, _BandKeys(parts, bands, rows, seed), large)


def prefix_keys(sets: DataFrame, parts: int, rule: Rule, frequent: Any, large: bool) -> DataFrame:
    """Parcels of keys: prefixes, with the frequent members last in the order."""
    return _spread(sets, KEYS, _PrefixKeys(parts, rule, frequent), large)


def frequent_shingles(sets: DataFrame, count: int, large: bool) -> Any:
    """The most frequent members, in a sample that the sets themselves decide.

    What is no more than 65,536 numbers comes to the driver. Which they are makes the search faster or
    slower and changes no answer: any order in common is right for the prefix filter.
    """
    known = sets.where("node is not null").select("node", "shingles")
    if count > _SAMPLE:
        # Nodes are hashes: this is a sample like any other, and the same each time.
        known = known.where(F.pmod("node", F.lit(count // _SAMPLE)) == 0)
    # Together, some 100 MB, so that what is frequent does not hang on how many tasks there are.
    sample = known.repartition(1).dropDuplicates(["node"])
    rows = (
        map_in_arrow(sample, _Counter(), "shingle long, count long")
        .groupBy("shingle")
        .agg(F.sum("count").alias("count"))
        .orderBy(F.desc("count"), "shingle")
        .limit(_MOST_FREQUENT)
        .select("shingle")
        .collect()
    )
    return np.array([row["shingle"] for row in rows], dtype=np.int64).view(np.uint64)


class _Counter:
    """What runs in a task: how often members stand in a batch of sets."""

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for nodes, starts, shingles in batch_of_sets(batches):
            shingle, count = _core.parts.frequent_shingles(
                nodes, starts, shingles, _LEAST_FREQUENT, _MOST_FREQUENT
            )
            arrays = {"shingle": shingle.view(np.int64), "count": count}
            yield as_columns(arrays, dict.fromkeys(arrays, "int64"), large=False)


def meet(
    keys: DataFrame, parts: int, rule: Rule, *, block: int, max_bucket: int, large: bool, tasks: int
) -> DataFrame:
    """Let keys meet: parcels of pairs (by part), requests (by part), heaps (by task) and counts."""
    return deliver(keys, _Meeting(parts, rule, block, max_bucket, large), PARCEL, tasks)


class _Meeting:
    def __init__(self, parts: int, rule: Rule, block: int, max_bucket: int, large: bool) -> None:
        self._parts = parts
        self._rule = rule
        self._limits: dict[str, Any] = {"block": block, "max_bucket": max_bucket}
        self._large = large

    def __call__(self, part: int, parcels: dict[int, Any]) -> Iterator[pa.RecordBatch]:
        met = _core.parts.meet(
            parcels[KEYS], part, self._parts, **self._rule.arguments, **self._limits
        )
        for kind, name in ((PAIRS, "pairs"), (REQUESTS, "requests"), (HEAPS, "heaps")):
            yield from parcels_of(kind, met[name], self._large)
        met["heaps"] = len(met["heaps"][0])
        met["pairs"] = len(met["pairs"][2]) // 16
        counts = np.frombuffer(struct.pack(_FORMAT, *(met[name] for name in MEETING)), np.uint8)
        starts = np.array([0, len(counts)], dtype=np.int64)
        arrays = {"target": [part], "kind": [STATS], "blob": binary_of(starts, counts)}
        yield as_columns(
            arrays, {"target": "int64", "kind": "int32", "blob": "binary"}, self._large
        )


def sums_of(met: DataFrame) -> dict[str, int]:
    """What was counted, summed over the parts ("largest": the largest); a row a part is read for it."""
    sums = dict.fromkeys(MEETING, 0)
    for row in met.where(F.col("kind") == STATS).select("blob").collect():
        for name, value in zip(MEETING, struct.unpack(_FORMAT, bytes(row["blob"])), strict=True):
            sums[name] = max(sums[name], value) if name == "largest" else sums[name] + value
    return sums
