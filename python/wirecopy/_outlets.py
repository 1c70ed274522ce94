"""Who printed whose copy: the groups of a result, counted by pairs of outlets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._stories import HOUR, medians
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["origins", "outlets_table"]


def origins(
    group: NDArray[np.int64], keeper: NDArray[np.int64], dates: NDArray[np.datetime64] | None
) -> NDArray[np.int64]:
    """Return the row of each group's origin: its earliest dated text, else its keeper.

    Of several texts of the earliest time, the keeper is taken, else the first row.
    """
    rows = np.flatnonzero(group >= 0)
    time = np.zeros(len(rows), dtype=np.int64) if dates is None else dates[rows]  # NaT sorts last
    order = np.lexsort((rows, keeper[rows] != rows, time, group[rows]))
    rows = rows[order]
    # Where nothing is dated, all times are one, and the keeper comes first.
    _, first = np.unique(group[rows], return_index=True)
    found: NDArray[np.int64] = rows[first]
    return found


def outlets_table(
    group: NDArray[np.int64],
    keeper: NDArray[np.int64],
    source: NDArray[np.int32],
    names: NDArray[Any],
    dates: NDArray[np.datetime64] | None,
) -> Table:
    """One row for two outlets of which one printed what the other had; see `Dedup.outlets`.

    Parameters
    ----------
    group, keeper
        Of each text; group -1 for none.
    source
        Number of each text's outlet, -1 for none.
    names
        The outlet of each text, None for none.
    dates
        Of each text, NaT for none; None where no dates are known at all.
    """
    outlet = source.astype(np.int64) + 1  # 0: of no known source
    several = int(outlet.max(initial=0)) + 1
    outlets = np.full(several, "", dtype=object)
    outlets[outlet[outlet > 0]] = names[outlet > 0]
    outlet[outlets[outlet] == ""] = 0
    origin = origins(group, keeper, dates)
    rows = np.flatnonzero(group >= 0)
    rows = rows[outlet[rows] != outlet[origin[group[rows]]]]
    story, printer = group[rows], outlet[rows]
    # One entry for each story that an outlet took over, however often it printed it.
    taken, entry = np.unique(story * several + printer, return_inverse=True)
    story, printer = taken // several, taken % several
    pairs, pair = np.unique(outlet[origin[story]] * several + printer, return_inverse=True)
    original, reprinter = pairs // several, pairs % several
    stories = np.bincount(pair, minlength=len(pairs))
    texts = np.bincount(pair[entry], minlength=len(pairs))
    rank = np.unique(outlets, return_inverse=True)[1]
    order = np.lexsort((rank[reprinter], rank[original], -stories))
    columns: dict[str, NDArray[Any]] = {
        "original": outlets[original],
        "reprinter": outlets[reprinter],
        "stories": stories,
        "texts": texts,
        "share": stories / np.bincount(printer, minlength=several)[reprinter],
        "share_of_texts": texts / np.bincount(outlet, minlength=several)[reprinter],
    }
    if dates is not None:
        delay = _delays(rows, entry, len(taken), dates, origin[story])
        known = ~np.isnan(delay)
        columns["dated"] = np.bincount(pair[known], minlength=len(pairs))
        columns["same_time"] = np.bincount(pair[delay == 0], minlength=len(pairs))
        columns["median_delay_hours"] = medians(pair[known], delay[known], len(pairs))
    return Table({name: values[order] for name, values in columns.items()})


def _delays(
    rows: NDArray[np.int64],
    entry: NDArray[np.int64],
    n: int,
    dates: NDArray[np.datetime64],
    origin: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Hours from the origin to the earliest text of each entry, NaN where either has no date."""
    first = np.full(n, np.iinfo(np.int64).max)
    dated = ~np.isnat(dates[rows])
    times = dates[rows].astype("datetime64[us]").view(np.int64)
    np.minimum.at(first, entry[dated], times[dated])
    hours: NDArray[np.float64] = (first.view("datetime64[us]") - dates[origin]) / HOUR
    hours[first == np.iinfo(np.int64).max] = np.nan
    return hours
