"""Records in and out: JSON lines, CSV and Parquet, for the command line.

A file is read into plain Python columns and written back in the same kind, with its values as they
were. What cannot be read is reported by file and line. Nothing is overwritten unless asked, a
half-written file is never left under the final name, and the file being read is never the file
being written.
"""

from __future__ import annotations

import csv
import email.utils
import gzip
import importlib
import io
import json
import math
import os
import re
import secrets
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wirecopy._optional import optional

FORMATS = "JSON lines (.jsonl, .ndjson, .json), CSV (.csv), TSV (.tsv) and Parquet (.parquet)"
_KINDS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jl": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_PACKED = {".gz": "gz", ".zst": "zst"}
_DELIMITERS = {"csv": ",", "tsv": "\t"}
_ARTICLES_SHOWN = 12

#: Column names in order of preference, compared in lower case without punctuation.
NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "body",
        "content",
        "article",
        "articletext",
        "articlebody",
        "fulltext",
        "bodytext",
        "maintext",
        "plaintext",
        "story",
        "storytext",
    ),
    "id": (
        "id",
        "docid",
        "articleid",
        "documentid",
        "storyid",
        "uid",
        "uuid",
        "guid",
        "key",
        "url",
        "link",
    ),
    "date": (
        "date",
        "published",
        "publishedat",
        "publisheddate",
        "datepublished",
        "publishdate",
        "publicationdate",
        "pubdate",
        "datetime",
        "timestamp",
        "created",
        "createdat",
    ),
    "source": (
        "source",
        "sourcename",
        "outlet",
        "publisher",
        "publication",
        "newspaper",
        "domain",
        "site",
        "sitename",
        "feed",
    ),
    "headline": ("headline", "title", "head", "heading"),
}


class DataError(Exception):
    """The data cannot be read or written as asked; the message is meant for the user."""


