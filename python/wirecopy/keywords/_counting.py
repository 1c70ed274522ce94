"""Columns counted by the core, with arguments as they were read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

from wirecopy import _core
from wirecopy._arguments import read_range
from wirecopy._columns import read_weights
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy.keywords._options import read_documents
from wirecopy.keywords._tokens import TokenizerArgument, tokenize_column

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: A number of texts, or a share of them and True.
Limit: TypeAlias = tuple[float, bool]
NO_LIMIT: Limit = (math.inf, False)
NO_LIMITS: tuple[Limit, Limit] = ((0, False), NO_LIMIT)


def read_limits(min_df: float, max_df: float | None) -> tuple[Limit, Limit]:
    return (
        read_documents("min_df", min_df),
        NO_LIMIT if max_df is None else read_documents("max_df", max_df),
    )


def read_max_terms(max_terms: int | None) -> int:
    return 0 if max_terms is None else read_range("max_terms", max_terms, 1)


def count_column(
    column: _core.TextColumn,
    ngrams: tuple[int, int],
    *,
    skip: int,
    weights: Any,
    limits: tuple[Limit, Limit],
    tokenizer: TokenizerArgument,
    max_terms: int,
    matrix: bool,
    threads: int | None,
    progress: ProgressArgument,
    description: str = "count",
    weights_argument: str = "weights",
) -> tuple[_core.Counts, NDArray[np.float64] | None]:
    """Count a column of texts; give its weights along, as they were read."""
    workers = threads_or_default(threads)
    values = None if weights is None else read_weights(weights, len(column), weights_argument)
    options: dict[str, Any] = {
        "weights": values,
        "min_n": ngrams[0],
        "max_n": ngrams[1],
        "skip": skip,
        "min_df": limits[0],
        "max_df": limits[1],
        "matrix": matrix,
        "threads": workers,
    }
    if tokenizer is None:
        with progress_callback(progress, description) as callback:
            core = _core.count_terms(column, max_terms=max_terms, progress=callback, **options)
        return core, values
    tokens = tokenize_column(column, tokenizer, progress=progress, description=description)
    with progress_callback(progress, description) as callback:
        return _core.count_tokens(tokens, progress=callback, **options), values


def count_core(
    column: _core.TextColumn,
    ngrams: tuple[int, int],
    weights: Any,
    threads: int,
    progress: ProgressArgument,
    *,
    description: str,
    weights_argument: str = "weights",
) -> _core.Counts:
    """Count a column for a statistic: no matrix, no limits."""
    core, _ = count_column(
        column,
        ngrams,
        skip=0,
        weights=weights,
        limits=NO_LIMITS,
        tokenizer=None,
        max_terms=0,
        matrix=False,
        threads=threads,
        progress=progress,
        description=description,
        weights_argument=weights_argument,
    )
    return core
