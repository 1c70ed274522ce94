"""Texts cleaned in a pipeline."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import narwhals
import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils._set_output import _get_output_config

from wirecopy._furniture import strip_furniture
from wirecopy._normalize import normalize
from wirecopy.sklearn._documents import column_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ArticleNormalizer"]


class ArticleNormalizer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    r"""Take the furniture off articles and normalize what is left.

    `wirecopy.strip_furniture` and `wirecopy.normalize` as a step of a pipeline: rows and columns stay
    what they are, nothing is learned.

    Parameters
    ----------
    steps : str, iterable of str or None, default "display"
        Steps and presets of `wirecopy.normalize`; None leaves texts as they are.
    furniture : {"conservative", "thorough"} or None, default None
        Whether datelines, bylines, captions and the like are taken off first, and how boldly.
    rules : FurnitureRules, str, Path or list of them, optional
        More rules of furniture, beside the shipped ones.
    languages : list of str, optional
        Use only the rules of these languages; default all.
    keep : list of str, default none
        Kinds of furniture that stay, e.g. ``["headline"]``.
    threads : int, optional
        As for `wirecopy.dedup`.

    Attributes
    ----------
    n_features_in_ : int
        Columns: 1 for a column of texts.
    feature_names_in_ : array of str
        Their names, where they have some.

    Raises
    ------
    TypeError, ValueError
        As for `wirecopy.normalize` and `wirecopy.strip_furniture`; errors of a frame name the column.

    Notes
    -----
    A column (a list, an array, a Series) gives a column of its kind, which is what vectorizers take; a
    frame or an array of two dimensions gives one of its kind, each of its columns cleaned. Null texts
    stay null. After ``set_output(transform="pandas")`` (or "polars") the answer is a frame always. In a
    `ColumnTransformer`, which wants two dimensions, give the column as a list: ``["text"]``.

    Examples
    --------
    >>> from wirecopy.sklearn import ArticleNormalizer
    >>> cleaner = ArticleNormalizer(["match", "drop_urls"], furniture="conservative")
    >>> cleaner.fit_transform(["PARIS (AFP) - The \ufb01rst rain\u2019s here."])
    ["the first rain's here."]
    """

    def __init__(
        self,
        steps: str | Iterable[str] | None = "display",
        *,
        furniture: Literal["conservative", "thorough"] | None = None,
        rules: Any = None,
        languages: Sequence[str] | None = None,
        keep: Sequence[str] = (),
        threads: int | None = None,
    ) -> None:
        self.steps = steps
        self.furniture = furniture
        self.rules = rules
        self.languages = languages
        self.keep = keep
        self.threads = threads

    def fit(self, X: Any, y: Any = None) -> ArticleNormalizer:  # noqa: N803 - scikit-learn's name
        """Check the parameters and note the columns.

        Parameters
        ----------
        X : column of str, or frame of such columns
            Any column that `wirecopy.normalize` takes, or a pandas, polars or pyarrow frame.
        y : None
            Not used.

        Returns
        -------
        self
        """
        self._clean([])
        names = _names_of(X)
        width = _width_of(X)
        for name in ("feature_names_in_", "n_features_in_"):
            self.__dict__.pop(name, None)
        self.n_features_in_ = width
        if names is not None:
            self.feature_names_in_ = names
        return self

    def transform(self, X: Any) -> Any:  # noqa: N803
        """Clean texts.

        Parameters
        ----------
        X : column of str, or frame of such columns
            As for `fit`.

        Returns
        -------
        column or frame, as X
        """
        if hasattr(self, "n_features_in_") and _width_of(X) != self.n_features_in_:
            raise ValueError(
                f"X has {_width_of(X)} columns, but this was fitted with {self.n_features_in_}"
            )
        if column_names(X) is not None:
            return self._clean_frame(X)
        if isinstance(X, np.ndarray) and X.ndim == 2:
            return _table([self._clean(X[:, j].tolist()) for j in range(X.shape[1])], X.shape)
        cleaned = self._clean(X)
        if _get_output_config("transform", self)["dense"] == "default":
            return cleaned
        # scikit-learn makes frames of two dimensions only.
        return _table([list(cleaned)], (len(cleaned), 1))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags

    def _more_tags(self) -> dict[str, Any]:  # scikit-learn before 1.6
        return {"X_types": ["string"], "stateless": True, "requires_fit": False}

    def _clean_frame(self, native: Any) -> Any:
        frame = narwhals.from_native(native, eager_only=True)
        cleaned = []
        for name in frame.columns:
            try:
                column = self._clean(frame[name].to_native())
            except (TypeError, ValueError) as error:
                raise type(error)(f"column {name!r}: {error}") from error
            if hasattr(column, "to_pylist"):  # pyarrow, of which narwhals takes this alone
                column = sys.modules["pyarrow"].chunked_array([column])
            cleaned.append(narwhals.from_native(column, series_only=True).alias(name))
        return frame.with_columns(*cleaned).to_native()

    def _clean(self, texts: Any) -> Any:
        if self.furniture is not None:
            stripped = strip_furniture(
                texts,
                level=self.furniture,
                rules=self.rules,
                languages=self.languages,
                keep=self.keep,
                threads=self.threads,
                progress=False,
            )
            listed = isinstance(texts, (list, tuple)) or not hasattr(texts, "__len__")
            texts = stripped.tolist() if listed else stripped
        if self.steps is None:
            return texts
        return normalize(texts, self.steps, threads=self.threads, progress=False)


def _table(columns: list[list[Any]], shape: tuple[int, ...]) -> NDArray[Any]:
    table = np.empty(shape, dtype=object)
    for j, column in enumerate(columns):
        table[:, j] = column
    return table


def _width_of(table: Any) -> int:
    shape = getattr(table, "shape", None)
    return int(shape[1]) if isinstance(shape, tuple) and len(shape) == 2 else 1


def _names_of(table: Any) -> NDArray[Any] | None:
    names = column_names(table)
    if names is None:
        name = getattr(table, "name", None)
        names = [name] if isinstance(name, str) and name else None
    if names is None or not all(isinstance(name, str) for name in names):
        return None
    return np.array(names, dtype=object)
