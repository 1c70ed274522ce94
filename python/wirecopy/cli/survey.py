"""Which columns the rows have, for formats that must say it at the beginning."""

from __future__ import annotations

from typing import Any

from wirecopy._files import DELIMITERS, Records, arrow_schema, unified_schema


def needed(kinds: list[str | None], output: str) -> bool:
    """Whether rows have to be read before they can be written: later ones may have more columns."""
    if output not in ("parquet", *DELIMITERS):
        return False
    return len(kinds) > 1 or kinds[0] == "jsonl"


class Survey:
    """The columns of batches, in the order met, and for Parquet their types.

    Parameters
    ----------
    kind
        The format to be written.
    name
        The file to be written, for messages.
    """

    def __init__(self, kind: str, name: str) -> None:
        self._parquet = kind == "parquet"
        self._name = name
        self._names: dict[str, None] = {}
        self._schema: Any = None

    def add(self, records: Records) -> None:
        """Look at some rows."""
        self._names.update(dict.fromkeys(records.names))
        if self._parquet:
            schema = arrow_schema(records, self._name)
            if self._schema is None:
                self._schema = schema
            elif schema != self._schema:
                self._schema = unified_schema([self._schema, schema], self._name)

    @property
    def names(self) -> list[str] | None:
        """The columns; None if nothing was looked at."""
        return list(self._names) or None

    @property
    def schema(self) -> Any:
        """The Arrow schema, for Parquet; None if nothing was looked at."""
        return self._schema
