"""Columns in, answers out in the same kind.

pandas, polars, pyarrow and narwhals are never imported here: an object of theirs can only be passed
by somebody who imported them already.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from wirecopy import _core
from wirecopy._optional import optional
from wirecopy._table import Table

_EXPECTED = (
    "expected a list of them, a NumPy array, a pandas, polars or pyarrow column, or an object with "
    "__arrow_c_stream__"
)


@dataclass(frozen=True)
class Kind:
    """Which library a column came from, to answer in the same."""

    library: Literal["numpy", "pandas", "polars", "pyarrow"] = "numpy"
    index: Any = None  # of a pandas Series

    def mask(self, mask: npt.NDArray[np.bool_]) -> Any:
        """Give one boolean a row."""
        return self.values(mask, None)

    def values(self, values: npt.NDArray[Any], name: str | None) -> Any:
        """Give one number (or, in an object array, one str or None) a row."""
        if self.library == "numpy":
            return values
        library = sys.modules[self.library]
        if self.library == "pandas":
            return library.Series(values, index=self.index, name=name)
        plain = values.tolist() if values.dtype == object else values
        if self.library == "polars":
            return library.Series(name or "", plain)
        return library.array(plain)

    def frame(self, table: Table | _core.Table) -> Any:
        """Give a table."""
        own = table if isinstance(table, Table) else Table(table)
        if self.library == "pandas":
            return own.to_pandas()
        if self.library == "polars":
            return own.to_polars()
        if self.library == "pyarrow":
            return own.to_arrow()
        return own


def read_texts(
    texts: object, argument: str = "texts", *, malformed: bool = False
) -> tuple[_core.TextColumn, Kind]:
    """Borrow a column of texts; nothing is copied.

    Parameters
    ----------
    texts : column of str
        A list, tuple or other iterable (read once), NumPy array, pandas Series or Index, polars
        Series, pyarrow array, narwhals Series, or anything that speaks the Arrow PyCapsule
        protocol. None, NaN and pandas.NA are null rows.
    argument : str
        What error messages call it.
    malformed : bool, default False
        Let Arrow rows that are not UTF-8 in, for a caller that repairs them.

    Raises
    ------
    TypeError
        Not a column of texts, or a row is not a text.
    ValueError
        An Arrow row is not UTF-8, or an array has more than one dimension. (That a str holds a lone
        surrogate is noticed, with the same error, by whatever reads the column.)
    """
    texts = _unwrap(texts)
    _refuse(texts, argument)
    kind = _kind_of(texts)
    strings = _core.TextColumn.from_strings
    arrow = _core.TextColumn.from_arrow
    if isinstance(texts, (list, tuple)):
        return strings(texts, argument), kind
    if isinstance(texts, np.ndarray):
        return strings(_array_objects(texts, argument), argument), kind
    texts = _behind_pandas(texts)
    if _is(texts, "pandas", "Series", "Index"):
        return strings(_pandas_objects(texts), argument), kind
    if _is_polars_object_column(texts):
        return strings(list(_iterate(texts, argument)), argument), kind
    if _speaks_arrow(texts):
        return arrow(texts, argument, malformed), kind
    return strings(list(_iterate(texts, argument)), argument), kind


def read_ids(ids: object, n: int, argument: str = "ids") -> npt.NDArray[Any]:
    """Read one hashable, unique id a row: an int64 array if all are integers, else an object array.

    Raises
    ------
    TypeError
        Not a column, or an id is not hashable.
    ValueError
        Not `n` ids, a null id, or the same id twice.
    """
    numbers = _numbers(ids, argument)
    if numbers is not None and numbers.dtype.kind == "i":
        _require_length(len(numbers), n, argument)
        result: npt.NDArray[Any] = numbers.astype(np.int64)
        if len(np.unique(result)) == n:
            return result
        objects = result.tolist()
    else:
        objects = _objects(ids, argument)
    _require_length(len(objects), n, argument)
    first: dict[Hashable, int] = {}
    for row, value in enumerate(objects):
        if _is_null(value):
            raise ValueError(f"{argument}[{row}] is null; every text needs an id")
        try:
            before = first.setdefault(value, row)
        except TypeError:
            raise TypeError(
                f"{argument}[{row}] is {type(value).__name__}; an id must be hashable, e.g. an int"
            ) from None
        if before != row:
            raise ValueError(f"{argument} must be unique: {value!r} is in rows {before} and {row}")
    if all(type(value) is int and -(2**63) <= value < 2**63 for value in objects) and objects:
        return np.array(objects, dtype=np.int64)
    return _object_array(objects)


def read_dates(dates: object, n: int, argument: str = "dates") -> npt.NDArray[np.datetime64]:
    """Read one date a row, as ``datetime64[us]`` in UTC with NaT for null.

    Takes dates, datetimes, ``numpy.datetime64``, date columns of pandas, polars and pyarrow, and
    ISO-8601 strings. A time without a zone is taken as it stands; one with a zone becomes UTC.

    Raises
    ------
    TypeError
        Not a column, or a row is neither date nor str.
    ValueError
        Not `n` dates, or a str that is not a date.
    """
    column = _datetimes(dates, argument)
    if column is not None:
        _require_length(len(column), n, argument)
        return column
    objects = _objects(dates, argument)
    _require_length(len(objects), n, argument)
    result = np.empty(n, dtype="datetime64[us]")
    for row, value in enumerate(objects):
        result[row] = _one_date(value, row, argument)
    return result


def read_labels(labels: object, n: int, argument: str = "sources") -> npt.NDArray[np.object_]:
    """Read one label a row, as an object array of str and None.

    Raises
    ------
    TypeError
        Not a column, or a row is neither str nor null.
    ValueError
        Not `n` labels.
    """
    objects = _objects(labels, argument)
    _require_length(len(objects), n, argument)
    for row, value in enumerate(objects):
        if isinstance(value, str):
            continue
        if not _is_null(value):
            raise TypeError(f"{argument}[{row}] is {type(value).__name__}; expected str or None")
        objects[row] = None
    return _object_array(objects)


def read_objects(values: object, n: int, argument: str) -> list[Any]:
    """Read one object a row, None for null.

    Raises
    ------
    TypeError
        Not a column.
    ValueError
        Not `n` values.
    """
    objects = _objects(values, argument)
    _require_length(len(objects), n, argument)
    return [None if _is_null(value) else value for value in objects]


def read_numbers(numbers: object, n: int, argument: str) -> npt.NDArray[np.float64]:
    """Read one number a row, as a new float64 array with NaN for null.

    Raises
    ------
    TypeError
        Not a column, or a row is not a number.
    ValueError
        Not `n` numbers.
    """
    array = _numbers(numbers, argument)
    if array is None:
        objects = _objects(numbers, argument)
        _require_length(len(objects), n, argument)
        for row, value in enumerate(objects):
            if not isinstance(value, (int, float, np.number)) and not _is_null(value):
                name = type(value).__name__
                raise TypeError(f"{argument}[{row}] is {name}; expected a number")
        array = np.array([np.nan if _is_null(value) else value for value in objects], dtype=float)
    _require_length(len(array), n, argument)
    return np.array(array, dtype=np.float64)


def read_weights(weights: object, n: int, argument: str = "weights") -> npt.NDArray[np.float64]:
    """Read one weight a row, finite and not negative, as a new float64 array.

    Raises
    ------
    TypeError
        Not a column, or a row is not a number.
    ValueError
        Not `n` weights, or one that is null, NaN, infinite or negative.
    """
    result = read_numbers(weights, n, argument)
    wrong = ~(np.isfinite(result) & (result >= 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"{argument}[{row}] is {result[row]}; expected a finite number >= 0")
    return result


def read_values(values: object, n: int, argument: str) -> npt.NDArray[Any]:
    """Read one value a row, of whatever type, as an array that a `Table` takes.

    Integers, floats, booleans and dates stay what they are; anything else becomes ``str``, and null "".

    Raises
    ------
    TypeError
        Not a column.
    ValueError
        Not `n` values.
    """
    array = _numbers(values, argument)
    if array is None:
        array = _datetimes(values, argument)
    if array is not None:
        _require_length(len(array), n, argument)
        return array
    objects = _objects(values, argument)
    _require_length(len(objects), n, argument)
    known = {type(value) for value in objects if not _is_null(value)}
    if known == {bool} and None not in objects:
        return np.array(objects, dtype=np.bool_)
    if known and known <= {int, float}:
        return read_numbers(objects, n, argument)
    if known and known <= {date, datetime, np.datetime64}:
        return read_dates(objects, n, argument)
    return _object_array(["" if _is_null(v) else str(v) for v in objects])


# --- which library --------------------------------------------------------------------------------


def _is(value: object, module: str, *names: str) -> bool:
    """Whether `value` is of one of these classes, without importing their module."""
    loaded = sys.modules.get(module)
    classes = tuple(cls for name in names if (cls := getattr(loaded, name, None)) is not None)
    return bool(classes) and isinstance(value, classes)


def _unwrap(value: object) -> object:
    """Take what a narwhals Series or DataFrame wraps."""
    if type(value).__module__.split(".", 1)[0] == "narwhals" and hasattr(value, "to_native"):
        native: object = value.to_native()
        return native
    return value


def _kind_of(value: object) -> Kind:
    if _is(value, "pandas", "Series"):
        return Kind("pandas", value.index)  # type: ignore[attr-defined]
    if _is(value, "pandas", "Index"):
        return Kind("pandas")
    if _is(value, "polars", "Series"):
        return Kind("polars")
    if _is(value, "pyarrow", "Array", "ChunkedArray", "Table", "RecordBatch", "RecordBatchReader"):
        return Kind("pyarrow")
    return Kind()


def _speaks_arrow(value: object) -> bool:
    return hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__")


def _refuse(value: object, argument: str) -> None:
    """Explain what is often passed by mistake, and would be read as something else."""
    if isinstance(value, (str, bytes, bytearray, memoryview)):
        raise TypeError(f"{argument} is one {type(value).__name__}; pass a list of {argument}")
    if isinstance(value, Mapping):
        raise TypeError(
            f"{argument} is a {type(value).__name__}; pass its values, e.g. "
            f"list({argument}.values())"
        )
    # The views of a dict are sets by name but have an order.
    if isinstance(value, Set) and not isinstance(value, (type({}.keys()), type({}.items()))):
        raise TypeError(
            f"{argument} is a {type(value).__name__}, which has no order; pass a list, e.g. "
            f"sorted({argument})"
        )
    if _is(value, "pandas", "DataFrame") or _is(value, "polars", "DataFrame"):
        names = [str(name) for name in value.columns]  # type: ignore[attr-defined]
        raise TypeError(_too_wide("DataFrame", names, argument))
    if _is(value, "polars", "LazyFrame"):
        raise TypeError(
            f"{argument} is a LazyFrame; collect it and pass one column, e.g. "
            f'{argument}.collect()["text"]'
        )


def _too_wide(what: str, names: list[str], argument: str) -> str:
    listed = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    example = next((name for name in names if name in {"text", "body"}), "text")
    if len(names) == 1:
        example = names[0]
    return (
        f"{argument} is a {what} with columns {listed}; pass one column, e.g. "
        f'{argument}["{example}"]'
    )


def _iterate(value: object, argument: str) -> Iterable[Any]:
    if isinstance(value, Iterable):
        return value
    raise TypeError(f"{argument} is {type(value).__name__}; {_EXPECTED}")


# --- objects of a column --------------------------------------------------------------------------


def _require_length(found: int, n: int, argument: str) -> None:
    if found != n:
        raise ValueError(
            f"{argument} has {found} value{'' if found == 1 else 's'} for {n} "
            f"text{'' if n == 1 else 's'}"
        )


def _require_flat(values: npt.NDArray[Any], argument: str) -> None:
    if values.ndim != 1:
        raise ValueError(
            f"{argument} has {values.ndim} dimensions (shape {values.shape}); expected 1"
        )


def _array_objects(values: npt.NDArray[Any], argument: str) -> list[Any]:
    _require_flat(values, argument)
    objects: list[Any] = values.tolist()
    return objects


def _behind_pandas(value: Any) -> Any:
    """Take the pyarrow array that some pandas columns are made of."""
    if not _is(value, "pandas", "Series", "Index"):
        return value
    dtype = value.dtype
    is_arrow = getattr(dtype, "pyarrow_dtype", None) is not None
    if is_arrow or getattr(dtype, "storage", None) in {"pyarrow", "pyarrow_numpy"}:
        backing = value.array.__arrow_array__()
        return backing if _speaks_arrow(backing) else value
    return value


def _pandas_objects(column: Any) -> list[Any]:
    objects: list[Any] = column.to_numpy(dtype=object).tolist()
    return objects


def _is_polars_object_column(value: Any) -> bool:
    # Polars has no Arrow form for it.
    return _is(value, "polars", "Series") and value.dtype == sys.modules["polars"].Object


def _objects(value: Any, argument: str) -> list[Any]:
    """Read any column as Python objects."""
    value = _behind_pandas(_unwrap(value))
    _refuse(value, argument)
    if isinstance(value, np.ndarray):
        return _array_objects(value, argument)
    if _is(value, "pandas", "Series", "Index"):
        return _pandas_objects(value)
    if _is(value, "pyarrow", "Array", "ChunkedArray"):
        return list(value.to_pylist())
    if _speaks_arrow(value) and not _is(value, "polars", "Series"):
        return _arrow_objects(value, argument)
    return list(_iterate(value, argument))


def _arrow_objects(value: Any, argument: str) -> list[Any]:
    """Read a column of an Arrow producer that is no library we know."""
    pyarrow = optional("pyarrow", f"reading {argument} from {type(value).__name__}", "parquet")
    stream = hasattr(value, "__arrow_c_stream__")
    column = pyarrow.chunked_array(value) if stream else pyarrow.array(value)
    if not pyarrow.types.is_struct(column.type):
        return list(column.to_pylist())
    names = [column.type.field(i).name for i in range(column.type.num_fields)]
    if len(names) != 1:
        raise TypeError(_too_wide("table", names, argument))
    return [None if row is None else row[names[0]] for row in column.to_pylist()]


def _object_array(objects: list[Any]) -> npt.NDArray[np.object_]:
    # Not numpy.array, which would look into tuples.
    return np.fromiter(objects, dtype=object, count=len(objects))


def _is_null(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, (float, np.floating)):
        return bool(value != value)  # noqa: PLR0124 - only NaN differs from itself
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    cls = type(value)
    return cls.__name__ in {"NAType", "NaTType"} and cls.__module__.startswith("pandas")


# --- columns of numbers and dates -----------------------------------------------------------------


def _numbers(value: Any, argument: str) -> npt.NDArray[Any] | None:
    """Return a column of numbers without nulls as an array, or None if it is not one."""
    value = _behind_pandas(_unwrap(value))
    array: Any = None
    if isinstance(value, np.ndarray):
        _require_flat(value, argument)
        array = None if isinstance(value, np.ma.MaskedArray) else value
    elif _is(value, "pandas", "Series", "Index"):
        array = value.to_numpy() if isinstance(value.dtype, np.dtype) else None
    elif _is(value, "polars", "Series"):
        numeric = value.dtype.is_numeric() and not value.dtype.is_decimal()
        array = value.to_numpy() if numeric and value.null_count() == 0 else None
    elif _is(value, "pyarrow", "Array", "ChunkedArray"):
        types = sys.modules["pyarrow"].types
        numeric = types.is_integer(value.type) or types.is_floating(value.type)
        if numeric and value.null_count == 0:
            chunked = _is(value, "pyarrow", "ChunkedArray")
            array = value.to_numpy() if chunked else value.to_numpy(zero_copy_only=False)
    return array if array is not None and array.dtype.kind in "iuf" else None


def _datetimes(value: Any, argument: str) -> npt.NDArray[np.datetime64] | None:
    """Return a column of a date type as an array, or None if it is not one."""
    value = _behind_pandas(_unwrap(value))
    array: Any = None
    if isinstance(value, np.ndarray):
        _require_flat(value, argument)
        if value.dtype.kind == "M" and not isinstance(value, np.ma.MaskedArray):
            array = value
    elif _is(value, "pandas", "Series", "Index"):
        if isinstance(value.dtype, np.dtype) and value.dtype.kind == "M":
            array = value.to_numpy()
        elif _is(value.dtype, "pandas", "DatetimeTZDtype"):
            # In UTC, as pandas stores it.
            array = value.to_numpy(dtype="datetime64[us]")
    elif _is(value, "polars", "Series"):
        polars = sys.modules["polars"]
        if value.dtype in (polars.Date, polars.Datetime):
            if getattr(value.dtype, "time_zone", None) is not None:
                value = value.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
            array = value.cast(polars.Datetime("us")).to_numpy()
    elif _is(value, "pyarrow", "Array", "ChunkedArray"):
        array = _arrow_datetimes(value)
    return None if array is None else array.astype("datetime64[us]")


def _arrow_datetimes(column: Any) -> Any:
    pyarrow = sys.modules["pyarrow"]
    if pyarrow.types.is_timestamp(column.type):
        zone = column.type.tz
    elif pyarrow.types.is_date(column.type):
        zone = None
    else:
        return None
    # Arrow keeps a time with a zone in UTC already.
    micros = column.cast(pyarrow.timestamp("us", zone), safe=False).cast(pyarrow.int64())
    nat = int(np.datetime64("NaT", "us").astype(np.int64))
    filled = micros.fill_null(nat)
    if _is(filled, "pyarrow", "ChunkedArray"):
        return filled.to_numpy().view("datetime64[us]")
    return filled.to_numpy(zero_copy_only=False).view("datetime64[us]")


_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?")
_NAT = np.datetime64("NaT", "us")


def _one_date(value: Any, row: int, argument: str) -> np.datetime64:
    if _is_null(value):
        return _NAT
    if isinstance(value, str):
        value = _parse_date(value, row, argument)
    if isinstance(value, np.datetime64):
        converted: np.datetime64 = value.astype("datetime64[us]")
        return converted
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            try:
                value = value.astimezone(timezone.utc).replace(tzinfo=None)
            except OverflowError:
                raise ValueError(f"{argument}[{row}] is {value}, out of range in UTC") from None
        return np.datetime64(value, "us")
    if isinstance(value, date):
        return np.datetime64(value, "us")
    raise TypeError(
        f"{argument}[{row}] is {type(value).__name__}; expected a date, a datetime, an ISO-8601 "
        "str or null"
    )


def _parse_date(text: str, row: int, argument: str) -> datetime | np.datetime64:
    stripped = text.strip()
    try:
        if _YEAR_OR_MONTH.fullmatch(stripped):
            return np.datetime64(stripped, "us")
        # Python 3.10 does not know Z.
        return datetime.fromisoformat(re.sub("[zZ]$", "+00:00", stripped))
    except ValueError:
        raise ValueError(
            f"{argument}[{row}] is {text[:60]!r}, not an ISO-8601 date, e.g. 2024-05-17 or "
            "2024-05-17T08:30:00Z"
        ) from None
