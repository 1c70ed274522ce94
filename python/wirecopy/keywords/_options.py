"""Arguments that several statistics have in common."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from wirecopy._arguments import is_whole, read_whole

NgramsArgument: TypeAlias = "int | tuple[int, int]"

_MAX_NGRAM = 8


def read_limit(argument: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise TypeError(f"{argument} is {type(value).__name__}; expected a number")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{argument} is {value}; expected a finite number >= 0")
    return float(value)


def read_documents(argument: str, value: Any) -> tuple[float, bool]:
    """Read a number of texts (an int), or a share of them (a float from 0 to 1)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise TypeError(f"{argument} is {type(value).__name__}; expected a number")
    is_share = not is_whole(value)
    if not (value >= 0 and math.isfinite(value)) or (is_share and value > 1):
        raise ValueError(
            f"{argument} is {value}; expected a number of texts (an int >= 0) or a share of them (a "
            "float from 0 to 1)"
        )
    return float(value), is_share


def read_ngrams(ngrams: Any) -> tuple[int, int]:
    if isinstance(ngrams, (tuple, list)):
        if len(ngrams) != 2:
            raise ValueError(f"ngrams is {ngrams!r}; expected an int, or (shortest, longest)")
        least, most = (read_whole(f"ngrams[{i}]", n) for i, n in enumerate(ngrams))
    else:
        least = most = read_whole("ngrams", ngrams, "an int, or (shortest, longest)")
    if not 1 <= least <= most <= _MAX_NGRAM:
        raise ValueError(f"ngrams is {ngrams!r}; must be 1 <= shortest <= longest <= {_MAX_NGRAM}")
    return least, most


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors a two-sided normal interval reaches to each side.

    Examples
    --------
    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    from statistics import NormalDist  # loads decimal and fractions, which few calls need

    return NormalDist().inv_cdf(0.5 + confidence / 2)
