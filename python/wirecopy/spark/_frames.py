"""Columns of DataFrames: found and checked before a job runs, and rows named when one fails."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import DataType, StringType, StructType

from wirecopy.spark._session import require_workers

_ROW = re.compile(r"\w+\[(\d+)\]:? ?(.*)", re.DOTALL)


def require_frame(df: Any, argument: str = "df") -> DataFrame:
    """Take a Spark DataFrame whose workers can do what is asked of them."""
    # Not by its class: those of Spark Connect are others.
    if not (hasattr(df, "mapInArrow") and hasattr(df, "sparkSession")):
        raise TypeError(f"{argument} is {type(df).__name__}; expected a DataFrame of Spark")
    require_workers(df.sparkSession)
    frame: DataFrame = df
    return frame


def place_of(
    df: DataFrame, name: Any, argument: str, types: tuple[type[DataType], ...] = ()
) -> int:
    """Where a column stands in a DataFrame.

    Raises
    ------
    TypeError
        Not a name, or the column has none of these types (if any are given).
    ValueError
        There is no such column, or more than one.
    """
    if not isinstance(name, str):
        raise TypeError(f"{argument} is {type(name).__name__}; expected the name of a column")
    fields = df.schema.fields
    places = [place for place, field in enumerate(fields) if field.name == name]
    if len(places) != 1:
        named = ", ".join(field.name for field in fields)
        what = "no column" if not places else f"{len(places)} columns"
        raise ValueError(
            f"{argument} is {name!r}, and the DataFrame has {what} of that name: {named}"
        )
    if types and not isinstance(fields[places[0]].dataType, types):
        wanted = " or ".join(one.typeName() for one in types)
        raise TypeError(
            f"{argument} is {name!r}, a column of {fields[places[0]].dataType.simpleString()}; "
            f"expected {wanted}"
        )
    return places[0]


def place_of_text(df: DataFrame, name: Any, argument: str = "text") -> int:
    """Where a column of texts stands."""
    return place_of(df, name, argument, (StringType,))


def by_name(name: str) -> Any:
    """A column by its whole name, which may hold dots."""
    return F.col("`" + name.replace("`", "``") + "`")


@contextmanager
def without_advice() -> Iterator[None]:
    """Leave out PySpark's warnings that do not apply.

    It wants pandas beside Arrow, and warns of pandas 3, of which nothing here makes use; and it prefers
    type hints to the kind of a function, which are of no use where arguments vary in number.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        warnings.filterwarnings("ignore", message="It is preferred to specify type hints for")
        yield


def map_in_arrow(
    df: DataFrame,
    work: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]],
    schema: StructType | str,
) -> DataFrame:
    """`DataFrame.mapInArrow`."""
    with without_advice():
        mapped: DataFrame = df.mapInArrow(work, schema)
    return mapped


#: Rows that are sent to every worker rather than that a larger DataFrame is shuffled: some megabytes.
_FEW = 100_000


def beside(
    many: DataFrame, some: DataFrame, count: int, key: str, tasks: int
) -> tuple[DataFrame, DataFrame]:
    """Two DataFrames to be joined by `key`, of which the second has `count` rows.

    It goes to every worker where that is not much; else both are shuffled, to so many tasks. Left to
    itself, Spark takes the session's number of tasks for what is stored, however little it is.
    """
    if count <= _FEW:
        return many, F.broadcast(some)
    return many.repartition(tasks, key), some.repartition(tasks, key)


def row_of(error: ValueError) -> tuple[int, str] | None:
    """The row that an error of the core names, and the problem; None where it names none."""
    found = _ROW.fullmatch(str(error))
    return None if found is None else (int(found[1]), found[2])


def row_error(what: str, problem: str, row: int, ids: Any, id_name: str | None) -> ValueError:
    """An error that says which row of the DataFrame it is about."""
    if ids is not None:
        return ValueError(f"{what} of the row with {id_name} {ids[row].as_py()!r}: {problem}")
    context = TaskContext.get()
    part = "" if context is None else f" of partition {context.partitionId()}"
    return ValueError(
        f"{what} of row {row} in a batch{part}: {problem} (with id=..., this names the row)"
    )


def texts_like(strings: pa.Array, wanted: pa.DataType) -> pa.Array:
    """Strings with the offsets that Spark asked for, if they fit."""
    if strings.type == wanted:
        return strings
    # Arrow fails on 2 GB of text in 32-bit offsets; Spark reads either kind.
    return strings if strings.nbytes >= 2**31 else strings.cast(wanted)


def combined(strings: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array; nothing is copied where there is one already."""
    if isinstance(strings, pa.ChunkedArray):
        return strings.chunk(0) if strings.num_chunks == 1 else strings.combine_chunks()
    return strings


def changed(
    batch: pa.RecordBatch, columns: Sequence[tuple[int | None, str, pa.Array]]
) -> pa.RecordBatch:
    """A batch with columns put in their places, or at the end."""
    arrays = list(batch.columns)
    fields = [batch.schema.field(place) for place in range(batch.num_columns)]
    for place, name, array in columns:
        if place is None:
            arrays.append(array)
            fields.append(pa.field(name, array.type))
        else:
            arrays[place] = array
            fields[place] = pa.field(name, array.type)
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))
