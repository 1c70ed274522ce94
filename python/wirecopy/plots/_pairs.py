"""How alike pairs are, which of them were looked at, how large groups are."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._measures import MEASURES
from wirecopy.plots._style import BLUE, GREY, ORANGE, clean, counted, new_axes, note

if TYPE_CHECKING:
    from wirecopy._result import Dedup

__all__ = ["plot_group_sizes", "plot_s_curve", "plot_similarity"]

#: Above so many times the least, an axis is logarithmic.
_WIDE = 100
#: Up to this size, each size has a bar of its own.
_MOST_BARS = 30


def plot_similarity(result: Dedup, ax: Any = None, bins: int = 40) -> Any:
    """Draw how alike the pairs found are, with the threshold; see `Dedup.plot_similarity`."""
    axes = new_axes(ax)
    values = result.similarities
    top = 1.0 if result.measure != "overlap" else float(values.max(initial=result.lowest))
    edges = np.linspace(result.lowest, top, bins + 1) if top > result.lowest else bins
    axes.hist(values, bins=edges, color=BLUE, edgecolor="white", linewidth=0.4)
    axes.axvline(result.threshold, color=ORANGE, linewidth=2)
    axes.annotate(
        f"threshold {result.threshold:g}",
        (result.threshold, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -4),
        textcoords="offset points",
        va="top",
        color=ORANGE,
    )
    axes.set_xlabel(MEASURES[result.measure].axis)
    axes.set_ylabel("pairs")
    axes.set_title(f"Similarity of {counted(len(values), 'pair')}", loc="left")
    clean(axes)
    if not len(values):
        note(axes, "no two are alike")
    return axes


def plot_s_curve(result: Dedup, ax: Any = None) -> Any:
    """Draw the chance that a pair is looked at, by its similarity; see `Dedup.plot_s_curve`."""
    axes = new_axes(ax)
    at = np.linspace(0, 1, 501)
    if result.banding is None:
        chance = (at >= result.lowest).astype(float)
        axes.plot(at, chance, color=BLUE, linewidth=2, drawstyle="steps-post")
        axes.set_title("Exact: every pair from the threshold on", loc="left")
    else:
        bands, rows = result.banding
        axes.plot(at, 1 - (1 - at**rows) ** bands, color=BLUE, linewidth=2)
        axes.set_title(
            f"{bands} bands of {rows}: {result.candidate_recall:.3%} at the threshold", loc="left"
        )
    axes.axvline(result.threshold, color=ORANGE, linewidth=2)
    axes.axhline(result.candidate_recall, color=GREY, linewidth=0.8, linestyle=":")
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    axes.set_xlabel(MEASURES[result.measure].axis)
    axes.set_ylabel("chance that a pair is compared")
    clean(axes)
    return axes


def plot_group_sizes(result: Dedup, ax: Any = None) -> Any:
    """Draw how many stories were printed twice, three times, ...; see `Dedup.plot_group_sizes`."""
    axes = new_axes(ax)
    sizes = result.stories_table["size"]
    size, stories = np.unique(sizes, return_counts=True)
    axes.set_xlabel(f"{result.unit}s in the group")
    axes.set_ylabel("groups")
    alone = result.n_texts - int(sizes.sum())
    title = f"{counted(len(sizes), 'group')}; {counted(alone, result.unit)} in none"
    axes.set_title(title, loc="left")
    clean(axes)
    if not len(sizes):
        note(axes, "no two are alike")
        return axes
    if size[-1] <= _MOST_BARS and stories.max() <= _WIDE * stories.min():
        axes.bar(size, stories, color=BLUE, width=0.8)
        axes.set_xlim(1.4, max(size[-1], 5) + 0.6)
    else:
        # A bar has no foot on a logarithmic axis.
        axes.scatter(size, stories, color=BLUE, s=18)
        if size[-1] > _MOST_BARS:
            axes.set_xscale("log")
        if stories.max() > _WIDE * stories.min():
            axes.set_yscale("log")
    for axis, most in ((axes.xaxis, size[-1]), (axes.yaxis, stories.max())):
        _whole_ticks(axis, int(most))
    return axes


def _whole_ticks(axis: Any, most: int) -> None:
    """Write counts as whole numbers, never as powers or halves."""
    ticker = importlib.import_module("matplotlib.ticker")
    axis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
    axis.set_minor_formatter(ticker.NullFormatter())
    if axis.get_scale() == "log":
        axis.set_major_locator(ticker.LogLocator(subs=(1,) if most > 1000 else (1, 2, 5)))
    else:
        axis.set_major_locator(ticker.MaxNLocator(integer=True))
