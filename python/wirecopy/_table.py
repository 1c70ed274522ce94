"""Result tables: columns that any data library can take over."""

from __future__ import annotations

import abc
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from wirecopy import _core
from wirecopy._display._words import clip, esc
from wirecopy._optional import optional

_TEXT_ROWS = 10
_HTML_ROWS = 20
_TEXT_CELL = 40
_HTML_CELL = 200


class Table:
    """Named columns of equal length: the form of every wirecopy result.

    A table holds 64-bit integers, 64-bit floats, booleans, datetimes (microseconds, UTC) and text.
    It has no nulls (a missing float is NaN, a missing datetime NaT) and does not change. Numbers
    leave it without being copied, as NumPy arrays or through the Arrow PyCapsule protocol, which
    pandas, polars, pyarrow, DuckDB and others read.

    Parameters
    ----------
    columns : mapping of str to array or list
        One entry a column, all of the same length. Integers of any width become ``int64``, floats
        become ``float64``, datetimes ``datetime64[us]``; text is ``str`` without null.

    Raises
    ------
    TypeError
        A column is neither integers, floats, booleans, datetimes nor ``str``. The message names the
        column and, for a list, the row.
    ValueError
        Columns differ in length, an array is not one-dimensional, an integer is above the largest
        ``int64``, or a text holds a lone surrogate.

    Examples
    --------
    >>> import wirecopy as wc
    >>> table = wc.Table({"term": ["mayor", "vote", "ferry"], "count": [12, 30, 7]})
    >>> table
    term   count
    mayor     12
    vote      30
    ferry      7
    3 rows, 2 columns
    >>> table.sort("count", descending=True).head(1).to_dict()
    {'term': ['vote'], 'count': [30]}
    >>> int(table["count"].sum())
    49
    """

    def __init__(
        self, columns: Mapping[str, npt.NDArray[Any] | Sequence[Any]] | _core.Table
    ) -> None:
        if isinstance(columns, _core.Table):
            self._core = columns
        elif isinstance(columns, Mapping):
            self._core = _core.Table.from_columns(
                {
                    name: values if isinstance(values, np.ndarray) else _as_list(name, values)
                    for name, values in columns.items()
                }
            )
        else:
            raise TypeError(
                f"columns is {type(columns).__name__}; expected a mapping from name to values"
            )
        self._arrays: dict[str, npt.NDArray[Any]] = {}

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return self._core.column_names

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._core)

    def __contains__(self, name: object) -> bool:
        return name in self._core.column_names

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """Return one column as a read-only NumPy array.

        Numbers and booleans are not copied, and stay valid after the table is gone. Text becomes an
        object array of ``str``, made once a table.

        Raises
        ------
        KeyError
            There is no such column.
        """
        if not isinstance(name, str):
            raise TypeError(f"a column is taken by its name, not by {type(name).__name__}")
        array = self._arrays.get(name)
        if array is None:
            array = self._core.column(name)
            array.setflags(write=False)
            self._arrays[name] = array
        return array

    # Not a sequence of rows or names: ambiguous, so it has to be asked for.
    __iter__ = None

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the columns as lists of Python numbers, bools and strings.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.Table({"a": [1, 2]}).to_dict()
        {'a': [1, 2]}
        """
        return {name: self[name].tolist() for name in self.columns}

    def rows(self) -> Iterator[dict[str, Any]]:
        """Iterate over the rows as dicts.

        Examples
        --------
        >>> import wirecopy as wc
        >>> list(wc.Table({"a": [1, 2], "b": ["x", "y"]}).rows())
        [{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]
        """
        names = self.columns
        for values in zip(*self.to_dict().values(), strict=True):
            yield dict(zip(names, values, strict=True))

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame`` with a copy of the values.

        Raises
        ------
        ImportError
            pandas is not installed.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.Table({"a": [1, 2]}).to_pandas().shape
        (2, 1)
        """
        pandas = optional("pandas", "to_pandas", "pandas")
        return pandas.DataFrame({name: self[name] for name in self.columns})

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``; numbers are not copied.

        Raises
        ------
        ImportError
            polars is not installed.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.Table({"a": [1, 2]}).to_polars().shape
        (2, 1)
        """
        return optional("polars", "to_polars", "polars").DataFrame(self._core)

    def to_arrow(self) -> Any:
        """Return a ``pyarrow.Table``; numbers and texts are not copied.

        Raises
        ------
        ImportError
            pyarrow is not installed.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.Table({"a": [1, 2]}).to_arrow().column_names
        ['a']
        """
        return optional("pyarrow", "to_arrow", "parquet").table(self._core)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the table to an Arrow consumer, without copying numbers or texts."""
        return self._core.__arrow_c_stream__(requested_schema)

    def head(self, n: int = 10) -> Table:
        """Return the first `n` rows.

        Raises
        ------
        ValueError
            `n` is negative.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.Table({"a": [1, 2, 3]}).head(2).to_dict()
        {'a': [1, 2]}
        """
        if n < 0:
            raise ValueError(f"n is {n}; expected 0 or more")
        return Table({name: self._core.column(name, n) for name in self.columns})

    def filter(self, mask: object) -> Table:
        """Return the rows where `mask` is true.

        Parameters
        ----------
        mask : array of bool
            One a row: a NumPy array, list, or pandas or polars Series (an index is ignored).

        Raises
        ------
        TypeError
            `mask` is not boolean.
        ValueError
            `mask` has another length than the table.

        Examples
        --------
        >>> import wirecopy as wc
        >>> table = wc.Table({"a": [1, 2, 3]})
        >>> table.filter(table["a"] > 1).to_dict()
        {'a': [2, 3]}
        """
        wanted = np.asarray(mask)
        if wanted.size == 0 and isinstance(mask, list):
            wanted = wanted.astype(bool)
        if wanted.dtype != np.bool_:
            raise TypeError(f"mask has type {wanted.dtype}; expected bool")
        if wanted.shape != (len(self),):
            raise ValueError(f"mask has shape {wanted.shape} for {len(self)} rows")
        return Table({name: self[name][wanted] for name in self.columns})

    def sort(self, by: str | Sequence[str], descending: bool = False) -> Table:
        """Return the rows in order of one or more columns.

        Rows that are equal keep their order. Text is ordered by code point; NaN comes last either
        way.

        Parameters
        ----------
        by : str or sequence of str
            Column to sort by; of several, later ones decide between equals of earlier ones.
        descending : bool, default False
            Largest first.

        Raises
        ------
        KeyError
            There is no such column.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.Table({"a": [2, 1, 3]}).sort("a").to_dict()
        {'a': [1, 2, 3]}
        """
        order = np.arange(len(self))
        for name in reversed([by] if isinstance(by, str) else list(by)):
            order = order[_stable_order(self[name][order], descending)]
        return Table({name: self[name][order] for name in self.columns})

    def __repr__(self) -> str:
        names = self.columns
        blocks = []
        for name in names:
            values = self._core.column(name, _TEXT_ROWS)
            cells = [_clip(_printable(_cell(value)), _TEXT_CELL) for value in values.tolist()]
            title = _clip(_printable(name), _TEXT_CELL)
            width = max(_width(text) for text in [title, *cells])
            pad = _pad_right if values.dtype == object else _pad_left
            blocks.append([pad(text, width) for text in [title, *cells]])
        lines = ["  ".join(row).rstrip() for row in zip(*blocks, strict=True)]
        if len(self) > _TEXT_ROWS:
            lines.append("...")
        return "\n".join([*lines, self._size()])

    def _repr_html_(self) -> str:
        # No colours, so that it is read on a dark page as on a light one.
        names = self.columns
        columns = [self._core.column(name, _HTML_ROWS) for name in names]
        right = [column.dtype != object for column in columns]
        head = "".join(
            f'<th scope="col" style="text-align:{"right" if is_number else "left"}">{_html(name)}</th>'
            for name, is_number in zip(names, right, strict=True)
        )
        body = []
        for row in zip(*(column.tolist() for column in columns), strict=True):
            cells = [
                f'<td style="text-align:right">{_html(_short_cell(value))}</td>'
                if is_number
                else f'<td dir="auto" style="text-align:left">{_html(_cell(value))}</td>'
                for value, is_number in zip(row, right, strict=True)
            ]
            body.append(f"<tr>{''.join(cells)}</tr>")
        size = self._size()
        if len(self) > _HTML_ROWS:
            size += f" (first {_HTML_ROWS} shown)"
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
            f"<p>{size}</p>"
        )

    def _size(self) -> str:
        rows, columns = len(self), len(self.columns)
        return (
            f"{rows:,} row{'' if rows == 1 else 's'}, {columns} column{'' if columns == 1 else 's'}"
        )


