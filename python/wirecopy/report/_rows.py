"""What is known of a text, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._display._words import bidi, clean, esc, first_words, show_date

if TYPE_CHECKING:
    from wirecopy._result import Dedup

__all__ = ["Rows"]

_MINUTE = np.timedelta64(1, "m")
_BEGIN = 2000  # characters that a headline is looked for in
_EPOCH = np.datetime64(0, "m")


class Rows:
    """Texts of a result by row: their names, headlines, outlets and dates."""

    def __init__(self, dedup: Dedup, headlines: Sequence[Any] | None = None) -> None:
        self.dedup = dedup
        self.headlines = headlines

    def text(self, row: int) -> str:
        """Return a text as HTML can hold it."""
        return clean(self.dedup.texts[row])

    def headline(self, row: int) -> str:
        """Return its headline, or how it begins."""
        given = clean(self.headlines[row]) if self.headlines is not None else ""
        given = " ".join(given.split())
        if given:
            return first_words(given)
        return first_words(clean((self.dedup.texts[row] or "")[:_BEGIN].lstrip())) or "(no text)"

    def name(self, row: int) -> str:
        """Return its id, or its row."""
        return f"row {row}" if self.dedup.ids is None else clean(self.dedup.ids[row])

    def source(self, row: int) -> str:
        """Return its outlet, empty where none is known."""
        return "" if self.dedup.sources is None else clean(self.dedup.sources[row])

    def when(self, row: int) -> str:
        """Return its date, empty where none is known."""
        return "" if self.dedup.dates is None else show_date(self.dedup.dates[row])

    def minutes(self, row: int) -> int | None:
        """Return its date as minutes since 1970 (UTC)."""
        dates = self.dedup.dates
        if dates is None or np.isnat(dates[row]):
            return None
        return int((dates[row] - _EPOCH) // _MINUTE)

    def heading(self, row: int, tag: str = "span") -> str:
        """Return its headline as HTML."""
        return f'<{tag} class="headline" dir="auto">{esc(self.headline(row))}</{tag}>'

    def meta(self, row: int) -> str:
        """Return outlet, date and name as HTML."""
        parts = (self.source(row), self.when(row), self.name(row))
        return "".join(f"<span>{bidi(text)}</span>" for text in parts if text)
