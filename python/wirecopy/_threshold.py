"""A threshold from pairs that someone has judged."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy._arguments import is_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SuggestedThreshold", "read_judged", "row_of", "suggest"]

_RESAMPLES = 2000
_CONFIDENCE = 0.95


@dataclasses.dataclass(frozen=True)
class SuggestedThreshold:
    """A threshold that parts judged pairs best, and how sure that is.

    Attributes
    ----------
    threshold : float
        In the middle between the two judged similarities that it parts.
    low, high : float
        95 % confidence interval of the threshold, by bootstrap.
    errors : int
        Judged pairs on the wrong side of `threshold`.
    n : int
        Judged pairs.
    precision, recall : float
        Of the judged pairs at or above `threshold`; NaN where there are none to divide by.

    Examples
    --------
    >>> import wirecopy as wc
    >>> words = "one two three four five six seven eight nine ten".split()
    >>> result = wc.dedup([" ".join(words[:n]) for n in (10, 9, 8, 6)], threshold=0.3)
    >>> found = result.suggest_threshold([(0, 1, True), (0, 2, True), (0, 3, False)])
    >>> round(found.threshold, 3), found.errors, found.n
    (0.5, 0, 3)
    """

    threshold: float
    low: float
    high: float
    errors: int
    n: int
    precision: float
    recall: float

    def __repr__(self) -> str:
        return (
            f"<threshold {self.threshold:.3f} (95 % interval {self.low:.3f} to {self.high:.3f}), "
            f"{self.errors} of {self.n} judged pairs on the wrong side>"
        )

    def _repr_html_(self) -> str:
        from wirecopy._display._counted import threshold_html

        return threshold_html(self)


def suggest(similarity: NDArray[np.float64], same: NDArray[np.bool_]) -> SuggestedThreshold:
    """Find the threshold with the fewest errors on judged pairs.

    References
    ----------
    B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979
    (the interval is that of percentiles, each sample with as many pairs of either judgement).
    """
    best = _best_cut(similarity, same)
    rng = np.random.default_rng(1)
    yes, no = np.flatnonzero(same), np.flatnonzero(~same)
    cuts = np.empty(_RESAMPLES)
    for i in range(_RESAMPLES):
        drawn = np.concatenate([rng.choice(yes, len(yes)), rng.choice(no, len(no))])
        cuts[i] = _best_cut(similarity[drawn], same[drawn])
    tail = (1 - _CONFIDENCE) / 2
    low, high = np.quantile(cuts, [tail, 1 - tail])
    above = similarity >= best
    right = int(np.count_nonzero(above & same))
    n_above, n_same = int(np.count_nonzero(above)), len(yes)
    return SuggestedThreshold(
        threshold=float(best),
        # The middle between two similarities may fall beyond what resampling can reach.
        low=float(min(low, best)),
        high=float(max(high, best)),
        errors=int(np.count_nonzero(above != same)),
        n=len(same),
        precision=right / n_above if n_above else float("nan"),
        recall=right / n_same if n_same else float("nan"),
    )


def _best_cut(similarity: NDArray[np.float64], same: NDArray[np.bool_]) -> float:
    """Return the middle of the widest gap among those with the fewest pairs on the wrong side."""
    values, place = np.unique(similarity, return_inverse=True)
    yes = np.bincount(place, weights=same, minlength=len(values))
    no = np.bincount(place, weights=~same, minlength=len(values))
    # Cut k has values[:k] below it. Below lie the misses, above it the false matches.
    errors = np.concatenate([[0], np.cumsum(yes)]) + np.concatenate(
        [[no.sum()], no.sum() - np.cumsum(no)]
    )
    edges = np.concatenate([[0.0], values, [values[-1]]])
    middle, width = (edges[:-1] + edges[1:]) / 2, np.diff(edges)
    fewest = np.flatnonzero(errors == errors.min())
    # Nothing lies above the last value: a cut there would let no pair match, so it has no width.
    return float(middle[fewest[np.argmax(width[fewest])]])


def read_judged(labels: Any, places: dict[Any, int] | None, n: int) -> list[tuple[int, int, bool]]:
    """Read judged pairs as rows and whether they are the same story.

    `labels` is an iterable of (a, b, same), or a table with these columns; a and b are ids where
    `places` has their rows, else rows.
    """
    names = ("a", "b", "same")
    if hasattr(labels, "columns") and all(name in labels.columns for name in names):
        triples: Iterable[Any] = zip(*(list(labels[name]) for name in names), strict=True)
    elif isinstance(labels, (str, bytes)) or not isinstance(labels, Iterable):
        msg = f"labels is {type(labels).__name__}; expected (a, b, same) for each judged pair"
        raise TypeError(msg)
    else:
        triples = labels
    judged = []
    for i, triple in enumerate(triples):
        try:
            a, b, same = triple
        except (TypeError, ValueError):
            msg = f"labels[{i}] is {triple!r}; expected (a, b, same)"
            raise TypeError(msg) from None
        if not isinstance(same, (bool, np.bool_)):
            msg = f"labels[{i}] says {same!r}; expected True or False"
            raise TypeError(msg)
        rows = [row_of(x, places, n, f"labels[{i}]") for x in (a, b)]
        if rows[0] == rows[1]:
            msg = f"labels[{i}] compares {a!r} with itself"
            raise ValueError(msg)
        judged.append((rows[0], rows[1], bool(same)))
    if not any(same for _, _, same in judged) or all(same for _, _, same in judged):
        msg = f"labels has {len(judged)} pairs; needs some that are the same story and some not"
        raise ValueError(msg)
    return judged


def row_of(name: Any, places: dict[Any, int] | None, n: int, argument: str) -> int:
    """Return the row of a text, named by its id where there are ids."""
    if places is not None:
        if name not in places:
            msg = f"{argument} names {name!r}, which is not among the ids"
            raise ValueError(msg)
        return places[name]
    if not is_whole(name):
        msg = f"{argument} names {name!r}; expected the row of a text"
        raise TypeError(msg)
    row = int(name)
    if not 0 <= row < n:
        msg = f"{argument} names row {row}; must be from 0 to {n - 1}"
        raise ValueError(msg)
    return row
