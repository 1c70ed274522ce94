"""``wirecopy match``: find which new articles are copies of old ones."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack, closing
from typing import Any

import numpy as np

from wirecopy import _files
from wirecopy._measures import MEASURES
from wirecopy.cli import writing
from wirecopy.cli.against import Found, find, is_archive
from wirecopy.cli.errors import EXIT_DONE, EXIT_FOUND, UsageError
from wirecopy.cli.helping import EXIT_CODES_WITH_FOUND, Commands
from wirecopy.cli.matching import Marks, keys
from wirecopy.cli.options import ROLES, add_input, add_matching, add_output, add_running, whole
from wirecopy.cli.printing import Printer, fit, number, percent, printable, width
from wirecopy.cli.reading import Articles, Inputs, gather
from wirecopy.cli.survey import Survey

_ABOUT = "find which new articles are copies of old ones"

_DESCRIPTION = """
Only pairs of a new and an old article are looked for: reprints among the new ones, or among the old
ones, are not (wirecopy dedup finds those).

The articles of both sides are held in memory, with ids, dates, sources and headlines; other columns are
not, since FILE is read a second time when it is written. Where OLD is an archive (wirecopy archive), its
articles stay on disk.
"""

_EPILOG = f"""
what is written:
  the rows of FILE, each with four more columns, empty where there is no match:
    wirecopy_matched     true for an article that matches an old one
    wirecopy_match       id of the old article most alike, or its row (from 0) where there is no id \
column
    wirecopy_similarity  similarity to it by --measure
    wirecopy_verdict     why it is one: identical, same text, near copy, cut-down, update, ...

