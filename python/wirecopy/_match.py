"""Matches between two collections: new texts against old ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from wirecopy import _core
from wirecopy._bodies import Bodies, read_furniture
from wirecopy._context import Context
from wirecopy._furniture import FurnitureRules
from wirecopy._judge import Judge
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._search import Search, read_search
from wirecopy._side import Side, name_rows, read_side
from wirecopy._table import Convertible, Table

__all__ = ["Match", "match"]

MAX_ROWS = 50_000_000


def match(
    new: Any,
    against: Any,
    *,
    ids: Any = None,
    against_ids: Any = None,
    threshold: float | None = None,
    measure: str = "jaccard",
    method: str = "exact",
    furniture: str | FurnitureRules | None = None,
    shingle_size: int = 5,
    min_shared: int | None = None,
    min_ratio: float | None = None,
    max_df: int | None = None,
    max_memory: int | str | None = None,
    num_perm: int = 128,
    recall: float = 0.99,
    threads: int | None = None,
    progress: ProgressArgument = None,
    seed: int = 1,
) -> Match:
    """Find which of the `new` texts are copies of texts in `against`.

    As `dedup`, but only pairs of a new and an old text are looked for: copies among the new ones, or
    among the old ones, are not.

    Parameters
    ----------
    new, against : columns of str
        Two collections, each of any kind that `dedup` takes.
    ids, against_ids : columns of distinct values, optional
        Names for the texts of each, shown in the tables.
    threshold : float, optional
        Least similarity of a match, as for `dedup`.
    measure : str, default "jaccard"
        What similarity is, as for `dedup`.
    method : {"exact", "minhash", "auto"}, default "exact"
        How matches are found, as for `dedup`.
    furniture : {"conservative", "thorough", "keep"} or FurnitureRules, optional
        What is taken off the texts of both before they are compared, as for `dedup`. Rules of one source
        are not used.
    shingle_size : int, default 5
        Words per shingle.
    min_shared, max_df : int, optional
        As for `dedup`; `max_df` counts the different texts of each collection, added up.
    min_ratio : float, optional
        As for `dedup`.
    max_memory : int or str, optional
        Bytes to use beside the texts and the result, as for `dedup`.
    num_perm : int, default 128
        Values per MinHash signature.
    recall : float, default 0.99
        For "minhash": wanted chance to find a pair exactly at the threshold.
    threads : int, optional
        As for `dedup`.
    progress : bool or callable, optional
        As for `dedup`.
    seed : int, default 1
        Of the MinHash permutations.

    Returns
    -------
    Match

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt
        As for `dedup`; a bad row is named with its own column.

    Examples
    --------
    >>> import wirecopy as wc
    >>> old = ["The harbour bridge will reopen to traffic on Monday, the city said.", "Rain."]
    >>> new = ["Snow.", "Now the harbour bridge will reopen to traffic on Monday, the city said."]
    >>> found = wc.match(new, old)
    >>> found.pairs.to_dict()["new"], found.pairs.to_dict()["old"]
    ([1], [0])
    >>> found.matched
    array([False,  True])
    """
    workers = threads_or_default(threads)
    first = read_side(new, ids, "new", "ids")
    second = read_side(against, against_ids, "against", "against_ids")
    search = read_search(
        measure=measure,
        threshold=threshold,
        min_shared=min_shared,
        min_ratio=min_ratio,
        method=method,
        shingle_size=shingle_size,
        max_df=max_df,
        max_memory=max_memory,
        num_perm=num_perm,
        recall=recall,
        seed=seed,
    )
    # With nothing on one side there is no other side either.
    split = len(first.texts) if len(second.texts) else 0
    taken = read_furniture(furniture, search.rule.traits)
    texts = _core.TextColumn.from_strings([])
    bodies = None
    with progress_callback(progress, "match") as report:
        if split:
            texts = _core.TextColumn.joined(first.texts, second.texts)
            ours = taken.take_off(first.texts, None, workers, report)
            theirs = taken.take_off(second.texts, None, workers, report)
            bodies = None if ours is None or theirs is None else Bodies.joined(ours, theirs)
        context = Context(first.kind, texts, None, None, None, bodies=bodies)
        matches = search.run(context.compared, split=split, threads=workers, report=report)
        if bodies is not None:
            _core.require_whole_copies(matches, texts, workers, report)
    judge = Judge(context, matches, workers, progress)
    return Match(first, second, search, matches, judge)


class Match(Convertible):
    """What `match` found. Tables come in the kind of the new texts.

    `to_pandas`, `to_polars` and `to_arrow` give `pairs`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> found = wc.match(["A new story.", "An old one."], ["An old one!", "An older one."])
    >>> found
    <Match: 1 of 2 new texts match some of 2 at jaccard >= 0.5>
    >>> found.best.to_dict()["new"], found.best.to_dict()["old"]
    ([1], [0])
    """

    def __init__(
        self,
        new: Side,
        against: Side,
        search: Search,
        matches: _core.Matches,
        judge: Judge,
    ) -> None:
        self._new = new
        self._against = against
        self._search = search
        self._matches = matches
        self._judge = judge
        self._pairs: Table | None = None
        self._best: Table | None = None

    @property
    def n_new(self) -> int:
        """New texts, null and empty ones included."""
        return len(self._new.texts)

    @property
    def n_against(self) -> int:
        """Old texts, null and empty ones included."""
        return len(self._against.texts)

    @property
    def n_pairs(self) -> int:
        """Pairs found."""
        return _core.count_across(self._matches)

    @property
    def measure(self) -> str:
        """The measure of similarity."""
        return self._search.rule.measure

    @property
    def threshold(self) -> float:
        """Least similarity of a match."""
        return self._search.rule.threshold

    @property
    def candidate_recall(self) -> float:
        """Chance that a pair exactly at the threshold was looked at; 1 for the exact method."""
        return self._matches.candidate_recall

    @property
    def matched(self) -> Any:
        """True for each new text that matches an old one, in the kind of the new texts."""
        mask = np.zeros(self.n_new, dtype=bool)
        mask[Table(_core.across_table(self._matches, self.n_new, True))["new"]] = True
        return self._new.kind.mask(mask)

    @property
    def pairs_table(self) -> Table:
        """`pairs` as a `Table`."""
        if self._pairs is None:
            if self.n_pairs > MAX_ROWS:
                msg = (
                    f"{self.n_pairs:,} pairs are more than the {MAX_ROWS:,} that .pairs makes rows "
                    "of; .best has one row for each new text"
                )
                raise ValueError(msg)
            self._pairs = self._table(best_only=False)
        return self._pairs

    @property
    def pairs(self) -> Any:
        """Every pair found, ascending by (new, old), in the kind of the new texts.

        Columns: new, old (row positions in each collection); id_new, id_old where ids were given;
        similarity (by the measure); jaccard; containment_new (share of the new text's shingles that the
        old one has too), containment_old; shared (shingles in both); verdict (as in `Dedup.pairs`).
        """
        return self._new.kind.frame(self.pairs_table)

    @property
    def _main_table(self) -> Table:
        return self.pairs_table

    @property
    def best_table(self) -> Table:
        """`best` as a `Table`."""
        if self._best is None:
            self._best = self._table(best_only=True)
        return self._best

    @property
    def best(self) -> Any:
        """For each new text that has a match, the old text most alike (ties: the first), as `pairs`."""
        return self._new.kind.frame(self.best_table)

    def _table(self, *, best_only: bool) -> Table:
        verdicts = self._judge.full.verdicts
        table = Table(_core.across_table(self._matches, self.n_new, best_only, verdicts=verdicts))
        return name_rows(table, {"new": self._new, "old": self._against})

    def __repr__(self) -> str:
        matched = len(self.best_table)
        return (
            f"<Match: {matched:,} of {self.n_new:,} new texts match some of {self.n_against:,} "
            f"at {self.measure} >= {self.threshold:g}>"
        )

    def _repr_html_(self) -> str:
        from wirecopy._display._comparisons import match_html

        return match_html(self)
