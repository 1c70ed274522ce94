"""``wirecopy kwic``: every place where a word stands, with the words around it."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import wirecopy as wc
from wirecopy import _files
from wirecopy._files import DataError, Records
from wirecopy.cli import writing
from wirecopy.cli.errors import UsageError, core_errors
from wirecopy.cli.helping import EXIT_CODES, Commands
from wirecopy.cli.options import ROLES, add_input, add_running, names, whole, window
from wirecopy.cli.printing import Printer, counted, fit, fit_end, printable, width
from wirecopy.cli.reading import Inputs, whole_characters

_ABOUT = "show a word or phrase wherever it stands, with the words around it"

_DESCRIPTION = """
A PATTERN is a word (minister), a phrase ("prime minister"), or either with wildcards: * stands for any
run of characters, and alone for any one word of a phrase; ? for exactly one character. Case does not
matter unless --case. Quote patterns, or the shell takes * for itself.

The last argument is a FILE, and so are those before it that are named like one (week.jsonl, week.csv.gz,
-). Files are read a batch at a time, so they may be larger than memory; only --sort holds them.

Without -o the hits are printed, the matches in one column, and how many there are on standard error.
"""

_EPILOG = f"""
what -o writes:
  a row a hit: file (where several are read), line (of the file; in Parquet the row), row (of all \
articles, from 0), the columns of id, date, source and headline or those of --columns, start and end \
(characters from the beginning of the text), left, match, right, and pattern \
where several are given

