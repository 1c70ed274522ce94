"""Near-duplicate articles on Spark: `wirecopy.dedup` over a DataFrame."""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Literal

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812

from wirecopy import _core
from wirecopy._furniture import FurnitureRules
from wirecopy._keep import KeepRule
from wirecopy.spark._ask import Ask, read_ask
from wirecopy.spark._candidates import (
    band_keys,
    frequent_shingles,
    meet,
    prefix_keys,
    spread,
    sums_of,
)
from wirecopy.spark._components import MOST_IN_ONE_TASK, components
from wirecopy.spark._frames import beside, require_frame
from wirecopy.spark._groups import CAPPED, GROUPS, PAIRS, Shape, group_components
from wirecopy.spark._session import context_of, stage
from wirecopy.spark._sets import bad_rows, read_sets, usable
from wirecopy.spark._verify import verify

__all__ = ["SparkDedup", "dedup"]

#: Sets of one part, about; and parts at most, so that blobs of keys do not become crumbs.
_SETS_A_PART = 5_000
_MOST_PARTS = 10_000
_LEAST_PARTS = 4
#: Sets that one task on a heap holds: 24 MB as they travel, 50 MB in memory.
_BLOCK = 20_000
#: Examples that an error names.
_EXAMPLES = 5
_TASKS = "spark.sql.shuffle.partitions"
_LARGE = "spark.sql.execution.arrow.useLargeVarTypes"


class SparkDedup:
    """What `wirecopy.spark.dedup` found: DataFrames, and counts in `stats`.

    The groups and pairs are computed and stored (in memory, on disk where that is full) when `dedup`
    returns. `unpersist` frees that.

    Attributes
    ----------
    groups : DataFrame
        A row for each text in a group, as `Dedup.groups` of `wirecopy.dedup`: group (the least id in
        it), id, role, keeper (an id), similarity (where the measure is not Jaccard), jaccard, verdict,
        size.
    pairs : DataFrame
        A row for each pair, as `Dedup.pairs`: a and b (ids, a < b), similarity (likewise), jaccard and
        the other columns of evidence; days_apart where dates were given, same_source where sources
        were.
    keep : DataFrame
        A row for each usable text: id, keep (False for what a group's keeper stands for).
    bad_rows : DataFrame
        A row for each row that could not be used: id, problem. Empty with ``on_bad="fail"``.
    stats : dict
        Counts: see `dedup`.

    Examples
    --------
    >>> import wirecopy.spark as ws
    >>> story = "The harbour bridge will reopen to traffic on Monday, the city said."
    >>> df = spark.createDataFrame([(1, story), (2, "PORT ELLERY - " + story), (3, "Rain.")],
    ...                            "id long, text string")
    >>> result = ws.dedup(df)
    >>> result
    <SparkDedup: 3 texts, 1 groups, 1 duplicates>
    >>> [(row.id, row.keep) for row in result.keep.orderBy("id").collect()]
    [(1, True), (2, False), (3, True)]
    >>> result.unpersist()
    """

    def __init__(
        self,
        *,
        groups: DataFrame,
        pairs: DataFrame,
        keep: DataFrame,
        bad: DataFrame,
        stats: dict[str, Any],
        stored: Sequence[DataFrame],
    ) -> None:
        self.groups = groups
        self.pairs = pairs
        self.keep = keep
        self.bad_rows = bad
        self.stats = stats
        self._stored = stored

    def unpersist(self) -> None:
        """Free what is stored: whatever is asked for afterwards is computed again."""
        for frame in self._stored:
            frame.unpersist()

    def __repr__(self) -> str:
        numbers = self.stats
        return (
            f"<SparkDedup: {numbers['texts']:,} texts, {numbers['groups']:,} groups, "
            f"{numbers['duplicates']:,} duplicates>"
        )


