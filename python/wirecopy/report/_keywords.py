"""Words of the report: what each story is about, and which words owe their rank to reprints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wirecopy import _core
from wirecopy._run import threads_or_default
from wirecopy.keywords._counting import count_core
from wirecopy.keywords._stopwords import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wirecopy._result import Dedup

__all__ = ["Inflated", "Keywords", "keywords_of"]

_TELLING = 6
_TOP = 15
_INFLATED = 15
_LEAST_FACTOR = 1.1


@dataclass(frozen=True)
class Inflated:
    """A word that reprints bring up.

    Attributes
    ----------
    printed, once : float
        How often it occurs in all texts, and where each story counts once.
    factor : float
        How many times its rate in print is the rate with each story counted once.
    """

    term: str
    printed: float
    once: float
    factor: float


@dataclass(frozen=True)
class Keywords:
    """Words of a corpus with reprints.

    Attributes
    ----------
    printed, once : list of (str, float)
        The most frequent words with how often they occur, as printed, and with each story counted
        once. Not among them: English stop words, numbers, single characters (scripts without spaces
        are counted by the character).
    inflated : list of Inflated
        Those whose rate reprints raise by a tenth or more, ordered by their part in the
        Kullback-Leibler divergence of the words printed from those with each story counted once.
    telling : list of list of str
        For each keeper, the words that set it apart from all other stories.
    """

    printed: list[tuple[str, float]]
    once: list[tuple[str, float]]
    inflated: list[Inflated]
    telling: list[list[str]]


def keywords_of(dedup: Dedup, keepers: Sequence[int]) -> Keywords:
    """Count the words of the texts as they were compared (less their furniture, unless that was kept).

    Parameters
    ----------
    dedup
        A result.
    keepers
        Rows of the texts to find telling words of.
    """
    threads = threads_or_default(None)
    column = dedup._context.compared
    printed, once = (
        count_core(column, (1, 1), weights, threads, False, description="report")
        for weights in (None, dedup.weights("once"))
    )
    names, printed_names = once.terms, printed.terms
    words = _content_words(once, names)
    return Keywords(
        printed=_top(printed, _content_words(printed, printed_names), printed_names),
        once=_top(once, words, names),
        inflated=_inflated(printed, printed_names, once, words, names),
        telling=_telling(column, keepers, once, words, names),
    )


def _content_words(counts: _core.Counts, names: list[str]) -> NDArray[np.int64]:
    """Rows of words that can tell something: no stop words, numbers or single characters."""
    kept = counts.without_stopwords(sorted(STOPWORDS["en"]))
    kept &= np.array([len(name) > 1 and not name[0].isdigit() for name in names], dtype=np.bool_)
    return np.flatnonzero(kept).astype(np.int64)


def _top(
    counts: _core.Counts, words: NDArray[np.int64], names: list[str]
) -> list[tuple[str, float]]:
    # Terms come by frequency already.
    return [(names[row], float(counts.frequency[row])) for row in words[:_TOP].tolist()]


def _inflated(
    printed: _core.Counts,
    printed_names: list[str],
    once: _core.Counts,
    words: NDArray[np.int64],
    names: list[str],
) -> list[Inflated]:
    if not len(words):
        return []
    place = {name: row for row, name in enumerate(printed_names)}
    frequency = printed.frequency[[place[names[row]] for row in words.tolist()]]
    story = once.frequency[words]
    rate = frequency / printed.totals[0]
    factor = rate / (story / once.totals[0])
    part = rate * np.log2(factor)
    raised = np.flatnonzero(factor >= _LEAST_FACTOR)
    best = raised[np.argsort(-part[raised], kind="stable")][:_INFLATED]
    return [
        Inflated(names[words[i]], float(frequency[i]), float(story[i]), float(factor[i]))
        for i in best.tolist()
    ]


def _telling(
    column: _core.TextColumn,
    keepers: Sequence[int],
    once: _core.Counts,
    words: NDArray[np.int64],
    names: list[str],
) -> list[list[str]]:
    """Words with the highest log-likelihood in a keeper against all stories but its own."""
    if not len(words) or not keepers:
        return [[] for _ in keepers]
    threads = threads_or_default(None)
    texts = _core.TextColumn.from_strings([column[row] for row in keepers])
    counts = _core.count_terms(texts, matrix=True, threads=threads)
    entries = counts.doc_terms_of(once, words, threads=threads)
    starts = entries.starts.astype(np.int64)
    row = np.repeat(np.arange(len(keepers)), np.diff(starts))
    a = entries.counts.astype(np.float64)
    size = np.maximum(entries.text_words.astype(np.float64), 1)[row]
    # Its own story counts once among all, with about the words of the keeper.
    b = np.maximum(once.frequency[words][entries.columns] - a, 0)
    others = np.maximum(once.totals[0] - size, 1)
    expected = (a + b) / (size + others)
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * (a * np.log(a / (size * expected)) + _xlogx(b, others * expected))
    # A word said once tells of a story only where the story says little.
    wanted = (a / size > b / others) & ((a > 1) | (size < 60))
    order = np.lexsort((entries.columns, -g2, row))
    order = order[wanted[order]]
    telling: list[list[str]] = [[] for _ in keepers]
    for entry in order.tolist():
        found = telling[row[entry]]
        if len(found) < _TELLING:
            found.append(names[words[entries.columns[entry]]])
    return telling


def _xlogx(b: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(b > 0, b * np.log(np.where(b > 0, b, 1) / expected), 0.0)
