"""The third step: candidates are compared set with set, and what matches is connected.

Each pair asks for its two sets, each heap for all of its own; a task then compares them, passing over
sets that are connected already. What it gives are edges: a forest, no larger than its sets are many.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from wirecopy import _core
from wirecopy.spark._ask import Rule
from wirecopy.spark._parcels import (
    HEAPS,
    PAIRS,
    PARCEL,
    REQUESTS,
    SETS,
    as_columns,
    deliver,
    parcels_of,
)

__all__ = ["EDGES", "verify"]

#: a and b are connected; or, both null, what a task counted.
EDGES = "a long, b long, candidates long, compared long"
_NOTHING = np.zeros(0, dtype=np.uint8)
#: Sets that are sent at a time: of articles some 60 MB.
_REQUESTS = 50_000


def verify(met: DataFrame, sets: DataFrame, rule: Rule, large: bool, tasks: int) -> DataFrame:
    """Compare what met; `sets` are parcels by the part of their node."""
    asked = met.where(F.col("kind") == REQUESTS).unionByName(sets)
    served = deliver(asked, _Serving(large), PARCEL, tasks)
    work = met.where(F.col("kind").isin(PAIRS, HEAPS)).unionByName(served)
    return deliver(work, _Comparing(rule), EDGES, tasks)


class _Serving:
    def __init__(self, large: bool) -> None:
        self._large = large

    def __call__(self, _part: int, parcels: dict[int, Any]) -> Iterator[pa.RecordBatch]:
        if REQUESTS not in parcels:
            return
        # Ascending by node, each once; some of them at a time, because a set goes to all who ask for it.
        asked = np.unique(parcels[REQUESTS].view(np.uint64).reshape(-1, 2), axis=0)
        for begin in range(0, len(asked), _REQUESTS):
            some = np.ascontiguousarray(asked[begin : begin + _REQUESTS]).view(np.uint8).ravel()
            yield from parcels_of(SETS, _core.parts.serve(parcels[SETS], some), self._large)


class _Comparing:
    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def __call__(self, _target: int, parcels: dict[int, Any]) -> Iterator[pa.RecordBatch]:
        a, b, candidates, compared = _core.parts.verify(
            parcels.get(SETS, _NOTHING),
            parcels.get(PAIRS, _NOTHING),
            parcels.get(HEAPS, _NOTHING),
            **self._rule.arguments,
        )
        counts = [None] * len(a)
        arrays = {
            "a": [*a.tolist(), None],
            "b": [*b.tolist(), None],
            "candidates": [*counts, candidates],
            "compared": [*counts, compared],
        }
        yield as_columns(arrays, dict.fromkeys(arrays, "int64"), large=False)
