"""The command line: ``wirecopy dedup week.jsonl``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from wirecopy.cli.errors import EXIT_USAGE, guarded
from wirecopy.cli.helping import parse
from wirecopy.cli.parser import build_parser

__all__ = ["build_parser", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv
        The arguments; those of the process by default.

    Returns
    -------
    int
        0: done. 1: the data or a file is not as it should be. 2: wrong usage. 3: done, and there are
        duplicates, if that was asked for. 130: interrupted.
    """
    if sys.stdout is None:  # closed by whoever started the process
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a headline must not fail on a terminal's encoding
            stream.reconfigure(errors="replace")
    try:
        arguments = parse(build_parser(), argv)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_USAGE
    return guarded(arguments.command, lambda: arguments.run(arguments))
