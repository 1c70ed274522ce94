"""Near-duplicate texts for scikit-learn: rows to drop, weights, and groups for cross-validation."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.base import BaseEstimator
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from wirecopy._dedup import Dedup, dedup
from wirecopy._furniture import FurnitureRules
from wirecopy._keep import KeepRule
from wirecopy.sklearn._documents import column_names, single_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NearDuplicateFilter"]


class NearDuplicateFilter(BaseEstimator):
    """Find texts that are copies of one another, as `wirecopy.dedup` does.

    A transformer of scikit-learn cannot drop rows. This is therefore no transformer, and what it finds
    can be used in three ways:

    - `fit_resample` gives the rows to keep, of ``X`` and ``y``: the convention of imbalanced-learn [1]_,
      in whose ``Pipeline`` this is a step that drops rows of the training set and none when predicting.
    - `groups_` says which texts are reprints of one story, for ``groups=`` of `cross_val_score`,
      `GridSearchCV` and others with `GroupKFold`: else a model is tested on what it was trained on.
    - `sample_weight_` makes a story that was printed often count once, with all rows kept.

    Parameters
    ----------
    threshold, measure, method, furniture, shingle_size, min_shared, min_ratio, max_df, keep, window
        As for `wirecopy.dedup`.
    across_sources, merge_templates, max_memory, max_pairs, num_perm, recall, seed, threads
        As for `wirecopy.dedup`.
    text : str, optional
        Name of the column of texts, where ``X`` is a frame of several columns.
    dates, sources : str, optional
        Names of the columns of dates and of outlets in ``X``, where it has some. They can be given to
        `fit` as columns instead.

    Attributes
    ----------
    result_ : Dedup
        What `wirecopy.dedup` found: pairs, verdicts, ``explain``, ``report``. It borrows the texts and
        is not pickled.
    labels_ : int64 array, shape (n,)
        Group of each text, numbered from 0; -1 for a text without a copy.
    groups_ : int64 array, shape (n,)
        A number for each story, for cross-validation: no text matches one of another number. Where
        `labels_` has two groups that are bridged by a pair, this has one; a text without a copy has a
        number of its own.
    keep_mask_ : bool array, shape (n,)
        True for the texts to keep.
    keeper_of_ : int64 array, shape (n,)
        Row of the text that is kept for each text.
    sample_weight_ : float64 array, shape (n,)
        1 / (texts in the group of each text).
    sample_indices_ : int64 array
        Rows that `fit_resample` gave.

    Raises
    ------
    TypeError, ValueError
        As for `wirecopy.dedup`; also where ``X`` has no such column.

    See Also
    --------
    wirecopy.match : Copies between two collections, such as a training set and a test set.

    Notes
    -----
    There is no ``predict``: whether a text is dropped depends on the texts that it is given with. As
    anything fitted within cross-validation, the filter as a step of a pipeline sees one training set at
    a time; reprints across the split are what `groups_` of the whole collection is for.

    References
    ----------
    .. [1] G. Lemaître, F. Nogueira, C. K. Aridas, "Imbalanced-learn: a Python toolbox to tackle the
       curse of imbalanced datasets in machine learning", Journal of Machine Learning Research 18 (2017).

    Examples
    --------
    >>> from wirecopy.sklearn import NearDuplicateFilter
    >>> texts = [
    ...     "The harbour bridge will reopen to traffic on Monday, the city said.",
    ...     "PORT ELLERY - The harbour bridge will reopen to traffic on Monday, the city said.",
    ...     "Tram drivers have called off their strike after a late-night deal.",
    ... ]
    >>> found = NearDuplicateFilter().fit(texts)
    >>> found.labels_, found.groups_, found.sample_weight_
    (array([ 0,  0, -1]), array([0, 0, 1]), array([0.5, 0.5, 1. ]))
    >>> kept, topics = NearDuplicateFilter().fit_resample(texts, ["roads", "roads", "trams"])
    >>> topics
    ['roads', 'trams']
    """

    def __init__(
        self,
        threshold: float | None = None,
        *,
        measure: str = "jaccard",
        method: str = "exact",
        furniture: str | FurnitureRules | None = None,
        shingle_size: int = 5,
        min_shared: int | None = None,
        min_ratio: float | None = None,
        max_df: int | None = None,
        keep: KeepRule | Sequence[KeepRule] | None = None,
        window: float | timedelta | None = None,
        across_sources: bool = False,
        merge_templates: bool = False,
        max_memory: int | str | None = None,
        max_pairs: int | None = None,
        num_perm: int = 128,
        recall: float = 0.99,
        seed: int = 1,
        text: str | None = None,
        dates: str | None = None,
        sources: str | None = None,
        threads: int | None = None,
    ) -> None:
        self.threshold = threshold
        self.measure = measure
        self.method = method
        self.furniture = furniture
        self.shingle_size = shingle_size
        self.min_shared = min_shared
        self.min_ratio = min_ratio
        self.max_df = max_df
        self.keep = keep
        self.window = window
        self.across_sources = across_sources
        self.merge_templates = merge_templates
        self.max_memory = max_memory
        self.max_pairs = max_pairs
        self.num_perm = num_perm
        self.recall = recall
        self.seed = seed
        self.text = text
        self.dates = dates
        self.sources = sources
        self.threads = threads

    def fit(
        self,
        X: Any,  # noqa: N803 - scikit-learn's name
        y: Any = None,
        *,
        dates: Any = None,
        sources: Any = None,
    ) -> NearDuplicateFilter:
        """Find the copies among texts.

        Parameters
        ----------
        X : column of n str, or frame
            Any column that `wirecopy.dedup` takes, an array or frame of one column, or a frame with the
            columns that `text`, `dates` and `sources` name.
        y : None
            Not used.
        dates : column of n dates, optional
            When each text appeared.
        sources : column of n str, optional
            The outlet of each text.

        Returns
        -------
        self
        """
        options = self.get_params(deep=False)
        del options["text"]
        texts = self._texts(X)
        options["dates"] = self._column(X, "dates", dates)
        options["sources"] = self._column(X, "sources", sources)
        result = dedup(texts, progress=False, **options)
        self.result_: Dedup = result
        self.labels_ = result.group_of
        self.keep_mask_ = result.keep_mask
        self.keeper_of_ = result.keeper_of
        self.sample_weight_ = result.weights()
        self._story_of: NDArray[np.int64] | None = None
        return self

    @property
    def groups_(self) -> NDArray[np.int64]:
        """A number for each story, shape (n,): see the class."""
        check_is_fitted(self, "labels_")
        if self._story_of is None:
            self._story_of = self._stories()
        return self._story_of

    def fit_predict(
        self,
        X: Any,  # noqa: N803
        y: Any = None,
        *,
        dates: Any = None,
        sources: Any = None,
    ) -> NDArray[np.int64]:
        """Tell which texts to keep, in the manner of outlier detectors.

        Parameters
        ----------
        X, y, dates, sources
            As for `fit`.

        Returns
        -------
        int64 array, shape (n,)
            1 for a text to keep, -1 for a copy of one that is kept.
        """
        keep = self.fit(X, y, dates=dates, sources=sources).keep_mask_
        return np.where(keep, 1, -1)

    def fit_resample(
        self,
        X: Any,  # noqa: N803
        y: Any = None,
        *,
        dates: Any = None,
        sources: Any = None,
    ) -> tuple[Any, Any]:
        """Drop the copies.

        Parameters
        ----------
        X, dates, sources
            As for `fit`.
        y : column of n values, optional
            What goes with the texts.

        Returns
        -------
        (X, y)
            The rows to keep, in order, in the kind that was passed; None for y where none was given.
        """
        if not hasattr(X, "__len__"):
            X = list(X)  # noqa: N806
        if y is not None:
            check_consistent_length(X, y)
        self.fit(X, y, dates=dates, sources=sources)
        self.sample_indices_ = np.flatnonzero(self.keep_mask_)
        kept = _rows(X, self.sample_indices_)
        return kept, None if y is None else _rows(y, self.sample_indices_)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the result out, which borrows the texts, once it is known what it says."""
        if "labels_" in self.__dict__ and self._story_of is None:
            self._story_of = self._stories()
        state = dict(super().__getstate__())
        state.pop("result_", None)
        return state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags

    def _more_tags(self) -> dict[str, Any]:  # scikit-learn before 1.6
        return {"X_types": ["string"]}

    def _texts(self, X: Any) -> Any:  # noqa: N803
        names = column_names(X)
        if self.text is None:
            if names is not None and len(names) > 1:
                raise ValueError(
                    f"X has columns {', '.join(map(str, names))}; say which has the texts, e.g. text="
                    f"{names[0]!r}"
                )
            return single_column(X, "X")
        return self._named(X, "text")

    def _column(self, X: Any, name: str, given: Any) -> Any:  # noqa: N803
        if getattr(self, name) is None:
            return given
        if given is not None:
            raise ValueError(
                f"{name} was given to fit, and is the column {getattr(self, name)!r} of X as well"
            )
        return self._named(X, name)

    def _named(self, X: Any, parameter: str) -> Any:  # noqa: N803
        name = getattr(self, parameter)
        names = column_names(X)
        if names is None:
            raise ValueError(
                f"{parameter}={name!r} names a column, but X is {type(X).__name__}, which has no columns"
            )
        if name not in names:
            listed = ", ".join(map(str, names))
            raise ValueError(f"{parameter}={name!r} is not among the columns of X: {listed}")
        return X[name]

    def _stories(self) -> NDArray[np.int64]:
        """Number the components of the graph of matching texts, in order of their first text."""
        n = len(self.labels_)
        a, b = np.arange(n), self.keeper_of_
        if self.result_.pairs_capped:
            warnings.warn(
                "more pairs match than are listed (max_pairs): groups_ are labels_, without the pairs "
                "that bridge them",
                stacklevel=3,
            )
        elif self.result_.n_pairs:
            bridges = self.result_.bridges_table
            same_story = np.ones(len(bridges), dtype=bool)
            if not self.merge_templates:
                same_story = bridges["verdict"] != "template"
            a = np.concatenate([a, bridges["a"][same_story]])
            b = np.concatenate([b, bridges["b"][same_story]])
        edges = coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
        _, component = connected_components(edges, directed=False)
        _, first, number = np.unique(component, return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int64)
        rank[np.argsort(first)] = np.arange(len(first))
        story_of: NDArray[np.int64] = rank[number]
        return story_of


def _rows(values: Any, rows: NDArray[np.int64]) -> Any:
    """Take rows of a column or frame of any kind."""
    take = getattr(values, "take", None)
    if hasattr(values, "to_pylist") and callable(
        take
    ):  # pyarrow, which older versions cannot index
        return take(rows)
    return _safe_indexing(values, rows)
