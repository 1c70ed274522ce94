"""What all plots share: colours, axes, labels that cannot do harm, dates."""

from __future__ import annotations

import importlib
import unicodedata
from collections.abc import Iterable
from typing import Any

from wirecopy._optional import optional
from wirecopy._table import _clip

__all__ = [
    "BLUE",
    "GREY",
    "ORANGE",
    "SCALE",
    "SERIES",
    "clean",
    "counted",
    "date_axis",
    "fonts",
    "label",
    "new_axes",
    "note",
]

# From the palette of Okabe and Ito ("Color universal design", 2008).
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#8A8A8A"
SERIES = (BLUE, ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
#: Light is little, dark is much.
SCALE = "cividis_r"

# Matplotlib's own font, DejaVu Sans, ends before Devanagari; these are what systems come with.
_LAST_OWN = 0x0900
_FALLBACKS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Thonburi",
    "Kohinoor Devanagari",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "Leelawadee UI",
    "Nirmala UI",
    "Arial Unicode MS",
    "WenQuanYi Zen Hei",
    "IPAGothic",
    "Unifont",
)


def new_axes(ax: Any, height: float = 4) -> Any:
    """Return `ax`, or the axes of a new figure."""
    if ax is not None:
        return ax
    pyplot = optional("matplotlib.pyplot", "a plot", "plots")
    return pyplot.subplots(figsize=(7, height), layout="constrained")[1]


def clean(axes: Any) -> None:
    """Take off the lines that say nothing."""
    axes.spines[["top", "right"]].set_visible(False)


def counted(number: int, what: str) -> str:
    """Write "1 group" or "1,200 groups"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def note(axes: Any, text: str) -> None:
    """Say in the middle of empty axes why they are empty."""
    axes.set(xticks=[], yticks=[])
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=GREY)


def date_axis(axes: Any) -> None:
    """Give the x axis few and short dates, in UTC whatever the settings say."""
    dates = importlib.import_module("matplotlib.dates")
    locator = dates.AutoDateLocator(tz="UTC", minticks=3, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, tz="UTC"))


def label(value: Any, width: int = 30) -> str:
    """One short line that matplotlib does not take for mathematics."""
    text = str(value)[: 8 * width]
    # Characters that join others have no width; what else cannot be printed separates words.
    shown = "".join(
        c if c.isprintable() else "" if unicodedata.category(c) == "Cf" else " " for c in text
    )
    return _clip(" ".join(shown.split()), width).replace("$", r"\$")


def fonts(labels: Iterable[str]) -> dict[str, Any]:
    """Return the argument that names more fonts, where these labels need them and they are there."""
    if all(ord(c) < _LAST_OWN or not c.isalpha() for text in labels for c in text):
        return {}
    manager = importlib.import_module("matplotlib.font_manager").fontManager
    usual = importlib.import_module("matplotlib").rcParams["font.family"]
    there = {font.name for font in manager.ttflist}
    return {"fontfamily": [*usual, *(name for name in _FALLBACKS if name in there)]}
