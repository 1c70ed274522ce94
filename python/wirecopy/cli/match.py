"""``wirecopy match``: find which new articles are copies of old ones."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import wirecopy as wc
from wirecopy import _files
from wirecopy._files import Records
from wirecopy._measures import MEASURES
from wirecopy.cli import writing
from wirecopy.cli.errors import EXIT_DONE, EXIT_FOUND, UsageError, core_errors
from wirecopy.cli.helping import EXIT_CODES_WITH_FOUND, Commands
from wirecopy.cli.matching import Marks, keys
from wirecopy.cli.options import ROLES, add_input, add_matching, add_output, add_running, whole
from wirecopy.cli.printing import Printer, fit, number, percent, printable, width
from wirecopy.cli.reading import Articles, Inputs, gather, progress_of
from wirecopy.cli.survey import Survey

if TYPE_CHECKING:
    from wirecopy._match import Match

_ABOUT = "find which new articles are copies of old ones"

_DESCRIPTION = """
Only pairs of a new and an old article are looked for: reprints among the new ones, or among the old
ones, are not (wirecopy dedup finds those).

The articles of both sides are held in memory, with ids, dates, sources and headlines; other columns are
not, since FILE is read a second time when it is written.
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
        help="files with the old articles; columns and format are found as for FILE. Give it after FILE",
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
    with Inputs(arguments.files, arguments, again=True) as inputs:
        output = writing.settle_output(arguments, inputs, output)
        survey = Survey(writing.output_kind(arguments, output), output)
        new = gather(inputs, arguments, survey)
        with Inputs(arguments.against, arguments) as against:
            old = gather(against, arguments)
        found = _find(arguments, new, old)
        with core_errors():
            best = found.best_table.to_dict()
        written = _write(
            arguments, inputs, found, _marks(best, len(new), old), output=output, survey=survey
        )
    for one in (inputs, against):
        writing.tell_problems(arguments, one)
    account = _account(arguments, inputs, against, found, best=best, new=new, old=old)
    if arguments.json:
        writing.print_json({**account, "written": written})
    elif not arguments.quiet:
        out = Printer(sys.stderr if output == "-" else sys.stdout)
        _show(account, out)
        writing.tell_written(out, written)
    return EXIT_FOUND if arguments.fail_on_duplicates and account["matched"] else EXIT_DONE


def _find(arguments: argparse.Namespace, new: Articles, old: Articles) -> Match:
    with core_errors():
        return wc.match(
            new.texts,
            old.texts,
            ids=new.library_ids,
            against_ids=old.library_ids,
            threshold=arguments.threshold,
            measure=arguments.measure,
            method=arguments.method,
            furniture=arguments.furniture,
            shingle_size=arguments.shingle_size,
            max_memory=arguments.max_memory,
            recall=arguments.recall,
            threads=arguments.threads,
            progress=progress_of(arguments),
        )


def _marks(best: dict[str, list[Any]], rows: int, old: Articles) -> Marks:
    matched = [False] * rows
    match: list[Any] = [None] * rows
    similarity: list[float | None] = [None] * rows
    verdict: list[str | None] = [None] * rows
    for row, other, value, said in zip(
        *(best[name] for name in ("new", "old", "similarity", "verdict")), strict=True
    ):
        matched[row], similarity[row], verdict[row] = True, value, said
        match[row] = old.key(other)
    match, key_type = keys(match)
    return Marks(
        dict(zip(_COLUMNS, (matched, match, similarity, verdict), strict=True)),
        dict(zip(_COLUMNS, ("bool_", key_type, "float64", "string"), strict=True)),
    )


def _write(
    arguments: argparse.Namespace,
    inputs: Inputs,
    found: Match,
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
        with core_errors():
            pairs = Records(found.pairs_table.to_dict())
        _files.write_records(
            pairs, arguments.pairs, inputs=writing.inputs_of(arguments), force=arguments.force
        )
        written.append(arguments.pairs)
    return written


def _account(
    arguments: argparse.Namespace,
    inputs: Inputs,
    against: Inputs,
    found: Match,
    *,
    best: dict[str, list[Any]],
    new: Articles,
    old: Articles,
) -> dict[str, Any]:
    order = sorted(range(len(best["new"])), key=lambda i: (-best["similarity"][i], best["new"][i]))
    return {
        "command": arguments.command,
        "files": [source.name for source in inputs.sources],
        "against": [source.name for source in against.sources],
        **writing.problems_account(inputs),
        "skipped_lines_against": against.problems.count,
        "columns": {"text": new.text.name, "text_against": old.text.name},
        "texts": found.n_new,
        "texts_against": found.n_against,
        "matched": len(order),
        "pairs": found.n_pairs,
        "measure": found.measure,
        "threshold": None if MEASURES[found.measure].equality else found.threshold,
        "candidate_recall": found.candidate_recall,
        "best_matches": [
            {
                "new": new.about(best["new"][i]),
                "old": old.about(best["old"][i]),
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
