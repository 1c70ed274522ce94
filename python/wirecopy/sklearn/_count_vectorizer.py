"""CountVectorizer, computed by the core."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import _fit_context
from sklearn.feature_extraction.text import CountVectorizer

from wirecopy._run import threads_or_default
from wirecopy.sklearn import _documents
from wirecopy.sklearn._counting import (
    LONGEST_NGRAM,
    Asked,
    Counted,
    CountedByPython,
    NotForCoreError,
    count_found,
    count_own,
    split_own,
)
from wirecopy.sklearn._pattern_words import alphabet, read_word_run

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DEFAULT_PATTERN", "OWN_WORDS", "WireCountVectorizer", "align"]

#: A value of `token_pattern`: the words of `wirecopy.count`.
OWN_WORDS = "wirecopy"
DEFAULT_PATTERN = r"(?u)\b\w\w+\b"


def align(matrix: Any) -> Any:
    """Give the kind of sparse matrix that scikit-learn is set to give."""
    try:
        from sklearn.utils._sparse import _align_api_if_sparse
    except ImportError:  # versions that know one kind
        return matrix
    return _align_api_if_sparse(matrix)


class WireCountVectorizer(CountVectorizer):
    r"""scikit-learn's CountVectorizer, computed by wirecopy's core.

    With the same parameters the result is the same: vocabulary, columns and counts are those of
    `sklearn.feature_extraction.text.CountVectorizer` [1]_, of which this is a subclass. What is added:
    `sample_weight` in `fit`, the words of `wirecopy.count` as a choice, and threads.

    Parameters
    ----------
    input : {"content", "filename", "file"}, default "content"
        What the documents are: texts (or bytes), names of files, or objects with ``read``.
    encoding : str, default "utf-8"
        Of bytes.
    decode_error : {"strict", "ignore", "replace"}, default "strict"
        What is done about bytes that are no text in this encoding.
    strip_accents : {"ascii", "unicode"}, callable or None, default None
        How accents are removed, after lower-casing.
    lowercase : bool, default True
        Whether texts are lower-cased, as ``str.lower`` does.
    preprocessor : callable, optional
        In place of lower-casing and removing accents: a function from a text to a text.
    tokenizer : callable, optional
        In place of `token_pattern`: a function from a text to its words.
    stop_words : "english", list of str or None, default None
        Words that are left out, before n-grams are made. "english" is scikit-learn's list.
    token_pattern : str, default ``r"(?u)\b\w\w+\b"``
        A regular expression whose matches (or only group) are the words: by default runs of two or more
        letters, digits and underscores. ``"wirecopy"`` asks for the words of `wirecopy.count` instead:
        "don't", "3.5" and "U.S." ("u.s") are words, so are single letters; an accent makes no
        difference whether it was typed as one character or two; a character of a script without spaces
        is a word. They are folded by NFKC_Casefold, so `lowercase` has no effect then.
    ngram_range : (int, int), default (1, 1)
        Words (or characters) in the shortest and in the longest n-gram.
    analyzer : {"word", "char", "char_wb"} or callable, default "word"
        What features are made of. All but "word" are computed by scikit-learn itself.
    max_df, min_df : int or float, default 1.0 and 1
        Leave out features that more, or fewer, documents have: an int is a number of documents, a float
        a share of them. By weight, where weights are given; ``min_df=1`` keeps all then, too.
    max_features : int, optional
        Keep so many features, those with the most occurrences.
    vocabulary : mapping or iterable, optional
        The features, if they are known beforehand.
    binary : bool, default False
        Whether all counts are 1.
    dtype : NumPy type, default int64
        Of the matrix.
    threads : int, optional
        Default: the environment variable WIRECOPY_THREADS, or the CPUs this process may use. Results do
        not depend on it.

    Attributes
    ----------
    vocabulary_ : dict
        The column of each feature.
    fixed_vocabulary_ : bool
        Whether `vocabulary` was given.

    Raises
    ------
    ValueError
        As scikit-learn's: "empty vocabulary" and others; weights that are not finite and >= 0, one a
        document.
    TypeError
        A document that is neither str nor bytes; the error names its row.

    See Also
    --------
    WireTfidfVectorizer : tf-idf of the same features.
    wirecopy.count : Counts as tables, keyness, merging; no scikit-learn needed.

    Notes
    -----
    The default pattern, and others of the form ``\b\w{k,}\b``, are read by the core: texts are rewritten
    so that its words are exactly the pattern's, whatever the language. Other patterns, tokenizers and
    preprocessors run in Python, and the core counts what they find. `analyzer` other than "word",
    n-grams of more than 8 words, and tokens that are no text (or hold spaces, where n-grams are made)
    are left to scikit-learn: no faster, and the same. Features are listed in ``vocabulary_`` in the
    order of their columns.

    References
    ----------
    .. [1] F. Pedregosa et al., "Scikit-learn: machine learning in Python", Journal of Machine Learning
       Research 12 (2011).

    Examples
    --------
    >>> from wirecopy.sklearn import WireCountVectorizer
    >>> vectorizer = WireCountVectorizer(ngram_range=(1, 2))
    >>> matrix = vectorizer.fit_transform(["The ferry sank.", "A ferry didn't sail."])
    >>> vectorizer.get_feature_names_out().tolist()
    ['didn', 'didn sail', 'ferry', 'ferry didn', 'ferry sank', 'sail', 'sank', 'the', 'the ferry']
    >>> matrix.toarray().tolist()
    [[0, 0, 1, 0, 1, 0, 1, 1, 1], [1, 1, 1, 1, 0, 1, 0, 0, 0]]
    >>> own = WireCountVectorizer(token_pattern="wirecopy").fit(["A ferry didn't sail."])
    >>> own.get_feature_names_out().tolist()
    ['a', "didn't", 'ferry', 'sail']
    """

    def __init__(
        self,
        *,
        input: str = "content",  # noqa: A002 - scikit-learn's name
        encoding: str = "utf-8",
        decode_error: str = "strict",
        strip_accents: Any = None,
        lowercase: bool = True,
        preprocessor: Callable[[Any], str] | None = None,
        tokenizer: Callable[[str], Any] | None = None,
        stop_words: Any = None,
        token_pattern: str | None = DEFAULT_PATTERN,
        ngram_range: tuple[int, int] = (1, 1),
        analyzer: Any = "word",
        max_df: float = 1.0,
        min_df: float = 1,
        max_features: int | None = None,
        vocabulary: Any = None,
        binary: bool = False,
        dtype: Any = np.int64,
        threads: int | None = None,
    ) -> None:
        # Not through super(), which would be TfidfVectorizer in the subclass that is one.
        CountVectorizer.__init__(
            self,
            input=input,
            encoding=encoding,
            decode_error=decode_error,
            strip_accents=strip_accents,
            lowercase=lowercase,
            preprocessor=preprocessor,
            tokenizer=tokenizer,
            stop_words=stop_words,
            token_pattern=token_pattern,
            ngram_range=ngram_range,
            analyzer=analyzer,
            max_df=max_df,
            min_df=min_df,
            max_features=max_features,
            vocabulary=vocabulary,
            binary=binary,
            dtype=dtype,
        )
        self.threads = threads
        self.vocabulary_: dict[Any, int]

    def fit(self, raw_documents: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Learn the vocabulary.

        Parameters
        ----------
        raw_documents : iterable of str or bytes
            A list, array, pandas or polars Series, pyarrow array, or a frame of one column.
        y : None
            Not used.
        sample_weight : array of n floats, optional
            What each document counts for, finite and >= 0: in `min_df`, `max_df` and `max_features`.
            ``wirecopy.dedup(texts).weights()`` makes a reprinted story count once. A document of weight
            0 adds nothing to the vocabulary.

        Returns
        -------
        self
        """
        self.fit_transform(raw_documents, y, sample_weight=sample_weight)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, raw_documents: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Learn the vocabulary and count.

        Parameters
        ----------
        raw_documents, y, sample_weight
            As for `fit`. The matrix itself is not weighted.

        Returns
        -------
        sparse matrix, documents x features
        """
        matrix, _ = self._fit_counts(raw_documents, sample_weight)
        return align(matrix)

    def transform(self, raw_documents: Any) -> Any:
        """Count the features of the vocabulary.

        Parameters
        ----------
        raw_documents : iterable of str or bytes
            As for `fit`.

        Returns
        -------
        sparse matrix, documents x features
        """
        documents = _documents.read_documents(raw_documents)
        self._check_vocabulary()
        return align(self._in_vocabulary(self._count(documents, None, known=True)))

    def build_tokenizer(self) -> Callable[[str], list[str]]:
        """Return a function that splits a text into words.

        Returns
        -------
        callable
        """
        if self.tokenizer is None and self.token_pattern == OWN_WORDS:
            return split_own
        tokenizer: Callable[[str], list[str]] = super().build_tokenizer()
        return tokenizer

    def _warn_for_unused_params(self) -> None:
        super()._warn_for_unused_params()
        if (
            self.analyzer == "word"
            and self.tokenizer is None
            and self.token_pattern == OWN_WORDS
            and not self.lowercase
        ):
            warnings.warn(
                "The parameter 'lowercase' will not be used: token_pattern='wirecopy' folds case",
                stacklevel=2,
            )

    def _fit_counts(
        self, raw_documents: Any, sample_weight: Any
    ) -> tuple[Any, tuple[NDArray[np.float64], float]]:
        """Learn the vocabulary; give the counts, the documents of each column and those of all."""
        documents = _documents.read_documents(raw_documents)
        weights = _documents.read_sample_weight(sample_weight, len(documents))
        total = float(len(documents) if weights is None else weights.sum())
        self._validate_ngram_range()
        self._warn_for_unused_params()
        self._validate_vocabulary()
        if self.fixed_vocabulary_:
            self._warn_of_upper_case()
        counted = self._count(documents, weights, known=self.fixed_vocabulary_)
        if self.fixed_vocabulary_:
            matrix, rows, columns = self._place(counted)
            of_column = np.zeros(len(self.vocabulary_))
            of_column[columns] = counted.documents[rows]
            return matrix, (of_column, total)
        rows, names = self._choose(counted, total, weights is not None)
        self.vocabulary_ = dict(zip(names, range(len(names)), strict=True))
        matrix = self._as_asked(counted.matrix(rows, self.dtype))
        return matrix, (counted.documents[rows], total)

    def _warn_of_upper_case(self) -> None:
        if self.lowercase and any(any(map(str.isupper, term)) for term in self.vocabulary):
            warnings.warn(
                "Upper case characters found in vocabulary while 'lowercase' is True. These entries "
                "will not be matched with any documents",
                stacklevel=2,
            )

    # --- counting ---------------------------------------------------------------------------------

    def _count(
        self, documents: list[Any], weights: NDArray[np.float64] | None, *, known: bool
    ) -> Counted:
        """Count features of documents: by the core, or by scikit-learn what that cannot.

        All of them, or, where the vocabulary is known, at least those in it.
        """
        analyze = self.build_analyzer()
        least, most = self.ngram_range
        if self.analyzer != "word" or not 1 <= least <= most <= LONGEST_NGRAM or self._extended:
            return self._count_by_python(documents, weights, known)
        stop_words = self.get_stop_words()
        asked = Asked(
            (least, most),
            None if stop_words is None else frozenset(stop_words),
            weights,
            threads_or_default(self.threads),
        )
        read = self.input != "content"
        run = read_word_run(self.token_pattern) if self.tokenizer is None else None
        own = self.tokenizer is None and self.token_pattern == OWN_WORDS
        if read and run is None and not own:
            # What was read could not be read again.
            return self._count_by_python(documents, weights, known)
        texts = _documents.decode_all(documents, self.decode, read)
        row = _documents.first_no_text(texts)
        if row is not None:
            if self.preprocessor is None and self.lowercase:
                raise _documents.explain_no_text(texts[row], row)
            for text in texts if read else ():
                analyze(text)
            return self._count_by_python(documents, weights, known)
        if own:
            return count_own(self._preprocess(texts, fold=False), asked)
        if run is None:
            preprocess, tokenize = self.build_preprocessor(), self.build_tokenizer()
            try:
                return count_found(texts, lambda text: tokenize(preprocess(text)), asked)
            except NotForCoreError:
                return self._count_by_python(documents, weights, known)
        plain = self.preprocessor is None and not self.strip_accents
        letters = alphabet(lower=plain and self.lowercase)
        written = letters.rewrite(texts if plain else self._preprocess(texts), run)
        return count_own(written, asked, letters.restore)

    @property
    def _extended(self) -> bool:
        """Whether a subclass analyzes in its own way."""
        return any(
            getattr(type(self), name) is not getattr(WireCountVectorizer, name)
            for name in (
                "build_analyzer",
                "build_preprocessor",
                "build_tokenizer",
                "decode",
                "get_stop_words",
            )
        )

    def _preprocess(self, texts: list[str], fold: bool = True) -> list[str]:
        """Preprocess texts in Python; without `fold`, only where the core would not do the same."""
        if not fold and self.preprocessor is None and not self.strip_accents:
            return texts
        preprocess = self.build_preprocessor()
        if self.preprocessor is None and not callable(self.strip_accents) and self.lowercase:
            # Nothing but lower case is done to ASCII.
            return [text.lower() if text.isascii() else preprocess(text) for text in texts]
        return [preprocess(text) for text in texts]

    def _count_by_python(
        self, documents: list[Any], weights: NDArray[np.float64] | None, known: bool
    ) -> CountedByPython:
        column_of, matrix = CountVectorizer._count_vocab(self, documents, fixed_vocab=known)
        features = sorted(column_of, key=column_of.__getitem__)
        return CountedByPython(features, matrix, weights)

    # --- choosing features ------------------------------------------------------------------------

    def _choose(
        self, counted: Counted, total: float, weighted: bool
    ) -> tuple[NDArray[np.int64], list[Any]]:
        """Choose the features to keep: their rows and names, in order of the names."""
        rows = np.flatnonzero(counted.documents > 0)
        if len(rows) == 0:
            raise ValueError(
                "empty vocabulary; perhaps the documents only contain stop words"
                + (" or have no weight" if weighted else "")
            )
        most = float(self.max_df * (1 if isinstance(self.max_df, Integral) else total))
        least = float(self.min_df * (1 if isinstance(self.min_df, Integral) else total))
        if most < least:
            raise ValueError("max_df corresponds to < documents than min_df")
        if weighted and isinstance(self.min_df, Integral) and self.min_df == 1:
            least = 0
        documents = counted.documents[rows]
        rows = rows[(documents >= least) & (documents <= most)]
        if len(rows) == 0:
            raise ValueError(
                "After pruning, no terms remain. Try a lower min_df or a higher max_df."
            )
        names = counted.features(rows)
        order = sorted(range(len(names)), key=names.__getitem__)
        if self.max_features is not None and len(order) > self.max_features:
            frequency = counted.documents if self.binary else counted.frequency
            kind = np.float64 if weighted else np.zeros(1, self.dtype).sum().dtype
            sums = frequency[rows[order]].astype(kind)
            # The expression that scikit-learn breaks ties with.
            first = (-sums).argsort()[: self.max_features]
            order = [order[i] for i in np.sort(first).tolist()]
        return rows[order], [names[i] for i in order]

    def _in_vocabulary(self, counted: Counted) -> Any:
        return self._place(counted)[0]

    def _place(self, counted: Counted) -> tuple[Any, NDArray[np.int64], NDArray[np.int64]]:
        """Put counts into the columns of the vocabulary; give also the rows, and column of each."""
        rows = np.flatnonzero(counted.documents > 0)
        column_of = self.vocabulary_.get
        found = (column_of(name, -1) for name in counted.features(rows))
        columns = np.fromiter(found, dtype=np.int64, count=len(rows))
        rows, columns = rows[columns >= 0], columns[columns >= 0]
        order = np.argsort(columns, kind="stable")
        rows, columns = rows[order], columns[order]
        matrix = counted.matrix(rows, self.dtype)
        matrix.indices = columns.astype(matrix.indices.dtype)[matrix.indices]
        matrix = type(matrix)(
            (matrix.data, matrix.indices, matrix.indptr),
            shape=(matrix.shape[0], len(self.vocabulary_)),
            copy=False,
        )
        return self._as_asked(matrix), rows, columns

    def _as_asked(self, matrix: Any) -> Any:
        if self.binary:
            matrix.data.fill(1)
        return matrix
