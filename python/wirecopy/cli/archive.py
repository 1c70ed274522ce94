"""``wirecopy archive``: articles kept on disk, and new ones looked up in them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import wirecopy as wc
from wirecopy import _files
from wirecopy._files import DataError
from wirecopy.cli import writing
from wirecopy.cli.errors import UsageError, core_errors
from wirecopy.cli.helping import EXIT_CODES, Commands
from wirecopy.cli.options import ROLES, add_input, add_output, add_running, positive
from wirecopy.cli.printing import counted, printable
from wirecopy.cli.reading import Articles, Inputs, gather, progress_of

_DESCRIPTION = """
An archive is a folder that keeps what is needed to find a story again: not its text, unless
--keep-texts was given when it was made. Articles are named by their ids; without a column of ids they
are numbered.

what to do:
  add      add the articles of files; the folder is made where there is none
  match    write which archived articles those of files are copies of
  explain  put two articles beside each other, by their ids, or one and the text of a file (--text)
  remove   remove articles by their ids
  compact  write the archive anew, without the bytes of what was removed
  verify   read everything, and tell what is damaged
  info     tell how many articles there are, and what they take
"""

_EPILOG = f"""
examples:
  wirecopy archive add news.archive last-year.jsonl
  wirecopy archive match news.archive today.csv -o seen.csv
  wirecopy archive match news.archive today.csv --add -o matches.jsonl
  wirecopy archive explain news.archive hp-0038 hp-0045
  wirecopy archive verify news.archive
  wirecopy archive compact news.archive
  wirecopy archive info news.archive
{EXIT_CODES}"""

_READING = ("add", "match")
_NAMING = ("explain", "remove")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add(
        "archive",
        "keep articles on disk, and look new ones up in them",
        run,
        takes="WHAT ARCHIVE [FILE ... | ID ...]",
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    parser.add_argument("action", metavar="WHAT", choices=tuple(_ACTIONS), help="see above")
    parser.add_argument("archive", metavar="ARCHIVE", help="the folder")
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="files for add and match; ids for explain and remove",
    )
    add_input(parser, roles=tuple(ROLES), files=False)
    group = parser.add_argument_group("add")
    group.add_argument(
        "--replace", action="store_true", help="replace articles whose ids are there already"
    )
    group.add_argument(
        "--method",
        choices=("exact", "minhash"),
        help="of a new archive: exact finds every match, minhash is smaller (default: exact)",
    )
    group.add_argument(
        "--keep-texts", action="store_true", help="of a new archive: keep the texts themselves"
    )
    group.add_argument(
        "--furniture",
        choices=("conservative", "thorough", "keep"),
        help="of a new archive: what is taken off before comparing (default: conservative)",
    )
    group = parser.add_argument_group("match")
    group.add_argument(
        "--add", action="store_true", help="add the articles too, and match them with one another"
    )
    group.add_argument(
        "--measure",
        choices=("jaccard", "containment", "overlap"),
        default="jaccard",
        help="what similarity is (default: jaccard)",
    )
    group.add_argument("--threshold", type=positive, metavar="T", help="least similarity")
    group.add_argument(
        "--verdicts",
        choices=("sets", "texts"),
        help="what verdicts are by (default: texts where they are kept, else the quicker sets)",
    )
    add_output(parser, "standard output, for match")
    group = parser.add_argument_group("explain")
    group.add_argument("--text", metavar="FILE", help="a plain text, in place of the second id")
    group = parser.add_argument_group("remove")
    group.add_argument("--missing-ok", action="store_true", help="pass over unknown ids")
    group.add_argument("--compact", action="store_true", help="and compact")
    add_running(parser)


def run(arguments: argparse.Namespace) -> None:
    """Run the command."""
    given = bool(arguments.files)
    takes = arguments.action in (*_READING, *_NAMING)
    if given != takes:
        what = "ids" if arguments.action in _NAMING else "files"
        raise UsageError(
            f"{arguments.action} needs {what}"
            if takes
            else f"{arguments.action} takes an archive and no {what}"
        )
    _ACTIONS[arguments.action](arguments)


def _read(arguments: argparse.Namespace) -> Articles:
    with Inputs(arguments.files, arguments) as inputs:
        articles = gather(inputs, arguments)
    writing.tell_problems(arguments, inputs)
    return articles


def _columns(articles: Articles, archive: wc.Archive) -> dict[str, Any]:
    """Return the columns of articles as `Archive.add` takes them."""
    ids = articles.library_ids
    if ids is not None and archive.id_kind == "str":
        ids = [str(one) for one in ids]
    dates = articles.column("date")
    return {
        "ids": ids,
        "dates": None if dates is None else _files.dates(dates),
        "sources": articles.sources,
    }


def _running(arguments: argparse.Namespace) -> dict[str, Any]:
    return {"threads": arguments.threads, "progress": progress_of(arguments)}


def _add(arguments: argparse.Namespace) -> None:
    options: dict[str, Any] = {"method": arguments.method, "furniture": arguments.furniture}
    if arguments.keep_texts:
        options["texts"] = True
    articles = _read(arguments)  # before a folder is made
    with core_errors(), wc.Archive(arguments.archive, **options) as archive:
        put = archive.replace if arguments.replace else archive.add
        added = put(articles.texts, **_columns(articles, archive), **_running(arguments))
        _tell(
            arguments,
            f"added {len(added):,}; {len(archive):,} in {arguments.archive}",
            {"added": len(added), "articles": len(archive)},
        )


def _match(arguments: argparse.Namespace) -> None:
    output = arguments.output or "-"
    writing.check_streams(arguments, output)
    writing.check_outputs(arguments, [(output, True)])
    articles = _read(arguments)
    mode = "r+" if arguments.add else "r"
    with core_errors(), wc.Archive(arguments.archive, mode) as archive:
        columns = _columns(articles, archive)
        if not arguments.add:
            del columns["dates"]
        table = (archive.add_and_match if arguments.add else archive.match)(
            articles.texts,
            **columns,
            measure=arguments.measure,
            threshold=arguments.threshold,
            verdicts=arguments.verdicts,
            **_running(arguments),
        )
    writing.write_table(arguments, table, output)
    if output != "-":
        _tell(
            arguments,
            f"{counted(len(table), 'match', 'matches')}; wrote {output}",
            {"matches": len(table), "written": [output]},
        )


def _ids(arguments: argparse.Namespace, archive: wc.Archive) -> list[Any]:
    """Return the ids that were given, as the archive has them."""
    if archive.id_kind != "int":
        return list(arguments.files)
    try:
        return [int(one) for one in arguments.files]
    except ValueError as error:
        msg = f"the ids of {arguments.archive} are whole numbers: {error}"
        raise DataError(msg) from error


def _explain(arguments: argparse.Namespace) -> None:
    if len(arguments.files) != (2 if arguments.text is None else 1):
        raise UsageError("explain takes two ids, or one and --text FILE")
    text = None
    if arguments.text is not None:
        try:
            text = _plain_text(arguments.text, arguments.encoding)
        except UnicodeDecodeError as error:
            raise DataError(f"{arguments.text}: {error}") from error
    with core_errors(), wc.Archive(arguments.archive, "r") as archive:
        ids = _ids(arguments, archive)
        try:
            found = archive.explain(*ids, text=text)
        except KeyError as error:
            raise DataError(f"{arguments.archive} has no article {error}") from error
        segments = list(found.segments.rows())
    if arguments.json:
        names = {"a": ids[0], "b": None if text is not None else ids[1]}
        writing.print_json({**names, "segments": segments})
        return
    for part in segments:
        sides = [
            printable(" ".join(of[part[f"{name}_start"] : part[f"{name}_end"]].split()))
            for name, of in (("a", found.text_a), ("b", found.text_b))
        ]
        kept = [side for side in sides if side][: 1 if part["kind"] == "equal" else 2]
        print(_SIGNS[part["kind"]], " | ".join(kept))


def _plain_text(name: str, encoding: str) -> str:
    if name == "-":
        return sys.stdin.buffer.read().decode(_files.check_encoding(encoding))
    return Path(name).read_text(encoding=_files.check_encoding(encoding))


def _remove(arguments: argparse.Namespace) -> None:
    with core_errors(), wc.Archive(arguments.archive, "r+") as archive:
        ids = _ids(arguments, archive)
        count = archive.remove(ids, missing_ok=arguments.missing_ok)
        if arguments.compact:
            archive.compact(**_running(arguments))
        left = len(archive)
        _tell(arguments, f"removed {count:,}; {left:,} left", {"removed": count, "articles": left})


def _compact(arguments: argparse.Namespace) -> None:
    with core_errors(), wc.Archive(arguments.archive, "r+") as archive:
        before = archive.stats()["bytes"]
        archive.compact(**_running(arguments))
        after = archive.stats()["bytes"]
    _tell(
        arguments,
        f"{before:,} bytes became {after:,}",
        {"bytes_before": before, "bytes_after": after},
    )


def _verify(arguments: argparse.Namespace) -> None:
    with core_errors(), wc.Archive(arguments.archive, "r") as archive:
        problems = archive.verify(progress=progress_of(arguments))
        count = len(archive)
    for row in problems.rows():
        print(f"{row['file']}: {row['block']}: {row['problem']}", file=sys.stderr)
    if len(problems):
        raise DataError(f"{arguments.archive} is damaged: {counted(len(problems), 'problem')}")
    _tell(arguments, f"{counted(count, 'article')}, all sound", {"articles": count})


def _info(arguments: argparse.Namespace) -> None:
    with core_errors(), wc.Archive(arguments.archive, "r") as archive:
        writing.print_json(archive.stats())


def _tell(arguments: argparse.Namespace, what: str, account: dict[str, Any]) -> None:
    if arguments.json:
        writing.print_json(account)
    elif not arguments.quiet:
        print(what)


#: What stands before a passage, as in a diff.
_SIGNS = {"equal": " ", "replaced": "~", "cut": "-", "added": "+"}
_ACTIONS = {
    "add": _add,
    "match": _match,
    "explain": _explain,
    "remove": _remove,
    "compact": _compact,
    "verify": _verify,
    "info": _info,
}
