"""Texts x terms as SciPy matrices: counts, tf-idf, BM25, and sums over groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from wirecopy import _core as core
from wirecopy._arguments import read_flag, read_number
from wirecopy._columns import Kind, read_texts
from wirecopy._optional import optional
from wirecopy._run import ProgressArgument, progress_callback, threads_or_default
from wirecopy.keywords._groups import Groups
from wirecopy.keywords._tokens import TokenizerArgument, tokenize_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NORMS = {"l1": 1, "l2": 2, None: 0}
#: The delta of each variant's paper.
_DELTAS = {"bm25l": 0.5, "bm25+": 1.0}


def scipy_sparse() -> Any:
    """Import scipy.sparse, only where a matrix is asked for."""
    return optional("scipy.sparse", "a matrix", "matrix")


class MatrixMethods:
    """The part of `Counts` that needs to know which text has which term."""

    _core: core.Counts
    _kind: Kind
    _weights: NDArray[np.float64] | None
    _groups: Groups | None
    _tokenizer: TokenizerArgument
    _own_words: bool
    _doc_terms: core.DocTerms | None
    _group_sums: dict[str, Any] | None

    def matrix(
        self,
        texts: Any = None,
        *,
        dtype: Any = None,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> Any:
        """Return how often each text has each term, as a SciPy sparse matrix.

        Parameters
        ----------
        texts : column of str, optional
            Other texts, whose words are looked up in this vocabulary (a batch, a test set). Default:
            those that were counted.
        dtype : NumPy type, optional
            Of the counts. Default: int32, which shares memory with the counts (as `indices` does
            where there are fewer than 2^31 entries). To multiply matrices take float64, where
            nothing runs over.
        threads, progress
            As for `count`.

        Returns
        -------
        scipy.sparse.csr_matrix, texts x terms
            Row i is text i (a null text has an empty row), column j is ``terms[j]``. Columns of a row
            are in order, each once. Occurrences, not weighted: frequencies are
            ``weights @ matrix``. 8 bytes an entry.

        Raises
        ------
        ImportError
            SciPy is not installed.
        ValueError
            These counts have no matrix (they were counted with ``matrix=False``, merged, updated or
            loaded): pass the texts.

        Examples
        --------
        >>> import wirecopy as wc
        >>> counts = wc.count(["rain, rain and snow", "snow"])
        >>> counts.terms
        ['rain', 'snow', 'and']
        >>> counts.matrix().toarray().tolist()
        [[2, 1, 1], [0, 1, 0]]
        >>> counts.matrix(["more snow"]).toarray().tolist()
        [[0, 1, 0]]
        """
        entries = self._entries(texts, threads, progress)
        counts = entries.counts if dtype is None else entries.counts.astype(dtype, copy=False)
        return self._sparse(entries, counts)

    def tfidf(
        self,
        texts: Any = None,
        *,
        norm: Literal["l1", "l2"] | None = "l2",
        use_idf: bool = True,
        smooth_idf: bool = True,
        sublinear_tf: bool = False,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> Any:
        """Return the tf-idf of each term in each text, with scikit-learn's parameters and values.

        Parameters
        ----------
        texts : column of str, optional
            Other texts, weighed by the document frequencies of those counted.
        norm : {"l2", "l1", None}, default "l2"
            Divide each row by the root of the sum of its squares, by its sum, or not at all.
        use_idf : bool, default True
            Multiply by idf.
        smooth_idf : bool, default True
            Count one text more, that has every term.
        sublinear_tf : bool, default False
            1 + ln(count) in place of the count.
        threads, progress
            As for `count`.

        Returns
        -------
        scipy.sparse.csr_matrix of float64, texts x terms

        Notes
        -----
        idf(t) = ln((1 + N) / (1 + df(t))) + 1, or without smoothing ln(N / df(t)) + 1 [1]_, where N is
        `document_total` and df(t) the documents of t: by weight, so that a reprinted story can count
        once. Without weights or null texts these are the values of scikit-learn's TfidfVectorizer;
        a null text is no text here, so it is not in N. A text without any of the terms has an empty
        row.

        References
        ----------
        .. [1] K. Spärck Jones, "A statistical interpretation of term specificity and its application
           in retrieval", Journal of Documentation 28 (1972); the smoothing is scikit-learn's.

        Examples
        --------
        >>> import wirecopy as wc
        >>> counts = wc.count(["rain, rain and snow", "snow"])
        >>> counts.tfidf(norm=None, smooth_idf=False).toarray().round(3).tolist()
        [[3.386, 1.0, 1.693], [0.0, 1.0, 0.0]]
        """
        if norm not in _NORMS:
            raise ValueError(f"norm is {norm!r}; must be 'l1', 'l2' or None")
        options: dict[str, Any] = {
            "norm": _NORMS[norm],
            "use_idf": read_flag("use_idf", use_idf),
            "smooth_idf": read_flag("smooth_idf", smooth_idf),
            "sublinear_tf": read_flag("sublinear_tf", sublinear_tf),
        }
        entries = self._entries(texts, threads, progress)
        values = entries.tfidf(
            self._column_documents(),
            self._core.document_total,
            threads=threads_or_default(threads),
            **options,
        )
        return self._sparse(entries, values)

    def bm25(
        self,
        query: Any = None,
        texts: Any = None,
        *,
        variant: str = "lucene",
        k1: float = 1.2,
        b: float = 0.75,
        delta: float | None = None,
        threads: int | None = None,
        progress: ProgressArgument = None,
    ) -> Any:
        """Score texts by BM25: for a query, or every term in every text.

        Parameters
        ----------
        query : str or list of str, optional
            A str is taken for its words (as `count` finds them), a list for its terms, each of which
            may be an n-gram that was counted. A term that was not counted adds nothing; one given
            twice counts twice.
        texts : column of str, optional
            Other texts, weighed by the document frequencies of those counted. Their mean length is
            their own.
        variant : {"lucene", "robertson", "atire", "bm25l", "bm25+"}, default "lucene"
            See Notes.
        k1 : float, default 1.2
            How slowly more occurrences stop to matter; 0 or more.
        b : float, default 0.75
            How much long texts are held back, from 0 to 1.
        delta : float, optional
            What an occurrence is worth at least, in "bm25l" (default 0.5) and "bm25+" (default 1).
        threads, progress
            As for `count`.

        Returns
        -------
        column of float or scipy.sparse.csr_matrix
            With a query one score a text, in the kind of the texts (null texts score 0); without, the
            part of each term in each text, texts x terms: a query's score is the sum of its columns.

        Notes
        -----
        With f the occurrences in the text, L its words (all, counted or not) over the mean of all
        texts that are not null, N `document_total` and n the documents of the term (by weight), and
        c = f / (1 - b + b L), the part of a term is, as [1]_ states them:

        ========= =================================== ==========================================
        robertson ln((N - n + 0.5) / (n + 0.5))       f (k1 + 1) / (f + k1 (1 - b + b L))   [2]_
        lucene    ln(1 + (N - n + 0.5) / (n + 0.5))   f / (f + k1 (1 - b + b L))            [1]_
        atire     ln(N / n)                           as robertson                          [3]_
        bm25l     ln((N + 1) / (n + 0.5))             (k1 + 1) (c + δ) / (k1 + c + δ)       [4]_
        bm25+     ln((N + 1) / n)                     δ + as robertson                      [5]_
        ========= =================================== ==========================================

        (the product of both columns, where f > 0; else 0). The first is negative for a term in more
        than half of the texts.

        References
        ----------
        .. [1] C. Kamphuis, A. de Vries, L. Boytsov, J. Lin, "Which BM25 do you mean?", ECIR 2020.
        .. [2] S. Robertson, S. Walker, S. Jones, M. Hancock-Beaulieu, M. Gatford, "Okapi at TREC-3",
           TREC 1994.
        .. [3] A. Trotman, A. Puurula, B. Burgess, "Improvements to BM25 and language models examined",
           ADCS 2014.
        .. [4] Y. Lv, C. Zhai, "When documents are very long, BM25 fails!", SIGIR 2011.
        .. [5] Y. Lv, C. Zhai, "Lower-bounding term frequency normalization", CIKM 2011.

        Examples
        --------
        >>> import wirecopy as wc
        >>> counts = wc.count(["rain, rain and snow", "snow", "sun"])
        >>> counts.bm25("rain").round(3).tolist()
        [0.478, 0.0, 0.0]
        """
        options: dict[str, Any] = {
            "variant": variant,
            "k1": read_number("k1", k1),
            "b": read_number("b", b),
            "delta": _DELTAS.get(variant, 0.0) if delta is None else read_number("delta", delta),
        }
        if not isinstance(variant, str):
            raise TypeError(f"variant is {type(variant).__name__}; expected a str")
        columns = None if query is None else self._query_columns(query)
        entries = self._entries(texts, threads, progress)
        values = entries.bm25(
            self._column_documents(),
            self._core.document_total,
            query=columns,
            threads=threads_or_default(threads),
            **options,
        )
        if query is None:
            return self._sparse(entries, values)
        kind = self._kind if texts is None else read_texts(texts)[1]
        return kind.values(values, "bm25")

    # --- groups -----------------------------------------------------------------------------------

    @property
    def groups(self) -> list[Any]:
        """The labels of ``count(by=...)``, in order; empty without it."""
        return [] if self._groups is None else list(self._groups.labels)

    def group_matrix(self, of: Literal["frequency", "documents"] = "frequency") -> Any:
        """Return how often each group has each term, as a SciPy sparse matrix.

        Parameters
        ----------
        of : {"frequency", "documents"}
            Occurrences, or texts that have it; both by weight.

        Returns
        -------
        scipy.sparse.csr_matrix of float64, groups x terms
            Row i is ``groups[i]``, column j is ``terms[j]``.

        Raises
        ------
        ValueError
            The texts were counted without ``by``, or merged, updated or loaded since.

        Examples
        --------
        >>> import wirecopy as wc
        >>> counts = wc.count(["rain", "snow and ice", "ice"], by=["west", "east", "east"])
        >>> counts.groups, counts.terms
        (['east', 'west'], ['ice', 'and', 'rain', 'snow'])
        >>> counts.group_matrix().toarray().tolist()
        [[2.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0]]
        """
        if of not in {"frequency", "documents"}:
            raise ValueError(f"of is {of!r}; must be 'frequency' or 'documents'")
        sums = self._sums()
        shape = (len(self.groups), len(self._columns()))
        return scipy_sparse().csr_matrix(
            (sums[of], sums["columns"], sums["starts"]), shape=shape, copy=False
        )

    def group_total(self, group: Any, n: int = 1) -> float:
        """Return the occurrences of all n-grams of `n` words in a group, by weight.

        Raises
        ------
        KeyError
            There is no such group.
        ValueError
            N-grams of that length were not counted, or there are no groups.
        """
        _, _, totals = self._of_group(group)
        return float(totals[self._length(n) - self._core.min_n])

    def _of_group(
        self, group: Any
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Frequency and documents of each row of the core in a group, and its totals."""
        sums = self._sums()
        assert self._groups is not None
        number = self._groups.number(group)
        entries = slice(*sums["starts"][number : number + 2].tolist())
        rows = self._columns()[sums["columns"][entries]]
        of_group = []
        for name in ("frequency", "documents"):
            values = np.zeros(len(self._core))
            values[rows] = sums[name][entries]
            of_group.append(values)
        lengths = self._core.max_n - self._core.min_n + 1
        totals = sums["totals"][number * lengths : (number + 1) * lengths]
        return of_group[0], of_group[1], totals

    def _sums(self) -> dict[str, Any]:
        if self._groups is None:
            raise ValueError("there are no groups: count with by=, and without update or merge")
        if self._group_sums is None:
            self._group_sums = self._entries(None, None, None).group_terms(
                self._core, self._groups.of_text, len(self._groups.labels), self._weights
            )
        return self._group_sums

    # --- entries ----------------------------------------------------------------------------------

    def _rows(self, n: int | None, stopwords: list[str]) -> NDArray[np.int64]:
        raise NotImplementedError

    def _length(self, n: Any) -> int:
        raise NotImplementedError

    def _find(self, term: str) -> int | None:
        raise NotImplementedError

    def _columns(self) -> NDArray[np.int64]:
        """Rows of the core that are columns of the matrix."""
        return self._rows(None, [])

    def _column_documents(self) -> NDArray[np.float64]:
        documents: NDArray[np.float64] = self._core.documents[self._columns()]
        return documents

    def _entries(
        self, texts: Any, threads: int | None, progress: ProgressArgument
    ) -> core.DocTerms:
        workers = threads_or_default(threads)
        if texts is not None:
            return self._entries_of(texts, workers, progress)
        if self._doc_terms is None:
            if not self._core.has_matrix:
                raise ValueError(
                    "no matrix was kept (matrix=False, max_terms, update, merge or load): pass the "
                    "texts, as in counts.matrix(texts)"
                )
            with progress_callback(progress, "matrix") as callback:
                self._doc_terms = self._core.doc_terms(
                    self._columns(), threads=workers, progress=callback
                )
        return self._doc_terms

    def _entries_of(self, texts: Any, threads: int, progress: ProgressArgument) -> core.DocTerms:
        if not self._own_words and self._tokenizer is None:
            raise ValueError("these counts were loaded, and have lost their tokenizer")
        column, _ = read_texts(texts, "texts")
        options: dict[str, Any] = {
            "min_n": self._core.min_n,
            "max_n": self._core.max_n,
            "skip": self._core.skip,
            "matrix": True,
            "threads": threads,
        }
        if self._tokenizer is None:
            with progress_callback(progress, "matrix") as callback:
                counts = core.count_terms(column, progress=callback, **options)
        else:
            tokens = tokenize_column(column, self._tokenizer, progress=progress)
            counts = core.count_tokens(tokens, **options)
        return counts.doc_terms_of(self._core, self._columns(), threads=threads)

    def _query_columns(self, query: Any) -> NDArray[np.int64]:
        if isinstance(query, str):
            column, _ = read_texts([query], "query")
            tokens = tokenize_column(column, self._tokenizer)
            vocabulary = tokens.vocabulary
            terms = [vocabulary[word] for word in tokens.ids.tolist()]
        else:
            terms = list(query)
            for i, term in enumerate(terms):
                if not isinstance(term, str):
                    raise TypeError(f"query[{i}] is {type(term).__name__}; expected str")
        rows = [row for term in terms if (row := self._find(term)) is not None]
        return np.searchsorted(self._columns(), np.array(rows, dtype=np.int64)).astype(np.int64)

    def _sparse(self, entries: core.DocTerms, values: NDArray[Any]) -> Any:
        matrix = scipy_sparse().csr_matrix(
            (values, entries.columns, entries.starts),
            shape=(len(entries), entries.width),
            copy=False,
        )
        matrix.has_sorted_indices = True
        matrix.has_canonical_format = True
        return matrix
