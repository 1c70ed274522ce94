"""JSON in and out: an object a line, or an array of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from wirecopy._files.formats import DataError
from wirecopy._files.lines import decoded
from wirecopy._files.records import ABSENT, BatchSize, Problems, Records, from_rows, plain_value


def read_lines(
    stream: IO[bytes], name: str, problems: Problems, size: BatchSize, encoding: str
) -> Iterator[Records]:
    """Read an object a line, a batch at a time."""
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    characters = 0
    for line in decoded(stream, name, encoding):
        where = f"{name}:{line.number}"
        if line.problem:
            problems.add(where, line.problem)
            continue
        row = _read_line(line.text, where, line.number == 1, problems)
        if row is None:
            continue
        rows.append(row)
        numbers.append(line.number)
        characters += len(line.text)
        if len(rows) >= size.rows or characters >= size.characters:
            yield _batch(rows, numbers, name, "jsonl")
            rows, numbers, characters = [], [], 0
    if rows:
        yield _batch(rows, numbers, name, "jsonl")


def _batch(rows: list[dict[str, Any]], numbers: list[int], name: str, kind: str) -> Records:
    records = from_rows(rows, ABSENT)
    records.path, records.kind, records.numbers = name, kind, numbers
    return records


def _read_line(text: str, where: str, first: bool, problems: Problems) -> dict[str, Any] | None:
    if not text.strip():
        return None
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except ValueError as error:
        if first and text.strip() == "{":
            raise DataError(
                f"{where.rpartition(':')[0]}: one JSON object over many lines; wirecopy reads one "
                "object a line, or an array of objects (jq -c . makes lines of it)"
            ) from None
        problems.add(where, f"not JSON: {_reason(error)}")
        return None
    except RecursionError:
        problems.add(where, "not JSON: nested too deeply")
        return None
    if isinstance(value, dict):
        return value
    problems.add(where, f"not a JSON object but {_named(value)}")
    return None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} is there twice in one object")
    return found


def read_array(
    stream: IO[bytes], name: str, problems: Problems, size: BatchSize, encoding: str
) -> Iterator[Records]:
    """Read an array of objects. It is held in memory as a whole, and given in batches."""
    text = []
    for line in decoded(stream, name, encoding):
        if line.problem:
            raise DataError(f"{name}:{line.number}: {line.problem}")
        text.append(line.text)
    try:
        values = json.loads("".join(text), object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise DataError(f"{name}:{error.lineno}: not JSON: {_reason(error)}") from None
    except ValueError as error:
        raise DataError(f"{name}: not JSON: {error}") from None
    except RecursionError:
        raise DataError(f"{name}: not JSON: nested too deeply") from None
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    for number, value in enumerate(values, 1):
        if not isinstance(value, dict):
            problems.add(name, f"item {number} is not a JSON object but {_named(value)}")
            continue
        rows.append(value)
        numbers.append(number)
        if len(rows) >= size.rows:
            yield _batch(rows, numbers, name, "json")
            rows, numbers = [], []
    if rows:
        yield _batch(rows, numbers, name, "json")


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return str(error)


def _named(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


class JsonWriter:
    """Writes an object a line, or an array of them. Keys that a row lacks stay absent."""

    def __init__(self, stream: IO[bytes], *, array: bool = False) -> None:
        self._stream = stream
        self._array = array
        self._first = True

    def write(self, records: Records) -> None:
        """Write some rows."""
        for row in records.rows():
            if self._array:
                self._stream.write(b"[\n" if self._first else b",\n")
            self._first = False
            self._stream.write(_encoded(row) + (b"" if self._array else b"\n"))

    def close(self) -> None:
        """Write what ends the file."""
        if self._array:
            self._stream.write(b"[]\n" if self._first else b"\n]\n")


def _encoded(row: dict[str, Any]) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False, default=plain_value).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can carry
        return json.dumps(row, default=plain_value).encode("ascii")
