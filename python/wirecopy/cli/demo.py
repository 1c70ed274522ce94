"""``wirecopy demo``: what it does, on the bundled sample."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wirecopy as wc
from wirecopy._files import DataError
from wirecopy.cli import dedup as dedup_command
from wirecopy.cli.account import account
from wirecopy.cli.helping import Commands, Parser
from wirecopy.cli.matching import find_reprints
from wirecopy.cli.options import add_running
from wirecopy.cli.printing import Printer
from wirecopy.cli.reading import Inputs, gather
from wirecopy.cli.show import show

if TYPE_CHECKING:
    from wirecopy._result import Dedup

_ABOUT = "find the reprints in the bundled sample, and check them against the truth"

_DESCRIPTION = """
The sample is a week of invented news, made from known stories by known edits. Files that an earlier run
wrote are replaced.
"""

_EPILOG = """
examples:
  wirecopy demo
  wirecopy demo --out /tmp/wirecopy-demo
"""

# Edits of the sample that take a story further from its original than the default threshold.
_FAR_EDITS = {"hard cut": "too short", "rewritten": "other words", "update": "a later story"}


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add("demo", _ABOUT, run, description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument(
        "--out",
        default="demo-output",
        metavar="DIR",
        help="folder for the files it writes (default: demo-output)",
    )
    add_running(parser, json=False, threads=False, force=False)


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    folder = Path(arguments.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise DataError(f"{folder}: is a file; --out needs a folder") from None
    sample = str(wc.sample.path())
    data, page = str(folder / "sample.dedup.jsonl"), str(folder / "sample.html")
    options = _dedup_options(["dedup", sample, "-o", data, "--report", page, "--force"])
    options.progress, options.quiet = arguments.progress, arguments.quiet
    with Inputs([sample], options, again=True) as inputs:
        articles = gather(inputs, options)
        dedup = find_reprints(options, articles)
        found = account(options, inputs, articles, dedup, options.top)
        written = dedup_command.write(options, inputs, articles, dedup, output=data, survey=None)
    if arguments.quiet:
        return
    out = Printer(sys.stdout)
    out.line("A week of invented news from the bundled sample, at default settings.")
    show(found, out)
    _show_truth(_truth(wc.sample.load(), dedup), out, dedup.threshold)
    out.line()
    out.line(f"wrote {written[0]}  (every article, with its group)")
    out.line(f"wrote {written[1]}  (open it in a browser)")


def _dedup_options(argv: list[str]) -> argparse.Namespace:
    parser = Parser(prog="wirecopy")
    dedup_command.add(Commands(parser))
    return parser.parse_args(argv)


def _truth(rows: list[dict[str, str]], dedup: Dedup) -> dict[str, Any]:
    """Compare the groups with the ``story`` and ``edit`` columns of the sample."""
    stories, edits = [row["story"] for row in rows], [row["edit"] for row in rows]
    group_of, keeper_of = dedup.group_of.tolist(), dedup.keeper_of.tolist()
    originals = {
        story: row
        for row, (story, edit) in enumerate(zip(stories, edits, strict=True))
        if edit == "original"
    }
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    within = within_found = 0
    for row, (story, edit) in enumerate(zip(stories, edits, strict=True)):
        original = originals.get(story, row)
        if original == row:
            continue
        hit = group_of[row] >= 0 and group_of[row] == group_of[original]
        names = edit.split(" + ")
        planted.update(names)
        found.update(names if hit else ())
        if not _FAR_EDITS.keys() & set(names):
            within += 1
            within_found += hit
    false = sum(stories[row] != stories[keeper] for row, keeper in enumerate(keeper_of))
    return {
        "edits": {name: (found[name], planted[name]) for name in sorted(planted)},
        "within_reach": (within_found, within),
        "false_merges": false,
    }


def _show_truth(truth: dict[str, Any], out: Printer, threshold: float) -> None:
    out.heading("Against what was planted")
    near = [(name, n) for name, n in truth["edits"].items() if name not in _FAR_EDITS]
    far = [(name, n) for name, n in truth["edits"].items() if name in _FAR_EDITS]
    rows = [("edit", "found", "planted", "")]
    rows += [(name, str(found), str(planted), "") for name, (found, planted) in near]
    rows += [
        (name, str(found), str(planted), f"made to fall below {threshold:g}: {_FAR_EDITS[name]}")
        for name, (found, planted) in far
    ]
    out.table(rows, right=(1, 2))
    found, planted = truth["within_reach"]
    out.line()
    out.line(
        f"  {found} of {planted} reprints within reach of the threshold found (a row counts under "
        "each of its edits above)"
    )
    out.line(f"  {truth['false_merges']} articles grouped with another story")
