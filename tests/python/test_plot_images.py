"""Plots look as they did: compared with stored pictures, with a tolerance that broken plots exceed.

`tools/plot_baselines.py` writes the pictures; `plot_cases.py` says how the tolerance was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("matplotlib")

import plot_cases


def without(kind: str, number: int) -> Callable[[Any], None]:
    return lambda axes: getattr(axes, kind)[number].remove()


def stretched(axes: Any) -> None:
    low, high = axes.get_ylim()
    axes.set_ylim(low, low + 1.15 * (high - low))


#: What a broken plot would lack, or have otherwise.
CHANGES: dict[str, dict[str, Callable[[Any], None]]] = {
    "similarity": {"no threshold": without("lines", 0), "a bar less": without("patches", 1)},
    "s_curve": {"no curve": without("lines", 0), "no threshold": without("lines", 1)},
    "group_sizes": {"a bar less": without("patches", 2)},
    "group_sizes_log": {
        "no points": without("collections", 0),
        "linear": lambda axes: axes.set_yscale("linear"),
    },
    "timeline": {
        "a verdict less": without("collections", 1),
        "no keeper": without("collections", 3),
        "upside down": lambda axes: axes.invert_yaxis(),
    },
    "outlets": {
        "no cells": without("collections", 0),
        "other colours": lambda axes: axes.collections[0].set_cmap("viridis"),
    },
    "outlets_delay": {"mirrored": lambda axes: axes.invert_xaxis()},
    "keyness": {"a bar less": without("patches", 3)},
    "dispersion": {"a word less": without("collections", 0)},
    "trends": {
        "no curve": without("lines", 0),
        "no burst": without("lines", 1),
        "no interval": without("collections", 0),
    },
    "network": {"an edge less": without("patches", 2), "no nodes": without("collections", 0)},
}
EVERYWHERE: dict[str, Callable[[Any], None]] = {
    "no title": lambda axes: axes.set_title("", loc="left"),
    "stretched": stretched,
}


@pytest.mark.parametrize("name", plot_cases.CASES)
def test_plot_looks_as_it_did(name: str) -> None:
    stored = plot_cases.BASELINES / f"{name}.png"
    apart = plot_cases.difference(plot_cases.draw(name), stored)
    assert apart <= plot_cases.TOLERANCE, "look, then run tools/plot_baselines.py"


@pytest.mark.parametrize(
    ("name", "change"),
    [(name, change) for name in plot_cases.CASES for change in {**CHANGES[name], **EVERYWHERE}],
)
def test_a_changed_plot_fails(name: str, change: str) -> None:
    changed = plot_cases.draw(name, {**CHANGES[name], **EVERYWHERE}[change])
    apart = plot_cases.difference(changed, plot_cases.BASELINES / f"{name}.png")
    assert apart > plot_cases.TOLERANCE


def test_pictures_are_small_and_all_there() -> None:
    stored = sorted(plot_cases.BASELINES.glob("*.png"))
    assert [path.stem for path in stored] == sorted(plot_cases.CASES)
    assert sum(path.stat().st_size for path in stored) < 100_000
    assert all(b"Software" not in path.read_bytes() for path in stored)
