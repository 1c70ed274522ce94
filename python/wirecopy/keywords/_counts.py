"""How often words and n-grams occur."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wirecopy import _core
from wirecopy._arguments import read_flag, read_range, read_whole
from wirecopy._columns import Kind, read_texts
from wirecopy._run import ProgressArgument
from wirecopy._table import Table
from wirecopy.keywords._counting import NO_LIMITS, count_column, read_limits, read_max_terms
from wirecopy.keywords._groups import Groups, read_groups
from wirecopy.keywords._matrix import MatrixMethods
from wirecopy.keywords._options import NgramsArgument, read_ngrams
from wirecopy.keywords._stopwords import StopwordsArgument, read_stopwords
from wirecopy.keywords._tokens import TokenizerArgument

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_SKIPPED = 100


def count(
    texts: Any,
    ngrams: NgramsArgument = (1, 1),
    *,
    skip: int = 0,
    by: Any = None,
    weights: Any = None,
    min_df: float = 0,
    max_df: float | None = None,
    stopwords: StopwordsArgument = None,
    tokenizer: TokenizerArgument = None,
    max_terms: int | None = None,
    matrix: bool = True,
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
    skip : int, default 0
        Words that an n-gram may leave out between its first and its last, all gaps together, 0 to
        100: skip-grams [1]_. Each choice of positions is one occurrence, so "a b c" has the bigrams
        "a b", "b c" and, with skip=1, "a c".
    by : column of n labels, optional
        A group for each text (its source, its month): for `Counts.groups`, `Counts.group_matrix` and
        ``top(group=...)``. A null label is no group.
    weights : column of n floats, optional
        What each text counts for, finite and >= 0: `Dedup.weights` makes a reprinted story count
        once. Frequencies and document frequencies are sums of weights; weight 0 leaves a text out.
    min_df, max_df : int or float, default 0 and no limit
        Leave out terms found in fewer texts than `min_df`, or in more than `max_df`: an int is a
        number of texts, by weight; a float from 0 to 1 a share of all that are not null, by weight.
        (1 is one text, 1.0 is all of them.) Totals and rates still include what is left out.
    stopwords : "en" or collection of str, optional
        Leave out words in the list, and n-grams that start or end with one. Totals and rates still
        include them. "en" is `wirecopy.keywords.STOPWORDS["en"]`. Entries are normalized as texts
        are, unless there is a tokenizer.
    tokenizer : callable or re.Pattern, optional
        Other words than those above: a function from a text to its words (each a str, or its start
        and end in the text), or a compiled pattern whose matches (or only group) are the words. They
        are counted as they are, not folded. It runs on one thread.
    max_terms : int, optional
        Bound memory: keep this many terms, the most frequent, after each 16 MB of text.
        `Counts.undercount` says how exact the result is. Not with `tokenizer`; without a matrix.
    matrix : bool, default True
        Keep what `Counts.matrix`, `tfidf`, `bm25` and groups need: 4 bytes for each n-gram of each
        text. Without it, words are counted faster and in less memory.
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
        A value out of range, weights or labels of another length than `texts`, or a stopword of
        several words.

    Notes
    -----
    Each text's words are counted exactly and then weighted; sums of weights are exact too (in units
    of 2^-60), and one that misses a whole number by no more than rounding (one part in 10^12) is
    that number, so that k copies of weight 1/k count as one.

    References
    ----------
    .. [1] D. Guthrie, B. Allison, W. Liu, L. Guthrie, Y. Wilks, "A closer look at skip-gram
       modelling", LREC 2006.

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
    skip = read_range("skip", skip, 0, _MOST_SKIPPED)
    limits = read_limits(min_df, max_df)
    removed = read_stopwords(stopwords)
    most = read_max_terms(max_terms)
    matrix = read_flag("matrix", matrix) and not most
    if most and tokenizer is not None:
        raise ValueError("max_terms is not for a tokenizer: count in batches, with Counts.update")
    if by is not None and not matrix:
        raise ValueError("by needs a matrix; leave out matrix=False and max_terms")
    column, kind = read_texts(texts, "texts")
    core, values = count_column(
        column,
        lengths,
        skip=skip,
        weights=weights,
        limits=limits,
        tokenizer=tokenizer,
        max_terms=most,
        matrix=matrix,
        threads=threads,
        progress=progress,
    )
    groups = None if by is None else read_groups(by, len(column))
    return Counts(
        core,
        kind,
        removed,
        tokenizer=tokenizer,
        weights=values,
        groups=groups,
        max_terms=most,
    )


class Counts(MatrixMethods):
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

    def __init__(
        self,
        core: _core.Counts,
        kind: Kind,
        stopwords: list[str],
        *,
        tokenizer: TokenizerArgument = None,
        own_words: bool | None = None,
        weights: NDArray[np.float64] | None = None,
        groups: Groups | None = None,
        max_terms: int = 0,
    ) -> None:
        self._core = core
        self._kind = kind
        self._stopwords = stopwords
        self._tokenizer = tokenizer
        self._own_words = tokenizer is None if own_words is None else own_words
        self._weights = weights
        self._groups = groups
        self._max_terms = max_terms
        self._kept = self._without(stopwords) if stopwords else None
        self._doc_terms: _core.DocTerms | None = None
        self._group_sums: dict[str, Any] | None = None

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

    @property
    def undercount(self) -> float:
        """How much a frequency may be too small, because `max_terms` dropped terms; 0 is exact.

        Every frequency and document frequency lies between what is reported and that plus this
        number; a term that is missing has occurred this often at most. Totals are exact always.
        """
        return self._core.undercount

    @property
    def terms(self) -> list[str]:
        """Every term, in the order of `table` and of the columns of `matrix`."""
        return self._terms(self._rows(None, []))

    def total(self, n: int = 1) -> float:
        """Return the occurrences of all n-grams of `n` words, by weight: what a rate is out of.

        Those that `min_df`, `max_df` and `stopwords` left out are included.

        Raises
        ------
        ValueError
            N-grams of that length were not counted.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.count(["to be or not to be"], (1, 2)).total(2)
        5.0
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
        group: Any = None,
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
        group : label, optional
            Only the texts of this group (see ``count(by=...)``): frequency, documents and per_million
            are theirs, and terms that they do not have are left out.

        Returns
        -------
        table in the kind of the texts

        Raises
        ------
        KeyError
            There is no such group.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.count(["rain, rain and snow"]).top(1)["term"].tolist()
        ['rain']
        >>> counts = wc.count(["rain", "snow and ice", "ice"], by=["west", "east", "east"])
        >>> counts.top(1, group="east")["term"].tolist()
        ['ice']
        """
        k = read_whole("k", k)
        if k < 0:
            raise ValueError(f"k is {k}; expected 0 or more")
        if by not in {"frequency", "documents", "per_million"}:
            raise ValueError(
                f"by is {by!r}; must be one of 'frequency', 'documents', 'per_million'"
            )
        rows = self._rows(n, read_stopwords(stopwords))
        frequency, documents = self._core.frequency, self._core.documents
        totals = self._core.totals
        if group is not None:
            frequency, documents, totals = self._of_group(group)
            rows = rows[documents[rows] > 0]
        chosen = (documents if by == "documents" else frequency)[rows]
        if by == "per_million":
            chosen = chosen / totals[self._core.n[rows] - self._core.min_n]
        rows = rows[np.argsort(-chosen, kind="stable")[:k]]
        if group is None:
            return self._kind.frame(self._core.to_table(rows))
        lengths = self._core.n[rows]
        return self._kind.frame(
            Table(
                {
                    "term": self._terms(rows),
                    "n": lengths,
                    "frequency": frequency[rows],
                    "documents": documents[rows],
                    "per_million": frequency[rows] / totals[lengths - self._core.min_n] * 1e6,
                }
            )
        )

    def frequencies(self, n: int | None = None) -> dict[str, float]:
        """Return the frequency of every term, in the order of `table`: what a word cloud takes.

        Parameters
        ----------
        n : int, optional
            Only n-grams of that many words.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.count(["rain, rain and snow"]).frequencies()
        {'rain': 2.0, 'and': 1.0, 'snow': 1.0}
        """
        rows = self._rows(n, [])
        return dict(zip(self._terms(rows), self._core.frequency[rows].tolist(), strict=True))

    # --- in parts ---------------------------------------------------------------------------------

    def update(
        self,
        texts: Any,
        *,
        weights: Any = None,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> Counts:
        """Count more texts into these, which then have no matrix and no groups.

        The result is that of counting all texts at once, to the last bit. A matrix of each batch is
        to be had from ``matrix(batch)``.

        Parameters
        ----------
        texts, weights, threads, progress
            As for `count`. N-grams, tokenizer, stopwords and `max_terms` are those of these counts.

        Returns
        -------
        Counts
            These.

        Raises
        ------
        ValueError
            These counts left terms out by `min_df` or `max_df`: count without, and use
            `keep_documents` in the end.

        Examples
        --------
        >>> import wirecopy as wc
        >>> counts = wc.count([], matrix=False)
        >>> for batch in (["rain", "snow"], ["rain again"]):
        ...     counts = counts.update(batch)
        >>> counts["rain"]["frequency"], counts.n_texts
        (2.0, 3)
        """
        if not self._own_words and self._tokenizer is None:
            raise ValueError("these counts were loaded, and have lost their tokenizer; use merge")
        column, _ = read_texts(texts, "texts")
        more, _ = count_column(
            column,
            self.ngrams,
            skip=self._core.skip,
            weights=weights,
            limits=NO_LIMITS,
            tokenizer=self._tokenizer,
            max_terms=self._max_terms,
            matrix=False,
            threads=threads,
            progress=progress,
        )
        self._become(self._core.merge(more, max_terms=self._max_terms))
        return self

    def merge(self, other: Counts) -> Counts:
        """Return the counts of the texts of both, without matrix and groups.

        The result is that of counting all texts at once, to the last bit; the stopwords and
        `max_terms` are those of these counts.

        Raises
        ------
        TypeError
            `other` is not Counts.
        ValueError
            They counted other n-grams or other words, or left terms out by `min_df` or `max_df`.

        Examples
        --------
        >>> import wirecopy as wc
        >>> both = wc.count(["rain"]).merge(wc.count(["rain and snow"]))
        >>> both["rain"]["documents"]
        2.0
        """
        if not isinstance(other, Counts):
            raise TypeError(f"other is {type(other).__name__}; expected Counts")
        if self._own_words != other._own_words:
            raise ValueError("other: one counted words of a tokenizer, the other did not")
        return self._with(self._core.merge(other._core, max_terms=self._max_terms))

    def keep_documents(self, min_df: float = 0, max_df: float | None = None) -> Counts:
        """Return these counts without the terms in too few or too many texts.

        Parameters
        ----------
        min_df, max_df : int or float
            As for `count`.

        Examples
        --------
        >>> import wirecopy as wc
        >>> wc.count(["a b", "a"]).keep_documents(min_df=2).terms
        ['a']
        """
        core = self._core.keep_documents(*read_limits(min_df, max_df))
        kept = self._with(core)
        kept._weights, kept._groups = self._weights, self._groups
        return kept

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the counts, without matrix and groups, to a file that `load` reads.

        The file has a version and a checksum, and holds no code. A file that is there is replaced
        once the new one is complete.

        Examples
        --------
        >>> import tempfile, pathlib, wirecopy as wc
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "rain.counts"
        >>> wc.count(["rain, rain and snow"]).save(path)
        >>> wc.Counts.load(path)["rain"]["frequency"]
        2.0
        """
        notes = {
            "stopwords": self._stopwords,
            "own_words": self._own_words,
            "max_terms": self._max_terms,
        }
        target = Path(path)
        part = target.with_name(target.name + ".part")
        part.write_bytes(self._core.write(json.dumps(notes)))
        part.replace(target)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Counts:
        """Read counts that `save` wrote.

        Tables of the result are `Table`; there is no matrix, but ``matrix(texts)`` makes one.

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            It is no such file, of another version, damaged or cut off.

        Examples
        --------
        >>> import tempfile
        >>> import wirecopy as wc
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     wc.count(["to be or not to be"]).save(folder + "/words")
        ...     wc.Counts.load(folder + "/words").top(2)["term"].tolist()
        ['be', 'to']
        """
        try:
            core, notes = _core.Counts.read(Path(path).read_bytes())
        except ValueError as error:
            raise ValueError(f"{os.fspath(path)}: {str(error).removeprefix('file: ')}") from None
        read = json.loads(notes)
        return cls(
            core,
            Kind(),
            read["stopwords"],
            own_words=read["own_words"],
            max_terms=read["max_terms"],
        )

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._core) if self._kept is None else int(np.count_nonzero(self._kept))

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self._find(term) is not None

    def __getitem__(self, term: str) -> dict[str, Any]:
        """Return the row of a term, which is normalized first: "U.S." finds "u.s".

        (Where a tokenizer found the words, terms are looked up as they are.)

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
        from wirecopy._display._counted import counts_html

        return counts_html(self)

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
            kept = kept & self._without(stopwords)
        return np.flatnonzero(kept).astype(np.int64, copy=False)

    def _terms(self, rows: NDArray[np.int64]) -> list[str]:
        terms = self._core.terms
        return [terms[row] for row in rows.tolist()]

    def _without(self, stopwords: list[str]) -> NDArray[np.bool_]:
        return self._core.without_stopwords(stopwords, as_they_are=not self._own_words)

    def _find(self, term: str) -> int | None:
        row = self._core.find(term, as_it_is=not self._own_words)
        return None if row is None or (self._kept is not None and not self._kept[row]) else row

    def _with(self, core: _core.Counts) -> Counts:
        return Counts(
            core,
            self._kind,
            self._stopwords,
            tokenizer=self._tokenizer,
            own_words=self._own_words,
            max_terms=self._max_terms,
        )

    def _become(self, core: _core.Counts) -> None:
        self.__dict__.update(self._with(core).__dict__)
