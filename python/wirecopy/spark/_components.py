"""The fourth step: connected components of the graph of matches.

Few edges are connected in one task. More are by large-star and small-star (R. Kiveris, S. Lattanzi, V.
Mirrokni, V. Rastogi and S. Vassilvitskii, "Connected components in MapReduce and beyond", SoCC 2014):
in turn, each node ties its larger neighbours, then itself and its smaller ones, to the least node it
knows of. When nothing changes any more, every node is tied to the least of its component. The number of
rounds grows with the square of the logarithm of the nodes at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from wirecopy import _core
from wirecopy.spark._frames import map_in_arrow
from wirecopy.spark._parcels import as_columns

__all__ = ["LABELS", "components", "in_one_task", "in_rounds"]

LABELS = "node long, component long"
#: Edges that one task connects: 16 bytes each, and some 40 while it works.
MOST_IN_ONE_TASK = 4_000_000


def components(
    edges: DataFrame, count: int, keep: Callable[[DataFrame, str], DataFrame], most: int
) -> tuple[DataFrame, int]:
    """Label each node that has an edge by its component, and say in how many rounds."""
    if count <= most:
        return in_one_task(edges), 0
    return in_rounds(edges, keep)


def in_one_task(edges: DataFrame) -> DataFrame:
    """Connect all edges in one task. Not on the driver: nothing is collected."""
    return map_in_arrow(edges.coalesce(1), _Connecting(), LABELS)


class _Connecting:
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        ends: tuple[list[Any], list[Any]] = ([], [])
        for batch in batches:
            for side, name in zip(ends, ("a", "b"), strict=True):
                side.append(batch.column(name).to_numpy(zero_copy_only=False))
        if not ends[0]:
            return
        node, component = _core.parts.components(*map(np.concatenate, ends))
        for begin in range(0, len(node), 100_000):
            here = slice(begin, begin + 100_000)
            arrays = {"node": node[here], "component": component[here]}
            yield as_columns(arrays, dict.fromkeys(arrays, "int64"), large=False)


def in_rounds(
    edges: DataFrame, keep: Callable[[DataFrame, str], DataFrame]
) -> tuple[DataFrame, int]:
    """Connect edges by alternating stars until nothing changes.

    Parameters
    ----------
    edges : DataFrame
        Columns a and b.
    keep : callable
        Takes a DataFrame and what to call it; gives it computed, and cut off from what it came of (a
        checkpoint): each round uses the last one's edges twice.

    Returns
    -------
    labels, rounds
    """
    current = keep(_canonical(edges), "edges")
    state = _state(current)
    rounds = 0
    while True:
        rounds += 1
        current = keep(_small_star(_large_star(current)), f"components, round {rounds}")
        before, state = state, _state(current)
        if state == before:
            break
    labels = current.select(F.col("b").alias("node"), F.col("a").alias("component"))
    least = current.select(F.col("a").alias("node"), F.col("a").alias("component")).distinct()
    return labels.unionByName(least), rounds


def _canonical(edges: DataFrame) -> DataFrame:
    return (
        edges.select(F.least("a", "b").alias("a"), F.greatest("a", "b").alias("b"))
        .where("a <> b")
        .distinct()
    )


def _large_star(edges: DataFrame) -> DataFrame:
    """Tie each node's larger neighbours to the least of its neighbours and itself."""
    both = edges.unionByName(edges.select(F.col("b").alias("a"), F.col("a").alias("b")))
    least = both.groupBy("a").agg(F.min("b").alias("least"))
    tied = both.where("b > a").join(least, "a")
    return tied.select(F.least("a", "least").alias("a"), "b").distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Tie each node and its smaller neighbours to the least of these."""
    least = edges.groupBy("b").agg(F.min("a").alias("least"))
    smaller = edges.join(least, "b").select(F.col("least").alias("a"), F.col("a").alias("b"))
    itself = least.select(F.col("least").alias("a"), "b")
    return smaller.unionByName(itself).where("a <> b").distinct()


def _state(edges: DataFrame) -> tuple[int, int]:
    """A number for the set of edges: equal for equal ones, whatever their order."""
    row = edges.select(
        F.count("*").alias("count"),
        F.expr("bit_xor(xxhash64(a, b))").alias("hash"),
    ).first()
    assert row is not None
    return int(row["count"]), int(row["hash"] or 0)
