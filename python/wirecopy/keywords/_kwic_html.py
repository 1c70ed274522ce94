"""A concordance to look at: matches one under the other."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

from wirecopy._display._words import bidi, clip, esc

if TYPE_CHECKING:
    from wirecopy._table import Table

__all__ = ["concordance"]

# Characters of a context that are shown; the far end is cut.
_CONTEXT = 200
_MATCH = 200
_CELL = 60
_NOT_SHOWN = frozenset({"row", "start", "end", "left", "match", "right"})


def concordance(table: Table, hits: int, summary: str) -> str:
    """Return hits as HTML; no colours but that of ``<mark>``, so that it is read on a dark page too."""
    columns = {name: table[name].tolist() for name in table.columns}
    others = [name for name in columns if name not in _NOT_SHOWN]
    backwards = sum(_right_to_left(text) for text in columns["match"]) * 2 > len(table)
    before, after = ("left", "right") if backwards else ("right", "left")
    rows = []
    for i in range(len(table)):
        left, match, right = (columns[name][i] for name in ("left", "match", "right"))
        if len(left) > _CONTEXT:
            left = "…" + left[-_CONTEXT:]
        cells = [
            f'<td style="text-align:{after};white-space:nowrap">{_cell(columns[name][i])}</td>'
            for name in others
        ]
        rows.append(
            "<tr>"
            f'<td style="text-align:{before}">{bidi(left)}</td>'
            f'<td style="text-align:center;white-space:nowrap"><mark>{bidi(clip(match, _MATCH))}'
            "</mark></td>"
            f'<td style="text-align:{after}">{bidi(clip(right, _CONTEXT))}</td>'
            f"{''.join(cells)}</tr>"
        )
    head = "".join(
        f'<th scope="col" style="text-align:{side}">{esc(name)}</th>'
        for name, side in [
            ("left", before),
            ("match", "center"),
            ("right", after),
            *((name, after) for name in others),
        ]
    )
    shown = f" (first {len(table):,} shown)" if len(table) < hits else ""
    direction = "rtl" if backwards else "ltr"
    return (
        f'<table dir="{direction}" style="border-collapse:collapse"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table><p>{esc(summary)}{shown}</p>"
    )


def _cell(value: object) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        text = text.removesuffix(" 00:00:00")
    return bidi(clip(text, _CELL))


def _right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is written from right to left."""
    for char in text[:_MATCH]:
        direction = unicodedata.bidirectional(char)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False
