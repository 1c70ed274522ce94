"""Articles on their way into an archive, and tables on their way out."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._columns import Kind, read_dates, read_ids, read_labels, read_texts
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Given", "group_ids", "name_rows", "read_given", "read_names"]


@dataclasses.dataclass(frozen=True)
class Given:
    """Texts, and what is known of each."""

    texts: _core.TextColumn
    kind: Kind
    names: _core.TextColumn | None  # ids that are str
    numbers: NDArray[np.int64] | None  # ids that are int
    dates: NDArray[np.int64] | None  # microseconds
    sources: NDArray[Any] | None


def read_given(texts: Any, ids: Any, dates: Any, sources: Any) -> Given:
    """Read columns of one length."""
    column, kind = read_texts(texts)
    n = len(column)
    names, numbers = read_names(ids, n)
    when = None if dates is None else read_dates(dates, n)
    return Given(
        texts=column,
        kind=kind,
        names=names,
        numbers=numbers,
        dates=None if when is None else when.astype("datetime64[us]").view(np.int64),
        sources=None if sources is None else read_labels(sources, n),
    )


def read_names(
    ids: Any, n: int | None = None
) -> tuple[_core.TextColumn | None, NDArray[np.int64] | None]:
    """Read ids as strings or as numbers; neither where there are none."""
    if ids is None:
        return None, None
    if n is None:
        # A column of any kind, of which the length is not known yet; str and the like are refused
        # below.
        ids = ids if isinstance(ids, (str, bytes)) or hasattr(ids, "__len__") else list(ids)
        n = len(ids)
    found = read_ids(ids, n)
    if found.dtype == np.int64:
        return None, found
    for row, one in enumerate(found.tolist()):
        if not isinstance(one, str):
            kind = "an int of more than 64 bits" if isinstance(one, int) else type(one).__name__
            msg = f"ids[{row}] is {kind}; an archive takes str, or int for all"
            raise TypeError(msg)
    if n == 0:
        return None, None
    return _core.TextColumn.from_strings(found.tolist(), "ids"), None


def name_rows(table: Table, ids: NDArray[Any] | None) -> Table:
    """Put the names of the given texts behind their rows."""
    if ids is None:
        return table
    columns = {name: table[name] for name in table.columns}
    rows = columns.pop("new")
    return Table({"new": rows, "id_new": ids[rows], **columns})


def group_ids(groups: Table, texts: Table) -> Table:
    """Put ids in the place of rows, and behind them what is known of each."""
    columns = {name: groups[name] for name in groups.columns}
    group, rows = columns.pop("group"), columns.pop("row")
    columns["keeper"] = texts["id"][columns["keeper"]]
    about = {name: texts[name][rows] for name in ("date", "source")}
    return Table({"group": group, "id": texts["id"][rows], **columns, **about})
