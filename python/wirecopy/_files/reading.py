"""Files of rows, read in batches, once or again."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from typing import Any

from wirecopy._files.delimited import read_delimited
from wirecopy._files.formats import DELIMITERS, FORMATS, DataError, kind_of, sniff
from wirecopy._files.json_lines import read_array, read_lines
from wirecopy._files.parquet import read_parquet
from wirecopy._files.records import BatchSize, Problems, Records, joined
from wirecopy._files.streams import is_regular, open_bytes, spooled, stamp, unpacked

__all__ = ["FORMATS", "Input", "read_records"]

#: Called with the bytes read so far and the bytes there are (0: unknown).
Progress = Callable[[int, int], object]


class Input:
    """A file of rows, or standard input.

    Parameters
    ----------
    path
        A .jsonl, .ndjson, .json, .csv, .tsv or .parquet file, any of them also with .gz or .zst; "-"
        for standard input. The format of standard input and of other names is told from the content.
    kind
        The format, where the name does not say it.
    encoding
        Of text; UTF-8 by default.
    again
        It will be read more than once: what cannot be (standard input, a pipe) is copied to a
        temporary file first.

    Raises
    ------
    DataError
        If the file cannot be opened.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        kind: str | None = None,
        encoding: str = "utf-8",
        again: bool = False,
    ) -> None:
        self.path = str(path)
        self.name = "<stdin>" if self.path == "-" else self.path
        self.kind = kind or kind_of(self.path)[0]
        self._encoding = encoding
        self._owned = self.path != "-"
        self._stream = open_bytes(self.path)
        if again and not is_regular(self._stream):
            given, self._stream = self._stream, spooled(self._stream)
            if self._owned:
                given.close()
            self._owned = True
        self._stamp = stamp(self._stream) if is_regular(self._stream) else None
        self._fresh = True

    def batches(
        self,
        problems: Problems,
        size: BatchSize | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Records]:
        """Yield the rows in batches, from the first one.

        Raises
        ------
        DataError
            If the file is empty, has no rows, has a row that cannot be read and `problems` does not
            skip it, or is not what it was when it was read before.
        """
        if not self._fresh:
            self._check_unchanged()
            self._stream.seek(0)
        self._fresh = False
        found = 0
        before = problems.count
        with unpacked(self._stream, self.name) as stream:
            for records in self._read(stream, problems, size or BatchSize()):
                found += len(records)
                if progress is not None:
                    self._tell(progress)
                yield records
        if not found:
            left = problems.count - before
            skipped = f"; {left} bad lines were skipped" if left else ""
            raise DataError(f"{self.name}: there are no rows in it{skipped}")
        self._check_unchanged()

    def find_kind(self) -> str:
        """Return the format, told from the name or else from how a file begins."""
        if self.kind is None:
            with unpacked(self._stream, self.name) as stream:
                head = stream.peek(4096)[:4096]
                if not head:
                    raise DataError(f"{self.name}: the file is empty")
                self.kind = sniff(head, self.name, None, guess=self.path == "-")
            if is_regular(self._stream):
                self._stream.seek(0)
        return self.kind

    def _read(
        self, stream: io.BufferedReader, problems: Problems, size: BatchSize
    ) -> Iterator[Records]:
        head = stream.peek(4096)[:4096]
        if not head:
            raise DataError(f"{self.name}: the file is empty")
        self.kind = sniff(head, self.name, self.kind, guess=self.path == "-")
        if self.kind == "parquet":
            whole = stream is self._stream and is_regular(stream)
            seekable = stream if whole else spooled(stream)
            try:
                yield from read_parquet(seekable, self.name, size)
            finally:
                if not whole:
                    seekable.close()
        elif self.kind in DELIMITERS:
            yield from read_delimited(
                stream, self.name, problems, size, self._encoding, head=head, kind=self.kind
            )
        else:
            read = read_array if self.kind == "json" else read_lines
            yield from read(stream, self.name, problems, size, self._encoding)

    def _check_unchanged(self) -> None:
        if self._stamp is not None and stamp(self._stream) != self._stamp:
            raise DataError(f"{self.name}: was changed while it was being read; try again")

    def _tell(self, progress: Progress) -> None:
        if self._stamp is not None:
            progress(self._stream.tell(), self._stamp[0])

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._owned:
            self._stream.close()

    def __enter__(self) -> Input:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def read_records(path: str | os.PathLike[str], *, skip_bad: bool = False) -> Records:
    """Read a whole file into memory, or standard input for ``"-"``.

    Parameters
    ----------
    path
        As for `Input`.
    skip_bad
        Leave out the lines that cannot be read, and list the first of them in ``skipped``.

    Raises
    ------
    DataError
        If the file is not there, is empty, or has a line that cannot be read.
    """
    problems = Problems(skip_bad)
    with Input(path) as source:
        records = joined(source.batches(problems))
    records.skipped = problems.first
    return records