def dedup(
    df: DataFrame,
    *,
    text: str = "text",
    id: str = "id",  # noqa: A002
    date: str | None = None,
    source: str | None = None,
    threshold: float | None = None,
    measure: str = "jaccard",
    method: str = "exact",
    furniture: str | FurnitureRules | None = None,
    shingle_size: int = 5,
    min_shared: int | None = None,
    min_ratio: float | None = None,
    keep: KeepRule | Sequence[KeepRule] | None = None,
    window: float | timedelta | None = None,
    across_sources: bool = False,
    merge_templates: bool = False,
    max_pairs: int | None = None,
    num_perm: int = 128,
    recall: float = 0.99,
    seed: int = 1,
    max_bucket: int | None = None,
    max_component: int = 1_000_000,
    on_bad: Literal["fail", "report"] = "fail",
    checkpoint: str | None = None,
) -> SparkDedup:
    """Find texts that are copies of one another: `wirecopy.dedup`, on Spark, with the same answer.

    The groups, keepers, roles, pairs and verdicts are those that `wirecopy.dedup` gives for the same
    rows in the order of their ids, whatever the number of partitions and whatever order the rows come
    in. How it is done, and what it costs, is in ``docs/spark.md``.

    Parameters
    ----------
    df : DataFrame
        Spark's. It is read twice, and must give the same rows each time.
    text : str, default "text"
        Name of the column of texts. A null or wordless text stays a row and matches nothing.
    id : str, default "id"
        Name of a column of strings or integers, no two equal and none null. Where `wirecopy.dedup` goes
        by the position of a row (ties between keepers, "first", "last", a < b in pairs), the order of
        ids decides: of numbers by size, of strings by code point.
    date, source : str, optional
        Names of columns: of dates, timestamps or ISO 8601 strings, and of strings. As `dates` and
        `sources` of `wirecopy.dedup`.
    threshold, furniture, shingle_size, min_shared, min_ratio, window, across_sources, merge_templates
        As for `wirecopy.dedup`.
    measure : {"jaccard", "containment", "overlap"}, default "jaccard"
        As for `wirecopy.dedup`; what needs more than shingle sets is not here.
    method : {"exact", "minhash"}, default "exact"
        "exact" finds every pair that matches, through a prefix of each set: half of its members at the
        threshold 0.5. "minhash" (for "jaccard") compares only texts whose signatures agree in some
        band; with the same `num_perm`, `recall` and `seed` these are the candidates of
        `wirecopy.dedup` (less those that 32 bits make by chance there). It sends less between the
        machines. Where bands would give more than 64 candidates a text and a million more, the exact
        join is taken, as there; `stats` says so.
    keep : str, tuple, or list of these, optional
        As for `wirecopy.dedup`, but ("least", column) and ("greatest", column) take the name of a
        column of numbers.
    max_pairs : int, optional
        Most pairs to list of one component (texts that matches connect). Where there are more, `pairs`
        has those of a text and its group's keeper, and a warning says so; the groups are complete. A
        worker needs some 300 bytes for each. Default: 10,000,000.
    num_perm, recall, seed
        As for `wirecopy.dedup`.
    max_bucket : int, optional
        Compare the texts of a larger bucket (texts with one key in common) in blocks of this many only.
        Then matches may be missed; a warning says how many pairs were not looked at, and `stats` has
        the numbers. Default: no limit, every bucket is compared in full.
    max_component : int, default 1,000,000
        Most texts that matches may connect: they have to fit in the memory of one worker.
    on_bad : {"fail", "report"}, default "fail"
        What to do with a row whose id is null or not the only one, whose text or source is not UTF-8
        (``cast(bytes as string)`` makes such) or whose date cannot be read. "fail" raises an error that
        names some of them. "report" leaves them out, and lists them in `SparkDedup.bad_rows`.
    checkpoint : str, optional
        A folder that all workers reach, for `SparkContext.setCheckpointDir`, where none is set. Where
        components are found in rounds (more than 4 million edges), each round is written there, and a
        lost executor costs a round. Without one a round stays with its executors, and where one of them
        is lost the job fails.

    Returns
    -------
    SparkDedup
        Its `stats`: texts, empty, bad, method; buckets (with two sets or more), largest_bucket, heaps
        (tasks on buckets too large to list their pairs), capped_buckets and pairs_not_compared (see
        `max_bucket`), candidates (different pairs whose sets were asked for, those in heaps not
        counted), compared; edges, rounds, components, largest_component (texts), in_components (texts);
        groups, pairs, duplicates, capped_components (see `max_pairs`); for "minhash" bands, rows and
        candidate_recall.

    Raises
    ------
    TypeError, ValueError
        Before a job runs: arguments that do not go together, are out of range, or name no such column.
        Later: rows that cannot be used, and a component that is too large.
    RuntimeError
        The workers have another wirecopy than the driver, or none.

    References
    ----------
    R. Vernica, M. J. Carey and C. Li, "Efficient parallel set-similarity joins using MapReduce", SIGMOD
    2010 (prefix filter between machines).
    R. Kiveris, S. Lattanzi, V. Mirrokni, V. Rastogi and S. Vassilvitskii, "Connected components in
    MapReduce and beyond", SoCC 2014.

    Examples
    --------
    >>> import wirecopy.spark as ws
    >>> story = "The harbour bridge will reopen to traffic on Monday, the city said."
    >>> df = spark.createDataFrame(
    ...     [("a", story), ("b", "PORT ELLERY - " + story), ("c", "Tram drivers end their strike.")],
    ...     "id string, text string",
    ... )
    >>> result = ws.dedup(df)
    >>> [(row.id, row.role, row.keeper) for row in result.groups.collect()]
    [('a', 'keeper', 'a'), ('b', 'copy', 'a')]
    >>> [(row.a, row.b, row.verdict) for row in result.pairs.collect()]
    [('a', 'b', 'same text')]
    """
    frame = require_frame(df)
    if on_bad not in {"fail", "report"}:
        msg = f"on_bad is {on_bad!r}; must be 'fail' or 'report'"
        raise ValueError(msg)
    ask = read_ask(
        frame,
        text=text,
        id=id,
        date=date,
        source=source,
        threshold=threshold,
        measure=measure,
        method=method,
        shingle_size=shingle_size,
        furniture=furniture,
        min_shared=min_shared,
        min_ratio=min_ratio,
        keep=keep,
        window=window,
        across_sources=across_sources,
        merge_templates=merge_templates,
        max_pairs=max_pairs,
        num_perm=num_perm,
        recall=recall,
        seed=seed,
        max_bucket=max_bucket,
        max_component=max_component,
    )
    return _Run(frame, ask, Limits(), on_bad, checkpoint).run()


