"""Where a command writes: files that appear when complete, or standard output."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wirecopy import _files
from wirecopy._files import Records, Writer
from wirecopy.cli.errors import UsageError
from wirecopy.cli.printing import Printer, counted
from wirecopy.cli.reading import Inputs
from wirecopy.cli.survey import Survey

_PROBLEMS_SHOWN = 5


def inputs_of(arguments: argparse.Namespace) -> list[str]:
    """Return every file that the command reads."""
    return [*arguments.files, *(getattr(arguments, "against", None) or [])]


def default_output(path: str, command: str, kind: str) -> str:
    """Return ``week.dedup.jsonl.gz`` for ``week.jsonl.gz``."""
    where = Path(path)
    found, packed = _files.kind_of(path)
    suffixes = "".join(where.suffixes[-2:] if packed else where.suffixes[-1:]) if found else ""
    stem = where.name.removesuffix(suffixes) if suffixes else where.name
    return str(where.with_name(f"{stem}.{command}{suffixes or '.' + kind}"))


def check_outputs(
    arguments: argparse.Namespace, outputs: Sequence[tuple[str | None, bool]]
) -> None:
    """Refuse what cannot be written before any work is done; True is for data, False for others."""
    seen: dict[Path, str] = {}
    for name, data in outputs:
        if name is None or name == "-":
            continue
        if data:
            _files.check_format(name)
        _files.check_output(name, inputs=inputs_of(arguments), force=arguments.force)
        path = Path(name).resolve()
        if path in seen:
            raise UsageError(f"{seen[path]} and {name} are the same file")
        seen[path] = name


def check_streams(arguments: argparse.Namespace, output: str | None) -> None:
    """Refuse what would mix on standard output."""
    if output == "-" and arguments.json:
        raise UsageError("--json and the data cannot both go to standard output; give -o OUT")
    if arguments.output_format and output != "-":
        raise UsageError(
            "--output-format is for standard output (-o -); a file's name says its format"
        )
    if output == "-" and arguments.output_format == "parquet" and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal; give -o OUT.parquet")


def rows_output(arguments: argparse.Namespace) -> str | None:
    """Return where rows go: a file or "-"; None if the format of the input has to be known first."""
    output: str | None = arguments.output
    if output is not None:
        return output
    if len(arguments.files) > 1:
        raise UsageError("several files need -o OUT (- is standard output)")
    path = arguments.files[0]
    if path == "-" or arguments.output_format or (Path(path).exists() and not Path(path).is_file()):
        return "-"  # a pipe has no folder to write into either
    return default_output(path, arguments.command, "") if _files.kind_of(path)[0] else None


def settle_output(arguments: argparse.Namespace, inputs: Inputs, output: str | None) -> str:
    """Return where rows go, now that the files are open."""
    if output is not None:
        return output
    kind = inputs.sources[0].find_kind()
    settled = default_output(
        arguments.files[0], arguments.command, "jsonl" if kind == "json" else kind
    )
    check_outputs(arguments, [(settled, True)])
    return settled


def output_kind(arguments: argparse.Namespace, output: str) -> str:
    """Return the format that is written."""
    if output == "-":
        return arguments.output_format or "jsonl"
    return _files.kind_of(output)[0] or "jsonl"


@contextmanager
def open_rows(
    arguments: argparse.Namespace,
    output: str,
    survey: Survey | None = None,
    added: Mapping[str, str] | None = None,
) -> Iterator[Writer]:
    """Open the output for rows that have the columns of a survey and those that are added.

    ``added`` has the Arrow types of the latter.
    """
    added = added or {}
    names = survey.names if survey is not None else None
    options: dict[str, Any] = {
        "names": None if names is None else list(dict.fromkeys([*names, *added])),
        "schema": survey.schema if survey is not None else None,
        # Without a survey the first rows say all, their new columns included.
        "types": added if survey is not None and survey.schema is not None else None,
    }
    if output != "-":
        inputs = inputs_of(arguments)
        with _files.open_writer(output, inputs=inputs, force=arguments.force, **options) as writer:
            yield writer
        return
    kind = output_kind(arguments, output)
    with _standard_output(kind) as stream:
        writer = _files.new_writer(stream, kind, "standard output", **options)
        yield writer
        writer.close()


@contextmanager
def _standard_output(kind: str) -> Iterator[Any]:
    sys.stdout.flush()
    stream = sys.stdout.buffer
    if kind == "parquet":  # wants to know where it is, which a pipe does not
        with tempfile.TemporaryFile() as spool:
            yield spool
            spool.seek(0)
            shutil.copyfileobj(spool, stream)
    else:
        yield stream
    stream.flush()


def write_table(
    arguments: argparse.Namespace, table: Any, output: str, types: Mapping[str, str] | None = None
) -> None:
    """Write a table of results."""
    with open_rows(arguments, output) as writer:
        writer.write(Records(table.to_dict(), types=dict(types or {})))


def print_json(account: Mapping[str, Any]) -> None:
    """Print the summary that is for machines."""
    print(json.dumps(account, ensure_ascii=True, indent=2, default=_files.plain_value))


def problems_account(inputs: Inputs) -> dict[str, Any]:
    """Return what was left out, for a summary."""
    return {
        "skipped_lines": inputs.problems.count,
        "first_skipped": [one.replace("\n", " ") for one in inputs.problems.first],
    }


def tell_problems(arguments: argparse.Namespace, inputs: Inputs) -> None:
    """Say on standard error which lines were left out."""
    problems = inputs.problems
    if not problems.count or arguments.quiet:
        return
    out = Printer(sys.stderr)
    for message in problems.first[:_PROBLEMS_SHOWN]:
        out.line(f"wirecopy: skipped {message}")
    if problems.count > _PROBLEMS_SHOWN:
        more = problems.count - min(_PROBLEMS_SHOWN, len(problems.first))
        out.line(f"wirecopy: skipped {counted(more, 'more line')}")


def tell_written(out: Printer, written: Sequence[str]) -> None:
    """Say which files were written."""
    if written:
        out.line()
        for name in written:
            out.line(f"wrote {name}")
