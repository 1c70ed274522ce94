"""What happened, for people: lines that fit a terminal and do not command it."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Collection, Sequence
from typing import Any, TextIO

from wirecopy import report

_BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
#: For a terminal that has no such characters.
_PLAIN = str.maketrans({"…": "...", "×": "x", "·": "-", "–": "-", "—": "-"})
_NARROWEST, _WIDEST, _UNKNOWN = 60, 200, 100


def width(text: str) -> int:
    """Return the columns of a terminal that a text takes.

    Examples
    --------
    >>> width("news"), width("新聞")
    (4, 4)
    """
    if text.isascii():
        return len(text)
    columns = 0
    for char in text:
        if unicodedata.category(char) not in {"Mn", "Me", "Cf"}:
            columns += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return columns


def fit(text: str, columns: int, *, pad: bool = True) -> str:
    """Cut a text to a number of columns, or pad it to them.

    Examples
    --------
    >>> fit("headline", 5), fit("新聞記事", 6), fit("a", 3)
    ('head…', '新聞… ', 'a  ')
    """
    used = width(text)
    if used > columns:
        text = _beginning(text, columns - 1).rstrip() + "…"
        used = width(text)
    return text + " " * (columns - used) if pad else text


def fit_end(text: str, columns: int) -> str:
    """Cut the beginning off a text, or pad it on the left: what stands left of a word in context.

    Examples
    --------
    >>> fit_end("the old harbour", 12), fit_end("the", 5)
    ('…old harbour', '  the')
    """
    used = width(text)
    if used > columns:
        backwards = text[::-1]
        text = "…" + _beginning(backwards, columns - 1)[::-1].lstrip()
        used = width(text)
    return " " * (columns - used) + text


def _beginning(text: str, columns: int) -> str:
    used = 0
    for at, char in enumerate(text):
        used += width(char)
        if used > columns:
            return text[:at]
    return text


def printable(value: Any) -> str:
    """Return a value on one line, without anything that would command a terminal."""
    text = " ".join(report.clean(value).split())
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "\ufffd" if unicodedata.category(char) in {"Cc", "Cs"} else char
        for char in text
        if char not in _BIDI
    )


def number(value: float) -> str:
    """Return a number with its thousands apart, and one decimal unless it is whole."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "group"), counted(1200, "story", "stories")
    ('1 group', '1,200 stories')
    """
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def percent(part: float, whole: float) -> str:
    """Return a share as a whole percentage."""
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


class Printer:
    """Writes to one stream, in bold where that is a terminal that wants it."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        terminal = stream.isatty()
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        self.bold = terminal and not plain
        self._unicode = _has(stream.encoding, "…×·")
        known = terminal or os.environ.get("COLUMNS")
        columns = shutil.get_terminal_size((_UNKNOWN, 24)).columns if known else _UNKNOWN
        self.width = max(_NARROWEST, min(columns, _WIDEST if terminal else columns))

    def line(self, text: str = "") -> None:
        """Print a line."""
        text = text.rstrip()
        print(text if self._unicode else text.translate(_PLAIN), file=self.stream)

    def strong(self, text: str) -> str:
        """Return a text in bold."""
        return f"\x1b[1m{text}\x1b[0m" if self.bold else text

    def heading(self, text: str) -> None:
        """Print a heading after an empty line."""
        self.line()
        self.line(self.strong(text))

    def table(self, rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> None:
        """Print rows with their columns aligned; ``right`` names those aligned to the right."""
        columns = [max(map(width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [
                " " * (columns[i] - width(cell)) + cell if i in right else fit(cell, columns[i])
                for i, cell in enumerate(row)
            ]
            self.line(fit("  " + "  ".join(cells), self.width, pad=False))


def _has(encoding: str | None, text: str) -> bool:
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
