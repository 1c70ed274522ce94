"""What an archive is made with, once: how its texts are read, and what is kept of them."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

from wirecopy import _core
from wirecopy._arguments import (
    read_flag,
    read_integer,
    read_number,
    read_range,
    read_seed,
)
from wirecopy._bodies import Furniture, read_furniture
from wirecopy._furniture import FurnitureRules
from wirecopy._measures import MEASURES

__all__ = ["ArchiveOptions", "furniture_of", "furniture_print", "read_options"]

_LEVELS = ("keep", "conservative", "thorough")
_METHODS = ("exact", "minhash")
_MOST_PERMUTATIONS = 4096


@dataclasses.dataclass(frozen=True)
class ArchiveOptions:
    """What was asked for; None where nothing was said."""

    method: str | None
    sets: bool | None
    texts: bool | None
    furniture: Furniture | None
    shingle_size: int | None
    threshold: float | None
    num_perm: int | None
    recall: float | None
    seed: int | None

    def made(self) -> _core.ArchiveSettings:
        """Return the settings of a new archive."""
        minhash = self.method == "minhash"
        furniture = self.furniture or Furniture("conservative")
        return _core.ArchiveSettings(
            minhash=minhash,
            sets=not minhash if self.sets is None else self.sets,
            texts=bool(self.texts),
            shingle_size=5 if self.shingle_size is None else self.shingle_size,
            num_perm=128 if self.num_perm is None else self.num_perm,
            threshold=0.5 if self.threshold is None else self.threshold,
            recall=0.99 if self.recall is None else self.recall,
            seed=1 if self.seed is None else self.seed,
            furniture=_LEVELS.index(furniture.level),
            furniture_print=furniture_print(furniture),
            furniture_rules="" if furniture.rules is None else furniture.rules.text,
        )

    def require_same(self, settings: dict[str, Any], path: str) -> None:
        """Raise where an existing archive was made with something else than what was asked for."""
        found = {
            "method": "minhash" if settings["minhash"] else "exact",
            "sets": settings["sets"],
            "texts": settings["texts"],
            "shingle_size": settings["shingle_size"],
            "furniture": _LEVELS[settings["furniture"]],
        }
        if settings["minhash"]:
            found |= {name: settings[name] for name in ("threshold", "num_perm", "seed")}
        asked: dict[str, Any] = {name: getattr(self, name) for name in found}
        if self.furniture is not None:
            asked["furniture"] = self.furniture.level
            rules = "" if self.furniture.rules is None else self.furniture.rules.text
            if rules != settings["furniture_rules"]:
                msg = f"furniture has other rules than the archive in {path} was made with"
                raise ValueError(msg)
        for name, value in asked.items():
            if value is not None and value != found[name]:
                msg = (
                    f"{name} is {value!r}, but the archive in {path} was made with {found[name]!r}; "
                    "leave it out to open the archive as it is"
                )
                raise ValueError(msg)


def read_options(
    *,
    method: Any,
    sets: Any,
    texts: Any,
    furniture: Any,
    shingle_size: Any,
    threshold: Any,
    num_perm: Any,
    recall: Any,
    seed: Any,
) -> ArchiveOptions:
    """Check what was asked for, before any file is looked at."""
    if method is not None and method not in _METHODS:
        msg = f"method is {method!r}; must be 'exact' or 'minhash'"
        raise ValueError(msg)
    if method != "minhash":
        given = {"threshold": threshold, "num_perm": num_perm, "recall": recall, "seed": seed}
        for name, value in given.items():
            if value is not None:
                msg = f"{name} goes with method='minhash'; an exact archive takes any at each match"
                raise ValueError(msg)
        if sets is not None and not read_flag("sets", sets):
            msg = "sets=False goes with method='minhash': an exact archive is made of its sets"
            raise ValueError(msg)
    least = None if threshold is None else read_number("threshold", threshold)
    if least is not None and not 0 < least <= 1:
        msg = f"threshold is {least}; must be above 0 and at most 1"
        raise ValueError(msg)
    wanted = None if recall is None else read_number("recall", recall)
    if wanted is not None and not 0 < wanted < 1:
        msg = f"recall is {wanted}; must be above 0 and below 1"
        raise ValueError(msg)
    jaccard = MEASURES["jaccard"]
    return ArchiveOptions(
        method=method,
        sets=None if sets is None else read_flag("sets", sets),
        texts=None if texts is None else read_flag("texts", texts),
        furniture=None if furniture is None else read_furniture(furniture, jaccard),
        shingle_size=None if shingle_size is None else read_integer("shingle_size", shingle_size),
        threshold=least,
        num_perm=None
        if num_perm is None
        else read_range("num_perm", num_perm, 1, _MOST_PERMUTATIONS),
        recall=wanted,
        seed=None if seed is None else read_seed(seed),
    )


def furniture_print(furniture: Furniture) -> int:
    """Hash the rules that take furniture off: 0 where it is kept."""
    if furniture.level == "keep":
        return 0
    more = "" if furniture.rules is None else furniture.rules.text
    rules = f"{FurnitureRules.shipped().text}\0{more}"
    return int.from_bytes(hashlib.blake2b(rules.encode(), digest_size=8).digest(), "little")


def furniture_of(settings: dict[str, Any]) -> Furniture:
    """Return what an archive takes off the texts it gets."""
    more = settings["furniture_rules"]
    return Furniture(_LEVELS[settings["furniture"]], FurnitureRules(more) if more else None)
