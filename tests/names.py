"""Names of parametrized tests that are the same in every process that runs them."""

from __future__ import annotations

import re
from typing import Any


def plain(value: Any) -> str:
    """Write a value without its address in memory, a set in order."""
    if isinstance(value, (set, frozenset)):
        return f"{type(value).__name__}({sorted(map(repr, value))})"
    return re.sub(r"0x[0-9A-Fa-f]+", "0x", repr(value))