@dataclass
class Records:
    """The rows of a file as columns.

    Attributes
    ----------
    columns
        Values by column name, in the order of the file. JSON keys a row lacks are None.
    path
        Where the rows came from, for messages; ``<stdin>`` for standard input.
    kind
        ``jsonl``, ``json`` (an array), ``csv``, ``tsv`` or ``parquet``.
    skipped
        The lines left out because they could not be read, as messages.
    """

    columns: dict[str, list[Any]]
    path: str = "<records>"
    kind: str = "jsonl"
    skipped: list[str] = field(default_factory=list)
    _types: dict[str, str] = field(default_factory=dict, repr=False)
    _arrow: Any = field(default=None, repr=False)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values()), []))

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return list(self.columns)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Iterate over the rows as dicts."""
        names = self.names
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(names, values, strict=True))

    def add(self, name: str, values: Sequence[Any], kind: str | None = None) -> None:
        """Add or replace a column; ``kind`` is its Arrow type, for when all values are None."""
        if self.columns and len(values) != len(self):
            raise ValueError(f"{len(values)} values for {len(self)} rows")
        self.columns[name] = list(values)
        self._types.pop(name, None)
        if kind is not None:
            self._types[name] = kind
        if self._arrow is not None and name in self._arrow.column_names:
            self._arrow = self._arrow.drop_columns([name])

    def take(self, rows: Sequence[int]) -> Records:
        """Return the given rows, in the given order."""
        columns = {name: [values[i] for i in rows] for name, values in self.columns.items()}
        arrow = None if self._arrow is None else self._arrow.take(list(rows))
        return Records(columns, self.path, self.kind, list(self.skipped), dict(self._types), arrow)


def from_rows(rows: Iterable[Mapping[str, Any]]) -> Records:
    """Turn dicts into records; keys a row lacks become None."""
    columns: dict[str, list[Any]] = {}
    for number, row in enumerate(rows):
        for name, value in row.items():
            if name not in columns:
                columns[name] = [None] * number
            columns[name].append(value)
        if len(row) != len(columns):
            for column in columns.values():
                if len(column) == number:
                    column.append(None)
    return Records(columns)


# --------------------------------------------------------------------------------------------------
# Reading


def kind_of(path: str | os.PathLike[str]) -> tuple[str | None, str | None]:
    """Return the format and the compression that a file name stands for.

    Examples
    --------
    >>> kind_of("week.jsonl.gz")
    ('jsonl', 'gz')
    >>> kind_of("week.txt")
    (None, None)
    """
    name = Path(path).name.lower()
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, not a file
    packed = _PACKED.get(suffix)
    if packed:
        suffix = os.path.splitext(stem)[1]  # noqa: PTH122
    return _KINDS.get(suffix), packed


def read_records(path: str | os.PathLike[str], *, skip_bad: bool = False) -> Records:
    """Read a file, or standard input for ``"-"``.

    Parameters
    ----------
    path
        A .jsonl, .ndjson, .json, .csv, .tsv or .parquet file, any of them also with .gz or .zst.
        The format of standard input and of other names is told from the content.
    skip_bad
        Leave out the lines that cannot be read, and list them in ``skipped``.

    Raises
    ------
    DataError
        If the file is not there, is empty, or has a line that cannot be read.
    """
    if str(path) == "-":
        return read_stream(sys.stdin.buffer, "<stdin>", skip_bad=skip_bad)
    kind, _ = kind_of(path)
    where = Path(path)
    try:
        with where.open("rb") as stream:
            return read_stream(stream, str(path), kind=kind, skip_bad=skip_bad)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder; give a file") from None


def read_stream(
    stream: IO[bytes], name: str, *, kind: str | None = None, skip_bad: bool = False
) -> Records:
    """Read records from an open binary stream; ``name`` is for messages."""
    plain = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_raw(stream))
    reader = plain
    head = plain.peek(8)[:8]
    if head[:2] == b"\x1f\x8b":
        reader = io.BufferedReader(_raw(gzip.GzipFile(fileobj=plain)))
    elif head[:4] == b"\x28\xb5\x2f\xfd":
        reader = io.BufferedReader(_zst_reader(plain))
    try:
        return _read(reader, name, kind, skip_bad)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{name}: damaged gzip data ({error})") from None
    finally:
        if reader is not plain:
            reader.close()
        if plain is not stream and not plain.closed:
            plain.detach()


def _raw(stream: Any) -> Any:
    """Any binary stream does for a BufferedReader as long as it has ``readinto``."""
    return stream


def _read(stream: io.BufferedReader, name: str, kind: str | None, skip_bad: bool) -> Records:
    head = stream.peek(4096)[:4096]
    if not head:
        raise DataError(f"{name}: the file is empty")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DataError(f"{name}: this is UTF-16; wirecopy reads UTF-8")
    if head[:4] == b"PAR1":
        kind = "parquet"
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if kind is None:
        if first in (b"{", b"["):
            kind = "json"
        elif name == "<stdin>":
            line = head.split(b"\n", 1)[0]
            kind = "tsv" if b"\t" in line and b"," not in line else "csv"
        else:
            raise DataError(f"{name}: not a format wirecopy knows; it reads {FORMATS}")
    if kind == "parquet":
        return _read_parquet(stream, name)
    problems = _Problems(name, skip_bad)
    if kind in _DELIMITERS:
        records = _read_csv(stream, name, kind, head, problems)
    elif first == b"[":
        records = _read_array(stream, name, problems)
    else:
        records = _read_lines(stream, problems)
    records.path = name
    records.skipped = problems.found
    if not len(records):
        left = f"; {len(problems.found)} bad lines were skipped" if problems.found else ""
        raise DataError(f"{name}: there are no rows in it{left}")
    return records


@dataclass
class _Problems:
    """What to do about a bad line: stop, or note it and go on."""

    name: str
    skip: bool
    found: list[str] = field(default_factory=list)

    def add(self, line: int, what: str) -> None:
        message = f"{self.name}:{line}: {what}"
        if not self.skip:
            raise DataError(f"{message}\n(--skip-bad leaves such lines out and counts them)")
        self.found.append(message)


def _decoded(stream: Iterable[bytes], problems: _Problems) -> Iterator[tuple[int, str]]:
    """Yield numbered lines as text, without a byte-order mark."""
    for number, raw in enumerate(stream, 1):
        data = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        try:
            yield number, data.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = data[error.start]
            problems.add(number, f"not UTF-8: byte 0x{byte:02x} at position {error.start + 1}")


def _read_lines(stream: Iterable[bytes], problems: _Problems) -> Records:
    def rows() -> Iterator[dict[str, Any]]:
        for number, line in _decoded(stream, problems):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except ValueError as error:
                if number == 1 and line.strip() == "{":
                    raise DataError(
                        f"{problems.name}: one JSON object over many lines; wirecopy reads one "
                        "object a line, or an array of objects"
                    ) from None
                problems.add(number, f"not JSON: {_reason(error)}")
                continue
            except RecursionError:
                problems.add(number, "not JSON: nested too deeply")
                continue
            if isinstance(value, dict):
                yield value
            else:
                problems.add(number, f"not a JSON object but {_named(value)}")

    return from_rows(rows())


def _read_array(stream: IO[bytes], name: str, problems: _Problems) -> Records:
    lines = [line for _, line in _decoded(stream, _Problems(name, skip=False))]
    try:
        values = json.loads("".join(lines))
    except json.JSONDecodeError as error:
        raise DataError(f"{name}:{error.lineno}: not JSON: {_reason(error)}") from None
    except RecursionError:
        raise DataError(f"{name}: not JSON: nested too deeply") from None

    def rows() -> Iterator[dict[str, Any]]:
        for number, value in enumerate(values, 1):
            if isinstance(value, dict):
                yield value
            else:
                problems.add(number, f"item {number} is not a JSON object but {_named(value)}")

    records = from_rows(rows())
    records.kind = "json"
    return records


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return str(error)


def _named(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _read_csv(
    stream: Iterable[bytes], name: str, kind: str, head: bytes, problems: _Problems
) -> Records:
    delimiter = _DELIMITERS[kind]
    header_line = head.split(b"\n", 1)[0]
    if kind == "csv" and b"," not in header_line:
        delimiter = next((d for d in (";", "\t") if d.encode() in header_line), ",")
    limit = csv.field_size_limit(sys.maxsize)  # an article is longer than csv's idea of a field
    try:
        lines = (line for _, line in _decoded(stream, problems))
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        header: list[str] | None = None
        columns: list[list[str]] = []
        while True:
            start = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                if header is None:
                    raise DataError(f"{name}:{start}: bad header: {error}") from None
                problems.add(start, f"not {kind.upper()}: {error}")
                continue
            if not row:
                continue
            if header is None:
                header = [cell.strip() for cell in row]
                twice = [cell for i, cell in enumerate(header) if cell in header[:i]]
                if twice:
                    raise DataError(f"{name}:{start}: two columns are called {twice[0]!r}")
                columns = [[] for _ in header]
            elif len(row) != len(header):
                problems.add(start, f"{len(row)} fields, but the header has {len(header)}")
            else:
                for column, cell in zip(columns, row, strict=True):
                    column.append(cell)
    finally:
        csv.field_size_limit(limit)
    return Records(dict(zip(header or [], columns, strict=True)), kind=kind)


def _need(module: str, what: str) -> Any:
    try:
        return optional(module, what, "parquet")
    except ImportError as error:
        raise DataError(str(error)) from None


def _read_parquet(stream: IO[bytes], name: str) -> Records:
    parquet = _need("pyarrow.parquet", f"{name}: reading Parquet")
    arrow = importlib.import_module("pyarrow")
    source: Any = stream
    if name == "<stdin>" or not stream.seekable() or kind_of(name)[1]:
        source = arrow.BufferReader(stream.read())
    try:
        table = parquet.read_table(source)
        columns = {n: table.column(i).to_pylist() for i, n in enumerate(table.column_names)}
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{name}: not readable as Parquet: {error}") from None
    if len(columns) != table.num_columns:
        raise DataError(f"{name}: two columns have one name")
    if not table.num_rows:
        raise DataError(f"{name}: there are no rows in it")
    return Records(columns, name, "parquet", _arrow=table)


def _zst_reader(stream: IO[bytes]) -> Any:
    if sys.version_info >= (3, 14):
        return importlib.import_module("compression.zstd").ZstdFile(stream)
    arrow = _need("pyarrow", "zstd compression")
    return arrow.CompressedInputStream(stream, "zstd")


# --------------------------------------------------------------------------------------------------
# Writing


def check_output(
    path: str | os.PathLike[str], *, inputs: Iterable[str] = (), force: bool = False
) -> None:
    """Refuse an output path before any work is done for it.

    Parameters
    ----------
    path
        The file to be written.
    inputs
        Files being read, which are never overwritten, whatever ``force`` says.
    force
        Allow an existing file to be replaced.

    Raises
    ------
    DataError
        If the folder is missing, the file exists, or it is one of the inputs.
    """
    where = Path(path)
    if where.is_dir():
        raise DataError(f"{path}: is a folder; give a file name")
    if not where.parent.is_dir():
        raise DataError(f"{path}: there is no folder {where.parent}")
    if where.exists():
        for name in inputs:
            if name != "-" and Path(name).exists() and where.samefile(name):
                raise DataError(f"{path}: is the input; wirecopy never overwrites what it reads")
        if where.is_file() and not force:
            raise DataError(f"{path}: exists already (--force replaces it)")


def check_format(path: str | os.PathLike[str]) -> None:
    """Refuse an output path whose format cannot be written."""
    kind, packed = kind_of(path)
    if kind is None:
        raise DataError(f"{path}: not a format wirecopy knows; it writes {FORMATS}")
    if kind == "parquet":
        _need("pyarrow.parquet", f"{path}: writing Parquet")
    if packed == "zst" and sys.version_info < (3, 14):
        _need("pyarrow", f"{path}: zstd compression")


@contextmanager
def atomic(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its name only when it is complete.

    The bytes go to a temporary file in the same folder, which replaces ``path`` when the block ends
    without an exception and is removed when it does not. Devices and pipes are written directly.
    """
    where = Path(path)
    if where.exists() and not where.is_file():
        with where.open("wb") as stream:
            yield stream
        return
    where = where.resolve()  # through a link to the file it names
    part = where.with_name(f".{where.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
        part.replace(where)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_records(
    records: Records,
    path: str | os.PathLike[str],
    *,
    inputs: Iterable[str] = (),
    force: bool = False,
) -> None:
    """Write records in the format the name of the file stands for.

    Parameters
    ----------
    records
        What to write.
    path
        A .jsonl, .ndjson, .json (an array), .csv, .tsv or .parquet file, also with .gz or .zst.
    inputs, force
        As for :func:`check_output`.
    """
    check_format(path)
    check_output(path, inputs=inputs, force=force)
    kind, packed = kind_of(path)
    with atomic(path) as stream, _packed_writer(stream, packed) as body:
        if kind == "parquet":
            _write_parquet(records, body, str(path))
        elif kind in _DELIMITERS:
            for line in _csv_lines(records, _DELIMITERS[kind]):
                body.write(line)
        else:
            for line in _json_lines(records, array=kind == "json"):
                body.write(line)


def write_lines(records: Records, stream: IO[bytes]) -> None:
    """Write records as JSON lines to an open binary stream, such as standard output."""
    for line in _json_lines(records, array=False):
        stream.write(line)
    stream.flush()


@contextmanager
def _packed_writer(stream: IO[bytes], packed: str | None) -> Iterator[Any]:
    if packed == "gz":
        # No name and no time inside: the same rows give the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as body:
            yield body
    elif packed == "zst":
        if sys.version_info >= (3, 14):
            opened = importlib.import_module("compression.zstd").ZstdFile(stream, "wb")
        else:
            opened = _need("pyarrow", "zstd compression").CompressedOutputStream(stream, "zstd")
        with opened as body:
            yield body
    else:
        yield stream


def plain_value(value: Any) -> Any:
    """Give JSON something it knows for the values that come from Parquet and NumPy."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.generic):
        return value.item()
    return str(value)


def _json_lines(records: Records, *, array: bool) -> Iterator[bytes]:
    last = len(records) - 1
    if array:
        yield b"[\n"
    for number, row in enumerate(records.rows()):
        line = json.dumps(row, ensure_ascii=False, default=plain_value)
        try:
            data = line.encode("utf-8")
        except UnicodeEncodeError:  # half a surrogate pair, which only an escape can carry
            data = json.dumps(row, default=plain_value).encode("ascii")
        yield data + (b",\n" if array and number < last else b"\n")
    if array:
        yield b"]\n"


def _csv_lines(records: Records, delimiter: str) -> Iterator[bytes]:
    # Lone carriage returns are quoted, which csv.writer does only in new versions of Python.
    special = re.compile(f'[{re.escape(delimiter)}"\r\n]')

    def cell(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, (bool, np.bool_)):
            return "true" if value else "false"
        if isinstance(value, (dict, list, tuple)):
            value = json.dumps(value, ensure_ascii=False, default=plain_value)
        text = value if isinstance(value, str) else str(plain_value(value))
        return '"' + text.replace('"', '""') + '"' if special.search(text) else text

    def line(values: Iterable[Any]) -> bytes:
        return ((delimiter.join(map(cell, values)) or '""') + "\n").encode("utf-8", "replace")

    yield line(records.names)
    for values in zip(*records.columns.values(), strict=True):
        yield line(values)


def _write_parquet(records: Records, stream: Any, name: str) -> None:
    arrow = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    original = records._arrow
    columns = {}
    for column, values in records.columns.items():
        if original is not None and column in original.column_names:
            columns[column] = original.column(column)
            continue
        kind = records._types.get(column)
        try:
            columns[column] = arrow.array(values, type=kind and getattr(arrow, kind)())
        except (arrow.ArrowException, UnicodeEncodeError, OverflowError) as error:
            raise DataError(
                f"{name}: Parquet cannot hold the values of column {column!r} ({error}); "
                "write .jsonl instead"
            ) from None
    metadata = None if original is None else original.schema.metadata
    table = arrow.table(columns).replace_schema_metadata(metadata)
    parquet.write_table(table, stream, compression="zstd")


# --------------------------------------------------------------------------------------------------
# Which column is which


class Choice(NamedTuple):
    """A column and how it was found: ``given``, ``name`` or ``longest``."""

    name: str
    how: str


def _simple(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _candidates(records: Records, role: str) -> list[str]:
    by_name: dict[str, str] = {}
    for name in records.names:
        by_name.setdefault(_simple(name), name)
    return [by_name[name] for name in NAMES[role] if name in by_name]


def _given(records: Records, role: str, given: str) -> str:
    if given in records.columns:
        return given
    folded = [name for name in records.names if name.lower() == given.lower()]
    if len(folded) == 1:
        return folded[0]
    raise DataError(f"{records.path}: no column {given!r} to take as the {role}; {_have(records)}")


def _have(records: Records) -> str:
    names = records.names
    more = f" and {len(names) - _ARTICLES_SHOWN} more" if len(names) > _ARTICLES_SHOWN else ""
    return "there are: " + ", ".join(names[:_ARTICLES_SHOWN]) + more


def _is_text(values: Sequence[Any]) -> bool:
    found = False
    for value in values:
        if isinstance(value, str):
            found = found or bool(value)
        elif value is not None:
            return False
    return found


def text_column(records: Records, given: str | None = None) -> Choice:
    """Find the column with the articles.

    Parameters
    ----------
    records
        The rows of a file.
    given
        The name the user gave, if any; it must exist.

    Returns
    -------
    Choice
        The given column; else the first with a usual name (text, body, content, …); else the
        column of strings that is longest on average.

    Raises
    ------
    DataError
        If the given column is not there or has values other than strings, or if no column has any
        text.
    """
    if given is not None:
        name = _given(records, "text", given)
        for row, value in enumerate(records.columns[name], 1):
            if value is not None and not isinstance(value, str):
                raise DataError(
                    f"{records.path}: row {row} of column {name!r} is not text but {value!r:.60}"
                )
        return Choice(name, "given")
    for name in _candidates(records, "text"):
        if _is_text(records.columns[name]):
            return Choice(name, "name")
    best, longest = None, 0.0
    for name, values in records.columns.items():
        if not name.startswith("wirecopy_") and _is_text(values):
            strings = [len(value) for value in values if value]
            mean = sum(strings) / len(strings)
            if mean > longest:
                best, longest = name, mean
    if best is None:
        raise DataError(
            f"{records.path}: no column of text; {_have(records)} (--text-column names one)"
        )
    return Choice(best, "longest")


def id_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column that names the rows: every value there, and no value twice."""
    for name in [_given(records, "id", given)] if given is not None else _candidates(records, "id"):
        problem = _id_problem(records.columns[name])
        if problem is None:
            return Choice(name, "name" if given is None else "given")
        if given is not None:
            raise DataError(f"{records.path}: column {name!r} cannot be the id: {problem}")
    return None


def _id_problem(values: Sequence[Any]) -> str | None:
    seen: set[Any] = set()
    for row, value in enumerate(values, 1):
        if value is None or value == "":
            return f"row {row} has none"
        if not isinstance(value, (str, int)) or isinstance(value, bool):
            return f"row {row} is {value!r:.60}, neither a string nor a whole number"
        if value in seen:
            return f"{value!r:.60} is there twice (the second time in row {row})"
        seen.add(value)
    return None


def date_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column with dates of publication, every one of which can be read."""
    if given is not None:
        name = _given(records, "date", given)
        for row, value in enumerate(records.columns[name], 1):
            if not _absent(value) and parse_date(value) is None:
                raise DataError(
                    f"{records.path}: row {row} of column {name!r} is not a date: {value!r:.60}"
                )
        return Choice(name, "given")
    for name in _candidates(records, "date"):
        values = [value for value in records.columns[name] if not _absent(value)]
        if values and all(parse_date(value) is not None for value in values):
            return Choice(name, "name")
    return None


def _absent(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def dates(values: Sequence[Any]) -> npt.NDArray[np.datetime64]:
    """Read dates into UTC; what is absent becomes NaT."""
    parsed = [None if _absent(value) else parse_date(value) for value in values]
    return np.array(parsed, dtype="datetime64[us]")


def parse_date(value: Any) -> datetime | None:
    """Read a date: ISO 8601, RFC 2822, seconds or milliseconds since 1970; None if it is not one.

    Examples
    --------
    >>> parse_date("2031-04-01T09:30:00+02:00")
    datetime.datetime(2031, 4, 1, 7, 30)
    >>> parse_date("Tue, 01 Apr 2031 07:30:00 GMT")
    datetime.datetime(2031, 4, 1, 7, 30)
    >>> parse_date("soon") is None
    True
    """
    found: datetime | None = None
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        text = value.strip()
        found = _epoch(int(text)) if re.fullmatch(r"\d{10}|\d{13}", text) else _written(text)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        found = _epoch(value)
    if found is not None and found.tzinfo is not None:
        try:
            found = found.astimezone(timezone.utc).replace(tzinfo=None)
        except OverflowError:
            return None
    return found


def _written(text: str) -> datetime | None:
    if re.match(r"\d{4}[-/.]?\d\d[-/.]?\d\d", text):
        iso = re.sub(r"^(\d{4})[/.](\d\d)[/.](\d\d)", r"\1-\2-\3", text)
        iso = re.sub(r"^(\d{4})(\d\d)(\d\d)(?!\d)", r"\1-\2-\3", iso)
        iso = re.sub(r"\s*(?:Z|UTC|GMT)$", "+00:00", iso)
        iso = re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", iso)
        iso = re.sub(r"\.(\d{1,6})\d*", lambda m: "." + m[1].ljust(6, "0"), iso)
        iso = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", iso) if len(iso) > 10 else iso
        if len(iso) == 16 and iso.endswith("+00:00"):
            iso = iso[:10]
    else:
        iso = ""
    try:
        return datetime.fromisoformat(iso) if iso else email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _epoch(number: float) -> datetime | None:
    seconds = number / 1000 if abs(number) >= 1e11 else number
    if not 1e8 <= seconds < 4.2e9:  # 1973 to 2103; a small number is a year or a count
        return None
    return datetime.fromtimestamp(seconds, timezone.utc)


def source_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column with the outlet that published each row."""
    return _string_column(records, "source", given)


def headline_column(records: Records, given: str | None = None) -> Choice | None:
    """Find the column with the headlines."""
    return _string_column(records, "headline", given)


def _string_column(records: Records, role: str, given: str | None) -> Choice | None:
    if given is not None:
        return Choice(_given(records, role, given), "given")
    for name in _candidates(records, role):
        if _is_text(records.columns[name]):
            return Choice(name, "name")
    return None
