"""The result of `dedup`: groups, pairs, keepers and the tables of them."""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_number, read_whole
from wirecopy._bodies import Furniture
from wirecopy._columns import read_weights
from wirecopy._context import Context, Policy
from wirecopy._explain import Explanation
from wirecopy._judge import Judge
from wirecopy._keep import Keeping
from wirecopy._measures import Measure
from wirecopy._outlets import outlets_table
from wirecopy._search import Search
from wirecopy._stories import reach_of, stories_table
from wirecopy._table import Convertible, Table
from wirecopy._threshold import SuggestedThreshold, read_judged, row_of, suggest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wirecopy.report import Limits

__all__ = ["Ask", "Dedup"]

_LEAST_SHARE = 0.01


@dataclasses.dataclass(frozen=True)
class Ask:
    """What was asked: how to find pairs, which of them may be one story, what is compared."""

    search: Search
    policy: Policy
    furniture: Furniture


class Dedup(Convertible):
    """What `dedup` found. Tables come in the kind of the texts (pandas, polars, pyarrow, or `Table`).

    `to_pandas`, `to_polars` and `to_arrow` give `groups`.

    Examples
    --------
    >>> import wirecopy as wc
    >>> result = wc.dedup(
    ...     ["The bridge reopens on Monday.", "The bridge reopens on Monday!", "Rain."],
    ...     dates=["2031-03-31T08:00", "2031-03-31T06:30", None],
    ... )
    >>> result
    <Dedup: 3 texts, 1 groups, 1 duplicates at Jaccard >= 0.5>
    >>> result.keep  # the earliest
    array([False,  True,  True])
    >>> result.groups["role"].tolist(), result.stories["median_delay_hours"].tolist()
    (['keeper', 'copy'], [1.5])
    """

    def __init__(
        self,
        context: Context,
        matches: _core.Matches,
        keeping: Keeping,
        ask: Ask,
        judge: Judge,
    ) -> None:
        self._context = context
        self._matches = matches
        self._keeping = keeping
        self._ask = ask
        self._judge = judge
        quick = None if ask.policy.merge_templates else judge.quick
        self._cut = ask.policy.cut(context, ask.search.rule.threshold, quick)
        self._rank = keeping.rank(self._cut)
        self._groups = _core.make_groups(matches, self._cut, self._rank)
        self._tables: dict[str, Table] = {}

    @property
    def unit(self) -> str:
        """What was compared: "text", or "paragraph" with level="paragraph"."""
        return "text" if self._context.paragraphs is None else "paragraph"

    @property
    def n_texts(self) -> int:
        """Rows given, null and empty ones included; with level="paragraph", paragraphs."""
        return len(self._context.texts)

    @property
    def n_empty(self) -> int:
        """Rows without a word (null, empty or punctuation only): they match nothing."""
        return int(np.count_nonzero(self._matches.words == 0))

    @property
    def furniture(self) -> str:
        """What was done to news furniture before texts were compared.

        "conservative" or "thorough": it was taken off; "keep": texts were compared as they stand.
        """
        return self._ask.furniture.level

    @property
    def n_shortened(self) -> int:
        """Texts that had furniture, and were compared without it."""
        return 0 if self._context.bodies is None else self._context.bodies.shortened

    @property
    def n_groups(self) -> int:
        """Groups of two or more texts."""
        return self._groups.count

    @functools.cached_property
    def n_pairs(self) -> int:
        """Pairs at or above the threshold; where `pairs_capped`, at least so many."""
        return self._matches.count_pairs(self._cut)

    @property
    def pairs_capped(self) -> bool:
        """Whether more pairs match than `pairs` may list, so that it has a part of them or none.

        The groups do not depend on it. See the argument `max_pairs` of `dedup`.
        """
        return self._matches.capped or self.n_pairs > self._ask.search.most_pairs

    @property
    def n_duplicates(self) -> int:
        """Texts that `keep` would drop."""
        return self.n_texts - int(np.count_nonzero(self.keep_mask))

    @property
    def measure(self) -> str:
        """The measure of similarity, as it was asked for."""
        return self._ask.search.rule.measure

    @property
    def threshold(self) -> float:
        """Least similarity of a match."""
        return self._ask.search.rule.threshold

    @property
    def lowest(self) -> float:
        """Least similarity that was looked for: `at` can go down to it."""
        return self._matches.threshold

    @property
    def method(self) -> str:
        """How pairs were found: "exact", "minhash, verified", or why the one gave way to the other.

        For the measure "passages": "seeds of shared words, chained"; for "reprint" that, "and exact at
        Jaccard >= 0.5".
        """
        if self._traits.chained:
            near = " and exact at Jaccard >= 0.5" if self.measure == "reprint" else ""
            return f"seeds of shared words, chained{near}"
        if self._matches.fell_back:
            return "exact (bands of MinHash values met in too many texts)"
        return "minhash, verified" if self._matches.minhash else "exact"

    @property
    def pieces(self) -> int:
        """Pieces that the texts were compared in, because of `max_memory`; 1 without need."""
        return self._matches.pieces

    @property
    def candidate_recall(self) -> float:
        """Chance that a pair exactly at the threshold was looked at; higher for pairs above it.

        1 for the exact method; NaN for "passages" and "reprint", whose recall depends on how texts
        differ (``docs/quality.md``). For MinHash 1 - (1 - threshold**rows)**bands for the `banding`
        chosen: an expectation over the seed, for values that behave as independent random permutations
        would.
        """
        if self._traits.chained:
            return float("nan")
        return self._matches.candidate_probability(self.threshold)

    @property
    def banding(self) -> tuple[int, int] | None:
        """(bands, rows) of the MinHash signatures; None for the exact method."""
        return (self._matches.bands, self._matches.rows) if self._matches.minhash else None

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
        if "pairs" not in self._tables:
            self._tables["pairs"] = self._list_pairs(self.threshold)
        return self._tables["pairs"]

    @property
    def pairs(self) -> Any:
        """Every pair found, in the kind of the texts, ascending by (a, b).

        The first time it is asked for, the words of every pair are aligned: some 12 to 22 µs a pair.
        Where `pairs_capped`, and `max_pairs` was given, only the pairs of a text and its group's keeper.

        Columns: a, b (row positions, a < b); id_a, id_b where ids were given; similarity, where the
        measure is not Jaccard; jaccard; containment_a (share of a's shingles that b has too),
        containment_b; shared (shingles in both); verdict; bridge (True where a and b are not in one
        group). Evidence: coverage_a, coverage_b (share of the words in runs of 3 or more equal words);
        longest_run (words); replaced (places where some words stand for others); numbers_changed,
        names_changed (in those places); only_a, only_b (where a text has words that the other lacks:
        "head", "middle", "tail", or some of these joined by "+"); same_headline (whether the first
        lines have the same words); days_apart where dates were given (NaN where unknown); same_source
        where sources were given. With level="paragraph", a and b number the paragraphs, and row_a,
        start_a, end_a, row_b, start_b, end_b say where they stand (`paragraphs`).

        Verdicts, the first that holds: "identical" (the same bytes); "same text" (the same shingles:
        only case, punctuation, spacing or encoding differ); "template" (alike in frame, different in
        facts); "cut-down" (90 % or more of the shorter is in the longer, and it has at most 80 % of its
        size); "shared passage" (less than half of the longer is in the other); "update" (numbers or a
        passage changed, or a cut-down that its own source extended later); "near copy" (any other).
        The rules, how they were set and where they err are in ``docs/verdicts.md``.
        """
        return self._context.kind.frame(self.pairs_table)

    @property
    def bridges_table(self) -> Table:
        """`bridges` as a `Table`."""
        if "bridges" not in self._tables:
            if self._matches.capped:
                raise self._too_many("bridges", self.n_pairs)
            self._tables["bridges"] = self._list_pairs(self.threshold, "bridges")
        return self._tables["bridges"]

    @property
    def bridges(self) -> Any:
        """Pairs that match and are not in one group, as `pairs`.

        Following them would chain groups whose keepers are unlike; they are for a reader to judge.
        """
        return self._context.kind.frame(self.bridges_table)

    def explain(self, a: Any, b: Any) -> Explanation:
        """Show how two texts run along each other: what is equal, replaced, cut and added.

        Parameters
        ----------
        a, b : id or int
            Two texts: their ids where ids were given, else their rows (with level="paragraph", the
            numbers of two paragraphs). They need not match.

        Returns
        -------
        Explanation
            In a notebook, the two texts side by side. `Explanation.segments` has the offsets.

        Raises
        ------
        ValueError, TypeError
            No such text.

        Examples
        --------
        >>> import wirecopy as wc
        >>> r = wc.dedup(["The bridge reopens on Monday.", "The old bridge reopens on Friday."])
        >>> r.explain(0, 1).segments.to_dict()["kind"]
        ['equal', 'added', 'equal', 'replaced']
        """
        places = None if self.ids is None or self._context.paragraphs else self._row_by_id
        rows = [row_of(name, places, self.n_texts, what) for name, what in ((a, "a"), (b, "b"))]
        return Explanation(self._context, rows[0], rows[1])

    @property
    def _row_by_id(self) -> dict[Any, int]:
        return {} if self.ids is None else {name: row for row, name in enumerate(self.ids.tolist())}

    def borderline(self, k: int = 20) -> Any:
        """Return the `k` pairs nearest to the threshold, nearest first, as `pairs`.

        They are the ones to read when a threshold is chosen. Pairs below it are among them as far as
        they were looked for: call ``dedup(..., threshold=0.4).at(0.5).borderline()`` to see both sides.

        Parameters
        ----------
        k : int, default 20
            Rows of the table, at most.

        Raises
        ------
        ValueError
            `k` is negative, or there are too many pairs to list.

        Examples
        --------
        >>> import wirecopy as wc
        >>> words = "one two three four five six seven eight nine ten".split()
        >>> texts = [" ".join(words[:n]) for n in (10, 9, 8, 6)]
        >>> wc.dedup(texts, threshold=0.3).at(0.6).borderline(2)["jaccard"].round(3)
        array([0.667, 0.5  ])
        """
        count = read_whole("k", k)
        if count < 0:
            msg = f"k is {count}; expected 0 or more"
            raise ValueError(msg)
        table = self._all_pairs
        distance = np.abs(table[self._traits.column] - self.threshold)
        nearest = np.argsort(distance, kind="stable")[:count]
        chosen = Table({name: table[name][nearest] for name in table.columns})
        return self._context.kind.frame(chosen)

    @property
    def similarities(self) -> NDArray[np.float64]:
        """Similarity of every pair that was found, from `lowest` on, in no useful order."""
        values: NDArray[np.float64] = self._all_pairs[self._traits.column]
        return values

    @property
    def groups_table(self) -> Table:
        """`groups` as a `Table`."""
        if "groups" not in self._tables:
            # The same groups, as templates are the same by full verdicts; these name the roles.
            cut = self._judged_cut(self.threshold)
            groups = _core.make_groups(self._matches, cut, self._rank)
            table = Table(_core.groups_table(self._matches, groups))
            columns = {name: table[name] for name in table.columns}
            group, row = columns.pop("group"), columns.pop("row")
            named = {"group": group, **self._place(row, "", "row")}
            self._tables["groups"] = Table({**named, **columns})
        return self._tables["groups"]

    @property
    def _main_table(self) -> Table:
        return self.groups_table

    @property
    def groups(self) -> Any:
        """A row for each text in a group, in the kind of the texts: by group, its keeper first.

        Columns: group; row; id where ids were given; role; keeper (row); similarity to the keeper, where
        the measure is not Jaccard; jaccard (to the keeper); verdict (on text and keeper; "" for the
        keeper); size (texts in the group). With level="paragraph", paragraph numbers them, keeper is a
        paragraph, and row, start and end say where it stands.

        Roles: "keeper"; "copy" (the same bytes or shingles as the keeper); "reprint" (a near copy);
        "cut-down" (most of it is in the longer keeper); "extended" (the keeper is a cut-down of it);
        "update"; "excerpt" (a shared passage); "template" (with merge_templates=True only).
        """
        return self._context.kind.frame(self.groups_table)

    @property
    def stories_table(self) -> Table:
        """`stories` as a `Table`."""
        if "stories" not in self._tables:
            self._tables["stories"] = stories_table(
                self.group_of, self.keeper_of, self._context.source_numbers, self.dates, self.ids
            )
        return self._tables["stories"]

    @property
    def stories(self) -> Any:
        """A row for each group, in the kind of the texts: how far its story went, and how fast.

        Columns: group; keeper (row); id of the keeper where ids were given; size (texts). Where sources
        were given: sources (different ones; a text of none counts as one more). Where dates were given:
        first (row of the earliest dated text, -1 for none), first_seen, last_seen (UTC, NaT for none),
        span_hours (from the one to the other), median_delay_hours (of the dated texts after the first,
        from first_seen; NaN where it is alone).
        """
        return self._context.kind.frame(self.stories_table)

    @property
    def outlets_table(self) -> Table:
        """`outlets` as a `Table`."""
        numbers = self._context.source_numbers
        if numbers is None or self.sources is None:
            msg = "outlets needs the sources: call dedup(..., sources=...)"
            raise ValueError(msg)
        if "outlets" not in self._tables:
            self._tables["outlets"] = outlets_table(
                self.group_of, self.keeper_of, numbers, self.sources, self.dates
            )
        return self._tables["outlets"]

    @property
    def outlets(self) -> Any:
        """A row for two outlets of which one printed what the other had, in the kind of the texts.

        A group's *original* is its earliest dated text; of several with the earliest time the keeper,
        else the first row; where no text of the group is dated, the keeper. Every other outlet in the
        group is a *reprinter* of it. What an outlet prints again itself is not counted.

        Columns: original, reprinter (outlets; "" for texts of no known source); stories (groups);
        texts (that the reprinter printed of them); share (of the stories that the reprinter took over
        from anyone: adds up to 1 for each reprinter); share_of_texts (texts / all texts of the
        reprinter). Where dates were given: dated (stories whose two times are known), same_time (those
        of them in which the times are equal, so that dates do not tell who was first) and
        median_delay_hours (of the dated ones, from the original to the reprinter's first text; NaN
        where there are none). The most stories come first, then by name.

        Raises
        ------
        ValueError
            No sources were given.

        Notes
        -----
        It misleads where the collection does: two outlets that print the same agency's story look like
        one copying from the other where the agency is not among the sources, and the first in the
        collection is not always the first in the world. An outlet whose dates are of days without times
        appears at midnight, before all others (`same_time` shows it where all have days only), one in
        local time without a zone is early or late by hours, and one that overwrites the date with that
        of the last update is late. An undated text is an original only where its whole group is
        undated and it is the keeper.

        Examples
        --------
        >>> import wirecopy as wc
        >>> story = "The harbour bridge will reopen to traffic on Monday, the city said."
        >>> r = wc.dedup(
        ...     [story, story + " More soon.", story.upper()],
        ...     sources=["Agency", "Herald", "Gazette"],
        ...     dates=["2024-05-01T08:00", "2024-05-01T09:30", "2024-05-01T08:00"],
        ... )
        >>> table = r.outlets_table
        >>> table["original"].tolist(), table["reprinter"].tolist()
        (['Agency', 'Agency'], ['Gazette', 'Herald'])
        >>> table["same_time"].tolist(), table["median_delay_hours"].tolist()
        ([1, 0], [0.0, 1.5])
        """
        return self._context.kind.frame(self.outlets_table)

    @property
    def paragraphs_table(self) -> Table:
        """`paragraphs` as a `Table`."""
        spans = self._context.paragraphs
        if spans is None:
            msg = "paragraphs: the texts were compared whole; call dedup(..., level='paragraph')"
            raise ValueError(msg)
        if "paragraphs" not in self._tables:
            place = self._place(np.arange(self.n_texts), "", "row")
            self._tables["paragraphs"] = Table(
                {**place, "group": self.group_of, "keep": self.keep_mask}
            )
        return self._tables["paragraphs"]

    @property
    def paragraphs(self) -> Any:
        """A row for each paragraph, in the kind of the texts, with level="paragraph".

        Columns: paragraph; row (of its text); id where ids were given; start, end (code points:
        ``text[start:end]``); group (-1 for none); keep (whether it is the keeper, or in no group).

        Raises
        ------
        ValueError
            Whole texts were compared.
        """
        return self._context.kind.frame(self.paragraphs_table)

    @property
    def _traits(self) -> Measure:
        return self._ask.search.rule.traits

    @property
    def _all_pairs(self) -> Table:
        """The pairs from the lowest threshold on."""
        if self.pairs_capped:
            raise self._too_many("similarities", self.n_pairs)
        if self.lowest == self.threshold:
            return self.pairs_table
        if "all" not in self._tables:
            self._tables["all"] = self._list_pairs(self.lowest)
        return self._tables["all"]

    def _judged_cut(self, threshold: float) -> _core.Cut:
        """What matches from a threshold on, with full verdicts."""
        return self._ask.policy.cut(self._context, threshold, self._judge.full.verdicts)

    def _too_many(self, what: str, count: int) -> ValueError:
        least = " or more" if self._matches.capped else ""
        return ValueError(
            f"{what}: {count:,} pairs{least} match, and no more than "
            f"{self._ask.search.most_pairs:,} are listed (max_pairs); .groups has all of their texts"
        )

    def _list_pairs(self, threshold: float, rows: str = "all") -> Table:
        count = 0
        if rows == "all":
            lower = self._ask.policy.cut(self._context, threshold, None)
            here = threshold == self.threshold
            count = self.n_pairs if here else self._matches.count_pairs(lower)
        if rows == "all" and (self._matches.capped or count > self._ask.search.most_pairs):
            if self._ask.search.max_pairs is None or threshold != self.threshold:
                raise self._too_many("pairs", count)
            rows = "keepers"
        table = _core.pairs_table(
            self._matches,
            self._groups,
            self._judged_cut(threshold),
            rows,
            judged=self._judge.full,
            dates=self._context.date_numbers,
            sources=self._context.source_numbers,
        )
        return self._named(Table(table))

    def _named(self, table: Table) -> Table:
        """A table of pairs, with what is known of a and b."""
        if self._context.paragraphs is None and self.ids is None:
            return table  # nothing more: there may be millions of rows
        columns = {name: table[name] for name in table.columns}
        a, b = columns.pop("a"), columns.pop("b")
        places = {**self._place(a, "_a", "row_a"), **self._place(b, "_b", "row_b")}
        places.pop("paragraph_a", None)
        places.pop("paragraph_b", None)
        if self._context.paragraphs is None:
            places = {name: v for name, v in places.items() if name not in {"row_a", "row_b"}}
        return Table({"a": a, "b": b, **places, **columns})

    def _place(self, text: NDArray[np.int64], suffix: str, row_name: str) -> dict[str, Any]:
        """Columns that say which texts these are."""
        spans = self._context.paragraphs
        columns: dict[str, Any] = {}
        if spans is not None:
            columns[f"paragraph{suffix}"] = text
            columns[row_name] = spans.row[text]
        else:
            columns[row_name] = text
        if self.ids is not None:
            columns[f"id{suffix}"] = self.ids[text]
        if spans is not None:
            columns |= {f"start{suffix}": spans.start[text], f"end{suffix}": spans.end[text]}
        return columns

    def weights(self, kind: Any = "once") -> NDArray[np.float64]:
        """Weights with which a reprinted story counts once in every statistic, or by its reach.

        Parameters
        ----------
        kind : {"once", "reach"} or column of n_texts floats
            "once": 1 / (texts in the group). "reach": (different sources in the group) / (texts in the
            group), so that a story counts once for each outlet that ran it, however often; a text of no
            known source counts as an outlet of its own. Both are 1 for a text in no group. A column
            of weights of your own, finite and >= 0 (a sample's, a circulation): each divided by the
            texts in its group, so that a story counts once, for the mean of its texts' weights.

        Returns
        -------
        float64 array, shape (n_texts,)

        Raises
        ------
        TypeError
            `kind` is neither a str nor a column of numbers.
        ValueError
            Another `kind`, "reach" without sources, or weights of another length or out of range.

        Examples
        --------
        >>> import wirecopy as wc
        >>> texts = ["one and the same", "one and the same", "another"]
        >>> wc.dedup(texts).weights()
        array([0.5, 0.5, 1. ])
        >>> wc.dedup(texts, sources=["Herald", "Gazette", "Herald"]).weights("reach")
        array([1., 1., 1.])
        >>> wc.dedup(texts).weights([3, 1, 5])
        array([1.5, 0.5, 5. ])
        """
        if isinstance(kind, str) and kind not in {"once", "reach"}:
            msg = f"kind is {kind!r}; must be 'once', 'reach' or a column of weights"
            raise ValueError(msg)
        grouped = self.group_of >= 0
        group = self.group_of[grouped]
        sizes = np.bincount(group, minlength=self.n_groups)
        if not isinstance(kind, str):
            weights = read_weights(kind, self.n_texts, "kind")
            weights[grouped] /= sizes[group]
            return weights
        weights = np.ones(self.n_texts)
        if kind == "once":
            weights[grouped] = 1 / sizes[group]
            return weights
        if self.sources is None:
            msg = "kind='reach' needs the sources: call dedup(..., sources=...)"
            raise ValueError(msg)
        reach = reach_of(self.group_of, self._context.source_numbers)
        weights[grouped] = (reach / sizes)[group]
        return weights

    def at(self, threshold: float) -> Dedup:
        """The same result at a higher threshold, without reading the texts again.

        Parameters
        ----------
        threshold : float
            From the threshold of this result (`lowest`) to 1; for "overlap", any number from it on.

        Raises
        ------
        ValueError
            Below `lowest`: those pairs were not looked for; call `dedup` again. Or not all pairs were
            listed (`pairs_capped`).

        Examples
        --------
        >>> import wirecopy as wc
        >>> words = "one two three four five six seven eight nine ten".split()
        >>> result = wc.dedup([" ".join(words[:n]) for n in (10, 9, 8, 6)], threshold=0.3)
        >>> result.n_pairs, result.at(0.6).n_pairs
        (6, 3)
        """
        if self._matches.capped:
            raise self._too_many("at", self.n_pairs)
        value = read_number("threshold", threshold)
        most = np.inf if self.measure == "overlap" else 1
        if not self.lowest <= value <= most:
            msg = (
                f"threshold is {threshold}; must be from {self.lowest:g} to {most} "
                "(lower ones were not looked for: call dedup again)"
            )
            raise ValueError(msg)
        rule = dataclasses.replace(self._ask.search.rule, threshold=value)
        search = dataclasses.replace(self._ask.search, rule=rule)
        ask = dataclasses.replace(self._ask, search=search)
        return Dedup(self._context, self._matches, self._keeping, ask, self._judge)

    def suggest_threshold(self, labels: Any) -> SuggestedThreshold:
        """Find the threshold that parts judged pairs best; some 30 of them give a useful interval.

        Take them from `borderline` of a low threshold: pairs that every threshold gets right teach
        nothing.

        Parameters
        ----------
        labels : table with columns a, b, same, or iterable of (a, b, same)
            Pairs that someone has read. `a` and `b` are ids where ids were given, else rows; `same` is
            True where they are one story. Pairs that were not found count with their similarity too.

        Returns
        -------
        SuggestedThreshold
            The threshold with the fewest judged pairs on the wrong side (in the middle of the widest
            gap, where several are equal), with a 95 % bootstrap interval (Efron 1979).

        Raises
        ------
        TypeError, ValueError
            Labels that cannot be read, all of one kind, or a measure without a threshold.

        Examples
        --------
        >>> import wirecopy as wc
        >>> words = "one two three four five six seven eight nine ten".split()
        >>> texts = [" ".join(words[:n]) for n in (10, 9, 8, 6)]
        >>> r = wc.dedup(texts, threshold=0.3)
        >>> r.suggest_threshold([(0, 1, True), (0, 2, True), (0, 3, False), (1, 3, False)])
        <threshold 0.533 (95 % interval 0.500 to 0.617), 0 of 4 judged pairs on the wrong side>
        """
        if self._traits.equality:
            msg = f"measure={self.measure!r} has no threshold to suggest"
            raise ValueError(msg)
        places = None if self.ids is None or self._context.paragraphs else self._row_by_id
        judged = read_judged(labels, places, self.n_texts)
        similarity = np.array([self._similarity_of(a, b) for a, b, _ in judged])
        return suggest(similarity, np.array([same for _, _, same in judged]))

    def _similarity_of(self, a: int, b: int) -> float:
        """Similarity of any two texts by the measure, found or not."""
        if self._traits.chained:
            return self._passages_similarity(a, b)
        sets = [
            set(
                _core.steps.shingles(
                    self._context.compared[row] or "", self._ask.search.shingle_size
                )
            )
            for row in (a, b)
        ]
        if not sets[0] or not sets[1]:
            return 0.0
        shared = len(sets[0] & sets[1])
        if self.measure == "overlap":
            return float(shared)
        if self.measure == "containment":
            return shared / min(map(len, sets))
        return shared / len(sets[0] | sets[1])

    def _passages_similarity(self, a: int, b: int) -> float:
        compared = self._context.compared
        texts = _core.TextColumn.from_strings([compared[a], compared[b]])
        search = dataclasses.replace(self._ask.search, max_df=0)
        rule = dataclasses.replace(search.rule, threshold=_LEAST_SHARE)
        matches = dataclasses.replace(search, rule=rule).run(texts, split=0, threads=1, report=None)
        if matches.twin[1] == 0:
            return 1.0
        groups = _core.make_groups(matches, _core.Cut(_LEAST_SHARE), np.arange(2, dtype=np.uint32))
        table = Table(_core.pairs_table(matches, groups, _core.Cut(_LEAST_SHARE)))
        return float(table["similarity"][0]) if len(table) else 0.0

    def plot_similarity(self, ax: Any = None, bins: int = 40) -> Any:
        """Draw a histogram of how alike the pairs found are, with the threshold.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.
        bins : int, default 40
            Bars.

        Returns
        -------
        matplotlib Axes
        """
        from wirecopy.plots import plot_similarity

        return plot_similarity(self, ax, bins)

    def plot_s_curve(self, ax: Any = None) -> Any:
        """Draw the chance that a pair is compared, by its similarity: the S-curve of the bands.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib Axes
        """
        from wirecopy.plots import plot_s_curve

        return plot_s_curve(self, ax)

    def plot_group_sizes(self, ax: Any = None) -> Any:
        """Draw how many stories were printed twice, three times, and so on.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib Axes
        """
        from wirecopy.plots import plot_group_sizes

        return plot_group_sizes(self, ax)

    def plot_timeline(self, group: int, ax: Any = None, k: int = 30) -> Any:
        """Draw when each outlet printed a story: outlets in order of appearance, the keeper marked.

        Parameters
        ----------
        group : int
            Number of the group, as in `groups`.
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.
        k : int, default 30
            Outlets, at most: the first to print it. Where no sources were given, texts.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        ValueError
            No dates were given, or there is no such group.
        """
        from wirecopy.plots import plot_timeline

        return plot_timeline(self, group, ax, k)

    def plot_outlets(self, ax: Any = None, k: int = 12, value: str = "stories") -> Any:
        """Draw who runs whose copy: a row for each original outlet, a column for each reprinter.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure by default.
        k : int, default 12
            Outlets on each side, at most: those with the most stories.
        value : str, default "stories"
            The column of `outlets` that the cells show: "texts", "share", "share_of_texts",
            "median_delay_hours", "dated" or "same_time" in its place.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        ValueError
            No sources were given, or `outlets` has no such column of numbers.
        """
        from wirecopy.plots import plot_outlets

        return plot_outlets(self, ax, k, value)

    def summary(self) -> dict[str, int | float | str]:
        """The numbers of this result, for a log or a table.

        Examples
        --------
        >>> import wirecopy as wc
        >>> numbers = wc.dedup(["one story", "one story", "another", ""]).summary()
        >>> numbers["texts"], numbers["empty"], numbers["kept"], numbers["method"]
        (4, 1, 3, 'exact')
        """
        numbers: dict[str, int | float | str] = {
            "texts": self.n_texts,
            "empty": self.n_empty,
            "groups": self.n_groups,
            "pairs": self.n_pairs,
            "pairs_capped": self.pairs_capped,
            "duplicates": self.n_duplicates,
            "kept": self.n_texts - self.n_duplicates,
            "measure": self.measure,
            "threshold": self.threshold,
            "method": self.method,
            "candidates": self.n_candidates,
            "candidate_recall": self.candidate_recall,
            "pieces": self.pieces,
            "furniture": self.furniture,
            "shortened": self.n_shortened,
        }
        if self.banding is not None:
            numbers["bands"], numbers["rows"] = self.banding
        return numbers

    def report(
        self,
        path: str | os.PathLike[str],
        title: str | None = None,
        headlines: Sequence[str | None] | None = None,
        *,
        keywords: bool = True,
        limits: Limits | None = None,
    ) -> Path:
        """Write the groups as one self-contained HTML file, to be read in a browser.

        Parameters
        ----------
        path : str or path
            The file to write; an existing one is replaced.
        title : str, optional
            The title of the page.
        headlines : sequence of str, optional
            A headline for each text, or None where there is none (its first words are shown).
        keywords : bool, default True
            Count words, to say what each story is about and what reprints inflate.
        limits : wirecopy.report.Limits, optional
            How much the file holds at most; it says what it left out.

        Returns
        -------
        pathlib.Path
            The file written. What is in it says ``docs/report-and-display.md``.

        Raises
        ------
        ValueError
            Not one headline for each text.
        OSError
            The file cannot be written.
        """
        from wirecopy.report import write_report

        return write_report(
            self, path, title=title, headlines=headlines, keywords=keywords, limits=limits
        )

    @property
    def criterion(self) -> str:
        """What makes a match, in words: "Jaccard >= 0.5"."""
        if self._traits.equality:
            return self._traits.name
        return f"{self._traits.name} >= {self.threshold:g}"

    def __repr__(self) -> str:
        at = "with" if self._traits.equality else "at"
        return (
            f"<Dedup: {self.n_texts:,} {self.unit}s, {self.n_groups:,} groups, "
            f"{self.n_duplicates:,} duplicates {at} {self.criterion}>"
        )

    def _repr_html_(self) -> str:
        from wirecopy._display._dedup import dedup_html

        return dedup_html(self)
