"""Files of rows, written so that nothing half-made is ever seen."""

from __future__ import annotations

import gzip
import importlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from wirecopy._files.delimited import DelimitedWriter
from wirecopy._files.formats import DELIMITERS, FORMATS, DataError, kind_of, need
from wirecopy._files.json_lines import JsonWriter
from wirecopy._files.parquet import ParquetWriter
from wirecopy._files.records import Records


class Writer(Protocol):
    """Takes rows, a batch at a time."""

    def write(self, records: Records) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write what ends the file."""


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
        If the folder is missing or cannot be written to, the file exists, or it is one of the inputs.
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
    folder = where.resolve().parent
    if not (where.exists() and not where.is_file()) and not os.access(folder, os.W_OK):
        raise _unwritable(path)


def _unwritable(path: str | os.PathLike[str]) -> DataError:
    return DataError(
        f"{path}: its folder may not be written to; -o names a file elsewhere, -o - standard output"
    )


def check_format(path: str | os.PathLike[str]) -> None:
    """Refuse an output path whose format cannot be written."""
    kind, packed = kind_of(path)
    if kind is None:
        raise DataError(
            f"{path}: not a format wirecopy knows; it writes {FORMATS}; give it such an ending"
        )
    if kind == "parquet":
        need("pyarrow.parquet", f"{path}: writing Parquet")
    if packed == "zst" and sys.version_info < (3, 14):
        need("pyarrow", f"{path}: zstd compression")


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
        try:
            opened = part.open("xb")
        except PermissionError:
            raise _unwritable(path) from None
        with opened as stream:
            yield stream
        part.replace(where)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def open_writer(
    path: str | os.PathLike[str],
    *,
    names: Sequence[str] | None = None,
    schema: Any = None,
    types: Mapping[str, str] | None = None,
    inputs: Iterable[str] = (),
    force: bool = False,
) -> Iterator[Writer]:
    """Open a file for rows, in the format its name stands for; it appears when it is complete.

    Parameters
    ----------
    path
        A .jsonl, .ndjson, .json (an array), .csv, .tsv or .parquet file, also with .gz or .zst.
    names
        The columns, for CSV and TSV; those of the first rows by default.
    schema, types
        For Parquet, as `ParquetWriter` takes them.
    inputs, force
        As for :func:`check_output`.
    """
    check_format(path)
    check_output(path, inputs=inputs, force=force)
    kind, packed = kind_of(path)
    with atomic(path) as stream, _packed_writer(stream, packed) as body:
        writer = new_writer(body, str(kind), str(path), names=names, schema=schema, types=types)
        yield writer
        writer.close()


def new_writer(
    stream: IO[bytes],
    kind: str,
    name: str,
    *,
    names: Sequence[str] | None = None,
    schema: Any = None,
    types: Mapping[str, str] | None = None,
) -> Writer:
    """Return what writes rows of a format to an open stream; parameters as for `open_writer`."""
    if kind == "parquet":
        return ParquetWriter(stream, name, schema, types)
    if kind in DELIMITERS:
        return DelimitedWriter(stream, DELIMITERS[kind], names)
    return JsonWriter(stream, array=kind == "json")


def write_records(
    records: Records,
    path: str | os.PathLike[str],
    *,
    inputs: Iterable[str] = (),
    force: bool = False,
) -> None:
    """Write records in the format the name of the file stands for; as `open_writer`."""
    with open_writer(path, inputs=inputs, force=force) as writer:
        writer.write(records)


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
            opened = need("pyarrow", "zstd compression").CompressedOutputStream(stream, "zstd")
        with opened as body:
            yield body
    else:
        yield stream
