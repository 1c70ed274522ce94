"""The two collections of texts that `match` and `passages` compare."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from wirecopy import _core
from wirecopy._columns import Kind, read_ids, read_texts
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Side", "name_rows", "read_side"]


@dataclasses.dataclass(frozen=True)
class Side:
    """One collection."""

    texts: _core.TextColumn
    kind: Kind
    ids: NDArray[Any] | None


def read_side(texts: Any, ids: Any, texts_name: str, ids_name: str) -> Side:
    """Read the texts of a collection and what they are called."""
    column, kind = read_texts(texts, texts_name)
    return Side(column, kind, None if ids is None else read_ids(ids, len(column), ids_name))


def name_rows(table: Table, sides: dict[str, Side], shift: int = 0) -> Table:
    """Put ids behind the columns of rows that a table begins with.

    Parameters
    ----------
    table : Table
        Pairs of texts.
    sides : dict
        For each of the two columns of rows, the collection that they are of.
    shift : int, default 0
        Where the rows of the second one begin in the table.
    """
    if not shift and all(side.ids is None for side in sides.values()):
        return table
    columns = {name: table[name] for name in table.columns}
    named = {name: columns.pop(name) for name in sides}
    first, second = sides
    named[second] = named[second] - shift
    for name in (first, second):
        ids = sides[name].ids
        if ids is not None:
            named[f"id_{name}"] = ids[named[name]]
    return Table({**named, **columns})
