"""Plots of results, with matplotlib (``pip install wirecopy[plots]``)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._measures import MEASURES

if TYPE_CHECKING:
    from wirecopy._result import Dedup

__all__ = ["plot_s_curve", "plot_similarity"]

# From the palette of Okabe and Ito, which colour-blind readers can tell apart.
_BLUE, _ORANGE, _GREY = "#0072B2", "#D55E00", "#8A8A8A"


def plot_similarity(result: Dedup, ax: Any = None, bins: int = 40) -> Any:
    """Draw how alike the pairs found are, with the threshold; see `Dedup.plot_similarity`."""
    axes = _axes(ax)
    values = result.similarities
    top = 1.0 if result.measure != "overlap" else float(values.max(initial=result.lowest))
    edges = np.linspace(result.lowest, top, bins + 1) if top > result.lowest else bins
    axes.hist(values, bins=edges, color=_BLUE, edgecolor="white", linewidth=0.4)
    axes.axvline(result.threshold, color=_ORANGE, linewidth=2)
    axes.annotate(
        f"threshold {result.threshold:g}",
        (result.threshold, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -4),
        textcoords="offset points",
        va="top",
        color=_ORANGE,
    )
    axes.set_xlabel(MEASURES[result.measure].axis)
    axes.set_ylabel("pairs")
    axes.set_title(f"Similarity of {len(values):,} pairs", loc="left")
    _clean(axes)
    return axes


def plot_s_curve(result: Dedup, ax: Any = None) -> Any:
    """Draw the chance that a pair is looked at, by its similarity; see `Dedup.plot_s_curve`."""
    axes = _axes(ax)
    at = np.linspace(0, 1, 501)
    if result.banding is None:
        chance = (at >= result.lowest).astype(float)
        axes.plot(at, chance, color=_BLUE, linewidth=2, drawstyle="steps-post")
        axes.set_title("Exact: every pair from the threshold on", loc="left")
    else:
        bands, rows = result.banding
        axes.plot(at, 1 - (1 - at**rows) ** bands, color=_BLUE, linewidth=2)
        axes.set_title(
            f"{bands} bands of {rows}: {result.candidate_recall:.3%} at the threshold", loc="left"
        )
    axes.axvline(result.threshold, color=_ORANGE, linewidth=2)
    axes.axhline(result.candidate_recall, color=_GREY, linewidth=0.8, linestyle=":")
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    axes.set_xlabel(MEASURES[result.measure].axis)
    axes.set_ylabel("chance that a pair is compared")
    _clean(axes)
    return axes


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        pyplot = importlib.import_module("matplotlib.pyplot")
    except ImportError as error:
        msg = "plots need matplotlib: pip install wirecopy[plots]"
        raise ImportError(msg) from error
    return pyplot.subplots(figsize=(7, 4), layout="constrained")[1]


def _clean(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