@dataclasses.dataclass(frozen=True)
class Limits:
    """Sizes that change how much is done at a time and no answer: tests make them small."""

    sets_a_part: int = _SETS_A_PART
    least_parts: int = _LEAST_PARTS
    block: int = _BLOCK
    edges_in_one_task: int = MOST_IN_ONE_TASK


class _Run:
    """One call: the steps in their order, each with its name in Spark's UI."""

    def __init__(
        self, df: DataFrame, ask: Ask, limits: Limits, on_bad: str, checkpoint: str | None
    ) -> None:
        self._df = df
        self._ask = ask
        self._limits = limits
        self._on_bad = on_bad
        self._checkpoint = checkpoint
        self._spark: SparkSession = df.sparkSession
        self._large = str(self._spark.conf.get(_LARGE, "false")).lower() == "true"
        self._tasks = int(str(self._spark.conf.get(_TASKS, "200")))
        self._stored: list[DataFrame] = []
        self._round: DataFrame | None = None
        self._stats: dict[str, Any] = {"method": ask.search.method}

    def run(self) -> SparkDedup:
        try:
            return self._result(*self._find())
        except BaseException:
            self._forget_round()
            raise
        finally:
            for frame in self._stored:
                frame.unpersist()

    def _store(self, frame: DataFrame) -> DataFrame:
        """Keep what is used more than once. It is computed again where an executor is lost."""
        stored = frame.persist(StorageLevel.MEMORY_AND_DISK)
        self._stored.append(stored)
        return stored

    def _step(self, name: str) -> Any:
        return stage(self._spark, f"wirecopy dedup: {name}")

    def _find(self) -> tuple[DataFrame, DataFrame | None]:
        sets, rows = self._read()
        # Each task has to be worth its while, and Spark does not join small ones of what it stores. Said
        # with each shuffle and not by a setting of the session, which its other threads would have too.
        self._tasks = min(self._tasks, self._parts(rows))
        sets, bad = self._usable(sets, rows)
        met, parts = self._meet(sets)
        edges = self._verify(met, sets, parts)
        members = self._connect(sets, edges)
        return self._group(members), bad

    def _parts(self, texts: int) -> int:
        """How many parts there are, of keys and of sets."""
        wanted = math.ceil(texts / self._limits.sets_a_part)
        return min(max(wanted, self._limits.least_parts), _MOST_PARTS)

    # --- steps ------------------------------------------------------------------------------------

    def _read(self) -> tuple[DataFrame, int]:
        """Sets of all texts, and how many rows there are."""
        sets = self._store(read_sets(self._df, self._ask, self._large))
        with self._step("reading texts"):
            return sets, sets.count()

    def _usable(self, sets: DataFrame, rows: int) -> tuple[DataFrame, DataFrame | None]:
        """Sets of the texts that can be used, and the rows that cannot."""
        with self._step("looking for repeated ids"):
            bad = self._store(bad_rows(sets, self._tasks))
            unusable = bad.count()
        if unusable:
            if self._on_bad == "fail":
                raise self._refusal(bad)
            sets = self._store(usable(sets, bad, unusable, self._tasks))
        self._ids = self._store(sets.select("id"))
        with self._step("counting texts"):
            self._ids.count()  # stored while the sets are: df may be another one later
            left = sets.agg(F.count("*").alias("rows"), F.count("node").alias("sets")).first()
        assert left is not None
        self._stats |= {
            "texts": left["rows"],
            "empty": left["rows"] - left["sets"],
            "bad": rows - left["rows"],
        }
        return sets, bad if unusable else None

    def _refusal(self, bad: DataFrame) -> ValueError:
        examples = bad.orderBy("id", "problem").limit(_EXAMPLES).collect()
        count = bad.count()
        named = "; ".join(f"{row['id']!r}: {row['problem']}" for row in examples)
        more = "" if count <= len(examples) else f"; and {count - len(examples):,} more"
        return ValueError(
            f"{count:,} row{'s' if count > 1 else ''} cannot be used ({self._ask.names.id}: problem): "
            f'{named}{more}. on_bad="report" leaves them out and lists them'
        )

    def _meet(self, sets: DataFrame) -> tuple[DataFrame, int]:
        """What the candidates are: parcels of pairs, requests and heaps."""
        texts = self._stats["texts"] - self._stats["empty"]
        parts = self._parts(texts)
        if self._ask.search.method == "minhash":
            met = self._meet_by_bands(sets, parts)
            if met is not None:
                return met, parts
        with self._step("finding frequent shingles"):
            frequent = frequent_shingles(sets, texts, self._large)
        keys = prefix_keys(sets, parts, self._ask.rule, frequent, self._large)
        return self._store_met(keys, parts)[0], parts

    def _meet_by_bands(self, sets: DataFrame, parts: int) -> DataFrame | None:
        """The same by bands; None where they give too many candidates."""
        search = self._ask.search
        bands, rows, recall = _core.parts.choose_banding(
            search.rule.threshold, search.recall, search.num_perm
        )
        self._stats |= {"bands": bands, "rows": rows, "candidate_recall": recall}
        keys = band_keys(sets, parts, bands=bands, rows=rows, seed=search.seed, large=self._large)
        met, together = self._store_met(keys, parts)
        # The rule of the core (dedup.cc): by texts that differ in a byte, null and empty ones counted.
        if together > 1_000_000:
            with self._step("counting texts"):
                different = sets.agg(
                    F.count_distinct("content").alias("content"),
                    F.count_if(F.col("content").isNull()).alias("empty"),
                ).first()
            assert different is not None
            if together > 64 * (different["content"] + different["empty"]) + 1_000_000:
                self._stats |= {
                    "method": "exact (bands of MinHash values met in too many texts)",
                    "candidate_recall": 1.0,
                }
                exact = dataclasses.replace(self._ask.search, method="exact")
                self._ask = dataclasses.replace(self._ask, search=exact)
                return None
        return met

    def _store_met(self, keys: DataFrame, parts: int) -> tuple[DataFrame, int]:
        met = self._store(
            meet(
                keys,
                parts,
                self._ask.rule,
                block=self._limits.block,
                max_bucket=self._ask.max_bucket,
                large=self._large,
                tasks=self._tasks,
            )
        )
        with self._step("finding candidates"):
            sums = sums_of(met)
        self._stats |= {
            "buckets": sums["buckets"],
            "largest_bucket": sums["largest"],
            "heaps": sums["heaps"],
            "capped_buckets": sums["capped"],
            "pairs_not_compared": sums["not_compared"],
        }
        return met, sums["together"]

    def _verify(self, met: DataFrame, sets: DataFrame, parts: int) -> DataFrame:
        """Edges that connect what matches."""
        compared = self._store(
            verify(met, spread(sets, parts, self._large), self._ask.rule, self._large, self._tasks)
        )
        with self._step("comparing candidates"):
            found = compared.agg(
                F.count("a").alias("edges"),
                F.coalesce(F.sum("candidates"), F.lit(0)).alias("candidates"),
                F.coalesce(F.sum("compared"), F.lit(0)).alias("compared"),
            ).first()
        assert found is not None
        self._stats |= found.asDict()
        return compared.where("a is not null").select("a", "b")

    def _connect(self, sets: DataFrame, edges: DataFrame) -> DataFrame:
        """Texts of components of two texts or more: id, component, size."""
        labels, rounds = components(
            edges, self._stats["edges"], self._cut_off, self._limits.edges_in_one_task
        )
        self._stats["rounds"] = rounds
        nodes = sets.where("node is not null").select("id", "node")
        nodes, labels = beside(nodes, labels, 2 * self._stats["edges"], "node", self._tasks)
        named = nodes.join(labels, "node", "left").select(
            "id", F.coalesce("component", "node").alias("component")
        )
        named = named.repartition(self._tasks, "component")
        everybody = F.count("*").over(Window.partitionBy("component"))
        members = self._store(named.withColumn("size", everybody).where("size > 1"))
        with self._step("connecting matches"):
            found = members.agg(
                F.count("*").alias("in_components"),
                F.coalesce(F.max("size"), F.lit(0)).alias("largest_component"),
                F.count_distinct("component").alias("components"),
            ).first()
        assert found is not None
        self._stats |= found.asDict()
        if found["largest_component"] > self._ask.max_component:
            largest = members.orderBy(F.desc("size"), "id").select("id").first()
            assert largest is not None
            msg = (
                f"matches connect {found['largest_component']:,} texts (one of them has "
                f"{self._ask.names.id} {largest['id']!r}), more than max_component="
                f"{self._ask.max_component:,}: ask for a higher threshold, or give max_component where "
                "a worker can hold them"
            )
            raise ValueError(msg)
        return members

    def _cut_off(self, frame: DataFrame, name: str) -> DataFrame:
        """A round's result, computed and cut off from how it came about."""
        context = context_of(self._spark)
        with self._step(name):
            if context is not None:
                if self._checkpoint is not None and context.getCheckpointDir() is None:
                    context.setCheckpointDir(self._checkpoint)
                if context.getCheckpointDir() is not None:
                    return frame.checkpoint(eager=True)
            kept = frame.localCheckpoint(eager=True)
        self._forget_round()  # the one before, which nothing is computed from any more
        self._round = kept
        return kept

    def _forget_round(self) -> None:
        """Free a round that stays with its executors, which `unpersist` does not do."""
        java = getattr(self._round, "_jdf", None)
        self._round = None
        if java is not None:
            # Spark does it by itself, if late, once the JVM has collected the frame: no reason to fail.
            with suppress(Exception):
                java.queryExecution().analyzed().rdd().unpersist(False)

    def _group(self, members: DataFrame) -> DataFrame:
        """Rows of groups and pairs."""
        found = group_components(
            self._df,
            members,
            self._ask,
            count=self._stats["in_components"],
            large=self._large,
            tasks=self._tasks,
        )
        stored = self._store(found)
        with self._step("grouping"):
            is_group = F.col("kind") == GROUPS
            counts = stored.agg(
                F.count_if(is_group & (F.col("group_role") == "keeper")).alias("groups"),
                F.count_if(is_group).alias("grouped"),
                F.count_if(F.col("kind") == PAIRS).alias("pairs"),
                F.count_if(F.col("kind") == CAPPED).alias("capped_components"),
            ).first()
        assert counts is not None
        numbers = counts.asDict()
        numbers["duplicates"] = numbers.pop("grouped") - numbers["groups"]
        self._stats |= numbers
        return stored

    # --- the result -------------------------------------------------------------------------------

    def _result(self, found: DataFrame, bad: DataFrame | None) -> SparkDedup:
        shape = Shape.of(self._ask)
        stats = self._stats
        groups = found.where(F.col("kind") == GROUPS).select(*shape.select(GROUPS))
        pairs = found.where(F.col("kind") == PAIRS).select(*shape.select(PAIRS))
        names = self._ask.names
        stored = [found, self._ids]
        empty = self._spark.createDataFrame([], f"id {names.id_type}, problem string")
        if bad is not None:
            stored.append(bad)
        gone = groups.where("role <> 'keeper'").select("id", F.lit(False).alias("keep"))
        keep = self._ids.join(gone, "id", "left").select(
            "id", F.coalesce("keep", F.lit(True)).alias("keep")
        )
        self._warn()
        # From here on they are the result's.
        self._stored = [frame for frame in self._stored if all(frame is not one for one in stored)]
        return SparkDedup(
            groups=groups,
            pairs=pairs,
            keep=keep,
            bad=empty if bad is None else bad,
            stats=stats,
            stored=stored,
        )

    def _warn(self) -> None:
        stats = self._stats
        if stats["capped_buckets"]:
            msg = (
                f"{stats['capped_buckets']:,} buckets have more than max_bucket="
                f"{self._ask.max_bucket:,} texts: {stats['pairs_not_compared']:,} pairs in one bucket "
                "were not compared there, and matches among them may be missing"
            )
            warnings.warn(msg, stacklevel=4)
        if stats["capped_components"]:
            msg = (
                f"{stats['capped_components']:,} components have more than max_pairs="
                f"{self._ask.max_pairs:,} pairs: .pairs lists only those of a text and its group's "
                "keeper there (the groups are complete)"
            )
            warnings.warn(msg, stacklevel=4)
