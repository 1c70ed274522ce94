"""What ``wirecopy match`` compares new articles with: files of old ones, or an archive of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import wirecopy as wc
from wirecopy import report
from wirecopy._files import Records
from wirecopy._measures import MEASURES
from wirecopy.cli import writing
from wirecopy.cli.errors import UsageError, core_errors
from wirecopy.cli.reading import Articles, Inputs, gather, progress_of

if TYPE_CHECKING:
    from wirecopy._match import Match
    from wirecopy._table import Table

#: Options that an archive was made with, and what they are where nothing was said.
_MADE_WITH = {"furniture": None, "method": "exact", "shingle_size": 5, "recall": 0.99}


class Found(Protocol):
    """What new articles match. Old ones have numbers, by which they are asked for."""

    @property
    def best(self) -> dict[str, list[Any]]:
        """The surest match of each new article that has one: new, old, similarity, verdict."""

    @property
    def pairs(self) -> Records:
        """All matches."""

    @property
    def account(self) -> dict[str, Any]:
        """What is told of them."""

    def key(self, old: int) -> Any:
        """What to call an old article in data."""

    def about(self, old: int) -> dict[str, Any]:
        """What a person wants to know of it."""

    def tell_problems(self) -> None:
        """Tell which lines were left out."""

    def close(self) -> None:
        """Close files."""


def is_archive(arguments: argparse.Namespace) -> bool:
    """Whether new articles are matched with an archive; checks what goes with one."""
    folders = [path for path in arguments.against if path != "-" and Path(path).is_dir()]
    if not folders:
        return False
    if len(arguments.against) > 1:
        raise UsageError(f"--against takes files, or one archive: {folders[0]} is a folder")
    for name, unsaid in _MADE_WITH.items():
        if getattr(arguments, name) != unsaid:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} is chosen when an archive is made; leave it out")
    return True


def find(arguments: argparse.Namespace, new: Articles) -> Found:
    """Match new articles with old ones."""
    if is_archive(arguments):
        return FoundInArchive(arguments, new)
    return FoundInFiles(arguments, new)


class FoundInFiles:
    """Matches among the articles of files."""

    def __init__(self, arguments: argparse.Namespace, new: Articles) -> None:
        self._arguments = arguments
        with Inputs(arguments.against, arguments) as inputs:
            self._inputs = inputs
            self._old = gather(inputs, arguments)
        with core_errors():
            self._match: Match = wc.match(
                new.texts,
                self._old.texts,
                ids=new.library_ids,
                against_ids=self._old.library_ids,
                threshold=arguments.threshold,
                measure=arguments.measure,
                method=arguments.method,
                furniture=arguments.furniture,
                shingle_size=arguments.shingle_size,
                max_memory=arguments.max_memory,
                recall=arguments.recall,
                threads=arguments.threads,
                progress=progress_of(arguments),
            )
            self.best = self._match.best_table.to_dict()

    @property
    def pairs(self) -> Records:
        """All matches."""
        with core_errors():
            return Records(self._match.pairs_table.to_dict())

    @property
    def account(self) -> dict[str, Any]:
        """What is told of them."""
        return {
            "against": [source.name for source in self._inputs.sources],
            "skipped_lines_against": self._inputs.problems.count,
            "text_against": self._old.text.name,
            "texts_against": self._match.n_against,
            "pairs": self._match.n_pairs,
            "threshold": self._match.threshold,
            "candidate_recall": self._match.candidate_recall,
        }

    def key(self, old: int) -> Any:
        """What to call an old article in data."""
        return self._old.key(old)

    def about(self, old: int) -> dict[str, Any]:
        """What a person wants to know of it."""
        return self._old.about(old)

    def tell_problems(self) -> None:
        """Tell which lines were left out."""
        writing.tell_problems(self._arguments, self._inputs)

    def close(self) -> None:
        """Close nothing: files are closed when they are read."""


class FoundInArchive:
    """Matches in an archive; an old article's number is the row of the pair that it is in."""

    def __init__(self, arguments: argparse.Namespace, new: Articles) -> None:
        (self._name,) = arguments.against
        with core_errors():
            self._archive = wc.Archive(self._name, "r")
            try:
                self._table: Table = self._archive.match(
                    new.texts,
                    ids=new.library_ids,
                    sources=new.sources,
                    threshold=arguments.threshold,
                    measure=arguments.measure,
                    max_memory=arguments.max_memory,
                    threads=arguments.threads,
                    progress=progress_of(arguments),
                )
            except BaseException:
                self._archive.close()
                raise
        self._threshold = arguments.threshold
        if self._threshold is None:
            made_for = self._archive.stats()["settings"]["threshold"]
            self._threshold = made_for or MEASURES[arguments.measure].threshold
        self.best = self._find_best()

    def _find_best(self) -> dict[str, list[Any]]:
        rows, alike = self._table["new"].tolist(), self._table["similarity"].tolist()
        best: dict[int, int] = {}
        for i, row in enumerate(rows):
            if row not in best or alike[i] > alike[best[row]]:
                best[row] = i
        kept = list(best.values())
        verdicts = self._table["verdict"].tolist()
        return {
            "new": list(best),
            "old": kept,
            "similarity": [alike[i] for i in kept],
            "verdict": [verdicts[i] for i in kept],
        }

    @property
    def pairs(self) -> Records:
        """All matches."""
        return Records(self._table.to_dict())

    @property
    def account(self) -> dict[str, Any]:
        """What is told of them."""
        return {
            "against": [self._name],
            "skipped_lines_against": 0,
            "text_against": None,
            "texts_against": len(self._archive),
            "pairs": len(self._table),
            "threshold": float(self._threshold),
            "candidate_recall": self._archive.candidate_recall,
        }

    def key(self, old: int) -> Any:
        """What to call an old article in data."""
        return self._table["id_old"][old : old + 1].tolist()[0]

    def about(self, old: int) -> dict[str, Any]:
        """What a person wants to know of it."""
        with core_errors():
            row = self._archive.get(self.key(old))
        return {
            "row": None,
            "id": row["id"],
            "source": row["source"],
            "date": report.show_date(row["date"]),
            "headline": report.first_words(report.clean(row.get("text"))),
        }

    def tell_problems(self) -> None:
        """Tell nothing: an archive has no lines."""

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()
