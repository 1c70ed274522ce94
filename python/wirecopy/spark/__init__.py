"""wirecopy on Spark: the same functions over DataFrames, with the same answers.

- `dedup`: which texts are copies of one another, and which to keep.
- `normalize`, `strip_furniture`: texts cleaned, as a column or as a step from DataFrame to DataFrame.
- `count`, `keyness`: words counted and compared where the texts are; only sums travel.
- `session`: a local session whose workers run this Python.

PySpark is needed only here: ``pip install "wirecopy[spark]"``. Texts reach the core as Arrow batches.
"""

from __future__ import annotations

from wirecopy._optional import optional

optional("pyspark", "wirecopy.spark", "spark")
optional("pyarrow", "wirecopy.spark", "spark")

from wirecopy.spark._session import require_pyspark, session  # noqa: E402

require_pyspark()

from wirecopy.spark._columns import normalize, strip_furniture  # noqa: E402
from wirecopy.spark._counts import SparkCounts, count  # noqa: E402
from wirecopy.spark._dedup import SparkDedup, dedup  # noqa: E402
from wirecopy.spark._keyness import keyness  # noqa: E402

__all__ = [
    "SparkCounts",
    "SparkDedup",
    "count",
    "dedup",
    "keyness",
    "normalize",
    "session",
    "strip_furniture",
]
