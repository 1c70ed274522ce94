"""Verdicts on the pairs of a result: quick ones for grouping, full ones when they are asked for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from wirecopy import _core
from wirecopy._context import Context
from wirecopy._run import ProgressArgument, progress_callback

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Judge"]


class Judge:
    """Judges the pairs of one search; results cut at other thresholds share it."""

    def __init__(
        self, context: Context, matches: _core.Matches, threads: int, progress: ProgressArgument
    ) -> None:
        self._context = context
        self._matches = matches
        self._threads = threads
        self._progress = progress

    @functools.cached_property
    def quick(self) -> NDArray[np.uint8]:
        """Whether each pair is a template; else what its shingle sets say."""
        with progress_callback(self._progress, "dedup") as report:
            return _core.judge_templates(
                self._context.compared, self._matches, self._threads, report
            )

    @functools.cached_property
    def full(self) -> _core.Judged:
        """The verdict on each pair, with evidence: every pair is aligned for it."""
        with progress_callback(self._progress, "verdicts") as report:
            return _core.judge_pairs(
                self._context.compared,
                self._matches,
                dates=self._context.date_numbers,
                sources=self._context.source_numbers,
                threads=self._threads,
                progress=report,
            )
