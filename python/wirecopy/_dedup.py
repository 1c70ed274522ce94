"""Near-duplicate articles: which texts are the same story, how alike, and which one to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from wirecopy import _core
from wirecopy._columns import read_dates, read_ids, read_labels, read_texts
from wirecopy._result import Context, Dedup, read_number
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Dedup", "dedup"]

Rule: TypeAlias = "str | tuple[str, Sequence[str]]"


def dedup(
    texts: Any,
    *,
    ids: Any = None,
    dates: Any = None,
    sources: Any = None,
    threshold: float = 0.5,
    shingle_size: int = 5,
    num_perm: int = 128,
    recall: float = 0.99,
    keep: Rule | Sequence[Rule] | None = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
    seed: int = 1,
) -> Dedup:
    """Find texts that are copies of one another, wholly or nearly.

    Each text becomes the set of its shingles: every run of `shingle_size` consecutive words, after
    NFKC_Casefold, so that case, quotes, dashes and spaces make no difference. Two texts match when the
    Jaccard similarity of their sets is `threshold` or more. MinHash signatures propose pairs; each
    proposed pair is then compared set with set, so no pair below the threshold is ever returned.
    Groups are stars, not chains: every member matches the group's keeper itself.

    Parameters
    ----------
    texts : column of str, n rows
        A list, tuple, iterator, NumPy array, pandas or polars Series, pyarrow array, or anything that
        speaks the Arrow PyCapsule protocol. A null or wordless text stays a row and matches nothing.
    ids : column of n distinct values, optional
        Names for the texts, shown in the tables beside the row positions.
    dates : column of n datetimes, dates or ISO 8601 strings, optional
        When each text appeared; for the keeper rule "earliest". Time zones are converted to UTC.
    sources : column of n str, optional
        The outlet of each text; for the keeper rule ("source", [...]).
    threshold : float, default 0.5
        Least Jaccard similarity, above 0 and at most 1. At 0.5 two texts of one length share two thirds
        of their shingles; each changed word costs up to `shingle_size` shingles.
    shingle_size : int, default 5
        Words per shingle, 1 to 32. A text with fewer words is one shingle.
    num_perm : int, default 128
        Values per MinHash signature, up to 4096.
    recall : float, default 0.99
        Wanted chance to find a pair exactly at the threshold, above 0 and below 1. Pairs above it are
        found with a higher one. What the chosen bands give is in `Dedup.candidate_recall`.
    keep : str, tuple, or list of these, optional
        Which text of a group to keep: "earliest" (by `dates`; undated last), "longest" (most words),
        ("source", ["Agency", "Paper", ...]) (the first source in the list that has it), "first" and
        "last" (by row). Rules apply in order; ties fall to the first row. Default: "earliest" where
        `dates` are given, else "first".
    threads : int, optional
        Default: environment variable WIRECOPY_THREADS, else the CPUs of this process. The answer does
        not depend on it.
    progress : bool or callable, optional
        Default: a bar on a terminal or in a notebook, after a second. A callable gets
        (stage, done, total).
    seed : int, default 1
        Of the MinHash permutations.

    Returns
    -------
    Dedup

    Raises
    ------
    TypeError
        A text that is not str or null (named by row), or a `texts` that is no column.
    ValueError
        A number out of range, a column of another length, a repeated id, a lone surrogate.
    KeyboardInterrupt
        On Ctrl-C, within a second.

    References
    ----------
    A. Z. Broder, "On the resemblance and containment of documents", Sequences 1997.

    Examples
    --------
    >>> import wirecopy as wc
    >>> r = wc.dedup([
    ...     "The harbour bridge will reopen to traffic on Monday, the city said.",
    ...     "PORT ELLERY - The harbour bridge will reopen to traffic on Monday, the city said.",
    ...     "Tram drivers have called off their strike after a late-night deal.",
    ... ])
    >>> r.pairs["jaccard"]
    array([0.8])
    >>> r.keep
    array([ True, False,  True])
    """
    workers = threads_or_default(threads)
    column, kind = read_texts(texts, "texts")
    n = len(column)
    threshold = read_number("threshold", threshold)
    recall = read_number("recall", recall)
    context = Context(
        kind=kind,
        texts=column,
        ids=None if ids is None else read_ids(ids, n),
        dates=None if dates is None else read_dates(dates, n),
        sources=None if sources is None else read_labels(sources, n, "sources"),
    )
    rules = _read_rules(keep, context)
    with progress_callback(progress, "dedup") as report:
        matches = _core.find_matches(
            column,
            threshold=threshold,
            shingle_size=_integer("shingle_size", shingle_size),
            num_perm=_integer("num_perm", num_perm),
            recall=recall,
            seed=_seed(seed),
            threads=workers,
            progress=report,
        )
    rank = _rank(rules, context, matches)
    return Dedup(context, matches, rank, threshold)


def _integer(argument: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        msg = f"{argument} is {type(value).__name__}; expected an int"
        raise TypeError(msg)
    if not -(2**31) <= value < 2**31:
        msg = f"{argument} is {value}; out of range"
        raise ValueError(msg)
    return int(value)


def _seed(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        msg = f"seed is {type(value).__name__}; expected an int"
        raise TypeError(msg)
    if not 0 <= value < 2**64:
        msg = f"seed is {value}; must be from 0 to 2**64 - 1"
        raise ValueError(msg)
    return int(value)


def _read_rules(keep: Any, context: Context) -> list[tuple[str, tuple[str, ...]]]:
    """Keeper rules as (name, sources) pairs."""
    if keep is None:
        return [("earliest" if context.dates is not None else "first", ())]
    # A tuple is one rule with its argument; several rules are a list.
    given = [keep] if isinstance(keep, (str, tuple)) else list(keep)
    rules: list[tuple[str, tuple[str, ...]]] = []
    for rule in given:
        match rule:
            case "first" | "last" | "longest":
                rules.append((rule, ()))
            case "earliest":
                if context.dates is None:
                    msg = "keep='earliest' needs dates="
                    raise ValueError(msg)
                rules.append((rule, ()))
            case ("source", preferred) if not isinstance(preferred, str):
                if context.sources is None:
                    msg = "keep=('source', ...) needs sources="
                    raise ValueError(msg)
                rules.append(("source", tuple(preferred)))
            case _:
                msg = (
                    f"keep has {rule!r}; a rule is 'earliest', 'longest', 'first', 'last' or "
                    "('source', [names, most wanted first])"
                )
                raise ValueError(msg)
    return rules


def _rank(
    rules: list[tuple[str, tuple[str, ...]]], context: Context, matches: _core.Matches
) -> NDArray[np.uint32]:
    """Place of each text in the keeper order, 0 = most wanted."""
    n = len(context.texts)
    rows = np.arange(n, dtype=np.int64)
    keys: list[NDArray[Any]] = []
    for name, preferred in rules:
        if name == "first":
            keys.append(rows)
        elif name == "last":
            keys.append(-rows)
        elif name == "longest":
            keys.append(-matches.words.astype(np.int64))
        elif name == "earliest" and context.dates is not None:
            keys.append(context.dates)  # NaT sorts last
        elif context.sources is not None:
            place = {source: i for i, source in reversed(list(enumerate(preferred)))}
            keys.append(
                np.fromiter(
                    (place.get(source, len(preferred)) for source in context.sources),
                    dtype=np.int64,
                    count=n,
                )
            )
    order = np.lexsort((rows, *reversed(keys)))
    rank = np.empty(n, dtype=np.uint32)
    rank[order] = np.arange(n, dtype=np.uint32)
    return rank
