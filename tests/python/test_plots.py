"""Plots draw what their tables say, on the axes that they are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wirecopy as wc
from wirecopy import plots

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture
def ax() -> Any:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    yield axes
    pyplot.close(figure)


TARGET = ["goal and cup and goal", "late goal"]
REFERENCE = ["tax and vote", "vote on tax", "a $5 vote"]


def test_keyness_bars_are_the_values_of_the_table(ax: Any) -> None:
    table = wc.keyness(TARGET, REFERENCE)
    assert plots.plot_keyness(table, ax=ax, k=2) is ax
    shown = {
        t.get_text(): bar.get_width()
        for t, bar in zip(ax.get_yticklabels(), ax.patches, strict=True)
    }
    value = dict(zip(table["term"].tolist(), table["log_ratio"].tolist(), strict=True))
    assert shown == pytest.approx({term: value[term] for term in ("goal", "cup", "tax", "vote")})
    colours = {bar.get_facecolor() for bar in ax.patches}
    assert len(colours) == 2


def test_keyness_of_any_kind(ax: Any) -> None:
    for library in ("pandas", "polars"):
        series = pytest.importorskip(library).Series
        plots.plot_keyness(wc.keyness(series(TARGET), REFERENCE), ax=ax)
    assert ax.patches


def test_dispersion_marks_stand_where_the_hits_do(ax: Any) -> None:
    texts = ["rain and sun", None, "sun, rain, sun"]
    assert plots.plot_dispersion(texts, ["rain", "s*n", "snow"], ax=ax, labels=[1, 2, 3]) is ax
    marks = [np.array([s[0][0] for s in c.get_segments()]) for c in ax.collections]
    assert [m.tolist() for m in marks] == [[0, 17], [9, 12, 23], []]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["rain", "s*n", "snow"]


def test_network_draws_its_edges_and_keeps_friends_together(ax: Any) -> None:
    texts = ["port ship crew", "ship crew port", "bank loan rate", "loan rate bank", "rate ship"]
    table = wc.network(texts, terms=6, min_count=1)
    assert plots.plot_network(table, ax=ax) is ax
    assert len(ax.patches) == len(table) == 7
    place = {t.get_text(): np.array(t.get_position()) for t in ax.texts}
    assert set(place) == {"port", "ship", "crew", "bank", "loan", "rate"}
    assert all(abs(np.hypot(*at) - 1.07) < 1e-9 for at in place.values())
    # Six places on the circle: each three stand side by side.
    for three in (("port", "ship", "crew"), ("bank", "loan", "rate")):
        apart = [np.hypot(*(place[a] - place[b])) for a in three for b in three]
        assert max(apart) < 1.9
    widths = [patch.get_linewidth() for patch in ax.patches]
    assert widths[0] == max(widths)
    plots.plot_network(table, ax=ax, k=2)
    assert len(ax.patches) == 9
    with pytest.raises(KeyError, match="g2"):
        plots.plot_network(table, ax=ax, value="g2")


def test_empty_and_hostile_tables_draw(ax: Any) -> None:
    edges = {"source": ["$x^{"], "target": ["<b>"], "log_dice": [1.0]}
    plots.plot_network(wc.Table(edges), ax=ax)
    plots.plot_network(wc.Table({name: [] for name in edges}), ax=ax)
    plots.plot_dispersion([], ["$x^{"], ax=ax)
    plots.plot_keyness(wc.Table({"term": ["$x^{"], "g2": [1.0], "log_ratio": [2.0]}), ax=ax)
    plots.plot_keyness(wc.Table({"term": [], "g2": [], "log_ratio": []}), ax=ax)
    ax.figure.canvas.draw()
