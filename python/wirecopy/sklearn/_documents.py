"""What the estimators are given: documents, weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._columns import read_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "column_names",
    "decode_all",
    "explain_no_text",
    "first_no_text",
    "read_documents",
    "read_sample_weight",
    "single_column",
]


def column_names(table: Any) -> list[Any] | None:
    """Give the names of the columns of a frame; None for what is none."""
    for attribute in ("column_names", "columns"):  # pyarrow has arrays in `columns`
        names = getattr(table, attribute, None)
        if names is not None and not callable(names) and len(getattr(table, "shape", ())) == 2:
            return list(names)
    return None


def single_column(documents: Any, argument: str = "raw_documents") -> Any:
    """Take the column out of a frame or array of one column; give anything else as it is.

    Raises
    ------
    ValueError
        There are several columns.
    """
    shape = getattr(documents, "shape", None)
    if not isinstance(shape, tuple) or len(shape) != 2:
        return documents
    if shape[1] != 1:
        raise ValueError(
            f"{argument} has {shape[1]} columns; pass one column of texts (in a ColumnTransformer, "
            'a name: ("text", vectorizer, "text"))'
        )
    names = column_names(documents)
    return documents[:, 0] if names is None else documents[names[0]]


def read_documents(documents: Any) -> list[Any]:
    """Read documents of any kind as a list.

    Raises
    ------
    ValueError
        One str, or a frame of several columns.
    """
    if isinstance(documents, str):
        raise ValueError("Iterable over raw text documents expected, string object received.")
    documents = single_column(documents)
    for method in ("to_pylist", "tolist", "to_list"):  # pyarrow; NumPy, pandas; polars
        convert = getattr(documents, method, None)
        if callable(convert):
            objects = convert()
            return objects if isinstance(objects, list) else [objects]
    return list(documents)


def decode_all(documents: list[Any], decode: Callable[[Any], Any], read: bool) -> list[Any]:
    """Decode documents: every one if they are to be read from somewhere, else those of bytes."""
    if read:
        return [decode(document) for document in documents]
    if bytes in set(map(type, documents)):
        return [decode(d) if isinstance(d, bytes) else d for d in documents]
    return documents


def first_no_text(documents: list[Any]) -> int | None:
    """Find the first document that is no str."""
    if all(issubclass(kind, str) for kind in set(map(type, documents))):
        return None
    return next(row for row, d in enumerate(documents) if not isinstance(d, str))


def explain_no_text(document: Any, row: int) -> Exception:
    """Make the error for a document that is neither str nor bytes."""
    if isinstance(document, float) and document != document:  # noqa: PLR0124 - NaN
        return ValueError(
            f"raw_documents[{row}]: np.nan is an invalid document, expected byte or unicode string."
        )
    return TypeError(
        f"raw_documents[{row}] is {type(document).__name__}; expected str or bytes (fill missing "
        'texts first, e.g. with "")'
    )


def read_sample_weight(sample_weight: Any, n: int) -> NDArray[np.float64] | None:
    """Read one weight a document, finite and >= 0; a number is the weight of all."""
    if sample_weight is None:
        return None
    if np.ndim(sample_weight) == 0 and isinstance(sample_weight, (int, float)):
        sample_weight = [sample_weight] * n
    return read_weights(sample_weight, n, "sample_weight")