class Convertible(abc.ABC):
    """A result that libraries of dataframes can take over, by the one of its tables that sums it up."""

    @property
    @abc.abstractmethod
    def _main_table(self) -> Table:
        """The table that the conversions give."""

    def to_pandas(self) -> Any:
        """Return the main table (the class says which) as a pandas DataFrame."""
        return self._main_table.to_pandas()

    def to_polars(self) -> Any:
        """Return the main table (the class says which) as a polars DataFrame."""
        return self._main_table.to_polars()

    def to_arrow(self) -> Any:
        """Return the main table (the class says which) as a pyarrow Table."""
        return self._main_table.to_arrow()


def _as_list(name: str, values: Sequence[Any]) -> list[Any]:
    if isinstance(values, (str, bytes, Mapping, set, frozenset)):
        raise TypeError(f"column {name!r} is one {type(values).__name__}; expected a list or array")
    return list(values)


def _stable_order(values: npt.NDArray[Any], descending: bool) -> npt.NDArray[np.intp]:
    if not descending:
        return np.argsort(values, kind="stable")
    if values.dtype.kind == "f":
        return np.argsort(-values, kind="stable")  # which leaves NaN last
    if values.dtype.kind == "M":
        last = np.iinfo(np.int64).max
        return np.argsort(np.where(np.isnat(values), last, -values.view(np.int64)), kind="stable")
    # Sorting the reversed column and reversing that keeps equals in order.
    return len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _short_cell(value: object) -> str:
    """A number or time as people want to see it: four digits, no midnight."""
    if isinstance(value, float) and abs(value) < 1000:
        return f"{value:.4g}"
    text = _cell(value)
    return text.removesuffix(" 00:00:00") if isinstance(value, datetime) else text


def _printable(text: str) -> str:
    """One line: control characters (and so terminal commands) are shown as escapes."""
    return "".join(
        repr(char)[1:-1] if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} else char
        for char in text[: 4 * _TEXT_CELL]
    )


def _width(text: str) -> int:
    """Columns of a terminal that `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _clip(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    used = 1
    for i, char in enumerate(text):
        used += _width(char)
        if used > width:
            return text[:i] + "…"
    return text


def _pad_right(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _pad_left(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text


def _html(text: str) -> str:
    return esc(clip(text, _HTML_CELL))
