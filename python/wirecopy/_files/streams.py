"""Streams of bytes: unpacked, kept for a second reading."""

from __future__ import annotations

import gzip
import importlib
import io
import os
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from wirecopy._files.formats import DataError, need


def open_bytes(path: str) -> io.BufferedReader:
    """Open a file, or standard input for "-"."""
    if path == "-":
        if sys.stdin is None:  # closed by whoever started the process
            raise DataError("<stdin>: there is no standard input")
        stream: Any = sys.stdin.buffer
        return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)
    try:
        return Path(path).open("rb")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder; give a file") from None
    except PermissionError as error:
        what = "is a folder; give a file" if Path(path).is_dir() else error.strerror
        raise DataError(f"{path}: {what}") from None


def is_regular(stream: io.BufferedReader) -> bool:
    """Whether a stream is a file that can be read again, not a pipe or a terminal."""
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode) and stream.seekable()
    except (OSError, ValueError):
        return False


def stamp(stream: io.BufferedReader) -> tuple[int, int]:
    """Return what changes when somebody writes to the file."""
    status = os.fstat(stream.fileno())
    return status.st_size, status.st_mtime_ns


def spooled(stream: IO[bytes]) -> io.BufferedReader:
    """Copy what is left of a stream into a temporary file without a name, and return that."""
    spool: Any = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed by whoever gets it
    try:
        shutil.copyfileobj(stream, spool, 1 << 20)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return _Spooled(spool)


class _Spooled(io.BufferedReader):
    """A temporary file as a reader that can be peeked into, and that keeps it alive."""

    def __init__(self, spool: Any) -> None:
        self._spool = spool  # on Windows an object that removes the file when it is forgotten
        super().__init__(getattr(spool, "file", spool).raw)


@contextmanager
def unpacked(stream: io.BufferedReader, name: str) -> Iterator[io.BufferedReader]:
    """Give the content of a stream that may be packed with gzip or zstd."""
    head = stream.peek(8)[:8]
    # The readers close what they read from, which is not theirs.
    lent: Any = _Lent(stream)
    if head[:2] == b"\x1f\x8b":
        packed: Any = gzip.GzipFile(fileobj=lent)
    elif head[:4] == b"\x28\xb5\x2f\xfd":
        packed = _zst_reader(lent)
    else:
        yield stream
        return
    with io.BufferedReader(packed) as reader:
        try:
            yield reader
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DataError(f"{name}: damaged gzip data ({error})") from None
        except OSError as error:
            if head[:2] == b"\x1f\x8b":
                raise
            raise DataError(f"{name}: damaged zstd data ({error})") from None


class _Lent(io.RawIOBase):
    """A stream that is not closed by whoever reads it."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._stream.readinto(buffer)

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)


def _zst_reader(stream: Any) -> Any:
    if sys.version_info >= (3, 14):
        return importlib.import_module("compression.zstd").ZstdFile(stream)
    return need("pyarrow", "zstd compression").CompressedInputStream(stream, "zstd")