examples:
  wirecopy match today.csv --against last-year.jsonl
  wirecopy match today.csv --against last-year.jsonl --only-new -o new.csv
  wirecopy match week.jsonl --against last-year.jsonl week.parquet --pairs pairs.csv -o matched.jsonl
  wirecopy match today.csv --against last-year.jsonl --measure containment -o excerpts.csv --json
  wirecopy match today.csv --against news.archive
{EXIT_CODES_WITH_FOUND}"""

_NAME_COLUMNS = 24
_COLUMNS = ("wirecopy_matched", "wirecopy_match", "wirecopy_similarity", "wirecopy_verdict")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "match",
        _ABOUT,
        run,
        takes="FILE ... --against OLD ...",
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    add_input(parser, roles=tuple(ROLES))
    parser.add_argument(
        "--against",
        metavar="OLD",
        nargs="+",
        action="extend",
        required=True,
        help="files with the old articles, or one archive of them; columns and format are found as for "
        "FILE. Give it after FILE",
    )
    group = add_output(parser, "FILE's name with .match in it; standard output for -")
    only = group.add_mutually_exclusive_group()
    only.add_argument("--only-new", action="store_true", help="write only articles without a match")
    only.add_argument("--only-matched", action="store_true", help="write only those that have one")
    group.add_argument("--pairs", metavar="FILE", help="also write every pair of a new and an old")
    group.add_argument(
        "--top", type=whole, default=10, metavar="K", help="matches to list (default: 10)"
    )
    add_matching(parser)
    add_running(parser).add_argument(
        "--fail-on-duplicates", action="store_true", help="exit with 3 if there are matches"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    output = writing.rows_output(arguments)
    writing.check_streams(arguments, output)
    writing.check_outputs(arguments, [(output, True), (arguments.pairs, True)])
    if (arguments.files + arguments.against).count("-") > 1:
        raise UsageError("standard input is one file; give the other by its name")
    is_archive(arguments)  # before anything is read
    with ExitStack() as stack:
        inputs = stack.enter_context(Inputs(arguments.files, arguments, again=True))
        output = writing.settle_output(arguments, inputs, output)
        survey = Survey(writing.output_kind(arguments, output), output)
        new = gather(inputs, arguments, survey)
        found = stack.enter_context(closing(find(arguments, new)))
        written = _write(
            arguments, inputs, found, _marks(found, len(new)), output=output, survey=survey
        )
        writing.tell_problems(arguments, inputs)
        found.tell_problems()
        account = _account(arguments, inputs, found, new)
    if arguments.json:
        writing.print_json({**account, "written": written})
    elif not arguments.quiet:
        out = Printer(sys.stderr if output == "-" else sys.stdout)
        _show(account, out)
        writing.tell_written(out, written)
    return EXIT_FOUND if arguments.fail_on_duplicates and account["matched"] else EXIT_DONE


def _marks(found: Found, rows: int) -> Marks:
    matched = [False] * rows
    match: list[Any] = [None] * rows
    similarity: list[float | None] = [None] * rows
    verdict: list[str | None] = [None] * rows
    for row, other, value, said in zip(
        *(found.best[name] for name in ("new", "old", "similarity", "verdict")), strict=True
    ):
        matched[row], similarity[row], verdict[row] = True, value, said
        match[row] = found.key(other)
    match, key_type = keys(match)
    return Marks(
        dict(zip(_COLUMNS, (matched, match, similarity, verdict), strict=True)),
        dict(zip(_COLUMNS, ("bool_", key_type, "float64", "string"), strict=True)),
    )


def _write(
    arguments: argparse.Namespace,
    inputs: Inputs,
    found: Found,
    marks: Marks,
    *,
    output: str,
    survey: Survey,
) -> list[str]:
    written = []
    matched = np.array(marks.values["wirecopy_matched"], dtype=bool)
    wanted = ~matched if arguments.only_new else matched
    some = arguments.only_new or arguments.only_matched
    with writing.open_rows(arguments, output, survey, marks.types) as writer:
        for at, records in marks.added_to(inputs):
            rows = np.flatnonzero(wanted[at : at + len(records)]).tolist()
            writer.write(records.take(rows) if some else records)
    if output != "-":
        written.append(output)
    if arguments.pairs:
        _files.write_records(
            found.pairs, arguments.pairs, inputs=writing.inputs_of(arguments), force=arguments.force
        )
        written.append(arguments.pairs)
    return written


def _account(
    arguments: argparse.Namespace, inputs: Inputs, found: Found, new: Articles
) -> dict[str, Any]:
    best, old = found.best, found.account
    order = sorted(range(len(best["new"])), key=lambda i: (-best["similarity"][i], best["new"][i]))
    equality = MEASURES[arguments.measure].equality
    return {
        "command": arguments.command,
        "files": [source.name for source in inputs.sources],
        "against": old["against"],
        **writing.problems_account(inputs),
        "skipped_lines_against": old["skipped_lines_against"],
        "columns": {"text": new.text.name, "text_against": old["text_against"]},
        "texts": len(new),
        "texts_against": old["texts_against"],
        "matched": len(order),
        "pairs": old["pairs"],
        "measure": arguments.measure,
        "threshold": None if equality else old["threshold"],
        "candidate_recall": old["candidate_recall"],
        "best_matches": [
            {
                "new": new.about(best["new"][i]),
                "old": found.about(best["old"][i]),
                "similarity": best["similarity"][i],
                "verdict": best["verdict"][i],
            }
            for i in order[: arguments.top]
        ],
    }


def _show(account: dict[str, Any], out: Printer) -> None:
    at = "" if account["threshold"] is None else f" at {account['threshold']:g} or more"
    texts, matched = account["texts"], account["matched"]
    out.table(
        [
            ("new", number(texts), printable(", ".join(account["files"]))),
            ("old", number(account["texts_against"]), printable(", ".join(account["against"]))),
            ("matched", number(matched), f"{percent(matched, texts)} of the new articles"),
            ("pairs", number(account["pairs"]), f"{account['measure']}{at}"),
        ],
        right=(1,),
    )
    best = account["best_matches"]
    if not best:
        out.line()
        out.line("No new article is a copy of an old one.")
        return
    out.heading("Matches" if len(best) == matched else f"The {len(best)} surest of {matched:,}")
    called = [[_called(one[side]) for one in best] for side in ("new", "old")]
    widths = [min(_NAME_COLUMNS, max(map(width, names))) for names in called]
    for one, new, old in zip(best, *called, strict=True):
        pair = f"{fit(new, widths[0])}  is  {fit(old, widths[1])}"
        left = f"  {fit(one['verdict'], 11)}  {one['similarity']:4.2f}  {pair}  "
        headline = printable(one["new"]["headline"])
        out.line(left + fit(headline, max(10, out.width - width(left)), pad=False))


def _called(side: dict[str, Any]) -> str:
    return f"row {side['row']}" if side["id"] is None else printable(side["id"])
