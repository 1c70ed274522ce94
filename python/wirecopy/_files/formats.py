"""Formats by name and by content, and the errors that are meant for the user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from wirecopy._optional import optional

FORMATS = "JSON lines (.jsonl, .ndjson, .json), CSV (.csv), TSV (.tsv) and Parquet (.parquet)"
#: What ``--format`` takes.
KINDS = ("jsonl", "json", "csv", "tsv", "parquet")
DELIMITERS = {"csv": ",", "tsv": "\t"}
_SUFFIXES = {
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
_UTF8_MARK = b"\xef\xbb\xbf"
#: What a file that cannot be read begins with, and what to do about it.
_FOREIGN = {
    b"\xff\xfe": "this is UTF-16; wirecopy reads UTF-8 (iconv -f UTF-16 -t UTF-8 converts it)",
    b"\xfe\xff": "this is UTF-16; wirecopy reads UTF-8 (iconv -f UTF-16 -t UTF-8 converts it)",
    b"PK\x03\x04": "this is an Excel workbook or a zip archive; save it as CSV (UTF-8), or unpack it",
    b"\xd0\xcf\x11\xe0": "this is an old Excel workbook; save it as CSV (UTF-8)",
    b"BZh": "this is packed with bzip2; unpack it first, or pack it with gzip or zstd",
    b"\xfd7zXZ": "this is packed with xz; unpack it first, or pack it with gzip or zstd",
}


class DataError(Exception):
    """The data cannot be read or written as asked; the message is meant for the user."""


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
    return _SUFFIXES.get(suffix), packed


def sniff(head: bytes, name: str, kind: str | None, *, guess: bool = False) -> str:
    """Tell a format from how the content begins.

    Parameters
    ----------
    head
        The first bytes, unpacked.
    name
        For messages.
    kind
        The format that the name or the user says, if any.
    guess
        Take what is no JSON for CSV or TSV; else that is an error.

    Returns
    -------
    str
        "jsonl", "json" (an array), "csv", "tsv" or "parquet".
    """
    if head[:4] == b"PAR1":
        return "parquet"
    for mark, message in _FOREIGN.items():
        if head.startswith(mark) and kind != "parquet":
            raise DataError(f"{name}: {message}")
    first = head.removeprefix(_UTF8_MARK).lstrip()[:1]
    if kind in ("jsonl", "json") or (kind is None and first in (b"{", b"[")):
        return "json" if first == b"[" else "jsonl"
    if kind is not None:
        return kind
    if not guess:
        raise DataError(
            f"{name}: not a format wirecopy knows; it reads {FORMATS} (--format says which it is)"
        )
    line = head.split(b"\n", 1)[0]
    return "tsv" if b"\t" in line and b"," not in line else "csv"


def need(module: str, what: str) -> Any:
    """Import an optional library, or say what to install."""
    try:
        return optional(module, what, "parquet", ' (or "wirecopy[cli]")')
    except ImportError as error:
        raise DataError(str(error)) from None
