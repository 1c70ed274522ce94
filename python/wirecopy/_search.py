"""What `dedup` and `match` ask of the core: the rule of a match, and how to find it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from wirecopy import _core

__all__ = [
    "Rule",
    "Search",
    "read_at_least",
    "read_bytes",
    "read_flag",
    "read_integer",
    "read_number",
    "read_rule",
    "read_seed",
]

_MEASURES = ("jaccard", "containment", "overlap", "passages", "identical", "same words")
_THRESHOLDS = {"jaccard": 0.5, "containment": 0.8, "overlap": 20.0, "passages": 0.5}
# Of measure "passages": texts with a seed in common, words of a passage, words it passes over.
_PASSAGES_MAX_DF = 1000
_PASSAGES_MIN_WORDS = 10
_PASSAGES_MAX_GAP = 48
_MOST_PERMUTATIONS = 4096
_METHODS = ("exact", "minhash", "auto")
# Of the exact join, beside the texts: bytes for each byte of text.
_EXACT_MEMORY = 1.5


@dataclasses.dataclass(frozen=True)
class Rule:
    """When two texts match."""

    measure: str
    threshold: float
    min_shared: int
    min_ratio: float

    @property
    def equality(self) -> bool:
        """Whether only equal texts match, so that no shingles are read."""
        return self.measure in {"identical", "same words"}


@dataclasses.dataclass(frozen=True)
class Search:
    """A rule, and how the pairs that match by it are found."""

    rule: Rule
    method: str
    shingle_size: int
    max_df: int
    max_memory: int
    num_perm: int
    recall: float
    seed: int

    def __post_init__(self) -> None:
        if self.method not in _METHODS:
            msg = f"method is {self.method!r}; must be one of {', '.join(map(repr, _METHODS))}"
            raise ValueError(msg)
        if not 1 <= self.num_perm <= _MOST_PERMUTATIONS:
            msg = f"num_perm is {self.num_perm}; must be from 1 to {_MOST_PERMUTATIONS}"
            raise ValueError(msg)
        if self.method == "minhash" and self.rule.measure != "jaccard":
            msg = (
                f"method='minhash' goes with measure='jaccard' only, not {self.rule.measure!r}: the "
                "signatures estimate no other measure"
            )
            raise ValueError(msg)
        if self.rule.measure == "passages" and self.max_memory:
            msg = (
                "max_memory does not go with measure='passages', which reads the texts in one piece"
            )
            raise ValueError(msg)
        if self.method == "minhash" and self.max_df:
            msg = "max_df goes with method='exact': signatures are made before it is known"
            raise ValueError(msg)

    def run(
        self,
        texts: _core.TextColumn,
        *,
        split: int,
        threads: int,
        report: Callable[[str, int, int], object] | None,
    ) -> _core.Matches:
        """Find the matches; with `split` above 0, only those across that row."""
        rule = self.rule
        if rule.equality:
            form = "bytes" if rule.measure == "identical" else "words"
            return _core.find_equal(texts, form=form, split=split, threads=threads, progress=report)
        if rule.measure == "passages":
            return _core.find_passage_matches(
                texts,
                threshold=rule.threshold,
                min_words=rule.min_shared,
                max_df=self.max_df or _PASSAGES_MAX_DF,
                max_gap=_PASSAGES_MAX_GAP,
                split=split,
                threads=threads,
                progress=report,
            )
        return _core.find_matches(
            texts,
            measure=rule.measure,
            minhash=self._minhash(texts),
            threshold=rule.threshold,
            min_shared=rule.min_shared,
            min_ratio=rule.min_ratio,
            shingle_size=self.shingle_size,
            max_df=self.max_df,
            split=split,
            max_memory=self.max_memory,
            num_perm=self.num_perm,
            recall=self.recall,
            seed=self.seed,
            threads=threads,
            progress=report,
        )

    def _minhash(self, texts: _core.TextColumn) -> bool:
        if self.method != "auto":
            return self.method == "minhash"
        too_large = 0 < self.max_memory < _EXACT_MEMORY * texts.total_bytes
        return too_large and self.rule.measure == "jaccard" and not self.max_df


def read_rule(
    measure: str, threshold: Any, min_shared: int | None, min_ratio: float | None
) -> Rule:
    """Check what makes a match, and fill in what was not said."""
    if measure not in _MEASURES:
        msg = f"measure is {measure!r}; must be one of {', '.join(map(repr, _MEASURES))}"
        raise ValueError(msg)
    shared = None if min_shared is None else read_at_least("min_shared", min_shared, 1)
    ratio = 0.0 if min_ratio is None else read_number("min_ratio", min_ratio)
    if measure in {"identical", "same words"}:
        given = {"threshold": threshold, "min_shared": min_shared, "min_ratio": min_ratio}
        for name, value in given.items():
            if value is not None:
                msg = f"{name} does not go with measure={measure!r}, which takes equal texts only"
                raise ValueError(msg)
        return Rule(measure, 1.0, 1, 0.0)
    least = _THRESHOLDS[measure] if threshold is None else read_number("threshold", threshold)
    if measure == "passages":
        if ratio > 0:
            msg = "min_ratio does not go with measure='passages'"
            raise ValueError(msg)
        if shared is not None:
            read_at_least("min_shared", shared, 2)
    if shared is None:
        shared = {"containment": 5, "passages": _PASSAGES_MIN_WORDS}.get(measure, 1)
    return Rule(measure, least, shared, ratio)


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
        number, unit, binary = found.groups()
        scale = _UNITS[unit.upper()]
        if binary:
            scale = 1024 ** list(_UNITS).index(unit.upper())
        value = int(float(number) * scale)
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        msg = (
            f"{argument} is {type(value).__name__}; expected a number of bytes or a str like '2 GB'"
        )
        raise TypeError(msg)
    value = int(value)
    if not 1 <= value < 2**63:
        msg = f"{argument} is {value}; must be at least 1 byte"
        raise ValueError(msg)
    return value


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
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        msg = f"{argument} is {type(value).__name__}; expected an int"
        raise TypeError(msg)
    number = int(value)
    if not -(2**31) <= number < 2**31:
        msg = f"{argument} is {number}; out of range"
        raise ValueError(msg)
    return number


def read_at_least(argument: str, value: Any, least: int) -> int:
    """Read an int that is not too small."""
    number = read_integer(argument, value)
    if number < least:
        msg = f"{argument} is {number}; must be at least {least}"
        raise ValueError(msg)
    return number


def read_seed(value: Any) -> int:
    """Read an unsigned int of 64 bits."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        msg = f"seed is {type(value).__name__}; expected an int"
        raise TypeError(msg)
    seed = int(value)
    if not 0 <= seed < 2**64:
        msg = f"seed is {seed}; must be from 0 to 2**64 - 1"
        raise ValueError(msg)
    return seed
