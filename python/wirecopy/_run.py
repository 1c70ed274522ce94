"""How long calls run: on how many threads, and what is shown meanwhile."""

from __future__ import annotations

import importlib
import math
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from wirecopy._arguments import read_whole

ProgressArgument: TypeAlias = "bool | Callable[[str, int, int], object] | None"

THREADS_VARIABLE = "WIRECOPY_THREADS"
#: Seconds a call must last before it shows a bar unasked.
DELAY = 1.0
_MOST_THREADS = 4096
_CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")


def threads_or_default(threads: Any = None) -> int:
    """Return how many threads to use.

    Parameters
    ----------
    threads : int, optional
        1 to 4096. None takes the environment variable WIRECOPY_THREADS, or, where it is not set, as
        many as this process may use at once: its CPU affinity, and the CPU share of its container.

    Raises
    ------
    TypeError
        `threads` is not an int.
    ValueError
        It is out of range, or WIRECOPY_THREADS is not such a number.

    Examples
    --------
    >>> from wirecopy._run import threads_or_default
    >>> threads_or_default(2)
    2
    """
    if threads is None:
        text = os.environ.get(THREADS_VARIABLE, "").strip()
        if not text:
            return _usable_cpus()
        # Not int() alone, which takes "1_0" too.
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_THREADS):
            raise ValueError(
                f"{THREADS_VARIABLE} is {text!r}; expected a whole number from 1 to {_MOST_THREADS}"
            )
        return int(text)
    number = read_whole("threads", threads, "an int or None")
    if not 1 <= number <= _MOST_THREADS:
        raise ValueError(f"threads is {number}; must be from 1 to {_MOST_THREADS}")
    return number


def _usable_cpus() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    cpus = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(cpus, _container_cpus(_CGROUP_LIMIT) or cpus, _MOST_THREADS))


def _container_cpus(limit: Path) -> int | None:
    """Read the CPU share of a container (cgroup version 2), rounded up; None if there is none."""
    try:
        quota, period = limit.read_text(encoding="ascii").split()
        return None if quota == "max" else max(1, math.ceil(int(quota) / int(period)))
    except (OSError, ValueError, ArithmeticError):
        return None


@contextmanager
def progress_callback(
    progress: ProgressArgument, description: str
) -> Iterator[Callable[[str, int, int], object] | None]:
    """Give the callback of a long call, and tidy up after it.

    Parameters
    ----------
    progress : bool or callable, optional
        None shows a bar in a terminal or a notebook once the call has lasted a second. True shows
        one always, False never. A callable is called as ``progress(stage, done, total)``.
    description : str
        What stands before the bar.

    Yields
    ------
    callable or None
        To be called as ``callback(stage, done, total)``.

    Raises
    ------
    TypeError
        `progress` is something else.
    """
    if progress is not None and not isinstance(progress, bool):
        if not callable(progress):
            raise TypeError(
                f"progress is {type(progress).__name__}; expected True, False, None or a callable"
            )
        yield progress
        return
    if progress is False or (progress is None and not _watched()):
        yield None
        return
    bar = _Bar(description, delay=0.0 if progress else DELAY)
    try:
        yield bar
    finally:
        bar.close()


def _watched() -> bool:
    """Whether somebody looks at the standard error or at a notebook."""
    # The kernel of a notebook or of a Qt console; plain IPython is a terminal.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and type(shell).__name__ == "ZMQInteractiveShell":
        return True
    # Under pythonw and some servers there is no standard error; one may also have been closed.
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:
        return False


class _Bar:
    """A tqdm bar that appears after `delay` seconds and passes from stage to stage."""

    def __init__(self, description: str, delay: float) -> None:
        self._description = description
        self._visible_from = time.monotonic() + delay
        self._stage = ""
        self._total = 0
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not stage or time.monotonic() < self._visible_from:
            return
        if self._bar is None:
            self._bar = _tqdm()(total=total, unit_scale=True, leave=False)
            self._total = total
        if (stage, total) != (self._stage, self._total):
            if total != self._total:
                self._bar.reset(total=total)
            self._stage, self._total = stage, total
            self._bar.set_description(f"{self._description}: {stage}", refresh=False)
        self._bar.n = done
        self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _tqdm() -> Any:
    with warnings.catch_warnings():
        # Without ipywidgets it falls back to a plain bar, and says so in every notebook.
        warnings.simplefilter("ignore")
        return importlib.import_module("tqdm.auto").tqdm
