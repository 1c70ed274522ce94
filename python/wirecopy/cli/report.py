"""``wirecopy report``: find reprints and write a page about them."""

from __future__ import annotations

import argparse
import sys

from wirecopy import report as pages
from wirecopy.cli import writing
from wirecopy.cli.errors import UsageError
from wirecopy.cli.helping import EXIT_CODES, Commands
from wirecopy.cli.matching import find_reprints
from wirecopy.cli.options import ROLES, add_grouping, add_input, add_matching, add_running
from wirecopy.cli.printing import Printer, counted
from wirecopy.cli.reading import Inputs, gather

_ABOUT = "find reprints and write a report to read in a browser"

_DESCRIPTION = """
The page is one file that needs no network: an overview, the groups of reprints, what differs between
the versions of a story. Nothing else is written. wirecopy dedup --report writes the same page beside the
data.
"""

_EPILOG = f"""
examples:
  wirecopy report week.parquet -o wire.html
  wirecopy report monday.csv tuesday.csv -o two-days.html --title "Two days in April"
  wirecopy report week.jsonl -o cut-downs.html --measure containment
{EXIT_CODES}"""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "report", _ABOUT, run, takes="FILE ... -o HTML", description=_DESCRIPTION, epilog=_EPILOG
    )
    add_input(parser, roles=tuple(ROLES))
    group = parser.add_argument_group("output")
    group.add_argument("-o", "--output", metavar="HTML", required=True, help="file to write")
    group.add_argument("--title", help="title of the page (default: the name of the file)")
    add_grouping(add_matching(parser))
    add_running(parser)


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    if arguments.output == "-":
        raise UsageError("the report needs a file; give -o wire.html")
    writing.check_outputs(arguments, [(arguments.output, False)])
    with Inputs(arguments.files, arguments) as inputs:
        articles = gather(inputs, arguments)
    dedup = find_reprints(arguments, articles)
    title = arguments.title or inputs.label
    pages.write_report(dedup, arguments.output, title, headlines=articles.column("headline"))
    writing.tell_problems(arguments, inputs)
    if arguments.json:
        writing.print_json(
            {
                "command": arguments.command,
                "files": [source.name for source in inputs.sources],
                **writing.problems_account(inputs),
                **dedup.summary(),
                "written": [arguments.output],
            }
        )
    elif not arguments.quiet:
        Printer(sys.stdout).line(
            f"wrote {arguments.output}: {counted(dedup.n_groups, 'group')}, "
            f"{counted(dedup.n_duplicates, 'reprint')} "
            f"among {counted(dedup.n_texts, 'article')}"
        )
