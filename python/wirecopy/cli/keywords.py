"""``wirecopy keywords``: the words of a file, or what sets it apart."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import wirecopy as wc
from wirecopy._files import Records
from wirecopy.cli import writing
from wirecopy.cli.counting import Side, count_files, each_against_the_rest
from wirecopy.cli.errors import UsageError, core_errors
from wirecopy.cli.helping import EXIT_CODES, Commands
from wirecopy.cli.options import add_input, add_running, least, names, ngrams, share, whole
from wirecopy.cli.printing import Printer, counted, fit, number, printable

_ABOUT = "list the words of a file, or what sets it apart from another"

_DESCRIPTION = """
Without --against and --by: the most frequent terms. With --against: the terms that are more frequent in
FILE than in FILE2, by log-likelihood (g2), with the effect size (log_ratio: 1 is twice as frequent).
With --by: the same for each source, section or other value of a column, against all the others.

A story that was reprinted counts once, unless --no-once. For that all articles are held in memory and
compared; with --no-once they are counted a batch at a time, and only the vocabulary is held (--max-terms
bounds it).
"""

_EPILOG = f"""
measures: g2, g2_two_term, p_value, log_ratio, chi2, bic, log_odds_z, percent_diff,
docs_log_ratio and more; docs/statistics.md has them all.

