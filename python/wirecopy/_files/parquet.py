"""Parquet in and out, by pyarrow where it is installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from wirecopy._files.formats import DataError, need
from wirecopy._files.records import BatchSize, Records


def read_parquet(stream: IO[bytes], name: str, size: BatchSize) -> Iterator[Records]:
    """Read rows from a seekable stream, a batch at a time."""
    parquet = need("pyarrow.parquet", f"{name}: reading Parquet")
    arrow = need("pyarrow", f"{name}: reading Parquet")
    errors = (arrow.ArrowException, OSError, ValueError)
    try:
        file = parquet.ParquetFile(stream, pre_buffer=False)
        names = file.schema_arrow.names
        twice = [column for i, column in enumerate(names) if column in names[:i]]
        if twice:
            raise DataError(f"{name}: two columns are called {twice[0]!r}")
        batches = file.iter_batches(batch_size=_rows_a_batch(file.metadata, size))
    except errors as error:
        raise DataError(f"{name}: not readable as Parquet: {error}") from None
    done = 0
    while True:
        try:
            batch = next(batches, None)
            if batch is None:
                return
            columns = {column: batch.column(i).to_pylist() for i, column in enumerate(names)}
        except errors as error:
            raise DataError(f"{name}: not readable as Parquet: {error}") from None
        table = arrow.Table.from_batches([batch])
        numbers = range(done + 1, done + 1 + len(table))
        done += len(table)
        if len(table):
            yield Records(columns, name, "parquet", numbers=numbers, arrow=table)


def _rows_a_batch(metadata: Any, size: BatchSize) -> int:
    total = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    a_row = max(1, int(total) // max(1, int(metadata.num_rows)))
    return max(1, min(size.rows, size.characters // a_row))


def arrow_schema(records: Records, name: str) -> Any:
    """Return the Arrow types of the columns of records, as a pyarrow schema."""
    arrow = need("pyarrow", f"{name}: writing Parquet")
    fields = []
    for column in records.columns:
        if records.arrow is not None and column in records.arrow.column_names:
            fields.append(records.arrow.schema.field(column))
            continue
        kind = records.types.get(column)
        if kind:
            fields.append(arrow.field(column, getattr(arrow, kind)()))
        else:
            values = _array(arrow, records.values(column), None, column, name)
            fields.append(arrow.field(column, values.type))
    metadata = None if records.arrow is None else records.arrow.schema.metadata
    return arrow.schema(fields, metadata=metadata)


def unified_schema(schemas: Sequence[Any], name: str) -> Any:
    """Return the schema that holds the columns of several."""
    arrow = need("pyarrow", f"{name}: writing Parquet")
    try:
        return arrow.unify_schemas(schemas, promote_options="permissive")
    except arrow.ArrowException as error:
        raise DataError(
            f"{name}: Parquet cannot hold the values of a column that is not the same everywhere "
            f"({error}); write .jsonl instead"
        ) from None


def _array(arrow: Any, values: list[Any], kind: Any, column: str, name: str) -> Any:
    try:
        return arrow.array(values, type=kind)
    except (arrow.ArrowException, UnicodeEncodeError, OverflowError) as error:
        raise DataError(
            f"{name}: Parquet cannot hold the values of column {column!r} ({error}); "
            "write .jsonl instead"
        ) from None


class ParquetWriter:
    """Writes rows under one schema.

    Parameters
    ----------
    stream
        Where to write.
    name
        For messages.
    schema
        Arrow types of the columns that come from the input; those of the first rows by default.
    types
        Arrow types, by name, of the columns that are added; as `Records.types`.
    """

    def __init__(
        self,
        stream: IO[bytes],
        name: str,
        schema: Any = None,
        types: Mapping[str, str] | None = None,
    ) -> None:
        self._stream = stream
        self._name = name
        self._arrow = need("pyarrow", f"{name}: writing Parquet")
        self._parquet = need("pyarrow.parquet", f"{name}: writing Parquet")
        self._schema = schema
        for column, kind in (types or {}).items():
            self._set_type(column, getattr(self._arrow, kind)())
        self._writer: Any = None

    def _set_type(self, column: str, kind: Any) -> None:
        schema = self._schema if self._schema is not None else self._arrow.schema([])
        at = schema.get_field_index(column)
        field = self._arrow.field(column, kind)
        self._schema = schema.append(field) if at < 0 else schema.set(at, field)

    def write(self, records: Records) -> None:
        """Write some rows, as one row group."""
        if self._schema is None:
            self._schema = arrow_schema(records, self._name)
        columns = [self._column(records, field) for field in self._schema]
        self._open().write_table(self._arrow.Table.from_arrays(columns, schema=self._schema))

    def _open(self) -> Any:
        if self._writer is None:
            self._writer = self._parquet.ParquetWriter(
                self._stream, self._schema, compression="zstd"
            )
        return self._writer

    def _column(self, records: Records, field: Any) -> Any:
        if records.arrow is not None and field.name in records.arrow.column_names:
            column = records.arrow.column(field.name)
            try:
                return column if column.type == field.type else column.cast(field.type)
            except self._arrow.ArrowException as error:
                raise DataError(f"{self._name}: column {field.name!r}: {error}") from None
        values = records.values(field.name)
        return _array(self._arrow, values, field.type, field.name, self._name)

    def close(self) -> None:
        """Write the footer; a file without rows if there were none."""
        if self._schema is None:
            self._schema = self._arrow.schema([])
        self._open().close()
