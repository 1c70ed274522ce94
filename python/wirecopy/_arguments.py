"""Arguments that are one value: numbers, flags and sizes, with errors that name them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

__all__ = [
    "is_whole",
    "read_bytes",
    "read_flag",
    "read_integer",
    "read_number",
    "read_range",
    "read_seed",
    "read_whole",
]

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?\s*", re.IGNORECASE)


def read_bytes(argument: str, value: int | str | None) -> int:
    """Read a number of bytes; 0 for None.

    Examples
    --------
    >>> read_bytes("max_memory", "1.5 GB")
    1500000000
    """
    if value is None:
        return 0
    if isinstance(value, str):
        found = _SIZE.fullmatch(value)
        if found is None:
            msg = (
                f"{argument} is {value!r}; expected a number of bytes, e.g. 2_000_000_000 or '2 GB'"
            )
            raise ValueError(msg)
        digits, unit, binary = found.groups()
        scale = _UNITS[unit.upper()]
        if binary:
            scale = 1024 ** list(_UNITS).index(unit.upper())
        value = int(float(digits) * scale)
    number = read_whole(argument, value, "a number of bytes or a str like '2 GB'")
    if not 1 <= number < 2**63:
        msg = f"{argument} is {number}; must be at least 1 byte"
        raise ValueError(msg)
    return number


def is_whole(value: Any) -> bool:
    """Whether a value is an int, of Python, NumPy or any other kind; True and False are none."""
    return not isinstance(value, bool) and hasattr(value, "__index__")


def read_whole(argument: str, value: Any, expected: str = "an int") -> int:
    """Read an int of any size."""
    if not is_whole(value):
        msg = f"{argument} is {type(value).__name__}; expected {expected}"
        raise TypeError(msg)
    return int(value.__index__())


def read_number(argument: str, value: Any) -> float:
    """Read a float."""
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        msg = f"{argument} is {type(value).__name__}; expected a number"
        raise TypeError(msg)
    return float(value)


def read_flag(argument: str, value: Any) -> bool:
    """Read True or False."""
    if not isinstance(value, (bool, np.bool_)):
        msg = f"{argument} is {type(value).__name__}; expected True or False"
        raise TypeError(msg)
    return bool(value)


def read_integer(argument: str, value: Any) -> int:
    """Read an int of 32 bits."""
    number = read_whole(argument, value)
    if not -(2**31) <= number < 2**31:
        msg = f"{argument} is {number}; out of range"
        raise ValueError(msg)
    return number


def read_range(argument: str, value: Any, least: int, most: int | None = None) -> int:
    """Read an int that is neither too small nor too large."""
    number = read_integer(argument, value)
    if number < least:
        msg = f"{argument} is {number}; must be at least {least}"
        raise ValueError(msg)
    if most is not None and number > most:
        msg = f"{argument} is {number}; must be at most {most}"
        raise ValueError(msg)
    return number


def read_seed(value: Any) -> int:
    """Read an unsigned int of 64 bits."""
    seed = read_whole("seed", value)
    if not 0 <= seed < 2**64:
        msg = f"seed is {seed}; must be from 0 to 2**64 - 1"
        raise ValueError(msg)
    return seed
