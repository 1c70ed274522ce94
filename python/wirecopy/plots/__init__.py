"""Plots of results, with matplotlib (``pip install "wirecopy[plots]"``).

Each takes ``ax=`` and returns the Axes it drew on. Single colours are of the palette of Okabe and Ito,
scales are matplotlib's cividis (Nuñez, Anderton and Renslow 2018): colour-blind readers can tell both
apart. Texts that become labels are cut to one short line, and never read as mathematics. Where there is
nothing to draw, the plot is empty, with its labels and a line that says why; where a column is missing
(``dates=``, ``sources=``) there is an error that names it. What each plot shows, and when it misleads,
is in ``docs/plots.md``.
"""

from __future__ import annotations

from wirecopy.plots._network import plot_network
from wirecopy.plots._pairs import plot_group_sizes, plot_s_curve, plot_similarity
from wirecopy.plots._spread import plot_outlets, plot_timeline
from wirecopy.plots._words import plot_dispersion, plot_keyness, plot_trends

__all__ = [
    "plot_dispersion",
    "plot_group_sizes",
    "plot_keyness",
    "plot_network",
    "plot_outlets",
    "plot_s_curve",
    "plot_similarity",
    "plot_timeline",
    "plot_trends",
]
