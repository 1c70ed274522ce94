"""How stories spread: one over time, all between outlets."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._arguments import read_range
from wirecopy._measures import MEASURES
from wirecopy.plots._style import (
    GREY,
    ORANGE,
    SCALE,
    clean,
    counted,
    date_axis,
    fonts,
    label,
    new_axes,
    note,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wirecopy._result import Dedup

__all__ = ["plot_outlets", "plot_timeline"]

_UNKNOWN = "(unknown)"
_MARKERS = {
    "identical": "o",
    "same text": "s",
    "near copy": "D",
    "cut-down": "v",
    "update": "^",
    "shared passage": "P",
    "template": "X",
}
#: Cells with a number in them; in more, it would not be read.
_MOST_NUMBERS = 200


def plot_timeline(result: Dedup, group: int, ax: Any = None, k: int = 30) -> Any:
    """Draw when each outlet printed a story; see `Dedup.plot_timeline`."""
    if result.dates is None:
        msg = "plot_timeline needs the dates: call dedup(..., dates=...)"
        raise ValueError(msg)
    k = read_range("k", k, 1)
    members = _members(result, group)
    undated = int(np.isnat(members["time"]).sum())
    members = {name: values[~np.isnat(members["time"])] for name, values in members.items()}
    names, place = np.unique(members["outlet"], return_inverse=True)
    first = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(first, place, np.arange(len(place)))  # members are by time
    order = np.argsort(first)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    shown = rank[place] < k
    axes = new_axes(ax, height=1.8 + 0.28 * max(min(len(names), k), 4))
    written = [label(name) for name in names[order][:k]]
    axes.set_yticks(np.arange(len(written)), written, **fonts(written))
    axes.set_ylim(max(len(written), 1) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("time (UTC)")
    head = label(result._context.compared[int(result.keeper_of[result.group_of == group][0])], 45)
    left_out = [f"{undated:,} undated"] if undated else []
    if len(names) > k:
        left_out.append(counted(len(names) - k, "more outlet"))
    axes.set_title(
        f"Group {group:,}: {head}" + (f" (not shown: {', '.join(left_out)})" if left_out else ""),
        loc="left",
        fontsize="medium",
        **fonts([head]),
    )
    clean(axes)
    axes.spines["left"].set_visible(False)
    if not shown.any():
        note(axes, "no text of this group has a date")
        return axes
    for y in range(len(written)):
        axes.axhline(y, color=GREY, linewidth=0.5, alpha=0.4, zorder=0)
    _draw_members(result, axes, {n: v[shown] for n, v in members.items()}, rank[place][shown])
    date_axis(axes)
    return axes


def _members(result: Dedup, group: int) -> dict[str, NDArray[Any]]:
    """Return what is known of each text of a group, by time, undated ones last."""
    if not 0 <= read_range("group", group, 0) < result.n_groups:
        msg = f"group is {group}; the result has {result.n_groups:,} groups, numbered from 0"
        raise ValueError(msg)
    table = result.groups_table
    inside = table["group"] == group
    rows = table["row" if "paragraph" not in table else "paragraph"][inside]
    assert result.dates is not None
    if result.sources is not None:
        sources = result.sources[rows]
        outlet = np.where(sources.astype(np.bool_), sources, _UNKNOWN)
    else:
        named = rows if result.ids is None else result.ids[rows]
        outlet = np.char.add(f"{result.unit} ", named.astype(np.str_)).astype(object)
    columns = {
        "time": result.dates[rows].astype("datetime64[us]"),
        "outlet": outlet.astype(object),
        "verdict": table["verdict"][inside],
        "keeper": table["keeper"][inside] == rows,
        "similarity": table[MEASURES[result.measure].column][inside],
    }
    order = np.lexsort((rows, ~columns["keeper"], columns["time"]))
    return {name: values[order] for name, values in columns.items()}


def _draw_members(
    result: Dedup, axes: Any, members: dict[str, NDArray[Any]], y: NDArray[np.int64]
) -> None:
    others = ~members["keeper"]
    top = float(members["similarity"].max()) if result.measure == "overlap" else 1.0
    colours: dict[str, Any] = {
        "cmap": SCALE,
        "vmin": min(result.threshold, 0.99 * top),
        "vmax": top,
    }
    drawn = None
    for verdict, marker in _MARKERS.items():
        mine = others & (members["verdict"] == verdict)
        if mine.any():
            drawn = axes.scatter(
                members["time"][mine],
                y[mine],
                c=members["similarity"][mine].astype(float),
                marker=marker,
                s=55,
                edgecolor="black",
                linewidth=0.6,
                label=verdict,
                zorder=2,
                **colours,
            )
    kept = members["keeper"]
    if kept.any():
        axes.scatter(
            members["time"][kept],
            y[kept],
            marker="*",
            s=240,
            color=ORANGE,
            edgecolor="black",
            linewidth=0.6,
            label="keeper",
            zorder=3,
        )
    legend = axes.legend(
        frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=4.4
    )
    for handle in legend.legend_handles:
        if handle.get_label() != "keeper":
            handle.set(facecolor="white", array=None)
    if drawn is not None:
        axes.figure.colorbar(drawn, ax=axes, label="similarity to the keeper", pad=0.02)


def plot_outlets(result: Dedup, ax: Any = None, k: int = 12, value: str = "stories") -> Any:
    """Draw who runs whose copy, as a matrix of outlets; see `Dedup.plot_outlets`."""
    k = read_range("k", k, 1)
    table = result.outlets_table
    known = [name for name in table.columns if name not in {"original", "reprinter"}]
    if value not in known:
        msg = f"value is {value!r}; must be one of {', '.join(known)}"
        raise ValueError(msg)
    stories = table["stories"]
    _, row = _most(table["original"], stories, k)
    reprinters, column = _most(table["reprinter"], np.where(row >= 0, stories, 0), k)
    # Less those of which no reprinter is among the chosen.
    originals, row = _most(table["original"], np.where((row >= 0) & (column >= 0), stories, 0), k)
    axes = new_axes(ax, height=2.6 + 0.32 * max(len(originals), 3))
    shown = (row >= 0) & (column >= 0)
    cells = np.full((max(len(originals), 1), max(len(reprinters), 1)), np.nan)
    cells[row[shown], column[shown]] = table[value][shown]
    for names, set_ticks, more in (
        (originals, axes.set_yticks, {}),
        (
            reprinters,
            axes.set_xticks,
            {"rotation": 40, "ha": "right", "rotation_mode": "anchor"},
        ),
    ):
        written = [label(name or _UNKNOWN, 24) for name in names]
        set_ticks(np.arange(len(written)), written, **fonts(written), **more)
    axes.tick_params(length=0)
    axes.set_ylabel("first printed by")
    axes.set_xlabel("printed again by")
    total, part = int(stories.sum()), int(stories[shown].sum())
    of = f"{part:,} of " if part < total else ""
    axes.set_title(f"Who runs whose copy: {of}{counted(total, 'reprint')}", loc="left")
    axes.spines[:].set_visible(False)
    if not len(table):
        note(axes, "no outlet printed what another one had")
        return axes
    for y, x in zip(*np.nonzero(np.equal.outer(originals, reprinters)), strict=True):
        axes.text(x, y, "own", ha="center", va="center", color=GREY, fontsize="small")
    _draw_cells(axes, cells, value)
    return axes


def _most(
    outlet: NDArray[Any], stories: NDArray[np.int64], k: int
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the k outlets with the most stories, and the place of each row's (-1: none)."""
    names, number = np.unique(outlet, return_inverse=True)
    total = np.bincount(number, weights=stories, minlength=len(names))
    order = np.argsort(-total, kind="stable")[: min(k, np.count_nonzero(total))]
    place = np.full(len(names), -1)
    place[order] = np.arange(len(order))
    return names[order], place[number]


