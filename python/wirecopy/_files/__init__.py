"""Records in and out: JSON lines, CSV and Parquet, for the command line.

A file is read into plain Python columns, a batch of rows at a time, and written back in the same kind,
with its values as they were. What cannot be read is reported by file and line. Nothing is overwritten
unless asked, a half-written file is never left under the final name, and the file being read is never
the file being written.
"""

from __future__ import annotations

from wirecopy._files.columns import (
    NAMES,
    Choice,
    candidates,
    date_column,
    given_column,
    headline_column,
    id_column,
    source_column,
    text_column,
    with_texts,
)
from wirecopy._files.dates import dates, parse_date
from wirecopy._files.formats import DELIMITERS, FORMATS, KINDS, DataError, kind_of
from wirecopy._files.lines import check_encoding
from wirecopy._files.parquet import arrow_schema, unified_schema
from wirecopy._files.reading import Input, read_records
from wirecopy._files.records import (
    ABSENT,
    BatchSize,
    Problems,
    Records,
    from_rows,
    plain_value,
)
from wirecopy._files.writing import (
    Writer,
    atomic,
    check_format,
    check_output,
    new_writer,
    open_writer,
    write_records,
)

__all__ = [
    "ABSENT",
    "DELIMITERS",
    "FORMATS",
    "KINDS",
    "NAMES",
    "BatchSize",
    "Choice",
    "DataError",
    "Input",
    "Problems",
    "Records",
    "Writer",
    "arrow_schema",
    "atomic",
    "candidates",
    "check_encoding",
    "check_format",
    "check_output",
    "date_column",
    "dates",
    "from_rows",
    "given_column",
    "headline_column",
    "id_column",
    "kind_of",
    "new_writer",
    "open_writer",
    "parse_date",
    "plain_value",
    "read_records",
    "source_column",
    "text_column",
    "unified_schema",
    "with_texts",
    "write_records",
]
