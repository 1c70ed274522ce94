"""What a benchmark measured, as a file: the documentation's tables are written from these.

A file says how it came about (``about``: command, date, machine, versions) and holds tables: lists of
rows, each a mapping from column to text or number. Numbers are as they were measured; who shows them
rounds them.
``tools/docs_benchmarks.py`` writes the tables into the pages.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.metadata
import json
import os
import platform
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import wirecopy as wc

Row = Mapping[str, Any]


def add_option(parser: argparse.ArgumentParser) -> None:
    """Let the user name a file for what was measured."""
    parser.add_argument("--json", type=Path, help="write everything measured here")


def processor() -> str:
    """Name the processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def processors() -> int:
    """Count the processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def command() -> str:
    """Write the command down as somebody else can give it.

    Without what is not of the measurement: folders of paths from the root, the file of results.
    """
    words = [Path(word).name if Path(word).is_absolute() else word for word in sys.argv[1:]]
    if "--json" in words:
        at = words.index("--json")
        del words[at : at + 2]
    return shlex.join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *words])


def about(packages: Iterable[str] = ()) -> dict[str, Any]:
    """Say how a measurement came about, with the versions of the packages that took part."""
    build = wc.build_info()
    versions = {"python": platform.python_version(), "wirecopy": build["version"]}
    for name in packages:  # less the peers that were left out
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    return {
        "command": command(),
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "machine": {
            "processor": processor(),
            "processors": processors(),
            "cpu_path": build["cpu_path"],
            "system": platform.system(),
            "architecture": platform.machine(),
        },
        "versions": versions,
    }


def write(
    path: Path | None,
    tables: Mapping[str, Iterable[Row]],
    packages: Iterable[str] = (),
    notes: Row | None = None,
) -> None:
    """Write tables (and notes: numbers that belong to all of them) to a file, if one is named."""
    if path is None:
        return
    content = {
        "about": about(packages),
        "notes": dict(notes or {}),
        "tables": {name: list(rows) for name, rows in tables.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
