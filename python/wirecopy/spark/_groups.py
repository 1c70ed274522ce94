"""The last step: whole components go to `wirecopy.dedup`.

Which texts match, who keeps whom and what a pair is called depend on nothing outside a component (a
text and all that it is connected with by matches): so every component, or several together, can be
worked on alone, and the answer is that of one machine.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from wirecopy import _result
from wirecopy._context import read_context
from wirecopy._dedup import group_texts
from wirecopy._table import Table
from wirecopy.spark._ask import Ask
from wirecopy.spark._frames import beside, by_name, combined, map_in_arrow

__all__ = ["CAPPED", "GROUPS", "PAIRS", "Shape", "group_components"]

#: What a row is.
GROUPS, PAIRS, CAPPED = range(3)

#: A larger component is worked on alone, a smaller one with others of them.
ALONE_ABOVE = 1_000
#: Texts, about, that are worked on together.
TOGETHER = 2_000
_NO_LIMIT = 2**62
_ROWS = 10_000
#: Columns that name texts: by their rows in the core's tables, by their ids in Spark's.
_TEXTS = frozenset({"group", "id", "keeper", "a", "b"})
_SPARK_TYPES = {"int64": "long", "double": "double", "bool": "boolean", "string": "string"}


@dataclasses.dataclass(frozen=True)
class Shape:
    """Columns of the tables of groups and pairs: name and Arrow type, as `wirecopy.dedup` gives them."""

    id_type: str
    groups: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, ask: Ask) -> Shape:
        """Which columns there are depends on the measure, and on whether dates and sources are given."""
        id_type = "string" if ask.names.id_type == "string" else "int64"
        similarity = () if ask.search.rule.measure == "jaccard" else (("similarity", "double"),)
        groups = (
            ("group", id_type),
            ("id", id_type),
            ("role", "string"),
            ("keeper", id_type),
            *similarity,
            ("jaccard", "double"),
            ("verdict", "string"),
            ("size", "int64"),
        )
        shares = ("jaccard", "containment_a", "containment_b")
        counts = ("longest_run", "replaced", "misread", "numbers_changed", "names_changed")
        pairs = (
            ("a", id_type),
            ("b", id_type),
            *similarity,
            *((name, "double") for name in shares),
            ("shared", "int64"),
            ("verdict", "string"),
            ("bridge", "bool"),
            ("coverage_a", "double"),
            ("coverage_b", "double"),
            *((name, "int64") for name in counts),
            ("only_a", "string"),
            ("only_b", "string"),
            ("same_headline", "bool"),
            *((("days_apart", "double"),) if ask.names.date is not None else ()),
            *((("same_source", "bool"),) if ask.names.source is not None else ()),
        )
        return cls(id_type, groups, pairs)

    def columns(self) -> Iterator[tuple[int, str, str]]:
        """Kind of row, name and type, of all."""
        for kind, table in ((GROUPS, self.groups), (PAIRS, self.pairs)):
            for name, of_type in table:
                yield kind, name, of_type

    @property
    def schema(self) -> str:
        """Both tables side by side: a row is of the one or of the other."""
        both = (f"{_stored(k, name)} {_SPARK_TYPES[t]}" for k, name, t in self.columns())
        return ", ".join(("kind int", *both))

    def select(self, kind: int) -> list[Column]:
        """The columns of one table, by their own names."""
        return [F.col(_stored(k, name)).alias(name) for k, name, _ in self.columns() if k == kind]


def _stored(kind: int, name: str) -> str:
    return f"{'group' if kind == GROUPS else 'pair'}_{name}"


def group_components(
    df: DataFrame, members: DataFrame, ask: Ask, *, count: int, large: bool, tasks: int
) -> DataFrame:
    """Rows of groups and pairs, of all components.

    `members` has id, component and size (of the component), `count` rows.
    """
    names = ask.names
    parts = max(1, -(-count // TOGETHER))
    # Alone too: what may have more than max_pairs pairs, and all where matches were left out, because
    # texts that stand side by side by chance would be compared.
    most = (1 + math.isqrt(1 + 8 * ask.max_pairs)) // 2
    above = 0 if ask.max_bucket else min(ALONE_ABOVE, most)
    alone = F.col("size") > above
    placed = members.select(
        "id",
        alone.alias("alone"),
        F.when(alone, F.col("component"))
        .otherwise(F.pmod(F.xxhash64("component"), F.lit(parts)))
        .alias("part"),
    )
    columns = [by_name(names.id).cast(names.id_type).alias("id"), by_name(names.text).alias("text")]
    if names.date is not None:
        columns.append(by_name(names.date).alias("date"))
    if names.source is not None:
        columns.append(by_name(names.source).alias("source"))
    columns += [
        by_name(name).cast("double").alias(f"number_{i}") for i, name in enumerate(names.numbers)
    ]
    every, wanted = beside(df.select(*columns), placed, count, "id", tasks)
    texts = every.join(wanted, "id")
    ordered = texts.repartition(tasks, "alone", "part").sortWithinPartitions("alone", "part", "id")
    shape = Shape.of(ask)
    return map_in_arrow(ordered, _Grouper(ask, shape, large), shape.schema)


class _Grouper:
    """What runs in a task."""

    def __init__(self, ask: Ask, shape: Shape, large: bool) -> None:
        self._ask = ask
        self._shape = shape
        self._large = large

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for alone, texts in _by_part(batches):
            yield from self._group(texts, alone)

    def _group(self, texts: pa.Table, alone: bool) -> Iterator[pa.RecordBatch]:
        result = self._dedup(texts, alone)
        ids = texts["id"].combine_chunks()
        groups = result.groups_table
        rows = _columns(groups)
        # Groups are numbered by their first texts, in the order of ids.
        _, first = np.unique(result.group_of[result.group_of >= 0], return_index=True)
        first_of = np.flatnonzero(result.group_of >= 0)[first]
        rows |= {"group": pa.array(first_of[groups["group"]]), "id": rows["row"]}
        yield from self._rows(GROUPS, rows, len(groups), ids)
        pairs = result.pairs_table
        yield from self._rows(PAIRS, _columns(pairs), len(pairs), ids)
        if result.pairs_capped:
            yield from self._rows(CAPPED, {}, 1, ids)

    def _dedup(self, texts: pa.Table, alone: bool) -> _result.Dedup:
        ask = self._ask
        context = read_context(
            texts["text"],
            None,
            texts["date"] if ask.names.date is not None else None,
            texts["source"] if ask.names.source is not None else None,
        )
        # Where several components are together, what is listed must not depend on which.
        most = ask.max_pairs if alone else _NO_LIMIT
        search = dataclasses.replace(ask.search, max_pairs=most, may_fall_back=False)
        asked = _result.Ask(search, ask.policy, ask.furniture)
        return group_texts(context, asked, keep=_rules(ask, texts), threads=1, progress=False)

    def _rows(
        self, kind: int, rows: dict[str, Any], count: int, ids: pa.Array
    ) -> Iterator[pa.RecordBatch]:
        """Rows of one kind as Spark wants them, some at a time: there may be millions of pairs."""
        for begin in range(0, count, _ROWS):
            here = slice(begin, min(begin + _ROWS, count))
            size = here.stop - begin
            arrays = [pa.array(np.full(size, kind, dtype=np.int32))]
            names = ["kind"]
            for of_kind, name, type_name in self._shape.columns():
                wanted = pa.type_for_alias(type_name)
                if type_name == "string" and self._large:
                    wanted = pa.large_string()
                if of_kind == kind:
                    column = combined(rows[name][here])
                    if name in _TEXTS:
                        column = ids.take(column)
                    arrays.append(column if column.type == wanted else column.cast(wanted))
                else:
                    arrays.append(pa.nulls(size, wanted))
                names.append(_stored(of_kind, name))
            yield pa.RecordBatch.from_arrays(arrays, names)


def _columns(table: Table) -> dict[str, Any]:
    """Columns of a table as Arrow has them; nothing is copied."""
    arrow = table.to_arrow()
    return {name: arrow[name] for name in arrow.column_names}


def _rules(ask: Ask, texts: pa.Table) -> Any:
    """Keeper rules as `wirecopy.dedup` takes them: with numbers in place of names of columns."""
    if ask.keep is None:
        return None
    rules: list[Any] = []
    number = 0
    for rule in ask.keep:
        if rule[0] in {"least", "greatest"}:
            rules.append((rule[0], texts[f"number_{number}"].to_numpy()))
            number += 1
        else:
            rules.append(rule if rule[0] == "source" else rule[0])
    return rules


def _by_part(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[bool, pa.Table]]:
    """The rows of one part after the other's: they come in order."""
    held: list[pa.RecordBatch] = []
    held_key: tuple[bool, int] | None = None
    for batch in batches:
        if batch.num_rows == 0:
            continue
        alone = batch.column("alone").to_numpy(zero_copy_only=False)
        part = batch.column("part").to_numpy(zero_copy_only=False)
        changes = np.flatnonzero((np.diff(part) != 0) | (alone[1:] != alone[:-1])) + 1
        edges = [0, *changes.tolist(), batch.num_rows]
        for begin, end in itertools.pairwise(edges):
            key = (bool(alone[begin]), int(part[begin]))
            if held and key != held_key:
                yield bool(held_key and held_key[0]), pa.Table.from_batches(held)
                held = []
            held_key = key
            held.append(batch.slice(begin, end - begin))
    if held:
        yield bool(held_key and held_key[0]), pa.Table.from_batches(held)
