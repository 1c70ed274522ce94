"""Texts x terms for the vectorizers: by the core, or feature by feature in Python."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import scipy.sparse

from wirecopy import _core
from wirecopy.sklearn._pattern_words import chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "LONGEST_NGRAM",
    "Asked",
    "Counted",
    "CountedByCore",
    "CountedByPython",
    "NotForCoreError",
    "count_found",
    "count_own",
    "split_own",
]

#: Words in the longest n-gram that the core counts.
LONGEST_NGRAM = 8


class NotForCoreError(Exception):
    """What a tokenizer gave is nothing that the core can count: Python has to."""


class Counted(Protocol):
    """Features of texts, found and counted: one row each, in no order that matters.

    Attributes
    ----------
    documents, frequency : float64 arrays
        Texts that have each feature, and its occurrences; by weight. 0: the feature is left out.
    """

    documents: NDArray[np.float64]
    frequency: NDArray[np.float64]

    def features(self, rows: NDArray[np.int64]) -> list[Any]:
        """Give the features of some rows."""

    def matrix(self, rows: NDArray[np.int64], dtype: Any) -> Any:
        """Give texts x the features of some rows, in that order, as a CSR matrix."""


class CountedByCore:
    """Words and n-grams that the core counted.

    Parameters
    ----------
    core : _core.Counts
        With occurrences.
    threads : int
        For matrices.
    restore : callable, optional
        Reads terms that were written for the core.
    """

    def __init__(
        self,
        core: _core.Counts,
        threads: int,
        restore: Callable[[list[str]], list[str]] | None = None,
    ) -> None:
        self._core = core
        self._threads = threads
        self._restore = restore
        self.documents = core.documents
        self.frequency = core.frequency

    def features(self, rows: NDArray[np.int64]) -> list[str]:
        if len(rows) == len(self._core) and np.array_equal(rows, np.arange(len(rows))):
            terms = self._core.terms
        else:
            terms = self._core.to_table(rows).column("term").tolist()
        return terms if self._restore is None else self._restore(terms)

    def leave_out(self, words: frozenset[str]) -> CountedByCore:
        """Leave out the features that are one of these words."""
        features = self.features(np.arange(len(self._core)))
        stop = np.fromiter((term in words for term in features), dtype=bool, count=len(features))
        self.documents = np.where(stop, 0, self.documents)
        self.frequency = np.where(stop, 0, self.frequency)
        return self

    def matrix(self, rows: NDArray[np.int64], dtype: Any) -> Any:
        entries = self._core.doc_terms(rows, threads=self._threads)
        return csr_matrix(
            entries.counts.astype(dtype), entries.columns, entries.starts, len(rows), canonical=True
        )


class CountedByPython:
    """Features that scikit-learn counted: any Python objects.

    Parameters
    ----------
    features : list
        The feature of each column.
    matrix : CSR matrix
        Texts x features.
    weights : float64 array, optional
        What each text counts for.
    """

    def __init__(
        self, features: list[Any], matrix: Any, weights: NDArray[np.float64] | None
    ) -> None:
        self._features = features
        self._matrix = matrix
        of_text = np.ones(matrix.shape[0]) if weights is None else weights
        of_entry = np.repeat(of_text, np.diff(matrix.indptr))

        def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
            sums = np.bincount(matrix.indices, values, minlength=len(features))
            return _whole_where_close(sums[: len(features)])

        self.documents = total(of_entry)
        self.frequency = total(of_entry * matrix.data)

    def features(self, rows: NDArray[np.int64]) -> list[Any]:
        return [self._features[row] for row in rows.tolist()]

    def matrix(self, rows: NDArray[np.int64], dtype: Any) -> Any:
        chosen = scipy.sparse.csr_matrix(self._matrix)[:, rows].astype(dtype)
        chosen.sort_indices()
        return chosen


def _whole_where_close(sums: NDArray[Any]) -> NDArray[np.float64]:
    """Take what rounding made of a whole number for that number: ten times 0.1 is 1."""
    whole = np.rint(sums)
    return np.where(np.abs(sums - whole) <= 1e-12 * np.maximum(whole, 1), whole, sums)


def csr_matrix(
    values: NDArray[Any],
    columns: NDArray[Any],
    starts: NDArray[Any],
    width: int,
    *,
    canonical: bool,
) -> Any:
    """Make a SciPy matrix of arrays, without copying them."""
    shape = (len(starts) - 1, width)
    matrix = scipy.sparse.csr_matrix((values, columns, starts), shape=shape, copy=False)
    if canonical:
        matrix.has_sorted_indices = True
        matrix.has_canonical_format = True
    return matrix


# --- words that the core finds --------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Asked:
    """What is counted: lengths of n-grams, without some words, each text by its weight."""

    ngrams: tuple[int, int]
    stop_words: frozenset[str] | None
    weights: NDArray[np.float64] | None
    threads: int

    @property
    def _options(self) -> dict[str, Any]:
        least, most = self.ngrams
        return {
            "min_n": least,
            "max_n": most,
            "weights": self.weights,
            "matrix": True,
            "threads": self.threads,
        }

    def count(self, texts: list[str]) -> _core.Counts:
        return _core.count_terms(_core.TextColumn.from_strings(texts), **self._options)

    def count_tokens(self, tokens: _core.Tokens) -> _core.Counts:
        return _core.count_tokens(tokens, **self._options)


def count_own(
    texts: list[str], asked: Asked, restore: Callable[[list[str]], list[str]] | None = None
) -> CountedByCore:
    """Count the core's words.

    Stop words go before n-grams are made, as scikit-learn has it: words that they stood between are
    then neighbours. `restore` reads words that were written for the core.
    """
    if not asked.stop_words:
        return CountedByCore(asked.count(texts), asked.threads, restore)
    if asked.ngrams[1] > 1:
        return CountedByCore(asked.count(_blank(texts, asked, restore)), asked.threads, restore)
    return CountedByCore(asked.count(texts), asked.threads, restore).leave_out(asked.stop_words)


def split_own(text: str) -> list[str]:
    """Split a text into the core's words."""
    tokens = _core.tokenize(_core.TextColumn.from_strings([text]), threads=1)
    vocabulary = tokens.vocabulary
    return [vocabulary[word] for word in tokens.ids.tolist()]


