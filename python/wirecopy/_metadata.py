"""Columns beside the texts, which tables of results carry along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._columns import read_dates, read_ids, read_labels, read_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PERIODS", "frame_columns", "period_labels", "read_metadata"]

#: Periods by name, with the unit of NumPy that they are counted in.
PERIODS = {"day": "D", "week": "W", "month": "M", "year": "Y"}


def frame_columns(frame: Any, argument: str) -> list[str]:
    """Return the names of the columns of a mapping or a dataframe.

    Raises
    ------
    TypeError
        It is neither.
    """
    if isinstance(frame, Mapping):
        names: Iterable[Any] = frame.keys()
    elif hasattr(frame, "column_names"):  # pyarrow
        names = frame.column_names
    elif hasattr(frame, "columns") and hasattr(frame, "__getitem__"):
        names = frame.columns
    else:
        raise TypeError(
            f"{argument} is {type(frame).__name__}; expected a dataframe or a mapping from name to "
            "column"
        )
    return [str(name) for name in names]


def read_metadata(
    n: int,
    reserved: frozenset[str],
    *,
    ids: Any = None,
    dates: Any = None,
    sources: Any = None,
    metadata: Any = None,
) -> dict[str, NDArray[Any]]:
    """Read columns of `n` values each: id, date, source, and those of `metadata` under their names.

    Raises
    ------
    TypeError
        One is no column.
    ValueError
        One has another length, or a name is taken (`reserved`).
    """
    columns: dict[str, NDArray[Any]] = {}
    if ids is not None:
        found = read_ids(ids, n)
        columns["id"] = found if found.dtype != object else read_values(found, n, "ids")
    if dates is not None:
        columns["date"] = read_dates(dates, n)
    if sources is not None:
        columns["source"] = read_values(read_labels(sources, n, "sources"), n, "sources")
    if metadata is None:
        return columns
    for name in frame_columns(metadata, "metadata"):
        if name in reserved or name in columns:
            raise ValueError(
                f"metadata has a column {name!r}, which the result has itself; rename it"
            )
        columns[name] = read_values(metadata[name], n, f"metadata[{name!r}]")
    return columns


def period_labels(dates: NDArray[np.datetime64], period: str) -> NDArray[np.datetime64]:
    """Return the first day of each date's period; weeks begin on Monday."""
    if period == "week":
        days = dates.astype("datetime64[D]")
        # 1 January 1970 was a Thursday.
        weekday = (days.view(np.int64) + 3) % 7
        start = np.where(np.isnat(days), days, days - weekday.astype("timedelta64[D]"))
        return start.astype("datetime64[us]")
    return dates.astype(f"datetime64[{PERIODS[period]}]").astype("datetime64[us]")
