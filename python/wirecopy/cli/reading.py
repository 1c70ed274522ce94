"""The files of a command: read in batches, or their articles gathered in memory."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wirecopy import _files, report
from wirecopy._files import Choice, Input, Problems, Records
from wirecopy._run import progress_callback
from wirecopy.cli.errors import UsageError
from wirecopy.cli.options import ROLES
from wirecopy.cli.survey import Survey

#: What the articles are kept under, whatever their column is called in each file.
_TEXT = "wirecopy articles"
_SURROGATES = re.compile("[\ud800-\udfff]")


def progress_of(arguments: argparse.Namespace) -> bool | None:
    """Return what the library takes as `progress`: None is a bar where somebody watches."""
    if getattr(arguments, "quiet", False):
        return False
    wanted: bool | None = arguments.progress
    return wanted


def whole_characters(text: Any) -> Any:
    """Replace halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    if text is None or text.isascii():
        return text
    return _SURROGATES.sub("\ufffd", text)


class Inputs:
    """Several files that are read as one.

    Parameters
    ----------
    paths
        The files; "-" is standard input.
    arguments
        What the user said about them.
    again
        They will be read more than once.

    Attributes
    ----------
    text : Choice or None
        The column with the articles of the first file, once a batch was read.
    problems : Problems
        Rows left out.
    """

    def __init__(
        self, paths: Sequence[str], arguments: argparse.Namespace, *, again: bool = False
    ) -> None:
        _check_each_once(paths)
        self.paths = list(paths)
        self.text: Choice | None = None
        self._texts: dict[str, str] = {}
        self.problems = Problems(arguments.skip_bad)
        self._arguments = arguments
        self._read_before = False
        encoding = _files.check_encoding(arguments.encoding)
        with ExitStack() as stack:
            self.sources = [
                stack.enter_context(
                    Input(path, kind=arguments.format, encoding=encoding, again=again)
                )
                for path in paths
            ]
            self._stack = stack.pop_all()

    @property
    def name(self) -> str:
        """The first file."""
        return self.sources[0].name

    @property
    def label(self) -> str:
        """What to call them on the screen."""
        if len(self.sources) > 1:
            return f"{len(self.sources)} files"
        return Path(self.name).name

    def batches(self, stage: str = "read") -> Iterator[Records]:
        """Yield the rows of all files, those with a text that is one or null."""
        # Rows left out are counted the first time.
        problems = Problems(True) if self._read_before else self.problems
        self._read_before = True
        with progress_callback(progress_of(self._arguments), "wirecopy") as tell:
            for source in self.sources:
                told = None if tell is None else lambda done, total: tell(stage, done, total)
                for records in source.batches(problems, progress=told):
                    yield _files.with_texts(records, self.text_of(records), problems)

    def text_of(self, records: Records) -> str:
        """Return the column with the articles; every file has its own."""
        if records.path not in self._texts:
            choice = _files.text_column(records, self._arguments.text_column)
            self.text = self.text or choice
            self._texts[records.path] = choice.name
        return self._texts[records.path]

    def close(self) -> None:
        """Close the files."""
        self._stack.close()

    def __enter__(self) -> Inputs:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _check_each_once(paths: Sequence[str]) -> None:
    seen: set[Path] = set()
    for path in paths:
        where = Path(path) if path == "-" else Path(path).resolve()
        if where in seen:
            raise UsageError(f"{path} is given twice")
        seen.add(where)


@dataclass
class Articles:
    """The articles of some files with their columns told apart."""

    records: Records
    text: Choice
    label: str
    id: Choice | None = None
    date: Choice | None = None
    source: Choice | None = None
    headline: Choice | None = None

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self.records)

    def column(self, role: str) -> list[Any] | None:
        """Return the values for a role, if there is a column for it."""
        choice: Choice | None = getattr(self, role)
        return None if choice is None else self.records.columns[choice.name]

    @property
    def texts(self) -> list[str | None]:
        """The articles as the library takes them."""
        return [whole_characters(text) for text in self.records.columns[_TEXT]]

    @property
    def library_ids(self) -> list[Any] | None:
        """The ids as the library takes them."""
        ids = self.column("id")
        if ids is None or all(type(i) is int and -(2**63) <= i < 2**63 for i in ids):
            return ids
        return [whole_characters(str(i)) for i in ids]

    @property
    def sources(self) -> list[Any] | None:
        """The sources as the library takes them."""
        found = self.column("source")
        if found is None:
            return None
        return [None if s is None else whole_characters(str(s)) for s in found]

    def key(self, row: int) -> Any:
        """What to call a row in data."""
        ids = self.column("id")
        return row if ids is None else ids[row]

    def begin(self, row: int) -> str:
        """How an article begins: its headline, or its first words."""
        headlines = self.column("headline")
        given = report.clean(headlines[row]) if headlines is not None else ""
        return report.first_words(given or report.clean(self.records.columns[_TEXT][row]))

    def about(self, row: int) -> dict[str, Any]:
        """Return what a person wants to know of a row."""
        date, source = self.column("date"), self.column("source")
        return {
            "row": row,
            "id": self.key(row) if self.id is not None else None,
            "source": None if source is None else source[row],
            "date": None if date is None else report.show_date(date[row]),
            "headline": self.begin(row),
        }


def gather(
    inputs: Inputs,
    arguments: argparse.Namespace,
    survey: Survey | None = None,
    more: str | None = None,
) -> Articles:
    """Read the articles into memory, with the columns that could have a role, and one more."""
    further: list[str] = []
    kept = Records({}, inputs.name)
    numbers: list[int] = []
    for records in inputs.batches():
        if survey is not None:
            survey.add(records)
        text = inputs.text_of(records)
        if not numbers:
            _check_given(records, arguments)
            if more is not None:
                further = [_files.given_column(records, "column to compare by", more)]
        if not kept.origins or kept.origins[-1][1] != records.path:
            kept.origins.append((len(numbers), records.path, records.kind))
        wanted = [_TEXT, *further, *_role_columns(records, arguments)]
        for name in dict.fromkeys([*wanted, *kept.columns]):
            column = kept.columns.setdefault(name, [None] * len(numbers))
            column.extend(records.values(text if name == _TEXT else name))
        numbers.extend(records.numbers or ())
    assert inputs.text is not None
    kept.numbers = numbers

    def given(role: str) -> str | None:
        return getattr(arguments, f"{role}_column", None)

    articles = Articles(
        kept,
        inputs.text,
        inputs.label,
        _files.id_column(kept, given("id")),
        _files.date_column(kept, given("date")),
        _files.source_column(kept, given("source")),
        _files.headline_column(kept, given("headline")),
    )
    chosen = {getattr(articles, role).name for role in ROLES if getattr(articles, role)}
    for name in set(kept.columns) - chosen - {_TEXT, *further}:
        del kept.columns[name]
    return articles


def _check_given(records: Records, arguments: argparse.Namespace) -> None:
    for role in ROLES:
        given = getattr(arguments, f"{role}_column", None)
        if given is not None:
            _files.given_column(records, role, given)


def _role_columns(records: Records, arguments: argparse.Namespace) -> list[str]:
    found: list[str] = []
    for role in ROLES:
        given = getattr(arguments, f"{role}_column", None)
        found += _files.candidates(records, role)
        found += [n for n in records.names if given is not None and n.lower() == given.lower()]
    return found
