"""What the caller of `dedup` gave beside numbers: texts, names, dates and sources."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_flag, read_number
from wirecopy._bodies import Bodies
from wirecopy._columns import Kind, read_dates, read_ids, read_labels, read_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Context", "Paragraphs", "Policy", "read_context", "read_policy", "read_window"]

_MICROSECONDS_A_DAY = 86_400_000_000


@dataclasses.dataclass(frozen=True)
class Paragraphs:
    """Where each paragraph is from."""

    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Context:
    """The columns that were given, one value a text."""

    kind: Kind
    texts: _core.TextColumn
    ids: NDArray[Any] | None
    dates: NDArray[np.datetime64] | None
    sources: NDArray[Any] | None
    paragraphs: Paragraphs | None = None
    bodies: Bodies | None = None

    @property
    def compared(self) -> _core.TextColumn:
        """The texts as they are compared: less their furniture, unless that is kept."""
        return self.texts if self.bodies is None else self.bodies.texts

    def by_paragraph(
        self, threads: int, report: Callable[[str, int, int], object] | None
    ) -> Context:
        """Return the paragraphs in place of the texts, each with what its text has."""
        texts, row, start, end = _core.split_paragraphs(self.texts, threads, report)

        def spread(values: NDArray[Any] | None) -> NDArray[Any] | None:
            return None if values is None else values[row]

        return Context(
            kind=dataclasses.replace(self.kind, index=None),
            texts=texts,
            ids=spread(self.ids),
            dates=spread(self.dates),
            sources=spread(self.sources),
            paragraphs=Paragraphs(row, start, end),
        )

    @functools.cached_property
    def date_numbers(self) -> NDArray[np.int64] | None:
        """Dates as microseconds, the least int64 for none."""
        if self.dates is None:
            return None
        return self.dates.astype("datetime64[us]").view(np.int64)

    @functools.cached_property
    def source_numbers(self) -> NDArray[np.int32] | None:
        """A number for each different source, -1 for none."""
        if self.sources is None:
            return None
        number: dict[str, int] = {}
        return np.fromiter(
            (-1 if s is None else number.setdefault(s, len(number)) for s in self.sources),
            dtype=np.int32,
            count=len(self.sources),
        )


def read_context(texts: Any, ids: Any, dates: Any, sources: Any) -> Context:
    """Read columns of one length."""
    column, kind = read_texts(texts, "texts")
    n = len(column)
    return Context(
        kind=kind,
        texts=column,
        ids=None if ids is None else read_ids(ids, n),
        dates=None if dates is None else read_dates(dates, n),
        sources=None if sources is None else read_labels(sources, n, "sources"),
    )


@dataclasses.dataclass(frozen=True)
class Policy:
    """Which texts that are alike may be one story."""

    window: int | None = None  # microseconds
    across_sources: bool = False
    merge_templates: bool = False

    def cut(
        self, context: Context, threshold: float, verdicts: NDArray[np.uint8] | None
    ) -> _core.Cut:
        """Return what counts as a match from a threshold on."""
        return _core.Cut(
            threshold,
            dates=None if self.window is None else context.date_numbers,
            window=self.window or 0,
            sources=context.source_numbers if self.across_sources else None,
            verdicts=verdicts,
            follow_templates=self.merge_templates,
        )


def read_policy(window: Any, across_sources: Any, merge_templates: Any) -> Policy:
    """Check the arguments of these names."""
    return Policy(
        window=read_window(window),
        across_sources=read_flag("across_sources", across_sources),
        merge_templates=read_flag("merge_templates", merge_templates),
    )


def read_window(value: Any) -> int | None:
    """Read a time span as microseconds: a timedelta, or a number of days.

    Examples
    --------
    >>> read_window(2) == read_window(timedelta(days=2)) == 172_800_000_000
    True
    """
    if value is None:
        return None
    if isinstance(value, np.timedelta64):
        if np.isnat(value):
            msg = "window is NaT; expected a timedelta or a number of days"
            raise ValueError(msg)
        micros = int(value.astype("timedelta64[us]").astype(np.int64))
    elif isinstance(value, timedelta):
        micros = value // timedelta(microseconds=1)
    else:
        days = read_number("window", value)
        if not 0 <= days <= 36_525_000:
            msg = f"window is {value}; must be from 0 to 36,525,000 days"
            raise ValueError(msg)
        micros = round(days * _MICROSECONDS_A_DAY)
    if micros < 0:
        msg = f"window is {value}; must not be negative"
        raise ValueError(msg)
    return micros