def _blank(
    texts: list[str], asked: Asked, restore: Callable[[list[str]], list[str]] | None
) -> list[str]:
    """Write spaces over stop words."""
    stop_words = asked.stop_words or frozenset()
    tokens = _core.tokenize(
        _core.TextColumn.from_strings(texts), sources=True, threads=asked.threads
    )
    words = tokens.vocabulary if restore is None else restore(tokens.vocabulary)
    stops = np.fromiter((word in stop_words for word in words), dtype=bool, count=len(words))
    ids, starts, spans = tokens.ids, tokens.starts.astype(np.int64), tokens.sources
    blanked: list[str] = []
    for rows in chunks(np.arange(len(texts)), texts):
        first, last = int(rows[0]), int(rows[-1])
        chunk = texts[first : last + 1]
        lengths = np.fromiter(map(len, chunk), dtype=np.int64, count=len(chunk))
        # A character of any plane is one number; a line break in a text is not one between texts.
        codes = np.frombuffer(bytearray("".join(chunk).encode("utf-32-le")), dtype="<u4")
        ends = np.cumsum(lengths)
        inside = slice(int(starts[first]), int(starts[last + 1]))
        per_text = np.diff(starts[first : last + 2])
        is_stop = stops[ids[inside]]
        at = np.repeat(ends - lengths, per_text)[is_stop]
        begin, end = spans[inside][is_stop].astype(np.int64).T
        size = end - begin
        before = np.cumsum(size) - size
        codes[np.repeat(at + begin - before, size) + np.arange(int(size.sum()))] = ord(" ")
        written = codes.tobytes().decode("utf-32-le")
        blanked.extend(
            written[stop - length : stop]
            for stop, length in zip(ends.tolist(), lengths.tolist(), strict=True)
        )
    return blanked


# --- words that Python finds ----------------------------------------------------------------------


def count_found(
    texts: list[str], find: Callable[[str], Iterable[Any]], asked: Asked
) -> CountedByCore:
    """Count the words that a function finds in each text.

    Raises
    ------
    NotForCoreError
        A word is no str, empty, holds a lone surrogate, or a space where n-grams are counted; or the
        function raised an error, which it will do again.
    """
    stop_words = asked.stop_words

    def words(text: str) -> list[str]:
        found = list(find(text))
        "".join(found)  # else a pair of numbers would be taken for a place in the text
        if stop_words is None:
            return found
        return [word for word in found if word not in stop_words]

    column = _core.TextColumn.from_strings(texts)
    try:
        tokens = _core.tokenize_with(column, words)
    except Exception as error:
        raise NotForCoreError from error
    if asked.ngrams[1] > 1 and any(" " in word for word in tokens.vocabulary):
        raise NotForCoreError
    return CountedByCore(asked.count_tokens(tokens), asked.threads)
