"""Texts less their furniture, for comparing them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wirecopy import _core
from wirecopy._furniture import FurnitureRules, compiled_rules, source_numbers
from wirecopy._measures import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Bodies", "Furniture", "read_furniture"]

_LEVELS = ("conservative", "thorough", "keep")


@dataclasses.dataclass(frozen=True)
class Bodies:
    """Texts less their furniture, and how many of them had some."""

    texts: _core.TextColumn
    shortened: int

    @classmethod
    def joined(cls, first: Bodies, second: Bodies) -> Bodies:
        """Return the bodies of two collections, one after the other."""
        texts = _core.TextColumn.joined(first.texts, second.texts)
        return cls(texts, first.shortened + second.shortened)


@dataclasses.dataclass(frozen=True)
class Furniture:
    """What is taken off texts before they are compared: "keep" for nothing."""

    level: str
    rules: FurnitureRules | None = None

    def take_off(
        self,
        texts: _core.TextColumn,
        sources: Iterable[str | None] | None,
        threads: int,
        report: Callable[[str, int, int], object] | None,
    ) -> Bodies | None:
        """Return the bodies of texts; None where they are compared as they stand."""
        if self.level == "keep":
            return None
        rules = compiled_rules(self.rules)
        bodies, shortened = _core.find_bodies(
            texts,
            rules,
            thorough=self.level == "thorough",
            sources=[] if sources is None else source_numbers(rules, sources),
            threads=threads,
            progress=report,
        )
        return Bodies(bodies, shortened)


def read_furniture(value: Any, measure: Measure, unit: str = "article") -> Furniture:
    """Check the argument `furniture` of `dedup` and `match`."""
    alone = ""
    if measure.equality:
        alone = f"measure {measure.name!r}, which compares texts as they stand"
    elif unit != "article":
        alone = f"level={unit!r}, which compares paragraphs as they stand"
    if value is None:
        return Furniture("keep" if alone else "conservative")
    if isinstance(value, FurnitureRules):
        asked = Furniture("conservative", value)
    elif isinstance(value, str):
        if value not in _LEVELS:
            msg = f"furniture is {value!r}; must be one of {', '.join(map(repr, _LEVELS))}"
            raise ValueError(msg)
        asked = Furniture(value)
    else:
        msg = f"furniture is {type(value).__name__}; expected a str or FurnitureRules"
        raise TypeError(msg)
    if alone and asked.level != "keep":
        msg = f"furniture does not go with {alone}; leave it out, or pass 'keep'"
        raise ValueError(msg)
    return asked
