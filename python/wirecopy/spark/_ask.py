"""What `wirecopy.spark.dedup` is asked: arguments read and checked before a job runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Literal

from pyspark.sql import DataFrame
from pyspark.sql import types as T  # noqa: N812

from wirecopy import _core
from wirecopy._arguments import read_range
from wirecopy._bodies import Furniture, read_furniture
from wirecopy._context import Policy, read_policy
from wirecopy._measures import OF_SETS
from wirecopy._search import MOST_PAIRS, Search, read_search
from wirecopy.spark._frames import place_of, place_of_text

__all__ = ["Ask", "Names", "Rule", "read_ask"]

_INTEGERS = (T.ByteType, T.ShortType, T.IntegerType, T.LongType)
_NUMBERS = (*_INTEGERS, T.FloatType, T.DoubleType)
_DATES = (T.StringType, T.DateType, T.TimestampType, T.TimestampNTZType)


@dataclasses.dataclass(frozen=True)
class Names:
    """Names of the columns that are read, and what their ids are."""

    text: str
    id: str
    date: str | None
    source: str | None
    numbers: tuple[str, ...]  # of keeper rules, in their order
    id_type: Literal["string", "long"]
    date_is_text: bool


@dataclasses.dataclass(frozen=True)
class Rule:
    """When two sets match, as the core's steps take it."""

    measure: str
    threshold: float
    min_shared: int
    min_ratio: float

    @property
    def arguments(self) -> dict[str, Any]:
        """As keyword arguments of the core's steps."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Ask:
    """Everything that decides the answer. It is sent to the workers."""

    names: Names
    search: Search
    policy: Policy
    furniture: Furniture
    keep: tuple[Any, ...] | None  # rules, with names of columns in place of their numbers
    max_pairs: int
    max_bucket: int
    max_component: int

    @property
    def rule(self) -> Rule:
        """When two sets match."""
        asked = self.search.rule
        return Rule(asked.measure, asked.threshold, asked.min_shared, asked.min_ratio)


def read_ask(
    df: DataFrame,
    *,
    text: Any,
    id: Any,  # noqa: A002
    date: Any,
    source: Any,
    threshold: Any,
    measure: str,
    method: str,
    shingle_size: int,
    furniture: Any,
    min_shared: int | None,
    min_ratio: float | None,
    keep: Any,
    window: Any,
    across_sources: Any,
    merge_templates: Any,
    max_pairs: int | None,
    num_perm: int,
    recall: float,
    seed: int,
    max_bucket: int | None,
    max_component: int,
) -> Ask:
    """Check everything that can be checked without reading a row."""
    if measure not in OF_SETS:  # passages need positions, and equal texts need no search
        msg = f"measure is {measure!r}; on Spark it must be one of {', '.join(map(repr, OF_SETS))}"
        raise ValueError(msg)
    if method not in {"exact", "minhash"}:
        msg = f"method is {method!r}; on Spark it must be 'exact' or 'minhash'"
        raise ValueError(msg)
    search = read_search(
        measure=measure,
        threshold=threshold,
        min_shared=min_shared,
        min_ratio=min_ratio,
        method=method,
        shingle_size=shingle_size,
        max_df=None,
        max_memory=None,
        max_pairs=max_pairs,
        num_perm=num_perm,
        recall=recall,
        seed=seed,
    )
    policy = read_policy(window, across_sources, merge_templates)
    if policy.window is not None and date is None:
        msg = "window needs date="
        raise ValueError(msg)
    if policy.across_sources and source is None:
        msg = "across_sources needs source="
        raise ValueError(msg)
    taken = read_furniture(furniture, search.rule.traits)
    # The core checks what is left: a threshold out of range, too few permutations, the rules.
    search.run(_core.TextColumn.from_strings([]), split=0, threads=1, report=None)
    rules = _read_keep(df, keep, date, source)
    return Ask(
        names=_read_names(df, text=text, id=id, date=date, source=source, rules=rules),
        search=search,
        policy=policy,
        furniture=taken,
        keep=rules,
        max_pairs=MOST_PAIRS if max_pairs is None else search.most_pairs,
        max_bucket=0 if max_bucket is None else read_range("max_bucket", max_bucket, 2),
        max_component=read_range("max_component", max_component, 2),
    )


def _read_names(
    df: DataFrame,
    *,
    text: Any,
    id: Any,  # noqa: A002
    date: Any,
    source: Any,
    rules: Sequence[Any] | None,
) -> Names:
    place_of_text(df, text)
    id_type = df.schema.fields[place_of(df, id, "id", (T.StringType, *_INTEGERS))].dataType
    date_is_text = False
    if date is not None:
        date_type = df.schema.fields[place_of(df, date, "date", _DATES)].dataType
        date_is_text = isinstance(date_type, T.StringType)
    if source is not None:
        place_of_text(df, source, "source")
    return Names(
        text=text,
        id=id,
        date=date,
        source=source,
        numbers=tuple(rule[1] for rule in rules or () if rule[0] in {"least", "greatest"}),
        id_type="string" if isinstance(id_type, T.StringType) else "long",
        date_is_text=date_is_text,
    )


def _read_keep(df: DataFrame, keep: Any, date: Any, source: Any) -> tuple[Any, ...] | None:
    """Check the rules; `read_keep` of the core's package does so again, with the columns in hand."""
    if keep is None:
        return None
    for rule in list(keep) if isinstance(keep, list) else [keep]:
        match rule:
            case "first" | "last" | "longest" | "fullest":
                pass
            case "earliest" | "latest" if date is not None:
                pass
            case "wire" if source is not None:
                pass
            case ("source", preferred) if source is not None and not isinstance(preferred, str):
                pass
            case "earliest" | "latest":
                msg = f"keep={rule!r} needs date="
                raise ValueError(msg)
            case "wire" | ("source", _):
                msg = f"keep={rule!r} needs source="
                raise ValueError(msg)
            case ("least" | "greatest" as name, column):
                place_of(df, column, f"keep=({name!r}, ...)", _NUMBERS)
            case _:
                msg = (
                    f"keep has {rule!r}; a rule is 'earliest', 'latest', 'longest', 'fullest', "
                    "'first', 'last', 'wire', ('source', [names, most wanted first]), or "
                    "('least', column) and ('greatest', column) with the name of a column of numbers"
                )
                raise ValueError(msg)
    rules = list(keep) if isinstance(keep, list) else [keep]
    # As tuples: what was given may change, and has to be sent to the workers.
    return tuple(
        (rule[0], tuple(rule[1]) if rule[0] == "source" else rule[1])
        if isinstance(rule, tuple)
        else (rule,)
        for rule in rules
    )
