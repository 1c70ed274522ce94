"""What an archive holds, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core as core
from wirecopy._archive_columns import read_names
from wirecopy._arguments import is_whole
from wirecopy._bodies import Furniture
from wirecopy._run import ProgressArgument, progress_callback
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ReadingMethods"]

_ARTICLES_AT_ONCE = 1000
_BYTES_AT_ONCE = 64_000_000


class ReadingMethods:
    """The part of `Archive` that reads what is there, article by article or as numbers."""

    _core: core.Archive | None
    _path: str
    _settings: dict[str, Any]
    _furniture: Furniture

    def _open(self) -> core.Archive:
        if self._core is None:
            msg = f"the archive in {self._path} is closed"
            raise ValueError(msg)
        return self._core

    def _snapshot(self) -> core.ArchiveSnapshot:
        return self._open().snapshot()

    @property
    def path(self) -> str:
        """The folder."""
        return self._path

    @property
    def method(self) -> str:
        """How matches are found: "exact", "minhash, verified" or "minhash, estimated"."""
        if not self._settings["minhash"]:
            return "exact"
        return "minhash, verified" if self._settings["sets"] else "minhash, estimated"

    @property
    def id_kind(self) -> str:
        """What ids are: "int", "str", or "" as long as there are none."""
        return str(self._open().settings["ids"])

    @property
    def candidate_recall(self) -> float:
        """Chance that a pair exactly at the archive's threshold is found; 1 for an exact archive."""
        return float(self._settings["candidate_recall"])

    @property
    def keeps_texts(self) -> bool:
        """Whether the texts themselves are kept."""
        return bool(self._settings["texts"])

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._snapshot())

    def __contains__(self, one: object) -> bool:
        """Whether an article has this id."""
        return self._place(self._snapshot(), one) is not None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Give each article as a dict, in the order in which they were added.

        Keys: id; date (a datetime or None); source (None where not known); words; shingles; text where
        texts are kept. What is added or removed meanwhile makes no difference.
        """
        snapshot = self._snapshot()
        places = snapshot.all()
        for some in self._batches(snapshot, places):
            yield from self._rows(snapshot, some)

    def get(self, one: str | int) -> dict[str, Any]:
        """Return the article with an id, as iterating gives it.

        Raises
        ------
        KeyError
            There is none.
        """
        snapshot = self._snapshot()
        place = self._place(snapshot, one)
        if place is None:
            raise KeyError(one)
        return next(self._rows(snapshot, np.array([place], dtype=np.uint64)))

    @property
    def table(self) -> Table:
        """A row for each article: id, date, source ("" where not known), words, shingles."""
        snapshot = self._snapshot()
        return Table(snapshot.texts_table(snapshot.all()))

    def stats(self) -> dict[str, Any]:
        """Return numbers: texts, removed (not yet compacted), segments, bytes, bytes_per_text, ...

        Also generation (changes so far), the settings that the archive was made with, and under
        "blocks" how many bytes each part of the format takes.
        """
        numbers = self._snapshot().stats()
        texts = numbers["texts"]
        numbers["bytes_per_text"] = numbers["bytes"] / texts if texts else 0.0
        shown = {k: v for k, v in self._settings.items() if k != "furniture_print"}
        shown["furniture"] = self._furniture.level
        shown["method"] = self.method
        del shown["minhash"]
        return {**numbers, "settings": shown}

    def verify(self, *, progress: ProgressArgument = None) -> Table:
        """Read everything and say what is wrong: checksums, and whether the parts fit together.

        Returns
        -------
        Table
            file, block, problem: a row for each problem, so none where all is well.
        """
        with progress_callback(progress, "archive") as report:
            return Table(self._snapshot().verify(report))

    # --- helpers ----------------------------------------------------------------------------------

    def _batches(
        self, snapshot: core.ArchiveSnapshot, places: NDArray[np.uint64]
    ) -> Iterator[NDArray[np.uint64]]:
        """Give places some at a time, so that their texts are not all in memory at once."""
        for begin in range(0, len(places), _ARTICLES_AT_ONCE):
            some = places[begin : begin + _ARTICLES_AT_ONCE]
            ends = np.cumsum(snapshot.text_sizes(some))
            yield from np.split(some, np.flatnonzero(np.diff(ends // _BYTES_AT_ONCE)) + 1)

    def _rows(
        self, snapshot: core.ArchiveSnapshot, places: NDArray[np.uint64]
    ) -> Iterator[dict[str, Any]]:
        table = Table(snapshot.texts_table(places))
        texts = snapshot.texts_of(places) if self.keeps_texts else None
        for i, row in enumerate(table.rows()):
            row["source"] = row["source"] or None
            if texts is not None:
                row["text"] = texts[i]
            yield row

    def _place(self, snapshot: core.ArchiveSnapshot, one: object) -> int | None:
        whole = is_whole(one) and -(2**63) <= int(one) < 2**63  # type: ignore[call-overload]
        if not (whole or isinstance(one, str)):
            return None
        names, numbers = read_names([one])
        place = int(snapshot.find_ids(names=names, numbers=numbers)[0])
        return None if place < 0 else place
