"""The result of `dedup`: groups, pairs, keepers and the tables of them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._columns import Kind
from wirecopy._table import Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Context", "Dedup", "read_number"]

MAX_PAIR_ROWS = 50_000_000


def read_number(argument: str, value: Any) -> float:
    if isinstance(value, (bool, str)) or not isinstance(value, (int, float, np.number)):
        msg = f"{argument} is {type(value).__name__}; expected a number"
        raise TypeError(msg)
    return float(value)


@dataclasses.dataclass(frozen=True)
class Context:
    """What the caller gave, beside the numbers."""

    kind: Kind
    texts: _core.TextColumn
    ids: NDArray[Any] | None
    dates: NDArray[np.datetime64] | None
    sources: NDArray[Any] | None


class Dedup:
    """What `dedup` found. Tables come in the kind of the texts (pandas, polars, pyarrow, or `Table`)."""

    def __init__(
        self,
        context: Context,
        matches: _core.Matches,
        rank: NDArray[np.uint32],
        threshold: float,
    ) -> None:
        self._context = context
        self._matches = matches
        self._rank = rank
        self._groups = _core.make_groups(matches, threshold, rank)
        self._pairs_table: Table | None = None
        self._groups_table: Table | None = None
        self.threshold = threshold

    @property
    def n_texts(self) -> int:
        """Rows given, null and empty ones included."""
        return len(self._context.texts)

    @property
    def n_empty(self) -> int:
        """Rows without a word (null, empty or punctuation only): they match nothing."""
        return int(np.count_nonzero(self._matches.words == 0))

    @property
    def n_groups(self) -> int:
        """Groups of two or more texts."""
        return self._groups.count

    @property
    def n_pairs(self) -> int:
        """Pairs at or above the threshold."""
        return self._matches.count_pairs(self.threshold)

    @property
    def n_duplicates(self) -> int:
        """Texts that `keep` would drop."""
        return self.n_texts - int(np.count_nonzero(self.keep_mask))

    @property
    def candidate_recall(self) -> float:
        """Chance that a pair exactly at the threshold was looked at; higher for pairs above it.

        1 - (1 - threshold**rows)**bands for the `banding` chosen: an expectation over the seed, for
        MinHash values that behave as independent random permutations would.
        """
        return self._matches.candidate_probability(self.threshold)

    @property
    def banding(self) -> tuple[int, int]:
        """(bands, rows) of the MinHash signatures."""
        return self._matches.bands, self._matches.rows

    @property
    def n_candidates(self) -> int:
        """Pairs of texts with different shingle sets that were compared set with set."""
        return self._matches.candidates

    @property
    def texts(self) -> _core.TextColumn:
        """The texts given; indexing gives str, or None for a null row."""
        return self._context.texts

    @property
    def ids(self) -> NDArray[Any] | None:
        """The ids given, shape (n_texts,)."""
        return self._context.ids

    @property
    def dates(self) -> NDArray[np.datetime64] | None:
        """The dates given, shape (n_texts,), UTC, NaT where null."""
        return self._context.dates

    @property
    def sources(self) -> NDArray[Any] | None:
        """The sources given, shape (n_texts,)."""
        return self._context.sources

    @property
    def words(self) -> NDArray[np.uint32]:
        """Words of each text, shape (n_texts,)."""
        return self._matches.words

    @property
    def group_of(self) -> NDArray[np.int64]:
        """Group of each text, shape (n_texts,); -1 for a text in none."""
        return self._groups.group

    @property
    def keeper_of(self) -> NDArray[np.int64]:
        """Row of the text that is kept for each text, shape (n_texts,); itself where in no group."""
        return self._groups.keeper.astype(np.int64)

    @property
    def keep_mask(self) -> NDArray[np.bool_]:
        """True for texts to keep, shape (n_texts,): keepers and texts in no group."""
        mask: NDArray[np.bool_] = self._groups.keeper == np.arange(self.n_texts)
        return mask

    @property
    def keep(self) -> Any:
        """`keep_mask` in the kind of the texts; a pandas Series has their index."""
        return self._context.kind.mask(self.keep_mask)

    @property
    def pairs_table(self) -> Table:
        """`pairs` as a `Table`."""
        if self._pairs_table is None:
            if self.n_pairs > MAX_PAIR_ROWS:
                msg = (
                    f"{self.n_pairs:,} pairs are more than the {MAX_PAIR_ROWS:,} that .pairs makes "
                    "rows of; .groups lists the same texts once each"
                )
                raise ValueError(msg)
            table = Table(_core.pairs_table(self._matches, self._groups, self.threshold))
            if self.ids is not None:
                columns = {name: table[name] for name in table.columns}
                a, b = columns.pop("a"), columns.pop("b")
                table = Table({"a": a, "b": b, "id_a": self.ids[a], "id_b": self.ids[b], **columns})
            self._pairs_table = table
        return self._pairs_table

    @property
    def pairs(self) -> Any:
        """Every pair found, in the kind of the texts, ascending by (a, b).

        Columns: a, b (row positions, a < b); id_a, id_b where ids were given; jaccard; containment_a
        (share of a's shingles that b has too), containment_b; shared (shingles in both); verdict;
        bridge (True where a and b are not in one group).

        Verdicts, the first that holds: "identical" (the same bytes), "same text" (the same shingles:
        only case, punctuation, spacing or encoding differ), "cut-down" (90 % or more of the shorter is
        in the longer, and it has at most 80 % of its shingles), "near copy" (any other).
        """
        return self._context.kind.frame(self.pairs_table)

    @property
    def groups_table(self) -> Table:
        """`groups` as a `Table`."""
        if self._groups_table is None:
            table = Table(_core.groups_table(self._matches, self._groups))
            if self.ids is not None:
                columns = {name: table[name] for name in table.columns}
                group, row = columns.pop("group"), columns.pop("row")
                table = Table({"group": group, "row": row, "id": self.ids[row], **columns})
            self._groups_table = table
        return self._groups_table

    @property
    def groups(self) -> Any:
        """A row for each text in a group, in the kind of the texts: by group, its keeper first.

        Columns: group; row; id where ids were given; role ("keeper" or "member"); keeper (row); jaccard
        (to the keeper); verdict (on text and keeper; "" for the keeper); size (texts in the group).
        """
        return self._context.kind.frame(self.groups_table)

    def weights(self, kind: str = "once") -> NDArray[np.float64]:
        """Weights with which a reprinted story counts once in `count` and `keyness`.

        Parameters
        ----------
        kind : {"once"}
            1 / (texts in the group); 1 for a text in no group.

        Returns
        -------
        float64 array, shape (n_texts,)

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.dedup(["one and the same", "one and the same", "another"]).weights()
        array([0.5, 0.5, 1. ])
        """
        if kind != "once":
            msg = f"kind is {kind!r}; must be 'once'"
            raise ValueError(msg)
        weights = np.ones(self.n_texts)
        grouped = self.group_of >= 0
        sizes = np.bincount(self.group_of[grouped], minlength=self.n_groups)
        weights[grouped] = 1 / sizes[self.group_of[grouped]]
        return weights

    def at(self, threshold: float) -> Dedup:
        """The same result at a higher threshold, without reading the texts again.

        Parameters
        ----------
        threshold : float
            From the threshold of this result to 1.

        Raises
        ------
        ValueError
            Below this result's threshold: those pairs were not looked for; call `dedup` again.
        """
        threshold = read_number("threshold", threshold)
        if not self._matches.threshold <= threshold <= 1:
            msg = (
                f"threshold is {threshold}; must be from {self._matches.threshold} to 1 "
                "(lower ones were not looked for: call dedup again)"
            )
            raise ValueError(msg)
        return Dedup(self._context, self._matches, self._rank, threshold)

    def summary(self) -> dict[str, int | float | str]:
        """The numbers of this result, for a log or a table."""
        bands, rows = self.banding
        return {
            "texts": self.n_texts,
            "empty": self.n_empty,
            "groups": self.n_groups,
            "pairs": self.n_pairs,
            "duplicates": self.n_duplicates,
            "kept": self.n_texts - self.n_duplicates,
            "threshold": self.threshold,
            "method": "minhash, verified",
            "bands": bands,
            "rows": rows,
            "candidate_recall": self.candidate_recall,
            "candidates": self.n_candidates,
        }

    def to_pandas(self) -> Any:
        """`groups` as a pandas DataFrame."""
        return self.groups_table.to_pandas()

    def to_polars(self) -> Any:
        """`groups` as a polars DataFrame."""
        return self.groups_table.to_polars()

    def to_arrow(self) -> Any:
        """`groups` as a pyarrow Table."""
        return self.groups_table.to_arrow()

    def report(
        self,
        path: str | os.PathLike[str],
        title: str | None = None,
        headlines: Sequence[str | None] | None = None,
    ) -> Path:
        """Write a self-contained HTML report and return its path; see `wirecopy.report`."""
        from wirecopy.report import write_report

        return write_report(self, path, title=title, headlines=headlines)

    def __repr__(self) -> str:
        return (
            f"<Dedup: {self.n_texts:,} texts, {self.n_groups:,} groups, "
            f"{self.n_duplicates:,} duplicates at Jaccard >= {self.threshold:g}>"
        )

    def _repr_html_(self) -> str:
        from wirecopy.report import result_html

        return result_html(self)
