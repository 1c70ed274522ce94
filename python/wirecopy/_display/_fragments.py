"""Pieces of HTML that results are shown with in a notebook.

Styles are inline and few: GitHub and nbviewer take style sheets away. Colours are translucent, or the
host's own variables with a translucent one to fall back on, and text keeps its colour, so that
everything is read on a light page as on a dark one; what a colour says an element says too (``del``,
``ins``, ``mark``, ``s``), for where styles are gone. ``color-scheme`` is left alone: the page around
knows its theme, and a system that prefers dark says nothing about it. There are no scripts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wirecopy._display._words import esc, number

__all__ = [
    "Marks",
    "beside",
    "box",
    "details",
    "mark",
    "note",
    "reading",
    "summary",
    "table",
]

#: Characters of a text that are shown; what is left out is said.
LONGEST = 4000
#: Marked pieces of a text that are shown.
MOST_MARKS = 300

_LINE = "var(--jp-border-color2,var(--vscode-panel-border,rgba(128,128,128,.35)))"
_FAINT = "opacity:.7;font-size:.92em"
_MARKS = {
    "cut": ("del", "background:rgba(213,94,0,.25);text-decoration:line-through"),
    "added": ("ins", "background:rgba(0,150,100,.25);text-decoration:underline"),
    "replaced": (
        "em",
        "font-style:normal;background:rgba(240,170,0,.28);border-bottom:2px solid rgb(200,140,0)",
    ),
    "shared": ("mark", "background:rgba(86,140,230,.3);color:inherit"),
    "removed": ("s", "opacity:.5;text-decoration-thickness:1px"),
    "kept": ("u", "opacity:.75;text-decoration:underline dotted"),
}


def box(*parts: str) -> str:
    """Return parts as one block, which scrolls by itself where it is too wide."""
    return f'<div class="wirecopy" style="overflow-x:auto">{"".join(parts)}</div>'


def summary(strong: str, *facts: str) -> str:
    """Return the line that a result begins with; `facts` are HTML."""
    rest = "".join(f", {fact}" for fact in facts if fact)
    return f'<p style="margin:.3em 0"><strong>{strong}</strong>{rest}</p>'


def note(text: str) -> str:
    """Return a line of small print; `text` is HTML."""
    return f'<p style="margin:.3em 0;{_FAINT}">{text}</p>' if text else ""


def details(head: str, body: str, *, opened: bool = False) -> str:
    """Return something that can be opened and closed."""
    return (
        f'<details{" open" if opened else ""} style="margin:.2em 0;border-top:1px solid {_LINE};'
        f'padding:.25em 0"><summary style="cursor:pointer;display:list-item">{head}</summary>'
        f'<div style="margin:.4em 0 .4em 1.1em">{body}</div></details>'
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool]) -> str:
    """Return a table; heads are text, cells HTML.

    Parameters
    ----------
    heads, rows
        What is in it.
    right
        For each column, whether it is set to the right, as numbers are.
    """
    sides = ["right" if numbers else "left" for numbers in right]
    head = "".join(
        f'<th scope="col" style="text-align:{side}">{esc(name)}</th>'
        for name, side in zip(heads, sides, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:{side}">{cell}</td>'
            for cell, side in zip(row, sides, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        '<table style="font-variant-numeric:tabular-nums"><thead><tr>'
        f"{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def mark(kind: str, text: str, title: str = "") -> str:
    """Return text set off as "cut", "added", "replaced", "shared", "removed" or "kept"."""
    tag, style = _MARKS[kind]
    about = f' title="{esc(title)}"' if title else ""
    return f'<{tag}{about} style="unicode-bidi:isolate;{style}">{esc(text)}</{tag}>'


def reading(body: str) -> str:
    """Return the text of an article, lines kept."""
    return (
        '<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;max-width:46em;'
        f'line-height:1.45">{body}</div>'
    )


def beside(names: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    """Return two texts beside each other, row by row; names are text, rows HTML."""
    head = "".join(
        f'<th scope="col" style="text-align:left;width:50%"><bdi dir="auto">{esc(name)}</bdi></th>'
        for name in names
    )
    cell = "vertical-align:top;text-align:left;white-space:pre-wrap;overflow-wrap:anywhere"
    body = "".join(
        f'<tr><td dir="auto" style="{cell}">{left}</td>'
        f'<td dir="auto" style="{cell}">{right}</td></tr>'
        for left, right in rows
    )
    return (
        '<table style="width:100%;max-width:78em;table-layout:fixed"><thead><tr>'
        f"{head}</tr></thead><tbody>{body}</tbody></table>"
    )


class Marks:
    """A text in pieces, some set off, up to a length; what is left out is counted.

    >>> text = Marks(longest=9)
    >>> text.add("The "), text.add("old", "cut"), text.add(" bridge")
    (None, None, None)
    >>> text.html().endswith(" b… 5 more characters")
    True
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self._room = longest
        self._marks = 0
        self._parts: list[str] = []
        self._left_out = 0

    def add(self, text: str, kind: str = "", title: str = "") -> None:
        """Add a piece."""
        shown = text[: self._room] if self._marks < MOST_MARKS else ""
        self._room -= len(shown)
        self._left_out += len(text) - len(shown)
        self._marks += bool(kind)
        if shown:
            self._parts.append(mark(kind, shown, title) if kind else esc(shown))

    def add_html(self, html: str) -> None:
        """Add HTML, unless there is no room left."""
        if self._room > 0 and self._marks < MOST_MARKS:
            self._parts.append(html)

    @property
    def full(self) -> bool:
        """Whether nothing more would be shown."""
        return self._room <= 0 or self._marks >= MOST_MARKS

    def html(self) -> str:
        """Return the pieces."""
        more = f"… {number(self._left_out)} more characters" if self._left_out else ""
        return "".join(self._parts) + more
