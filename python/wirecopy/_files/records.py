"""Rows of a file as columns, and what to do about rows that are not as they should be."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from wirecopy._files.formats import DataError, need

_PROBLEMS_LISTED = 20


class _Absent:
    """A key that a row of a JSON-lines file does not have, which is not the same as null."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Any = _Absent()


class BatchSize(NamedTuple):
    """Where a batch ends: whichever comes first."""

    rows: int = 10_000
    characters: int = 32_000_000


def place(path: str, kind: str, number: int) -> str:
    """Say where in a file a row is.

    Examples
    --------
    >>> place("week.csv", "csv", 17), place("week.parquet", "parquet", 17)
    ('week.csv:17', 'week.parquet: row 17')
    """
    if kind == "parquet":
        return f"{path}: row {number}"
    return f"{path}: item {number}" if kind == "json" else f"{path}:{number}"


@dataclass
class Problems:
    """What to do about a bad row: stop, or note it and go on.

    Attributes
    ----------
    skip
        Go on.
    count
        Rows left out.
    first
        The first 20 of them, as messages.
    """

    skip: bool = False
    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note a bad row, or stop at it."""
        message = f"{where}: {what}"
        if not self.skip:
            raise DataError(f"{message}\n(--skip-bad leaves such lines out and counts them)")
        self.count += 1
        if len(self.first) < _PROBLEMS_LISTED:
            self.first.append(message)


@dataclass
class Records:
    """Rows as columns.

    Attributes
    ----------
    columns
        Values by column name, in the order of the file. JSON keys that a row lacks are None in what
        `read_records` and `from_rows` give, and ABSENT in batches: `values` gives None for both.
    path
        Where the rows came from, for messages; ``<stdin>`` for standard input.
    kind
        ``jsonl``, ``json`` (an array), ``csv``, ``tsv`` or ``parquet``.
    skipped
        The first of the lines left out because they could not be read, as messages.
    numbers
        The line of each row, from 1; in an array the item, in Parquet the row.
    types
        Arrow types by column name, for when all values are None.
    arrow
        The same rows as a pyarrow table, if that is what they came as.
    origins
        Of rows from several files: the first row of each file, its path and its kind.
    """

    columns: dict[str, list[Any]]
    path: str = "<records>"
    kind: str = "jsonl"
    skipped: list[str] = field(default_factory=list)
    numbers: Sequence[int] | None = None
    types: dict[str, str] = field(default_factory=dict, repr=False)
    arrow: Any = field(default=None, repr=False)
    origins: list[tuple[int, str, str]] = field(default_factory=list, repr=False)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values()), self.numbers or []))

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return list(self.columns)

    def values(self, name: str) -> list[Any]:
        """Return a column with None where a row lacks it; all None if no row has it."""
        found = self.columns.get(name)
        if found is None:
            return [None] * len(self)
        return [None if value is ABSENT else value for value in found]

    def place(self, row: int) -> str:
        """Say where a row came from: "week.csv:17"."""
        if self.numbers is None:
            return f"{self.path}: row {row + 1}"
        path, kind = self.path, self.kind
        if self.origins:
            at = bisect.bisect_right(self.origins, row, key=lambda origin: origin[0]) - 1
            _, path, kind = self.origins[at]
        return place(path, kind, self.numbers[row])

    def rows(self) -> Iterator[dict[str, Any]]:
        """Iterate over the rows as dicts, without the keys they lack."""
        names = self.names
        for values in zip(*self.columns.values(), strict=True):
            yield {
                name: value
                for name, value in zip(names, values, strict=True)
                if value is not ABSENT
            }

    def add(self, name: str, values: Sequence[Any], kind: str | None = None) -> None:
        """Add or replace a column; ``kind`` is its Arrow type, for when all values are None."""
        if self.columns and len(values) != len(self):
            raise ValueError(f"{len(values)} values for {len(self)} rows")
        self.columns[name] = list(values)
        self.types.pop(name, None)
        if kind is not None:
            self.types[name] = kind
        if self.arrow is not None and name in self.arrow.column_names:
            self.arrow = self.arrow.drop_columns([name])

    def take(self, rows: Sequence[int]) -> Records:
        """Return the given rows, in the given order."""
        columns = {name: [values[i] for i in rows] for name, values in self.columns.items()}
        return Records(
            columns,
            self.path,
            self.kind,
            list(self.skipped),
            None if self.numbers is None else [self.numbers[i] for i in rows],
            dict(self.types),
            None if self.arrow is None else self.arrow.take(list(rows)),
        )


def from_rows(rows: Iterable[Mapping[str, Any]], fill: Any = None) -> Records:
    """Turn dicts into records; keys a row lacks become ``fill``."""
    columns: dict[str, list[Any]] = {}
    for number, row in enumerate(rows):
        for name, value in row.items():
            if name not in columns:
                columns[name] = [fill] * number
            columns[name].append(value)
        if len(row) != len(columns):
            for column in columns.values():
                if len(column) == number:
                    column.append(fill)
    return Records(columns)


def joined(batches: Iterable[Records]) -> Records:
    """Put batches together; what a row lacks becomes None."""
    parts = list(batches)
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    columns = {name: [v for part in parts for v in part.values(name)] for name in names}
    if not parts:
        return Records(columns)
    first = parts[0]
    arrow = first.arrow
    if len(parts) > 1 and arrow is not None:
        arrow = need("pyarrow", first.path).concat_tables([part.arrow for part in parts])
    numbers = [n for part in parts for n in part.numbers or ()]
    return Records(columns, first.path, first.kind, [], numbers, dict(first.types), arrow)


def plain_value(value: Any) -> Any:
    """Give JSON something it knows for the values that come from Parquet and NumPy."""
    if value is ABSENT:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.generic):
        return value.item()
    return str(value)
