"""What the tests of the command line share."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from wirecopy import _files, cli


def run(*arguments: object) -> tuple[int, str, str]:
    """Run the command line in this process; return its exit code, output and errors."""
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    err = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main([str(argument) for argument in arguments])
    return code, out.buffer.getvalue().decode("utf-8"), err.getvalue()


def summary(*arguments: object) -> dict:
    """Run the command line with --json; return the summary, which must be all of the output."""
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, ""), err
    return json.loads(out)


def command(*arguments: object) -> list[str]:
    """Return the command line as a process."""
    return [sys.executable, "-m", "wirecopy", *map(str, arguments)]


def shell(*arguments: object, **options) -> subprocess.CompletedProcess:
    """Run the command line as a process."""
    return subprocess.run(
        command(*arguments), capture_output=True, timeout=120, check=False, **options
    )


def read_terminal(ours: int) -> bytes:
    """Read what is shown on a pseudo-terminal until its other side is closed."""
    shown = b""
    while True:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:  # the other side is closed
            return shown
        if not part:
            return shown
        shown += part


def names(folder: str | Path = ".") -> list[str]:
    """Return the names of what is in a folder, sorted."""
    return sorted(path.name for path in Path(folder).iterdir())


def lines(path: object) -> list[dict]:
    """Read JSON lines."""
    return [json.loads(line) for line in Path(str(path)).read_text(encoding="utf-8").splitlines()]


def write(path: object, rows: Sequence[dict]) -> Path:
    """Write rows in the format of the name."""
    _files.write_records(_files.from_rows(rows), str(path), force=True)
    return Path(str(path))


def story(name: str, words: int = 60) -> str:
    """Return a text that shares no phrase with that of another name."""
    return " ".join(f"{name}{i}" for i in range(words))


def small_batches(monkeypatch, rows: int, characters: int = 10**9) -> None:
    """Make files be read a few rows at a time."""
    size = _files.BatchSize(rows, characters)
    monkeypatch.setattr("wirecopy._files.reading.BatchSize", lambda: size)
