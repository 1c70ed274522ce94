"""CSV and TSV in and out."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import numpy as np

from wirecopy._files.formats import DELIMITERS, DataError
from wirecopy._files.lines import LONGEST_LINE, Line, decoded
from wirecopy._files.records import ABSENT, BatchSize, Problems, Records, plain_value


class _Lines:
    """The lines of a file for `csv.reader`, and those that the row being read is made of."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.start = 0
        self.problem: str | None = None

    def begin(self) -> None:
        """Begin a row."""
        self.start, self.problem = 0, None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.start = self.start or line.number
        self.problem = self.problem or line.problem
        return line.text


def read_delimited(
    stream: IO[bytes],
    name: str,
    problems: Problems,
    size: BatchSize,
    encoding: str,
    *,
    head: bytes,
    kind: str,
) -> Iterator[Records]:
    """Read rows with a header, a batch at a time; ``head`` is how the file begins."""
    # An article is longer than csv's idea of a field; a C long has 32 bits on Windows.
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        lines = _Lines(decoded(stream, name, encoding))
        reader = csv.reader(lines, delimiter=_delimiter(head, kind), strict=True)
        header = _read_header(reader, lines, name)
        columns: list[list[str]] = [[] for _ in header]
        numbers: list[int] = []
        characters = 0
        while True:
            row = _read_row(reader, lines, len(header), name, problems)
            if row is None:
                break
            if not row:
                continue
            for column, cell in zip(columns, row, strict=True):
                column.append(cell)
                characters += len(cell)
            numbers.append(lines.start)
            if len(numbers) >= size.rows or characters >= size.characters:
                yield _batch(header, columns, name, kind, numbers)
                columns, numbers, characters = [[] for _ in header], [], 0
        if numbers:
            yield _batch(header, columns, name, kind, numbers)
    finally:
        csv.field_size_limit(limit)


def _batch(
    header: list[str], columns: list[list[str]], name: str, kind: str, numbers: list[int]
) -> Records:
    named: dict[str, list[Any]] = dict(zip(header, columns, strict=True))
    return Records(named, name, kind, numbers=numbers)


def _delimiter(head: bytes, kind: str) -> str:
    header_line = head.split(b"\n", 1)[0]
    if kind == "csv" and b"," not in header_line:
        return next((d for d in (";", "\t") if d.encode() in header_line), ",")
    return DELIMITERS[kind]


def _read_header(reader: Iterator[list[str]], lines: _Lines, name: str) -> list[str]:
    header: list[str] = []
    while not header:
        lines.begin()
        try:
            header = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return []
        except csv.Error as error:
            raise DataError(f"{name}:{lines.start or 1}: bad header: {error}") from None
    if lines.problem:
        raise DataError(f"{name}:{lines.start}: bad header: {lines.problem}")
    twice = [cell for i, cell in enumerate(header) if cell in header[:i]]
    if twice:
        what = f"two columns are called {twice[0]!r}" if twice[0] else "two columns have no name"
        raise DataError(f"{name}:{lines.start}: {what}")
    return header


def _read_row(
    reader: Iterator[list[str]],
    lines: _Lines,
    width: int,
    name: str,
    problems: Problems,
) -> list[str] | None:
    """Read a row; empty where there is none on the line or it is bad, None at the end."""
    lines.begin()
    try:
        row = next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        problems.add(f"{name}:{lines.start}", f"not CSV: {error}")
        return []
    if lines.problem:
        problems.add(f"{name}:{lines.start}", lines.problem)
        return []
    if row and len(row) != width:
        problems.add(
            f"{name}:{lines.start}",
            f"{len(row)} fields, but the header has {width} (quotes belong around a field that "
            "holds the delimiter, a quote or a line break)",
        )
        return []
    return row


class DelimitedWriter:
    """Writes rows under one header.

    Parameters
    ----------
    stream
        Where to write.
    delimiter
        What stands between two fields.
    names
        The columns; those of the first rows by default.
    """

    def __init__(
        self, stream: IO[bytes], delimiter: str, names: Sequence[str] | None = None
    ) -> None:
        self._stream = stream
        self._delimiter = delimiter
        self._names = names
        self._started = False
        # Lone carriage returns are quoted, which csv.writer does only in new versions of Python.
        self._special = re.compile(f'[{re.escape(delimiter)}"\r\n]')

    def write(self, records: Records) -> None:
        """Write some rows."""
        if not self._started:
            self._names = records.names if self._names is None else self._names
            self._line(self._names)
            self._started = True
        names = self._names or []
        unknown = [name for name in records.names if name not in names]
        if unknown:
            raise DataError(
                f"{records.place(0)}: has a column {unknown[0]!r} that the rows before had not; "
                "write .jsonl instead"
            )
        nothing = [ABSENT] * len(records)
        for values in zip(*(records.columns.get(name, nothing) for name in names), strict=True):
            self._line(values)

    def close(self) -> None:
        """Write the header, if there was no row."""
        if not self._started and self._names:
            self._line(self._names)

    def _line(self, values: Iterable[Any]) -> None:
        line = self._delimiter.join(map(self._cell, values)) or '""'
        self._stream.write((line + "\n").encode("utf-8", "replace"))

    def _cell(self, value: Any) -> str:
        if value is None or value is ABSENT:
            return ""
        if isinstance(value, (bool, np.bool_)):
            return "true" if value else "false"
        if isinstance(value, (dict, list, tuple)):
            value = json.dumps(value, ensure_ascii=False, default=plain_value)
        text = value if isinstance(value, str) else str(plain_value(value))
        return '"' + text.replace('"', '""') + '"' if self._special.search(text) else text