def _draw_cells(axes: Any, cells: NDArray[np.float64], value: str) -> None:
    colors = importlib.import_module("matplotlib.colors")
    top = float(np.nanmax(cells)) if np.isfinite(cells).any() else 1.0
    norm = colors.Normalize(0, top or 1.0)
    edges = [np.arange(n + 1) - 0.5 for n in cells.shape[::-1]]
    mesh = axes.pcolormesh(
        *edges, np.ma.masked_invalid(cells), cmap=SCALE, norm=norm, edgecolor="white", linewidth=1
    )
    axes.invert_yaxis()
    bar = axes.figure.colorbar(mesh, ax=axes, label=_UNITS.get(value, value), pad=0.02)
    whole = value in _COUNTS
    if whole:
        bar.locator = importlib.import_module("matplotlib.ticker").MaxNLocator(integer=True)
        bar.update_ticks()
    if cells.size > _MOST_NUMBERS:
        return
    for y, x in zip(*np.nonzero(np.isfinite(cells)), strict=True):
        number = cells[y, x]
        axes.text(
            x,
            y,
            f"{number:,.0f}" if whole else f"{number:.2g}",
            ha="center",
            va="center",
            color="white" if norm(number) > 0.5 else "black",
            fontsize="small",
        )


_COUNTS = {"stories", "texts", "dated", "same_time"}
_UNITS = {
    "share": "share of what the reprinter took over",
    "share_of_texts": "share of all the reprinter's texts",
    "median_delay_hours": "median delay (hours)",
    "dated": "stories with both dates",
    "same_time": "stories with equal dates",
}
