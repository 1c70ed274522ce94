"""Dates as files have them."""

from __future__ import annotations

import email.utils
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timezone
from typing import Any

import numpy as np
import numpy.typing as npt


def is_absent(value: Any) -> bool:
    """Whether there is no date: null, empty, NaN."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def dates(values: Sequence[Any]) -> npt.NDArray[np.datetime64]:
    """Read dates into UTC; what is absent becomes NaT."""
    parsed = [None if is_absent(value) else parse_date(value) for value in values]
    return np.array(parsed, dtype="datetime64[us]")


def parse_date(value: Any) -> datetime | None:
    """Read a date: ISO 8601, RFC 2822, seconds or milliseconds since 1970; None if it is not one.

    Examples
    --------
    >>> parse_date("2031-04-01T09:30:00+02:00")
    datetime.datetime(2031, 4, 1, 7, 30)
    >>> parse_date("Tue, 01 Apr 2031 07:30:00 GMT")
    datetime.datetime(2031, 4, 1, 7, 30)
    >>> parse_date("soon") is None
    True
    """
    found: datetime | None = None
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        text = value.strip()
        found = _epoch(int(text)) if re.fullmatch(r"\d{10}|\d{13}", text) else _written(text)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        found = _epoch(value)
    if found is not None and found.tzinfo is not None:
        try:
            found = found.astimezone(timezone.utc).replace(tzinfo=None)
        except OverflowError:
            return None
    return found


def _written(text: str) -> datetime | None:
    if re.match(r"\d{4}[-/.]?\d\d[-/.]?\d\d", text):
        iso = re.sub(r"^(\d{4})[/.](\d\d)[/.](\d\d)", r"\1-\2-\3", text)
        iso = re.sub(r"^(\d{4})(\d\d)(\d\d)(?!\d)", r"\1-\2-\3", iso)
        iso = re.sub(r"\s*(?:Z|UTC|GMT)$", "+00:00", iso)
        iso = re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", iso)
        iso = re.sub(r"\.(\d{1,6})\d*", lambda m: "." + m[1].ljust(6, "0"), iso)
        iso = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", iso) if len(iso) > 10 else iso
        if len(iso) == 16 and iso.endswith("+00:00"):
            iso = iso[:10]
    else:
        iso = ""
    try:
        return datetime.fromisoformat(iso) if iso else email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _epoch(number: float) -> datetime | None:
    seconds = number / 1000 if abs(number) >= 1e11 else number
    if not 1e8 <= seconds < 4.2e9:  # 1973 to 2103; a small number is a year or a count
        return None
    return datetime.fromtimestamp(seconds, timezone.utc)
