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


def test_empty_and_hostile_tables_draw(ax: Any) -> None:
    plots.plot_dispersion([], ["$x^{"], ax=ax)
    plots.plot_keyness(wc.Table({"term": ["$x^{"], "g2": [1.0], "log_ratio": [2.0]}), ax=ax)
    plots.plot_keyness(wc.Table({"term": [], "g2": [], "log_ratio": []}), ax=ax)
    ax.figure.canvas.draw()
