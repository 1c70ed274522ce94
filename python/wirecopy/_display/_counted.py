"""Counts, trends and thresholds in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wirecopy._display._fragments import box, note, summary, table
from wirecopy._display._words import amount, bidi, clip, count_of, number, show_date
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wirecopy._threshold import SuggestedThreshold
    from wirecopy.keywords._counts import Counts
    from wirecopy.keywords._trends import Trends

__all__ = ["counts_html", "threshold_html", "trends_html"]

_ROWS = 20
_TERM = 80
_POINTS = 60


def _bar(text: str, share: float) -> str:
    """Return a number on a bar as long as its share of the largest."""
    width = f"{100 * min(max(share, 0.0), 1.0):.0f}%"
    fill = "rgba(86,140,230,.3)"
    return (
        '<span style="display:inline-block;min-width:7em;text-align:right;padding:0 .3em;'
        f'background:linear-gradient(to left,{fill} {width},transparent {width})">{text}</span>'
    )


def counts_html(counts: Counts) -> str:
    """Return the most frequent terms of each length."""
    least, most = counts.ngrams
    rows = []
    each = max(_ROWS // (most - least + 1), 5)
    for n in range(least, most + 1):
        top = Table(counts._core.to_table(counts._rows(n, [])[:each]))
        largest = max(top["frequency"].max(initial=0.0), 1e-300)
        rows += [
            [
                bidi(clip(row["term"], _TERM)),
                str(n),
                _bar(amount(row["frequency"]), row["frequency"] / largest),
                amount(row["documents"]),
                number(round(row["per_million"])),
            ]
            for row in top.rows()
        ]
    hidden = len(counts) - len(rows)
    words = f"{least}" if least == most else f"{least} to {most}"
    heads = ["term", "n", "frequency", "documents", "per million"]
    return box(
        summary(
            f"{count_of(len(counts), 'term')} of {words} word{'' if most == 1 else 's'}",
            f"in {count_of(counts.n_texts, 'text')}",
        ),
        table(heads, rows, [False, True, True, True, True]) if rows else "",
        note(f"{count_of(hidden, 'more term')} in <code>.table</code>" if hidden > 0 else ""),
    )


def trends_html(trends: Trends) -> str:
    """Return the terms through time, each with its course as a line."""
    several = len(trends.periods)
    terms = (
        Table(trends._core.trend_terms(trends._rows[:_ROWS], trends._starts)) if several else None
    )
    rows = []
    if terms is not None:
        table_ = Table(
            trends._core.trend_table(
                trends._rows[:_ROWS], trends._starts, quantile=trends._quantile
            )
        )
        rates = table_["per_million"].reshape(-1, several)
        rows = [
            [
                bidi(clip(row["term"], _TERM)),
                amount(row["frequency"]),
                amount(row["documents"]),
                _line(rates[i]),
                show_date(row["first"]),
                show_date(row["last"]),
                show_date(row["peak"]),
                number(round(row["peak_pm"])),
            ]
            for i, row in enumerate(terms.rows())
        ]
    hidden = len(trends._rows) - len(rows)
    begin = f"from {show_date(trends.periods[0])}" if several else ""
    undated = f"{number(trends.n_undated)} without a date" if trends.n_undated else ""
    heads = ["term", "frequency", "documents", "rate", "first", "last", "peak", "peak per million"]
    return box(
        summary(
            count_of(len(trends._rows), "term"),
            f"in {count_of(several, trends.freq)}",
            begin,
            count_of(trends.n_texts - trends.n_undated, "text"),
            undated,
        ),
        table(heads, rows, [False, True, True, False, False, False, False, True]) if rows else "",
        note(f"{count_of(hidden, 'more term')} in <code>.terms</code>" if hidden > 0 else ""),
    )


def _line(values: NDArray[np.float64]) -> str:
    """Return a small line of values; of many, the mean of each stretch."""
    if len(values) > _POINTS:
        values = np.array([part.mean() for part in np.array_split(values, _POINTS)])
    if len(values) < 2 or not values.any():
        return ""
    x = np.linspace(1, 119, len(values))
    y = 19 - 18 * values / values.max()
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    return (
        '<svg width="120" height="20" viewBox="0 0 120 20" aria-hidden="true">'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.2"/></svg>'
    )


def threshold_html(found: SuggestedThreshold) -> str:
    """Return a suggested threshold with its interval and errors."""
    return box(
        summary(
            f"threshold {found.threshold:.3f}",
            f"95 % interval {found.low:.3f} to {found.high:.3f}",
            f"{number(found.errors)} of {count_of(found.n, 'judged pair')} on the wrong side",
        ),
        note(f"precision {found.precision:.2f}, recall {found.recall:.2f} on the judged pairs"),
    )
