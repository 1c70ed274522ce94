"""Files counted: all at once where reprints count once, else a batch at a time."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import wirecopy as wc
from wirecopy import _files
from wirecopy._files import DataError, Records
from wirecopy.cli import writing
from wirecopy.cli.errors import core_errors
from wirecopy.cli.matching import find_reprints
from wirecopy.cli.printing import counted
from wirecopy.cli.reading import Inputs, gather, progress_of, whole_characters

_MOST_GROUPS = 1000


@dataclass
class Side:
    """What was counted in some files.

    Attributes
    ----------
    inputs
        The files.
    texts, reprints
        How many articles there were, and how many of them are reprints, if that was looked at.
    groups
        Counts by value of a column; under "" alone where there is none.
    """

    inputs: Inputs
    texts: int = 0
    reprints: int | None = None
    groups: dict[str, wc.Counts] = field(default_factory=dict)

    @property
    def all(self) -> wc.Counts:
        """All counts together."""
        counts = merged(self.groups.values())
        assert counts is not None
        return counts

    def account(self) -> dict[str, Any]:
        """Return the numbers of this side, for a summary."""
        names = [source.name for source in self.inputs.sources]
        return {
            "label": names[0] if len(names) == 1 else self.inputs.label,
            "files": names,
            **writing.problems_account(self.inputs),
            "column": self.inputs.text and self.inputs.text.name,
            "texts": self.texts,
            "reprints": self.reprints,
            "words": self.all.total(self.all.ngrams[0]),
        }


def merged(parts: Iterable[wc.Counts | None]) -> wc.Counts | None:
    """Return the sum of some counts; None if there are none."""
    total: wc.Counts | None = None
    for part in parts:
        if part is not None:
            total = part if total is None else total.merge(part)
    return total


def count_files(arguments: argparse.Namespace, paths: Sequence[str]) -> Side:
    """Count the words of some files as the options say."""
    with Inputs(paths, arguments) as inputs:
        side = Side(inputs)
        if arguments.once:
            _count_once(arguments, side)
        else:
            _count_batches(arguments, side)
    writing.tell_problems(arguments, inputs)
    return side


def _count_once(arguments: argparse.Namespace, side: Side) -> None:
    articles = gather(side.inputs, arguments, more=arguments.by)
    groups = _rows_by(articles.records, arguments.by)
    _check_few(len(groups), articles.records, arguments.by)
    dedup = find_reprints(arguments, articles)
    side.texts, side.reprints = len(articles), dedup.n_duplicates
    weights = dedup.weights("once")
    texts = articles.texts
    for group, rows in groups:
        with core_errors():
            side.groups[group] = wc.count(
                [texts[row] for row in rows] if arguments.by else texts,
                arguments.ngrams,
                weights=weights[rows],
                matrix=False,
                threads=arguments.threads,
                progress=progress_of(arguments),
            )


def _count_batches(arguments: argparse.Namespace, side: Side) -> None:
    for records in side.inputs.batches("count"):
        texts = [whole_characters(text) for text in records.values(side.inputs.text_of(records))]
        side.texts += len(texts)
        running: dict[str, Any] = {"threads": arguments.threads, "progress": False}
        with core_errors():
            for group, rows in _rows_by(records, arguments.by):
                if group not in side.groups:
                    side.groups[group] = wc.count(
                        [], arguments.ngrams, max_terms=arguments.max_terms, matrix=False
                    )
                side.groups[group].update([texts[row] for row in rows], **running)
        _check_few(len(side.groups), records, arguments.by)


def _check_few(groups: int, records: Records, by: str) -> None:
    if groups > _MOST_GROUPS:
        raise DataError(
            f"{records.path}: column {by!r} has over {_MOST_GROUPS:,} values; "
            "--by is for columns of groups, such as a source"
        )


def _rows_by(records: Records, by: str | None) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """Return each value of a column with its rows; "" with all of them where there is no column."""
    if by is None:
        return [("", np.arange(len(records)))]
    name = _files.given_column(records, "column to compare by", by)
    labels = ["" if value is None else str(value) for value in records.values(name)]
    names, group = np.unique(np.array(labels, dtype=object), return_inverse=True)
    return [(name, np.flatnonzero(group == i)) for i, name in enumerate(names.tolist())]


def each_against_the_rest(
    side: Side, by: str, wanted: str | None
) -> Iterator[tuple[str, wc.Counts, wc.Counts]]:
    """Yield each group with its counts and those of all others, in ascending order."""
    lengths = side.all.ngrams
    full = sorted(
        group
        for group, counts in side.groups.items()
        if all(counts.total(n) for n in range(lengths[0], lengths[1] + 1))
    )
    if wanted is not None and wanted not in full:
        known = ", ".join(full[:10]) + (", ..." if len(full) > 10 else "")
        raise DataError(
            f"--group {wanted!r}: column {by!r} has no such value with words, only {known}"
        )
    if len(full) < 2:
        raise DataError(
            f"{side.inputs.name}: column {by!r} has {counted(len(full), 'value')} with words; "
            "--by needs two"
        )
    if wanted is not None:
        rest = merged(side.groups[group] for group in full if group != wanted)
        assert rest is not None
        yield wanted, side.groups[wanted], rest
        return
    yield from _split(side, full, None)


def _split(
    side: Side, groups: list[str], outside: wc.Counts | None
) -> Iterator[tuple[str, wc.Counts, wc.Counts]]:
    """Halve the groups again and again: log2 n merges for each, instead of n."""
    if len(groups) == 1:
        assert outside is not None
        yield groups[0], side.groups[groups[0]], outside
        return
    half = len(groups) // 2
    for inside, others in ((groups[:half], groups[half:]), (groups[half:], groups[:half])):
        rest = merged([outside, *(side.groups[group] for group in others)])
        yield from _split(side, inside, rest)
