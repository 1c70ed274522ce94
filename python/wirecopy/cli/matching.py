"""Articles given to `wirecopy.dedup`, and what comes back as columns."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import wirecopy as wc
from wirecopy import _files
from wirecopy._files import DataError, Records
from wirecopy._measures import MEASURES
from wirecopy.cli.errors import core_errors
from wirecopy.cli.reading import Articles, Inputs, progress_of

if TYPE_CHECKING:
    from wirecopy._result import Dedup

NEW_COLUMNS = (
    "wirecopy_group",
    "wirecopy_role",
    "wirecopy_keep",
    "wirecopy_keeper",
    "wirecopy_similarity",
    "wirecopy_verdict",
)


def find_reprints(arguments: argparse.Namespace, articles: Articles) -> Dedup:
    """Group articles as the options say."""
    dates, sources = articles.column("date"), articles.sources
    keep = getattr(arguments, "keep", None)
    for rule in keep or ():
        if rule in ("earliest", "latest"):
            _require(dates, f"--keep {rule}", "date")
        if rule == "wire" or isinstance(rule, tuple):
            _require(sources, f"--keep {rule if isinstance(rule, str) else 'source:…'}", "source")
    window = getattr(arguments, "window", None)
    across = getattr(arguments, "across_sources", False)
    if window is not None:
        _require(dates, "--window", "date")
    if across:
        _require(sources, "--across-sources", "source")
    with core_errors():
        return wc.dedup(
            articles.texts,
            ids=articles.library_ids,
            dates=None if dates is None else _files.dates(dates),
            sources=sources,
            threshold=arguments.threshold,
            measure=getattr(arguments, "measure", "jaccard"),
            method=getattr(arguments, "method", "exact"),
            max_memory=getattr(arguments, "max_memory", None),
            window=window,
            across_sources=across,
            furniture=getattr(arguments, "furniture", None),
            shingle_size=getattr(arguments, "shingle_size", 5),
            recall=getattr(arguments, "recall", 0.99),
            keep=keep,
            threads=arguments.threads,
            progress=progress_of(arguments),
        )


def _require(values: list[Any] | None, option: str, role: str) -> None:
    if values is None:
        raise DataError(f"{option} needs a column of {role}s (--{role}-column names one)")


@dataclass
class Marks:
    """Columns for all rows of the input, given out with the rows.

    Attributes
    ----------
    values, types
        Values and Arrow types by column name.
    """

    values: dict[str, list[Any]]
    types: dict[str, str]

    def added_to(self, inputs: Inputs) -> Iterator[tuple[int, Records]]:
        """Read the files again; yield each batch with the columns, and the number of its first row."""
        total = len(next(iter(self.values.values())))
        at = 0
        for records in inputs.batches("write"):
            end = at + len(records)
            if end > total:
                break
            for name, values in self.values.items():
                records.add(name, values[at:end], self.types[name])
            yield at, records
            at = end
        if at != total:
            raise DataError(f"{inputs.label}: was changed while it was being read; try again")


def marks_of(articles: Articles, dedup: Dedup) -> Marks:
    """Return the columns that say what became of each article."""
    groups = dedup.groups_table.to_dict()
    alike = groups[MEASURES[dedup.measure].column]
    similarity: list[float | None] = [None] * len(articles)
    verdict: list[str | None] = [None] * len(articles)
    role = ["single"] * len(articles)
    for row, what, value, said in zip(
        groups["row"], groups["role"], alike, groups["verdict"], strict=True
    ):
        role[row] = what
        if what != "keeper":
            similarity[row], verdict[row] = value, said
    keeper, key_type = keys([articles.key(row) for row in dedup.keeper_of.tolist()])
    group = [None if number < 0 else number for number in dedup.group_of.tolist()]
    values = (group, role, dedup.keep_mask.tolist(), keeper, similarity, verdict)
    types = ("int64", "string", "bool_", key_type, "float64", "string")
    return Marks(
        dict(zip(NEW_COLUMNS, values, strict=True)), dict(zip(NEW_COLUMNS, types, strict=True))
    )


def keys(found: list[Any]) -> tuple[list[Any], str]:
    """Return ids as a column, and its Arrow type; None stays None."""
    if all(key is None or isinstance(key, int) for key in found):
        return found, "int64"
    return [None if key is None else str(key) for key in found], "string"
