"""Which terms set each group of texts apart from all the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from wirecopy._arguments import read_range
from wirecopy._columns import read_texts, read_values, read_weights
from wirecopy._run import ProgressArgument
from wirecopy._table import Table
from wirecopy.keywords._counts import count
from wirecopy.keywords._keyness import keyness
from wirecopy.keywords._options import NgramsArgument, read_ngrams
from wirecopy.keywords._stopwords import StopwordsArgument


def distinctive(
    texts: Any,
    by: Any,
    *,
    k: int = 10,
    ngrams: NgramsArgument = (1, 1),
    sort: str = "g2",
    min_frequency: float = 0,
    min_docs: float = 2,
    stopwords: StopwordsArgument = None,
    weights: Any = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Any:
    """Find the terms that set each group of texts apart: each group against all the others.

    Parameters
    ----------
    texts : column of str, n rows
        Any kind that `count` takes.
    by : column of n values
        The group of each text: a source, a year, a label. A null is the group "".
    k : int, default 10
        Terms a group, at most.
    ngrams : int or (int, int), default (1, 1)
        As in `count`.
    sort : str, default "g2"
        As in `keyness`. By "g2" the surest differences come first, by "log_ratio" the largest, which
        wants a `min_frequency`.
    min_frequency, min_docs : float, default 0 and 2
        As in `keyness`: what a term must reach in the group or in the others.
    stopwords : str or collection of str, optional
        As in `count`.
    weights : column of n floats, optional
        What each text counts for; with `Dedup.weights` a story that one outlet reprints ten times does
        not become that outlet's vocabulary.
    threads : int, optional
        As in `count`.
    progress : bool or callable, optional
        As in `count`.

    Returns
    -------
    table in the kind of the texts
        Column group, then those of `keyness`, where target is the group and reference all others. Only
        terms that are more frequent in the group. Groups in ascending order; those without a word (or
        an n-gram of each length) have no rows.

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, a column of another length, or no two groups with words.

    Notes
    -----
    Each comparison is that of `keyness`, one test for every term of every group: among 20,000 terms a
    thousand have p below 0.05 by chance. Read them as a ranking, with their effect size. Terms of one
    text alone are left out by default (`min_docs`), since a test that takes words for independent draws
    is surest about a word that one text repeats. The texts are read twice for each group, those outside
    it once.

    Examples
    --------
    >>> import wirecopy as wc
    >>> texts = ["goal and cup", "late goal", "tax and vote", "vote on tax"]
    >>> table = wc.distinctive(texts, ["sport", "sport", "city", "city"], k=1)
    >>> table["group"].tolist(), table["term"].tolist()
    (['city', 'sport'], ['tax', 'goal'])
    """
    k = read_range("k", k, 0)
    lengths = read_ngrams(ngrams)
    if not hasattr(texts, "__len__") and isinstance(texts, Iterable):
        texts = list(texts)
    column, kind = read_texts(texts)
    groups = read_values(by, len(column), "by")
    weight = np.ones(len(column)) if weights is None else read_weights(weights, len(column))
    names, group = np.unique(groups, return_inverse=True)
    group = group.reshape(-1)

    parts: list[tuple[Any, dict[str, npt.NDArray[Any]]]] = []
    with_words = 0
    for number, name in enumerate(names.tolist()):
        inside = group == number
        target = count(
            texts, lengths, weights=np.where(inside, weight, 0), threads=threads, progress=progress
        )
        if any(target.total(n) == 0 for n in range(lengths[0], lengths[1] + 1)):
            continue
        with_words += 1
        others = count(
            texts, lengths, weights=np.where(inside, 0, weight), threads=threads, progress=progress
        )
        if any(others.total(n) == 0 for n in range(lengths[0], lengths[1] + 1)):
            continue
        found = keyness(
            target,
            others,
            min_frequency=min_frequency,
            min_docs=min_docs,
            sort=sort,
            stopwords=stopwords,
        )
        columns = _arrays(found)
        more = columns["target_pm"] > columns["reference_pm"]
        best = np.flatnonzero(more)[:k]
        parts.append((name, {column: values[best] for column, values in columns.items()}))
    if not parts:
        raise ValueError(
            f"by: {with_words} group{'' if with_words == 1 else 's'} with words; needs two to compare"
        )
    sizes = [len(columns["term"]) for _, columns in parts]
    table: dict[str, npt.NDArray[Any]] = {
        "group": np.repeat(np.array([name for name, _ in parts], dtype=groups.dtype), sizes)
    }
    for column_name in parts[0][1]:
        table[column_name] = np.concatenate([columns[column_name] for _, columns in parts])
    return kind.frame(Table(table))


def _arrays(frame: Any) -> dict[str, npt.NDArray[Any]]:
    """Take the columns of a table of any kind."""
    names = frame.column_names if hasattr(frame, "column_names") else list(frame.columns)
    return {
        name: values if isinstance(values := frame[name], np.ndarray) else values.to_numpy()
        for name in names
    }
