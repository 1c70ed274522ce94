"""What is looked for in context, read from arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from wirecopy import _core
from wirecopy._arguments import read_flag, read_range, read_whole
from wirecopy._columns import read_values
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy.keywords._counts import count

__all__ = ["PatternArgument", "Query", "SortArgument", "read_size", "read_sort", "strings"]

PatternArgument: TypeAlias = "str | re.Pattern[str] | Sequence[str | re.Pattern[str]]"
SortArgument: TypeAlias = "str | Sequence[str] | None"

_MOST_WORDS = 10_000
_SORT = re.compile(r"(left|right|match)([1-9][0-9]{0,3})?")


class Query:
    """What is looked for, checked before a text is read."""

    def __init__(
        self,
        pattern: Any,
        *,
        window: Any,
        case: Any,
        accents: Any,
        within: Any,
        limit: Any,
        threads: Any,
        progress: ProgressArgument,
    ) -> None:
        self.patterns = _read_patterns(pattern)
        # A column says which of several patterns it was.
        one = isinstance(pattern, (str, re.Pattern))
        self.names = None if one else [_text_of(p) for p in self.patterns]
        self._left, self._right = _read_window(window)
        self._case = read_flag("case", case)
        self._accents = read_flag("accents", accents)
        if not isinstance(within, str):
            raise TypeError(f"within is {type(within).__name__}; expected str")
        self._within = within
        self.limit = None if limit is None else read_size("limit", limit, 0)
        self._threads = threads_or_default(threads)
        self._progress = progress
        regex = any(isinstance(p, re.Pattern) for p in self.patterns)
        if regex and (self._case or not self._accents):
            raise ValueError(
                "pattern: a regular expression is matched against normalized words; case=True and "
                "accents=False are for words and wildcards"
            )
        # Throws what there is to say about the patterns before a long iterator is read.
        self.find(_core.TextColumn.from_strings([], "texts"), [], None)

    def find(
        self,
        column: _core.TextColumn,
        texts: Any,
        weight: npt.NDArray[np.float64] | None,
        limit: int | None = None,
    ) -> _core.KwicHits:
        patterns, number = self._words(texts)
        limit = self.limit if limit is None else limit
        skip = None if weight is None else (weight == 0).astype(np.uint8)
        with progress_callback(self._progress, "kwic") as callback:
            return _core.find_in_context(
                column,
                patterns,
                numbers=number,
                case_matters=self._case,
                accents_matter=self._accents,
                left=self._left,
                right=self._right,
                within=self._within,
                limit=2**64 - 1 if limit is None else limit,
                skip=skip,
                threads=self._threads,
                progress=callback,
            )

    def _words(self, texts: Any) -> tuple[list[str], list[int]]:
        """Return the patterns, and the number of the argument's pattern that each is of.

        A regular expression becomes the words of the texts that it matches.
        """
        if not any(isinstance(p, re.Pattern) for p in self.patterns):
            return [str(p) for p in self.patterns], list(range(len(self.patterns)))
        terms = count(texts, threads=self._threads, progress=self._progress).table["term"]
        vocabulary = read_values(terms, len(terms), "texts").tolist()
        patterns: list[str] = []
        number: list[int] = []
        for i, pattern in enumerate(self.patterns):
            if isinstance(pattern, str):
                words = [pattern]
            else:
                words = [word for word in vocabulary if pattern.fullmatch(word)]
            patterns += words
            number += [i] * len(words)
        return patterns, number


def _read_patterns(pattern: Any) -> list[str | re.Pattern[str]]:
    if isinstance(pattern, (str, re.Pattern)):
        pattern = [pattern]
    if isinstance(pattern, (bytes, dict)) or not isinstance(pattern, Iterable):
        raise TypeError(
            f"pattern is {type(pattern).__name__}; expected str, a compiled regular expression, or a "
            "sequence of them"
        )
    patterns = sorted(pattern) if isinstance(pattern, (set, frozenset)) else list(pattern)
    for i, one in enumerate(patterns):
        if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
            continue
        if not isinstance(one, str):
            raise TypeError(f"pattern[{i}] is {type(one).__name__}; expected str")
        if any(0xD800 <= ord(c) < 0xE000 for c in one):
            raise ValueError(f"pattern[{i}] holds a lone surrogate")
    if not patterns:
        raise ValueError("pattern: none was given")
    return patterns


def _text_of(pattern: str | re.Pattern[str]) -> str:
    return pattern if isinstance(pattern, str) else pattern.pattern


def _read_window(window: Any) -> tuple[int, int]:
    if isinstance(window, (tuple, list)):
        if len(window) != 2:
            raise ValueError(f"window is {window!r}; expected an int, or (left, right)")
        left, right = window
        return (
            read_range("window[0]", left, 0, _MOST_WORDS),
            read_range("window[1]", right, 0, _MOST_WORDS),
        )
    words = read_range("window", window, 0, _MOST_WORDS)
    return words, words


def read_sort(sort: Any) -> list[tuple[str, int]] | None:
    if sort is None:
        return None
    names = [sort] if isinstance(sort, str) else sort
    if not isinstance(names, (list, tuple)):
        raise TypeError(f"sort is {type(sort).__name__}; expected str or a list of str")
    keys = []
    for name in names:
        found = _SORT.fullmatch(name) if isinstance(name, str) else None
        if found is None:
            raise ValueError(
                f"sort is {name!r}; must be 'left', 'right' or 'match', or one word such as 'left1'"
            )
        keys.append((found[1], int(found[2] or 0)))
    return keys


def read_size(argument: str, value: Any, least: int = 1) -> int:
    number = read_whole(argument, value)
    if number < least:
        raise ValueError(f"{argument} is {number}; expected {least} or more")
    return min(number, 2**62)


def strings(values: Sequence[str]) -> npt.NDArray[np.object_]:
    return np.fromiter(values, dtype=object, count=len(values))
