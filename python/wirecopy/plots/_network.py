"""Words that are found together, on a circle."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from wirecopy.plots._style import BLUE, ORANGE, fonts, label, new_axes, note

__all__ = ["plot_network"]


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
    axes = new_axes(ax, height=7)
    axes.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal")
    axes.set_axis_off()
    axes.set_title("Words that are found together", loc="left")
    if not source:
        note(axes, "no two words are found together")
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
                curve, fill=False, color=BLUE, linewidth=0.4 + 3 * w, alpha=0.15 + 0.5 * w
            )
        )
    edges = np.bincount(ends.ravel(), minlength=len(names))
    axes.scatter(at[:, 0], at[:, 1], s=14 + 10 * edges, color=ORANGE, zorder=3)
    written = [label(name) for name in names]
    more = fonts(written)
    for name, turn, point in zip(written, angle, at, strict=True):
        left = point[0] < 0
        axes.annotate(
            name,
            1.07 * point,
            rotation=np.degrees(turn) - (180 if left else 0),
            rotation_mode="anchor",
            ha="right" if left else "left",
            va="center",
            **more,
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
