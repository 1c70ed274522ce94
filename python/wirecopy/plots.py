"""Plots of results, with matplotlib (``pip install "wirecopy[plots]"``)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._measures import MEASURES
from wirecopy._optional import optional
from wirecopy.keywords._kwic import kwic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wirecopy._result import Dedup
    from wirecopy.keywords import Trends

__all__ = [
    "plot_dispersion",
    "plot_keyness",
    "plot_network",
    "plot_s_curve",
    "plot_similarity",
    "plot_trends",
]

# From the palette of Okabe and Ito, which colour-blind readers can tell apart.
_BLUE, _ORANGE, _GREY = "#0072B2", "#D55E00", "#8A8A8A"
_SERIES = (_BLUE, _ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


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
    axes = _axes(ax, height=1.2 + 0.27 * max(len(rows), 4))
    values = columns[value][rows].astype(float)
    at = -np.arange(len(rows))
    colours = [_BLUE if number >= 0 else _ORANGE for number in g2[rows]]
    axes.barh(at, values, color=colours, height=0.7)
    axes.axvline(0, color=_GREY, linewidth=0.8)
    axes.set_yticks(at, [_label(term) for term in columns["term"][rows]])
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("log ratio (1: twice as frequent)" if value == "log_ratio" else value)
    axes.set_title("More frequent in the target (blue), in the reference (orange)", loc="left")
    axes.spines["left"].set_visible(False)
    _clean(axes)
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
    axes = _axes(ax, height=1.2 + 0.45 * max(len(terms), 2))
    at = begins[found["row"]] + found["start"]
    for number, term in enumerate(terms):
        mine = at[found["pattern"] == term]
        axes.vlines(mine, -number - 0.36, -number + 0.36, color=_BLUE, linewidth=0.8, alpha=0.8)
        axes.annotate(
            f" {len(mine):,}",
            (1, -number),
            xycoords=("axes fraction", "data"),
            va="center",
            color=_GREY,
            annotation_clip=False,
        )
    axes.set_yticks(-np.arange(len(terms)), [_label(term) for term in terms])
    axes.set_ylim(-len(terms) + 0.4, 0.6)
    axes.set_xlim(0, max(int(begins[-1]), 1))
    axes.tick_params(axis="y", length=0)
    if labels is not None and texts:
        # A character is somewhat less than a sixtieth of the width.
        longest = max((len(_label(label)) for label in labels), default=1)
        room = begins[-1] * min(1.0, (longest + 2) / 60)
        shown: list[int] = []
        for i, begin in enumerate(begins[:-1].tolist()):
            if not shown or begin - begins[shown[-1]] >= room:
                shown.append(i)
        axes.set_xticks(begins[shown], [_label(labels[i]) for i in shown])
    else:
        axes.set_xlabel("characters")
    axes.set_title(f"Where they stand in {len(texts):,} texts", loc="left")
    axes.spines["left"].set_visible(False)
    _clean(axes)
    return axes


def plot_trends(result: Trends, terms: str | Sequence[str] | None = None, ax: Any = None) -> Any:
    """Draw the rates of terms with their intervals and bursts; see `Trends.plot`."""
    table, bursts = result._plain("table"), result._plain("bursts")
    known = list(dict.fromkeys(table["term"].tolist()))
    names = known[:5] if terms is None else [terms] if isinstance(terms, str) else list(terms)
    for name in names:
        if name not in known:
            raise KeyError(name)
    axes = _axes(ax)
    for i, name in enumerate(names):
        color = _SERIES[i % len(_SERIES)]
        rows = table["term"] == name
        when = table["period"][rows]
        # A period without words says nothing: its interval is all there is.
        unknown = table["high"][rows] - table["low"][rows] >= 1e6
        rate, low, high = (
            np.where(unknown, np.nan, table[column][rows])
            for column in ("per_million", "low", "high")
        )
        axes.plot(when, rate, color=color, linewidth=1.6, label=name)
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
    axes.legend(frameon=False)
    _clean(axes)
    return axes


def plot_network(table: Any, ax: Any = None, k: int = 60, value: str = "log_dice") -> Any:
    """Draw keywords that are found together, on a circle with a curve for each edge.

    Words that hang together stand near each other: their places in the round are those of the
    second and third eigenvectors of the network's normalized Laplacian [1]_.

    Parameters
    ----------
    table : table of `network`, of any kind
        The edges. Its order says which are drawn: the first `k`.
    ax : matplotlib Axes, optional
        Where to draw. Default: a new figure.
    k : int, default 60
        Edges, at most.
    value : str, default "log_dice"
        The column that the width of the curves shows, by rank: the strongest are the widest.

    Returns
    -------
    matplotlib Axes

    References
    ----------
    .. [1] Y. Koren: "Drawing graphs by eigenvectors: theory and practice", Computers & Mathematics
       with Applications 49 (2005), 1867-1888.
    """
    source, target, strength = (
        np.asarray(table[name])[:k].tolist() for name in ("source", "target", value)
    )
    axes = _axes(ax, height=7)
    axes.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal")
    axes.set_axis_off()
    axes.set_title("Words that are found together", loc="left")
    if not source:
        return axes
    path = importlib.import_module("matplotlib.path")
    patches = importlib.import_module("matplotlib.patches")
    names = list(dict.fromkeys([*source, *target]))
    number = {name: i for i, name in enumerate(names)}
    ends = np.array([[number[a], number[b]] for a, b in zip(source, target, strict=True)])
    values, rank = np.unique(np.array(strength, dtype=float), return_inverse=True)
    weight = (rank + 1) / len(values)
    angle = 2 * np.pi * _around(len(names), ends, weight) / len(names)
    at = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    for (a, b), w in zip(ends, weight, strict=True):
        curve = path.Path([at[a], (at[a] + at[b]) * 0.2, at[b]], [1, 3, 3])
        axes.add_patch(
            patches.PathPatch(
                curve, fill=False, color=_BLUE, linewidth=0.4 + 3 * w, alpha=0.15 + 0.5 * w
            )
        )
    edges = np.bincount(ends.ravel(), minlength=len(names))
    axes.scatter(at[:, 0], at[:, 1], s=14 + 10 * edges, color=_ORANGE, zorder=3)
    for name, turn, point in zip(names, angle, at, strict=True):
        left = point[0] < 0
        axes.annotate(
            _label(name),
            1.07 * point,
            rotation=np.degrees(turn) - (180 if left else 0),
            rotation_mode="anchor",
            ha="right" if left else "left",
            va="center",
        )
    return axes


def _around(nodes: int, ends: np.ndarray[Any, Any], weight: np.ndarray[Any, Any]) -> Any:
    """Which place each node has in a round that keeps heavy edges short."""
    # A faint edge between all of them, so that a network in pieces has one order too.
    adjacency = np.full((nodes, nodes), 1e-3)
    for (a, b), w in zip(ends, weight, strict=True):
        adjacency[a, b] += w * w
        adjacency[b, a] += w * w
    np.fill_diagonal(adjacency, 0)
    scale = 1 / np.sqrt(adjacency.sum(axis=0))
    laplacian = np.eye(nodes) - scale[:, None] * adjacency * scale
    vectors = np.linalg.eigh(laplacian)[1]
    x, y = (vectors[:, min(i, nodes - 1)] * scale for i in (1, 2))
    places = np.empty(nodes, dtype=int)
    places[np.argsort(np.round(np.arctan2(y, x), 9), kind="stable")] = np.arange(nodes)
    return places


def _label(value: Any) -> str:
    """A short text that matplotlib does not take for mathematics."""
    text = str(value).replace("$", r"\$")
    return text if len(text) <= 30 else text[:29] + "…"


def _axes(ax: Any, height: float = 4) -> Any:
    if ax is not None:
        return ax
    pyplot = optional("matplotlib.pyplot", "a plot", "plots")
    return pyplot.subplots(figsize=(7, height), layout="constrained")[1]


def _clean(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
