"""``wirecopy dedup``: find reprints and mark them in a copy of the file."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import numpy as np

from wirecopy import _files, report
from wirecopy._files import Records
from wirecopy.cli import writing
from wirecopy.cli.account import account
from wirecopy.cli.errors import EXIT_DONE, EXIT_FOUND, core_errors
from wirecopy.cli.helping import EXIT_CODES_WITH_FOUND, Commands
from wirecopy.cli.matching import find_reprints, marks_of
from wirecopy.cli.options import (
    ROLES,
    add_grouping,
    add_input,
    add_matching,
    add_output,
    add_running,
    whole,
)
from wirecopy.cli.printing import Printer
from wirecopy.cli.reading import Articles, Inputs, gather
from wirecopy.cli.show import show
from wirecopy.cli.survey import Survey

if TYPE_CHECKING:
    from wirecopy._result import Dedup

_ABOUT = "find reprints and mark them in a copy of the file"

_DESCRIPTION = """
Articles are compared by the runs of five words that they share. Of each group of reprints one is kept;
every other one is marked with what it is to that one.

The articles, with their ids, dates, sources and headlines, are held in memory; all other columns are
not, since the file is read a second time when it is written. Standard input is copied to a temporary
file for that. --max-memory bounds what comparing takes beside the articles.
"""

_EPILOG = f"""
what is written:
  the rows of FILE, each with six more columns:
    wirecopy_group       number of the group; empty for an article in none
    wirecopy_role        single, keeper, or what a reprint is to its keeper: copy, reprint, \
cut-down, extended, update
    wirecopy_keep        true for keepers and singles
    wirecopy_keeper      id of the keeper, or its row (from 0) where there is no id column; \
an article in no group is its own keeper
    wirecopy_similarity  similarity to the keeper by --measure; empty for keepers and singles
    wirecopy_verdict     why it is one: identical, same text, near copy, cut-down, update, ...

rules for --keep, the first that tells two versions apart decides:
  earliest         the earliest by date
  latest           the latest by date
  longest          the one with most words
  fullest          the one that has most in common with its matches
  first, last      by row
  wire             a news agency's own version
  source:NAME,...  the outlet named first is wanted most

examples:
  wirecopy dedup week.jsonl
  wirecopy dedup week.csv.gz --text-column body --threshold 0.7 -o out.parquet
  wirecopy dedup week.jsonl --keep "source:Agency,Morning Paper" earliest -o agency-first.jsonl
  wirecopy dedup week.jsonl -o kept.jsonl --only-kept --report wire.html --pairs pairs.csv
  wirecopy dedup monday.csv tuesday.csv -o both.csv
  zcat week.jsonl.gz | wirecopy dedup - --only-kept | head -3
  wirecopy dedup week.jsonl -o checked.jsonl --quiet --fail-on-duplicates || echo "reprints found"
{EXIT_CODES_WITH_FOUND}"""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "dedup", _ABOUT, run, takes="FILE ...", description=_DESCRIPTION, epilog=_EPILOG
    )
    add_input(parser, roles=tuple(ROLES))
    group = add_output(parser, "FILE's name with .dedup in it; standard output for -")
    group.add_argument("--only-kept", action="store_true", help="write only the articles to keep")
    group.add_argument("--pairs", metavar="FILE", help="also write the pairs of similar articles")
    group.add_argument("--report", metavar="HTML", help="also write a report to read in a browser")
    group.add_argument(
        "--top", type=whole, default=5, metavar="K", help="groups to list (default: 5)"
    )
    add_grouping(add_matching(parser))
    add_running(parser).add_argument(
        "--fail-on-duplicates", action="store_true", help="exit with 3 if there are reprints"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    output = writing.rows_output(arguments)
    writing.check_streams(arguments, output)
    writing.check_outputs(
        arguments, [(output, True), (arguments.pairs, True), (arguments.report, False)]
    )
    with Inputs(arguments.files, arguments, again=True) as inputs:
        output = writing.settle_output(arguments, inputs, output)
        survey = Survey(writing.output_kind(arguments, output), output)
        articles = gather(inputs, arguments, survey)
        dedup = find_reprints(arguments, articles)
        silent = arguments.quiet and not arguments.json
        found = None if silent else account(arguments, inputs, articles, dedup, arguments.top)
        written = write(arguments, inputs, articles, dedup, output=output, survey=survey)
    writing.tell_problems(arguments, inputs)
    if found is not None and arguments.json:
        writing.print_json({**found, "written": written})
    elif found is not None:
        out = Printer(sys.stderr if output == "-" else sys.stdout)
        show(found, out)
        writing.tell_written(out, written)
    return EXIT_FOUND if arguments.fail_on_duplicates and dedup.n_duplicates else EXIT_DONE


def write(
    arguments: argparse.Namespace,
    inputs: Inputs,
    articles: Articles,
    dedup: Dedup,
    *,
    output: str,
    survey: Survey | None,
) -> list[str]:
    """Write the data, the pairs and the report; return the names of the files."""
    written = []
    marks = marks_of(articles, dedup)
    keep = dedup.keep_mask
    with writing.open_rows(arguments, output, survey, marks.types) as writer:
        for at, records in marks.added_to(inputs):
            kept = np.flatnonzero(keep[at : at + len(records)]).tolist()
            writer.write(records.take(kept) if arguments.only_kept else records)
    if output != "-":
        written.append(output)
    if arguments.pairs:
        with core_errors():
            pairs = dedup.pairs_table.to_dict()
        _files.write_records(
            Records(pairs), arguments.pairs, inputs=inputs.paths, force=arguments.force
        )
        written.append(arguments.pairs)
    if arguments.report:
        headlines = articles.column("headline")
        report.write_report(dedup, arguments.report, inputs.label, headlines=headlines)
        written.append(arguments.report)
    return written
