"""Measures of tables of two rows and two columns, for numbers that were counted elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from wirecopy import _core
from wirecopy._table import Table

__all__ = ["association"]


def association(
    o11: Any,
    o12: Any,
    o21: Any,
    o22: Any,
    *,
    measures: str | Sequence[str] = ("g2", "p_value", "log_ratio"),
) -> Table:
    """Measure how strongly the row and the column of 2 x 2 tables go together.

    What `keyness` and `collocations` compute of texts, of numbers that you have. In keyness the
    rows are a term and all other words, and the columns target and reference; in collocations the
    rows are the first word and all others, the columns the second and all others.

    Parameters
    ----------
    o11, o12, o21, o22 : array of n floats, or one float
        Observed frequencies of each table's cells, finite and >= 0: row, then column. They are
        broadcast against each other.
    measures : str or sequence of str, default ("g2", "p_value", "log_ratio")
        Columns to compute. Significance: g2, g2_two_term, chi2, chi2_two_term, chi2_yates (negative
        where o11 is less than independence would give), their p_value (of g2), chi2_p and
        chi2_yates_p; fisher_p, fisher_greater, fisher_less; t_score, z_score. Effect size:
        log_ratio, log_ratio_error, percent_diff, odds_ratio, difference_coefficient, pmi, npmi,
        mi2, mi3, local_mi, dice, log_dice, delta_p_second, delta_p_first; sign.
        docs/keyness.md has their formulas.

    Returns
    -------
    Table
        A row for each table, a column for each measure.

    Raises
    ------
    TypeError
        A cell is no number, or a measure no str.
    ValueError
        A frequency that is not finite or negative, arrays that cannot be broadcast, or an unknown
        measure.

    Notes
    -----
    Every value is finite: a table with an empty row or column gives 0, a p-value of 1 and an odds
    ratio of 1. Loops run on the vectors of the CPU, with the same bits in the results on each.

    Examples
    --------
    >>> import wirecopy as wc
    >>> table = wc.association([10, 8], [0, 2], [3, 992], [31764, 998], measures=["g2", "fisher_p"])
    >>> table["g2"].round(2).tolist()
    [167.23, 3.87]
    """
    cells = []
    for name, values in (("o11", o11), ("o12", o12), ("o21", o21), ("o22", o22)):
        try:
            cell = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} is {type(values).__name__}; expected numbers") from error
        if cell.ndim > 1:
            raise ValueError(f"{name} has {cell.ndim} dimensions; expected 0 or 1")
        wrong = np.flatnonzero(~(np.isfinite(cell) & (cell >= 0)))
        if wrong.size:
            row = int(wrong[0])
            value = np.atleast_1d(cell)[row]
            raise ValueError(f"{name}[{row}] is {value}; expected a finite number >= 0")
        cells.append(np.atleast_1d(cell))
    names = [measures] if isinstance(measures, str) else list(measures)
    for i, measure in enumerate(names):
        if not isinstance(measure, str):
            raise TypeError(f"measures[{i}] is {type(measure).__name__}; expected str")
    try:
        arrays = np.broadcast_arrays(*cells)
    except ValueError as error:
        sizes = ", ".join(str(cell.size) for cell in cells)
        raise ValueError(f"o11, o12, o21 and o22 have {sizes} values; expected as many") from error
    return Table(_core.association(*(np.ascontiguousarray(a) for a in arrays), measures=names))
