"""``wirecopy info``: what this build is made of."""

from __future__ import annotations

import argparse
import importlib.util
import sys

import wirecopy as wc
from wirecopy.cli import writing
from wirecopy.cli.errors import core_errors
from wirecopy.cli.helping import Commands
from wirecopy.cli.printing import Printer

_OPTIONAL = {
    "pyarrow": "Parquet, .zst",
    "ftfy": "--steps mojibake",
}


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "info",
        "say what this build is made of",
        run,
        description="Also which optional libraries are at hand: what a bug report should say.",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    with core_errors():
        facts = dict(wc.build_info())
    facts["python"] = sys.version.split()[0]
    if arguments.json:
        found = {name: importlib.util.find_spec(name) is not None for name in _OPTIONAL}
        writing.print_json({**facts, "optional": found})
        return
    rows = []
    for name, value in facts.items():
        text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        rows.append((name.replace("_", " "), text or "none"))
    for name, use in _OPTIONAL.items():
        there = importlib.util.find_spec(name) is not None
        state = "installed" if there else 'not installed (pip install "wirecopy[cli]")'
        rows.append((name, f"{state}, for {use}"))
    Printer(sys.stdout).table(rows)
