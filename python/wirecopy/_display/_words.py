"""Values as words and numbers for people, and as text that HTML can hold."""

from __future__ import annotations

import html
import math
import re
from datetime import date
from typing import Any

import numpy as np

__all__ = [
    "amount",
    "bidi",
    "clean",
    "clip",
    "count_of",
    "esc",
    "first_words",
    "number",
    "percent_down",
    "show_date",
    "show_similarity",
]

_HEADLINE_WORDS = 14
_HEADLINE_LENGTH = 160
_NOT_IN_HTML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NARROW_SPACE = "\u202f"


def clean(value: Any) -> str:
    """Return a value as text that HTML can hold; None and NaN become the empty string."""
    if hasattr(value, "as_py"):  # a pyarrow scalar
        value = value.as_py()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = value if isinstance(value, str) else str(value)
    # One character for one, but for the two of a Windows line break.
    return _NOT_IN_HTML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def esc(value: Any) -> str:
    """Return a value as text in HTML, inside and outside of attributes."""
    return html.escape(clean(value), quote=True)


def bidi(value: Any) -> str:
    """Return text for a line with others, whose writing direction reaches nothing around it."""
    return f'<bdi dir="auto">{esc(value)}</bdi>'


def first_words(text: str, limit: int = _HEADLINE_LENGTH) -> str:
    """Return how a text begins, on one line."""
    words = text[: 4 * limit].split(None, _HEADLINE_WORDS)
    begin = " ".join(words[:_HEADLINE_WORDS])
    cut = len(words) > _HEADLINE_WORDS or len(text) > 4 * limit
    if len(begin) > limit:
        begin, cut = begin[:limit].rstrip(), True
    return begin + "…" if cut else begin


def clip(text: str, limit: int) -> str:
    """Return at most `limit` characters of a text, the last of them "…" where some are missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def show_date(value: Any) -> str:
    """Return a date to the minute, and to the day where it has no time."""
    if hasattr(value, "as_py"):
        value = value.as_py()
    if value is None or value != value:  # noqa: PLR0124 - NaT and NaN are not equal to themselves
        return ""
    if isinstance(value, np.datetime64):
        value = str(np.datetime_as_string(value, unit="m"))
    elif isinstance(value, date):
        value = value.isoformat()
    text = clean(value).strip()
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
        text = text[:16].replace("T", " ").removesuffix(" 00:00")
    return text


def percent_down(share: float) -> str:
    """Return a share as a percentage that is never rounded up: 0.99999 is 99.99 %, not 100 %."""
    if share >= 1:
        return "100 %"
    return f"{math.floor(share * 10_000) / 100:g} %"


def show_similarity(value: float) -> str:
    """Return two decimals, never rounded up to the 1.00 of an equal text."""
    return f"{value:.2f}" if value >= 1 else f"{min(value, 0.99):.2f}"


def number(value: float) -> str:
    """Return a number with narrow spaces between its thousands."""
    return f"{value:,}".replace(",", _NARROW_SPACE)


def amount(value: float) -> str:
    """Return a sum of weights: to one decimal where it is small and not whole."""
    return number(round(value)) if value >= 100 else f"{value:.1f}".removesuffix(".0")


def count_of(value: int, one: str, many: str | None = None) -> str:
    """Return how many of something there are: "1 word", "2 words"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"
