"""scikit-learn estimators for news texts.

- `WireCountVectorizer`, `WireTfidfVectorizer`: in place of CountVectorizer and TfidfVectorizer, with the
  same result, and weights by which a reprinted story counts once.
- `NearDuplicateFilter`: which texts are reprints of one story: rows to drop, weights, and groups that
  keep reprints of a training set out of its test set.
- `ArticleNormalizer`: furniture taken off and texts normalized, as a step of a pipeline.

scikit-learn is needed only here: ``pip install "wirecopy[sklearn]"``.
"""

from __future__ import annotations

from wirecopy._optional import optional

optional("sklearn", "wirecopy.sklearn", "sklearn")

from wirecopy.sklearn._count_vectorizer import WireCountVectorizer  # noqa: E402
from wirecopy.sklearn._duplicates import NearDuplicateFilter  # noqa: E402
from wirecopy.sklearn._normalizer import ArticleNormalizer  # noqa: E402
from wirecopy.sklearn._tfidf_vectorizer import WireTfidfVectorizer  # noqa: E402

__all__ = [
    "ArticleNormalizer",
    "NearDuplicateFilter",
    "WireCountVectorizer",
    "WireTfidfVectorizer",
]
