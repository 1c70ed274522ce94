"""``wirecopy clean``: take furniture off articles and normalize them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import wirecopy as wc
from wirecopy import _files
from wirecopy._files import DataError, Records
from wirecopy.cli import cleaning, writing
from wirecopy.cli.errors import UsageError, core_errors
from wirecopy.cli.helping import EXIT_CODES, Commands
from wirecopy.cli.options import add_input, add_output, add_running, names
from wirecopy.cli.printing import Printer, number, percent
from wirecopy.cli.reading import Inputs
from wirecopy.cli.survey import Survey, needed

_ABOUT = "take news furniture off articles and normalize their characters"

_DESCRIPTION = """
First datelines, bylines, captions, credits, "READ MORE" lines and the like are taken off (--furniture),
then characters are normalized (--preset, --steps). The rest of the rows is written as it was.

The file is read a batch at a time and may be larger than memory. JSON lines that become CSV or Parquet
are read twice, since a later row may have more columns; standard input is then copied to a temporary
file.
"""

_EPILOG = f"""
Presets are {", ".join(wc.NORMALIZE_PRESETS)}. Steps are {", ".join(wc.NORMALIZE_STEPS)}; -NAME takes
a step of the preset away.

columns of --parts:
  wirecopy_headline     a headline within the text
  wirecopy_dateline     the dateline as it stands
  wirecopy_date         the date in it
  wirecopy_place        the place in it
  wirecopy_agency       the agency, by its own name
  wirecopy_byline       who wrote it
  wirecopy_agency_copy  true where a dateline or a tail says that an agency wrote it

what --log writes:
  a row for each change, with offsets into the original text \
(characters, the end not included): file, line, row (of all articles, from 0), did (removed or edited), \
name (kind of furniture or step), rule, start, end, cut_start and cut_end \
(with the white space that went too), text, replacement

