"""Both ways: `wirecopy.spark.dedup` beside `wirecopy.dedup` of the same rows in the order of their ids."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import wirecopy as wc

#: Rows of a DataFrame: id, text, date, source, number.
Rows = list[tuple[Any, str | None, Any, str | None, float | None]]


def frame_of(spark: Any, rows: Rows, partitions: int = 3) -> Any:
    id_type = "string" if rows and isinstance(rows[0][0], str) else "long"
    schema = f"id {id_type}, text string, date timestamp, source string, number double"
    return spark.createDataFrame(rows, schema).repartition(partitions)


def table_of(df: Any) -> list[dict[str, Any]]:
    return [row.asDict() for row in df.collect()]


def plain(value: Any) -> Any:
    if isinstance(value, float):
        return "nan" if math.isnan(value) else value
    return value


def as_set(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    found = {tuple((k, plain(v)) for k, v in sorted(row.items())) for row in rows}
    assert len(found) == len(rows)
    return found


def on_one_machine(rows: Rows, **asked: Any) -> tuple[Any, Any, Any, wc.Dedup]:
    """Groups, pairs and keepers that `wirecopy.dedup` gives, by ids as the cluster's tables have them."""
    rows = sorted(rows, key=lambda row: row[0])
    ids = [row[0] for row in rows]
    if asked.pop("date", None):
        asked["dates"] = [row[2] for row in rows]
    if asked.pop("source", None):
        asked["sources"] = [row[3] for row in rows]
    keep = asked.get("keep")
    if isinstance(keep, tuple) and keep[0] in {"least", "greatest"}:
        asked["keep"] = (keep[0], [row[4] for row in rows])
    result = wc.dedup([row[1] for row in rows], progress=False, threads=1, **asked)
    groups = list(result.groups_table.rows())
    first: dict[int, Any] = {}
    for row in groups:
        group = row["group"]
        first[group] = min(first.get(group, row["row"]), row["row"])
    for row in groups:
        row["group"] = ids[first[row["group"]]]
        row["id"] = ids[row.pop("row")]
        row["keeper"] = ids[row["keeper"]]
    pairs = list(result.pairs_table.rows())
    for row in pairs:
        row["a"], row["b"] = ids[row["a"]], ids[row["b"]]
    kept = set(zip(ids, result.keep_mask.tolist(), strict=True))
    return as_set(groups), as_set(pairs), kept, result


def compare(spark: Any, rows: Rows, partitions: int = 3, **asked: Any) -> Any:
    """Both ways; the result on Spark."""
    from wirecopy import spark as ws

    groups, pairs, kept, one = on_one_machine(rows, **asked)
    result = ws.dedup(frame_of(spark, rows, partitions), **asked)
    assert as_set(table_of(result.groups)) == groups
    assert as_set(table_of(result.pairs)) == pairs
    assert {tuple(row) for row in result.keep.collect()} == kept
    assert result.stats["texts"] == len(rows)
    assert result.stats["empty"] == one.n_empty
    assert result.stats["groups"] == one.n_groups
    assert result.stats["pairs"] == one.n_pairs
    assert result.stats["duplicates"] == one.n_duplicates
    assert result.stats["method"] == ("minhash" if one.method[0] == "m" else one.method)
    result.unpersist()
    return result


@contextmanager
def limits(few: int = 100_000, **small: int) -> Iterator[None]:
    """Run with other sizes of parts, heaps and tasks; `few` rows are sent to every worker."""
    from wirecopy.spark import _dedup, _frames

    with pytest.MonkeyPatch.context() as patch:
        chosen = _dedup.Limits(**small)
        patch.setattr(_dedup, "Limits", lambda: chosen)
        patch.setattr(_frames, "_FEW", few)
        yield
