"""Keeper rules: which text of a group is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from wirecopy._columns import read_numbers
from wirecopy._context import Context
from wirecopy._furniture import agency_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["KeepRule", "keeper_rank", "read_keep"]

KeepRule: TypeAlias = "str | tuple[str, Sequence[Any]]"


@dataclasses.dataclass(frozen=True)
class _Rule:
    name: str
    preferred: tuple[str, ...] = ()
    values: NDArray[Any] | None = None


def read_keep(keep: Any, context: Context, default: str | None = None) -> list[_Rule]:
    """Check the rules against what was given; `default` goes first where nothing is said."""
    if keep is None:
        last = _Rule("earliest" if context.dates is not None else "first")
        return [last] if default is None else [_Rule(default), last]
    # A tuple is one rule with its argument; several rules are a list.
    given = list(keep) if isinstance(keep, list) else [keep]
    return [_read_rule(rule, context) for rule in given]


def _read_rule(rule: Any, context: Context) -> _Rule:
    match rule:
        case "first" | "last" | "longest":
            return _Rule(rule)
        case "earliest" | "latest":
            _require(context.dates, f"keep={rule!r} needs dates=")
            return _Rule(rule)
        case "wire":
            _require(context.sources, "keep='wire' needs sources=")
            return _Rule(rule)
        case ("source", preferred) if not isinstance(preferred, str):
            _require(context.sources, "keep=('source', ...) needs sources=")
            return _Rule("source", preferred=tuple(preferred))
        case ("least" | "greatest" as name, values) if not isinstance(values, str):
            n = len(context.texts)
            if context.paragraphs is not None:
                msg = f"keep=({name!r}, ...) does not go with level='paragraph'"
                raise ValueError(msg)
            return _Rule(name, values=read_numbers(values, n, f"keep=({name!r}, ...)"))
        case _:
            msg = (
                f"keep has {rule!r}; a rule is 'earliest', 'latest', 'longest', 'first', 'last', "
                "'wire', ('source', [names, most wanted first]), or ('least', numbers) and "
                "('greatest', numbers) with one number a text"
            )
            raise ValueError(msg)


def _require(column: object, message: str) -> None:
    if column is None:
        raise ValueError(message)


def keeper_rank(
    rules: list[_Rule], context: Context, words: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Place of each text in the keeper order, 0 = most wanted: no two have the same."""
    rows = np.arange(len(context.texts), dtype=np.int64)
    # Of numpy.lexsort, the last key decides first.
    keys = [rows, *(_key(rule, context, words, rows) for rule in reversed(rules))]
    order = np.lexsort(keys)
    rank = np.empty(len(rows), dtype=np.uint32)
    rank[order] = rows
    return rank


def _key(
    rule: _Rule, context: Context, words: NDArray[np.uint32], rows: NDArray[np.int64]
) -> NDArray[Any]:
    """Return numbers of which the least is wanted most; unknown ones are greatest."""
    if rule.values is not None:
        return rule.values if rule.name == "least" else -rule.values  # NaN sorts last
    if rule.name == "first":
        return rows
    if rule.name == "last":
        return -rows
    if rule.name == "longest":
        return -words.astype(np.int64)
    if context.dates is not None and rule.name == "earliest":
        return context.dates  # NaT sorts last
    if context.dates is not None and rule.name == "latest":
        micros = context.dates.astype("datetime64[us]").view(np.int64)
        return np.where(np.isnat(context.dates), np.iinfo(np.int64).max, -micros)
    assert context.sources is not None
    if rule.name == "wire":
        agency = {source: not agency_name(source or "") for source in set(context.sources)}
        return np.fromiter((agency[s] for s in context.sources), dtype=np.int64, count=len(rows))
    place = {source: i for i, source in reversed(list(enumerate(rule.preferred)))}
    last = len(rule.preferred)
    return np.fromiter(
        (place.get(s, last) for s in context.sources), dtype=np.int64, count=len(rows)
    )
