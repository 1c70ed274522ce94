"""Each plot with data of its own, drawn in one style, and how far apart two pictures are.

Read by `tests/python/test_plot_images.py` and by `tools/plot_baselines.py`, which writes the pictures
that the test compares with.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import wirecopy as wc
from wirecopy import plots

BASELINES = Path(__file__).resolve().parent / "python" / "baseline_images"

#: Above this difference a plot is another one. Matplotlib 3.7 and 3.10 draw these plots with up to 5.6
#: from the pictures of 3.11 (letters); a lost axis label, the least of the changes that the test makes,
#: gives 8.1.
TOLERANCE = 7.0

_BLOCK = 8  # pixels each way that are averaged, so that how letters are smoothed counts little
_REGIONS = (6, 8)  # of the height and the width
_WORDS = [f"word{i}" for i in range(400)]


def _printings() -> wc.Dedup:
    """Eight stories by three outlets that print from each other, cut or with something changed."""
    rng = random.Random(4)
    texts, sources, dates = [], [], []
    for story, count in enumerate([2, 3, 2, 5, 2, 3, 2, 4]):
        words = rng.choices(_WORDS, k=80)
        outlets = rng.sample(["Agency", "Herald", "Gazette", "Post", "Courier"], k=count)
        for i, outlet in enumerate(outlets):
            copy = list(words)
            if i % 3 == 1:
                copy = copy[:60]
            elif i % 3 == 2:
                copy[10:14] = rng.choices(_WORDS, k=4)
            texts.append(" ".join(copy))
            sources.append(outlet)
            dates.append(f"2024-05-{story + 1:02}T{6 + 4 * i:02}:30")
    return wc.dedup(texts, sources=sources, dates=dates, progress=False)


def _many_sizes() -> wc.Dedup:
    rng = random.Random(9)
    texts: list[str] = []
    for _ in range(250):
        texts += [" ".join(rng.choices(_WORDS, k=12))] * (1 + int(rng.paretovariate(1)))
    return wc.dedup(texts, progress=False)


def _sketched() -> wc.Dedup:
    texts = [
        " ".join([*_WORDS[:n], *(f"{n}x{i}" for i in range(60 - n))]) for n in range(60, 30, -1)
    ]
    return wc.dedup(texts, method="minhash", progress=False)


def _talk() -> tuple[list[str], list[str]]:
    """A text a day, with a word that bursts in the third week and one that is always there."""
    rng = random.Random(5)
    texts, dates = [], []
    for day in range(28):
        for _ in range(12):
            words = rng.choices(_WORDS, k=20)
            if rng.random() < (0.7 if 14 <= day < 19 else 0.08):
                words.append("flood")
            if rng.random() < 0.3:
                words.append("mayor")
            texts.append(" ".join(words))
            dates.append(f"2024-02-{day + 1:02}")
    return texts, dates


def _trends(ax: Any) -> Any:
    return wc.trends(*_talk(), freq="day", terms=["flood", "mayor"]).plot(ax=ax)


def _keyness(ax: Any) -> Any:
    table = wc.keyness(
        ["goal and cup and goal", "late goal in the cup", "cup final"] * 5,
        ["tax and vote", "vote on tax", "the $5 vote", "a tax on cups"] * 5,
    )
    return plots.plot_keyness(table, ax=ax, k=4)


def _dispersion(ax: Any) -> Any:
    texts, _ = _talk()
    return plots.plot_dispersion(texts, ["flood", "mayor", "word1*"], ax=ax)


def _network(ax: Any) -> Any:
    texts = ["port ship crew", "ship crew port", "bank loan rate", "loan rate bank", "rate ship"]
    return plots.plot_network(wc.network(texts, terms=6, min_count=1), ax=ax)


#: Names of the pictures, and what draws them.
CASES: dict[str, Callable[[Any], Any]] = {
    "similarity": lambda ax: _printings().plot_similarity(ax=ax, bins=12),
    "s_curve": lambda ax: _sketched().plot_s_curve(ax=ax),
    "group_sizes": lambda ax: _printings().plot_group_sizes(ax=ax),
    "group_sizes_log": lambda ax: _many_sizes().plot_group_sizes(ax=ax),
    "timeline": lambda ax: _printings().plot_timeline(3, ax=ax),
    "outlets": lambda ax: _printings().plot_outlets(ax=ax),
    "outlets_delay": lambda ax: _printings().plot_outlets(ax=ax, value="median_delay_hours"),
    "keyness": _keyness,
    "dispersion": _dispersion,
    "trends": _trends,
    "network": _network,
}


def draw(name: str, change: Callable[[Any], None] | None = None) -> bytes:
    """Draw a plot as a small PNG, with something `change` does to its axes before it is saved."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"font.family": "DejaVu Sans", "font.size": 7, "text.hinting": "none"})
        figure = Figure(figsize=(4.4, 3.2), dpi=60)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.2, 0.26, 0.66, 0.64))
        assert CASES[name](axes) is axes
        if change is not None:
            change(axes)
        file = io.BytesIO()
        figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def difference(one: bytes | Path, other: bytes | Path) -> float:
    """Return how far two pictures are apart: the worst region's root of mean squares, 0 to 255.

    Both are made smaller first. Where the sizes differ, so do the pictures: infinity.
    """
    a, b = _small(one), _small(other)
    if a.shape != b.shape:
        return float("inf")
    squares = ((a - b) ** 2).mean(axis=2)
    down, across = (n // count for n, count in zip(squares.shape, _REGIONS, strict=True))
    whole = squares[: down * _REGIONS[0], : across * _REGIONS[1]]
    regions = whole.reshape(_REGIONS[0], down, _REGIONS[1], across)
    return float(np.sqrt(regions.mean(axis=(1, 3)).max()))


def _small(picture: bytes | Path) -> np.ndarray[Any, Any]:
    from matplotlib import image

    source = io.BytesIO(picture) if isinstance(picture, bytes) else str(picture)
    pixels = 255 * image.imread(source, format="png")[:, :, :3].astype(float)
    height, width = (n // _BLOCK * _BLOCK for n in pixels.shape[:2])
    blocks = pixels[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK, 3)
    return blocks.mean(axis=(1, 3))
