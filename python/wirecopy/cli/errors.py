"""Exit codes, and what becomes of errors and signals."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from wirecopy._files import DataError

EXIT_DONE, EXIT_DATA, EXIT_USAGE, EXIT_FOUND, EXIT_INTERRUPTED = 0, 1, 2, 3, 130
_SIGNALS = ("SIGTERM", "SIGHUP")  # the second is unknown on Windows


class UsageError(Exception):
    """Options that do not go together."""


class Stopped(BaseException):
    """The process was told to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def core_errors() -> Iterator[None]:
    """What the library refuses is the user's to mend, not a bug to be traced."""
    try:
        yield
    except (ValueError, TypeError, ImportError) as error:
        raise DataError(str(error)) from error


def guarded(command: str, run: Callable[[], int | None]) -> int:
    """Run a command, and turn its errors into messages and exit codes."""
    try:
        with _signals_as_exceptions():
            code = run()
            sys.stdout.flush()
    except UsageError as error:
        return _say(
            f"wirecopy {command}: {error}\n(wirecopy {command} --help tells more)", EXIT_USAGE
        )
    except DataError as error:
        return _say(f"wirecopy: {error}", EXIT_DATA)
    except BrokenPipeError:  # whoever read the output has seen enough
        _drop_output()
        return EXIT_DATA
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _say(f"wirecopy: {name}{error.strerror or error}", EXIT_DATA)
    except MemoryError:
        advice = "give --max-memory, split the file or use a larger machine"
        return _say(f"wirecopy: out of memory; {advice}", EXIT_DATA)
    except KeyboardInterrupt:
        return _say("wirecopy: interrupted", EXIT_INTERRUPTED)
    except Stopped as stop:
        return _say("wirecopy: stopped", 128 + stop.number)
    return code or EXIT_DONE


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


def _drop_output() -> None:
    """Let the interpreter flush what is left into nothing, where it would fail again."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):  # not a stream of the operating system
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)


@contextmanager
def _signals_as_exceptions() -> Iterator[None]:
    """Leave by an exception when told to end, so that half-written files are removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        raise Stopped(number)

    before: dict[int, Any] = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # One that is ignored (nohup) stays so.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
