"""What `dedup` and `match` ask of the core: the rule of a match, and how to find it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from wirecopy import _core
from wirecopy._arguments import read_bytes, read_integer, read_number, read_range, read_seed
from wirecopy._measures import MEASURES, Measure

__all__ = ["MOST_PAIRS", "Rule", "Search", "read_search"]

# That are listed unless another number is asked for.
MOST_PAIRS = 10_000_000
_MOST_ACROSS = 50_000_000

# Of measures "passages" and "reprint": texts with a seed in common, words that a passage passes over.
_PASSAGES_MAX_DF = 1000
_PASSAGES_MAX_GAP = 48
_MOST_PERMUTATIONS = 4096
_METHODS = ("exact", "minhash", "auto")
# Of the exact join, beside the texts: bytes for each byte of text.
_EXACT_MEMORY = 1.5


@dataclasses.dataclass(frozen=True)
class Rule:
    """When two texts match."""

    measure: str
    threshold: float
    min_shared: int
    min_ratio: float

    @property
    def traits(self) -> Measure:
        """What is known of the measure."""
        return MEASURES[self.measure]


@dataclasses.dataclass(frozen=True)
class Search:
    """A rule, and how the pairs that match by it are found."""

    rule: Rule
    method: str
    shingle_size: int
    max_df: int
    max_memory: int
    max_pairs: int | None
    num_perm: int
    recall: float
    seed: int
    #: Whether method "minhash" may give way to the exact join; for a part of a corpus that was decided
    #: for the whole.
    may_fall_back: bool = True

    def __post_init__(self) -> None:
        if self.method not in _METHODS:
            msg = f"method is {self.method!r}; must be one of {', '.join(map(repr, _METHODS))}"
            raise ValueError(msg)
        if not 1 <= self.num_perm <= _MOST_PERMUTATIONS:
            msg = f"num_perm is {self.num_perm}; must be from 1 to {_MOST_PERMUTATIONS}"
            raise ValueError(msg)
        if self.method == "minhash" and self.rule.measure != "jaccard":
            msg = (
                f"method='minhash' goes with measure='jaccard' only, not {self.rule.measure!r}: the "
                "signatures estimate no other measure"
            )
            raise ValueError(msg)
        if self.rule.traits.chained and self.max_memory:
            msg = (
                f"max_memory does not go with measure={self.rule.measure!r}, which reads the texts in "
                "one piece"
            )
            raise ValueError(msg)
        if self.method == "minhash" and self.max_df:
            msg = "max_df goes with method='exact': signatures are made before it is known"
            raise ValueError(msg)

    def run(
        self,
        texts: _core.TextColumn,
        *,
        split: int,
        threads: int,
        report: Callable[[str, int, int], object] | None,
    ) -> _core.Matches:
        """Find the matches; with `split` above 0, only those across that row."""
        rule = self.rule
        if rule.traits.equality:
            form = "bytes" if rule.measure == "identical" else "words"
            return _core.find_equal(texts, form=form, split=split, threads=threads, progress=report)
        if rule.traits.chained:
            return _core.find_passage_matches(
                texts,
                threshold=rule.threshold,
                min_words=rule.min_shared,
                max_df=self.max_df or _PASSAGES_MAX_DF,
                max_gap=_PASSAGES_MAX_GAP,
                split=split,
                near=rule.measure == "reprint",
                threads=threads,
                progress=report,
            )
        return _core.find_matches(
            texts,
            measure=rule.measure,
            minhash=self._minhash(texts),
            threshold=rule.threshold,
            min_shared=rule.min_shared,
            min_ratio=rule.min_ratio,
            shingle_size=self.shingle_size,
            max_df=self.max_df,
            split=split,
            max_memory=self.max_memory,
            max_pairs=_MOST_ACROSS if split else self.most_pairs,
            num_perm=self.num_perm,
            recall=self.recall,
            seed=self.seed,
            may_fall_back=self.may_fall_back,
            threads=threads,
            progress=report,
        )

    @property
    def most_pairs(self) -> int:
        """Pairs that are listed at most."""
        return MOST_PAIRS if self.max_pairs is None else self.max_pairs

    def _minhash(self, texts: _core.TextColumn) -> bool:
        if self.method != "auto":
            return self.method == "minhash"
        too_large = 0 < self.max_memory < _EXACT_MEMORY * texts.total_bytes
        return too_large and self.rule.measure == "jaccard" and not self.max_df


def read_search(
    *,
    measure: str,
    threshold: Any,
    min_shared: int | None,
    min_ratio: float | None,
    method: str,
    shingle_size: int,
    max_df: int | None,
    max_memory: int | str | None,
    num_perm: int,
    recall: float,
    seed: int,
    max_pairs: int | None = None,
) -> Search:
    """Check the arguments that `dedup` and `match` have in common."""
    return Search(
        rule=_read_rule(measure, threshold, min_shared, min_ratio),
        method=method,
        shingle_size=read_integer("shingle_size", shingle_size),
        max_df=0 if max_df is None else read_range("max_df", max_df, 1),
        max_memory=read_bytes("max_memory", max_memory),
        max_pairs=None if max_pairs is None else read_range("max_pairs", max_pairs, 1),
        num_perm=read_integer("num_perm", num_perm),
        recall=read_number("recall", recall),
        seed=read_seed(seed),
    )


def _read_rule(
    measure: str, threshold: Any, min_shared: int | None, min_ratio: float | None
) -> Rule:
    """Check what makes a match, and fill in what was not said."""
    if measure not in tuple(MEASURES):
        msg = f"measure is {measure!r}; must be one of {', '.join(map(repr, MEASURES))}"
        raise ValueError(msg)
    shared = None if min_shared is None else read_range("min_shared", min_shared, 1)
    ratio = 0.0 if min_ratio is None else read_number("min_ratio", min_ratio)
    traits = MEASURES[measure]
    if traits.threshold is None:
        given = {"threshold": threshold, "min_shared": min_shared, "min_ratio": min_ratio}
        for name, value in given.items():
            if value is not None:
                msg = f"{name} does not go with measure={measure!r}, which takes equal texts only"
                raise ValueError(msg)
        return Rule(measure, 1.0, 1, 0.0)
    least = traits.threshold if threshold is None else read_number("threshold", threshold)
    if traits.chained:
        if ratio > 0:
            msg = f"min_ratio does not go with measure={measure!r}"
            raise ValueError(msg)
        if shared is not None:
            read_range("min_shared", shared, 2)
    return Rule(measure, least, traits.min_shared if shared is None else shared, ratio)