examples:
  wirecopy keywords week.jsonl --top 30
  wirecopy keywords week.jsonl --against last-year.jsonl --ngrams 1-2 -o keyness.csv
  wirecopy keywords week.jsonl --by source --top 5
  wirecopy keywords week.jsonl --by source --group "Halden Press" --sort log_ratio --min-frequency 5
  wirecopy keywords week.jsonl last-year.jsonl --no-once --max-terms 1000000 -o counts.parquet
{EXIT_CODES}"""

_BASE_MEASURES = ("g2", "g2_two_term", "p_value", "log_ratio")
_COUNTS = ("term", "frequency", "documents", "per_million")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "keywords", _ABOUT, run, takes="FILE ...", description=_DESCRIPTION, epilog=_EPILOG
    )
    add_input(parser)
    group = parser.add_argument_group("what is compared")
    group.add_argument(
        "--against", metavar="FILE2", nargs="+", action="extend",
        help="files to compare with; give it after FILE",
    )  # fmt: skip
    group.add_argument("--by", metavar="C", help="column whose values are compared with each other")
    group.add_argument("--group", metavar="VALUE", help="of --by, only this value")
    group = parser.add_argument_group("what is counted")
    group.add_argument(
        "--ngrams", type=ngrams, default=(1, 1), metavar="N[-M]",
        help="words in a term: 1, 2 or 1-2 (default: 1)",
    )  # fmt: skip
    group.add_argument(
        "--stopwords", choices=("en", "none"), default="en",
        help="function words to leave out (default: en)",
    )  # fmt: skip
    group.add_argument(
        "--once", "--dedup", action=argparse.BooleanOptionalAction, default=True,
        help="count a reprinted story once (default: yes)",
    )  # fmt: skip
    group.add_argument(
        "--threshold", type=share, default=0.5, metavar="T",
        help="least Jaccard similarity of a reprint (default: 0.5)",
    )  # fmt: skip
    group.add_argument(
        "--max-terms", type=whole, metavar="N",
        help="keep only the N most frequent terms while counting (with --no-once)",
    )  # fmt: skip
    group.add_argument(
        "--min-frequency", type=least, default=0.0, metavar="F",
        help="leave out terms with fewer occurrences on both sides",
    )  # fmt: skip
    group.add_argument(
        "--min-docs", type=least, metavar="D",
        help="leave out terms in fewer articles on both sides (default: 0; 2 with --by)",
    )  # fmt: skip
    group = parser.add_argument_group("output")
    group.add_argument(
        "--measures", type=names, metavar="M,...",
        help=f"measures to compute (default: {','.join(_BASE_MEASURES)})",
    )  # fmt: skip
    group.add_argument("--sort", metavar="M", help="column to order by (default: g2, or frequency)")
    group.add_argument(
        "--top", type=whole, default=20, metavar="K", help="terms to print (default: 20)"
    )
    group.add_argument(
        "-o", "--output", metavar="OUT", help="file to write all terms to, - for standard output"
    )
    group.add_argument(
        "--output-format", choices=("jsonl", "json", "csv", "tsv", "parquet"),
        help="format on standard output (default: jsonl)",
    )  # fmt: skip
    add_running(parser)


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    _check(arguments)
    writing.check_streams(arguments, arguments.output)
    writing.check_outputs(arguments, [(arguments.output, True)])
    target = count_files(arguments, arguments.files)
    sides = [target]
    if arguments.against:
        sides.append(count_files(arguments, arguments.against))
    with core_errors():
        tables = _tables(arguments, sides)
    if arguments.output:
        with writing.open_rows(arguments, arguments.output) as writer:
            for group, table in tables:
                writer.write(_records(table, group if arguments.by else None))
    account = _account(arguments, sides, tables)
    if arguments.json:
        writing.print_json(account)
    elif not arguments.quiet:
        _show(account, Printer(sys.stderr if arguments.output == "-" else sys.stdout))


def _check(arguments: argparse.Namespace) -> None:
    if arguments.against and arguments.by:
        raise UsageError("--against and --by are two comparisons; give one")
    if arguments.group is not None and not arguments.by:
        raise UsageError("--group is a value of --by; give --by too")
    if arguments.max_terms and arguments.once:
        raise UsageError("--max-terms is for counting in batches; give --no-once too")
    compared = arguments.against or arguments.by
    if not compared and (arguments.measures or arguments.min_docs):
        raise UsageError("--measures and --min-docs are for --against and --by")
    if not compared and arguments.sort not in (None, "frequency", "documents", "per_million"):
        raise UsageError("--sort: without a comparison, frequency, documents or per_million")
    every = arguments.files + (arguments.against or [])
    if every.count("-") > 1:
        raise UsageError("standard input is one file; give the other by its name")


def _tables(arguments: argparse.Namespace, sides: list[Side]) -> list[tuple[str, wc.Table]]:
    stopwords = None if arguments.stopwords == "none" else arguments.stopwords
    if not (arguments.against or arguments.by):
        counts = sides[0].all
        by = arguments.sort or "frequency"
        table = wc.Table(counts.top(len(counts), by=by, stopwords=stopwords).to_dict())
        return [("", table.filter(table["frequency"] >= arguments.min_frequency))]
    sort = arguments.sort or "g2"
    chosen = arguments.measures or list(_BASE_MEASURES)
    options: dict[str, Any] = {
        "measures": chosen if sort in (*chosen, "target", "reference") else [*chosen, sort],
        "sort": sort,
        "min_frequency": arguments.min_frequency,
        "min_docs": arguments.min_docs or (2 if arguments.by and arguments.min_docs is None else 0),
        "stopwords": stopwords,
        "progress": False,
    }
    if arguments.against:
        return [("", wc.keyness(sides[0].all, sides[1].all, **options))]
    found = []
    for group, counts, rest in each_against_the_rest(sides[0], arguments.by, arguments.group):
        table = wc.keyness(counts, rest, **options)
        found.append((group, table.filter(table["target_pm"] > table["reference_pm"])))
    return found


def _records(table: wc.Table, group: str | None) -> Records:
    columns = table.to_dict()
    if group is not None:
        columns = {"group": [group] * len(table), **columns}
    types = dict.fromkeys(columns, "float64") | {"term": "string", "group": "string", "n": "int64"}
    return Records(columns, types={name: types[name] for name in columns})


def _account(
    arguments: argparse.Namespace, sides: list[Side], tables: list[tuple[str, wc.Table]]
) -> dict[str, Any]:
    return {
        "command": arguments.command,
        "sides": [side.account() for side in sides],
        "once": arguments.once,
        "by": arguments.by,
        "groups": [
            {
                "group": group if arguments.by else None,
                "terms": len(table),
                "top": list(table.head(arguments.top).rows()),
            }
            for group, table in tables
        ],
        "columns": _columns(arguments),
        "written": [arguments.output] if arguments.output not in (None, "-") else [],
    }


def _columns(arguments: argparse.Namespace) -> list[str]:
    if not (arguments.against or arguments.by):
        return list(_COUNTS)
    wanted = arguments.measures or ["g2", "log_ratio"]
    more = [arguments.sort] if arguments.sort not in (None, *wanted, "target", "reference") else []
    return ["term", "target", "reference", *wanted, *more]


def _show(account: dict[str, Any], out: Printer) -> None:
    for side in account["sides"]:
        once = f", {side['reprints']:,} of them reprints" if account["once"] else ""
        out.line(f"{printable(side['label'])}: {counted(side['texts'], 'article')}{once}")
    if account["once"]:
        out.line("Each story is counted once.")
    shown = account["columns"]
    for group in account["groups"]:
        out.line()
        if account["by"]:
            out.line(out.strong(printable(group["group"]) or "(none)"))
        if not group["top"]:
            out.line("  no term (--min-docs 0 also takes terms of a single article)")
            continue
        rows: list[tuple[str, ...]] = [tuple(shown)]
        for row in group["top"]:
            values = [_value(name, row[name]) for name in shown[1:]]
            rows.append((fit(printable(row["term"]), 48, pad=False), *values))
        out.table(rows, right=range(1, len(shown)))
    terms = sum(group["terms"] for group in account["groups"])
    for name in account["written"]:
        out.line()
        out.line(f"wrote {name}, with all {terms:,} terms")


def _value(name: str, value: float) -> str:
    if name in {"target", "reference", *_COUNTS}:
        return number(value)
    return f"{value:.2g}" if "_p" in name or name == "p_value" else f"{value:.2f}"