examples:
  wirecopy kwic harbour week.jsonl
  wirecopy kwic "prime minister*" "chancellor" week.jsonl last-year.jsonl --window 8
  wirecopy kwic "*gate" week.jsonl --sort right --limit 20
  wirecopy kwic "climat*" week.csv.gz -o climate.csv --columns id,source
  wirecopy kwic --regex "(un)?happ(y|ier)" week.jsonl
  zcat week.jsonl.gz | wirecopy kwic strike - --output-format csv | head -5
{EXIT_CODES}"""

_OWN = ("file", "line", "row", "start", "end", "left", "match", "right", "pattern")
_TYPES = {name: "int64" if name in ("line", "row", "start", "end") else "string" for name in _OWN}
_NAME_COLUMNS = 20


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "kwic", _ABOUT, run, takes="PATTERN ... FILE ...", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("files", metavar="PATTERN ... FILE", nargs="+", help="see above")
    add_input(parser, roles=tuple(ROLES), files=False)
    group = parser.add_argument_group("what matches")
    group.add_argument(
        "--window", type=window, default=(5, 5), metavar="N[,M]",
        help="words of context: on both sides, or left and right (default: 5)",
    )  # fmt: skip
    group.add_argument("--case", action="store_true", help="upper and lower case differ")
    group.add_argument(
        "--no-accents", action="store_true", help="accents make no difference: café is cafe"
    )
    group.add_argument(
        "--regex", action="store_true",
        help="patterns are regular expressions, which match a whole word in lower case",
    )  # fmt: skip
    group.add_argument(
        "--within", choices=("text", "sentence", "paragraph"), default="text",
        help="what neither a phrase nor its context goes beyond (default: text)",
    )  # fmt: skip
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o", "--output", metavar="OUT", help="file to write the hits to, - for standard output"
    )
    group.add_argument(
        "--output-format", choices=_files.KINDS, help="write the hits in it on standard output"
    )
    group.add_argument(
        "--columns", type=names, metavar="C,...", help="columns of FILE to write with each hit"
    )
    group.add_argument(
        "--sort", metavar="KEY,...", type=names,
        help="order of the hits: left, right, match, or a word alone, such as left1 or right2 "
        "(default: as they stand)",
    )  # fmt: skip
    group.add_argument("--limit", type=whole, metavar="N", help="stop after so many hits")
    add_running(parser)


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    patterns = _split(arguments)
    output = arguments.output or ("-" if arguments.output_format else None)
    writing.check_streams(arguments, output)
    writing.check_outputs(arguments, [(output, True)])
    options: dict[str, Any] = {
        "window": arguments.window,
        "case": arguments.case,
        "accents": not arguments.no_accents,
        "within": arguments.within,
        "limit": arguments.limit,
        "threads": arguments.threads,
    }
    hits = 0
    texts: set[int] = set()
    lines = Printer(sys.stdout)
    with Inputs(arguments.files, arguments) as inputs, ExitStack() as stack:
        writer = None
        if output is not None:
            writer = stack.enter_context(writing.open_rows(arguments, output))
        corpus = _Corpus(inputs, arguments)
        with core_errors():
            for table in corpus.tables(patterns, options):
                hits += len(table["row"])
                texts.update(table["row"])
                if writer is not None:
                    writer.write(corpus.records(table))
                elif not (arguments.json or arguments.quiet):
                    _print(lines, table, corpus)
            if writer is not None and not hits:  # the columns are there all the same
                writer.write(corpus.records({name: [] for name in _OWN[2:8]}))
    writing.tell_problems(arguments, inputs)
    written = [output] if output not in (None, "-") else []
    account = {
        "command": arguments.command,
        "files": [source.name for source in inputs.sources],
        **writing.problems_account(inputs),
        "patterns": [p if isinstance(p, str) else p.pattern for p in patterns],
        "texts": corpus.rows,
        "hits": hits,
        "texts_with_hits": len(texts),
        "stopped_at_limit": arguments.limit is not None and hits >= arguments.limit,
        "written": written,
    }
    if arguments.json:
        writing.print_json(account)
    elif not arguments.quiet:
        sys.stdout.flush()  # where both go to one place, the sum stands under the lines
        _tell(account, Printer(sys.stderr))


def _tell(account: dict[str, Any], out: Printer) -> None:
    of = "" if account["stopped_at_limit"] else f" of {account['texts']:,}"
    limit = "; stopped at --limit" if account["stopped_at_limit"] else ""
    texts = (
        counted(account["texts_with_hits"], "article")
        if not of
        else f"{account['texts_with_hits']:,}"
    )
    articles = " articles" if of else ""
    out.line(f"{counted(account['hits'], 'hit')} in {texts}{of}{articles}{limit}")
    for name in account["written"]:
        out.line(f"wrote {name}")


def _split(arguments: argparse.Namespace) -> list[Any]:
    """Take the files off the end of the arguments; return the patterns."""
    words: list[str] = arguments.files
    files = [words.pop()] if words else []
    while words and (words[-1] == "-" or _files.kind_of(words[-1])[0]):
        files.insert(0, words.pop())
    if not words:
        raise UsageError(f"a pattern has to stand before the file: kwic PATTERN {files[0]}")
    arguments.files = files
    if not arguments.regex:
        return words
    try:
        return [re.compile(word) for word in words]
    except re.error as error:
        raise UsageError(f"--regex {error.pattern!r}: {error}") from None


class _Corpus:
    """The articles that are looked through, and the batch that a table is about."""

    def __init__(self, inputs: Inputs, arguments: argparse.Namespace) -> None:
        self._inputs = inputs
        self._arguments = arguments
        self._several = len(inputs.sources) > 1
        self._first_row = 0
        self._batch: list[Records] = []
        self.rows = 0
        self.carried: list[str] | None = None

    def tables(
        self, patterns: list[Any], options: dict[str, Any]
    ) -> Iterator[dict[str, list[Any]]]:
        """Yield the hits, some at a time, as columns."""
        # One alone needs no column that says which.
        wanted = patterns if len(patterns) > 1 else patterns[0]
        if self._arguments.sort:
            found = wc.kwic(
                [text for piece in self._pieces(keep=True) for text in piece["text"]],
                wanted,
                sort=self._arguments.sort,
                progress=False,
                **options,
            )
            tables = found.batches()
        else:
            tables = wc.kwic_batches(self._pieces(), wanted, text="text", **options)
        for table in tables:
            yield table.to_dict()

    def _pieces(self, *, keep: bool = False) -> Iterator[dict[str, list[str | None]]]:
        for records in self._inputs.batches():
            if not keep:
                self._first_row, self._batch = self.rows, []
            self._batch.append(records)
            self.rows += len(records)
            if self.carried is None:
                self.carried = self._choose(records)
            yield {
                "text": [whole_characters(t) for t in records.values(self._inputs.text_of(records))]
            }

    def _choose(self, records: Records) -> list[str]:
        wanted = self._arguments.columns
        if wanted is not None:
            found = [_files.given_column(records, "column to write", name) for name in wanted]
            taken = [name for name in found if name in _OWN]
            if taken:
                raise DataError(f"--columns: a hit has a column {taken[0]!r} of its own")
            return found
        roles = []
        for role in ROLES:
            given = getattr(self._arguments, f"{role}_column")
            if given is not None:
                roles.append(_files.given_column(records, role, given))
            else:
                roles += _files.candidates(records, role)[:1]
        return [name for name in dict.fromkeys(roles) if name not in _OWN]

    def place(self, row: int) -> tuple[Records, int]:
        """Return the batch that holds a row, and where in it."""
        at = row - self._first_row
        for records in self._batch:
            if at < len(records):
                return records, at
            at -= len(records)
        raise IndexError(row)

    def records(self, table: dict[str, list[Any]]) -> Records:
        """Return the hits as rows for a file."""
        carried = self.carried or []
        columns: dict[str, list[Any]] = {"file": []} if self._several else {}
        columns["line"] = []
        columns["row"] = table["row"]
        columns.update({name: [] for name in carried})
        for row in table["row"]:
            records, at = self.place(row)
            if self._several:
                columns["file"].append(records.path)
            columns["line"].append(records.numbers[at] if records.numbers is not None else None)
            for name in carried:
                columns[name].append(records.columns[name][at] if name in records.columns else None)
        for name in _OWN[3:]:
            if name in table:
                columns[name] = table[name]
        empty = [name for name in carried if all(value is None for value in columns[name])]
        return Records(columns, types={**dict.fromkeys(empty, "string"), **_TYPES})

    def name(self, row: int) -> str:
        """What to call a row on the screen: its id, or where it stands."""
        records, at = self.place(row)
        ids = [n for n in self.carried or [] if n in _files.candidates(records, "id")]
        given = self._arguments.id_column
        if given is not None:
            ids = [_files.given_column(records, "id", given)]
        value = records.values(ids[0])[at] if ids else None
        return records.place(at) if value is None else printable(value)


def _print(out: Printer, table: dict[str, list[Any]], corpus: _Corpus) -> None:
    names_of: dict[int, str] = {}
    for row in table["row"]:
        if row not in names_of:
            names_of[row] = corpus.name(row)
    name_width = min(_NAME_COLUMNS, max(map(width, names_of.values()), default=0))
    matches = [printable(match) for match in table["match"]]
    match_width = min(out.width // 3, max(map(width, matches), default=0))
    left_width = (out.width - name_width - match_width - 4) // 2
    for row, left, match, right in zip(
        table["row"], table["left"], matches, table["right"], strict=True
    ):
        begin = f"{fit(names_of[row], name_width)}  {fit_end(printable(left), left_width)} "
        # A longer match takes its room from what follows it.
        shown = fit(match, match_width, pad=False)
        room = out.width - width(begin) - width(shown) - 1
        out.line(f"{begin}{out.strong(shown)} {fit(printable(right), room, pad=False)}")
