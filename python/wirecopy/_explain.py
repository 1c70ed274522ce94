"""Two texts beside each other: what is equal, replaced, cut and added."""

from __future__ import annotations

from typing import Any

from wirecopy import _core
from wirecopy._context import Context
from wirecopy._table import Table

__all__ = ["Explanation"]

_SHOWN_IN_REPR = 12
_SHOWN_CHARACTERS = 60


class Explanation:
    """How two texts run along each other, word by word.

    Attributes
    ----------
    a, b : int
        Rows of the two texts.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = ["The bridge reopens on Monday.", "The bridge reopens on Friday."]
    >>> found = wc.dedup(texts).explain(0, 1)
    >>> for row in found.segments.rows():
    ...     print(row["kind"], found.text_b[row["b_start"] : row["b_end"]])
    equal The bridge reopens on
    replaced Friday
    """

    def __init__(self, context: Context, a: int, b: int) -> None:
        self.a = a
        self.b = b
        self._context = context
        self._segments: Table | None = None

    @property
    def text_a(self) -> str:
        """The first text."""
        return self._context.texts[self.a] or ""

    @property
    def text_b(self) -> str:
        """The second text."""
        return self._context.texts[self.b] or ""

    @property
    def segments(self) -> Table:
        """The texts in parts, in order.

        Columns: kind ("equal", "replaced", "cut": only in a, "added": only in b); a_start, a_end,
        b_start, b_end (code points: ``text_a[a_start:a_end]``). What stands between two parts is white
        space and punctuation.
        """
        if self._segments is None:
            self._segments = Table(_core.explain_pair(self._context.texts, self.a, self.b))
        return self._segments

    def __repr__(self) -> str:
        table = self.segments
        lines = [f"<Explanation: {self._called()}>"]
        for part in list(table.rows())[:_SHOWN_IN_REPR]:
            left = _brief(self.text_a[part["a_start"] : part["a_end"]])
            right = _brief(self.text_b[part["b_start"] : part["b_end"]])
            shown = {
                "equal": f"  {left}",
                "replaced": f"~ {left} | {right}",
                "cut": f"- {left}",
                "added": f"+ {right}",
            }
            lines.append(shown[part["kind"]])
        if len(table) > _SHOWN_IN_REPR:
            lines.append(f"... {len(table) - _SHOWN_IN_REPR} more")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from wirecopy._display._comparisons import explanation_html

        return explanation_html(self)

    def _called(self) -> str:
        if self._context.ids is None:
            return f"rows {self.a} and {self.b}"
        return f"{self._name(self.a)} and {self._name(self.b)}"

    def _name(self, row: int) -> str:
        ids: Any = self._context.ids
        return f"row {row}" if ids is None else str(ids[row])


def _brief(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= _SHOWN_CHARACTERS:
        return words
    half = _SHOWN_CHARACTERS // 2
    return f"{words[:half]} … {words[-half:]}"
