"""TfidfVectorizer, computed by the core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import _fit_context
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

from wirecopy.sklearn._count_vectorizer import DEFAULT_PATTERN, WireCountVectorizer, align

__all__ = ["WireTfidfVectorizer"]


class WireTfidfVectorizer(WireCountVectorizer, TfidfVectorizer):
    r"""scikit-learn's TfidfVectorizer, computed by wirecopy's core.

    Equal to `WireCountVectorizer` followed by scikit-learn's TfidfTransformer, and so, with the same
    parameters, to `sklearn.feature_extraction.text.TfidfVectorizer`, of which this is a subclass.

    Parameters
    ----------
    input, encoding, decode_error, strip_accents, lowercase, preprocessor, tokenizer, analyzer
        As for `WireCountVectorizer`.
    stop_words, token_pattern, ngram_range, max_df, min_df, max_features, vocabulary, binary, threads
        As for `WireCountVectorizer`.
    dtype : NumPy type, default float64
        Of the matrix: float64 or float32.
    norm : {"l2", "l1"} or None, default "l2"
        Divide each row by the root of the sum of its squares, by its sum, or not at all.
    use_idf : bool, default True
        Multiply by idf.
    smooth_idf : bool, default True
        Count one document more, that has every feature.
    sublinear_tf : bool, default False
        1 + ln(count) in place of the count.

    Attributes
    ----------
    vocabulary_ : dict
        The column of each feature.
    idf_ : array, shape (features,)
        The idf of each feature, where `use_idf`.
    fixed_vocabulary_ : bool
        Whether `vocabulary` was given.

    Raises
    ------
    TypeError, ValueError
        As for `WireCountVectorizer`.

    See Also
    --------
    WireCountVectorizer : Counts of the same features.
    wirecopy.keywords.Counts.tfidf : The same values without scikit-learn.

    Notes
    -----
    idf(t) = ln((1 + N) / (1 + df(t))) + 1, or without smoothing ln(N / df(t)) + 1, where N are the
    documents and df(t) those that have t: sums of `sample_weight`, where that is given.

    Examples
    --------
    A story that three outlets printed counts once:

    >>> import wirecopy as wc
    >>> from wirecopy.sklearn import WireTfidfVectorizer
    >>> story = "The mayor resigned on Monday after the vote."
    >>> texts = [story, story, story, "The ferry sank.", "The ferry sailed."]
    >>> plain = WireTfidfVectorizer().fit(texts)
    >>> once = WireTfidfVectorizer().fit(texts, sample_weight=wc.dedup(texts).weights())
    >>> column = plain.vocabulary_["mayor"]
    >>> float(plain.idf_[column].round(3)), float(once.idf_[column].round(3))
    (1.405, 1.693)
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
        analyzer: Any = "word",
        stop_words: Any = None,
        token_pattern: str | None = DEFAULT_PATTERN,
        ngram_range: tuple[int, int] = (1, 1),
        max_df: float = 1.0,
        min_df: float = 1,
        max_features: int | None = None,
        vocabulary: Any = None,
        binary: bool = False,
        dtype: Any = np.float64,
        norm: str | None = "l2",
        use_idf: bool = True,
        smooth_idf: bool = True,
        sublinear_tf: bool = False,
        threads: int | None = None,
    ) -> None:
        super().__init__(
            input=input,
            encoding=encoding,
            decode_error=decode_error,
            strip_accents=strip_accents,
            lowercase=lowercase,
            preprocessor=preprocessor,
            tokenizer=tokenizer,
            analyzer=analyzer,
            stop_words=stop_words,
            token_pattern=token_pattern,
            ngram_range=ngram_range,
            max_df=max_df,
            min_df=min_df,
            max_features=max_features,
            vocabulary=vocabulary,
            binary=binary,
            dtype=dtype,
            threads=threads,
        )
        self.norm = norm
        self.use_idf = use_idf
        self.smooth_idf = smooth_idf
        self.sublinear_tf = sublinear_tf

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, raw_documents: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Learn the vocabulary and idf.

        Parameters
        ----------
        raw_documents : iterable of str or bytes
            As for `WireCountVectorizer.fit`.
        y : None
            Not used.
        sample_weight : array of n floats, optional
            What each document counts for, finite and >= 0: in idf, `min_df`, `max_df`, `max_features`.

        Returns
        -------
        self
        """
        self._fit_tfidf(raw_documents, sample_weight)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, raw_documents: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Learn the vocabulary and idf, and weigh the counts.

        Parameters
        ----------
        raw_documents, y, sample_weight
            As for `fit`. Rows are those of `transform`: weights act through idf and vocabulary alone.

        Returns
        -------
        sparse matrix, documents x features
        """
        counts = self._fit_tfidf(raw_documents, sample_weight)
        return self._tfidf.transform(counts, copy=False)

    def transform(self, raw_documents: Any) -> Any:
        """Weigh the counts of the features of the vocabulary.

        Parameters
        ----------
        raw_documents : iterable of str or bytes
            As for `fit`.

        Returns
        -------
        sparse matrix, documents x features
        """
        _ = getattr(self, "_tfidf", None) or self.idf_  # raises NotFittedError
        return self._tfidf.transform(super().transform(raw_documents), copy=False)

    def _fit_tfidf(self, raw_documents: Any, sample_weight: Any) -> Any:
        """Learn everything; give the counts."""
        self._check_params()
        matrix, (documents, total) = self._fit_counts(raw_documents, sample_weight)
        matrix = align(matrix)
        self._tfidf = TfidfTransformer(
            norm=self.norm,
            use_idf=self.use_idf,
            smooth_idf=self.smooth_idf,
            sublinear_tf=self.sublinear_tf,
        ).fit(matrix)
        if self.use_idf and sample_weight is not None:
            smooth = float(self.smooth_idf)
            idf = np.log((total + smooth) / (documents + smooth)) + 1
            self._tfidf.idf_ = idf.astype(self._tfidf.idf_.dtype)
        return matrix
