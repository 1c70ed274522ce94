"""All commands in one parser."""

from __future__ import annotations

import argparse

import wirecopy as wc
from wirecopy.cli import (
    archive,
    clean,
    completion,
    dedup,
    demo,
    info,
    keywords,
    kwic,
    match,
    report,
)
from wirecopy.cli.helping import EXIT_CODES_WITH_FOUND, Commands, HelpFormatter, Parser

_DESCRIPTION = """
Find the reprints among news articles, choose which version to keep, clean texts, and count words as if
each story had been printed once.

FILE is JSON lines, CSV, TSV or Parquet, also packed (.gz, .zst), or - for standard input. Parquet and
.zst need pyarrow: pip install "wirecopy[cli]".
"""

_EPILOG = f"""
examples:
  wirecopy demo
  wirecopy dedup week.jsonl
  wirecopy dedup week.csv -o kept.csv --only-kept
  wirecopy match today.csv --against last-year.jsonl --only-new -o new.csv
  wirecopy clean week.jsonl --parts all -o clean.jsonl
  wirecopy kwic "prime minister*" week.jsonl
  wirecopy keywords week.jsonl --against last-year.jsonl --ngrams 1-2
  wirecopy report week.parquet -o wire.html
  wirecopy archive match news.archive today.csv

A file appears under its name when it is complete. Files that exist are replaced only with --force, those
that are read never.
{EXIT_CODES_WITH_FOUND}
environment:
  WIRECOPY_THREADS  how many threads, where --threads does not say
  NO_COLOR          no bold text
  COLUMNS           how wide lines are

wirecopy COMMAND --help tells more.
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = Parser(
        prog="wirecopy",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"wirecopy {wc.__version__}")
    commands = Commands(parser)
    for module in (dedup, match, clean, keywords, kwic, report, archive, demo, info, completion):
        module.add(commands)
    return parser
