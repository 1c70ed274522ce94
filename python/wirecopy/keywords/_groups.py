"""A group for each text, by a column of labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._columns import read_objects

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Groups:
    """Labels in order, and which of them each text has (-1: none)."""

    labels: list[Any]
    of_text: NDArray[np.int32]

    def number(self, label: Any) -> int:
        try:
            return self.labels.index(label)
        except ValueError:
            few = ", ".join(repr(known) for known in self.labels[:10])
            more = ", ..." if len(self.labels) > 10 else ""
            raise KeyError(f"no group {label!r}; the groups are {few}{more}") from None


def read_groups(by: Any, n: int) -> Groups:
    """Read a label a text; equal ones are a group, a null one is none.

    Groups are sorted where their labels can be, else in the order in which they are met.
    """
    return group_labels(read_objects(by, n, "by"))


def group_labels(labels: Iterable[Any]) -> Groups:
    """Group rows that were read already: as `read_groups`."""
    labels = list(labels)
    met: dict[Any, None] = {}
    for row, label in enumerate(labels):
        if label is None:
            continue
        try:
            met[label] = None
        except TypeError:
            raise TypeError(
                f"by[{row}] is {type(label).__name__}; a label must be hashable, e.g. a str"
            ) from None
    ordered = list(met)
    try:
        ordered.sort()
    except TypeError:
        ordered = list(met)
    numbers = {label: number for number, label in enumerate(ordered)}
    of_text = [-1 if label is None else numbers[label] for label in labels]
    return Groups(ordered, np.array(of_text, dtype=np.int32))
