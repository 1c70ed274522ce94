"""How often words and n-grams occur."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_whole
from wirecopy._columns import Kind, read_texts, read_weights
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy._table import Table
from wirecopy.keywords._options import NgramsArgument, read_limit, read_ngrams
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords

if TYPE_CHECKING:
    from numpy.typing import NDArray


def count(
    texts: Any,
    ngrams: NgramsArgument = (1, 1),
    *,
    weights: Any = None,
    min_df: float = 0,
    stopwords: StopwordsArgument = None,
    threads: int | None = None,
    progress: ProgressArgument = None,
) -> Counts:
    """Count words and n-grams.

    A word is a run of letters, marks and digits after NFKC_Casefold, so that case, full-width forms
    and ligatures make no difference. An apostrophe between letters belongs to the word ("don't",
    whichever apostrophe was typed), so do "." and "," between digits ("3.5", "1,000") and "."
    between single letters ("U.S." is "u.s"). A character of a script written without spaces is a
    word by itself. An n-gram is a run of n consecutive words of one text; it may cross the end of a
    sentence, never that of a text.

    Parameters
    ----------
    texts : column of str, n rows
        A list, tuple, iterator, NumPy array, pandas or polars Series, pyarrow array, or anything
        that speaks the Arrow PyCapsule protocol. A null row counts as no text.
    ngrams : int or (int, int), default (1, 1)
        Words per n-gram: one length, or the shortest and the longest, 1 to 8.
    weights : column of n floats, optional
        What each text counts for, finite and >= 0: `Dedup.weights` makes a reprinted story count
        once. Frequencies and document frequencies are sums of weights; weight 0 leaves a text out.
    min_df : float, default 0
        Leave out terms found in fewer texts than this, by weight. Totals and rates still include
        them.
    stopwords : "en" or collection of str, optional
        Leave out words in the list, and n-grams that start or end with one. Totals and rates still
        include them. "en" is `wirecopy.keywords.STOPWORDS["en"]`. Entries are normalized as texts
        are.
    threads : int, optional
        Default: the environment variable WIRECOPY_THREADS, or the CPUs this process may use.
        Results do not depend on it.
    progress : bool or callable, optional
        True or False to show a bar or not; a callable gets (stage, done, total). Default: a bar
        where somebody watches and the call lasts over a second.

    Returns
    -------
    Counts

    Raises
    ------
    TypeError
        An argument of the wrong type.
    ValueError
        A value out of range, weights of another length than `texts`, or a stopword of several
        words.

    Notes
    -----
    Each text's words are counted exactly and then weighted; sums that miss a whole number by no
    more than rounding (one part in 10^12) are that number, so that k copies of weight 1/k count as
    one.

    Examples
    --------
    >>> import wirecopy as wc
    >>> counts = wc.count(["The ferry sank.", "The ferry didn't sail."], ngrams=(1, 2))
    >>> counts["the ferry"]["frequency"]
    2.0
    >>> counts.top(3, n=1, stopwords="en")
    term   n  frequency  documents  per_million
    ferry  1          2          2       285714
    sail   1          1          1       142857
    sank   1          1          1       142857
    3 rows, 5 columns

    A story printed twice, counted once:

    >>> counts = wc.count(["Mayor quits", "Mayor quits", "Rain"], weights=[0.5, 0.5, 1])
    >>> counts["mayor"]["frequency"]
    1.0
    """
    lengths = read_ngrams(ngrams)
    min_df = read_limit("min_df", min_df)
    removed = read_stopwords(stopwords)
    threads = threads_or_default(threads)
    column, kind = read_texts(texts, "texts")
    core = count_core(
        column, lengths, weights, threads, progress, description="count", min_df=min_df
    )
    return Counts(core, kind, removed)


class Counts:
    """Frequencies of words and n-grams, as made by `count`.

    Attributes
    ----------
    n_texts : int
        Rows read, null and empty ones included.
    document_total : float
        Texts that were not null, by weight: what a document frequency is out of.
    ngrams : (int, int)
        Shortest and longest n-grams counted, in words.

    Examples
    --------
    >>> import wirecopy as wc
    >>> counts = wc.count(["to be or not to be"])
    >>> len(counts), "be" in counts, counts.total(1)
    (4, True, 6.0)
    """

    def __init__(self, core: _core.Counts, kind: Kind, stopwords: list[str]) -> None:
        self._core = core
        self._kind = kind
        self._stopwords = stopwords
        self._kept = core.without_stopwords(stopwords) if stopwords else None

    @property
    def n_texts(self) -> int:
        """Rows read, null and empty ones included."""
        return self._core.texts

    @property
    def document_total(self) -> float:
        """Texts that were not null (empty ones included), by weight."""
        return self._core.document_total

    @property
    def ngrams(self) -> tuple[int, int]:
        """Shortest and longest n-grams counted, in words."""
        return self._core.min_n, self._core.max_n

    def total(self, n: int = 1) -> float:
        """Return the occurrences of all n-grams of `n` words, by weight: what a rate is out of.

        Those that `min_df` and `stopwords` left out are included.

        Raises
        ------
        ValueError
            N-grams of that length were not counted.
        """
        return float(self._core.totals[self._length(n) - self._core.min_n])

    @property
    def table(self) -> Any:
        """Every term in the kind of the texts, made anew each time.

        Ordered by n, then frequency (greatest first), then the UTF-8 bytes of the term. Columns:
        term; n (words in it); frequency (occurrences, by weight); documents (texts that have it, by
        weight); per_million (frequency per million n-grams of that length).
        """
        return self._kind.frame(self._core.to_table(self._rows(None, [])))

    def top(
        self,
        k: int = 20,
        *,
        n: int | None = None,
        by: str = "frequency",
        stopwords: StopwordsArgument = None,
    ) -> Any:
        """Return the `k` most frequent terms, as `table` has them.

        Parameters
        ----------
        k : int, default 20
            How many at most.
        n : int, optional
            Only n-grams of that many words.
        by : {"frequency", "documents", "per_million"}
            The column that decides. Equal terms stay in the order of `table`.
        stopwords : "en" or collection of str, optional
            Leave out words in the list, and n-grams that start or end with one.

        Returns
        -------
        table in the kind of the texts

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.count(["rain, rain and snow"]).top(1)["term"].tolist()
        ['rain']
        """
        k = read_whole("k", k)
        if k < 0:
            raise ValueError(f"k is {k}; expected 0 or more")
        if by not in {"frequency", "documents", "per_million"}:
            raise ValueError(
                f"by is {by!r}; must be one of 'frequency', 'documents', 'per_million'"
            )
        rows = self._rows(n, read_stopwords(stopwords))
        values = self._core.documents if by == "documents" else self._core.frequency
        chosen = values[rows]
        if by == "per_million":
            chosen = chosen / self._core.totals[self._core.n[rows] - self._core.min_n]
        rows = rows[np.argsort(-chosen, kind="stable")[:k]]
        return self._kind.frame(self._core.to_table(rows))

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._core) if self._kept is None else int(np.count_nonzero(self._kept))

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self._find(term) is not None

    def __getitem__(self, term: str) -> dict[str, Any]:
        """Return the row of a term, which is normalized first: "U.S." finds "u.s".

        Raises
        ------
        KeyError
            It does not occur, or was left out.
        """
        if not isinstance(term, str):
            raise TypeError(f"a term is looked up by str, not by {type(term).__name__}")
        row = self._find(term)
        if row is None:
            raise KeyError(term)
        return next(Table(self._core.to_table(np.array([row], dtype=np.int64))).rows())

    # Not a sequence of rows, as __len__ and __getitem__ would suggest.
    __iter__ = None

    def __repr__(self) -> str:
        least, most = self.ngrams
        words = f"{least}" if least == most else f"{least} to {most}"
        return (
            f"<Counts: {len(self):,} terms of {words} word{'' if most == 1 else 's'} "
            f"in {self.n_texts:,} text{'' if self.n_texts == 1 else 's'}>"
        )

    def _repr_html_(self) -> str:
        table = Table(self._core.to_table(self._rows(None, [])[:20]))
        return f"<p>{html.escape(repr(self))}</p>{table._repr_html_()}"

    def _length(self, n: Any) -> int:
        length = read_whole("n", n)
        least, most = self.ngrams
        if not least <= length <= most:
            counted = f"{least}" if least == most else f"{least} to {most}"
            raise ValueError(f"n is {length}; n-grams of {counted} words were counted")
        return length

    def _rows(self, n: int | None, stopwords: list[str]) -> NDArray[np.int64]:
        kept = np.ones(len(self._core), dtype=np.bool_) if self._kept is None else self._kept
        if n is not None:
            kept = kept & (self._core.n == self._length(n))
        if stopwords:
            kept = kept & self._core.without_stopwords(stopwords)
        return np.flatnonzero(kept).astype(np.int64, copy=False)

    def _find(self, term: str) -> int | None:
        row = self._core.find(term)
        return None if row is None or (self._kept is not None and not self._kept[row]) else row


def count_core(
    column: _core.TextColumn,
    ngrams: tuple[int, int],
    weights: Any,
    threads: int,
    progress: ProgressArgument,
    *,
    description: str,
    weights_argument: str = "weights",
    min_df: float = 0,
) -> _core.Counts:
    values = None if weights is None else read_weights(weights, len(column), weights_argument)
    with progress_callback(progress, description) as callback:
        return _core.count_terms(
            column,
            weights=values,
            min_n=ngrams[0],
            max_n=ngrams[1],
            min_df=min_df,
            threads=threads,
            progress=callback,
        )