examples:
  wirecopy clean week.jsonl
  wirecopy clean week.csv.gz --furniture thorough --parts dateline,agency,byline -o clean.csv
  wirecopy clean week.jsonl --preset none -o bodies.jsonl --log removed.jsonl
  wirecopy clean week.jsonl --furniture keep --preset match --into text_to_match -o both.jsonl
  wirecopy clean week.jsonl --steps=-ligatures,drop_urls -o clean.parquet
  wirecopy clean week.jsonl --rules our-rules.txt -o house-style.jsonl
  zcat week.jsonl.gz | wirecopy clean - | head -2
{EXIT_CODES}"""


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "clean", _ABOUT, run, takes="FILE ...", description=_DESCRIPTION, epilog=_EPILOG
    )
    add_input(parser, roles=("source",))
    written = add_output(parser, "FILE's name with .clean in it; standard output for -")
    group = parser.add_argument_group("what is done")
    group.add_argument(
        "--furniture", choices=("conservative", "thorough", "keep"), default="conservative",
        help="how much is taken off (default: conservative)",
    )  # fmt: skip
    group.add_argument(
        "--rules", action="append", metavar="FILE",
        help="more rules for furniture, in the grammar of docs/furniture.md",
    )  # fmt: skip
    group.add_argument(
        "--languages", type=names, metavar="L,...",
        help="use only the rules of these languages (default: all)",
    )  # fmt: skip
    group.add_argument(
        "--keep-kinds", type=names, default=[], metavar="KIND,...",
        help="kinds of furniture that stay, such as headline,correction",
    )  # fmt: skip
    group.add_argument(
        "--preset", choices=(*wc.NORMALIZE_PRESETS, "none"), default="display",
        help="how characters are normalized (default: display)",
    )  # fmt: skip
    group.add_argument(
        "--steps", type=names, default=[], metavar="STEP,...",
        help="steps beside those of the preset; with - before a name, without it (--steps=-nfc)",
    )  # fmt: skip
    written.add_argument(
        "--into", metavar="C", help="column for the clean text (default: that of the articles)"
    )
    written.add_argument(
        "--parts", type=_parts, default=[], metavar="PART,...|all",
        help=f"columns for what was found: {', '.join(cleaning.PARTS)}",
    )  # fmt: skip
    written.add_argument("--log", metavar="FILE", help="also write every change, with its offsets")
    add_running(parser)


def _parts(text: str) -> list[str]:
    if text == "all":
        return list(cleaning.PARTS)
    found = names(text)
    for name in found:
        if name not in cleaning.PARTS:
            raise argparse.ArgumentTypeError(
                f"{name!r} is not a part; parts are {', '.join(cleaning.PARTS)}, or all"
            )
    return found


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    cleaner = _cleaner(arguments)
    output = writing.rows_output(arguments)
    writing.check_streams(arguments, output)
    writing.check_outputs(arguments, [(output, True), (arguments.log, True)])
    kinds = [arguments.format or _files.kind_of(path)[0] or "jsonl" for path in arguments.files]
    kind = "jsonl" if output is None else writing.output_kind(arguments, output)
    twice = needed(list(kinds), kind)
    totals: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    with Inputs(arguments.files, arguments, again=twice) as inputs, ExitStack() as stack:
        output = writing.settle_output(arguments, inputs, output)
        survey = _look_through(inputs, kind, output) if twice else None
        added = dict(cleaner.types)
        if arguments.into:
            added[arguments.into] = "string"
        writer = stack.enter_context(writing.open_rows(arguments, output, survey, added))
        log = None
        if arguments.log:
            log = stack.enter_context(
                _files.open_writer(
                    arguments.log, names=cleaning.LOG_COLUMNS,
                    inputs=inputs.paths, force=arguments.force,
                )
            )  # fmt: skip
        row = 0
        for records, cleaned in _cleaned(inputs, cleaner, arguments):
            totals.update(cleaned.totals())
            removed.update(cleaned.removed_kinds())
            if log is not None:
                log.write(cleaned.log(records, row))
            row += len(records)
            records.add(arguments.into or inputs.text_of(records), cleaned.texts, "string")
            for name, values in cleaned.parts.items():
                records.add(name, values, cleaner.types[name])
            writer.write(records)
    writing.tell_problems(arguments, inputs)
    written = [name for name in (output, arguments.log) if name and name != "-"]
    account = _account(arguments, inputs, cleaner, totals=totals, removed=removed, written=written)
    if arguments.json:
        writing.print_json(account)
    elif not arguments.quiet:
        out = Printer(sys.stderr if output == "-" else sys.stdout)
        _show(account, out)
        writing.tell_written(out, written)


def _cleaner(arguments: argparse.Namespace) -> cleaning.Cleaner:
    steps = [] if arguments.preset == "none" else [arguments.preset]
    steps += arguments.steps
    rules = []
    for path in arguments.rules or ():
        if not Path(path).is_file():
            raise DataError(f"{path}: no such file")
        try:
            rules.append(wc.FurnitureRules.load(path))
        except ValueError as error:
            raise DataError(f"{path}: {error}") from None
    cleaner = cleaning.Cleaner(
        steps=steps,
        level=None if arguments.furniture == "keep" else arguments.furniture,
        rules=rules,
        languages=arguments.languages,
        keep=arguments.keep_kinds,
        parts=arguments.parts,
        threads=arguments.threads,
        explained=bool(arguments.log),
    )
    if not (steps or cleaner.level or arguments.parts):
        raise UsageError("--furniture keep and --preset none leave nothing to do")
    try:
        cleaner.clean([None], None)
    except (ValueError, TypeError, ImportError) as error:
        raise UsageError(str(error)) from None
    return cleaner


def _look_through(inputs: Inputs, kind: str, output: str) -> Survey:
    survey = Survey(kind, output)
    for records in inputs.batches("look through"):
        survey.add(records)
    return survey


def _cleaned(
    inputs: Inputs, cleaner: cleaning.Cleaner, arguments: argparse.Namespace
) -> Iterator[tuple[Records, cleaning.Cleaned]]:
    for records in inputs.batches("clean"):
        sources = None
        if cleaner.rules:
            given = arguments.source_column
            choice = _files.source_column(records, given)
            sources = None if choice is None else records.values(choice.name)
        with core_errors():
            yield records, cleaner.clean(records.values(inputs.text_of(records)), sources)


def _account(
    arguments: argparse.Namespace,
    inputs: Inputs,
    cleaner: cleaning.Cleaner,
    *,
    totals: Counter[str],
    removed: Counter[str],
    written: list[str],
) -> dict[str, Any]:
    return {
        "command": arguments.command,
        "files": [source.name for source in inputs.sources],
        **writing.problems_account(inputs),
        "column": inputs.text and inputs.text.name,
        "furniture": cleaner.level or "keep",
        "steps": cleaner.steps,
        **{name: totals[name] for name in cleaning.TOTALS},
        "removed": dict(sorted(removed.items(), key=lambda item: (-item[1], item[0]))),
        "written": written,
    }


def _show(account: dict[str, Any], out: Printer) -> None:
    texts = account["texts"]
    before, after = account["characters_before"], account["characters_after"]
    steps = ", ".join(account["steps"]) or "none"
    empty = f"{number(account['emptied'])} with nothing left" if account["emptied"] else ""
    out.table(
        [
            ("articles", number(texts), empty),
            ("changed", number(account["changed"]), f"normalized by: {steps}"),
            (
                "trimmed",
                number(account["trimmed"]),
                f"{percent(account['trimmed'], texts)} had furniture ({account['furniture']})",
            ),
            ("characters", number(after), f"{percent(after, before)} of {number(before)}"),
        ],
        right=(1,),
    )
    if account["removed"]:
        out.heading("Furniture taken off")
        out.table([(kind, number(n)) for kind, n in account["removed"].items()], right=(1,))
