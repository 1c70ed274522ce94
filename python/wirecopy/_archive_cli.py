"""The commands ``wirecopy archive ...``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import wirecopy as wc
from wirecopy import _files
from wirecopy._files import DataError, Records

if TYPE_CHECKING:
    from wirecopy.cli import Shared

__all__ = ["add_commands"]

_Maker: TypeAlias = Callable[[str, str], argparse.ArgumentParser]

EXAMPLES = """
An archive is a folder that keeps what is needed to find a story again: not its text, unless
--keep-texts was given when it was made. Articles are named by their ids; without a column of ids they
are numbered.

examples:
  wirecopy archive add news.archive 2024.parquet            makes news.archive where there is none
  wirecopy archive match news.archive today.jsonl -o seen.csv
  wirecopy archive match news.archive today.jsonl --add     and remember today's articles
  wirecopy archive remove news.archive 2024-05-17/1 --compact
  wirecopy archive verify news.archive

exit status: 0 done, 1 the data, a file or the archive is not as it should be, 2 wrong usage
"""


def add_commands(command: _Maker, shared: Shared) -> None:
    """Put the commands into a parser; `shared` is what all commands have in common."""
    adding = command("add", "add the articles of a file")
    adding.add_argument("archive", metavar="ARCHIVE", help="folder; made where there is none")
    shared.add_input(adding)
    adding.add_argument(
        "--replace", action="store_true", help="replace articles whose ids are there already"
    )
    making = adding.add_argument_group("for a new archive")
    making.add_argument(
        "--method",
        choices=("exact", "minhash"),
        help="exact finds every match; minhash is several times smaller (default: exact)",
    )
    making.add_argument("--keep-texts", action="store_true", help="keep the texts themselves")
    making.add_argument(
        "--furniture",
        choices=("conservative", "thorough", "keep"),
        help="take datelines, bylines and the like off before comparing (default: conservative)",
    )
    _add_running(adding, shared)
    adding.set_defaults(run=lambda arguments: _add(arguments, shared))

    matching = command("match", "find which archived articles those of a file are copies of")
    matching.add_argument("archive", metavar="ARCHIVE")
    shared.add_input(matching)
    matching.add_argument(
        "--add", action="store_true", help="add the articles too, and match them with one another"
    )
    matching.add_argument(
        "--measure", choices=("jaccard", "containment", "overlap"), default="jaccard"
    )
    matching.add_argument(
        "--threshold", type=shared.positive, metavar="T", help="least similarity, as for dedup"
    )
    matching.add_argument(
        "-o", "--output", metavar="OUT", default="-", help="file to write (default: JSON lines)"
    )
    _add_running(matching, shared)
    matching.add_argument("--force", action="store_true", help="replace files that exist")
    matching.set_defaults(run=lambda arguments: _match(arguments, shared))

    removing = command("remove", "remove articles by their ids")
    removing.add_argument("archive", metavar="ARCHIVE")
    removing.add_argument("ids", metavar="ID", nargs="+")
    removing.add_argument("--missing-ok", action="store_true", help="pass over unknown ids")
    removing.add_argument(
        "--compact", action="store_true", help="also write the archive anew without their bytes"
    )
    _add_running(removing, shared)
    removing.set_defaults(run=lambda arguments: _remove(arguments, shared))

    for name, about, run in (
        ("compact", "write the archive anew without what was removed", _compact),
        ("verify", "read everything and tell what is damaged", _verify),
        ("info", "tell how many articles there are, and what they take", _info),
    ):
        parser = command(name, about)
        parser.add_argument("archive", metavar="ARCHIVE")
        _add_running(parser, shared)
        parser.set_defaults(run=lambda arguments, run=run: run(arguments, shared))


def _add_running(parser: argparse.ArgumentParser, shared: Shared) -> None:
    group = parser.add_argument_group("running")
    group.add_argument("--threads", type=shared.whole, metavar="N", help="default: all CPUs")
    group.add_argument("--no-progress", action="store_true", help="show no progress bar")
    group.add_argument("--quiet", action="store_true", help="print nothing but errors and data")


def _given(articles: Any, shared: Shared, archive: wc.Archive) -> dict[str, Any]:
    """Return the articles of a file as what `Archive.add` takes."""
    ids, sources = articles.column("id"), articles.column("source")
    if ids is not None and not (archive.id_kind != "str" and all(map(_is_number, ids))):
        ids = [shared.whole_characters(str(one)) for one in ids]
    return {
        "texts": articles.texts,
        "ids": ids,
        "dates": None if (dates := articles.column("date")) is None else _files.dates(dates),
        "sources": sources and [shared.whole_characters(source) for source in sources],
    }


def _is_number(value: Any) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def _add(arguments: argparse.Namespace, shared: Shared) -> None:
    options: dict[str, Any] = {"method": arguments.method, "furniture": arguments.furniture}
    if arguments.keep_texts:
        options["texts"] = True
    articles = shared.read(arguments)  # before a folder is made
    with shared.errors(), wc.Archive(arguments.archive, **options) as archive:
        given = _given(articles, shared, archive)
        add = archive.replace if arguments.replace else archive.add
        added = add(
            given.pop("texts"),
            **given,
            threads=arguments.threads,
            progress=shared.progress(arguments),
        )
        _tell(arguments, f"added {len(added):,}; {len(archive):,} in {arguments.archive}")


def _match(arguments: argparse.Namespace, shared: Shared) -> None:
    if arguments.output != "-":
        _files.check_format(arguments.output)
        _files.check_output(arguments.output, inputs=[arguments.file], force=arguments.force)
    articles = shared.read(arguments)
    mode = "r+" if arguments.add else "r"
    with shared.errors(), wc.Archive(arguments.archive, mode) as archive:
        given = _given(articles, shared, archive)
        ask: dict[str, Any] = {
            "measure": arguments.measure,
            "threshold": arguments.threshold,
            "threads": arguments.threads,
            "progress": shared.progress(arguments),
        }
        if not arguments.add:
            del given["dates"]
        find = archive.add_and_match if arguments.add else archive.match
        table = find(given.pop("texts"), **given, **ask)
    columns = table.to_dict()
    columns["date_old"] = [None if d is None else d.isoformat() for d in columns["date_old"]]
    records = Records(columns)
    if arguments.output == "-":
        _files.write_lines(records, sys.stdout.buffer)
        return
    _files.write_records(records, arguments.output, inputs=[arguments.file], force=arguments.force)
    _tell(arguments, f"{len(records):,} matches; wrote {arguments.output}")


def _remove(arguments: argparse.Namespace, shared: Shared) -> None:
    with shared.errors(), wc.Archive(arguments.archive, "r+") as archive:
        ids: Sequence[Any] = arguments.ids
        if archive.id_kind == "int":
            try:
                ids = [int(one) for one in ids]
            except ValueError as error:
                msg = f"the ids of {arguments.archive} are whole numbers: {error}"
                raise DataError(msg) from error
        count = archive.remove(ids, missing_ok=arguments.missing_ok)
        if arguments.compact:
            archive.compact(threads=arguments.threads, progress=shared.progress(arguments))
        _tell(arguments, f"removed {count:,}; {len(archive):,} left")


def _compact(arguments: argparse.Namespace, shared: Shared) -> None:
    with shared.errors(), wc.Archive(arguments.archive, "r+") as archive:
        before = archive.stats()["bytes"]
        archive.compact(threads=arguments.threads, progress=shared.progress(arguments))
        _tell(arguments, f"{before:,} bytes became {archive.stats()['bytes']:,}")


def _verify(arguments: argparse.Namespace, shared: Shared) -> None:
    with shared.errors(), wc.Archive(arguments.archive, "r") as archive:
        problems = archive.verify(progress=shared.progress(arguments))
        count = len(archive)
    for row in problems.rows():
        print(f"{row['file']}: {row['block']}: {row['problem']}")
    if len(problems):
        msg = f"{arguments.archive} is damaged: {len(problems):,} problems"
        raise DataError(msg)
    _tell(arguments, f"{count:,} articles, all sound")


def _info(arguments: argparse.Namespace, shared: Shared) -> None:
    with shared.errors(), wc.Archive(arguments.archive, "r") as archive:
        print(json.dumps(archive.stats(), indent=2))


def _tell(arguments: argparse.Namespace, what: str) -> None:
    if not arguments.quiet:
        print(what)
