"""Words: what sets collections apart, where words stand, when they rise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy.keywords._kwic import kwic
from wirecopy.plots._style import (
    BLUE,
    GREY,
    ORANGE,
    SERIES,
    clean,
    date_axis,
    fonts,
    label,
    new_axes,
    note,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wirecopy.keywords import Trends

__all__ = ["plot_dispersion", "plot_keyness", "plot_trends"]


def plot_keyness(table: Any, ax: Any = None, k: int = 12, value: str = "log_ratio") -> Any:
    """Draw the terms that set two collections apart, as bars to either side.

    Parameters
    ----------
    table : table of `keyness`, of any kind
        Its order says which terms are the most telling: the first `k` that are more frequent in the
        target, and the `k` with the lowest g2 of those that are less.
    ax : matplotlib Axes, optional
        Where to draw. Default: a new figure.
    k : int, default 12
        Terms on each side, at most.
    value : str, default "log_ratio"
        The column that the bars show.

    Returns
    -------
    matplotlib Axes
    """
    columns = {name: np.asarray(table[name]) for name in ("term", "g2", value)}
    g2 = columns["g2"]
    more = np.flatnonzero(g2 > 0)[:k]
    less = np.flatnonzero(g2 < 0)
    less = less[np.argsort(g2[less], kind="stable")[:k]][::-1]
    rows = np.concatenate([more, less])
    axes = new_axes(ax, height=1.2 + 0.27 * max(len(rows), 4))
    values = columns[value][rows].astype(float)
    at = -np.arange(len(rows))
    colours = [BLUE if number >= 0 else ORANGE for number in g2[rows]]
    axes.barh(at, values, color=colours, height=0.7)
    axes.axvline(0, color=GREY, linewidth=0.8)
    written = [label(term) for term in columns["term"][rows]]
    axes.set_yticks(at, written, **fonts(written))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("log ratio (1: twice as frequent)" if value == "log_ratio" else value)
    axes.set_title("More frequent in the target (blue), in the reference (orange)", loc="left")
    axes.spines["left"].set_visible(False)
    clean(axes)
    if not len(rows):
        note(axes, "no term is more frequent on either side")
    return axes


def plot_dispersion(
    texts: Any, terms: Sequence[str], ax: Any = None, labels: Sequence[Any] | None = None
) -> Any:
    """Draw where words stand in a collection, a strip for each.

    Parameters
    ----------
    texts : column of str
        In the order in which they are drawn, each as wide as it is long.
    terms : sequence of str
        Patterns, as for `kwic`.
    ax : matplotlib Axes, optional
        Where to draw. Default: a new figure.
    labels : sequence, optional
        A name for each text, of which as many are written as there is room for.

    Returns
    -------
    matplotlib Axes
    """
    texts = list(texts)
    terms = list(terms)
    found = kwic(texts, terms, window=0)._main_table
    lengths = np.fromiter((len(text or "") for text in texts), dtype=np.int64, count=len(texts))
    begins = np.concatenate([[0], np.cumsum(lengths)])
    axes = new_axes(ax, height=1.2 + 0.45 * max(len(terms), 2))
    at = begins[found["row"]] + found["start"]
    for number, term in enumerate(terms):
        mine = at[found["pattern"] == term]
        axes.vlines(mine, -number - 0.36, -number + 0.36, color=BLUE, linewidth=0.8, alpha=0.8)
        axes.annotate(
            f" {len(mine):,}",
            (1, -number),
            xycoords=("axes fraction", "data"),
            va="center",
            color=GREY,
            annotation_clip=False,
        )
    written = [label(term) for term in terms]
    axes.set_yticks(-np.arange(len(terms)), written, **fonts(written))
    axes.set_ylim(-len(terms) + 0.4, 0.6)
    axes.set_xlim(0, max(int(begins[-1]), 1))
    axes.tick_params(axis="y", length=0)
    if labels is not None and texts:
        # A character is somewhat less than a sixtieth of the width.
        longest = max((len(label(name)) for name in labels), default=1)
        room = begins[-1] * min(1.0, (longest + 2) / 60)
        shown: list[int] = []
        for i, begin in enumerate(begins[:-1].tolist()):
            if not shown or begin - begins[shown[-1]] >= room:
                shown.append(i)
        named = [label(labels[i]) for i in shown]
        axes.set_xticks(begins[shown], named, **fonts(named))
    else:
        axes.set_xlabel("characters")
    axes.set_title(f"Where they stand in {len(texts):,} texts", loc="left")
    axes.spines["left"].set_visible(False)
    clean(axes)
    return axes


def plot_trends(result: Trends, terms: str | Sequence[str] | None = None, ax: Any = None) -> Any:
    """Draw the rates of terms with their intervals and bursts; see `Trends.plot`."""
    table, bursts = result._plain("table"), result._plain("bursts")
    known = list(dict.fromkeys(table["term"].tolist()))
    names = known[:5] if terms is None else [terms] if isinstance(terms, str) else list(terms)
    for name in names:
        if name not in known:
            raise KeyError(name)
    axes = new_axes(ax)
    for i, name in enumerate(names):
        color = SERIES[i % len(SERIES)]
        rows = table["term"] == name
        when = table["period"][rows]
        # A period without words says nothing: its interval is all there is.
        unknown = table["high"][rows] - table["low"][rows] >= 1e6
        rate, low, high = (
            np.where(unknown, np.nan, table[column][rows])
            for column in ("per_million", "low", "high")
        )
        axes.plot(when, rate, color=color, linewidth=1.6, label=label(name))
        axes.fill_between(when, low, high, color=color, alpha=0.15, linewidth=0)
        for begin, end in zip(
            bursts["begin"][(bursts["term"] == name) & (bursts["level"] == 1)],
            bursts["end"][(bursts["term"] == name) & (bursts["level"] == 1)],
            strict=True,
        ):
            inside = rows & (table["period"] >= begin) & (table["period"] <= end)
            axes.plot(
                table["period"][inside],
                table["per_million"][inside],
                color=color,
                linewidth=6,
                alpha=0.4,
                solid_capstyle="round",
                marker="o",  # a burst of one period is a point
                markersize=6,
                markeredgewidth=0,
                label="_burst",
            )
    highest = max(
        (table["per_million"][table["term"] == n].max(initial=0) for n in names), default=0
    )
    # A period with few words has a wide interval, which would hide all else.
    axes.set_ylim(0, 1.3 * highest if highest > 0 else 1)
    axes.set_ylabel(f"per million, by the {result.freq}")
    axes.set_title("Rates with intervals; bursts are thick", loc="left")
    clean(axes)
    if not names or not len(table):
        note(axes, "no term in any period")
        return axes
    # Beside the axes: within them it would hide something.
    legend = axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    for text in legend.get_texts():
        text.set(**fonts([text.get_text()]))
    date_axis(axes)
    return axes
