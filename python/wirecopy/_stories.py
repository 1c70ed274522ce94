"""What a group of reprints says about a story: how far it went, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["HOUR", "medians", "reach_of", "stories_table"]

HOUR = np.timedelta64(1, "h")


def medians(key: NDArray[np.int64], values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Return the median of the values of each key from 0 to n - 1, NaN where there are none."""
    order = np.lexsort((values, key))
    found, first, count = np.unique(key[order], return_index=True, return_counts=True)
    low, high = values[order[first + (count - 1) // 2]], values[order[first + count // 2]]
    middle = np.full(n, np.nan)
    middle[found] = (low + high) / 2
    return middle


def reach_of(group: NDArray[np.int64], source: NDArray[np.int32] | None) -> NDArray[np.int64]:
    """Count the different sources of each group; a text of no known source counts as one more.

    Parameters
    ----------
    group
        Group of each text, -1 for none.
    source
        Number of each text's source, -1 for none; None where no sources are known at all.
    """
    inside = np.flatnonzero(group >= 0)
    count = int(group.max(initial=-1)) + 1
    if source is None:
        return np.bincount(group[inside], minlength=count).astype(np.int64)
    unknown = inside[source[inside] < 0]
    known = inside[source[inside] >= 0]
    # A number for each (group, source) that occurs.
    span = int(source.max(initial=-1)) + 1
    both = np.unique(group[known] * span + source[known])
    reach = np.bincount(both // max(span, 1), minlength=count)
    return reach + np.bincount(group[unknown], minlength=count)


def stories_table(
    group: NDArray[np.int64],
    keeper: NDArray[np.int64],
    source: NDArray[np.int32] | None,
    dates: NDArray[np.datetime64] | None,
    ids: NDArray[Any] | None,
) -> Table:
    """One row a group; see `Dedup.stories`."""
    rows = np.flatnonzero(group >= 0)
    rows = rows[np.argsort(group[rows], kind="stable")]
    groups, first, size = np.unique(group[rows], return_index=True, return_counts=True)
    keepers = keeper[rows[first]]
    columns: dict[str, NDArray[Any]] = {"group": groups, "keeper": keepers}
    if ids is not None:
        columns["id"] = ids[keepers]
    columns["size"] = size
    if source is not None:
        columns["sources"] = reach_of(group, source)
    if dates is not None:
        columns |= _times(group, rows, len(groups), dates)
    return Table(columns)


def _times(
    group: NDArray[np.int64], rows: NDArray[np.int64], n: int, dates: NDArray[np.datetime64]
) -> dict[str, NDArray[Any]]:
    dated = rows[~np.isnat(dates[rows])]
    dated = dated[np.lexsort((dated, dates[dated], group[dated]))]
    found, first, count = np.unique(group[dated], return_index=True, return_counts=True)
    seen_first = np.full(n, -1, dtype=np.int64)
    seen_first[found] = dated[first]
    start = np.full(n, np.datetime64("NaT", "us"))
    end = start.copy()
    start[found] = dates[dated[first]]
    end[found] = dates[dated[first + count - 1]]
    # The median delay is that of the texts after the first one.
    later = np.ones(len(dated), dtype=np.bool_)
    later[first] = False
    of = group[dated[later]]
    delay = medians(of, (dates[dated[later]] - start[of]) / HOUR, n)
    return {
        "first": seen_first,
        "first_seen": start,
        "last_seen": end,
        "span_hours": (end - start) / HOUR,
        "median_delay_hours": delay,
    }
