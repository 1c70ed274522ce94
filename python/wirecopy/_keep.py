"""Keeper rules: which text of a group is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from wirecopy import _core
from wirecopy._columns import read_numbers
from wirecopy._context import Context
from wirecopy._furniture import agency_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["KeepRule", "Keeping", "read_keep"]

KeepRule: TypeAlias = "str | tuple[str, Sequence[Any]]"


@dataclasses.dataclass(frozen=True)
class _Rule:
    name: str
    preferred: tuple[str, ...] = ()
    values: NDArray[Any] | None = None


def read_keep(keep: Any, context: Context, default: Sequence[str] = ()) -> list[_Rule]:
    """Check the rules against what was given; `default` goes first where nothing is said."""
    if keep is None:
        last = "earliest" if context.dates is not None else "first"
        return [_Rule(name) for name in (*default, last)]
    # A tuple is one rule with its argument; several rules are a list.
    given = list(keep) if isinstance(keep, list) else [keep]
    return [_read_rule(rule, context) for rule in given]


def _read_rule(rule: Any, context: Context) -> _Rule:
    match rule:
        case "first" | "last" | "longest" | "fullest":
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
                f"keep has {rule!r}; a rule is 'earliest', 'latest', 'longest', 'fullest', 'first', "
                "'last', 'wire', ('source', [names, most wanted first]), or ('least', numbers) and "
                "('greatest', numbers) with one number a text"
            )
            raise ValueError(msg)


def _require(column: object, message: str) -> None:
    if column is None:
        raise ValueError(message)


@dataclasses.dataclass(frozen=True)
class Keeping:
    """The order in which the texts of a result are wanted as keepers."""

    rules: list[_Rule]
    context: Context
    matches: _core.Matches

    def rank(self, cut: _core.Cut) -> NDArray[np.uint32]:
        """Place of each text in the order, 0 = most wanted: no two have the same.

        The matches of the cut say which is the fullest.
        """
        rows = np.arange(len(self.context.texts), dtype=np.int64)
        rules = [self._by_matches(rule, cut) for rule in self.rules]
        # Of numpy.lexsort, the last key decides first.
        keys = [rows, *(_key(r, self.context, self.matches.words, rows) for r in reversed(rules))]
        order = np.lexsort(keys)
        rank = np.empty(len(rows), dtype=np.uint32)
        rank[order] = rows
        return rank

    def _by_matches(self, rule: _Rule, cut: _core.Cut) -> _Rule:
        if rule.name != "fullest":
            return rule
        if self.matches.capped:  # not all pairs are listed: the next rule decides
            return _Rule("greatest", values=np.zeros(len(self.context.texts)))
        return _Rule("greatest", values=_core.fullness(self.matches, cut))


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
